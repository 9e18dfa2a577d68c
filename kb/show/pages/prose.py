"""Paragraphs as HTML: the characters of the source, each citation a link, page furniture left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape

from markupsafe import Markup

from kb.ask.answers import Json
from kb.show.pages.links import Links

_CUT_NUMBER = re.compile(r"(?<=\w-)\n(?=\w)")
_BULLET = re.compile(r"(?:[-*•–]|\d+°\)?\s*-?)\s+")

Range = tuple[int, int]


def kept(text: str, start: int, end: int, words: str | None) -> list[Range]:
    """The ranges of ``text[start:end]`` whose characters make *words*: all of it, but for lines of page furniture."""
    if words is None or words == text[start:end]:
        return [(start, end)]
    whole, part = text[start:end].splitlines(keepends=True), words.splitlines(keepends=True)
    offsets = [start]
    for line in whole:
        offsets.append(offsets[-1] + len(line))
    blocks = SequenceMatcher(None, whole, part, autojunk=False).get_matching_blocks()
    ranges = [(offsets[b.a], offsets[b.a + b.size]) for b in blocks if b.size]
    return ranges if "".join(text[a:b] for a, b in ranges) == words else [(start, end)]


def chosen(citations: Sequence[Json]) -> list[Json]:
    """The citations that can be links side by side: of those that overlap, the longest."""
    taken: list[Json] = []
    for heap in _heaps(citations):
        longest: list[Json] = []
        for citation in sorted(heap, key=lambda c: (c["start"] - c["end"], c["start"], c["id"])):
            if all(citation["end"] <= other["start"] or other["end"] <= citation["start"] for other in longest):
                longest.append(citation)
        taken += sorted(longest, key=lambda c: int(c["start"]))
    return taken


def _heaps(citations: Sequence[Json]) -> Iterator[list[Json]]:
    """Runs of citations that touch one another: most are alone."""
    heap: list[Json] = []
    end = -1
    for citation in sorted(citations, key=lambda c: int(c["start"])):
        if heap and citation["start"] >= end:
            yield heap
            heap = []
        heap.append(citation)
        end = max(end, citation["end"]) if len(heap) > 1 else citation["end"]
    if heap:
        yield heap


def shown(text: str, paragraph: Json, citations: Sequence[Json], to: Links, only: int | None = None) -> Markup:
    """The words of *paragraph* with its citations as links; *only* marks the one citation of that id."""
    out: list[str] = []
    links = chosen(citations)
    for start, end in kept(text, paragraph["start"], paragraph["end"], paragraph["words"]):
        at = start
        for citation in links:
            first, last = max(start, citation["start"]), min(end, citation["end"])
            if first >= last or first < at:
                continue
            out += [
                _words(text[at:first]),
                to.citation(citation, Markup(_words(text[first:last])), marked=citation["id"] == only),
            ]
            at = last
        out.append(_words(text[at:end]))
    joined = "".join(out)
    if paragraph["kind"] == "alinea" and paragraph["old"] is None:
        joined = (
            _BULLET.sub(lambda m: f'<span class="puce">{m.group().rstrip()}</span> ', joined, count=1)
            if _BULLET.match(joined)
            else joined
        )
    return Markup(joined)


def excerpt(text: str, paragraph: Json, citation: Json, to: Links, around: int = 110) -> Markup:
    """The words around one citation of *paragraph*, with the citation marked."""
    start = max(paragraph["start"], citation["start"] - around)
    end = min(paragraph["end"], citation["end"] + around)
    if start > paragraph["start"]:
        start = text.find(" ", start, citation["start"]) + 1 or citation["start"]
    if end < paragraph["end"]:
        end = max(text.rfind(" ", citation["end"], end), citation["end"])
    pieces = kept(text, paragraph["start"], paragraph["end"], paragraph["words"])

    def cut(first: int, last: int) -> str:
        return "".join(_words(text[max(a, first) : min(b, last)]) for a, b in pieces if max(a, first) < min(b, last))

    before = "… " if start > paragraph["start"] else ""
    after = " …" if end < paragraph["end"] else ""
    return Markup(
        f"{before}{cut(start, citation['start'])}<mark>{cut(citation['start'], citation['end'])}</mark>{cut(citation['end'], end)}{after}"
    )


def _words(words: str) -> str:
    """Escaped words; a line end after a dash joins what it cut ("n° 70-" / "1001")."""
    return escape(_CUT_NUMBER.sub("", words), quote=False)
