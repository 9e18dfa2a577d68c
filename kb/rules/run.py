"""One evaluation as it runs: its facts and named values, what it lacks, and the conditions it met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypedDict

Known = Any  # what a closure gives: kinds.Typing has seen to its type, which Python's types cannot say


class Missing(tuple[str, ...]):
    """A value that cannot be known: the names of the facts it lacks."""

    __slots__ = ()


class Other(NamedTuple):
    """What another rule answers to the same facts: whether it applies (``None``: it lacks ``missing``) and its values."""

    applies: bool | None
    values: Mapping[str, Known]
    missing: tuple[str, ...]


class Met(TypedDict):
    """A condition in an answer: its words, what it saw, and whether it holds (``None``: unknown)."""

    condition: str
    value: str
    holds: bool | None


class Run:
    """One evaluation: facts and named values, the day, the other rules, and the conditions met so far."""

    __slots__ = ("at", "because", "other", "values")

    def __init__(self, values: dict[str, Known], at: date, other: Callable[[str], Other]) -> None:
        self.values, self.at, self.other = values, at, other
        self.because: list[Met] = []

    def inside(self, record: Mapping[str, Known]) -> Run:
        """A run in which the fields of a record are named alone."""
        return Run({**self.values, **record}, self.at, self.other)


Value = Callable[[Run], Known]


def lacking(values: Iterable[Known]) -> Missing | None:
    """What *values* lack together; ``None`` where all are known."""
    names = [name for value in values if type(value) is Missing for name in value]
    return Missing(dict.fromkeys(names)) if names else None


def one(a: Value, make: Callable[[Known], Known]) -> Value:
    """*make* of what a closure gives, where that is known."""

    def single(run: Run) -> Known:
        value = a(run)
        return value if type(value) is Missing else make(value)

    return single


def both(a: Value, b: Value, make: Callable[[Known, Known], Known]) -> Value:
    """*make* of what two closures give, where both are known."""

    def pair(run: Run) -> Known:
        left, right = a(run), b(run)
        if type(left) is Missing or type(right) is Missing:
            return lacking((left, right))
        return make(left, right)

    return pair
