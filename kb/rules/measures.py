"""What words say of a value and of a limit, and whether a quote has them; ``kb.words`` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kb.ground.money import Money
from kb.rules import expressions as x
from kb.rules.values import Duration, Ratio
from kb.words.limits import Limit, bounds
from kb.words.quantities import quantities

_LENGTHS = {"an": (12, 0), "mois": (1, 0), "semaine": (0, 7), "jour": (0, 1)}  # in months and days
_ACCOUNT = re.compile(r"\b\d{2,8}\b")
#: For faults of a limit.
BOUNDARY_HINT = "inférieur à < · inférieur ou égal à, n'excède pas <= · atteint, au moins, délai minimum >= · dépasse >"


def boundaries(words: str) -> set[str]:
    """The operators that the boundary words of *words* state, denials included.

    >>> boundaries("d'un montant inférieur ou égal à 30 F"), boundaries("ne peut excéder 500 F"), boundaries("le seuil")
    ({'<='}, {'<='}, set())
    """
    return {bound.operator for bound in bounds(words, missed=True)} - {"="}


def bounds_of(stated: Iterable[Limit], lits: Sequence[x.Lit]) -> set[str]:
    """The operators under which values of *lits* are *stated*; all that are stated where none of those is bounded."""
    stated = [bound for bound in stated if bound.operator != "="]
    on = [bound for bound in stated if bound.value and any(_is(bound.value, bound.unit, lit) for lit in lits)]
    return {bound.operator for bound in on or stated}


def says(words: str, lit: x.Lit) -> bool:
    """Whether *words* hold the value of *lit*: its amount, delay, account numbers or day."""
    match lit.value:
        case Money() | Duration() | Ratio() | date() | Decimal():
            return any(_is(quantity.value, quantity.unit, lit) for quantity in quantities(words))
        case bool():
            return True
        case int() if lit.kind == "entier":
            return lit.value < 2 or any(_is(quantity.value, quantity.unit, lit) for quantity in quantities(words))
        case str() if lit.kind == "compte":
            return lit.value in _ACCOUNT.findall(words)
        case tuple() if lit.kind == "comptes":
            return set(lit.value) <= set(_ACCOUNT.findall(words))
    return True


def _is(value: str, unit: str, lit: x.Lit) -> bool:
    """Whether a quantity read in words is the value of *lit*."""
    match lit.value:
        case Money():
            return unit in ("FRF", "EUR") and Money(Decimal(value), unit).francs == lit.value.francs
        case Duration(months, days, _, counted):
            length, _, those = unit.partition(" ")
            in_months, in_days = _LENGTHS.get(length, (0, 0))
            if not (in_months or in_days) or those != counted.rstrip("s"):
                return False
            return Fraction(value) * in_months == months and Fraction(value) * in_days == days
        case Ratio(over, under):
            whole = {"%": 100, "fraction": 1}.get(unit)
            return whole is not None and Fraction(value) * under == over * whole
        case int() | Decimal() if not isinstance(lit.value, bool):
            return unit != "date" and Fraction(value) == Fraction(lit.value)
        case date():
            return unit == "date" and value == lit.value.isoformat()
    return False


def holds(held: str, quote: str) -> bool:
    """Whether *quote* has the words of a ``selon``, in order; an ellipsis stands for words left out.

    >>> holds("le délai … de 3 ans", "le délai minimum est ramené de 3 ans à 1 an"), holds("4 ans", "de 3 ans")
    (True, False)
    """
    parts = [r"\s+".join(map(re.escape, part.split())) for part in re.split(r"\[?…\]?", held)]
    return re.search(r"(?<!\w)" + r"\b.*?\b".join(part for part in parts if part) + r"(?!\w)", quote, re.S) is not None
