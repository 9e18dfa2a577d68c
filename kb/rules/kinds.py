"""The types of values: which may meet, and what their meeting gives."""

from __future__ import annotations

from collections.abc import Mapping

from kb.ground.fault import Fault
from kb.ground.money import EURO, Money
from kb.ground.span import Span
from kb.rules import expressions as x

AMOUNT, EUROS, DAY, DURATION = x.Kind("montant"), x.Kind("montant", (EURO,)), x.Kind("date"), x.Kind("durée")
NUMBER, WHOLE, RATE, TRUTH = x.Kind("nombre"), x.Kind("entier"), x.Kind("taux"), x.Kind("oui ou non")
UNKNOWN = x.Kind("?")
ORDERED = ("montant", "date", "entier", "nombre", "durée", "taux", "?")
Results = Mapping[tuple[str, str], x.Kind]  # by rule and effect

# What ``left op right`` gives, by the names of the kinds; numbers are both ``entier`` and ``nombre``.
_SUMS = {("montant", "montant"), ("nombre", "nombre"), ("taux", "taux")}
ARITHMETIC: dict[str, dict[tuple[str, str], str]] = {
    "+": {**{pair: pair[0] for pair in _SUMS}, ("date", "durée"): "date", ("durée", "durée"): "durée"},
    "-": {**{pair: pair[0] for pair in _SUMS}, ("date", "durée"): "date"},
    "fois": {
        ("nombre", "nombre"): "nombre", ("nombre", "montant"): "montant", ("montant", "nombre"): "montant",
        ("nombre", "taux"): "taux", ("taux", "nombre"): "taux",
    },
    "divisé par": {
        ("nombre", "nombre"): "nombre", ("montant", "nombre"): "montant", ("montant", "montant"): "nombre",
        ("taux", "nombre"): "taux",
    },
}  # fmt: skip


def fault(code: str, sentence: str, span: Span | None, hint: str = "") -> Fault:
    """A grave fault."""
    return Fault(code, sentence, span, hint, grave=True)


def near(word: str, known: Mapping[str, object]) -> str:
    """A hint that names what *word* may have been meant to be."""
    from difflib import get_close_matches

    found = get_close_matches(word, list(known), 1, 0.6)
    return f"peut-être « {found[0]} »" if found else ""


def joined(left: x.Kind, right: x.Kind) -> x.Kind:
    """The kind of a value that is of either kind: euros win over francs, decimals over whole numbers."""
    if left == right or right == UNKNOWN:
        return left
    if left == UNKNOWN:
        return right
    if left.name == right.name == "montant":
        return EUROS
    return NUMBER if {left.name, right.name} == {"nombre", "entier"} else left


def alike(left: x.Kind, right: x.Kind) -> bool:
    """Whether values of the two kinds can be compared and stand for each other."""
    return UNKNOWN in (left, right) or general(left) == general(right)


def general(kind: x.Kind) -> str:
    return "nombre" if kind.name == "entier" else kind.name


def of_literal(lit: x.Lit) -> x.Kind:
    """The kind of a written value."""
    euros = isinstance(lit.value, Money) and lit.value.currency == EURO
    return EUROS if euros else x.Kind(lit.kind)
