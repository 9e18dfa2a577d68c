"""What a rule computes with: exact numbers, ratios, durations in calendar months and days.

Numbers are ``int`` or ``Decimal``, and ``Fraction`` only where a decimal would have no end: a third of 100 F is exact, and is
rounded when it is told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation
from fractions import Fraction
from typing import NamedTuple

Number = int | Decimal | Fraction

_EXACT = Context(prec=80, traps=[Inexact, InvalidOperation])


def add(left: Number, right: Number) -> Number:
    """The exact sum."""
    try:
        return left + right if type(left) is int is type(right) else _EXACT.add(left, right)  # type: ignore[arg-type]
    except (TypeError, Inexact):
        return Fraction(left) + Fraction(right)


def subtract(left: Number, right: Number) -> Number:
    """The exact difference."""
    return add(left, -right)


def multiply(left: Number, right: Number) -> Number:
    """The exact product."""
    try:
        return left * right if type(left) is int is type(right) else _EXACT.multiply(left, right)  # type: ignore[arg-type]
    except (TypeError, Inexact):
        return Fraction(left) * Fraction(right)


def divide(left: Number, right: Number) -> Number:
    """The exact quotient. Raises ``ZeroDivisionError``.

    >>> divide(1, 8), divide(1, 3)
    (Decimal('0.125'), Fraction(1, 3))
    """
    if not right:
        raise ZeroDivisionError
    try:
        return _EXACT.divide(left, right)  # type: ignore[arg-type]
    except (TypeError, Inexact):
        return Fraction(left) / Fraction(right)


ROUNDINGS: dict[str, Callable[[Fraction], int]] = {
    "supérieur": math.ceil,
    "inférieur": math.floor,
    "le plus proche": lambda value: math.floor(value + Fraction(1, 2)),  # a half counts for one
}


def rounded(value: Number, step: Number, way: str) -> Number:
    """*value* as a whole number of *step*, rounded *way*: a key of ``ROUNDINGS``.

    >>> rounded(Decimal("2.5"), 1, "le plus proche"), rounded(Decimal("98.12"), Decimal("0.1"), "inférieur")
    (3, Decimal('98.1'))
    """
    return multiply(ROUNDINGS[way](Fraction(value) / Fraction(step)), step)


def plain(value: Number, places: int = 6) -> str:
    """A number in decimal figures, rounded half up to *places*, without idle zeros.

    >>> plain(Decimal("2.50")), plain(Fraction(1, 3)), plain(30)
    ('2.5', '0.333333', '30')
    """
    scaled = ROUNDINGS["le plus proche"](abs(Fraction(value)) * 10**places)
    whole, part = divmod(scaled, 10**places)
    figures = f"{whole}.{part:0{places}d}".rstrip("0").rstrip(".") if places else str(whole)
    return f"-{figures}" if value < 0 and scaled else figures


class Ratio(NamedTuple):
    """A share, ``over`` parts in ``under``; ``words`` is how the rule wrote it ("2,5 %", "un quart")."""

    over: int
    under: int
    words: str

    @property
    def value(self) -> Number:
        """The share as an exact number."""
        return divide(self.over, self.under)


_PARTS = {
    "moitie": 2, "demi": 2, "demie": 2, "tiers": 3, "quart": 4, "cinquieme": 5, "sixieme": 6, "septieme": 7, "huitieme": 8,
    "neuvieme": 9, "dixieme": 10, "douzieme": 12, "quinzieme": 15, "vingtieme": 20, "vingt-quatrieme": 24, "trentieme": 30,
    "trente-sixieme": 36, "centieme": 100, "millieme": 1000,
}  # fmt: skip
_COUNTS = {
    "un": 1, "une": 1, "le": 1, "la": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
    "neuf": 9, "dix": 10, "onze": 11,
}  # fmt: skip
_RATE = re.compile(r"(\d{1,9})(?:[.,](\d{1,9}))?\s*(%|‰|pour cent|pour mille)", re.ASCII)


def parse_ratio(words: str) -> Ratio:
    """``2,5 %``, ``3 ‰``, ``un quart``, ``deux tiers``, ``la moitié``. Raises ``ValueError`` with one sentence.

    >>> parse_ratio("2,5 %")[:2], parse_ratio("deux tiers")[:2]
    ((25, 1000), (2, 3))
    """
    from kb.ground.names import fold

    flat = " ".join(words.split())
    if match := _RATE.fullmatch(flat):
        whole, part, sign = match.groups()
        under = 100 if sign in ("%", "pour cent") else 1000
        return Ratio(int(whole + (part or "")), under * 10 ** len(part or ""), flat)
    count, _, part = fold(flat).partition(" ")
    parts = _PARTS.get(part) or _PARTS.get(part.removesuffix("s"))
    if count not in _COUNTS or parts is None:
        raise ValueError(f"'{words}' is not a ratio: write for instance 2,5 %, un quart or deux tiers")
    return Ratio(_COUNTS[count], parts, flat)


class Duration(NamedTuple):
    """Calendar months and days, as law counts them; ``words`` is how the rule wrote it ("12 mois", "1 an").

    ``counted`` tells the days that count: all of them (``""``), ``ouvrables``, ``ouvrés`` or ``francs``.
    """

    months: int
    days: int
    words: str
    counted: str = ""

    def after(self, day: date) -> date:
        """*day* plus this duration; a day that its month lacks becomes the month's last.

        >>> Duration(12, 0, "12 mois").after(date(1996, 2, 29))
        datetime.date(1997, 2, 28)

        Raises ``OverflowError`` outside of the years 1 to 9999.
        """
        if self.counted:
            from kb.rules.calendar import days_after

            return days_after(day, self.days, self.counted)
        return _moved(day, self.months, self.days)

    def before(self, day: date) -> date:
        """*day* less this duration. Raises ``OverflowError`` outside of the years 1 to 9999."""
        if self.counted:
            from kb.rules.calendar import days_after

            return days_after(day, -self.days, self.counted)
        return _moved(day, -self.months, -self.days)

    def plus(self, other: Duration) -> Duration:
        """Both, months and days apart."""
        months, days = self.months + other.months, self.days + other.days
        return Duration(months, days, duration_words(months, days))


def _moved(day: date, months: int, days: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError(f"{day} and {months} months are outside the years 1 to 9999")
    last = 31 if month == 12 else date(year, month + 1, 1).toordinal() - date(year, month, 1).toordinal()
    moved = date(year, month, min(day.day, last))
    return moved + timedelta(days) if days else moved


_DURATION = re.compile(
    r"(\d{1,4})\s+(ans?|années?|mois|semaines?|jours?)(?:\s+(ouvrables?|ouvrés?|francs?))?", re.ASCII
)


def parse_duration(words: str) -> Duration:
    """``12 mois``, ``1 an``, ``10 jours ouvrables``, ``12 ans 5 mois et 3 jours``: numbers in figures, each with its unit.

    Raises ``ValueError`` with one sentence.
    """
    flat = " ".join(words.split())
    pieces = [piece for piece in re.split(r"\s*(?:,|\bet\b)\s*|(?<=[a-zé])\s+(?=\d)", flat) if piece]
    months = days = 0
    counted = ""
    for piece in pieces:
        match = _DURATION.fullmatch(piece)
        if match is None or counted or (match[3] and len(pieces) > 1):
            raise ValueError(f"'{words}' is not a duration: write for instance 12 mois, 1 an or 10 jours ouvrables")
        count, unit = int(match[1]), match[2][0]
        months += count * {"a": 12, "m": 1}.get(unit, 0)
        days += count * {"j": 1, "s": 7}.get(unit, 0)
        if match[3]:
            if unit != "j":
                raise ValueError(f"'{words}' is not a duration: only days are {match[3]}")
            counted = match[3].rstrip("s") + "s"
    if not pieces:
        raise ValueError(f"'{words}' is not a duration: write for instance 12 mois, 1 an or 10 jours ouvrables")
    return Duration(months, days, flat, counted)


def duration_words(months: int, days: int) -> str:
    """A computed duration in French words.

    >>> duration_words(149, 12), duration_words(0, 0)
    ('12 ans 5 mois 12 jours', '0 jour')
    """
    years, months = divmod(months, 12)
    said = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in ((years, "an", "ans"), (months, "mois", "mois"), (days, "jour", "jours"))
        if count
    ]
    return " ".join(said) or "0 jour"


class Lapse(Duration):
    """What has passed between two days, which it remembers: it may be counted in any unit, and compared with any delay."""

    start: date
    end: date

    @classmethod
    def between(cls, start: date, end: date) -> Lapse:
        """The calendar months that *end* is past *start*, and the days over; none where it is not past it.

        >>> Lapse.between(date(2013, 1, 31), date(2013, 3, 1)).words
        '1 mois 1 jour'
        """
        end = max(start, end)
        months = (end.year - start.year) * 12 + end.month - start.month
        if _moved(start, months, 0) > end:
            months -= 1
        days = (end - _moved(start, months, 0)).days
        made = cls(months, days, duration_words(months, days))
        made.start, made.end = start, end
        return made


def _days(duration: Duration, counted: str) -> int:
    if isinstance(duration, Lapse):
        from kb.rules.calendar import days_between

        return days_between(duration.start, duration.end, counted)
    if duration.counted != counted or duration.months:
        raise ValueError(f"'{duration.words}' does not say how many {' '.join(('jours', counted)).strip()} it has")
    return duration.days


UNITS: dict[str, Callable[[Duration], Number]] = {
    "année": lambda duration: duration.months // 12,
    "année entamée": lambda duration: -(-(duration.months + bool(duration.days)) // 12),
    "année au prorata des mois": lambda duration: divide(duration.months, 12),
    "mois": lambda duration: duration.months,
    "mois entamé": lambda duration: duration.months + bool(duration.days),
    "jour": lambda duration: _days(duration, ""),
    "jour ouvrable": lambda duration: _days(duration, "ouvrables"),
    "jour ouvré": lambda duration: _days(duration, "ouvrés"),
}
"""How many of each a duration has: whole ones, or begun ones. Raise ``ValueError`` where a duration does not tell."""


def parse_unit(words: str) -> str:
    """The key of ``UNITS`` that *words* mean: ``mois entamés``, ``années complètes``, ``an``. Raises ``KeyError``."""
    flat = " ".join(words.split())
    flat = re.sub(r"(?:\s(?:complet|complète|pleine?|écoulée?|calendaire)s?)(?!\w)", "", flat)
    flat = re.sub(r"^(?:années?|ans?)(?!\w)", "année", flat)
    unit = (
        flat if flat in UNITS else re.sub(r"(?<=\w)s(?!\w)", "", flat.replace("mois", "mois_")).replace("mois_", "mois")
    )
    if unit not in UNITS:
        raise KeyError(unit)
    return unit


def lengths(duration: Duration) -> tuple[int, int]:
    """The fewest and the most days that a duration may last: a month has 28 to 31 days, a year 365 or 366."""
    years, months = divmod(duration.months, 12)
    few = (0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334)[months]
    many = (0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337)[months]
    leaps = years // 4, years // 4 + (1 if years % 4 else 0)
    return years * 365 + max(0, leaps[0] - 1) + few + duration.days, years * 365 + leaps[1] + many + duration.days


def order(left: Duration, right: Duration) -> int:
    """Below, at or above zero as *left* is shorter than, as long as or longer than *right*.

    Raises ``ValueError`` with one sentence where the calendar decides: one month against 30 days.
    """
    if isinstance(left, Lapse) and not isinstance(right, Lapse):
        end = right.after(left.start)
        return (left.end > end) - (left.end < end)
    if isinstance(right, Lapse) and not isinstance(left, Lapse):
        return -order(right, left)
    if left.counted != right.counted:
        raise ValueError(f"'{left.words}' and '{right.words}' do not count the same days")
    ours, theirs = (left.months, left.days), (right.months, right.days)
    if ours[0] == theirs[0] or ours[1] == theirs[1] or max(left.days, right.days) < 28:
        return (ours > theirs) - (ours < theirs)
    (least, most), (few, many) = lengths(left), lengths(right)
    if most < few or least > many:
        return -1 if most < few else 1
    raise ValueError(f"'{left.words}' and '{right.words}' have no order: months have 28 to 31 days")
