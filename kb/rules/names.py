"""The names of a rule and the days of its versions, checked: every fact used and known, no two of one name or one day."""

from __future__ import annotations

from kb.ground.fault import Fault
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.kinds import Results, fault
from kb.rules.phrases import text_of
from kb.rules.typed import Typing, typing_of
from kb.rules.values import plain


def resolve(
    rule: m.Rule, results: Results | None = None, used: frozenset[str] = frozenset()
) -> tuple[m.Rule, list[Fault]]:
    """*rule* with its words told from its facts, its effects with their kinds, and what is wrong with its names and types.

    *results* are what the rules give that it asks; *used* are the facts that those ask. A rule that asks others is checked
    for idle facts only once *results* are given.
    """
    faults: list[Fault] = []
    asked = set(used)
    _declared(rule, faults)
    versions = []
    for version in rule.versions:
        typing = typing_of(rule, results or {}, faults, asked)
        versions.append(_version(version, typing))
    if results is not None or not rule.uses():
        for fact in rule.facts:
            if fact.name not in asked:
                sentence = f"Rien n'emploie la donnée « {fact.name} »."
                faults.append(fault("donnee-inutile", sentence, fact.span, "l'employer ou l'ôter"))
    faults += _overlaps(rule.versions)
    return rule._replace(versions=tuple(versions)), list(dict.fromkeys(faults))


def _declared(rule: m.Rule, faults: list[Fault]) -> None:
    seen: set[str] = set()
    for fact in rule.facts:
        if fact.name in seen:
            faults.append(fault("donnee-repetee", f"La donnée « {fact.name} » est déjà déclarée.", fact.span))
        seen.add(fact.name)
        for name in fact.once:
            if name not in {other.name for other in rule.facts}:
                faults.append(fault("nom-inconnu", f"« {name} » n'est pas une donnée de cette règle.", fact.span))
        if fact.default and not fits(fact.default, fact.kind):
            sentence = f"« {fact.name} » est de type {fact.kind.name} : ce défaut n'en est pas un."
            faults.append(fault("type", sentence, fact.default.span or fact.span))


def fits(lit: x.Lit, kind: x.Kind) -> bool:
    """Whether a written value is of a kind."""
    if kind.name == "choix":
        return lit.value in kind.choices
    return lit.kind == kind.name or (lit.kind, kind.name) == ("entier", "nombre")


def answer(lit: x.Lit) -> object:
    """A written value as a question gives it and an answer tells it."""
    value = lit.value
    if lit.kind == "nombre":
        return plain(value)  # type: ignore[arg-type]
    if isinstance(value, bool | int | str):
        return value
    return list(value) if lit.kind in ("comptes", "alternatives") else text_of(value)  # type: ignore[arg-type]


def _version(version: m.Version, typing: Typing) -> m.Version:
    scope = version.scope and typing.truth(version.scope)
    lets = tuple(_named(let, typing) for let in version.lets)
    always = tuple(_named(effect, typing) for effect in version.always)
    when = version.when and typing.truth(version.when)
    effects = tuple(_named(effect, typing) for effect in version.effects)
    return version._replace(scope=scope, lets=lets, always=always, when=when, effects=effects)


def _named(effect: m.Effect, typing: Typing) -> m.Effect:
    node, kind = typing.of(effect.value)
    same = isinstance(effect.value, x.Name) and effect.value.name == effect.name
    if effect.name in typing.scope and not same:
        typing.wrong(f"« {effect.name} » est déjà le nom d'autre chose.", effect.span, "nom-repete")
    typing.scope[effect.name] = kind
    return effect._replace(value=node, kind=kind)


def _overlaps(versions: tuple[m.Version, ...]) -> list[Fault]:
    """Two versions of one day need a scope each to tell them apart."""
    faults = []
    for i, late in enumerate(versions):
        if late.end and late.end.day <= late.start.day:
            sentence = f"La fin ({late.end.day}) n'est pas après le début ({late.start.day})."
            faults.append(fault("periode-vide", sentence, late.end.span))
        for early in versions[:i]:
            meet = (not early.end or late.start.day < early.end.day) and (
                not late.end or early.start.day < late.end.day
            )
            if meet and not (early.scope and late.scope):
                sentence = f"Cette version vaut en même temps que « {early.label} »."
                hint = "dire par « pour » ce que règle chacune"
                faults.append(fault("versions-chevauchantes", sentence, late.span, hint))
    return faults


def periods(parameter: m.Parameter) -> list[Fault]:
    """What is wrong with the periods of a parameter: their type, their order, the days between them."""
    faults = []
    kind = parameter.kind
    for before, period in zip((None, *parameter.periods), parameter.periods, strict=False):
        if not fits(period.value, kind):
            sentence = f"« {parameter.name} » est de type {kind.name} : cette valeur n'en est pas un."
            faults.append(fault("type", sentence, period.value.span))
        if period.end and period.end.day <= period.start.day:
            faults.append(fault("periode-vide", "La fin n'est pas après le début.", period.end.span))
        if before is None:
            continue
        if before.end is None or before.end.day > period.start.day:
            sentence = f"La valeur d'avant vaut encore le {period.start.day}."
            faults.append(fault("periodes-chevauchantes", sentence, period.start.span, "dire jusqu'à quel jour"))
        elif before.end.day < period.start.day:
            sentence = f"« {parameter.name} » n'a pas de valeur du {before.end.day} au {period.start.day}."
            faults.append(fault("parametre-sans-valeur", sentence, period.start.span))
    if not parameter.periods:
        faults.append(fault("parametre-sans-valeur", f"« {parameter.name} » n'a aucune valeur.", parameter.span))
    return faults


def covered(rule: m.Rule) -> list[Fault]:
    """A parameter that has no value on the first day of a version that asks for it."""
    faults = []
    for version in rule.versions:
        asked = {name for node in version.expressions() for name in x.named(node)}
        for parameter in rule.parameters:
            first = min((period.start.day for period in parameter.periods), default=None)
            if parameter.name in asked and (first is None or first > version.start.day):
                sentence = f"« {parameter.name} » n'a pas de valeur le {version.start.day}, où cette règle commence."
                hint = "ajouter la valeur de ce jour, ou faire commencer la règle plus tard"
                faults.append(fault("parametre-sans-valeur", sentence, version.start.span, hint))
    return faults
