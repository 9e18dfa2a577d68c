"""What the grammar's rules are made into: portions, numbers and divisions in lists, and the path that joins them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, TypeGuard, TypeVar

from kb.cite.find.written import Holder


class Day(NamedTuple):
    """A day as written; ``on`` is ``None`` where no calendar has it."""

    on: date | None
    start: int
    end: int


#: Portions from the outside in, to tell "I et 3° du II" (two branches) from "2° et 3°" (one)
DEPTH = {
    "roman": 1,
    "upper": 2,
    "digit": 3,
    "degree": 4,
    "letter": 5,
    "al": 6,
    "ph": 7,
    "ti": 7,
    "paragraph": 2,
    "point": 3,
    "near": 6,
}


class Portion(NamedTuple):
    label: str
    kind: str
    start: int
    end: int
    ranged: bool = False


class After(NamedTuple):
    """What stands behind the number of an article: portions, or a word that says something of it (``how`` is its type)."""

    portions: list[Portion]
    end: int
    how: str = ""


class Number(NamedTuple):
    num: str
    start: int
    end: int
    posts: list[list[Portion]]
    prefixed: bool
    loose: str = ""  # what glues a numeral to it: "-", " "
    ranged: bool = False
    following: bool = False
    cited: bool = False
    short: int = 0  # where it ended before ", 1er alinéa" was joined to it


class Division(NamedTuple):
    level: str
    num: str
    start: int
    end: int
    ranged: bool = False


class Portions(NamedTuple):
    members: list[Portion]


class Articles(NamedTuple):
    members: list[Number]
    how: str = ""  # "inverted" behind their holder, "his" where they are "ses articles"


class Places(NamedTuple):
    """Divisions, or annexes, whose level is "annexe"."""

    members: list[Division]


Listed = Portions | Articles | Places


class Chain(list[Listed]):
    """Lists from the inside out; it grows in place, as it may be long."""


_T = TypeVar("_T")


def all_are(value: object, kind: type[_T]) -> TypeGuard[list[_T]]:
    """Whether *value* is a list of that: the lists that a grammar makes are never empty, and of one kind."""
    return isinstance(value, list) and isinstance(value[0], kind)


class Sign(NamedTuple):
    """The number of an act; ``union`` where it is written as those of the European Union are."""

    words: str
    end: int
    union: bool


class Identity(NamedTuple):
    """The number and the day that name an act."""

    end: int
    number: str | None
    signed: date | None
    union: bool


class Published(NamedTuple):
    """The days of a tail: "JORF 18 août 1993 en vigueur le 1er septembre 1993"."""

    published: tuple[date, int, int] | None = None
    effective: tuple[date, int, int] | None = None


class Path(NamedTuple):
    chain: Sequence[Listed]
    holders: list[Holder]
    days: Published = Published()
    aside: bool = False  # named in passing, between an article and its holder
    apart: bool = False  # its holder comes after what was named in passing: no part of its words
