"""Expressions, values and types as words: one way of writing each, for answers, trails and messages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from kb.ground.money import EURO, FRANCS_PER_EURO, Money
from kb.rules import expressions as x
from kb.rules.values import Duration, Number, Ratio, multiply, plain

_WORDED = (Duration, Ratio)


def words_of(node: x.Node) -> str:
    """An expression as words.

    >>> words_of(x.Compare("<", x.Name("montant", None), x.Lit("montant", Money(Decimal(100)), None), None))
    'montant < 100.00 FRF'

    Raises ``TypeError`` where *node* is no expression.
    """
    match node:
        case x.Lit(kind, value):
            words = text_of(value, x.Kind(kind))
            return f"{kind} {words}" if kind in ("compte", "comptes") else words
        case x.Name(name):
            return name
        case x.Field(field, record):
            return f"{field} de {record}"
        case x.Today():
            return "ce jour"
        case x.Arith(op, left, right):
            return f"{_grouped(left, op != '+')} {op} {_grouped(right, op != '+')}"
        case x.Compare(op, left, right):
            return f"{words_of(left)} {op} {words_of(right)}"
        case x.Share(ratio, base):
            return f"{words_of(ratio)} de {_grouped(base)}"
        case x.Per(value, unit, of):
            return f"{words_of(value)} par {unit}" + (f" de {_grouped(of)}" if of else "")
        case x.Units(unit, of):
            return f"nombre de {unit} de {_grouped(of)}"
        case x.Elapsed(start, end):
            return f"durée écoulée de {words_of(start)} à {words_of(end)}"
        case x.Age(birth, day):
            return f"âge de {words_of(birth)}" + (f" au {words_of(day)}" if day else "")
        case x.Rounded(value, unit, way):
            return f"{words_of(value)} arrondi {unit} {way}"
        case x.Capped(value, cap):
            return f"{words_of(value)} dans la limite de {words_of(cap)}"
        case x.Extreme(words, parts):
            return f"{words} de ({', '.join(map(words_of, parts))})"
        case x.Scale(base, sliced, brackets):
            steps = " ; ".join(map(_bracket, brackets))
            return f"barème {'par tranches ' if sliced else ''}de {_grouped(base)} : {steps}"
        case x.Count(records, test):
            return f"nombre de {records}{_such_that(test)}"
        case x.Total(value, records, test):
            return f"somme de {words_of(value)} parmi {records}{_such_that(test)}"
        case x.PeriodEnd(period, day):
            return f"fin {'de l’' if period == 'année' else 'du '}{period} de {words_of(day)}".replace("’", "'")
        case x.Result(name, rule):
            return f"{name} selon la règle {rule}"
        case x.Applies(rule):
            return f"la règle {rule} s'applique"
        case x.Among(left, choices):
            return f"{words_of(left)} parmi {', '.join(choices)}"
        case x.Filled(value, words):
            return f"{words_of(value)} {words}"
        case x.Exists(first, second, records, test):
            return f"il existe {first}, {second} parmi {records} tels que {words_of(test)}"
        case x.Groups(records, by, names, other, aside, summed, op, limit):
            groups = ", ".join((*names, other)) + (f", hors {', '.join(aside)}" if aside else "")
            return f"groupes de {records} par {by} ({groups}) dont le cumul de {summed} {op} {words_of(limit)}"
        case x.Cases(cases, otherwise):
            said = [f"{words_of(value)} quand {words_of(test)}" for value, test in cases]
            return " ; ".join([*said, f"{words_of(otherwise)} sinon"] if otherwise else said)
        case x.Upheld(value) | x.Leaf(value):
            return words_of(value)
        case x.Not(inner):
            return f"non {_grouped(inner)}"
        case x.Unless(inner):
            return f"sauf si {words_of(inner)}"
        case x.And(parts):
            return " et ".join(f"({words_of(p)})" if isinstance(p, x.Or) else words_of(p) for p in parts)
        case x.Or(parts):
            return " ou ".join(words_of(p) for p in parts)
        case x.Open(other, listed):
            return f"par tout moyen {words_of(other)}, notamment ({words_of(listed)})"
    raise TypeError(f"no expression: {node!r}")


def _grouped(node: x.Node, sums: bool = True) -> str:
    """In parentheses where a reader would otherwise join it wrong."""
    inner = node.test if isinstance(node, x.Leaf) else node
    wide = (x.And, x.Or, x.Capped, x.Rounded, x.Compare)
    loose = isinstance(inner, wide) or (sums and isinstance(inner, x.Arith) and inner.op in "+-")
    return f"({words_of(node)})" if loose else words_of(node)


def _bracket(bracket: x.Bracket) -> str:
    if bracket.limit is None:
        return f"{words_of(bracket.value)} au-delà"
    return f"{words_of(bracket.value)} {'jusqu’à' if bracket.op == '<=' else 'en deçà de'} {words_of(bracket.limit)}".replace(
        "’", "'"
    )


def _such_that(test: x.Node | None) -> str:
    return f" tels que {words_of(test)}" if test else ""


def words_of_kind(kind: x.Kind) -> str:
    """A type as words: ``montant``, ``cotisation | autre``, ``liste de (type : mot, montant : montant)``."""
    if kind.name == "choix":
        return " | ".join(kind.choices)
    if kind.name == "liste":
        return f"liste de ({', '.join(f'{name} : {words_of_kind(of)}' for name, of in kind.fields)})"
    return "montant en euros" if kind == x.Kind("montant", ("EUR",)) else kind.name


def text_of(value: object, kind: x.Kind | None = None) -> str:
    """A value as words of an answer: ``99.99 FRF``, ``1997-03-07``, ``1 an``, ``vrai``, ``als, aah``.

    Numbers are amounts in francs but where *kind* says otherwise.
    """
    of = type(value)
    if of is bool:
        return "vrai" if value else "faux"
    if of is Decimal or of is int or of is Fraction:
        return _figures(value, kind)  # type: ignore[arg-type]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, _WORDED):
        return value.words
    if isinstance(value, tuple) and of is not Money:
        return ", ".join(map(str, value)) or "vide"
    return str(value)


def _figures(number: Number, kind: x.Kind | None) -> str:
    name = kind.name if kind is not None else "montant"
    if name == "taux":
        return f"{plain(multiply(number, 100))} %"
    return plain(number) if type(number) is int or name == "nombre" else money(number, kind)


def money(francs: Number, kind: x.Kind | None = None) -> str:
    """An amount as answers write it, in the currency of its kind, rounded half up to the cent: ``"99.99 FRF"``."""
    euros = kind is not None and bool(kind.choices)
    if not euros and type(francs) is Decimal:
        return str(Money(francs))
    exact = Fraction(francs) / Fraction(FRANCS_PER_EURO) if euros else Fraction(francs)
    cents = plain(exact, 2)
    whole, _, part = cents.partition(".")
    return f"{whole}.{part:0<2} {EURO if euros else 'FRF'}"


def reread(node: x.Node, reading: x.Compare) -> x.Node:
    """*node* with the comparison that has the sides of *reading* replaced by it; *node* itself where none has."""
    match node:
        case x.Leaf(x.Compare(op, left, right), held, span) if op != reading.op:
            same = (words_of(left), words_of(right)) == (words_of(reading.left), words_of(reading.right))
            return x.Leaf(reading, held, span) if same else node
        case x.And(parts) | x.Or(parts):
            parts = tuple(reread(part, reading) for part in parts)
            return x.And(parts, node.span) if isinstance(node, x.And) else x.Or(parts, node.span)
        case x.Not(inner, span):
            return x.Not(reread(inner, reading), span)
        case x.Unless(inner, span):
            return x.Unless(reread(inner, reading), span)
    return node
