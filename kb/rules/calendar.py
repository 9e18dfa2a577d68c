"""Days that count: French legal holidays, working days, and delays in them.

Legal holidays are the eleven of article L3133-1 of the Code du travail; those of Alsace-Moselle and overseas are not among
them. *Ouvrables* are all days but Sundays and holidays, *ouvrés* are also not Saturdays. A delay in *francs* leaves out both
its first and its last day, and runs on to the next day that is neither a Saturday, a Sunday nor a holiday.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_DAY = timedelta(1)


@lru_cache(256)
def holidays(year: int) -> frozenset[date]:
    """The legal holidays of a year.

    >>> sorted(holidays(2024) - holidays(2024).intersection(date(2024, m, d) for m, d in _FIXED))[0]
    datetime.date(2024, 4, 1)
    """
    sunday = easter(year)
    moving = (sunday + timedelta(days) for days in (1, 39, 50))  # Easter Monday, Ascension, Whit Monday
    return frozenset({*(date(year, month, day) for month, day in _FIXED), *moving})


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus's algorithm)."""
    golden, century, rest = year % 19, year // 100, year % 100
    leap, over = divmod(century, 4)
    epact = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * over + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def counts(day: date, counted: str) -> bool:
    """Whether *day* is one of the days that *counted* (``""``, ``ouvrables``, ``ouvrés``, ``francs``) counts."""
    if counted in ("", "francs"):
        return True
    rest = {"ouvrables": 6, "ouvrés": 5}[counted]
    return day.weekday() < rest and day not in holidays(day.year)


def days_after(day: date, days: int, counted: str) -> date:
    """The day on which *days* of those that are *counted* have passed since *day*; before it where *days* is negative.

    >>> days_after(date(2024, 4, 30), 2, "ouvrables"), days_after(date(2024, 5, 2), 1, "francs")
    (datetime.date(2024, 5, 3), datetime.date(2024, 5, 6))

    Raises ``OverflowError`` outside of the years 1 to 9999.
    """
    step = _DAY if days >= 0 else -_DAY
    if counted == "francs":
        day += (abs(days) + 1) * step
        while not counts(day, "ouvrés"):
            day += step
        return day
    for _ in range(abs(days)):
        day += step
        while not counts(day, counted):
            day += step
    return day


def days_between(start: date, end: date, counted: str) -> int:
    """How many days that are *counted* there are after *start* and up to *end*; none where *end* is not after it."""
    if counted == "":
        return max(0, (end - start).days)
    return sum(counts(start + timedelta(n), counted) for n in range(1, (end - start).days + 1))
