"""Where things stand in what was read: the places that rules are proved against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator

from kb.texts.provisions import Outline, cut
from kb.texts.source import Source
from kb.texts.tree import FURNITURE, Node


class Places:
    """Ranges and ids of the provisions and paragraphs of a corpus (``kb.rules.quotes.Places``).

    *known* holds the ids that can be named without being read.
    """

    def __init__(
        self, sources: Iterable[Source], trees: Iterable[Node], outlines: Iterable[Outline], known: Container[str]
    ) -> None:
        self._sources = {source.id: source for source in sources}
        self._known = known
        self._outlines = list(outlines)
        self._ranges: dict[str, tuple[str, int, int]] = {}
        self._pages: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for source, tree in zip(self._sources.values(), trees, strict=True):
            for leaf in tree.leaves():
                if leaf.kind == FURNITURE:
                    self._pages[source.id].append(cut(source.text, leaf))
        for named in self._outlines:
            for p in named.provisions:
                if p.source:
                    self._ranges[p.id] = (p.source, p.start, p.end)
            for paragraph in named.paragraphs:
                self._ranges[paragraph.id] = (paragraph.source, paragraph.start, paragraph.end)

    def span(self, locator: str) -> tuple[str, list[tuple[int, int]]] | None:
        """The source and the ranges, page furniture left out, of a provision or paragraph; ``None`` if it was not read."""
        found = self._ranges.get(locator)
        if found is None:
            return None
        source, at, end = found
        ranges = []
        for first, last in self._pages[source]:
            if at <= first and last <= end:
                ranges.append((at, first))
                at = last
        return source, [*ranges, (at, end)]

    def provision_at(self, source: str, offset: int) -> str:
        """The id of the innermost paragraph or provision at *offset*."""
        around = [
            (end - start, name)
            for name, (where, start, end) in self._ranges.items()
            if where == source and start <= offset < end
        ]
        return min(around)[1]

    def source(self, source: str) -> Source:
        return self._sources[source]

    def exists(self, id: str) -> bool:
        return id in self._ranges or id.partition("#")[0] in self._known

    def bounds(self, version: str) -> None:
        """No version is held here."""

    def normative(self, spoken: Container[str] | None = None) -> Iterator[tuple[str, int, int, str]]:
        """``(source, start, end, id)`` of the alinéas, page furniture included, of the sources in *spoken*."""
        for named in self._outlines:
            for paragraph in named.paragraphs:
                if paragraph.kind == "alinea" and (spoken is None or paragraph.source in spoken):
                    yield paragraph.source, paragraph.start, paragraph.end, paragraph.id
