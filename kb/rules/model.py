"""What a rule is: facts, parameters, dated versions, the words that hold them, and the trials that it must stand.

``lang`` makes rules, ``proof`` resolves their quotes, ``evaluate`` answers; the store keeps them as JSON (``codec``), so that
an evaluation needs neither grammar nor sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from kb.ground.span import Span
from kb.rules import expressions as x

if TYPE_CHECKING:
    from kb.rules.since import Since


class Found(NamedTuple):
    """Where a quote stands: ``text[start:end] == quote`` in ``source``, whose file is ``path`` with ``sha256``."""

    source: str
    path: str
    sha256: str
    start: int
    end: int
    quote: str
    provision: str


class Evidence(NamedTuple):
    """Words of a source that hold a rule; ``about`` says what of it. ``found`` is set by ``proof.check``."""

    locator: str
    about: str
    quote: str
    span: Span | None
    found: Found | None = None


class Proof(NamedTuple):
    """What proves a date or a replacement: a quote at a locator, or (``quote`` is ``None``) a fact of the registry."""

    locator: str
    quote: str | None
    span: Span | None
    found: Found | None = None
    said_by: tuple[str, ...] = ()


class Bound(NamedTuple):
    """A day on which validity starts or ends; ``known`` is the day it was published, ``None`` where nobody says."""

    day: date
    known: date | None
    proofs: tuple[Proof, ...]
    span: Span | None


class Basis(NamedTuple):
    """The id of a provision a rule rests on."""

    id: str
    span: Span | None


class Fact(NamedTuple):
    """What a question may state; ``default`` holds when it does not, or only where it states one of *once*."""

    name: str
    kind: x.Kind
    default: x.Lit | None
    once: tuple[str, ...]
    span: Span | None


class Effect(NamedTuple):
    """A named value: of a ``soit``, or told by the answer. ``kind`` is set when types are checked."""

    name: str
    value: x.Node
    kind: x.Kind
    span: Span | None


class Period(NamedTuple):
    """What a parameter is worth during ``[start, end)``, and the words that say so."""

    value: x.Lit
    evidence: Evidence
    start: Bound
    end: Bound | None


class Parameter(NamedTuple):
    """A value that the law sets anew from time to time; on a day of no period it is asked as a fact."""

    name: str
    kind: x.Kind
    periods: tuple[Period, ...]
    span: Span | None


class Version(NamedTuple):
    """What a rule says during ``[start, end)``, to the facts in ``scope``; no ``end`` means that none is known."""

    label: str
    scope: x.Node | None
    start: Bound
    end: Bound | None
    basis: tuple[Basis, ...]
    evidence: tuple[Evidence, ...]
    lets: tuple[Effect, ...]
    when: x.Node | None
    effects: tuple[Effect, ...]
    always: tuple[Effect, ...]
    span: Span | None

    def expressions(self) -> tuple[x.Node, ...]:
        """Its conditions and values, in the order in which they are evaluated."""
        values = [effect.value for effect in (*self.lets, *self.always, *self.effects)]
        return tuple(node for node in (self.scope, *values, self.when) if node is not None)


class Conflict(NamedTuple):
    """A ``conflit`` or a ``chronologie`` with ``about``; ``sentence`` comes from the registry's note of that kind.

    ``reading`` is what the other text says where the rule has another operator between the same two sides.
    """

    kind: str
    about: str
    reading: x.Compare | None
    span: Span | None
    sentence: str = ""
    said_by: tuple[str, ...] = ()


class Replaced(NamedTuple):
    """The rule that this one took the place of, and what says so."""

    rule: str
    proof: Proof
    span: Span | None


class Derogation(NamedTuple):
    """The general rule that gives way where this one applies, and what says so where it is not the rule's own words."""

    rule: str
    proof: Proof | None
    span: Span | None


class Essai(NamedTuple):
    """A trial beside the rule: on ``at``, these facts have this outcome.

    ``facts`` and ``effect`` are JSON objects, as a question and its answer have them; other effects may be told.
    """

    at: date
    facts: str
    status: str
    effect: str
    missing: tuple[str, ...]
    span: Span | None


class Sequel(NamedTuple):
    """What became of the rule's measure after it: ``words`` since ``bound``, in the provision ``about``."""

    about: str
    bound: Bound
    words: str
    span: Span | None


class Rule(NamedTuple):
    """A computational statement held by quotes; the first of ``evidence`` is its source.

    ``derogated_by`` names the rules before which it gives way; ``links.link`` sets it.
    """

    id: str
    title: str
    modality: str
    action: str
    evidence: tuple[Evidence, ...]
    basis: tuple[Basis, ...]
    facts: tuple[Fact, ...]
    versions: tuple[Version, ...]
    conflicts: tuple[Conflict, ...]
    replaces: tuple[Replaced, ...]
    sequels: tuple[Sequel, ...]
    notes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    derogates: tuple[Derogation, ...]
    essais: tuple[Essai, ...]
    derogated_by: tuple[str, ...]
    span: Span

    def all_evidence(self) -> tuple[Evidence, ...]:
        """The rule's own evidence, that of its versions and that of its parameters."""
        own = self.evidence + tuple(e for v in self.versions for e in v.evidence)
        return own + self.period_evidence()

    def period_evidence(self) -> tuple[Evidence, ...]:
        """The words that say what its parameters are worth."""
        return tuple(period.evidence for parameter in self.parameters for period in parameter.periods)

    def uses(self) -> tuple[str, ...]:
        """The rules that its conditions and values ask, each once."""
        nodes = [node for version in self.versions for node in version.expressions()]
        asked = (part.rule for node in nodes for part in x.walk(node) if isinstance(part, x.Applies | x.Result))
        return tuple(dict.fromkeys(asked))

    def all_basis(self) -> tuple[Basis, ...]:
        """The rule's own basis and those of its versions, each id once."""
        every = [*self.basis, *(basis for version in self.versions for basis in version.basis)]
        return tuple({basis.id: basis for basis in every}.values())


class Waiver(NamedTuple):
    """Words of a source that no rule covers, and why."""

    locator: str
    quotes: tuple[Evidence, ...]
    reason: str
    span: Span | None


class World(Protocol):
    """What an evaluation asks of the knowledge base."""

    def version_at(self, provision: str, day: date) -> Mapping[str, str | None] | None:
        """``{"id", "start", "end", "source"}`` of the version in force on *day*: ISO days, what holds its text; ``None`` where none."""

    def since(self, rule: str) -> Sequence[Since]:
        """What the basis of a rule says since its source spoke, in order of time."""

    def rules(self) -> Mapping[str, Rule]:
        """Every rule by its id; ``trace`` and rules that speak of other rules ask."""


_Made = TypeVar("_Made")


def once_a_rule(make: Callable[[Rule], _Made]) -> Callable[[Rule], _Made]:
    """*make*, done once for each rule object: rules are frozen, so what is made of them stays true."""
    made: dict[int, tuple[Rule, _Made]] = {}

    def get(rule: Rule) -> _Made:
        found = made.get(id(rule))
        if found is None or found[0] is not rule:
            if len(made) >= 4096:
                made.clear()
            found = made[id(rule)] = rule, make(rule)
        return found[1]

    return get
