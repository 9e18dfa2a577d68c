"""The LEGI archives of the DILA (``tar.gz``, full and daily), streamed, or a folder with their layout.

One XML file is one version of an article (``ARTICLE``), a section (``SECTION_TA``) or a text (``TEXTELR``,
``TEXTE_VERSION``); ``liste_suppression_legi.dat`` names the files that a delivery withdraws. Intervals are
``[DATE_DEBUT, DATE_FIN)``; 2999-01-01 is "no end", 2222-02-22 "not fixed yet"; an end on or before the start is a
version that never was in force (``MODIFIE_MORT_NE``). The same file may stand in two folders: the newest wins.

XML is read by expat, with every document type declaration refused: no entity is ever declared, so none can grow or
reach out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from kb.ground.fault import Fault
from kb.ground.period import Edge, stated_days
from kb.texts.containers import archive
from kb.texts.containers.legi_json import RELATIONS, act_named
from kb.texts.containers.records import (
    Act,
    Anchor,
    Division,
    Done,
    Dropped,
    Record,
    Records,
    Statement,
    Text,
    end_bound,
    start_bound,
    stated_day,
)
from kb.texts.containers.xhtml import Token, assemble
from kb.texts.readers import plain

LARGEST: Final = 16 << 20  # bytes of one file; an article with long tables takes 2 MB
_FILE = re.compile(r"(?:LEGIARTI|LEGISCTA|LEGITEXT|JORFTEXT)\d{12}\.xml$")
_DROPS = "liste_suppression_legi.dat"
_STAMP = re.compile(r"(\d{8}-\d{6})")
_ID = re.compile(r"((?:LEGIARTI|LEGISCTA|LEGITEXT|JORFTEXT)\d{12})(?:\.xml)?\s*$")


def looks_so(path: Path) -> bool:
    """Whether *path* is such an archive, or a folder of its layout."""
    if path.is_dir():
        return (path / "legi").is_dir() or (path / _DROPS).is_file() or any(path.glob("*/legi/global"))
    return archive.is_archive(path) and any(
        _FILE.search(name) or name.endswith(_DROPS) for name in archive.names(path, 400)
    )


def stamp(path: Path) -> str:
    """The time of delivery that an archive's name carries, ``20260327-211500``; empty where it has none."""
    found = _STAMP.search(path.name)
    return found.group(1) if found else ""


def read(path: Path) -> Records:
    """The records of *path*, member by member; a file that cannot be read costs itself, with a fault."""
    seen: set[str] = set()
    for member in archive.members(path, lambda name: _FILE.search(name) is not None or name.endswith(_DROPS), LARGEST):
        if isinstance(member, Fault):
            yield member
        elif member.name.endswith(_DROPS):
            yield from _drops(member.data)
        else:
            try:
                yield from _file(member, seen)
            except (ValueError, RecursionError) as error:
                yield Fault(
                    "xml-illisible", f"« {member.name} », dans {path.name}, n'est pas lu : {str(error).rstrip('.')}."
                )
    yield Done(stamp(path))


def _drops(data: bytes) -> Iterator[Dropped]:
    for line in data.decode("utf-8", "replace").splitlines():
        found = _ID.search(line)
        if found:
            yield Dropped(found.group(1))


def _file(member: archive.Member, seen: set[str]) -> Iterator[Record]:
    root = parse(member.data)
    if root.tag == "ARTICLE":
        context = root.find("CONTEXTE/TEXTE")
        if context is None or not context.get("cid"):
            raise ValueError("un ARTICLE sans CONTEXTE/TEXTE@cid")
        text = _text_of(context)
        if text.key not in seen:
            seen.add(text.key)
            yield text
        yield _article(root, context, member)
    elif root.tag == "SECTION_TA":
        context = root.find("CONTEXTE/TEXTE")
        if context is not None and context.get("cid"):
            titles = (*_titles(context), _words(root, "TITRE_TA"))
            yield Division(context.get("cid", ""), tuple(t for t in titles if t), Edge.UNKNOWN, Edge.UNKNOWN, 0)
    elif root.tag == "TEXTE_VERSION":
        yield _version_of_text(root)
    elif root.tag != "TEXTELR":
        raise ValueError(f"élément <{root.tag}>, qui n'est pas du schéma LEGI")


def parse(data: bytes) -> Element:
    """The tree of an XML document. Raises ``ValueError`` for what is no XML, and for any document type declaration."""
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"XML mal formé ({error})") from None
    return builder.close()


def _refuse(*_: object) -> int:
    raise ValueError("une déclaration de type ou d'entité, refusée")


def _words(root: Element, path: str) -> str:
    return " ".join((root.findtext(path) or "").split())


def _text_of(context: Element) -> Text:
    title = context.find("TITRE_TXT")
    words = " ".join(((title.text if title is not None else "") or "").split())
    short = title.get("c_titre_court", "") if title is not None else ""
    return Text(
        context.get("cid", ""), context.get("nature", ""), words or short or context.get("cid", ""), stated_day(context.get("date_signature")),
        context.get("num") or None, context.get("nor") or None, stated_day(context.get("date_publi")),
    )  # fmt: skip


def _version_of_text(root: Element) -> Text:
    chronicle, version = "META/META_SPEC/META_TEXTE_CHRONICLE", "META/META_SPEC/META_TEXTE_VERSION"
    key = _words(root, f"{chronicle}/CID") or _words(root, "META/META_COMMUN/ID")
    if not key:
        raise ValueError("un TEXTE_VERSION sans CID")
    return Text(
        key, _words(root, "META/META_COMMUN/NATURE"), _words(root, f"{version}/TITREFULL") or _words(root, f"{version}/TITRE") or key,
        stated_day(_words(root, f"{chronicle}/DATE_TEXTE")), _words(root, f"{chronicle}/NUM") or None, _words(root, f"{chronicle}/NOR") or None,
        stated_day(_words(root, f"{chronicle}/DATE_PUBLI")), start_bound(_day(_words(root, f"{version}/DATE_DEBUT"))),
        end_bound(_day(_words(root, f"{version}/DATE_FIN"))),
    )  # fmt: skip


def _titles(context: Element) -> tuple[str, ...]:
    """The breadcrumb: of nested ``TM`` the title that each last had."""
    titles: list[str] = []
    level = context.find("TM")
    while level is not None:
        stated = level.findall("TITRE_TM")
        if stated:
            titles.append(" ".join("".join(stated[-1].itertext()).split()))
        level = level.find("TM")
    return tuple(titles)


def _day(words: str) -> date | None:
    """A stated day, the far ones included. Raises ``ValueError`` for what is no day."""
    return date.fromisoformat(words) if words else None


def _article(root: Element, context: Element, member: archive.Member) -> Statement:
    meta = "META/META_SPEC/META_ARTICLE"
    own = _words(root, "META/META_COMMUN/ID")
    if not own:
        raise ValueError("un ARTICLE sans ID")
    start, end, state = (
        _day(_words(root, f"{meta}/DATE_DEBUT")),
        _day(_words(root, f"{meta}/DATE_FIN")),
        _words(root, f"{meta}/ETAT"),
    )
    body, anchors = _content(root.find("BLOC_TEXTUEL/CONTENU"))
    nota, more = _content(root.find("NOTA/CONTENU"))
    if nota:
        shift = len(body) + len(plain.NOTA) + 2
        body, anchors = (
            f"{body}\n{plain.NOTA}\n{nota}",
            (*anchors, *(a._replace(start=a.start + shift, end=a.end + shift) for a in more)),
        )
    acts = _acts(root, start)
    known = [act.published for act in acts if act.published and act.kind in ("cree", "modifie")]
    first = root.find("VERSIONS/VERSION/LIEN_ART")
    return Statement(
        context.get("cid", ""), _words(root, f"{meta}/NUM"), start_bound(start), end_bound(end), own, first.get("id") if first is not None else own,
        state, body or None, "plain", member.name, _titles(context), 0, max(known) if known else None, acts, anchors,
        f"{own} [{start}, {end}) {state}".strip(), member.time,
    )  # fmt: skip


def _content(element: Element | None) -> tuple[str, tuple[Anchor, ...]]:
    return assemble(_tokens(element)) if element is not None else ("", ())


def _tokens(element: Element) -> Iterator[Token]:
    """The tags and words inside *element*, in order; no recursion: tables nest deep."""
    if element.text:
        yield "words", element.text, ""
    stack = [iter(element)]
    inside: list[Element] = []
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            if inside:
                done = inside.pop()
                yield "close", done.tag.lower(), ""
                if done.tail:
                    yield "words", done.tail, ""
            continue
        yield "open", child.tag.lower(), child.get("href", "")
        if child.text:
            yield "words", child.text, ""
        inside.append(child)
        stack.append(iter(child))


def _acts(root: Element, start: date | None) -> tuple[Act, ...]:
    """What acts did to the version that began on *start*."""
    made = []
    for link in root.iterfind("LIENS/LIEN"):
        pair = (link.get("typelien", ""), link.get("sens", ""))
        kind = RELATIONS.get(pair)
        if kind:
            words = " ".join((link.text or "").split())
            effective = start if kind in ("cree", "modifie") and start_bound(start) == start else None
            by = act_named(
                link.get("naturetexte"), link.get("datesignatexte"), words, link.get("num"), link.get("numtexte")
            )
            made.append(Act(kind, by, effective, stated_days(words)[0], f"{'/'.join(pair)} {words}".strip()))
    return tuple(made)
