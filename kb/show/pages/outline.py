"""The table of contents of a code over time: what stands where, and on which days. It says for every day what ``ask.contents`` says for one."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from kb.show.pages.library import Library
from kb.store.kept import PlaceRow
from kb.store.records import HELD, ProvisionRow

MOST = 400  # lines of one table: it goes as deep as that allows

_ARTICLES = 99  # deeper than any division

Span = tuple[str, str | None]  # days are ISO; ``""`` is before all of them, ``None`` after


class Line(NamedTuple):
    """A line of a table of contents; it is there on the days of ``spans``."""

    row: ProvisionRow
    depth: int
    spans: tuple[Span, ...]

    @property
    def held(self) -> str:
        return " ".join(f"{start}/{end or ''}" for start, end in self.spans)

    def on(self, day: str) -> bool:
        return any(start <= day and (end is None or day < end) for start, end in self.spans)


def contents(library: Library, name: str) -> list[Line]:
    """What stands in a code or in a division of one, in the order of the text."""
    below = _standing(library, library.rows[name].text)
    lines: list[Line] = []
    for most in range(8):
        deeper = _lines(library, below, name, 0, most)
        if lines and (sum(line.row.kind != "article" for line in deeper) > MOST or len(deeper) == len(lines)):
            break
        lines = deeper
    return lines


def _lines(library: Library, below: dict[str, dict[str, list[Span]]], name: str, depth: int, most: int) -> list[Line]:
    found: list[Line] = []
    for child, spans in sorted(below.get(name, {}).items(), key=lambda item: (library.rows[item[0]].rank, item[0])):
        if depth and library.rows[child].kind == "article":  # articles are on the page of what they stand in
            continue
        found.append(Line(library.rows[child], depth, joined(spans)))
        if depth < most:
            found += _lines(library, below, child, depth + 1, most)
    return found


@lru_cache(2)
def _standing(library: Library, text: str) -> dict[str, dict[str, list[Span]]]:
    """Of a text, by division: what stood in it, and when. Articles first; a division stands as long as anything in it does."""
    rows = {row.id: row for row in library.store.parts(text)}
    spans: dict[str, list[Span]] = defaultdict(list)
    for held in library.store.stream(HELD, where=f"provision >= '{text}/' and provision < '{text}0'"):
        spans[held.provision].append((held.start, held.end))
    places: dict[str, list[PlaceRow]] = defaultdict(list)
    for place in library.store.places(text):
        places[place.provision].append(place)
    below: dict[str, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    # articles first, then divisions from the deepest up: everything inside one is known before it is placed
    waiting: dict[int, set[str]] = defaultdict(set)
    for name in spans:
        if name in rows:
            waiting[name.count("/") if rows[name].kind == "division" else _ARTICLES].add(name)
    while waiting:
        depth = max(waiting)
        for name in sorted(waiting.pop(depth)):
            for start, end, parent in _stands(rows[name], text, places.get(name, [])):
                common = [both for span in joined(spans[name]) if (both := _common(span, (start, end)))]
                if not common:
                    continue
                below[parent][name] += common
                if parent in rows and 0 < parent.count("/") < depth:
                    spans[parent] += common
                    waiting[parent.count("/")].add(parent)
    return {parent: dict(children) for parent, children in below.items()}


def _stands(row: ProvisionRow, text: str, places: list[PlaceRow]) -> list[tuple[str, str | None, str]]:
    """Where a provision stood from day to day; where no source says it, where it is known last."""
    cuts = sorted({"", *(p.start or "" for p in places), *(p.end for p in places if p.end)})
    found = []
    for start, end in pairwise([*cuts, None]):
        first = start or ""
        told = [p.parent for p in places if (p.start or "") <= first and (p.end is None or first < p.end)]
        last = told[-1] if told else None
        parent = row.parent if last is None or (row.parent or "").startswith(last + "/") else last
        found.append((first, end, parent or text))
    return found


def _common(one: Span, two: Span) -> Span | None:
    start = max(one[0], two[0])
    ends = [end for end in (one[1], two[1]) if end is not None]
    end = min(ends) if ends else None
    return (start, end) if end is None or start < end else None


def joined(spans: list[Span] | tuple[Span, ...]) -> tuple[Span, ...]:
    """Intervals that touch as one."""
    found: list[Span] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], span[1] or "9")):
        if found and (found[-1][1] is None or found[-1][1] >= start):
            known = found[-1][1]
            found[-1] = found[-1][0], None if known is None or end is None else max(known, end)
        else:
            found.append((start, end))
    return tuple(found)
