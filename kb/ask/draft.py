"""A draft, as it is checked: its passages in order, what they cite, what they put between quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from kb.cite.resolve import Resolver
from kb.cite.resolve.citation import Citation
from kb.texts.files.layout import Layout
from kb.texts.provisions import outline
from kb.texts.readers import read
from kb.texts.readers.days import written
from kb.texts.source import Source
from kb.texts.tree import HEADING

_QUOTED = re.compile(r"«\s*(?P<a>[^«»]{6,3000}?)\s*»|“\s*(?P<b>[^“”]{6,3000}?)\s*”|\"\s*(?P<c>[^\"«»]{6,3000}?)\s*\"")
_SPEAKS_OF = re.compile(
    r"[\s,(]*(?:dans\s+)?(?:sa|leur|la|une)\s+(?:version|r[ée]daction)\s+(?:alors\s+)?(?:en\s+vigueur|applicable|issue|ant[ée]rieure|du|au|à|qui)?[^.;«]{0,40}?",
    re.I,
)
_FEWEST = 4  # words of a quotation that is compared


class Passage(NamedTuple):
    """Words of the draft without page furniture; ``places`` gives where each character stands in its text."""

    words: str
    places: range | tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1


class Cited(NamedTuple):
    """A citation in a passage: its span there, and the day of the words that the draft says it speaks of."""

    citation: Citation
    passage: int
    speaks_of: date | None


class Quotation(NamedTuple):
    """Words between quotation marks: ``[start, end)`` of a passage, the marks left out."""

    words: str
    passage: int
    start: int
    end: int


def passages(text: str, layout: Layout) -> list[Passage]:
    """The passages of a draft, in its order: alinéas, headings, letterhead, notes."""
    card = {"format": "document", "id": "note/sd/projet", "title": "", "layout": layout.to_json()}
    reading = read(Source("", "", b"", text, "", card))
    made = [
        Passage(p.words, tuple(map(p.place, range(len(p.words)))) if p.cuts else range(p.start, p.end))
        for p in outline(reading, lambda words: None).paragraphs
    ]
    for leaf in reading.tree.leaves():
        if leaf.kind == HEADING and text[leaf.start : leaf.end].strip():
            made.append(Passage(text[leaf.start : leaf.end], range(leaf.start, leaf.end)))
    return sorted(made, key=lambda passage: passage.places[0])


def citations(found: list[Passage], resolver: Resolver, day: date) -> Iterator[Cited]:
    """What the passages cite, in order; codes and acts that were named before carry over."""
    for rank, passage in enumerate(found):
        for citation in resolver.read(passage.words, at=day)[0]:
            yield Cited(citation, rank, _speaks_of(passage.words, citation.end))


def _speaks_of(words: str, end: int) -> date | None:
    """« dans sa rédaction en vigueur au 1er janvier 2015 », behind a citation."""
    match = _SPEAKS_OF.match(words, end)
    if match is None:
        return None
    found = next(written(words[match.end() : match.end() + 60]), None)
    return found.day if found and not re.search(r"[.;«]", words[match.end() : match.end() + found.start]) else None


def quotations(found: list[Passage]) -> Iterator[Quotation]:
    """What stands between quotation marks and is long enough to be compared."""
    for rank, passage in enumerate(found):
        for match in _QUOTED.finditer(passage.words):
            group = match.lastgroup or "a"
            if len(match[group].split()) >= _FEWEST:
                yield Quotation(match[group], rank, match.start(group), match.end(group))
