"""Where things stand in what was read: the places of a knowledge base that rules are proved against."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from datetime import date
from functools import lru_cache

from kb.ask import timelines
from kb.ground.names import parse_ref
from kb.make.corpus import CORPUS
from kb.store import records as r
from kb.store.reading import Store
from kb.texts import readers
from kb.texts.provisions import cut
from kb.texts.source import Source
from kb.texts.tree import FURNITURE


class StoredPlaces:
    """The places of every text that a knowledge base holds (``kb.rules.quotes.Places``)."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._read = lru_cache(64)(self._source)

    def span(self, locator: str) -> tuple[str, list[tuple[int, int]]] | None:
        """The source and the ranges, page furniture left out, of a provision or paragraph; ``None`` if it was not read.

        ``css/D133-1@1992-03-28#al1`` names the words of the version in force that day; without a day, those of the last
        version held.
        """
        ref = parse_ref(locator)
        row = self.store.provision(ref.provision)
        if row is None or row.source is None:
            return None
        place: tuple[str, int, int] | None = (row.source, row.start or 0, row.end or 0)
        if ref.fragment or ref.at:
            place = self._paragraphs(row, ref.at, ",".join(ref.fragment))
        if place is None:
            return None
        source, at, end = place
        ranges = []
        for first, last in self._pages(source):
            if at <= first and last <= end:
                ranges.append((at, first))
                at = last
        return source, [*ranges, (at, end)]

    def _paragraphs(self, row: r.ProvisionRow, day: date | None, label: str) -> tuple[str, int, int] | None:
        own = [p for p in self.store.labelled(row.id) if not label or p.label == label]
        version = timelines.timeline(self.store, row).on(day).version if day else None
        own = [p for p in own if (version is not None and p.version == version.id if day else p.source == row.source)]
        return (own[0].source, own[0].start, own[-1].end) if own else None

    def provision_at(self, source: str, offset: int) -> str:
        """The id of the innermost paragraph or provision at *offset*."""
        around = [(p.end - p.start, p.id) for p in self.store.paragraphs_at(source, offset)]
        around += [((p.end or 0) - (p.start or 0), p.id) for p in self.store.provisions_at(source, offset)]
        return min(around)[1]

    def source(self, source: str) -> Source:
        return self._read(source)

    def _source(self, name: str) -> Source:
        row = self.store.source(name)
        return Source(row.id, row.path, b"", row.text, row.sha256, {**json.loads(row.card), "format": row.format})

    @lru_cache(64)  # noqa: B019 - lives as long as one build
    def _pages(self, source: str) -> list[tuple[int, int]]:
        """What page furniture takes out of a source."""
        read = self.source(source)
        return [cut(read.text, leaf) for leaf in readers.read(read).tree.leaves() if leaf.kind == FURNITURE]

    def exists(self, id: str) -> bool:
        return self.store.provision(parse_ref(id).provision) is not None

    def bounds(self, version: str) -> tuple[set[str], tuple[str, ...]] | None:
        """The bounds of a version that is held, and who says so (``kb.rules.quotes.Places``)."""
        for line in self.store.versions(version.partition("@")[0]):
            if line.id == version:
                said_by = [who for proof in (*line.start_proofs, *line.end_proofs) for who in proof.said_by]
                return {day for day in (line.start, line.end) if day}, tuple(dict.fromkeys(said_by))
        return None

    def normative(self, spoken: Container[str] | None = None) -> Iterator[tuple[str, int, int, str]]:
        """``(source, start, end, id)`` of the alinéas, page furniture included, of the corpus' sources in *spoken*."""
        for source in self.store.sources_of(CORPUS):
            if spoken is None or source in spoken:
                for p in self.store.paragraphs_in(source):
                    if p.kind == "alinea":
                        yield source, p.start, p.end, p.id
