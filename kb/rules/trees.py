"""From the trees of the grammar to expressions: one case for each of its forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from kb.ground.money import parse_money
from kb.ground.names import fold
from kb.ground.span import Span
from kb.rules import expressions as x
from kb.rules.values import ROUNDINGS, parse_duration, parse_ratio, parse_unit

if TYPE_CHECKING:
    from lark import Token, Tree

Branch = Any  # a lark tree or token: its grammar says which, which Python's types cannot
_CONDITIONS = ("or_", "and_", "negation", "compare", "among", "filled", "exists", "applies", "open_")
_OPERATORS = {"plus": "+", "minus": "-", "times": "fois", "divided": "divisé par"}


class Placing(Protocol):
    """Where the words of a clause stand in the file, and what is wrong with them."""

    def span(self, token: Token | None = None) -> Span:
        """The place of *token*, or of the clause."""

    def fault(self, code: str, sentence: str, span: Span, hint: str = "") -> None:
        """Tell what is wrong."""


class Expressions:
    """Reads the trees of one clause after another, whose *place* it asks."""

    def __init__(self, place: Placing) -> None:
        self.place = place

    def condition(self, tree: Branch) -> x.Node:
        """A condition: its smallest parts are leaves, each with the words that hold it."""
        children, span = tree.children, self.span(tree)
        match str(tree.data):
            case "or_":
                return x.Or(tuple(self.condition(child) for child in children), span)
            case "and_":
                return x.And(tuple(self.condition(child) for child in children), span)
            case "negation":
                return x.Not(self.condition(children[0]), span)
            case "open_":
                other = x.Leaf(
                    x.Name(fold(children[0]), self.place.span(children[0])), None, self.place.span(children[0])
                )
                return x.Open(other, self.condition(children[1]), span)
            case "upheld" if children[0].data in ("or_", "and_", "negation"):
                hint = "écrire un « selon » après chacune"
                self.place.fault("selon-trop-large", "Un « selon » tient une seule condition.", span, hint)
                return self.condition(children[0])
            case "upheld" if children[0].data == "open_":
                made = self.condition(children[0])
                assert isinstance(made, x.Open)
                other = x.Leaf(made.other.test, self.held(children[1]), made.other.span)  # type: ignore[attr-defined]
                return made._replace(other=other)
            case "upheld":
                return x.Leaf(self.expression(children[0]), self.held(children[1]), span)
        return x.Leaf(self.expression(tree), None, span)

    def value(self, tree: Branch) -> x.Node:
        """The right side of ``=``: a condition, cases, a scale, or an expression, with the words that hold it."""
        children, span = tree.children, self.span(tree)
        inner = children[0].data if tree.data == "upheld" else tree.data
        match str(tree.data):
            case "or_" if (words := _alternatives(tree)) is not None:
                return x.Lit("alternatives", words, span)
            case "cases":
                otherwise = None if children[-1].data == "case" else self.value(children[-1])
                cases = [case.children for case in children if case.data == "case"]
                made = tuple((self.value(value), self.condition(test)) for value, test in cases)
                return x.Cases(made, otherwise, span)
            case "whole" | "slices":
                base, *brackets = children
                read = tuple(self._bracket(bracket) for bracket in brackets)
                return x.Scale(self.expression(base), tree.data == "slices", read, span)
            case "groups":
                return self._groups(tree)
        if inner in _CONDITIONS:
            return self.condition(tree)
        if tree.data == "upheld":
            return x.Upheld(self.value(children[0]), self.held(children[1]), span)
        return self.expression(tree)

    def _bracket(self, tree: Branch) -> x.Bracket:
        held = self.held(tree.children[-1]) if getattr(tree.children[-1], "data", "") == "held" else None
        value = self.value(tree.children[0])
        if tree.data == "beyond":
            return x.Bracket(value, "<=", None, held, self.span(tree))
        assert tree.data == "bracket"
        op = "<=" if tree.children[1].startswith("jusqu") else "<"
        return x.Bracket(value, op, self.expression(tree.children[2]), held, self.span(tree))

    def _groups(self, tree: Branch) -> x.Groups:
        records, by, apart, other, *rest, summed, op, limit, held = tree.children
        aside = tuple(fold(token) for token in rest[0].children) if rest else ()
        names = tuple(fold(token) for token in apart.children)
        sides = fold(summed), str(op), self.value(limit), self.held(held)
        return x.Groups(fold(records), fold(by), names, fold(other), aside, *sides, self.place.span(op))

    def expression(self, tree: Branch) -> x.Node:
        """A calculation, or the smallest condition."""
        children, span = tree.children, self.span(tree)
        each = self.expression
        match str(tree.data):
            case "compare":
                return x.Compare(str(children[1]), each(children[0]), each(children[2]), span)
            case "among":
                return x.Among(each(children[0]), tuple(fold(child) for child in children[1:]), span)
            case "filled":
                return x.Filled(x.Name(fold(children[0]), span), " ".join(children[1].split()), span)
            case "exists":
                first, second, records, test = children
                return x.Exists(fold(first), fold(second), fold(records), self.condition(test), span)
            case "applies":
                return x.Applies(str(children[0]), span)
            case "plus" | "minus" | "times" | "divided" as form:
                return x.Arith(_OPERATORS[form], each(children[0]), each(children[1]), span)
            case "share":
                return x.Share(
                    x.Lit("taux", parse_ratio(children[0]), self.place.span(children[0])), each(children[1]), span
                )
            case "part":
                return x.Share(x.Name(fold(children[0]), self.place.span(children[0])), each(children[1]), span)
            case "per":
                return x.Per(each(children[0]), parse_unit(children[1]), each(children[2]), span)
            case "each":
                return x.Per(each(children[0]), parse_unit(children[1]), None, span)
            case "units":
                return x.Units(parse_unit(children[0]), each(children[1]), span)
            case "elapsed":
                return x.Elapsed(each(children[0]), each(children[1]), span)
            case "age":
                birth = x.Name(fold(children[0]), self.place.span(children[0]))
                return x.Age(birth, each(children[1]) if len(children) > 1 else None, span)
            case "rounded":
                unit, way = _rounding(children[1])
                return x.Rounded(each(children[0]), unit, way, span)
            case "capped":
                return x.Capped(each(children[0]), each(children[1]), span)
            case "extreme":
                words = " ".join(children[0].split())
                return x.Extreme(words, tuple(each(child) for child in children[1:]), span)
            case "count":
                test = self.condition(children[1]) if len(children) > 1 else None
                return x.Count(fold(children[0]), test, span)
            case "total":
                test = self.condition(children[2]) if len(children) > 2 else None
                return x.Total(each(children[0]), fold(children[1]), test, span)
            case "name":
                return x.Name(fold(children[0]), span)
            case "result":
                return x.Result(fold(children[0]), str(children[1]), span)
            case "today":
                return x.Today(span)
            case "period_end":
                return x.PeriodEnd(children[0].split()[-1].removeprefix("l'"), each(children[1]), span)
            case "or_" | "and_" | "negation" | "upheld" | "open_":
                self.place.fault("condition-deplacee", "Une condition ne se compare ni ne s'additionne.", span)
                return x.Lit("oui ou non", False, span)
        return self.literal(tree)

    def literal(self, tree: Branch) -> x.Lit:
        """A written value."""
        tokens = tree.children
        words, span = str(tokens[0]), self.span(tree)
        make = _LITERALS.get(str(tree.data))
        if make is not None:
            return x.Lit(*make(words), span)
        match str(tree.data):
            case "day":
                return x.Lit("date", self.day(tokens[0]), span)
            case "accounts":
                return x.Lit("comptes", tuple(map(str, tokens)), span)
            case "steps":
                return x.Lit("étapes", tuple(unquote(token) for token in tokens), span)
        raise ValueError(f"the grammar has a form that is not read: {tree.data}")

    def day(self, token: Token) -> date:
        """A day of the calendar, or a fault."""
        try:
            return date.fromisoformat(token)
        except ValueError:
            self.place.fault("date-impossible", f"Le {token} n'est pas un jour du calendrier.", self.place.span(token))
            return date.min

    def held(self, tree: Branch) -> x.Held:
        """The words of a ``selon``."""
        quote = tree.children[0]
        return x.Held(unquote(quote), self.place.span(quote))

    def span(self, tree: Branch) -> Span:
        """From the first to the last word of a tree."""
        tokens = list(tree.scan_values(lambda _: True))
        if not tokens:
            return self.place.span()
        first, last = self.place.span(tokens[0]), self.place.span(tokens[-1])
        return Span(first.source, first.start, last.end)


def _money(words: str) -> tuple[str, x.Literal]:
    flat = " ".join(words.split())
    for sign, spelt in (("€", "euro"), ("F", "franc")):
        flat = flat.replace(f"{spelt}s", sign).replace(spelt, sign)
    return "montant", parse_money(flat)


def _number(words: str) -> tuple[str, x.Literal]:
    return ("nombre", Decimal(words.replace(",", "."))) if "," in words else ("entier", int(words))


_LITERALS: dict[str, Callable[[str], tuple[str, x.Literal]]] = {
    "amount": _money, "number": _number,
    "ratio": lambda words: ("taux", parse_ratio(words)),
    "duration": lambda words: ("durée", parse_duration(words)),
    "truth": lambda words: ("oui ou non", words == "vrai"),
    "account": lambda words: ("compte", words),
    "words": lambda words: ("mot", unquote(words)),
}  # fmt: skip


def _rounding(words: str) -> tuple[str, str]:
    """``unit, way`` of ``arrondi à l'euro supérieur``."""
    flat = " ".join(words.replace("immédiatement", "").split()).split(" ", 1)[1]
    nearest = flat.endswith("proche")
    unit = flat.rsplit(" ", 3 if nearest else 1)[0]
    way = "le plus proche" if nearest else flat.rsplit(" ", 1)[1].removesuffix("e")
    assert way in ROUNDINGS
    return unit, way


def _alternatives(tree: Tree[Token]) -> tuple[str, ...] | None:
    """The words of ``« a » ou « b »``; ``None`` where something else stands among them."""
    every: list[Branch] = tree.children
    if not all(getattr(child, "data", "") == "words" for child in every):
        return None
    return tuple(unquote(child.children[0]) for child in every)


def unquote(token: str) -> str:
    """The words between « »."""
    return " ".join(token[1:-1].split())
