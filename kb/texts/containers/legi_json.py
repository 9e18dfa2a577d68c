"""LEGI as JSON: one file a code, as the npm package ``@socialgouv/legi-data`` serves it (a folder, its .tgz, or one file).

A code is a tree of sections; an article holds its current text and the intervals of all its versions. Times are
milliseconds at UTC midnight; 2999-01-01 is "no end", 2222-02-22 "not fixed yet". Modifications come in two
vocabularies that run opposite ways for one relation (``CREE``/``cible`` and ``CREATION``/``source``): a link is read as
the pair of both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.ground.fault import Fault
from kb.ground.names import act_id, article_number, slug
from kb.texts.containers import archive
from kb.texts.containers.records import (
    Act,
    Division,
    Record,
    Records,
    Statement,
    Text,
    end_bound,
    start_bound,
    stated_day,
)
from kb.texts.containers.xhtml import decode
from kb.texts.readers import plain

_FILE = re.compile(r"(?:^|/)LEGITEXT\d{12}\.json$")
_NUMBER = re.compile(r"n°\s*(\d[\d-]*\d|\d)")

# What a pair (type of link, its sense) says was done to the article that carries it.
RELATIONS = {
    ("CREE", "cible"): "cree", ("CREATION", "source"): "cree",
    ("MODIFIE", "cible"): "modifie", ("MODIFICATION", "source"): "modifie",
    ("RECTIFIE", "cible"): "rectifie", ("RECTIFICATION", "source"): "rectifie",
    ("ABROGE", "cible"): "abroge", ("ABROGATION", "source"): "abroge",
    ("ANNULE", "cible"): "annule", ("ANNULATION", "source"): "annule",
    ("PERIME", "cible"): "perime", ("PEREMPTION", "source"): "perime",
    ("DISJOINT", "cible"): "disjoint", ("DISJONCTION", "source"): "disjoint",
    ("CODIFIE", "cible"): "codifie", ("CODIFICATION", "source"): "codifie",
    ("TRANSFERE", "cible"): "transfere", ("TRANSFERT", "source"): "transfere",
    ("DEPLACE", "cible"): "deplace", ("DEPLACEMENT", "source"): "deplace",
}  # fmt: skip


def looks_so(path: Path) -> bool:
    """Whether *path* is such a folder, archive or file."""
    if path.is_dir():
        return any(
            _FILE.search(p.name)
            for place in (path, path / "data", path / "package" / "data")
            if place.is_dir()
            for p in place.iterdir()
        )
    if path.suffix == ".json":
        return True
    return archive.is_archive(path) and any(_FILE.search(name) for name in archive.names(path, 400))


def read(path: Path) -> Records:
    """The records of *path*; a member of another schema costs itself, with a fault."""
    if path.is_file() and path.suffix == ".json":
        if path.stat().st_size > archive.LARGEST:
            yield Fault(
                "membre-refuse",
                f"« {path.name} » est refusé : plus que les {archive.LARGEST} octets admis.",
                grave=True,
            )
            return
        yield from _code(path.name, path.read_bytes())
        return
    for member in archive.members(path, lambda name: _FILE.search(name) is not None):
        if isinstance(member, Fault):
            yield member
        else:
            yield from _code(member.name, member.data)


def _code(name: str, data: bytes) -> Records:
    try:
        root = json.loads(data)
    except (ValueError, RecursionError) as error:
        yield Fault("json-illisible", f"« {name} » n'est pas du JSON : {error}.")
        return
    head = root.get("data") if isinstance(root, dict) and root.get("type") == "code" else None
    if not isinstance(head, dict) or not isinstance(head.get("cid"), str) or not isinstance(root.get("children"), list):
        yield Fault(
            "schema-inconnu",
            f"« {name} » n'est pas un code de legi-data : ni « type » = code, ni « data.cid », ni « children ».",
        )
        return
    yield Text(head["cid"], "code", str(head.get("title", head["cid"])))
    walk = _Walk(name, head["cid"])
    try:
        yield from walk.section(root, (), "")
    except RecursionError:
        yield Fault("schema-inconnu", f"« {name} » : des sections trop profondes.")


class _Walk:
    """Reads the tree of one code, in its order."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text, self.rank = name, text, 0

    def section(self, node: dict[str, Any], titles: tuple[str, ...], pointer: str) -> Records:
        for i, child in enumerate(node.get("children") or ()):
            where = f"{pointer}/children/{i}"
            data = child.get("data") if isinstance(child, dict) else None
            if not isinstance(data, dict):
                yield self.wrong(where, "ni section ni article")
                continue
            self.rank += 1
            try:
                if child.get("type") == "article":
                    yield from self.article(data, titles, where)
                    continue
                inside = (*titles, str(data["title"]).strip())
                yield Division(
                    self.text,
                    inside,
                    start_bound(stated_day(data.get("dateDebut"))),
                    end_bound(_end(data.get("dateFin"))),
                    self.rank,
                )
            except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
                yield self.wrong(where, f"{type(error).__name__} {error}")
                continue
            yield from self.section(child, inside, where)

    def wrong(self, pointer: str, why: str) -> Fault:
        return Fault("schema-inconnu", f"« {self.name}#{pointer} » n'est pas lu : {why}.")

    def article(self, data: dict[str, Any], titles: tuple[str, ...], pointer: str) -> Iterator[Record]:
        num, own = str(data["num"] or ""), str(data["id"])
        member = f"{self.name}#{pointer}"
        body, anchors = decode(data.get("texteHtml") or "")
        nota, more = decode(data.get("notaHtml") or "")
        if nota:
            shift = len(body) + len(plain.NOTA) + 2
            body, anchors = (
                f"{body}\n{plain.NOTA}\n{nota}",
                (*anchors, *(a._replace(start=a.start + shift, end=a.end + shift) for a in more)),
            )
        stated = data.get("articleVersions") or []
        if not any(version["id"] == own for version in stated):
            stated = [
                *stated,
                {"id": own, "etat": data.get("etat"), "dateDebut": data["dateDebut"], "dateFin": data["dateFin"]},
            ]
        for version in stated:
            start, end = _day(version["dateDebut"]), _day(version["dateFin"])
            same = version["id"] == own
            acts = _acts(data.get("lienModifications") or (), start) if same else ()
            yield Statement(
                self.text, num, start_bound(start), end_bound(end), version["id"], data.get("cid"), version.get("etat") or "",
                body if same and body else None, "plain", member, titles if same else (), self.rank,
                _published(acts), acts, anchors if same else (), f"{version['id']} [{start}, {end}) {version.get('etat') or ''}".strip(),
            )  # fmt: skip


@lru_cache(1 << 15)
def _day(stamp: int) -> date:
    """The day of a time in milliseconds: UTC midnight."""
    return datetime.fromtimestamp(stamp / 1000, UTC).date()


def _end(words: str | None) -> date | None:
    return date.fromisoformat(words[:10]) if words else None


def _acts(links: Any, start: date) -> tuple[Act, ...]:
    """What acts did to the version that began on *start*."""
    made = []
    for link in links:
        kind = RELATIONS.get((link.get("linkType"), link.get("linkOrientation")))
        if kind:
            effective = start if kind in ("cree", "modifie") and start_bound(start) == start else None
            by = act_named(
                link.get("natureText"), link.get("dateSignaTexte"), link.get("textTitle"), link.get("articleNum")
            )
            words = f"{link.get('linkType')}/{link.get('linkOrientation')} {link.get('textTitle')}"
            made.append(Act(kind, by, effective, stated_day(link.get("datePubliTexte")), words))
    return tuple(made)


@lru_cache(1 << 15)
def act_named(
    nature: str | None, signed: str | None, title: str | None, article: str | None, number: str | None = None
) -> str | None:
    """The id of the act that a link names, and of its article; ``None`` where no day or no nature is said."""
    day = stated_day(signed)
    if not nature or day is None:
        return None
    found = _NUMBER.search(title or "") if not number else None
    kind = {"loi-organique": "loi", "loi-constitutionnelle": "loi", "decret-loi": "decret"}.get(
        slug(nature), slug(nature)
    )
    name = act_id(kind, day, number or (found.group(1) if found else None))
    step = re.sub(r"[/@#]+", "-", article_number(article)) if article else ""
    return f"{name}/art-{step}" if step else name


def _published(acts: tuple[Act, ...]) -> date | None:
    """The publication of the last act that set the text of a version."""
    days = [act.published for act in acts if act.kind in ("cree", "modifie") and act.published]
    return max(days) if days else None
