"""Trials of rules: each ``essai`` beside a rule must come out as it says, and together they must notice any change.

``contradicted`` tells the trials that a rule does not stand. ``unnoticed`` changes a rule in one place at a time (a condition
dropped, ``et`` for ``ou``, a bound moved by the least step, its equality taken in or out, a default or a day changed) and
tells the changes that no trial notices: for each of these a pair of trials whose outcome flips is wanting.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kb.ground.fault import Fault, Misuse
from kb.ground.span import Span
from kb.rules import model as m
from kb.rules.changes import changes
from kb.rules.evaluate import Evaluation, evaluate_program
from kb.rules.kinds import fault
from kb.rules.program import Program
from kb.rules.since import Since

_SAID = {
    "applicable": "applicable", "non_applicable": "non applicable", "indetermine": "indéterminé",
    "hors_periode": "hors période",
}  # fmt: skip


class Alone(NamedTuple):
    """A world of rules and nothing else: trials judge what the rules say, not what became of their basis."""

    every: Mapping[str, m.Rule]

    def since(self, rule: str) -> list[Since]:
        """Nothing is known of what the basis says since."""
        return []

    def version_at(self, provision: str, day: date) -> None:
        """No version is known."""

    def rules(self) -> Mapping[str, m.Rule]:
        """Every rule by its id."""
        return self.every


class Gap(NamedTuple):
    """A change that no trial of a rule notices, with the place of what was changed."""

    rule: str
    change: str
    span: Span | None


def contradicted(rules: Iterable[m.Rule]) -> list[Fault]:
    """A fault for each trial that comes out otherwise; *rules* are proved and linked."""
    every = {rule.id: rule for rule in rules}
    world = Alone(every)
    faults = []
    for rule in every.values():
        if not rule.essais or any(name not in every for name in (*rule.uses(), *rule.derogated_by)):
            continue  # a rule that asks one that is not proved cannot be tried
        program = Program(rule)
        for essai in rule.essais:
            wrong = _wrong(program, essai, world)
            if wrong:
                faults.append(
                    fault("essai-contredit", wrong, essai.span, "corriger la règle, ou ce qu'en attend l'essai")
                )
    return faults


def unnoticed(rules: Sequence[m.Rule], among: Mapping[str, m.Rule] | None = None) -> list[Gap]:
    """The changes of *rules* that none of their trials notices; *among* are the rules that they may ask."""
    world = Alone(among if among is not None else {rule.id: rule for rule in rules})
    gaps = []
    for rule in rules:
        others = [world.every[name] for name in (*rule.uses(), *rule.derogated_by)]
        taken = {fact for other in others for fact in other.facts}
        for change in changes(rule, taken):
            program = Program(change.rule)
            if not any(_wrong(program, essai, world) for essai in rule.essais):
                gaps.append(Gap(rule.id, change.what, change.span))
    return gaps


def gap_fault(gap: Gap) -> Fault:
    """A gap as a fault that does not stop a build."""
    sentence = f"Aucun essai ne remarquerait ce changement : {gap.change}."
    return Fault("essai-manquant", sentence, gap.span, "ajouter un essai de chaque côté")


def _wrong(program: Program, essai: m.Essai, world: m.World) -> str:
    """What an answer has otherwise than its trial says, in a sentence; empty where they agree."""
    try:
        answer = evaluate_program(program, json.loads(essai.facts), essai.at, world)
    except Misuse as error:
        return f"Cet essai ne peut être fait : {error}."
    return _difference(answer, essai)


def _difference(answer: Evaluation, essai: m.Essai) -> str:
    if answer["status"] != essai.status:
        lacks = f" (manque : {', '.join(answer['missing'])})" if answer["missing"] else ""
        return f"L'essai attend « {_SAID[essai.status]} », la règle répond « {_SAID[answer['status']]} »{lacks}."
    for name in essai.missing:
        if name not in answer["missing"]:
            return f"L'essai attend que « {name} » manque ; il manque : {', '.join(answer['missing']) or 'rien'}."
    for name, wanted in json.loads(essai.effect).items():
        told = answer["effect"].get(name)
        if told != wanted and told != [wanted]:
            return f"L'essai attend {name} = {_shown(wanted)}, la règle donne {_shown(told)}."
    return ""


def _shown(value: object) -> str:
    return "rien" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
