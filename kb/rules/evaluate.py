"""What a rule answers on a day, to given facts: three-valued, each condition told with the values it saw.

A rule is made ready once (``compiled``); the answer is the evaluation of the public interface, exactly its keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from kb.ground.fault import Misuse
from kb.ground.money import francs, parse_money
from kb.ground.names import fold
from kb.ground.period import parse_day
from kb.rules import model as m
from kb.rules.compiled import Compiler, Missing, Run, Value, literal

APPLICABLE, NOT_APPLICABLE, UNDECIDED, OUT_OF_PERIOD = "applicable", "non_applicable", "indetermine", "hors_periode"


def evaluate(
    rule: m.Rule, facts: Mapping[str, Any], at: date, *, world: m.World, known_at: date | None = None
) -> dict[str, Any]:
    """The evaluation of *rule* on *facts* (as JSON gives them) the day *at*, as could be known on *known_at*.

    Raises ``Misuse`` with one sentence where a fact is unknown to the rule or is not what it should be.
    """
    program = _program(rule)
    return program.answer(program.read(facts), at, world, known_at)


def evaluate_all(
    rules: Sequence[m.Rule], facts: Mapping[str, Any], at: date, *, world: m.World, known_at: date | None = None
) -> list[dict[str, Any]]:
    """The evaluations of the rules that *facts* reach: those that declare one of them, with a value they take.

    Facts that no rule declares, or that no rule takes as given, raise ``Misuse``.
    """
    answers: list[dict[str, Any]] = []
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
        answers.append(program.answer(values, at, world, known_at))
    for name in facts:
        if name not in known:
            every = {fact.name for rule in rules for fact in rule.facts}
            raise Misuse(f"no rule has a fact '{name}'{_near(name, every)}")
        if name not in taken:
            raise refused[name]
    return answers


def in_force(rule: m.Rule, at: date, known_at: date | None = None) -> bool:
    """Whether some version of *rule* holds on *at*, as could be known on *known_at*."""
    return any(_in_force(version, at, known_at, []) for version in rule.versions)


# Facts in.


def _read_fact(name: str, value: Any, kind: m.Kind) -> Any:
    """The value of a fact as the engine holds it: francs, a day, a folded word, records."""
    if kind.name == "oui ou non":
        if isinstance(value, bool):
            return value
        raise _wrong(name, value, "true or false")
    if kind.name == "entier":
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise _wrong(name, value, "a whole number")
    if kind.name == "liste":
        if isinstance(value, list) and len(value) > _MOST_RECORDS:
            raise Misuse(f"fact '{name}': {len(value)} records are more than {_MOST_RECORDS}")
        if isinstance(value, list):
            return tuple(_read_record(f"{name}[{rank}]", record, kind) for rank, record in enumerate(value))
        raise _wrong(name, value, f"a list of records {{{', '.join(field for field, _ in kind.fields)}}}")
    if not isinstance(value, str):
        raise _wrong(name, value, _SHAPES[kind.name])
    try:
        if kind.name == "montant":
            amount = parse_money(value)
            if amount.amount < 0:
                raise ValueError(f"an amount is not negative ({value})")
            return amount.francs
        if kind.name == "date":
            return parse_day(value)
        if kind.name == "durée":
            return m.parse_duration(value)
    except ValueError as error:
        raise Misuse(f"fact '{name}': {error}") from None
    word = value.lower() if value.isascii() else fold(value)
    if kind.name == "choix" and word not in kind.choices:
        raise Misuse(f"fact '{name}': '{value}' is not one of {', '.join(kind.choices)}{_near(word, kind.choices)}")
    return word


_MOST_RECORDS = 1000  # every pair may be compared
_SHAPES = {
    "montant": 'an amount in words, for instance "99.99 FRF"', "date": 'a day, for instance "1997-05-01"', "choix": "a word",
    "mot": "a word",
    "durée": 'a duration, for instance "12 mois"',
}  # fmt: skip


def _read_record(name: str, record: Any, kind: m.Kind) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise _wrong(name, record, f"a record {{{', '.join(field for field, _ in kind.fields)}}}")
    given = {fold(key): value for key, value in record.items()}
    fields = dict(kind.fields)
    for key in given:
        if key not in fields:
            raise Misuse(f"fact '{name}' has no field '{key}'{_near(key, fields)}")
    return {
        field: Missing((f"{name}.{field}",))
        if given.get(field) is None
        else _read_fact(f"{name}.{field}", given[field], of)
        for field, of in kind.fields
    }


def _wrong(name: str, value: Any, expected: str) -> Misuse:
    import json

    shown = json.dumps(value, ensure_ascii=False, default=str)
    return Misuse(f"fact '{name}': {shown if len(shown) < 40 else shown[:37] + '…'} is not {expected}")


def _near(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1, 0.6)
    return f"; perhaps '{near[0]}'" if near else ""


# Programs.


class _Clauses(NamedTuple):
    """A version, compiled."""

    version: m.Version
    scope: Value | None
    lets: list[tuple[str, Value]]
    always: list[tuple[str, Value]]
    when: Value | None
    effects: list[tuple[str, Value]]
    evidence: list[dict[str, Any]]
    basis: tuple[str, ...]


class _Program:
    """A rule made ready: closures for its conditions, and the parts of the answer that never change."""

    def __init__(self, rule: m.Rule) -> None:
        self.rule = rule
        self.facts = {fact.name: fact.kind for fact in rule.facts}
        self.defaults = {f.name: literal(f.default) for f in rule.facts if f.default}
        self.shown_defaults = {f.name: m.text_of(literal(f.default)) for f in rule.facts if f.default}
        self.clauses = [self._clauses(version) for version in rule.versions]
        self.others = [[self._clauses(_as_read(v, c.reading)) for v in rule.versions] for c in rule.conflicts]

    def _clauses(self, version: m.Version) -> _Clauses:
        compiler = Compiler({f.name for f in self.rule.facts if f.kind.name == "montant"})

        def named(effects: Iterable[m.Effect]) -> list[tuple[str, Value]]:
            return [(effect.name, compiler.value(effect.value)) for effect in effects]

        return _Clauses(
            version, compiler.value(version.scope) if version.scope else None, named(version.lets), named(version.always),
            compiler.value(version.when) if version.when else None, named(version.effects),
            [shown(e) for e in (*self.rule.evidence, *version.evidence)],
            tuple(dict.fromkeys(b.id for b in (*version.basis, *self.rule.basis))),
        )  # fmt: skip

    def read(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts as values, ``null`` counting as not given."""
        values: dict[str, Any] = {}
        for name, value in facts.items():
            kind = self.facts.get(name)
            if kind is None:
                name = fold(name)
                kind = self.facts.get(name)
            if kind is None:
                raise Misuse(f"rule {self.rule.id} has no fact '{name}'{_near(name, self.facts)}")
            if name in values:
                raise Misuse(f"fact '{name}' is given twice")
            if value is not None:
                values[name] = _read_fact(name, value, kind)
        return values

    def answer(self, values: dict[str, Any], at: date, world: m.World, known_at: date | None) -> dict[str, Any]:
        notes: list[str] = []
        held = [c for c in self.clauses if _in_force(c.version, at, known_at, notes)]
        if not held:
            return self._out_of_period(at, known_at, notes)
        outcomes = []
        lacking: Missing | tuple[str, ...] = ()
        for clauses in held:
            run = Run({**self.defaults, **values}, at)
            concerned = clauses.scope(run) if clauses.scope else True
            if concerned is not False:
                outcomes.append(_outcome(clauses, run))
            if type(concerned) is Missing:
                lacking = concerned
        if not outcomes:
            return self._out_of_period(at, known_at, ["À cette date, la règle ne concerne pas ces faits."])
        first = outcomes[0]
        if any(
            (o.status, o.effect, o.clauses.basis) != (first.status, first.effect, first.clauses.basis) for o in outcomes
        ):
            first = _undecided(outcomes, lacking)
        ends = [o.clauses.version.end for o in outcomes if o.clauses.version.end]
        until = min((end.day for end in ends if known_at is None or _known(end) <= known_at), default=None)
        if not ends:
            notes.append(
                "Aucune source ne dit la fin de cette règle : elle est tenue pour encore en vigueur à cette date."
            )
        defaults = [f"{name} : {words} par défaut" for name, words in self.shown_defaults.items() if name not in values]
        if defaults:
            notes.append("Données non fournies : " + ", ".join(defaults) + ".")
        conflicts = self._conflicts(first, values, at)
        contested = [
            f"Selon {c['about']}, la réponse serait « {c['otherwise']} » : les deux textes n'ont pas la même limite."
            for c in conflicts
            if c["otherwise"]
        ]
        basis, changes = basis_at(self.rule, [first.clauses.version], at, world)
        return {
            "rule": self.rule.id,
            "at": at.isoformat(),
            "status": first.status,
            "modality": self.rule.modality,
            "effect": first.effect,
            "missing": list(dict.fromkeys(first.missing)),
            "because": _once(first.because),
            "evidence": [dict(e) for e in first.clauses.evidence],
            "basis": basis,
            "valid": {"from": first.clauses.version.start.day.isoformat(), "until": until and until.isoformat()},
            "conflicts": conflicts,
            "notes": [*contested, *self.rule.notes, *notes, *changes],
        }

    def _conflicts(self, outcome: _Outcome, values: dict[str, Any], at: date) -> list[dict[str, Any]]:
        """The conflicts of the rule, and what it would answer as the other text reads where that is something else."""
        rank = self.clauses.index(outcome.clauses)
        conflicts = []
        for conflict, others in zip(self.rule.conflicts, self.others, strict=True):
            status = None
            if conflict.reading and outcome.status != UNDECIDED:
                status = _outcome(others[rank], Run({**self.defaults, **values}, at)).status
            conflicts.append(told(conflict, status if status != outcome.status else None))
        return conflicts

    def _out_of_period(self, at: date, known_at: date | None, notes: list[str]) -> dict[str, Any]:
        start = min(c.version.start.day for c in self.clauses)
        ends = [c.version.end.day if c.version.end else None for c in self.clauses]
        until = None if None in ends else max(end for end in ends if end)
        if not notes:
            reach = f"depuis le {start}" if until is None else f"du {start} au {until} exclu"
            notes = [f"La règle vaut {reach} : le {at} est hors de cette période."]
        return {
            "rule": self.rule.id, "at": at.isoformat(), "status": OUT_OF_PERIOD, "modality": self.rule.modality, "effect": {},
            "missing": [], "because": [], "evidence": [shown(e) for e in self.rule.evidence], "basis": [],
            "valid": {"from": start.isoformat(), "until": until and until.isoformat()},
            "conflicts": [told(c) for c in self.rule.conflicts], "notes": [*self.rule.notes, *notes],
        }  # fmt: skip


_program = m.once_a_rule(_Program)


def basis_at(
    rule: m.Rule, versions: Sequence[m.Version], at: date, world: m.World
) -> tuple[list[dict[str, Any]], list[str]]:
    """The basis provisions with their versions at the source's day and at *at*, and a French note for each change.

    *versions* are those that speak; the source's day is the one that the id of its act bears, or else their start.
    """
    spoken = (_day_of(rule.evidence[0].locator) if rule.evidence else None) or versions[0].start.day
    told, notes = [], []
    resting = [*(basis for version in versions for basis in version.basis), *rule.basis]
    for name in dict.fromkeys(basis.id for basis in resting):
        provision = name.partition("#")[0]
        then, now = world.version_at(provision, spoken), world.version_at(provision, at)
        then_id, now_id = then and then["id"], now and now["id"]
        told.append({"id": name, "version_at_source": then_id, "version_at_date": now_id, "changed": then_id != now_id})
        if then_id != now_id:
            notes.append(_drift(name, spoken, then, at, now))
    return told, notes


def _as_read(version: m.Version, reading: m.Compare | None) -> m.Version:
    """*version* as the text that it is in conflict with would have it."""
    return version._replace(when=m.reread(version.when, reading)) if reading and version.when else version


def told(conflict: m.Conflict, otherwise: str | None = None) -> dict[str, Any]:
    """A conflict in an answer; ``otherwise`` is the status that the other text would give, where it differs."""
    said_by = list(conflict.said_by)
    return {
        "kind": conflict.kind, "about": conflict.about, "sentence": conflict.sentence, "said_by": said_by,
        "otherwise": otherwise,
    }  # fmt: skip


def shown(evidence: m.Evidence) -> dict[str, Any]:
    """Evidence as an answer shows it; a quote not looked up yet has no place."""
    found = evidence.found
    if found is None:
        return {
            "source": None,
            "sha256": None,
            "start": None,
            "end": None,
            "quote": evidence.quote,
            "provision": evidence.locator,
        }
    return {
        "source": found.source, "sha256": found.sha256, "start": found.start, "end": found.end, "quote": found.quote,
        "provision": found.provision,
    }  # fmt: skip


def _drift(name: str, spoken: date, then: dict[str, Any] | None, at: date, now: dict[str, Any] | None) -> str:
    if then is None and now is not None:
        return f"Le fondement {name} n'était pas en vigueur quand la source a parlé ({spoken}) ; le {at} vaut {now['id']}, depuis le {now['start']}."
    assert then is not None
    if now is None:
        when = (
            f"avait pris fin le {then['end']}"
            if then["end"] and then["end"] <= at.isoformat()
            else "n'était pas en vigueur"
        )
        return f"Le fondement {name} a changé : sa version d'alors ({then['id']}, {spoken}) {when} ; aucune ne vaut le {at}."
    if now["start"] and now["start"] > spoken.isoformat():
        return f"Le fondement {name} a changé depuis la source ({spoken}) : {then['id']} a pris fin le {then['end']}, le {at} vaut {now['id']}, depuis le {now['start']}."
    return f"Le fondement {name} n'était pas encore celui de la source ({then['id']}, depuis le {then['start']}) : le {at} vaut {now['id']}, jusqu'au {now['end']}."


def _day_of(locator: str) -> date | None:
    """The day of signature that the id of an act bears."""
    steps = locator.split("/")
    try:
        return date.fromisoformat(steps[1]) if len(steps) > 1 else None
    except ValueError:
        return None


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


class _Outcome(NamedTuple):
    clauses: _Clauses
    status: str
    effect: dict[str, Any]
    missing: tuple[str, ...]
    because: list[dict[str, Any]]


def _outcome(clauses: _Clauses, run: Run) -> _Outcome:
    """What one version says. Effects that lack a fact leave a rule that applies undecided: the answer is not whole."""
    for name, value in clauses.lets:
        run.values[name] = value(run)
    missing: list[str] = []
    effect = _effects(clauses.always, run, missing)
    holds = clauses.when(run) if clauses.when else True
    if holds is False:
        return _Outcome(clauses, NOT_APPLICABLE, effect, (), run.because)
    if type(holds) is Missing:
        return _Outcome(clauses, UNDECIDED, effect, holds, run.because)
    effect.update(_effects(clauses.effects, run, missing))
    return _Outcome(clauses, UNDECIDED if missing else APPLICABLE, effect, tuple(missing), run.because)


def _once(because: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The conditions met, each once: an effect may ask what the condition asked."""
    return list({line["condition"]: line for line in because}.values())


def _effects(effects: list[tuple[str, Value]], run: Run, missing: list[str]) -> dict[str, Any]:
    told = {}
    for name, compute in effects:
        value = run.values[name] = compute(run)
        if type(value) is Missing:
            missing += value
        else:
            told[name] = _tell(value)
    return told


def _undecided(outcomes: list[_Outcome], lacking: tuple[str, ...]) -> _Outcome:
    """The answer when one does not know which version governs: what all say, or else undecided."""
    because = [line for outcome in outcomes for line in outcome.because]
    common = {k: v for k, v in outcomes[0].effect.items() if all(o.effect.get(k) == v for o in outcomes)}
    if all(outcome.status == NOT_APPLICABLE for outcome in outcomes):
        return _Outcome(outcomes[0].clauses, NOT_APPLICABLE, common, (), because)
    missing = (*lacking, *(name for outcome in outcomes for name in outcome.missing))
    return _Outcome(outcomes[0].clauses, UNDECIDED, common, missing, because)


def _tell(value: Any) -> Any:
    """A value as JSON."""
    kind = type(value)
    if kind is bool or kind is str or kind is int:
        return value
    if kind is Decimal:
        return francs(value)
    if isinstance(value, date):
        return value.isoformat()
    if kind is m.Duration:
        return value.words
    return list(value)
