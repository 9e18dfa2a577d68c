"""What the grammar's rules are made into: portions, numbers and divisions in lists, and the path that joins them."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from kb.cite.find.written import Holder


class Portion(NamedTuple):
    label: str
    kind: str
    start: int
    end: int
    ranged: bool = False


class Number(NamedTuple):
    num: str
    start: int
    end: int
    posts: list[list[Portion]]
    prefixed: bool
    loose: bool = False
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


class Listed(NamedTuple):
    kind: str  # articles, portions, divisions, annexes
    members: list[Any]


class Path(NamedTuple):
    chain: list[Listed]
    holders: list[Holder]
    published: tuple[date, int, int] | None = None
    effective: tuple[date, int, int] | None = None
    aside: bool = False  # named in passing, between an article and its holder
    apart: bool = False  # its holder comes after what was named in passing: no part of its words
