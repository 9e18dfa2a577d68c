"""Citations on a day: which version cites, what it names, the version of that on the day, and whether it exists.

One object says it (``Link``), made in one place (``on_day``); what a provision cites, what cites it, and the links followed
from one to the next are views of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from kb.ask import timelines, told
from kb.ask.find import Named, find, within
from kb.ask.timelines import Lines
from kb.ground.fault import Misuse
from kb.ground.names import parse_ref
from kb.store.reading import Store
from kb.store.records import CitationRow, ParagraphRow, VersionRow
from kb.time.timeline import UNKNOWN, Held, Timeline

if TYPE_CHECKING:
    from kb.ask.answers import CitationAnswer, Followed, LinkAnswer


class Link(NamedTuple):
    """A citation on a day: ``row`` is written in a version in force then; ``target`` is the version of what it names that day.

    ``exists`` says whether the very part that is named is there; ``None`` where its text is not held.
    """

    row: CitationRow
    day: date
    status: str
    target: VersionRow | None
    exists: bool | None

    def to_json(self) -> CitationAnswer:
        made = told.citation(self.row)
        target = self.target.id if self.target else None
        made["on"] = {"day": self.day.isoformat(), "version": target, "status": self.status, "exists": self.exists}
        return made


def on_day(store: Store, rows: Iterable[CitationRow], day: date, known: Lines | None = None) -> list[Link]:
    """Citations as links on *day*; *rows* are of versions in force then."""
    cited = list(rows)
    lines: Lines = {} if known is None else known
    wanted = {row.target_provision for row in cited if row.target_provision and row.target_provision not in lines}
    lines.update(timelines.timelines(store, sorted(wanted)))
    on_the_day = _Day(store, day, lines)
    return [on_the_day.link(row) for row in cited]


class _Day:
    """What is named on a day, each provision and each part of one looked up once."""

    def __init__(self, store: Store, day: date, lines: Lines) -> None:
        self._store, self._day, self._lines = store, day, lines
        self._held: dict[str, Held[VersionRow] | None] = {}
        self._paragraphs: dict[str, list[ParagraphRow]] = {}
        self._exists: dict[str, bool | None] = {}

    def link(self, row: CitationRow) -> Link:
        name = row.target_provision
        if name is None or row.target is None:
            return Link(row, self._day, UNKNOWN, None, None)
        if name not in self._held:
            line = self._lines.get(name)
            self._held[name] = line.on(self._day) if line else None
        held = self._held[name]
        if held is None:
            return Link(row, self._day, UNKNOWN, None, None)
        if row.target not in self._exists:
            self._exists[row.target] = self._part(row.target, held.version)
        return Link(row, self._day, held.status, held.version, self._exists[row.target])

    def _part(self, target: str, version: VersionRow | None) -> bool | None:
        """Whether what *target* names is a part of *version*."""
        if version is None or version.source is None:
            return None
        if "#" not in target:
            return True
        ref = parse_ref(target)
        if version.id not in self._paragraphs:
            self._paragraphs[version.id] = self._store.paragraphs(ref.provision, version.id)
        return bool(within(self._store, self._paragraphs[version.id], ref.fragment))


def cites(store: Store, named: Named, version: VersionRow | None, day: date | None) -> list[CitationAnswer]:
    """What is cited in the version shown, or in every version where none is."""
    rows = store.cites(named.row.id, version.id if version else None)
    if named.ref.fragment:
        labels = {
            (p.version, p.label)
            for name in {row.version for row in rows}
            for p in within(store, store.paragraphs(named.row.id, name), named.ref.fragment)
        }
        rows = [row for row in rows if (row.version, row.label) in labels]
    return _answers(store, rows, day)


def cited_by(store: Store, named: Named, day: date | None) -> list[CitationAnswer]:
    """What cites a provision: on *day* the versions in force then, else the version that each citing provision is shown by."""
    rows = store.citing(named.row.id, day)
    if day is None:
        rows = _shown_by(store, rows)
    if named.ref.fragment:
        rows = [row for row in rows if row.target == named.id]
    return _answers(store, rows, day)


def _answers(store: Store, rows: list[CitationRow], day: date | None) -> list[CitationAnswer]:
    return [link.to_json() for link in on_day(store, rows, day)] if day else [told.citation(row) for row in rows]


def _shown_by(store: Store, rows: list[CitationRow]) -> list[CitationRow]:
    """Of the citations by every version those by the version that a citing provision is shown by without a day."""
    citing = timelines.timelines(store, (row.provision for row in rows))
    today = date.today()
    shown = {name: version.id for name, line in citing.items() if (version := current(line, today))}
    return [row for row in rows if row.version == shown.get(row.provision)]


def current(line: Timeline[VersionRow], today: date) -> VersionRow | None:
    """The version that an answer without a day shows: the one in force today, else the last known."""
    return line.on(today).version or (line.versions[-1] if line.versions else None)


def follow(store: Store, words: str, *, into: bool = False, depth: int = 1, at: date | None = None) -> Followed:
    """The citation links from a provision (or *into* it), breadth first, down to *depth* steps.

    On the day *at*, only links whose citing version was in force then, each with what it names that day.
    """
    start = find(store, words).row.id
    if depth < 1:
        raise Misuse(f"--depth {depth}: a number of steps from 1 on")
    seen, frontier = {start}, [start]
    links: list[LinkAnswer] = []
    lines: Lines = {}
    for step in range(1, depth + 1):
        following: list[str] = []
        for name in frontier:
            rows = store.cited(name, into=into, day=at)
            answered = [link.to_json() for link in on_day(store, rows, at, lines)] if at else map(told.citation, rows)
            links += [{"depth": step, **answer} for answer in answered]
            for other in (row.provision if into else row.target_provision for row in rows):
                if other and other not in seen:
                    seen.add(other)
                    following.append(other)
        if not following:
            break
        frontier = following
    direction = "in" if into else "out"
    return {"id": start, "direction": direction, "at": at.isoformat() if at else None, "depth": depth, "links": links}
