"""How much, and when: the quantities of a text, each at its span. The grammar is ``grammar/quantities.lark``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kb.ground import parse
from kb.ground.names import fold
from kb.words.numbers import figures, part, plain, rank, whole

MONTHS = (
    "janv", "fevr", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec",
)  # fmt: skip
TIME = {"an": "an", "annee": "an", "mois": "mois", "semaine": "semaine", "jour": "jour", "heure": "heure"}


class Quantity(NamedTuple):
    """``value`` of ``unit`` at ``[start, end)``.

    ``value`` is a decimal with a dot ("0.49"), a fraction ("1/4") or a day ("2020-01-01", without a year "--12-31").
    ``unit`` is one of FRF EUR % fraction an mois semaine jour "jour ouvrable" "jour franc" heure date, or "" for what is
    counted. ``of`` is the noun counted, where there is one; ``ranked`` tells "quatrième" from "quatre".
    """

    start: int
    end: int
    value: str
    unit: str
    of: str = ""
    ranked: bool = False

    @property
    def lasts(self) -> bool:
        """Whether it is a length of time."""
        return self.unit.split(" ")[0] in TIME.values()


class Number(NamedTuple):
    """A number at its span; ``word`` where it is written in one word or more."""

    start: int
    end: int
    value: Decimal
    word: str = ""


Child = parse.Token | Number | Quantity | None


class Reading:
    """The values of the grammar's rules over one text: one method a rule, called at each reduction."""

    def __init__(self, text: str) -> None:
        self.text = text

    def words(self, token: parse.Token) -> str:
        return self.text[token.start : token.end]

    def number(self, c: Sequence[Child]) -> Number:
        first, *more = c
        if isinstance(first, Number):  # "trois (3)"
            return first._replace(end=_end(more[0]))
        assert isinstance(first, parse.Token)
        if first.type.endswith("FIGURES"):
            value, word = figures(self.words(first)), ""
        else:
            word = self.words(first)
            value = Decimal(whole(word))
        if more:
            assert isinstance(more[0], parse.Token)
            value *= whole(self.words(more[0]))
        return Number(first.start, _end(c[-1]), value, word)

    def length(self, c: Sequence[Child]) -> Quantity:
        number, *rest = c
        tokens = {token.type.rpartition("__")[2]: token for token in rest if isinstance(token, parse.Token)}
        assert isinstance(number, Number)
        value = number.value + (Decimal("0.5") if "HALF" in tokens else 0)
        unit = tokens["TIME"]
        return Quantity(number.start, _end(c[-1]), plain(value), _time(self.words(unit)))

    def amount(self, c: Sequence[Child]) -> Quantity:
        first = c[0]
        if isinstance(first, Quantity):
            if len(c) == 1:
                return first
            rest = c[2]
            assert isinstance(rest, Quantity)
            if first.unit != "an" or rest.unit != "mois":
                return first
            months = Decimal(first.value) * 12 + Decimal(rest.value)
            return Quantity(first.start, rest.end, plain(months), "mois")
        assert isinstance(first, Number)
        unit, of = "", ""
        if len(c) > 1:
            assert isinstance(c[1], parse.Token)
            kind = c[1].type.rpartition("__")[2]
            unit = {"FRANCS": "FRF", "EUROS": "EUR", "PERCENT": "%"}.get(kind, "")
            of = self.words(c[1]) if kind == "NOUN" else ""
        return Quantity(first.start, _end(c[-1]), plain(first.value), unit, of)

    def share(self, c: Sequence[Child]) -> Quantity:
        first, last = c[0], c[-1]
        assert isinstance(first, parse.Token) and isinstance(last, parse.Token)
        words = self.words(last)
        if first.type.endswith("RATIO"):
            above, below = map(int, re.findall(r"\d+", words))
            value = f"{above}/{below}"
        else:
            value = f"{whole(self.words(first)) if len(c) > 1 else 1}/{part(words)}"
        return Quantity(first.start, last.end, value, "fraction")

    def rank(self, c: Sequence[Child]) -> Quantity:
        first, last = c[0], c[-1]
        assert isinstance(first, parse.Token) and isinstance(last, parse.Token)
        unit = _time(self.words(last)) if last.type.endswith("TIME") else ""
        of = self.words(last) if last.type.endswith("NOUN") else ""
        return Quantity(first.start, last.end, str(rank(self.words(first))), unit, of, True)

    def day(self, c: Sequence[Child]) -> Quantity | None:
        """``None`` for a day that no calendar has."""
        first, last = c[0], c[-1]
        assert isinstance(first, parse.Token) and isinstance(last, parse.Token)
        parts = [self.words(token) for token in c if isinstance(token, parse.Token)]
        if len(parts) == 1:
            numbers = [int(part) for part in re.split(r"[-/.]", parts[0])]
            year, month, day = numbers if "-" in parts[0] else reversed(numbers)
        else:
            day = 1 if fold(parts[0]).startswith("p") else int(re.sub(r"\D", "", parts[0]))
            month = 1 + next(n for n, name in enumerate(MONTHS) if fold(parts[1]).startswith(name))
            year = int(parts[2]) if len(parts) > 2 else 0
        try:
            made = date(year or 2000, month, day)  # a leap year: the 29th of February has no year of its own
        except ValueError:
            return None
        value = made.isoformat() if year else f"--{month:02}-{day:02}"
        return Quantity(first.start, last.end, value, "date")

    def bare(self, c: Sequence[Child]) -> Child:
        return c[0]

    def quantity(self, c: Sequence[Child]) -> Quantity | None:
        return c[-1] if isinstance(c[-1], Quantity) else None

    def start(self, c: Sequence[Child]) -> Child:
        return c[0]


def _end(child: Child) -> int:
    assert child is not None
    return child.end


def _time(words: str) -> str:
    noun, _, kind = fold(words).partition(" ")
    unit = TIME.get(noun) or TIME[noun.removesuffix("s")]
    kind = kind.strip().removesuffix("s")
    return f"{unit} {kind}" if kind in ("ouvrable", "franc") else unit


@lru_cache(1)
def _make() -> list[parse.Make | None]:
    return parse.methods("quantities", Reading)


# where a number can begin; the grammar decides
_START = re.compile(
    r"(?<![\w.,°º\-/])(?:\d|z[ée]ro|une?\b|deu|troi|quat|cinq|si[xp]|sept|huit|neu|di[xm]|onz|douz|trei|quin|seiz|vingt|tren|quar|cinqu"
    r"|soix|septan|huitan|octan|nonan|cent|mil|moiti|tiers|second|premier\s+[jfmasond])",
    re.I,
)


_OF = re.compile(r"\s+(?:du|de|des)\b|\s+d['’]").match


def quantities(text: str) -> list[Quantity]:
    """Every quantity of *text*, in order, each at its span; the cost is linear in the length of the text.

    >>> [(q.value, q.unit) for q in quantities("d'un an à 500 000 F, soit les deux tiers, le 1er mai 1997")]
    [('1', 'an'), ('500000', 'FRF'), ('2/3', 'fraction'), ('1997-05-01', 'date')]
    """
    grammar, make, reading = parse.grammar("quantities"), _make(), Reading(text)
    found: list[Quantity] = []
    match = _START.search(text)
    while match is not None:
        walk = grammar.walk(text, match.start())
        at = match.end()
        if walk is not None:
            at = max(at, walk.end)
            made = grammar.build(walk, make, reading)
            # "un tiers" alone is a third party
            if isinstance(made, Quantity) and (made.value != "1/3" or _OF(text, made.end)):
                found.append(made)
        match = _START.search(text, at)
    return found


def days(text: str) -> set[date]:
    """The days, with their year, that *text* names.

    >>> sorted(map(str, days("du 27 décembre 1996, le 1er août 1993, le 31 février 1990 et le 3 mai")))
    ['1993-08-01', '1996-12-27']
    """
    return {date.fromisoformat(q.value) for q in quantities(text) if q.unit == "date" and q.value[0] != "-"}
