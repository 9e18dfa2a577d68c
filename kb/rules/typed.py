"""Names and types, checked before anything is evaluated: a method for each expression.

Each mistake is a fault at its place in the file. ``nature = autre`` is read here as a comparison with a word, because only
the type of ``nature`` tells that ``autre`` is one of its choices and not a fact; so is ``mention de premier`` told from
``taux de base``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from kb.ground.fault import Fault
from kb.ground.span import Span
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.kinds import (
    AMOUNT,
    ARITHMETIC,
    DAY,
    DURATION,
    EUROS,
    NUMBER,
    ORDERED,
    RATE,
    TRUTH,
    UNKNOWN,
    WHOLE,
    Results,
    alike,
    fault,
    general,
    joined,
    near,
    of_literal,
)  # fmt: skip
from kb.rules.phrases import words_of

_NO_BASE = "Un taux ne vaut rien sans ce dont il est le taux."
_NO_BASE_HINT = "écrire par exemple : 2,5 % de plafond"


class Typing:
    """Types of one version; ``scope`` grows with each ``soit`` and effect. ``results`` are what other rules give."""

    def __init__(self, scope: dict[str, x.Kind], results: Results, faults: list[Fault], used: set[str]) -> None:
        self.scope, self.results, self.faults, self.used = scope, results, faults, used

    def wrong(self, sentence: str, span: Span | None, code: str = "type", hint: str = "") -> None:
        self.faults.append(fault(code, sentence, span, hint))

    def of(self, node: x.Node) -> tuple[x.Node, x.Kind]:
        """The node with its words resolved, and its kind."""
        method = getattr(self, f"_{type(node).__name__.lower()}")
        return cast(Callable[[x.Node], tuple[x.Node, x.Kind]], method)(node)

    def truth(self, node: x.Node) -> x.Node:
        """A node that must be a condition."""
        return self._of_kind(node, (TRUTH,), f"Il faut ici une condition ; « {words_of(node)} » est de type {{}}.")[0]

    def _of_kind(self, node: x.Node, kinds: tuple[x.Kind, ...], sentence: str) -> tuple[x.Node, x.Kind]:
        """A node whose kind must be one of *kinds*; *sentence* has a place for the kind that it is."""
        checked, kind = self.of(node)
        if kind == RATE and RATE not in kinds:
            self.wrong(_NO_BASE, node.span, "taux-sans-base", _NO_BASE_HINT)
        elif kind != UNKNOWN and general(kind) not in map(general, kinds):
            self.wrong(sentence.format(kind.name), node.span)
        return checked, kind

    def _must(self, node: x.Node, *kinds: x.Kind) -> tuple[x.Node, x.Kind]:
        wanted = " ou ".join(dict.fromkeys(kind.name for kind in kinds))
        return self._of_kind(node, kinds, f"« {words_of(node)} » est de type {{}} ; il faut ici : {wanted}.")

    def _kind(self, name: str, span: Span | None) -> x.Kind:
        self.used.add(name)
        kind = self.scope.get(name)
        if kind is None:
            hint = near(name, self.scope)
            self.wrong(f"« {name} » n'est pas une donnée de cette règle.", span, "nom-inconnu", hint)
        return kind or UNKNOWN

    # Values.

    def _lit(self, node: x.Lit) -> tuple[x.Node, x.Kind]:
        return node, of_literal(node)

    def _name(self, node: x.Name) -> tuple[x.Node, x.Kind]:
        return node, self._kind(node.name, node.span)

    def _field(self, node: x.Field) -> tuple[x.Node, x.Kind]:
        record = self._kind(node.record, node.span)
        kind = dict(record.fields).get(node.field)
        if kind is None and record != UNKNOWN:
            self.wrong(f"« {node.record} » n'a pas de « {node.field} ».", node.span, "nom-inconnu")
        return node, kind or UNKNOWN

    def _today(self, node: x.Today) -> tuple[x.Node, x.Kind]:
        return node, DAY

    def _arith(self, node: x.Arith) -> tuple[x.Node, x.Kind]:
        left, a = self.of(node.left)
        right, b = self.of(node.right)
        made = node._replace(left=left, right=right)
        if UNKNOWN in (a, b):
            return made, a if b == UNKNOWN else b
        gives = ARITHMETIC[node.op].get((general(a), general(b)))
        if gives is None and RATE in (a, b) and a != b:
            self.wrong(_NO_BASE, node.span, "taux-sans-base", _NO_BASE_HINT)
        elif gives is None:
            self.wrong(f"On ne calcule pas {a.name} {node.op} {b.name}.", node.span)
        elif node.op == "divisé par" and isinstance(right, x.Lit) and not (getattr(right.value, "amount", right.value)):
            self.wrong("On ne divise pas par zéro.", right.span, "division-par-zero")
        if gives == "montant":
            return made, EUROS if EUROS in (a, b) else AMOUNT
        whole = gives == "nombre" and a == b == WHOLE and node.op != "divisé par"
        return made, WHOLE if whole else x.Kind(gives) if gives else UNKNOWN

    def _share(self, node: x.Share) -> tuple[x.Node, x.Kind]:
        if isinstance(node.ratio, x.Name) and isinstance(node.base, x.Name):
            record = self.scope.get(node.base.name)
            if node.ratio.name not in self.scope or (record and record.name == "fiche"):
                return self._field(x.Field(node.ratio.name, node.base.name, node.span))
        ratio, _ = self._must(node.ratio, RATE)
        base, kind = self._must(node.base, AMOUNT, NUMBER, RATE)
        return node._replace(ratio=ratio, base=base), NUMBER if kind == WHOLE else kind

    def _per(self, node: x.Per) -> tuple[x.Node, x.Kind]:
        value, kind = self._must(node.value, AMOUNT, NUMBER)
        if node.of is None:
            self.wrong(
                "De quelle durée ? Rien ne suit l'unité.", node.span, "type", "écrire : par mois entamé de retard"
            )
            return node._replace(value=value), kind
        of, _ = self._must(node.of, DURATION)
        return node._replace(value=value, of=of), kind

    def _units(self, node: x.Units) -> tuple[x.Node, x.Kind]:
        of, _ = self._must(node.of, DURATION)
        return node._replace(of=of), NUMBER if "prorata" in node.unit else WHOLE

    def _elapsed(self, node: x.Elapsed) -> tuple[x.Node, x.Kind]:
        start, end = self._must(node.start, DAY)[0], self._must(node.end, DAY)[0]
        return node._replace(start=start, end=end), DURATION

    def _age(self, node: x.Age) -> tuple[x.Node, x.Kind]:
        birth, day = self._must(node.birth, DAY)[0], node.day and self._must(node.day, DAY)[0]
        return node._replace(birth=birth, day=day), DURATION

    def _rounded(self, node: x.Rounded) -> tuple[x.Node, x.Kind]:
        numeric = node.unit in ("à l'unité", "au nombre entier")
        value, kind = self._must(node.value, NUMBER if numeric else AMOUNT)
        return node._replace(value=value), WHOLE if numeric else EUROS if "euro" in node.unit else kind

    def _same(self, *nodes: x.Node) -> tuple[tuple[x.Node, ...], x.Kind]:
        """Nodes that must be of one kind that has an order."""
        made, kind = [], UNKNOWN
        for node in nodes:
            checked, own = self.of(node)
            if not alike(own, kind) or own.name not in ORDERED:
                sentence = f"« {words_of(node)} » est de type {own.name}"
                self.wrong(
                    f"{sentence}, l'autre valeur de type {kind.name}." if kind != UNKNOWN else f"{sentence}.", node.span
                )
            kind = joined(kind, own)
            made.append(checked)
        return tuple(made), kind

    def _capped(self, node: x.Capped) -> tuple[x.Node, x.Kind]:
        (value, cap), kind = self._same(node.value, node.cap)
        return node._replace(value=value, cap=cap), kind

    def _extreme(self, node: x.Extreme) -> tuple[x.Node, x.Kind]:
        parts, kind = self._same(*node.parts)
        return node._replace(parts=parts), kind

    def _scale(self, node: x.Scale) -> tuple[x.Node, x.Kind]:
        base, kind = self._must(node.base, *(AMOUNT, NUMBER, DURATION))
        brackets, gives = [], UNKNOWN
        for rank, bracket in enumerate(node.brackets):
            value, own = self._bracket(bracket.value, kind, node.sliced)
            limit = bracket.limit and self._must(bracket.limit, kind)[0]
            if limit is None and rank + 1 < len(node.brackets):
                self.wrong("« au-delà » est la dernière tranche d'un barème.", bracket.span)
            if not alike(own, gives):
                self.wrong("Les tranches ne donnent pas toutes le même type de valeur.", bracket.span)
            gives = joined(gives, own)
            brackets.append(bracket._replace(value=value, limit=limit))
        return node._replace(base=base, brackets=tuple(brackets)), gives

    def _bracket(self, value: x.Node, base: x.Kind, sliced: bool) -> tuple[x.Node, x.Kind]:
        """The value of a bracket, and what the bracket gives."""
        if not sliced:
            return self.of(value)
        inner = value.value if isinstance(value, x.Upheld) else value
        if base == DURATION:
            if not isinstance(inner, x.Per) or inner.of is not None:
                hint = "écrire par exemple : un quart de salaire par année"
                self.wrong("Une tranche de durée se compte par année, par mois ou par jour.", value.span, "type", hint)
                return value, self.of(value)[1]
            each, kind = self._must(inner.value, AMOUNT, NUMBER)
            made = inner._replace(value=each)
            return (value._replace(value=made) if isinstance(value, x.Upheld) else made), kind
        if base.name == "montant":
            return self._must(value, RATE)[0], base
        checked, kind = self._must(value, AMOUNT, NUMBER, RATE)
        return checked, NUMBER if kind in (RATE, WHOLE) else kind

    def _records(self, name: str, span: Span | None) -> x.Kind:
        kind = self._kind(name, span)
        if kind.name not in ("liste", "?"):
            self.wrong(f"« {name} » n'est pas une liste.", span)
        return kind

    def inside(self, records: str, span: Span | None) -> Typing:
        """The types within a record of a list: its fields are named alone."""
        return Typing({**self.scope, **dict(self._records(records, span).fields)}, self.results, self.faults, self.used)

    def _count(self, node: x.Count) -> tuple[x.Node, x.Kind]:
        inside = self.inside(node.records, node.span)
        return node._replace(test=node.test and inside.truth(node.test)), WHOLE

    def _total(self, node: x.Total) -> tuple[x.Node, x.Kind]:
        inside = self.inside(node.records, node.span)
        value, kind = inside._must(node.value, AMOUNT, NUMBER)
        return node._replace(value=value, test=node.test and inside.truth(node.test)), kind

    def _periodend(self, node: x.PeriodEnd) -> tuple[x.Node, x.Kind]:
        return node._replace(day=self._must(node.day, DAY)[0]), DAY

    def _result(self, node: x.Result) -> tuple[x.Node, x.Kind]:
        return node, self.results.get((node.rule, node.name), UNKNOWN)

    def _cases(self, node: x.Cases) -> tuple[x.Node, x.Kind]:
        checked = [(self.of(value), self.truth(test)) for value, test in node.cases]
        last = self.of(node.otherwise) if node.otherwise else None
        found = [kind for (_, kind), _ in checked] + ([last[1]] if last else [])
        kind = UNKNOWN
        for own in found:
            if not alike(kind, own):
                self.wrong("Les cas ne donnent pas tous le même type de valeur.", node.span)
                break
            kind = joined(kind, own)
        cases = tuple((value, test) for (value, _), test in checked)
        return node._replace(cases=cases, otherwise=last and last[0]), kind

    def _upheld(self, node: x.Upheld) -> tuple[x.Node, x.Kind]:
        value, kind = self.of(node.value)
        return node._replace(value=value), kind

    def _groups(self, node: x.Groups) -> tuple[x.Node, x.Kind]:
        fields = dict(self._records(node.records, node.span).fields)
        by, summed = fields.get(node.by, UNKNOWN), fields.get(node.summed, UNKNOWN)
        for field, kind, wanted in ((node.by, by, ("mot", "choix")), (node.summed, summed, ("montant",))):
            if fields and kind.name not in wanted:
                expected = " ou ".join(wanted)
                self.wrong(f"« {field} » devrait être un champ de type {expected} de « {node.records} ».", node.span)
        for name in (*node.names, *node.aside):
            self._choice(name, by, node.span)
        return node._replace(limit=self._must(node.limit, AMOUNT)[0]), x.Kind("mots")

    # Conditions.

    def _compare(self, node: x.Compare) -> tuple[x.Node, x.Kind]:
        left, a = self.of(node.left)
        if a.name in ("choix", "mot") and isinstance(node.right, x.Name) and node.right.name not in self.scope:
            right: x.Node = x.Lit("mot", self._choice(node.right.name, a, node.right.span), node.right.span)
            if node.op != "=":
                self.wrong(f"Des mots ne se comparent pas par {node.op}.", node.span)
            return node._replace(left=left, right=right), TRUTH
        right, b = self.of(node.right)
        if RATE in (a, b) and not alike(a, b):
            self.wrong(_NO_BASE, node.span, "taux-sans-base", _NO_BASE_HINT)
        elif not alike(a, b) or a.name not in ORDERED or b.name not in ORDERED:
            self.wrong(f"On ne compare pas {a.name} et {b.name}.", node.span)
        return node._replace(left=left, right=right), TRUTH

    def _choice(self, word: str, kind: x.Kind, span: Span | None) -> str:
        if kind.name == "choix" and word not in kind.choices:
            hint = f"les choix sont : {', '.join(kind.choices)}"
            self.wrong(f"« {word} » n'est pas un des choix.", span, "choix-inconnu", hint)
        return word

    def _among(self, node: x.Among) -> tuple[x.Node, x.Kind]:
        left, kind = self.of(node.left)
        if kind.name not in ("choix", "mot", "?"):
            self.wrong(f"« {words_of(node.left)} » n'est pas un choix.", node.span)
        for word in node.choices:
            self._choice(word, kind, node.span)
        return node._replace(left=left), TRUTH

    def _filled(self, node: x.Filled) -> tuple[x.Node, x.Kind]:
        value, kind = self.of(node.value)
        if kind.name not in ("montant", "nombre", "entier", "liste", "mots", "?"):
            self.wrong(f"« {words_of(node.value)} » n'est ni un montant ni une liste.", node.span)
        return node._replace(value=value), TRUTH

    def _exists(self, node: x.Exists) -> tuple[x.Node, x.Kind]:
        record = x.Kind("fiche", fields=self._records(node.records, node.span).fields)
        scope = {**self.scope, node.first: record, node.second: record}
        return node._replace(test=Typing(scope, self.results, self.faults, self.used).truth(node.test)), TRUTH

    def _applies(self, node: x.Applies) -> tuple[x.Node, x.Kind]:
        return node, TRUTH

    def _leaf(self, node: x.Leaf) -> tuple[x.Node, x.Kind]:
        return node._replace(test=self.truth(node.test)), TRUTH

    def _not(self, node: x.Not) -> tuple[x.Node, x.Kind]:
        return node._replace(inner=self.truth(node.inner)), TRUTH

    def _unless(self, node: x.Unless) -> tuple[x.Node, x.Kind]:
        return node._replace(inner=self.truth(node.inner)), TRUTH

    def _and(self, node: x.And) -> tuple[x.Node, x.Kind]:
        return node._replace(parts=tuple(self.truth(part) for part in node.parts)), TRUTH

    def _or(self, node: x.Or) -> tuple[x.Node, x.Kind]:
        return node._replace(parts=tuple(self.truth(part) for part in node.parts)), TRUTH

    def _open(self, node: x.Open) -> tuple[x.Node, x.Kind]:
        return node._replace(other=self.truth(node.other), listed=self.truth(node.listed)), TRUTH


def typing_of(rule: m.Rule, results: Results, faults: list[Fault], used: set[str]) -> Typing:
    """The types of the facts and parameters of *rule*, before any version adds its own names."""
    scope = {fact.name: fact.kind for fact in rule.facts}
    scope |= {parameter.name: parameter.kind for parameter in rule.parameters}
    return Typing(scope, results, faults, used)
