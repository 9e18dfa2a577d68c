"""Citations that are good no more: written in words in force on a day, to what no longer is, or to a part that it has lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from kb.ask.contents import contents
from kb.ask.find import find, within
from kb.ask.links import Link, on_day
from kb.ask.timelines import Lines, Versions
from kb.ground.fault import Misuse
from kb.ground.names import parse_ref
from kb.ground.period import in_french
from kb.store.reading import Store
from kb.time.timeline import REPEALED

if TYPE_CHECKING:
    from kb.ask.reports import Stale, StaleAnswer

GONE, LACKING = "abroge", "fragment_absent"


def stale(store: Store, words: str | None, day: date, *, limit: int | None = None, offset: int = 0) -> Stale:
    """The citations in *words* (a reference to a text, division or article; ``None``: in everything) that are stale on *day*.

    Read in the words of versions in force then, notes included, not in the lists of links beside them. A part counts as lost
    where an earlier version had it. ``total`` counts all; ``citations`` are *limit* of them from *offset* on, in the order of what cites.
    Raises ``Misuse``.
    """
    if offset < 0 or (limit is not None and limit < 0):
        raise Misuse("--limit and --offset are numbers of citations from 0 on")
    named = find(store, words) if words else None
    # the articles of a code are not named by the division they stand in
    inside = named is not None and named.row.kind == "division" and "/" not in named.row.text
    rows = store.doubtful(day, named and (named.row.text if inside else named.row.id))
    if named and inside:
        parts = {line["id"] for line in contents(store, named.row.id, day)}
        rows = [row for row in rows if row.provision in parts]
    lines: Lines = {}
    found = list(_found(store, on_day(store, rows, day, lines), lines))
    page = found[offset:] if limit is None else found[offset : offset + limit]
    gone = sum(lost is None for _, lost in found)
    return {
        "id": named.row.id if named else None,
        "at": day.isoformat(),
        "total": len(found),
        "summary": {GONE: gone, LACKING: len(found) - gone},
        "offset": offset,
        "citations": [_told(link, lost, lines) for link, lost in page],
    }


def _found(store: Store, links: list[Link], lines: Lines) -> Iterator[tuple[Link, str | None]]:
    """The stale ones, and for a part since when it is lost."""
    lost: dict[tuple[str, str], str | None] = {}
    for link in links:
        if link.status == REPEALED:
            yield link, None
        elif link.exists is False and link.row.target and link.target:
            part = link.row.target, link.target.id
            if part not in lost:
                versions = lines[link.row.target_provision or ""].versions
                lost[part] = _lost(
                    store, link.row.target, [v for v in versions if (v.start or "") <= (link.target.start or "")]
                )
            if lost[part]:
                yield link, lost[part]


def _lost(store: Store, target: str, versions: Versions) -> str | None:
    """The start of the first version without a part behind the last one that had it, the last of *versions* being without;
    ``None`` where none had it."""
    ref, since = parse_ref(target), None
    for version in reversed(versions):
        if version.source:
            if since and within(store, store.paragraphs(ref.provision, version.id), ref.fragment):
                return since
            since = version.start
    return None


def _told(link: Link, lost: str | None, lines: Lines) -> StaleAnswer:
    row = link.row
    reason = None if lost else next(iter(lines[row.target_provision or ""].on(link.day).reasons), None)
    said = f"Cette partie n'est plus dans ses mots depuis le {in_french(date.fromisoformat(lost))}." if lost else ""
    return {
        "id": row.id or 0, "from": f"{row.provision}#{row.label}", "version": row.version, "source": row.source, "start": row.start, "end": row.end,
        "quote": row.quote, "target": row.target or "", "why": LACKING if lost else GONE, "since": reason.day if reason else lost,
        "by": reason.by if reason else None, "successor": reason.successor if reason else None, "sentence": reason.sentence if reason else said,
    }  # fmt: skip
