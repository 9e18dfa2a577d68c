"""What a condition saw, in words: the line of ``because`` that an answer tells."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from kb.rules import expressions as x
from kb.rules.bounds import Ranges
from kb.rules.kinds import UNKNOWN, joined
from kb.rules.phrases import money, text_of, words_of
from kb.rules.run import Known, Missing, Run, Value


class Compiling(Protocol):
    """What makes closures of expressions and knows their types."""

    ranges: Ranges

    def value(self, node: x.Node) -> Value:
        """The closure of a node."""

    def kind(self, node: x.Node) -> x.Kind:
        """Its type."""


def seen_by(test: x.Node, compiler: Compiling) -> Callable[[Run], str]:
    """What a condition saw: each side that is not written in the rule, with its value."""
    sides: tuple[x.Node, ...]
    match test:
        case x.Compare(_, left, right):
            sides = (left, right)
        case x.Among(left) | x.Filled(left):
            sides = (left,)
        case x.Exists(_, _, records):
            sides = (x.Name(records, None),)
        case _:
            sides = (test,)
    kind = UNKNOWN
    for side in sides:
        kind = joined(kind, compiler.kind(side))
    shown = [(words_of(side), side, compiler.value(side)) for side in sides if not isinstance(side, x.Lit)]

    def seen(run: Run) -> str:
        return " ; ".join(
            [f"{words} = {_show(value(run), side, kind, run, compiler.ranges)}" for words, side, value in shown]
        )

    return seen


def _show(value: Known, side: x.Node, kind: x.Kind, run: Run, ranges: Ranges) -> str:
    """A value in words; of an amount not wholly known, the least that it may be."""
    if type(value) is Missing:
        least = ranges.of(side, run.values)
        return f"au moins {text_of(least[0], kind)}" if least and least[0] else "inconnu"
    if type(value) is Decimal and kind.name == "montant":
        return money(value, kind)
    if type(value) is tuple and value and isinstance(value[0], dict):
        return " ; ".join(", ".join(f"{k} {_word(v)}" for k, v in record.items()) for record in value)
    return text_of(value, kind)


def _word(value: Known) -> str:
    return "inconnu" if type(value) is Missing else text_of(value)
