"""Rules that speak of rules: one that asks whether another applies, takes its result, or derogates from it.

``link`` knows the whole corpus's rules: what they name must exist and form no circle, and the facts that they ask must be
facts of one type. A rule that asks another takes over the facts of the other that it does not declare itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kb.ground.fault import Fault
from kb.ground.span import Span
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules import names
from kb.rules.kinds import fault, near


def link(rules: Sequence[m.Rule]) -> tuple[list[m.Rule], list[Fault]]:
    """*rules* with the facts and types that they take from each other, and what is wrong between them."""
    by_id = {rule.id: rule for rule in rules}
    faults = [wrong for rule in rules for wrong in _unknown(rule, by_id)]
    faults += _circles(by_id)
    if faults:
        return list(rules), faults
    linked: dict[str, m.Rule] = {}
    for rule in rules:
        _link(rule, by_id, linked, faults)
    derogations = [(derogation.rule, rule.id) for rule in rules for derogation in rule.derogates]
    made = []
    for rule in rules:
        before = tuple(special for general, special in derogations if general == rule.id)
        asked = _taking(linked[rule.id], [linked[name] for name in before], faults) if before else linked[rule.id]
        made.append(asked._replace(derogated_by=before))
    return made, faults


def _named(rule: m.Rule) -> Iterator[tuple[str, Span | None]]:
    """The rules that *rule* names in its conditions, values and derogations, each with its place."""
    for version in rule.versions:
        for node in version.expressions():
            for part in x.walk(node):
                if isinstance(part, x.Applies | x.Result):
                    yield part.rule, part.span
    for derogation in rule.derogates:
        yield derogation.rule, derogation.span


def _unknown(rule: m.Rule, by_id: Mapping[str, m.Rule]) -> Iterator[Fault]:
    for name, span in _named(rule):
        if name not in by_id:
            yield fault("regle-inconnue", f"Aucune règle ne porte le nom « {name} ».", span, near(name, by_id))


def _circles(by_id: Mapping[str, m.Rule]) -> Iterator[Fault]:
    """A rule whose answer would wait for itself. A general rule waits for those that derogate from it."""
    waits: dict[str, list[tuple[str, Span | None]]] = {name: [] for name in by_id}
    for rule in by_id.values():
        waits[rule.id] += [(name, span) for name, span in _named(rule) if name in by_id and name in rule.uses()]
        for derogation in rule.derogates:
            if derogation.rule in by_id:
                waits[derogation.rule].append((rule.id, derogation.span))
    done: set[str] = set()
    for name in by_id:
        yield from _circle(name, waits, (), done)


def _circle(
    name: str, waits: Mapping[str, list[tuple[str, Span | None]]], path: tuple[str, ...], done: set[str]
) -> Iterator[Fault]:
    if name in done:
        return
    for other, span in waits[name]:
        if other == name or other in path:
            circle = " → ".join((*path[path.index(other) if other in path else len(path) :], name, other))
            yield fault("regles-en-cercle", f"Ces règles s'attendent l'une l'autre : {circle}.", span)
        else:
            yield from _circle(other, waits, (*path, name), done)
    done.add(name)


def _link(rule: m.Rule, by_id: Mapping[str, m.Rule], linked: dict[str, m.Rule], faults: list[Fault]) -> m.Rule:
    if rule.id in linked:
        return linked[rule.id]
    asked = [_link(by_id[name], by_id, linked, faults) for name in rule.uses()]
    made = rule
    if asked:
        made = _taking(rule, asked, faults)
        results = {
            (other.id, effect.name): effect.kind for other in asked for v in other.versions for effect in _told(v)
        }
        used = frozenset(fact.name for other in asked for fact in other.facts)
        faults += _absent(made, asked)
        made, wrong = names.resolve(made, results, used)
        faults += wrong
    linked[rule.id] = made
    return made


def _told(version: m.Version) -> tuple[m.Effect, ...]:
    return (*version.always, *version.effects)


def _absent(rule: m.Rule, asked: Sequence[m.Rule]) -> Iterator[Fault]:
    told = {other.id: {effect.name: 0 for version in other.versions for effect in _told(version)} for other in asked}
    for version in rule.versions:
        for node in version.expressions():
            for part in x.walk(node):
                if isinstance(part, x.Result) and part.name not in told[part.rule]:
                    sentence = f"La règle {part.rule} ne donne pas de « {part.name} »."
                    yield fault("nom-inconnu", sentence, part.span, near(part.name, told[part.rule]))


def _taking(rule: m.Rule, asked: Sequence[m.Rule], faults: list[Fault]) -> m.Rule:
    """*rule* with the facts of *asked* that it does not declare."""
    own = {fact.name: fact for fact in rule.facts}
    for other in asked:
        for fact in other.facts:
            mine = own.setdefault(fact.name, fact)
            if not _takes(fact.kind, mine.kind):
                sentence = f"La règle {other.id} donne un autre type à la donnée « {fact.name} »."
                faults.append(fault("type", sentence, mine.span if mine is not fact else rule.span))
    return rule._replace(facts=tuple(own.values()))


def _takes(wanted: x.Kind, given: x.Kind) -> bool:
    """Whether every value of the kind *given* is one of the kind *wanted*."""
    if wanted.name == given.name == "choix":
        return set(given.choices) <= set(wanted.choices)
    return wanted.name == given.name and len(wanted.fields) == len(given.fields)
