"""The table of contents of a text on a day: the articles then in force, where they stood."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from kb.store.reading import Store
from kb.store.records import PROVISION, ProvisionRow

if TYPE_CHECKING:
    from kb.ask.answers import LineAnswer


def contents(store: Store, name: str, day: date) -> list[LineAnswer]:
    """The table of contents of a code, or of a division of one, on *day*, in the order of the text.

    Where no source says where an article stood that day, it stands where it is known last.
    """
    text = name.split("/")[0]
    held = store.held_in(text, day)
    parents, titles = _places(store, text, day)
    known = _with_above(store, {id: row for id, (row, _) in held.items()}, parents)
    below: dict[str, list[str]] = defaultdict(list)
    seen = set()
    for id in held:
        child = id
        while child != text and child not in seen and child in known:
            seen.add(child)
            parent = _parent(known[child], parents.get(child)) or text
            below[parent].append(child)
            child = parent
    lines: list[LineAnswer] = []
    stack = [(child, 0) for child in _ordered(below[name], known)][::-1]
    while stack:
        id, depth = stack.pop()
        row = known[id]
        title = titles.get(id, row.title)
        lines.append(
            {"id": id, "kind": row.kind, "title": title, "depth": depth, "version": held[id][1] if id in held else None}
        )
        stack += [(child, depth + 1) for child in _ordered(below.get(id, []), known)][::-1]
    return lines


def _with_above(store: Store, known: dict[str, ProvisionRow], parents: dict[str, str]) -> dict[str, ProvisionRow]:
    """The provisions, and all that they stand in."""
    new = known
    while new:
        above = {parent for row in new.values() if (parent := _parent(row, parents.get(row.id)))} - known.keys()
        new = {row.id: row for row in store.among(PROVISION, "id", sorted(above), "id")}
        known = known | new
    return known


def _parent(row: ProvisionRow, told: str | None) -> str | None:
    """Where a provision stood: a source that knows the part only says less than one that knows the chapter."""
    return row.parent if told is None or (row.parent or "").startswith(told + "/") else told


def _ordered(names: list[str], known: dict[str, ProvisionRow]) -> list[str]:
    return sorted(names, key=lambda name: known[name].rank)


def _places(store: Store, text: str, day: date) -> tuple[dict[str, str], dict[str, str]]:
    """Where each provision stood on a day, and the titles of divisions then, as far as sources say."""
    parents: dict[str, str] = {}
    titles: dict[str, str] = {}
    for place in store.places(text, day):
        parents[place.provision] = place.parent
        if place.title:
            titles[place.provision] = place.title
    return parents, titles
