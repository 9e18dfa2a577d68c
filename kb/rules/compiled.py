"""Conditions and calculations of a rule as closures, made once.

A value that rests on a fact nobody gave is ``Missing`` and names that fact; ``et`` and ``ou`` follow Kleene, so that what is
already decided asks for nothing more.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import cast

from kb.ground.fault import Misuse
from kb.ground.money import EURO, FRANCS_PER_EURO, Money
from kb.rules import expressions as x
from kb.rules.bounds import Ranges
from kb.rules.kinds import DURATION, UNKNOWN
from kb.rules.phrases import words_of
from kb.rules.reckon import ARITHMETIC, OPS, STEPS, Bracket, greatest, in_order, least, sliced, units, whole
from kb.rules.run import Known, Missing, Run, Value, both, lacking, one
from kb.rules.seen import seen_by
from kb.rules.typed import Typing
from kb.rules.values import Lapse, Number, Ratio, add, divide, multiply, rounded


def literal(lit: x.Lit) -> Known:
    """A written value as evaluations hold it: amounts in francs, ratios as numbers."""
    if isinstance(lit.value, Money):
        return lit.value.francs
    return lit.value.value if isinstance(lit.value, Ratio) else lit.value


class Compiler:
    """``value`` makes the closure of a node, whose types *typing* knows; *ranges* bound the amounts not given."""

    def __init__(self, typing: Typing, ranges: Ranges, quiet: bool = False) -> None:
        self.typing, self.ranges, self.quiet = typing, ranges, quiet

    def value(self, node: x.Node) -> Value:
        return cast(Callable[[x.Node], Value], getattr(self, f"_{type(node).__name__.lower()}"))(node)

    def kind(self, node: x.Node) -> x.Kind:
        return self.typing.of(node)[1]

    # Values.

    def _lit(self, node: x.Lit) -> Value:
        value = literal(node)
        return lambda run: value

    def _name(self, node: x.Name) -> Value:
        name, unknown = node.name, Missing((node.name,))
        return lambda run: run.values.get(name, unknown)

    def _field(self, node: x.Field) -> Value:
        record, field = node.record, node.field
        return lambda run: run.values[record][field]

    def _today(self, node: x.Today) -> Value:
        return lambda run: run.at

    def _of(self, nodes: Iterable[x.Node], make: Callable[..., Known]) -> Value:
        """*make* of the values of *nodes*, where all are known."""
        closures = [self.value(node) for node in nodes]
        if len(closures) == 1:
            return one(closures[0], make)
        if len(closures) == 2:
            return both(closures[0], closures[1], make)

        def of(run: Run) -> Known:
            values = [closure(run) for closure in closures]
            missing = lacking(values)
            return make(*values) if missing is None else missing

        return of

    def _arith(self, node: x.Arith) -> Value:
        day, durations = self.kind(node.left).name == "date", self.kind(node.left) == DURATION
        make = ARITHMETIC[node.op, "date" if day else "durée" if durations else ""]
        if node.op != "divisé par":
            return self._of((node.left, node.right), make)
        words = words_of(node.right)

        def quotient(left: Number, right: Number) -> Number:
            try:
                return divide(left, right)
            except ZeroDivisionError:
                raise Misuse(f"division by zero: {words} = 0") from None

        return self._of((node.left, node.right), quotient)

    def _share(self, node: x.Share) -> Value:
        return self._of((node.ratio, node.base), multiply)

    def _per(self, node: x.Per) -> Value:
        assert node.of is not None
        return self._of((node.value, node.of), lambda value, of: multiply(value, units(node.unit, of)))

    def _units(self, node: x.Units) -> Value:
        return self._of((node.of,), lambda of: units(node.unit, of))

    def _elapsed(self, node: x.Elapsed) -> Value:
        return self._of((node.start, node.end), Lapse.between)

    def _age(self, node: x.Age) -> Value:
        return self._of((node.birth, node.day or x.Today(None)), Lapse.between)

    def _rounded(self, node: x.Rounded) -> Value:
        euros = self.kind(node.value).choices == (EURO,)
        euros = "euro" in node.unit or (euros and "centime" in node.unit)
        step = multiply(STEPS[node.unit], FRANCS_PER_EURO if euros else 1)
        return self._of((node.value,), lambda value: rounded(value, step, node.way))

    def _capped(self, node: x.Capped) -> Value:
        return self._of((node.value, node.cap), least if self.kind(node.value) == DURATION else min)

    def _extreme(self, node: x.Extreme) -> Value:
        durations = self.kind(node) == DURATION
        if node.greatest:
            return self._of(node.parts, greatest if durations else max)
        return self._of(node.parts, least if durations else min)

    def _scale(self, node: x.Scale) -> Value:
        base, durations = self.value(node.base), self.kind(node.base) == DURATION
        brackets = [self._bracket(bracket, durations) for bracket in node.brackets]
        return sliced(base, brackets) if node.sliced else whole(base, brackets)

    def _bracket(self, node: x.Bracket, durations: bool) -> Bracket:
        value = node.value.value if isinstance(node.value, x.Upheld) else node.value
        unit = ""
        if isinstance(value, x.Per) and value.of is None:
            unit, value = value.unit, value.value
        compare = in_order if durations else lambda left, right: (left > right) - (left < right)
        limit = self.value(node.limit) if node.limit else None
        return Bracket(self.value(value), limit, OPS[node.op], unit, compare)

    def _periodend(self, node: x.PeriodEnd) -> Value:
        months = {"année": 12, "trimestre": 3, "mois": 1}[node.period]

        def end(day: date) -> date:
            month = -(-day.month // months) * months
            return (
                date(day.year, 12, 31)
                if month == 12
                else date.fromordinal(date(day.year, month + 1, 1).toordinal() - 1)
            )

        return self._of((node.day,), end)

    def _result(self, node: x.Result) -> Value:
        nothing = Missing((words_of(node),))

        def result(run: Run) -> Known:
            other = run.other(node.rule)
            return other.values.get(node.name, Missing(other.missing) if other.missing else nothing)

        return result

    def _cases(self, node: x.Cases) -> Value:
        cases = [(self.value(test), self.value(value)) for value, test in node.cases]
        otherwise = self.value(node.otherwise) if node.otherwise else lambda run: Missing(())

        def choose(run: Run) -> Known:
            for test, value in cases:
                holds = test(run)
                if holds is not False:
                    return holds if type(holds) is Missing else value(run)
            return otherwise(run)

        return choose

    def _upheld(self, node: x.Upheld) -> Value:
        return self.value(node.value)

    # Lists.

    def _inside(self, records: str) -> Compiler:
        return Compiler(self.typing.inside(records, None), self.ranges, quiet=True)

    def _count(self, node: x.Count) -> Value:
        return self._sum(node.records, x.Lit("entier", 1, None), node.test)

    def _total(self, node: x.Total) -> Value:
        return self._sum(node.records, node.value, node.test)

    def _sum(self, records: str, value: x.Node, test: x.Node | None) -> Value:
        inside = self._inside(records)
        each, holds = inside.value(value), inside.value(test) if test else lambda run: True
        zero: Number = 0 if inside.kind(value).name == "entier" else Decimal(0)

        def total(run: Run) -> Known:
            every = run.values.get(records, Missing((records,)))
            if type(every) is Missing:
                return every
            seen: list[Known] = []
            for record in every:
                inner = run.inside(record)
                held = holds(inner)
                if held is not False:
                    seen.append(held if type(held) is Missing else each(inner))
            missing = lacking(seen)
            if missing is not None:
                return missing
            amount = zero
            for part in seen:
                amount = add(amount, part)
            return amount

        return total

    def _exists(self, node: x.Exists) -> Value:
        record = x.Kind("fiche", fields=self.typing.scope.get(node.records, UNKNOWN).fields)
        scope = {**self.typing.scope, node.first: record, node.second: record}
        typing = Typing(scope, self.typing.results, [], set())
        test = Compiler(typing, self.ranges, quiet=True).value(node.test)
        first, second, records = node.first, node.second, node.records

        def exists(run: Run) -> Known:
            every = run.values.get(records, Missing((records,)))
            if type(every) is Missing:
                return every
            seen: list[Known] = []
            for i, this in enumerate(every):
                run.values[first] = this
                for j, other in enumerate(every):
                    if i != j:
                        run.values[second] = other
                        holds = test(run)
                        if holds is True:
                            return True
                        seen.append(holds)
            missing = lacking(seen)
            return False if missing is None else missing

        return exists

    def _groups(self, node: x.Groups) -> Value:
        compare, limit = OPS[node.op], self.value(node.limit)

        def groups(run: Run) -> Known:
            every = run.values.get(node.records, Missing((node.records,)))
            if type(every) is Missing:
                return every
            most = limit(run)
            missing = lacking([most, *(record[field] for record in every for field in (node.by, node.summed))])
            if missing is not None:
                return missing
            sums: dict[str, Number] = {}
            for record in every:
                if record[node.by] in node.aside:
                    continue
                group = record[node.by] if record[node.by] in node.names else node.other
                sums[group] = add(sums.get(group, 0), record[node.summed])
            return tuple(name for name in (*node.names, node.other) if name in sums and compare(sums[name], most))

        return groups

    # Conditions.

    def _compare(self, node: x.Compare) -> Value:
        compare, ranges = OPS[node.op], self.ranges
        a, b = self.value(node.left), self.value(node.right)
        if self.kind(node.left) == DURATION:
            return both(a, b, lambda left, right: compare(in_order(left, right), 0))

        def test(run: Run) -> Known:
            left, right = a(run), b(run)
            if type(left) is Missing or type(right) is Missing:
                decided = ranges.decided(node, run.values)
                return lacking((left, right)) if decided is None else decided
            return compare(left, right)

        return test

    def _among(self, node: x.Among) -> Value:
        return self._of((node.left,), lambda value: value in node.choices)

    def _filled(self, node: x.Filled) -> Value:
        return self._of((node.value,), bool)

    def _applies(self, node: x.Applies) -> Value:
        def applies(run: Run) -> Known:
            other = run.other(node.rule)
            return Missing(other.missing) if other.applies is None else other.applies

        return applies

    def _leaf(self, node: x.Leaf) -> Value:
        test, words = self.value(node.test), words_of(node.test)
        if self.quiet:
            return test
        seen = seen_by(node.test, self)

        def leaf(run: Run) -> Known:
            holds = test(run)
            told = None if type(holds) is Missing else holds
            run.because.append({"condition": words, "value": seen(run), "holds": told})
            return holds

        return leaf

    def _not(self, node: x.Not) -> Value:
        return self._of((node.inner,), operator.not_)

    def _unless(self, node: x.Unless) -> Value:
        return self._of((node.inner,), operator.not_)

    def _and(self, node: x.And) -> Value:
        return self._kleene(node.parts, False)

    def _or(self, node: x.Or) -> Value:
        return self._kleene(node.parts, True)

    def _open(self, node: x.Open) -> Value:
        return self._kleene((node.listed, node.other), True)

    def _kleene(self, nodes: tuple[x.Node, ...], decisive: bool) -> Value:
        parts = [self.value(part) for part in nodes]

        def kleene(run: Run) -> Known:
            seen = [part(run) for part in parts]  # all of them: because tells every condition
            if decisive in seen:
                return decisive
            missing = lacking(seen)
            return not decisive if missing is None else missing

        return kleene
