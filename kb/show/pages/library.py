"""Everything the pages need of a knowledge base, read once: a site asks for all of it."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

from kb.ask import timelines, told
from kb.ask.answers import Json
from kb.ask.find import find
from kb.ask.show import rules_of
from kb.ground.names import parse_ref
from kb.store import kept as k
from kb.store import records as r
from kb.store.reading import Store
from kb.store.table import Table
from kb.time.timeline import Held

LOADED = ("candidates", "said_by", "card", "act", "summary")
Trace = Callable[[str, date], Json]


class Library:
    """The tables of a knowledge base, indexed by the pages that show them."""

    def __init__(self, store: Store, trace: Trace | None = None) -> None:
        self.store, self.trace = store, trace
        self.sources = {row["id"]: row for row in self._rows(r.SOURCE)}
        self.provisions = {row["id"]: row for row in self._rows(r.PROVISION, "text, rank, id")}
        self.authorities = {row.id: row.title for row in store.stream(k.AUTHORITY)}
        self.faults = list(self._rows(r.FAULT))
        self.codes = {row["alias"]: row for row in self._rows(r.CODE)}
        self.children = self._by(self.provisions.values(), "parent")
        self.paragraphs = self._by(self._rows(r.PARAGRAPH), "provision")
        self.citations = list(self._rows(r.CITATION))
        self.written_in = self._by(self.citations, "source")
        self.read_from = self._by(self.provisions.values(), "source")
        self.cites = self._by((c for c in self.citations if c["relation"] != "Cité par"), "provision")
        self.cited_by = self._by(self.citations, "target_provision")
        self.events = list(self._rows(r.EVENT, "coalesce(effective, '9'), id"))
        self.facts = self._by(self._rows(r.FACT), "about")
        self.notes = self._by(self._rows(r.NOTE), "about")
        self._versions: dict[str, list[r.VersionRow]] = defaultdict(list)
        for version in store.stream(r.VERSION, "provision, start"):
            self._versions[version.provision].append(version)
        self.versions = {name: [_version(v) for v in self._versions[name]] for name in self.provisions}
        self.cards: dict[tuple[str, date | None], Json] = {}
        self._lines = {name: _line_starts(source["text"]) for name, source in self.sources.items()}

    def _rows(self, table: Table[tuple[object, ...]], order: str = "") -> Iterator[Json]:
        for row in self.store.stream(table, order):
            found: Json = dict(zip(table.columns, row, strict=True))
            for key in LOADED:
                if isinstance(found.get(key), str):
                    found[key] = json.loads(found[key])
            yield found

    @staticmethod
    def _by(rows: Any, key: str) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = defaultdict(list)
        for row in rows:
            if row[key] is not None:
                found[row[key]].append(row)
        return dict(found)

    # -- where ------------------------------------------------------------------------------------------------

    def line(self, source: str, offset: int) -> int:
        """The number, from 1 on, of the line of *source* that holds *offset*."""
        return bisect_right(self._lines[source], offset)

    def lines(self, source: str) -> list[int]:
        """The offset at which each line of *source* starts."""
        return self._lines[source]

    def words(self, source: str, start: int, end: int) -> str:
        """The characters of *source* at ``[start, end)``."""
        return str(self.sources[source]["text"][start:end])

    def ancestors(self, name: str) -> list[Json]:
        """The provisions above *name*, from the text down."""
        found, parent = [], self.provisions[name]["parent"]
        while parent:
            found.append(self.provisions[parent])
            parent = self.provisions[parent]["parent"]
        return found[::-1]

    # -- when -------------------------------------------------------------------------------------------------

    def owner(self, name: str) -> str:
        """The provision whose versions hold for *name*: itself, or the nearest one above it that has any."""
        for provision in [self.provisions[name], *reversed(self.ancestors(name))]:
            if self.versions[provision["id"]]:
                return str(provision["id"])
        return name

    def version_shown(self, name: str) -> Json | None:
        """The version whose words a page without a date shows: the last that was read, else the last known."""
        versions = self.versions[self.owner(name)]
        read = [version for version in versions if version["source"]]
        found = read or versions
        return found[-1] if found else None

    def said(self, name: str, version: Json | None) -> list[Json]:
        """The paragraphs of *name* in *version*."""
        return [p for p in self.paragraphs.get(name, []) if version and p["version"] == version["id"]]

    def citing_day(self, name: str) -> date | None:
        """The day at which the words of *name* cite others: the signature of its act, else the start of its version."""
        signed = self.provisions[parse_ref(name).text]["signed"] if parse_ref(name).text in self.provisions else None
        version = self.version_shown(name)
        day = signed or (version and version["start"])
        return date.fromisoformat(day) if day else None

    @cache  # noqa: B019 - a library lives as long as one build
    def on(self, name: str, day: date) -> Held[r.VersionRow]:
        """What a provision said on *day*: its version, its status, and why."""
        row = r.PROVISION.make(self.provisions[name].values())
        return timelines.timeline(self.store, row, self._versions[self.owner(name)]).on(day)

    # -- what is said of it -----------------------------------------------------------------------------------

    def events_of(self, name: str) -> list[Json]:
        """The events that change *name* or that it makes."""
        return self._events_by.get(name, [])

    @cached_property
    def _events_by(self) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = defaultdict(list)
        for event in self.events:
            for name in dict.fromkeys((event["target"], event["by"])):
                if name:
                    found[parse_ref(name).provision].append(event)
        return dict(found)

    @cached_property
    def fragments(self) -> dict[str, list[str]]:
        """The fragments under which each provision is named, in order: every one of them is an anchor of its page."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        cited = [name for c in self.citations for name in [c["target"], *c["candidates"]]]
        for name in [*cited, *(name for rule in self.rules.values() for name in [*rule["sources"], *rule["basis"]])]:
            if name and "#" in name:
                found[parse_ref(name).provision][name.partition("#")[2]] = None
        return {name: sorted(fragments) for name, fragments in found.items()}

    @cached_property
    def neighbours(self) -> dict[str, list[tuple[str, str]]]:
        """The part before and the part after each provision, among those of one parent whose text is here."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for parts in self.children.values():
            held = [part["id"] for part in parts if part["source"]]
            for before, after in pairwise(held):
                found[after].insert(0, ("prev", before))
                found[before].append(("next", after))
        return dict(found)

    def rules_of(self, name: str) -> list[Json]:
        """The rules that rest on *name* (none where the knowledge base holds no rule)."""
        return [dict(rule) for rule in rules_of(self.store, find(self.store, name))] if self.rules else []

    @cached_property
    def rules(self) -> dict[str, Json]:
        """The summary of every rule, in the order of the rule files."""
        return {row["id"]: row["summary"] for row in self._rows(r.RULE, "rank, id")}

    def trail(self, rule: str) -> Json:
        """The audit trail of a rule on its first day: the words it rests on, its bounds with their proofs."""
        first = self.rules[rule]["valid"]["from"]
        return self.trace(rule, date.fromisoformat(first)) if self.trace and first else {}


def _version(row: r.VersionRow) -> Json:
    return dict(told.version(row))


def _line_starts(text: str) -> list[int]:
    return [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]
