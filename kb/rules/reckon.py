"""Reckoning that takes more than an operator: durations and days, scales. What the calendar cannot do is said in a sentence."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from kb.ground.fault import Misuse
from kb.rules.run import Known, Missing, Run, Value, lacking
from kb.rules.values import UNITS, Duration, Number, add, divide, multiply, order, subtract

OPS: dict[str, Callable[[Known, Known], bool]] = {
    "<": operator.lt, "<=": operator.le, ">=": operator.ge, ">": operator.gt, "=": operator.eq,
}  # fmt: skip


# Days and durations: what the calendar cannot do or decide is said in one sentence.


def in_order(left: Duration, right: Duration) -> int:
    try:
        return order(left, right)
    except (ValueError, OverflowError) as error:
        raise Misuse(str(error)) from None


def units(unit: str, duration: Duration) -> Number:
    try:
        return UNITS[unit](duration)
    except ValueError as error:
        raise Misuse(str(error)) from None


def _later(day: date, delay: Duration) -> date:
    try:
        return delay.after(day)
    except OverflowError as error:
        raise Misuse(str(error)) from None


def _earlier(day: date, delay: Duration) -> date:
    try:
        return delay.before(day)
    except OverflowError as error:
        raise Misuse(str(error)) from None


def greatest(*durations: Duration) -> Duration:
    most = durations[0]
    for duration in durations[1:]:
        most = duration if in_order(duration, most) > 0 else most
    return most


def least(*durations: Duration) -> Duration:
    least = durations[0]
    for duration in durations[1:]:
        least = duration if in_order(duration, least) < 0 else least
    return least


ARITHMETIC: dict[tuple[str, str], Callable[[Known, Known], Known]] = {
    ("+", ""): add, ("-", ""): subtract, ("fois", ""): multiply, ("divisé par", ""): divide,
    ("+", "date"): _later, ("-", "date"): _earlier, ("+", "durée"): Duration.plus,
}  # fmt: skip
STEPS: dict[str, Number] = {
    "à l'euro": Decimal(1), "à la dizaine d'euros": Decimal(10), "au franc": Decimal(1), "au centime": Decimal("0.01"),
    "à l'unité": 1, "au nombre entier": 1,
}  # fmt: skip


# Scales.


class Bracket(NamedTuple):
    """A bracket, compiled: a slice of a duration is counted in its ``unit``."""

    value: Value
    limit: Value | None
    inside: Callable[[int, int], bool]
    unit: str
    order: Callable[[Known, Known], int]


def measured(value: Known, unit: str) -> Number:
    """How much a value of the base is: itself, or a duration in units."""
    return units(unit, value) if unit else value


def whole(base: Value, brackets: list[Bracket]) -> Value:
    """The value of the bracket in which *base* falls."""

    def of_bracket(run: Run) -> Known:
        of = base(run)
        if type(of) is Missing:
            return of
        for bracket in brackets:
            limit = bracket.limit and bracket.limit(run)
            if type(limit) is Missing:
                return limit
            if limit is None or bracket.inside(bracket.order(of, limit), 0):
                return bracket.value(run)
        return Missing(())

    return of_bracket


def sliced(base: Value, brackets: list[Bracket]) -> Value:
    """The sum over brackets of the part of *base* that is in each, times its value."""

    def of_slices(run: Run) -> Known:
        of = base(run)
        parts = [(bracket.value(run), bracket.limit and bracket.limit(run)) for bracket in brackets]
        missing = lacking([of, *(value for part in parts for value in part)])
        if missing is not None:
            return missing
        total: Number = 0
        low: Known = None
        for bracket, (value, limit) in zip(brackets, parts, strict=True):
            if low is not None and bracket.order(of, low) <= 0:
                break
            high = of if limit is None or bracket.order(of, limit) < 0 else limit
            width = measured(high, bracket.unit)
            if low is not None:
                width = subtract(width, measured(low, bracket.unit))
            total = add(total, multiply(value, width))
            low = limit
        return total

    return of_slices
