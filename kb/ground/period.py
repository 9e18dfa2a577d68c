"""When: days, and bounds that may be open or unknown.

An end that no source states is ``Edge.UNKNOWN``, never a made-up far date (promise 5).
``Edge.OPEN`` says that an authority declares no end: in force as far as it knows.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum


class Edge(Enum):
    """A bound that is not a date. The values are the words shown to jurists and kept in the store."""

    OPEN = "ouvert"
    UNKNOWN = "inconnu"


Bound = date | Edge


def parse_day(text: str) -> date:
    """An ISO day, ``1997-05-01``. Raises ``ValueError`` with one clear sentence."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError(f"'{text}' is not a day: write it as YYYY-MM-DD, for instance 1997-05-01")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a day of the calendar") from None


def to_json(bound: Bound) -> str | None:
    """ISO day, or ``None`` for an open or unknown bound (say which with ``edge_name``)."""
    return bound.isoformat() if isinstance(bound, date) else None


def edge_name(bound: Bound) -> str:
    """``date``, ``ouvert`` or ``inconnu``."""
    return "date" if isinstance(bound, date) else bound.value


def from_row(day: str | None, name: str) -> Bound:
    """The inverse of ``to_json`` and ``edge_name``: what the store keeps of a bound."""
    return date.fromisoformat(day) if day else Edge(name)


MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def in_french(day: date) -> str:
    """A day as French acts write it.

    >>> in_french(date(1993, 9, 1)), in_french(date(1997, 3, 7))
    ('1er septembre 1993', '7 mars 1997')
    """
    return f"{day.day if day.day > 1 else '1er'} {MONTHS[day.month - 1]} {day.year}"


def writes(words: str, day: date) -> bool:
    """Whether *words* write *day*: as acts do, in figures, or as ISO does.

    >>> [writes(words, date(1950, 3, 1)) for words in ("du 1er mars 1950", "1 mars\\n1950", "01/03/1950", "mars 1950")]
    [True, True, True, False]
    """
    folded = " ".join(words.split())
    return any(
        written in folded
        for written in (
            in_french(day),
            f"{day.day} {MONTHS[day.month - 1]} {day.year}",
            f"{day:%d/%m/%Y}",
            day.isoformat(),
        )
    )


_TAIL = re.compile(
    r"\bJORF\s+(?:du\s+)?(?P<published>{0})(?:\s+en\s+vigueur\s+le\s+(?P<effective>{0}))?".format(
        rf"\d{{1,2}}(?:er)?\s+(?:{'|'.join(MONTHS)})\s+\d{{4}}"
    ),
    re.I,
)


def stated_days(words: str) -> tuple[date | None, date | None]:
    """The days of publication and of entry into force that end the words of a link.

    >>> stated_days("Décret n°90-776 1990-09-03 art. 4 2° JORF 5 septembre 1990 en vigueur le 1er août 1990")
    (datetime.date(1990, 9, 5), datetime.date(1990, 8, 1))
    """
    found = _TAIL.search(words)
    return (_french_day(found["published"]), _french_day(found["effective"])) if found else (None, None)


def _french_day(words: str | None) -> date | None:
    if words is None:
        return None
    day, month, year = words.lower().split()
    try:
        return date(int(year), MONTHS.index(month) + 1, int(day.removesuffix("er")))
    except ValueError:
        return None
