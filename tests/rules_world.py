"""The corpus as the rules see it: places, registry and versions, without store or build."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kb import provisions, readers, rules
from kb.data import folder
from kb.fault import Fault, render
from kb.names import parse_ref
from kb.registry import Registry, read_registry
from kb.rules.lang import Book
from kb.rules.proof import Checked, check
from kb.source import Source, read_sources

CORPUS = folder("corpus")


class Corpus:
    """``Places`` and ``World`` over the files of the corpus."""

    def __init__(self) -> None:
        self.registry: Registry = read_registry(CORPUS)[0]
        self.sources: dict[str, Source] = {}
        self.ranges: dict[str, tuple[str, list[tuple[int, int]]]] = {}
        self.paragraphs: list[provisions.Paragraph] = []
        self.proved: dict[str, rules.Rule] = {}
        for source in read_sources(CORPUS):
            assert isinstance(source, Source)
            self.sources[source.id] = source
            outline = provisions.outline(readers.read(source), self._act)
            for provision in outline.provisions:
                self.ranges[provision.id] = source.id, [(provision.start, provision.end)]
            for paragraph in outline.paragraphs:
                self.ranges[paragraph.id] = source.id, [(paragraph.start, paragraph.end)]
            self.paragraphs += outline.paragraphs

    def _act(self, words: str) -> str | None:
        flat = " ".join(words.split())
        return next((a.id for a in self.registry.acts.values() if a.number and f"{a.number} du" in flat), None)

    def span(self, locator: str) -> tuple[str, list[tuple[int, int]]] | None:
        return self.ranges.get(locator)

    def provision_at(self, source: str, offset: int) -> str:
        at = [(e - s, name) for name, (where, [(s, e)]) in self.ranges.items() if where == source and s <= offset < e]
        return min(at)[1]

    def source(self, source: str) -> Source:
        return self.sources[source]

    def exists(self, id: str) -> bool:
        known = {
            *self.ranges,
            *self.registry.acts,
            *(v.of for v in self.registry.versions),
            *(f.about for f in self.registry.facts),
        }
        return id in known or parse_ref(id).text in self.registry.acts

    def normative(self) -> list[tuple[str, int, int, str]]:
        return [(p.source, p.start, p.end, p.id) for p in self.paragraphs if p.kind == "alinea"]

    def version_at(self, provision: str, day: date) -> dict[str, Any] | None:
        for version in self.registry.versions:
            if version.of == provision and (not isinstance(version.start, date) or version.start <= day):
                if not isinstance(version.end, date) or day < version.end:
                    start, end = (b.isoformat() if isinstance(b, date) else None for b in (version.start, version.end))
                    return {"id": version.id or f"{provision}@{start}", "start": start, "end": end}
        return None

    def rules(self) -> dict[str, rules.Rule]:
        return self.proved


def read_rules(paths: list[Path] | None = None) -> Book:
    book = Book([], [], [])
    for path in paths or sorted((CORPUS / "rules").glob("*.rule")):
        for mine, theirs in zip(book, rules.parse(path.read_text(encoding="utf-8"), path.name), strict=True):
            mine.extend(theirs)  # type: ignore[arg-type]
    return book


@cache
def corpus() -> Corpus:
    made = Corpus()
    made.proved = {rule.id: rule for rule in checked().rules}
    return made


@cache
def checked() -> Checked:
    book = read_rules()
    proved = check(book.rules, book.waivers, Corpus(), read_registry(CORPUS)[0])
    return proved._replace(faults=[*book.faults, *proved.faults])


def shown(faults: list[Fault]) -> str:
    """Faults as a person reads them."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in (CORPUS / "rules").glob("*.rule")}
    return "\n".join(render(f, texts.get(f.span.source) if f.span else None) for f in faults)
