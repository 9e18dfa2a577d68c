"""More documents like those of the corpus, from a folder: articles in Markdown, circulars and letters as plain text.

An article says its number and not its code: ``within`` does (``css``). Its version begins on the last day that its links
state ("Créé par … en vigueur le …"). A circular is named by the first act of its own kind in its heading, else by its
file; it counts as in force from its signature.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from kb.cite.resolve import Resolver
from kb.ground.fault import Fault, Misuse
from kb.ground.names import act_id, parse_ref, slug
from kb.ground.period import Bound, Edge, parse_day
from kb.ground.registry import Registry
from kb.make.corpus import article_start
from kb.texts.containers import archive
from kb.texts.containers.records import Record, Records, Statement, Text
from kb.texts.readers import article_md
from kb.texts.source import Source, decode

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
