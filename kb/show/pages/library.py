"""What the pages need of a knowledge base: names are kept, the rest is asked for a provision at a time, so that memory stays bounded."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from kb.ask import timelines, told
from kb.ask.answers import Json
from kb.ask.find import find
from kb.ask.show import rules_of
from kb.show.pages.address import PIECE, Addresses, Lines
from kb.store import kept as k
from kb.store import records as r
from kb.store.reading import Store
from kb.time.timeline import Held, Timeline

Trace = Callable[[str, date], Json]


class Text(NamedTuple):
    """A source with the offsets at which its lines start."""

    row: r.SourceRow
    starts: tuple[int, ...]

    def line(self, offset: int) -> int:
        """The number, from 1 on, of the line that holds *offset*."""
        return bisect_right(self.starts, offset)


class Library:
    """A knowledge base as its pages ask for it."""

    def __init__(self, store: Store, trace: Trace | None = None) -> None:
        self.store, self.trace = store, trace
        self.rows = {row.id: row for row in store.stream(r.PROVISION, "text, rank, id")}
        self.containers = {row.id: row for row in store.stream(k.CONTAINER, "rank")}
        self.authorities = {row.id: row.title for row in store.stream(k.AUTHORITY) if row.id not in self.containers}
        self.addresses = Addresses(self.rows, store.versioned(), store.stream(k.PLACE, "provision"))
        self.children: dict[str, list[str]] = defaultdict(list)
        for row in sorted(self.rows.values(), key=lambda row: (row.rank, row.id)):
            if row.parent:
                self.children[row.parent].append(row.id)
        self.days = store.last_days()
        self.text = lru_cache(256)(self._text)
        self.versions = lru_cache(4096)(self._versions)
        self.spans = lru_cache(8192)(self._spans)
        self.timeline = lru_cache(1024)(self._timeline)
        self.spoken = lru_cache(256)(self._spoken)
        self.fact_numbers = lru_cache(64)(self._fact_numbers)

    # -- where ------------------------------------------------------------------------------------------------

    def _text(self, source: str) -> Text:
        row = self.store.source(source)
        starts = [0, *(at + 1 for at, character in enumerate(row.text) if character == "\n")]
        if row.text.endswith("\n") and len(starts) > 1:
            starts.pop()
        return Text(row, tuple(starts))

    @cached_property
    def lines(self) -> dict[str, Lines]:
        """Where each source is shown: a file of a corpus on pages of its own, members of a container many to a page."""
        found: dict[str, Lines] = {}
        room: dict[str, tuple[int, int, int]] = {}  # container -> its page, the characters on it, the sources on it
        for name, container, format, length in self.store.source_sizes():
            if format == "corpus" or not container:
                found[name] = Lines(f"sources/{name}", self._breaks(name, length), "")
                continue
            page, full, beside = room.get(container, (1, 0, 0))
            if full and full + length > PIECE:
                page, full, beside = page + 1, 0, 0
            found[name] = Lines(f"sources/{container}/{page}", (1,), f"s{beside + 1}")
            room[container] = page, full + length + 400, beside + 1
        return found

    def _breaks(self, source: str, length: int) -> tuple[int, ...]:
        if length <= 2 * PIECE:
            return (1,)
        starts = self.text(source).starts
        return tuple(dict.fromkeys(bisect_right(starts, at) for at in range(0, length, PIECE)))

    def ancestors(self, name: str) -> list[r.ProvisionRow]:
        """The provisions above *name*, from the text down."""
        found: list[r.ProvisionRow] = []
        parent = self.rows[name].parent
        while parent and parent in self.rows and len(found) < 40:
            found.append(self.rows[parent])
            parent = self.rows[parent].parent
        return found[::-1]

    # -- when -------------------------------------------------------------------------------------------------

    def _versions(self, name: str) -> list[r.VersionRow]:
        return self.store.versions(name)

    def owner(self, name: str) -> str:
        """The provision whose versions hold for *name*: itself, or the nearest one above it that has any."""
        for row in [self.rows[name], *reversed(self.ancestors(name))]:
            if self.versions(row.id):
                return row.id
        return name

    def _timeline(self, name: str) -> Timeline[r.VersionRow]:
        return timelines.timeline(self.store, self.rows[name], self.versions(self.owner(name)))

    def on(self, name: str, day: date) -> Held[r.VersionRow]:
        """What a provision said on *day*: its version, its status, and why."""
        return self.timeline(name).on(day)

    def _spans(self, version: str) -> tuple[tuple[str, str | None], ...]:
        return tuple((row.start, row.end) for row in self.store.rows(r.HELD, "version = ?", version, order="start"))

    def day_of(self, name: str) -> date | None:
        """The last day that what is known of the text of *name* speaks of: until then it is up to date, no longer."""
        own = self.days.get(self.rows[name].text) or max(self.days.values(), default=None)
        return date.fromisoformat(own) if own else None

    def signed(self, name: str) -> str | None:
        """The day on which the act of *name* was signed: what its words cite is what was in force then."""
        text = self.rows.get(self.rows[name].text)
        return text.signed if text else None

    def shown(self, name: str) -> r.VersionRow | None:
        """The version that a page shows where no day is asked: the one of the last day known, else the last that was read."""
        day = self.day_of(name)
        held = self.on(name, day).version if day else None
        if held:
            return held
        versions = self.versions(self.owner(name))
        read = [version for version in versions if version.source] or versions
        return read[-1] if read else None

    # -- what it says -----------------------------------------------------------------------------------------

    def _spoken(self, name: str, version: str) -> list[r.ParagraphRow]:
        return self.store.paragraphs(name, version)

    def _fact_numbers(self, about: str) -> dict[str, int]:
        return {fact.id: n for n, fact in enumerate(self.store.facts(about), 1)}

    def children_of(self, name: str) -> list[r.ProvisionRow]:
        return [self.rows[child] for child in self.children.get(name, [])]

    @cached_property
    def neighbours(self) -> dict[str, list[tuple[str, str]]]:
        """The part before and the part after each provision, among those of one parent whose text is here."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for parts in self.children.values():
            held = [part for part in parts if self.rows[part].source]
            for before, after in pairwise(held):
                found[after].insert(0, ("prev", before))
                found[before].append(("next", after))
        return dict(found)

    # -- rules ------------------------------------------------------------------------------------------------

    def rules_of(self, name: str) -> list[Json]:
        """The rules that rest on *name* (none where the knowledge base holds no rule)."""
        return [dict(rule) for rule in rules_of(self.store, find(self.store, name))] if self.rules else []

    @cached_property
    def rules(self) -> dict[str, Json]:
        """The summary of every rule, in the order of the rule files."""
        return {row.id: json.loads(row.summary) for row in self.store.stream(r.RULE, "rank, id")}

    @cached_property
    def ruled(self) -> dict[str, list[str]]:
        """The fragments by which rules name provisions: each is an anchor."""
        found: dict[str, list[str]] = defaultdict(list)
        for rule in self.rules.values():
            for name in [*rule["sources"], *rule["basis"]]:
                head, _, fragment = name.partition("#")
                if fragment:
                    found[head].append(fragment)
        return found

    def trail(self, rule: str) -> Json:
        """The audit trail of a rule on its first day: the words it rests on, its bounds with their proofs."""
        first = self.rules[rule]["valid"]["from"]
        return self.trace(rule, date.fromisoformat(first)) if self.trace and first else {}

    def files(self) -> Iterator[r.SourceRow]:
        """The sources that are files of a corpus."""
        for name, lines in self.lines.items():
            if not lines.prefix:
                yield self.text(name).row


def version(row: r.VersionRow) -> Json:
    return dict(told.version(row))
