"""A rule as the simulator of its page runs it: a few forms of expression, made of the compiled rule of the knowledge base.

What the simulator does not know is not guessed: the page then says ``non couvert`` and names the form. ``site/assets/regle.js``
evaluates; ``tests/test_site_rules.py`` holds it against ``kb.rules``.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.ask.answers import Json
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.phrases import words_of

#: Kinds of facts that a form can take.
KINDS = ("montant", "oui ou non", "choix", "mot", "entier", "date")

Tree = list[object]


class Uncovered(Exception):
    """A form that the simulator does not know."""


def simulated(rule: m.Rule) -> Json:
    """``{"faits", "versions"}`` of a rule; ``{"non_couvert": the form}`` where it has one that is not known."""
    try:
        for name, found in (("paramètre", rule.parameters), ("dérogation", rule.derogated_by)):
            if found:
                raise Uncovered(name)
        facts = {fact.name: fact.kind for fact in rule.facts}
        if odd := next((kind.name for kind in facts.values() if kind.name not in KINDS), None):
            raise Uncovered(odd)
        if any(fact.default and fact.once for fact in rule.facts):
            raise Uncovered("défaut sous condition")
        return {
            "faits": [
                {"nom": f.name, "genre": f.kind.name, "choix": list(f.kind.choices), **({"defaut": _value(f.default)} if f.default else {})}
                for f in rule.facts
            ],
            "versions": [_version(version, facts) for version in rule.versions],
        }  # fmt: skip
    except Uncovered as form:
        return {"non_couvert": str(form)}


def _version(version: m.Version, facts: dict[str, x.Kind]) -> Json:
    if version.scope is not None:
        raise Uncovered("champ")
    computed = [e.value for e in (*version.lets, *version.effects, *version.always) if not isinstance(e.value, x.Lit)]
    for node in (part for value in computed for part in _parts(value)):
        if isinstance(node, x.Result | x.Applies | x.Field | x.Exists | x.Groups | x.Count | x.Total):
            raise Uncovered(type(node).__name__.lower())
    return {
        "de": version.start.day.isoformat(), "a": version.end.day.isoformat() if version.end else None,
        "si": _condition(version.when, facts) if version.when else None, "calcul": bool(computed),
    }  # fmt: skip


def _parts(value: object) -> Iterator[object]:
    """An expression and everything in it."""
    yield value
    if isinstance(value, tuple):
        for part in value:
            yield from _parts(part)


def _condition(node: x.Node, facts: dict[str, x.Kind]) -> Tree:
    match node:
        case x.And(parts):
            return ["et", *(_condition(part, facts) for part in parts)]
        case x.Or(parts):
            return ["ou", *(_condition(part, facts) for part in parts)]
        case x.Not(inner) | x.Unless(inner):
            return ["non", _condition(inner, facts)]
        case x.Leaf(test):
            return ["dit", words_of(test), _test(test, facts)]
    return _test(node, facts)


def _test(node: x.Node, facts: dict[str, x.Kind]) -> Tree:
    match node:
        case x.Compare(op, left, right):
            return ["compare", op, _operand(left, facts), _operand(right, facts)]
        case x.Name(name) if name in facts and facts[name].name == "oui ou non":
            return ["fait", name]
        case x.Among(x.Name(name), choices) if name in facts and facts[name].name in ("choix", "mot"):
            return ["parmi", ["fait", name], *choices]
    raise Uncovered(type(node).__name__.lower())


def _operand(node: x.Node, facts: dict[str, x.Kind]) -> Tree:
    match node:
        case x.Name(name) if name in facts and facts[name].name in KINDS:
            return ["montant" if facts[name].name == "montant" else "fait", name]
        case x.Lit():
            return ["vaut", _value(node)]
        case x.Arith("+", left, right):
            parts = [_operand(left, facts), _operand(right, facts)]
            if all(part[0] in ("montant", "plus") or isinstance(part[1], dict) for part in parts):
                return ["plus", *parts]
        case x.Today():
            return ["jour"]
    raise Uncovered(type(node).__name__.lower())


def _value(lit: x.Lit) -> object:
    """A written value: amounts in francs as ``{"F": "100.00"}``."""
    if lit.kind == "montant":
        amount = lit.value
        if getattr(amount, "currency", None) != "FRF":
            raise Uncovered("euros")
        return {"F": str(getattr(amount, "amount"))}  # noqa: B009
    if lit.kind in ("mot", "choix", "oui ou non", "entier"):
        return lit.value
    if lit.kind == "date":
        return str(lit.value)
    raise Uncovered(lit.kind)
