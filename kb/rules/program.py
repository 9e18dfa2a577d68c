"""A rule made ready: closures for its conditions and values, and the parts of its answers that never change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypedDict

from kb.ground.fault import Misuse
from kb.ground.names import fold
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.bounds import Ranges
from kb.rules.compiled import Compiler, literal
from kb.rules.facts import near, read_fact
from kb.rules.phrases import money, reread, text_of
from kb.rules.run import Known, Met, Missing, Run, Value
from kb.rules.typed import typing_of

APPLICABLE, NOT_APPLICABLE, UNDECIDED = "applicable", "non_applicable", "indetermine"


class Shown(TypedDict):
    """Evidence in an answer; a quote not looked up has no place."""

    source: str | None
    sha256: str | None
    start: int | None
    end: int | None
    quote: str
    provision: str


class Outcome(NamedTuple):
    """What one version says: ``effect`` as JSON, ``values`` as other rules take them."""

    clauses: Clauses
    status: str
    effect: dict[str, object]
    values: Mapping[str, Known]
    missing: tuple[str, ...]
    because: list[Met]
    yields_to: str = ""


class Clauses:
    """A version, compiled."""

    def __init__(self, rule: m.Rule, version: m.Version) -> None:
        typing = typing_of(rule, {}, [], set())
        lets = {let.name: let.value for let in version.lets}
        amounts = {fact.name for fact in rule.facts if fact.kind.name == "montant"}
        compiler = Compiler(typing, Ranges(amounts, lets))

        def named(effects: Iterable[m.Effect]) -> list[tuple[str, Value, x.Kind]]:
            made = []
            for effect in effects:
                made.append((effect.name, compiler.value(effect.value), effect.kind))
                typing.scope[effect.name] = effect.kind
            return made

        self.version = version
        self.scope = compiler.value(version.scope) if version.scope else None
        self.lets, self.always = named(version.lets), named(version.always)
        self.when = compiler.value(version.when) if version.when else None
        self.effects = named(version.effects)
        self.evidence = [shown(e) for e in (*rule.evidence, *version.evidence)]
        self.basis = tuple(dict.fromkeys(b.id for b in (*version.basis, *rule.basis)))

    def outcome(self, run: Run) -> Outcome:
        """What the version says. Effects that lack a fact leave a rule that applies undecided: the answer is not whole."""
        for name, value, _ in self.lets:
            run.values[name] = value(run)
        missing: list[str] = []
        effect = _effects(self.always, run, missing)
        holds = self.when(run) if self.when else True
        if holds is False:
            return Outcome(self, NOT_APPLICABLE, effect, run.values, (), run.because)
        if type(holds) is Missing:
            return Outcome(self, UNDECIDED, effect, run.values, holds, run.because)
        effect.update(_effects(self.effects, run, missing))
        status = UNDECIDED if missing else APPLICABLE
        return Outcome(self, status, effect, run.values, tuple(missing), run.because)


class Program:
    """A rule made ready; ``others`` are its versions as each text in conflict with it reads them."""

    def __init__(self, rule: m.Rule) -> None:
        self.rule = rule
        self.parameters = {parameter.name: parameter for parameter in rule.parameters}
        self.facts = {fact.name: fact.kind for fact in rule.facts}
        self.facts |= {name: parameter.kind for name, parameter in self.parameters.items()}
        self.defaults = {f.name: literal(f.default) for f in rule.facts if f.default and not f.once}
        self.once = {f.name: (literal(f.default), f.once) for f in rule.facts if f.default and f.once}
        self.shown_defaults = {f.name: text_of(literal(f.default), f.kind) for f in rule.facts if f.default}
        self.clauses = [Clauses(rule, version) for version in rule.versions]
        self.others = [[Clauses(rule, _as_read(v, c.reading)) for v in rule.versions] for c in rule.conflicts]

    def read(self, facts: Mapping[str, object]) -> dict[str, Known]:
        """The facts as values, ``null`` counting as not given. Raises ``Misuse``."""
        values: dict[str, Known] = {}
        for name, value in facts.items():
            kind = self.facts.get(name)
            if kind is None:
                name = fold(name)
                kind = self.facts.get(name)
            if kind is None:
                raise Misuse(f"rule {self.rule.id} has no fact '{name}'{near(name, self.facts)}")
            if name in values:
                raise Misuse(f"fact '{name}' is given twice")
            if value is not None:
                values[name] = read_fact(name, value, kind)
        return values

    def values(self, at: date, given: dict[str, Known]) -> dict[str, Known]:
        """*given*, or else the defaults and what the parameters are worth on *at*."""
        if not self.parameters and not self.once:
            return {**self.defaults, **given}
        said = {name: value for name, (value, once) in self.once.items() if any(other in given for other in once)}
        worth = {name: period for name, p in self.parameters.items() if (period := _period(p, at)) is not None}
        return {**self.defaults, **said, **{name: literal(period.value) for name, period in worth.items()}, **given}

    def defaulted(self, given: dict[str, Known]) -> list[str]:
        """The defaults that hold beside *given*, in words."""
        return [
            f"{name} : {words} par défaut"
            for name, words in self.shown_defaults.items()
            if name not in given and (name not in self.once or any(other in given for other in self.once[name][1]))
        ]

    def evidence(self, clauses: Clauses, at: date) -> list[Shown]:
        """The words that hold a version, and those that say what the parameters are worth on *at*; the reader's to change."""
        told = [evidence.copy() for evidence in clauses.evidence]
        for parameter in self.parameters.values():
            period = _period(parameter, at)
            if period is not None:
                told.append(shown(period.evidence))
        return told

    def silent(self, at: date, given: dict[str, Known]) -> list[str]:
        """A sentence for each parameter that no source gives a value on *at*, and for each that the question sets itself."""
        said = []
        for name, parameter in self.parameters.items():
            if name in given:
                said.append(f"« {name} » : la valeur est celle de la question, non celle des textes.")
            elif _period(parameter, at) is None:
                first = min((p.start.day for p in parameter.periods), default=None)
                known = f" (la première est du {first})" if first and at < first else ""
                said.append(f"Aucune source ne dit la valeur de « {name} » le {at}{known}.")
        return said


def shown(evidence: m.Evidence) -> Shown:
    """Evidence as an answer shows it."""
    found = evidence.found
    if found is None:
        return {
            "source": None, "sha256": None, "start": None, "end": None, "quote": evidence.quote, "provision": evidence.locator,
        }  # fmt: skip
    return {
        "source": found.source, "sha256": found.sha256, "start": found.start, "end": found.end, "quote": found.quote,
        "provision": found.provision,
    }  # fmt: skip


def _period(parameter: m.Parameter, at: date) -> m.Period | None:
    for period in parameter.periods:
        if period.start.day <= at and (period.end is None or at < period.end.day):
            return period
    return None


def _as_read(version: m.Version, reading: x.Compare | None) -> m.Version:
    """*version* as the text that it is in conflict with would have it."""
    return version._replace(when=reread(version.when, reading)) if reading and version.when else version


def _effects(effects: list[tuple[str, Value, x.Kind]], run: Run, missing: list[str]) -> dict[str, object]:
    told: dict[str, object] = {}
    for name, compute, kind in effects:
        value = run.values[name] = compute(run)
        if type(value) is Missing:
            missing += value
        else:
            told[name] = _tell(value, kind)
    return told


def _tell(value: Known, kind: x.Kind) -> object:
    """A value as JSON: amounts, numbers and rates as exact words, whole numbers as such."""
    of = type(value)
    if of is bool or of is str:
        return value
    if of is Decimal and kind.name == "montant":
        return money(value, kind)
    if kind.name == "entier":
        return int(value)
    return list(value) if of is tuple else text_of(value, kind)
