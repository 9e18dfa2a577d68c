"""The corpus as the rules see it: places, registry and versions, without store or build."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from kb import rules
from kb.ask.answers import Json
from kb.ask.rulebook import Rulebook
from kb.ground.data import folder
from kb.ground.fault import Fault, render
from kb.ground.registry import Registry, read_registry
from kb.make.build import build
from kb.rules.lang import Book
from kb.rules.proof import Checked, check
from kb.rules.since import Since
from kb.store.reading import Store
from kb.texts import provisions, readers
from kb.texts.places import Places
from kb.texts.source import Source, read_sources

CORPUS = folder("corpus")


class Corpus(Places):
    """The places of the corpus, and a ``World`` that knows the registry's versions only."""

    def __init__(self) -> None:
        self.registry: Registry = read_registry(CORPUS)[0]
        self.proved: dict[str, rules.Rule] = {}
        readings = [readers.read(source) for source in read_sources(CORPUS) if isinstance(source, Source)]
        outlines = [provisions.outline(reading, self._act) for reading in readings]
        known = {*(v.of for v in self.registry.versions), *(f.about for f in self.registry.facts), *self.registry.acts}
        super().__init__([r.source for r in readings], [r.tree for r in readings], outlines, known)

    def _act(self, words: str) -> str | None:
        flat = " ".join(words.split())
        return next((a.id for a in self.registry.acts.values() if a.number and f"{a.number} du" in flat), None)

    def since(self, rule: str) -> Sequence[Since]:
        return book().since(rule)

    def version_at(self, provision: str, day: date) -> Json | None:
        return book().version_at(provision, day)

    def rules(self) -> dict[str, rules.Rule]:
        return self.proved


def read_rules(paths: list[Path] | None = None) -> Book:
    book = Book([], [], [])
    for path in paths or sorted((CORPUS / "rules").glob("*.rule")):
        for mine, theirs in zip(book, rules.parse(path.read_text(encoding="utf-8"), path.name), strict=True):
            mine.extend(theirs)  # type: ignore[arg-type]
    return book


@cache
def book() -> Rulebook:
    """The rules of the packaged corpus as a knowledge base has them: the world that evaluations ask."""
    path = Path(tempfile.mkdtemp()) / "packaged.kb"
    build(CORPUS, path)
    return Rulebook(Store(path))


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
