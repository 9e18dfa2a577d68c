"""What a rule answers on a day, to given facts: three-valued, each condition told with the values it saw.

A rule is made ready once (``program``); the answer is the evaluation of the public interface, exactly its keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict

from kb.ground.fault import Misuse
from kb.ground.names import fold
from kb.rules import model as m
from kb.rules.basis import Resting, basis_at
from kb.rules.facts import near
from kb.rules.program import APPLICABLE, NOT_APPLICABLE, UNDECIDED, Clauses, Outcome, Program, Shown, shown
from kb.rules.run import Known, Met, Missing, Other, Run
from kb.rules.since import moved

OUT_OF_PERIOD = "hors_periode"


class Told(TypedDict):
    """A conflict in an answer; ``otherwise`` is the status that the other text would give, where it differs."""

    kind: str
    about: str
    sentence: str
    said_by: list[str]
    otherwise: str | None


class Evaluation(TypedDict):
    rule: str
    at: str
    status: str
    modality: str
    effect: dict[str, object]
    missing: list[str]
    because: list[Met]
    evidence: list[Shown]
    basis: list[Resting]
    valid: dict[str, str | None]
    conflicts: list[Told]
    notes: list[str]  # fmt: skip


def evaluate(
    rule: m.Rule, facts: Mapping[str, object], at: date, *, world: m.World, known_at: date | None = None
) -> Evaluation:
    """The evaluation of *rule* on *facts* (as JSON gives them) the day *at*, as could be known on *known_at*.

    Raises ``Misuse`` with one sentence where a fact is unknown to the rule or is not what it should be.
    """
    return evaluate_program(_program(rule), facts, at, world, known_at)


def evaluate_program(
    program: Program, facts: Mapping[str, object], at: date, world: m.World, known_at: date | None = None
) -> Evaluation:
    """``evaluate`` of a rule made ready."""
    return _Question(at, world, known_at).answer(program, program.read(facts))


def evaluate_all(
    rules: Sequence[m.Rule], facts: Mapping[str, object], at: date, *, world: m.World, known_at: date | None = None
) -> list[Evaluation]:
    """The evaluations of the rules that *facts* reach: those that declare one of them, with a value they take.

    Facts that no rule declares, or that no rule takes as given, raise ``Misuse``.
    """
    question = _Question(at, world, known_at)
    answers: list[Evaluation] = []
    taken: set[str] = set()
    known: set[str] = set()
    refused: dict[str, Misuse] = {}
    for rule in rules:
        program = _program(rule)
        own = {name: value for name, value in facts.items() if fold(name) in program.facts}
        known.update(own)
        if not own:
            continue
        try:
            values = program.read(own)
        except Misuse as error:
            refused.update(dict.fromkeys(own, error))
            continue
        taken.update(own)
        answers.append(question.answer(program, values))
    for name in facts:
        if name not in known:
            every = {fact.name for rule in rules for fact in rule.facts}
            raise Misuse(f"no rule has a fact '{name}'{near(name, every)}")
        if name not in taken:
            raise refused[name]
    return answers


def in_force(rule: m.Rule, at: date, known_at: date | None = None) -> bool:
    """Whether some version of *rule* holds on *at*, as could be known on *known_at*."""
    return any(_in_force(version, at, known_at, []) for version in rule.versions)


_program = m.once_a_rule(Program)


class _Question:
    """A day, the world and what could be known: what a rule is asked with its facts."""

    def __init__(self, at: date, world: m.World, known_at: date | None) -> None:
        self.at, self.world, self.known_at = at, world, known_at

    def answer(self, program: Program, values: dict[str, Known]) -> Evaluation:
        rule, at = program.rule, self.at
        notes: list[str] = []
        held = self._held(program, notes)
        if not held:
            return self._out_of_period(program, notes)
        try:
            outcomes, lacking = self._outcomes(program, held, values)
        except Misuse as error:
            raise Misuse(f"rule {rule.id}: {error}") from None
        if not outcomes:
            return self._out_of_period(program, ["À cette date, la règle ne concerne pas ces faits."])
        first = _joined(outcomes, lacking) if len(outcomes) > 1 else outcomes[0]
        ends = [o.clauses.version.end for o in outcomes if o.clauses.version.end]
        until = min((end.day for end in ends if self.known_at is None or _known(end) <= self.known_at), default=None)
        if not ends:
            notes.append(
                "Aucune source ne dit la fin de cette règle : elle est tenue pour encore en vigueur à cette date."
            )
        defaults = program.defaulted(values) if program.shown_defaults else []
        if defaults:
            notes.append("Données non fournies : " + ", ".join(defaults) + ".")
        if program.parameters:
            notes += program.silent(at, values)
        if first.yields_to:
            notes.append(f"La règle {first.yields_to}, qui déroge à celle-ci, s'applique à ces faits.")
        conflicts = self._conflicts(program, first, values) if rule.conflicts else []
        contested = [
            f"Selon {c['about']}, la réponse serait « {c['otherwise']} » : les deux textes n'ont pas la même limite."
            for c in conflicts
            if c["otherwise"]
        ]
        basis, changes = basis_at(rule, [first.clauses.version], at, self.world)
        return {
            "rule": rule.id,
            "at": at.isoformat(),
            "status": first.status,
            "modality": rule.modality,
            "effect": first.effect,
            "missing": list(dict.fromkeys(first.missing)),
            "because": _once(first.because),
            "evidence": program.evidence(first.clauses, at),
            "basis": basis,
            "valid": _valid(first.clauses.version.start.day, until),
            "conflicts": conflicts,
            "notes": [*contested, *rule.notes, *notes, *changes],
        }

    def _held(self, program: Program, notes: list[str]) -> list[Clauses]:
        """The versions that speak that day: none from the day on which the basis has another measure; *notes* say why."""
        held = [c for c in program.clauses if _in_force(c.version, self.at, self.known_at, notes)]
        gone = moved(program.rule, self.world.since(program.rule.id), self.at) if held else []
        if gone:
            notes[:] = gone
            return []
        return held

    def _outcomes(
        self, program: Program, held: list[Clauses], values: dict[str, Known]
    ) -> tuple[list[Outcome], tuple[str, ...]]:
        """What each version that concerns these facts says, and the facts that tell which does."""
        outcomes = []
        lacking: tuple[str, ...] = ()

        def other(name: str) -> Other:
            return self._other(name, values)

        for clauses in held:
            run = Run(program.values(self.at, values), self.at, other)
            concerned = clauses.scope(run) if clauses.scope else True
            if concerned is not False:
                outcome = clauses.outcome(run)
                outcomes.append(self._yielding(program.rule, outcome, values) if program.rule.derogated_by else outcome)
            if type(concerned) is Missing:
                lacking = concerned
        return outcomes, lacking

    def _yielding(self, rule: m.Rule, outcome: Outcome, values: dict[str, Known]) -> Outcome:
        """*outcome*, or that the rule gives way where a rule that derogates from it applies."""
        if outcome.status == NOT_APPLICABLE:
            return outcome
        missing: list[str] = []
        for name in rule.derogated_by:
            other = self._other(name, values)
            told: Met = {
                "condition": f"sauf si la règle {name} s'applique", "value": f"la règle {name} s'applique = {_truth(other)}",
                "holds": None if other.applies is None else not other.applies,
            }  # fmt: skip
            outcome.because.append(told)
            if other.applies:
                return outcome._replace(status=NOT_APPLICABLE, missing=(), yields_to=name)
            missing += other.missing
        if missing:
            return outcome._replace(status=UNDECIDED, missing=(*outcome.missing, *missing))
        return outcome

    def _other(self, name: str, values: dict[str, Known]) -> Other:
        """What another rule answers to these facts, of which it takes its own."""
        program = _program(self.world.rules()[name])
        own = {fact: value for fact, value in values.items() if fact in program.facts}
        outcomes, lacking = self._outcomes(program, self._held(program, []), own)
        if not outcomes:
            return Other(False, {}, ())
        first = _joined(outcomes, lacking)
        applies = None if first.status == UNDECIDED else first.status == APPLICABLE
        return Other(applies, first.values, first.missing)

    def _conflicts(self, program: Program, outcome: Outcome, values: dict[str, Known]) -> list[Told]:
        """The conflicts of the rule, and what it would answer as the other text reads where that is something else."""
        rank = program.clauses.index(outcome.clauses)
        conflicts = []
        for conflict, others in zip(program.rule.conflicts, program.others, strict=True):
            status = None
            if conflict.reading and outcome.status != UNDECIDED:
                run = Run(program.values(self.at, values), self.at, lambda name: self._other(name, values))
                status = others[rank].outcome(run).status
            conflicts.append(told(conflict, status if status != outcome.status else None))
        return conflicts

    def _out_of_period(self, program: Program, notes: list[str]) -> Evaluation:
        rule, at = program.rule, self.at
        start = min(version.start.day for version in rule.versions)
        ends = [version.end.day if version.end else None for version in rule.versions]
        until = None if None in ends else max(end for end in ends if end)
        if not notes:
            reach = f"depuis le {start}" if until is None else f"du {start} au {until} exclu"
            notes = [f"La règle vaut {reach} : le {at} est hors de cette période."]
        return {
            "rule": rule.id, "at": at.isoformat(), "status": OUT_OF_PERIOD, "modality": rule.modality, "effect": {},
            "missing": [], "because": [], "evidence": [shown(e) for e in rule.evidence],
            "basis": basis_at(rule, rule.versions, at, self.world)[0],
            "valid": _valid(start, until),
            "conflicts": [told(c) for c in rule.conflicts], "notes": [*rule.notes, *notes],
        }  # fmt: skip


def _joined(outcomes: list[Outcome], lacking: tuple[str, ...]) -> Outcome:
    """The answer of the versions that may govern: what they all say, or else undecided."""
    first = outcomes[0]
    same = (first.status, first.effect, first.clauses.basis)
    if all((o.status, o.effect, o.clauses.basis) == same for o in outcomes):
        return first
    because = [line for outcome in outcomes for line in outcome.because]
    common = {k: v for k, v in first.effect.items() if all(o.effect.get(k) == v for o in outcomes)}
    values = {k: v for k, v in first.values.items() if k in common}
    if all(outcome.status == NOT_APPLICABLE for outcome in outcomes):
        return Outcome(first.clauses, NOT_APPLICABLE, common, values, (), because)
    missing = (*lacking, *(name for outcome in outcomes for name in outcome.missing))
    return Outcome(first.clauses, UNDECIDED, common, values, missing, because)


def _valid(start: date, until: date | None) -> dict[str, str | None]:
    return {"from": start.isoformat(), "until": until.isoformat() if until else None}


def _truth(other: Other) -> str:
    return "inconnu" if other.applies is None else "vrai" if other.applies else "faux"


def _once(because: list[Met]) -> list[Met]:
    """The conditions met, each once: an effect may ask what the condition asked."""
    return list({line["condition"]: line for line in because}.values())


def told(conflict: m.Conflict, otherwise: str | None = None) -> Told:
    """A conflict in an answer."""
    said_by = list(conflict.said_by)
    return {
        "kind": conflict.kind, "about": conflict.about, "sentence": conflict.sentence, "said_by": said_by,
        "otherwise": otherwise,
    }  # fmt: skip


def _in_force(version: m.Version, at: date, known_at: date | None, notes: list[str]) -> bool:
    """Whether *version* holds on *at*, as far as one could know on *known_at*."""
    start, end = version.start, version.end
    if at < start.day:
        return False
    if known_at is None:
        return end is None or at < end.day
    if (start.known or start.day) > known_at:
        notes.append(
            f"Le {known_at}, cette règle ne pouvait être connue : elle l'est depuis le {start.known or start.day}."
        )
        return False
    if start.known is None:
        notes.append(f"Aucune source ne dit la publication : la règle est tenue pour connue depuis le {start.day}.")
    if end is None or at < end.day:
        return True
    if _known(end) <= known_at:
        return False
    notes.append(
        f"Le {known_at}, la fin de cette règle ({end.day}) ne pouvait être connue : elle l'est depuis le {_known(end)}."
    )
    return True


def _known(bound: m.Bound) -> date:
    """The day a bound was published, or else the bound itself: it cannot have been known later."""
    return bound.known or bound.day
