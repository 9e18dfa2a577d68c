"""Where everything is: the one place that knows the page of an id, of a line of a source, of a fact.

A provision has a page of its own when its text or its dates are here, or when it holds such a one. What is known by name only
is a line, under its id, on a list of its text (a code) or of its nature (any other text): ``connus/css/2``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kb.ground.names import natural
from kb.store.kept import PlaceRow
from kb.store.records import ProvisionRow

LISTED = 150  # entries of one page of a list
PIECE = 90_000  # characters of sources on one page


class Place(NamedTuple):
    """A page and an anchor on it; ``anchor`` is empty for the page itself."""

    path: str
    anchor: str = ""


class Lines(NamedTuple):
    """Where a source is shown: a file on pages of its own, each opened by a line of ``begins`` and every line an anchor (``L12``);
    a member of a container under one anchor, ``prefix``, of a page that it shares."""

    first: str
    begins: tuple[int, ...]
    prefix: str

    def at(self, line: int) -> Place:
        page = bisect_right(self.begins, line)
        return Place(self.first if page == 1 else f"{self.first}/{page}", self.prefix or f"L{line}")


class Addresses:
    """The pages of a knowledge base. *versioned* are the provisions that have versions of their own."""

    def __init__(self, rows: Mapping[str, ProvisionRow], versioned: set[str], places: Iterable[PlaceRow]) -> None:
        self.rows = rows
        self.paged = self._paged(versioned, places)
        self.lists: dict[str, list[str]] = defaultdict(list)
        self._page_in_list: dict[str, tuple[str, int]] = {}
        for name in sorted((n for n in rows if n not in self.paged), key=natural):
            self.lists[_list_of(rows[name])].append(name)
        for group, names in self.lists.items():
            for at, name in enumerate(names):
                self._page_in_list[name] = group, at // LISTED + 1

    def _paged(self, versioned: set[str], places: Iterable[PlaceRow]) -> set[str]:
        rows = self.rows
        above: dict[str, set[str]] = defaultdict(set)
        for place in places:
            above[place.provision].add(place.parent)
        found = {row.id for row in rows.values() if row.source or (row.kind == "article" and row.id in versioned)}
        found |= {row.id for row in rows.values() if row.nature == "code" and row.kind == "texte"}
        stack = list(found)
        while stack:
            name = stack.pop()
            for parent in {rows[name].parent, rows[name].text, *above.get(name, ())} - {None}:
                if parent in rows and parent not in found:
                    found.add(parent)
                    stack.append(parent)
        return found

    def of(self, name: str) -> Place | None:
        """Where an id leads, its day aside: ``css/D253-81#al5``; ``None`` where nothing of that name is known."""
        head, _, fragment = name.partition("#")
        head = head.partition("@")[0]
        if head in self.paged:
            return Place(head, fragment)
        listed = self._page_in_list.get(head)
        return Place(list_path(*listed), head) if listed else None

    def listed(self, group: str) -> list[list[str]]:
        """The pages of a list of what is known by name only."""
        names = self.lists[group]
        return [names[at : at + LISTED] for at in range(0, len(names), LISTED)]


def list_path(group: str, page: int) -> str:
    return f"connus/{group}" + (f"/{page}" if page > 1 else "")


def _list_of(row: ProvisionRow) -> str:
    return row.text if row.nature == "code" else row.nature
