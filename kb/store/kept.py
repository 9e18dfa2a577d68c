"""Records that no question of a provision asks for: who says what, what was read, where things stand, what rules cover."""

from __future__ import annotations

from typing import NamedTuple

from kb.store import records as r
from kb.store.table import Table


class AuthorityRow(NamedTuple):
    id: str
    title: str


class RuleLinkRow(NamedTuple):
    """A provision that a rule quotes (``how`` = source) or rests on (fondement)."""

    provision: str
    rule: str
    how: str


class MeasureRow(NamedTuple):
    """A measure of a source, with the rules that hold it or the reason for which it is set aside (``rules.cover``)."""

    id: int | None
    kind: str
    words: str
    source: str
    start: int
    end: int
    provision: str
    held_by: str
    waived: str


class ContainerRow(NamedTuple):
    """What was read; ``state`` is where a later import of it goes on (the last commit that was read)."""

    id: str
    rank: int
    format: str
    title: str
    name: str
    sha256: str
    state: str


class PlaceRow(NamedTuple):
    """Where a provision stands, from day to day: its division, and for a division the title it then has."""

    provision: str
    parent: str
    title: str | None
    rank: int
    start: str | None
    end: str | None
    container: str


class AnchorRow(NamedTuple):
    """A link that an editor drew on ``[start, end)`` of a source, to an official id."""

    source: str
    start: int
    end: int
    official: str


class SearchedRow(NamedTuple):
    """What the full text index (``store.search``) holds under the rowid ``id``."""

    id: int | None
    provision: str
    version: str


AUTHORITY = Table("authority", AuthorityRow, "id", stated=True)
RULE_LINK = Table("rule_link", RuleLinkRow, "provision, rule, how")
MEASURE = Table("measure", MeasureRow, "counter")
CONTAINER = Table("container", ContainerRow, "id", stated=True)
PLACE = Table("place", PlaceRow, "", ("provision provision, start", "parent parent"), stated=True)
ANCHOR = Table("anchor", AnchorRow, "source, start, official", stated=True)
SEARCHED = Table("searched", SearchedRow, "counter", ("version version",))

TABLES: tuple[Table[tuple[object, ...]], ...] = (
    r.META, r.SOURCE, r.CODE, AUTHORITY, r.PROVISION, r.PARAGRAPH, r.VERSION, r.HELD, r.CITATION, r.EVENT, r.FACT, r.NOTE, r.FAULT, r.RULE,
    RULE_LINK, MEASURE, CONTAINER, r.WITNESS, PLACE, ANCHOR, SEARCHED,
)  # fmt: skip
