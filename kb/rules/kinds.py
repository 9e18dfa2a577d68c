"""Which values may meet: the names and types of a rule, checked before anything is evaluated.

Each mistake is a fault at its place in the file. ``nature = autre`` is read here as a comparison with a word, because only
the type of ``nature`` tells that ``autre`` is one of its choices and not a fact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kb.ground.fault import Fault
from kb.ground.span import Span
from kb.rules import model as m

AMOUNT, DAY, DURATION, TRUTH = m.Kind("montant"), m.Kind("date"), m.Kind("durée"), m.Kind("oui ou non")
UNKNOWN = m.Kind("?")


def resolve(rule: m.Rule) -> tuple[m.Rule, list[Fault]]:
    """*rule* with its words told from its facts, and what is wrong with its names and types."""
    faults: list[Fault] = []
    scope: dict[str, m.Kind] = {}
    for fact in rule.facts:
        if fact.name in scope:
            faults.append(_fault("donnee-repetee", f"La donnée « {fact.name} » est déjà déclarée.", fact.span))
        scope[fact.name] = fact.kind
        if fact.default and not _fits(fact.default, fact.kind):
            sentence = f"« {fact.name} » est de type {fact.kind.name} : ce défaut n'en est pas un."
            faults.append(_fault("type", sentence, fact.default.span or fact.span))
    used: set[str] = set()
    versions = tuple(_Checker(dict(scope), used, faults).version(version) for version in rule.versions)
    for fact in rule.facts:
        if fact.name not in used:
            faults.append(
                _fault(
                    "donnee-inutile", f"Rien n'emploie la donnée « {fact.name} ».", fact.span, "l'employer ou l'ôter"
                )
            )
    faults += _overlaps(versions)
    return rule._replace(versions=versions), faults


def _fault(code: str, sentence: str, span: Span | None, hint: str = "") -> Fault:
    return Fault(code, sentence, span, hint, grave=True)


def _fits(lit: m.Lit, kind: m.Kind) -> bool:
    return lit.kind == kind.name or (kind.name == "choix" and lit.value in kind.choices)


def _overlaps(versions: tuple[m.Version, ...]) -> list[Fault]:
    """Two versions of one day need a scope each to tell them apart."""
    faults = []
    for i, late in enumerate(versions):
        if late.end and late.end.day <= late.start.day:
            faults.append(
                _fault(
                    "periode-vide",
                    f"La fin ({late.end.day}) n'est pas après le début ({late.start.day}).",
                    late.end.span,
                )
            )
        for early in versions[:i]:
            meet = (not early.end or late.start.day < early.end.day) and (
                not late.end or early.start.day < late.end.day
            )
            if meet and not (early.scope and late.scope):
                sentence = f"Cette version vaut en même temps que « {early.label} »."
                faults.append(
                    _fault("versions-chevauchantes", sentence, late.span, "dire par « pour » ce que règle chacune")
                )
    return faults


class _Checker:
    """Types of one version; ``scope`` grows with each ``soit`` and effect."""

    def __init__(self, scope: dict[str, m.Kind], used: set[str], faults: list[Fault]) -> None:
        self.scope, self.used, self.faults = scope, used, faults

    def wrong(self, sentence: str, span: Span | None, code: str = "type", hint: str = "") -> None:
        self.faults.append(_fault(code, sentence, span, hint))

    def version(self, version: m.Version) -> m.Version:
        scope = version.scope and self.truth(version.scope)
        lets = tuple(self._named(let) for let in version.lets)
        always = tuple(self._named(effect) for effect in version.always)
        when = version.when and self.truth(version.when)
        effects = tuple(self._named(effect) for effect in version.effects)
        return version._replace(scope=scope, lets=lets, always=always, when=when, effects=effects)

    def _named(self, effect: m.Effect) -> m.Effect:
        node, kind = self.of(effect.value)
        if effect.name in self.scope and not (isinstance(effect.value, m.Name) and effect.value.name == effect.name):
            self.wrong(f"« {effect.name} » est déjà le nom d'autre chose.", effect.span, "nom-repete")
        self.scope[effect.name] = kind
        return effect._replace(value=node)

    def truth(self, node: m.Node) -> m.Node:
        checked, kind = self.of(node)
        if kind not in (TRUTH, UNKNOWN):
            self.wrong(f"Il faut ici une condition ; « {m.words_of(node)} » est de type {kind.name}.", node.span)
        return checked

    def of(self, node: m.Node) -> tuple[m.Node, m.Kind]:
        """The node with its words resolved, and its kind."""
        method: Callable[[Any], tuple[m.Node, m.Kind]] = getattr(self, f"_{type(node).__name__.lower()}")
        return method(node)

    def _kind(self, name: str, span: Span | None) -> m.Kind:
        self.used.add(name)
        kind = self.scope.get(name)
        if kind is not None:
            return kind
        from difflib import get_close_matches

        near = get_close_matches(name, list(self.scope), 1, 0.6)
        self.wrong(
            f"« {name} » n'est pas une donnée de cette règle.",
            span,
            "nom-inconnu",
            f"peut-être « {near[0]} »" if near else "",
        )
        return UNKNOWN

    def _lit(self, node: m.Lit) -> tuple[m.Node, m.Kind]:
        return node, m.Kind(node.kind)

    def _name(self, node: m.Name) -> tuple[m.Node, m.Kind]:
        return node, self._kind(node.name, node.span)

    def _field(self, node: m.Field) -> tuple[m.Node, m.Kind]:
        record = self._kind(node.record, node.span)
        kind = dict(record.fields).get(node.field)
        if kind is None:
            if record != UNKNOWN:
                self.wrong(f"« {node.record} » n'a pas de « {node.field} ».", node.span, "nom-inconnu")
            return node, UNKNOWN
        return node, kind

    def _today(self, node: m.Today) -> tuple[m.Node, m.Kind]:
        return node, DAY

    def _arith(self, node: m.Arith) -> tuple[m.Node, m.Kind]:
        left, a = self.of(node.left)
        right, b = self.of(node.right)
        if UNKNOWN not in (a, b) and (a, b) != (AMOUNT, AMOUNT) and not (node.op == "+" and (a, b) == (DAY, DURATION)):
            self.wrong(f"On ne calcule pas {a.name} {node.op} {b.name}.", node.span)
        return node._replace(left=left, right=right), a

    def _amounts(self, *nodes: m.Node) -> None:
        for node in nodes:
            _, kind = self.of(node)
            if kind not in (AMOUNT, UNKNOWN):
                self.wrong(f"« {m.words_of(node)} » devrait être un montant.", node.span)

    def _capped(self, node: m.Capped) -> tuple[m.Node, m.Kind]:
        self._amounts(node.value, node.cap)
        return node, AMOUNT

    def _yearend(self, node: m.YearEnd) -> tuple[m.Node, m.Kind]:
        _, kind = self.of(node.day)
        if kind not in (DAY, UNKNOWN):
            self.wrong(f"« {m.words_of(node.day)} » devrait être une date.", node.span)
        return node, DAY

    def _compare(self, node: m.Compare) -> tuple[m.Node, m.Kind]:
        left, a = self.of(node.left)
        if a.name in ("choix", "mot") and isinstance(node.right, m.Name) and node.right.name not in self.scope:
            self._choice(node.right.name, a, node.right.span)
            right: m.Node = m.Lit("mot", node.right.name, node.right.span)
            if node.op != "=":
                self.wrong(f"Des mots ne se comparent pas par {node.op}.", node.span)
        else:
            right, b = self.of(node.right)
            if UNKNOWN not in (a, b) and (a.name != b.name or a.name not in ("montant", "date", "entier")):
                self.wrong(f"On ne compare pas {a.name} et {b.name}.", node.span)
        return node._replace(left=left, right=right), TRUTH

    def _choice(self, word: str, kind: m.Kind, span: Span | None) -> None:
        if kind.name == "choix" and word not in kind.choices:
            self.wrong(
                f"« {word} » n'est pas un des choix.",
                span,
                "choix-inconnu",
                f"les choix sont : {', '.join(kind.choices)}",
            )

    def _among(self, node: m.Among) -> tuple[m.Node, m.Kind]:
        left, kind = self.of(node.left)
        if kind.name not in ("choix", "mot", "?"):
            self.wrong(f"« {m.words_of(node.left)} » n'est pas un choix.", node.span)
        for word in node.choices:
            self._choice(word, kind, node.span)
        return node._replace(left=left), TRUTH

    def _filled(self, node: m.Filled) -> tuple[m.Node, m.Kind]:
        _, kind = self.of(node.value)
        if kind.name not in ("montant", "liste", "mots", "?"):
            self.wrong(f"« {m.words_of(node.value)} » n'est ni un montant ni une liste.", node.span)
        return node, TRUTH

    def _records(self, name: str, span: Span | None) -> m.Kind:
        kind = self._kind(name, span)
        if kind.name not in ("liste", "?"):
            self.wrong(f"« {name} » n'est pas une liste.", span)
        return kind

    def _exists(self, node: m.Exists) -> tuple[m.Node, m.Kind]:
        record = m.Kind("fiche", fields=self._records(node.records, node.span).fields)
        inner = _Checker({**self.scope, node.first: record, node.second: record}, self.used, self.faults)
        return node._replace(test=inner.truth(node.test)), TRUTH

    def _groups(self, node: m.Groups) -> tuple[m.Node, m.Kind]:
        fields = dict(self._records(node.records, node.span).fields)
        for field, expected in ((node.by, "mot"), (node.summed, "montant")):
            if fields and (field not in fields or fields[field].name != expected):
                self.wrong(f"« {field} » devrait être un champ de type {expected} de « {node.records} ».", node.span)
        self._amounts(node.limit)
        return node, m.Kind("mots")

    def _cases(self, node: m.Cases) -> tuple[m.Node, m.Kind]:
        checked = [(self.of(value), self.truth(test)) for value, test in node.cases]
        found = {kind for (_, kind), _ in checked}
        if len(found) > 1:
            self.wrong("Les cas ne donnent pas tous le même type de valeur.", node.span)
        return node._replace(cases=tuple((value, test) for (value, _), test in checked)), checked[0][0][1]

    def _upheld(self, node: m.Upheld) -> tuple[m.Node, m.Kind]:
        value, kind = self.of(node.value)
        return node._replace(value=value), kind

    def _leaf(self, node: m.Leaf) -> tuple[m.Node, m.Kind]:
        return node._replace(test=self.truth(node.test)), TRUTH

    def _not(self, node: m.Not) -> tuple[m.Node, m.Kind]:
        return node._replace(inner=self.truth(node.inner)), TRUTH

    def _and(self, node: m.And) -> tuple[m.Node, m.Kind]:
        return node._replace(parts=tuple(self.truth(part) for part in node.parts)), TRUTH

    def _or(self, node: m.Or) -> tuple[m.Node, m.Kind]:
        return node._replace(parts=tuple(self.truth(part) for part in node.parts)), TRUTH
