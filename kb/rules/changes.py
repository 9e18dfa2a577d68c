"""The small changes of a rule that its trials must notice, one place at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, cast

from kb.ground.money import Money
from kb.ground.span import Span
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.phrases import words_of
from kb.rules.values import ROUNDINGS, Duration, Ratio

_DAY = timedelta(1)
_TAKEN = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}  # the same bound, its equality taken in or out


class Change(NamedTuple):
    """A rule with one thing otherwise, what that is, and its place."""

    rule: m.Rule
    what: str
    span: Span | None


_Local = tuple[str, Span | None, object]  # what changed, where, and the node as it is then


def changes(rule: m.Rule, taken: Collection[m.Fact] = ()) -> Iterator[Change]:
    """Every change of *rule*: of its days, defaults, conditions and values; facts *taken* from other rules are theirs."""
    for rank, fact in enumerate(rule.facts):
        if fact.default is not None and fact not in taken:
            for what, default, once in _defaults(fact):
                facts = (*rule.facts[:rank], fact._replace(default=default, once=once), *rule.facts[rank + 1 :])
                yield Change(rule._replace(facts=facts), what, fact.span)
    for rank, version in enumerate(rule.versions):
        for what, span, other in _of_version(version):
            versions = (*rule.versions[:rank], other, *rule.versions[rank + 1 :])
            yield Change(rule._replace(versions=versions), what, span)


def _defaults(fact: m.Fact) -> Iterator[tuple[str, x.Lit | None, tuple[str, ...]]]:
    yield f"« {fact.name} » sans défaut", None, fact.once
    if fact.once:
        yield f"« {fact.name} » : toujours le défaut", fact.default, ()
    assert fact.default is not None
    if isinstance(fact.default.value, bool):
        other = fact.default._replace(value=not fact.default.value)
        yield f"« {fact.name} » : {words_of(other)} par défaut", other, fact.once


def _of_version(version: m.Version) -> Iterator[tuple[str, Span | None, m.Version]]:
    for name, bound in (("start", version.start), ("end", version.end)):
        for step in (-_DAY, _DAY) if bound else ():
            assert bound is not None
            moved = bound._replace(day=bound.day + step)
            said = "début" if name == "start" else "fin"
            yield f"{said} le {moved.day} et non le {bound.day}", bound.span, version._replace(**{name: moved})  # type: ignore[arg-type]
    for name in ("scope", "when"):
        node = getattr(version, name)
        told = _told_apart(node) if node is not None else frozenset()
        # a version that concerns more facts than it should is told by those that it then shares with another
        joined = x.Or if name == "scope" else None
        for what, span, other in _of(node, told, joined) if node is not None else ():
            yield what, span, version._replace(**{name: other})  # type: ignore[arg-type]
    for name in ("lets", "always", "effects"):
        effects: tuple[m.Effect, ...] = getattr(version, name)
        for rank, effect in enumerate(effects):
            for what, span, other in _of(effect.value, _told_apart(effect.value)):
                made = effect._replace(value=cast(x.Node, other))
                yield what, span, version._replace(**{name: (*effects[:rank], made, *effects[rank + 1 :])})  # type: ignore[arg-type]


def _told_apart(node: x.Node) -> frozenset[str]:
    """The facts whose words a condition compares more than once, to tell its cases apart."""
    compared = [part.left for part in x.walk(node) if isinstance(part, x.Compare) and part.op == "="]
    names = [left.name for left in compared if isinstance(left, x.Name)]
    return frozenset(name for name in names if names.count(name) > 1)


def _of(node: object, told: frozenset[str], joined: type | None = None) -> Iterator[_Local]:
    """The changes of an expression; *joined* is what joins it to others, ``And`` or ``Or``.

    A case that a fact of *told* tells from others is dropped, never opened: nothing would show it where others ask more.
    """
    if isinstance(node, x.EXPRESSIONS):
        yield from _here(cast(x.Node, node), told, joined)
    if isinstance(node, x.Lit) or not isinstance(node, tuple):
        return
    inside = type(node) if isinstance(node, x.And | x.Or) else None
    for rank, part in enumerate(node):
        if isinstance(part, tuple):
            for what, span, changed in _of(part, told, inside or (joined if type(node) is tuple else None)):
                fields = (*node[:rank], changed, *node[rank + 1 :])
                yield what, span, fields if type(node) is tuple else type(node)(*fields)


def _here(node: x.Node, told: frozenset[str], joined: type | None) -> Iterator[_Local]:
    match node:
        case x.Leaf(test, _, span):
            apart = isinstance(test, x.Compare) and isinstance(test.left, x.Name) and test.left.name in told
            for truth in (False,) if apart or joined is x.Or else (True,) if joined is x.And else (True, False):
                fixed = x.Leaf(x.Lit("oui ou non", truth, None), None, None)
                said = "toujours vrai" if truth else "toujours faux"
                yield f"« {words_of(test)} » {said}", span, fixed
        case x.And(parts, span):
            yield f"« ou » pour « et » dans « {words_of(node)} »", span, x.Or(parts, span)
        case x.Or(parts, span):
            yield f"« et » pour « ou » dans « {words_of(node)} »", span, x.And(parts, span)
        case x.Not(inner, span) | x.Unless(inner, span):
            yield f"« {words_of(inner)} » sans sa négation", span, inner
        case x.Compare(op, left, right, span) if op in _TAKEN:
            taken = x.Compare(_TAKEN[op], left, right, span)
            yield f"« {words_of(taken)} » et non {op}", span, taken
        case x.Among(left, choices, span) if len(choices) > 1:
            for choice in choices:
                rest = tuple(other for other in choices if other != choice)
                yield f"« {words_of(node)} » sans {choice}", span, x.Among(left, rest, span)
        case x.Groups(op=op, names=names, span=span) if isinstance(node, x.Groups):
            yield f"« {words_of(node)} » : {_TAKEN[op]}", span, node._replace(op=_TAKEN[op])
            for name in names:
                rest = tuple(other for other in names if other != name)
                yield f"« {name} » n'est pas compté à part", span, node._replace(names=rest)
            for name in node.aside:
                rest = tuple(other for other in node.aside if other != name)
                yield f"« {name} » n'est pas mis à part", span, node._replace(aside=rest)
        case x.Rounded(value, unit, way, span):
            for other_way in ROUNDINGS:
                if other_way != way:
                    yield f"arrondi {unit} {other_way} et non {way}", span, x.Rounded(value, unit, other_way, span)
        case x.Capped(value, _, span):
            yield f"« {words_of(node)} » sans sa limite", span, value
        case x.Arith(op="+"):
            yield f"« {words_of(node)} » : - et non +", node.span, node._replace(op="-")
        case x.Lit(span=span) if isinstance(node, x.Lit):
            for beside in _beside(node.value):
                other_lit = node._replace(value=beside)  # type: ignore[arg-type]
                yield f"{words_of(other_lit)} et non {words_of(node)}", span, other_lit


def _beside(value: object) -> Iterator[object]:
    """The values next to one that is written, by the least step."""
    match value:
        case bool():
            yield not value
        case Money(amount, currency):
            yield from (
                Money(amount + step, currency) for step in (Decimal("-0.01"), Decimal("0.01")) if amount + step >= 0
            )
        case Duration(months, days, words, counted):
            yield from (Duration(months, days + step, f"{words} {step:+d} jour", counted) for step in (-1, 1))
        case Ratio(over, under, words):
            yield from (Ratio(over * 100 + step, under * 100, f"{words} {step:+d}") for step in (-1, 1))
        case int() | Decimal():
            yield from (value - 1, value + 1)
        case date():
            yield from (value - _DAY, value + _DAY)
        case str() if value.isdigit():
            yield f"{value}0"
