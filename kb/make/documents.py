"""Documents of people, from a file or a folder: acts of any nature in any container; articles in Markdown; circulars as plain text.

An article says its number and not its code: ``within`` does (``css``). Its version begins on the last day that its links
state ("Créé par … en vigueur le …"). A circular is named by the first act of its own kind in its heading, else by its
file; it counts as in force from its signature.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path, PurePath

from kb.cite.resolve import Resolver
from kb.ground.fault import Fault, Misuse
from kb.ground.names import act_id, parse_ref, slug
from kb.ground.period import Bound, Edge, parse_day
from kb.ground.registry import Registry
from kb.make.corpus import article_start
from kb.texts import files
from kb.texts.containers import archive
from kb.texts.containers.records import Record, Records, Statement, Text
from kb.texts.readers import article_md
from kb.texts.readers.blocks import blocks
from kb.texts.readers.decided import Said, said_by_card
from kb.texts.readers.identity import identify
from kb.texts.source import CARD, Source, decode

_NATURES = ("circulaire", "instruction", "lettre", "note", "decision", "avis")
_HEAD = 600  # characters of a document in which it names itself
_LARGEST = 8 << 20


def holds_articles(path: Path) -> bool:
    """Whether *path* is an article file, or a folder with some."""
    return any(article_md.opens(_start(each)) for each in _files(path))


def _files(path: Path) -> Iterator[Path]:
    yield from (
        [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".md", ".txt") and p.is_file())
    )


def _start(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(2000).decode("utf-8", "replace")


def read_articles(path: Path, registry: Registry, within: str | None) -> Records:
    """Every article file of *path*; another file costs itself. Raises ``Misuse`` where nothing says of which code they are."""
    if within is None:
        raise Misuse(
            f"{path}: article files do not say of which code they are: add --within, for instance --within css"
        )
    code = registry.code(parse_ref(within).text)
    if code is None:
        raise Misuse(f"--within {within}: not a code that is known")
    yield Text(code.legitext, "code", code.title)
    yield from _each(path, lambda name, text: _article(name, text, code.legitext))


def read_circulars(path: Path, registry: Registry) -> Records:
    """Every document of *path* as a circular."""
    yield from _each(path, lambda name, text: _circular(name, text, registry))


def _each(path: Path, take: Callable[[str, str], Iterator[Record]]) -> Records:
    members = (
        archive.members(path, lambda name: name.endswith((".md", ".txt")), _LARGEST)
        if path.is_dir()
        else [archive.Member(path.name, 0, path.read_bytes())]
    )
    for member in members:
        if isinstance(member, Fault):
            yield member
            continue
        try:
            text = decode(member.data)
        except ValueError as error:
            yield Fault("source-illisible", f"« {member.name} » n'est pas du texte : {error}.")
            continue
        yield from take(member.name, text)


def _article(name: str, text: str, code: str) -> Iterator[Record]:
    reading = article_md.read(Source(name, "", b"", text, "", {"format": "article_md"}))
    article = next(reading.tree.find("article"), None)
    if article is None or not article.num:
        yield Fault("titre-absent", f"« {name} » : aucune ligne « # Article … » n'ouvre ce fichier.")
        return
    start = article_start(article, text)
    yield Statement(
        code,
        article.num,
        start or Edge.UNKNOWN,
        Edge.UNKNOWN,
        None,
        None,
        "",
        text,
        "article_md",
        name,
        said=f"{name}, version du {start or 'inconnu'}",
    )


def _circular(name: str, text: str, registry: Registry) -> Iterator[Record]:
    found, _ = Resolver(registry).read(text[:_HEAD])
    own = next(
        (c.target for c in found if c.target and c.target.split("/")[0] in _NATURES and "#" not in c.target), None
    )
    act = parse_ref(own).text if own else act_id("circulaire", None, slug(Path(name).stem))
    nature, day, *number = act.split("/")
    signed: Bound = Edge.UNKNOWN if day == "sd" else parse_day(day)
    first = " ".join(re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0].split())[:200]
    yield Text(act, nature, first or name, signed if isinstance(signed, date) else None, number[0] if number else None)
    yield Statement(act, "", signed, Edge.UNKNOWN, None, None, "", text, "circular", name, said=f"{name}, du {day}")


def holds_documents(path: Path) -> bool:
    """Whether *path* is a document of people (text, HTML, DOCX, ODT, PDF, EML), or a folder with some."""
    if path.is_dir():
        return any(each.suffix.lower() in files.SUFFIXES for each in path.rglob("*") if each.is_file())
    with path.open("rb") as file:
        start = file.read(4096)
    known = path.suffix.lower() in files.SUFFIXES
    try:
        kind = files.kind_of(path.name, start)
    except files.Unreadable as error:
        if known:
            raise Misuse(f"{path}: {error}") from None
        return False
    return known or kind != "txt"


def read_documents(path: Path, said: Said) -> Records:
    """Every document of *path*. What cannot be read, or is of no nature that is known, costs itself.

    A ``card.toml`` beside a document decides of it, as *said* does of a document given alone. Raises ``Misuse``.
    """
    if said.decides and path.is_dir():
        raise Misuse(f"{path}: --nature, --id and --signed decide of one document: give its file")
    for member in archive.members(path, _wanted, files.LARGEST) if path.is_dir() else _alone(path):
        if isinstance(member, Fault):
            yield member
            continue
        try:
            kind, found = files.extract(member.name, member.data)
        except files.Unreadable as error:
            yield Fault("source-illisible", f"« {member.name} » ne se lit pas : {error}.")
            continue
        place = (path / member.name if path.is_dir() else path).with_name(CARD)
        yield from document(member, kind, found, said.or_else(_carded(place, member.data)))


def _wanted(name: str) -> bool:
    return PurePath(name).suffix.lower() in files.SUFFIXES and not PurePath(name).name.startswith((".", "~$"))


def _alone(path: Path) -> Iterator[archive.Member | Fault]:
    with path.open("rb") as file:
        yield archive.Member(path.name, 0, file.read(files.LARGEST + 1))


def _carded(place: Path, data: bytes) -> Said:
    """What the card beside a document says of it; a card of another file says nothing."""
    try:
        card = tomllib.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Said()
    return said_by_card(card) if card.get("sha256") == hashlib.sha256(data).hexdigest() else Said()


def document(member: archive.Member, kind: str, found: files.Extraction, said: Said) -> Iterator[Record]:
    """One document: the act that it is, and its text in force from its signature."""
    is_ = identify(found.text, blocks(found.text, found.layout), said)
    if is_.nature is None:
        yield Fault(
            "nature-inconnue",
            f"« {member.name} » : rien n'y dit ce qu'il est (loi, décret, arrêté, circulaire…), il n'est pas importé.",
            hint="--nature le décide",
        )
        return
    name = said.id or is_.id
    yield Text(name, name.split("/")[0], is_.title or member.name, is_.signed, is_.number, is_.nor, is_.published)
    card = {
        "title": is_.title or member.name,
        "id": name,
        "signed": said.signed.isoformat() if said.signed else None,
        "kind": kind,
        "file_sha256": hashlib.sha256(member.data).hexdigest(),
        "layout": found.layout.to_json(),
        "unread": list(found.remarks),
    }
    yield Statement(
        name,
        "",
        is_.signed or Edge.UNKNOWN,
        Edge.UNKNOWN,
        body=found.text,
        form="document",
        member=member.name,
        said=f"{member.name}, du {is_.signed or 'inconnu'}",
        card={key: value for key, value in card.items() if value},
    )
