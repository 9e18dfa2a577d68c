"""Days as documents write them: 3 MARS 1998, 12/08/05, 7-4-2004, 02.10.2012, 2017-07-24, …-20131018, « l'an deux mille dix-huit, le quinze novembre »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from kb.ground.names import fold
from kb.ground.period import MONTHS


class Day(NamedTuple):
    """A day written at ``[start, end)`` of some words."""

    start: int
    end: int
    day: date


_MONTH = {fold(month): i for i, month in enumerate(MONTHS, 1)} | {
    "janv": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_UNITS = [
    "zero",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_TENS = {
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "quatre-vingt": 80,
    "quatre-vingts": 80,
}


def written(words: str, century: int | None = None) -> Iterator[Day]:
    """The days in *words*, in order. *century* (1900, 2000) is that of years of two figures where something else tells it."""
    for match in _pattern().finditer(words):
        day = _day(match, century)
        if day:
            yield Day(match.start(), match.end(), day)


def first(words: str, century: int | None = None) -> date | None:
    """The first day in *words*."""
    return next((found.day for found in written(words, century)), None)


@cache
def _pattern() -> re.Pattern[str]:
    month = "|".join(
        (
            *MONTHS,
            "fevrier",
            "aout",
            "decembre",
            r"janv\.",
            r"f[ée]vr?\.",
            r"avr\.",
            r"juil\.",
            r"sept\.",
            r"oct\.",
            r"nov\.",
            r"d[ée]c\.",
        )
    )
    word = "|".join(sorted((*_UNITS[1:], *_TENS, "une", "et"), key=len, reverse=True))
    number = rf"(?:{word})(?:[-\s]+(?:{word})){{0,3}}"
    return re.compile(
        rf"""(?<![\w/])(?:
        (?P<d1>\d{{1,2}})\s*(?:er|°)?\s+(?P<m1>{month})\s+(?P<y1>\d{{4}})(?!\d)
        | (?P<y2>(?:1[5-9]|20)\d\d)-(?P<m2>\d\d)-(?P<d2>\d\d)(?!\d)
        | (?<=-)(?P<y6>(?:19|20)\d\d)(?P<m6>[01]\d)(?P<d6>[0-3]\d)(?![\w-])
        | (?P<d3>\d{{1,2}})\s?(?P<sep>[/.\-])\s?(?P<m3>\d{{1,2}})\s?(?P=sep)\s?(?P<y3>(?:1[5-9]|20)?\d\d)(?![\d/]|[.\-]\d)
        | l['’]an\s+(?P<y4>deux\s+mille(?:[\s-]+{number})?|mil(?:le)?\s+neuf\s+cent\s+{number})\s*,?\s*(?:et\s+)?le\s+(?:\w+di\s+)?
          (?P<d4>\d{{1,2}}(?:er)?|premier|{number})\s+(?P<m4>{month})
        | (?P<d5>premier|{number})\s+(?P<m5>{month})\s+(?P<y5>deux\s+mille(?:[\s-]+{number})?|mil(?:le)?\s+neuf\s+cent\s+{number})
        )""",
        re.I | re.X,
    )


def _day(match: re.Match[str], century: int | None) -> date | None:
    found = match.groupdict()
    rank = next(i for i in "123456" if found[f"d{i}"])
    try:
        month = found[f"m{rank}"]
        year = _number(found[f"y{rank}"])
        if rank == "3" and len(found["y3"]) == 2:
            year += century if century is not None else 1900 if year > 40 else 2000
        return date(
            year, int(month) if month.isdigit() else _MONTH[fold(month).rstrip(".")], _number(found[f"d{rank}"])
        )
    except (ValueError, KeyError):
        return None


def _number(words: str) -> int:
    """A number in figures or in words below 2100. Raises ``ValueError``."""
    folded = fold(words).removesuffix("er").strip() if words[:1].isdigit() else fold(words)
    if folded.isdigit():
        return int(folded)
    if folded == "premier":
        return 1
    total = 0
    mille = re.match(r"(deux\s+mille|mil(?:le)?\s+neuf\s+cents?)[\s-]*", folded)
    if mille:
        total, folded = (2000 if mille[1].startswith("deux") else 1900), folded[mille.end() :]
    rest = re.sub(r"[\s-]+et[\s-]+", "-", folded.strip()).replace(" ", "-")
    for tens, value in sorted(_TENS.items(), key=lambda item: -len(item[0])):
        if rest == tens or rest.startswith(tens + "-"):
            total, rest = total + value, rest[len(tens) + 1 :]
            break
    if rest:
        total += _UNITS.index("un" if rest == "une" else rest)
    return total
