"""Conditions and calculations of a rule as closures, made once.

A value that rests on a fact nobody gave is ``Missing`` and names that fact; ``et`` and ``ou`` follow Kleene, so that what is
already decided asks for nothing more.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from kb.ground.fault import Misuse
from kb.ground.money import Money
from kb.rules import model as m


class Missing(tuple[str, ...]):
    """A value that cannot be known: the names of the facts it lacks."""

    __slots__ = ()


class Run:
    """One evaluation: facts and named values, the day, and the conditions met so far."""

    __slots__ = ("at", "because", "values")

    def __init__(self, values: dict[str, Any], at: date) -> None:
        self.values, self.at = values, at
        self.because: list[dict[str, Any]] = []


Value = Callable[[Run], Any]
_OPS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">=": operator.ge, ">": operator.gt, "=": operator.eq,
}  # fmt: skip


def literal(lit: m.Lit) -> Any:
    return lit.value.francs if isinstance(lit.value, Money) else lit.value


class Compiler:
    """``value`` makes the closure of a node; ``amounts`` are the facts that cannot be negative."""

    def __init__(self, amounts: set[str], quiet: bool = False) -> None:
        self.amounts, self.quiet = amounts, quiet

    def value(self, node: m.Node) -> Value:
        method: Callable[[Any], Value] = getattr(self, f"_{type(node).__name__.lower()}")
        return method(node)

    def _lit(self, node: m.Lit) -> Value:
        value = literal(node)
        return lambda run: value

    def _name(self, node: m.Name) -> Value:
        name, unknown = node.name, Missing((node.name,))
        return lambda run: run.values.get(name, unknown)

    def _field(self, node: m.Field) -> Value:
        record, field = node.record, node.field
        return lambda run: run.values[record][field]

    def _today(self, node: m.Today) -> Value:
        return lambda run: run.at

    def _pair(self, left: m.Node, right: m.Node, of: Callable[[Any, Any], Any]) -> Value:
        a, b = self.value(left), self.value(right)

        def pair(run: Run) -> Any:
            x, y = a(run), b(run)
            if type(x) is Missing or type(y) is Missing:
                return _both(x, y)
            return of(x, y)

        return pair

    def _arith(self, node: m.Arith) -> Value:
        return self._pair(node.left, node.right, _add if node.op == "+" else operator.sub)

    def _capped(self, node: m.Capped) -> Value:
        return self._pair(node.value, node.cap, min)

    def _yearend(self, node: m.YearEnd) -> Value:
        day = self.value(node.day)

        def year_end(run: Run) -> Any:
            value = day(run)
            return value if type(value) is Missing else date(value.year, 12, 31)

        return year_end

    def _compare(self, node: m.Compare) -> Value:
        compare, amounts = _OPS[node.op], self.amounts
        a, b = self.value(node.left), self.value(node.right)

        def test(run: Run) -> Any:
            x, y = a(run), b(run)
            if type(x) is Missing or type(y) is Missing:
                decided = _decided(node, run, amounts)
                return _both(x, y) if decided is None else decided
            return compare(x, y)

        return test

    def _among(self, node: m.Among) -> Value:
        left, choices = self.value(node.left), node.choices

        def among(run: Run) -> Any:
            value = left(run)
            return value if type(value) is Missing else value in choices

        return among

    def _filled(self, node: m.Filled) -> Value:
        value = self.value(node.value)

        def filled(run: Run) -> Any:
            found = value(run)
            return found if type(found) is Missing else bool(found)

        return filled

    def _exists(self, node: m.Exists) -> Value:
        test = Compiler(self.amounts, quiet=True).value(node.test)
        first, second, records = node.first, node.second, node.records

        def exists(run: Run) -> Any:
            every = run.values.get(records, Missing((records,)))
            if type(every) is Missing:
                return every
            lacking: list[str] = []
            for i, one in enumerate(every):
                run.values[first] = one
                for j, other in enumerate(every):
                    if i != j:
                        run.values[second] = other
                        holds = test(run)
                        if holds is True:
                            return True
                        if type(holds) is Missing:
                            lacking += holds
            return Missing(dict.fromkeys(lacking)) if lacking else False

        return exists

    def _groups(self, node: m.Groups) -> Value:
        compare, limit = _OPS[node.op], self.value(node.limit)

        def groups(run: Run) -> Any:
            every = run.values.get(node.records, Missing((node.records,)))
            if type(every) is Missing:
                return every
            sums: dict[str, Decimal] = {}
            lacking: list[str] = []
            for record in every:
                name, amount = record[node.by], record[node.summed]
                lacking += [missing for field in (name, amount) if type(field) is Missing for missing in field]
                if not lacking:
                    group = name if name in node.names else node.other
                    sums[group] = sums.get(group, Decimal(0)) + amount
            most = limit(run)
            if lacking or type(most) is Missing:
                return Missing((*lacking, *(most if type(most) is Missing else ())))
            return tuple(name for name in (*node.names, node.other) if name in sums and compare(sums[name], most))

        return groups

    def _cases(self, node: m.Cases) -> Value:
        cases = [(self.value(test), self.value(value)) for value, test in node.cases]

        def choose(run: Run) -> Any:
            for test, value in cases:
                holds = test(run)
                if holds is not False:
                    return holds if type(holds) is Missing else value(run)
            return Missing(())

        return choose

    def _upheld(self, node: m.Upheld) -> Value:
        return self.value(node.value)

    def _leaf(self, node: m.Leaf) -> Value:
        test, words = self.value(node.test), m.words_of(node.test)
        if self.quiet:
            return test
        seen = self._seen(node.test)

        def leaf(run: Run) -> Any:
            holds = test(run)
            told = None if type(holds) is Missing else holds
            run.because.append({"condition": words, "value": seen(run), "holds": told})
            return holds

        return leaf

    def _seen(self, test: m.Node) -> Callable[[Run], str]:
        """What a condition saw: each side that is not written in the rule, with its value."""
        sides: tuple[m.Node, ...]
        match test:
            case m.Compare(_, left, right):
                sides = (left, right)
            case m.Among(left) | m.Filled(left):
                sides = (left,)
            case m.Exists(_, _, records):
                sides = (m.Name(records, None),)
            case _:
                sides = (test,)
        shown = [(m.words_of(side), side, self.value(side)) for side in sides if not isinstance(side, m.Lit)]

        def seen(run: Run) -> str:
            return " ; ".join(
                [f"{words} = {_show(value(run), side, run, self.amounts)}" for words, side, value in shown]
            )

        return seen

    def _not(self, node: m.Not) -> Value:
        inner = self.value(node.inner)

        def negation(run: Run) -> Any:
            holds = inner(run)
            return holds if type(holds) is Missing else not holds

        return negation

    def _and(self, node: m.And) -> Value:
        return self._kleene(node.parts, False)

    def _or(self, node: m.Or) -> Value:
        return self._kleene(node.parts, True)

    def _kleene(self, nodes: tuple[m.Node, ...], decisive: bool) -> Value:
        parts = [self.value(part) for part in nodes]

        def kleene(run: Run) -> Any:
            seen = [part(run) for part in parts]  # all of them: because tells every condition
            if decisive in seen:
                return decisive
            lacking = [name for value in seen if type(value) is Missing for name in value]
            return Missing(dict.fromkeys(lacking)) if lacking else not decisive

        return kleene


def _add(left: Any, right: Any) -> Any:
    if type(right) is not m.Duration:
        return left + right
    try:
        return right.after(left)
    except OverflowError as error:
        raise Misuse(str(error)) from None


def _both(left: Any, right: Any) -> Missing:
    lacking = [name for value in (left, right) if type(value) is Missing for name in value]
    return Missing(dict.fromkeys(lacking))


def _show(value: Any, side: m.Node, run: Run, amounts: set[str]) -> str:
    """A value in words; of an amount not wholly known, the least that it may be."""
    if type(value) is Missing:
        least = _range(side, run, amounts)
        return f"au moins {m.text_of(least[0])}" if least and least[0] else "inconnu"
    if type(value) is tuple and value and isinstance(value[0], dict):
        return " ; ".join(", ".join(f"{k} {_word(v)}" for k, v in record.items()) for record in value)
    return m.text_of(value)


def _word(value: Any) -> str:
    return "inconnu" if type(value) is Missing else m.text_of(value)


# A comparison may be decided before all amounts are known, because none is negative: 150 F and more is not less than 100 F.

_ENDLESS = Decimal("Infinity")


def _decided(node: m.Compare, run: Run, amounts: set[str]) -> bool | None:
    left, right = _range(node.left, run, amounts), _range(node.right, run, amounts)
    if left is None or right is None:
        return None
    (low, high), (floor, ceiling) = left, right
    match node.op:
        case "<":
            return True if high < floor else False if low >= ceiling else None
        case "<=":
            return True if high <= floor else False if low > ceiling else None
        case ">":
            return True if low > ceiling else False if high <= floor else None
        case ">=":
            return True if low >= ceiling else False if high < floor else None
    return None


def _range(node: m.Node, run: Run, amounts: set[str]) -> tuple[Decimal, Decimal] | None:
    """The least and the greatest amount that *node* may be; ``None`` when it is no amount."""
    match node:
        case m.Lit(value=Money() as money):
            return money.francs, money.francs
        case m.Name(name):
            value = run.values.get(name)
            if isinstance(value, Decimal):
                return value, value
            return (Decimal(0), _ENDLESS) if name in amounts else None
        case m.Arith("+", a, b):
            left, right = _range(a, run, amounts), _range(b, run, amounts)
            return (left[0] + right[0], left[1] + right[1]) if left and right else None
    return None
