"""Paragraphs as they are shown: the characters of the source, page furniture left out, each citation a link."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from typing import NamedTuple, Protocol, TypeVar

from markupsafe import Markup

_CUT_NUMBER = re.compile(r"(?<=\w-)\n(?=\w)")
_BULLET = re.compile(r"(?:[-*•–]|\d+°\)?\s*-?)\s+")

Range = tuple[int, int]


class Placed(Protocol):
    @property
    def id(self) -> int | None: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=Placed)


class Link(NamedTuple):
    """A link in the words shown, ``[start, end)``: an address from the root of the site (none: *said* tells why), its status."""

    start: int
    end: int
    address: str | None
    status: str
    said: str
    id: int


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


def chosen(citations: Sequence[P]) -> list[P]:
    """The citations that can be links side by side: of those that overlap, the longest."""
    taken: list[P] = []
    for heap in _heaps(citations):
        longest: list[P] = []
        for citation in sorted(heap, key=lambda c: (c.start - c.end, c.start, c.id or 0)):
            if all(citation.end <= other.start or other.end <= citation.start for other in longest):
                longest.append(citation)
        taken += sorted(longest, key=lambda c: c.start)
    return taken


def _heaps(citations: Sequence[P]) -> Iterator[list[P]]:
    """Runs of citations that touch one another: most are alone."""
    heap: list[P] = []
    end = -1
    for citation in sorted(citations, key=lambda c: c.start):
        if heap and citation.start >= end:
            yield heap
            heap = []
        heap.append(citation)
        end = max(end, citation.end) if len(heap) > 1 else citation.end
    if heap:
        yield heap


def laid(
    text: str, start: int, end: int, words: str | None, citations: Sequence[P]
) -> tuple[str, list[tuple[int, int, P]]]:
    """The words shown of a paragraph, and where its citations stand in them. A line end after a dash joins what it cut."""
    pieces: list[str] = []
    length = 0
    moved: dict[int, int] = {}  # offsets in the source -> in the words shown
    marks = sorted({offset for c in citations for offset in (c.start, c.end)})
    for first, last in kept(text, start, end, words):
        at = first
        for cut in [*(m.start() for m in _CUT_NUMBER.finditer(text, first, last)), last]:
            moved |= {mark: length + mark - at for mark in marks if at <= mark <= cut}
            pieces.append(text[at:cut])
            length += cut - at
            at = cut + 1
    found = [(moved[c.start], moved[c.end], c) for c in chosen(citations) if c.start in moved and c.end in moved]
    return "".join(pieces), [(a, b, c) for a, b, c in found if a < b]


def html(
    words: str, links: Sequence[Link], root: str, day: str | None, item: bool = False, only: int | None = None
) -> Markup:
    """*words* with their links; those without a day of their own lead to *day*. *item*: the mark of a list item stands out."""
    out, at = [], 0
    if item and (bullet := _BULLET.match(words)) and all(link.start >= bullet.end() for link in links):
        out.append(f'<span class="puce">{escape(bullet.group().rstrip(), quote=False)}</span> ')
        at = bullet.end()
    for link in links:
        out.append(escape(words[at : link.start], quote=False))
        shown, classes = (
            escape(words[link.start : link.end], quote=False),
            f"renvoi {link.status}" + (" ici" if link.id == only else ""),
        )
        if link.address is None:
            out.append(
                f'<span class="{classes}" tabindex="0" role="note" aria-label="{escape(link.said)}" title="{escape(link.said)}">{shown}</span>'
            )
        else:
            out.append(f'<a class="{classes}" href="{escape(root + dated(link.address, day))}" data-carte>{shown}</a>')
        at = link.end
    out.append(escape(words[at:], quote=False))
    return Markup("".join(out))


def dated(address: str, day: str | None) -> str:
    """An address on *day*, where it has none of its own and time is inside its page."""
    if day is None or "?" in address or address.startswith(("connus/", "sources/")):
        return address
    path, mark, anchor = address.partition("#")
    return f"{path}?le={day}{mark}{anchor}"


def excerpt(words: str, start: int, end: int, around: int = 110) -> tuple[str, str, str]:
    """The words around ``[start, end)``: before, between, after."""
    first, last = max(0, start - around), min(len(words), end + around)
    if first:
        first = words.find(" ", first, start) + 1 or start
    if last < len(words):
        last = max(words.rfind(" ", end, last), end)
    before, after = "… " if first else "", " …" if last < len(words) else ""
    return before + words[first:start], words[start:end], words[end:last] + after
