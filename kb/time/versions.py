"""When a provision said what: events and facts become versions, every bound with its proof.

A version is ``[start, end)``. Three things set a bound, in this order: a dated event that a source states, an interval
that an authority states, and, for an act whose entry into force nobody states, its publication or else its signature
(a note says which). Where they agree, all are kept as proofs; where they differ, the source is kept and a fault says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kb.ground.fault import Fault
from kb.ground.period import Bound, Edge, Period
from kb.ground.registry import ExternalVersion, Fact, Registry
from kb.ground.span import Span
from kb.texts.provisions import Provision
from kb.time.events import Event


class Proof(NamedTuple):
    """Why a bound is what it is: words of a source, or an external fact, and who says so."""

    span: Span | None = None
    fact: str | None = None
    said_by: tuple[str, ...] = ()


@dataclass(slots=True)
class Version:
    """What a provision says during ``period``; ``source`` holds its text, or is ``None`` where only dates are known.

    ``start_known`` and ``end_known`` are the days on which the bounds could be known (publication), ``None`` if unstated.
    """

    provision: str
    start: Bound
    end: Bound
    start_proof: list[Proof] = field(default_factory=list)
    end_proof: list[Proof] = field(default_factory=list)
    start_known: date | None = None
    end_known: date | None = None
    official: str | None = None
    source: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def id(self) -> str:
        day = self.start.isoformat() if isinstance(self.start, date) else Edge.UNKNOWN.value
        return f"{self.provision}@{day}"


SIGNATURE_NOTE = "Aucune source ne dit l'entrée en vigueur : le texte est tenu pour en vigueur depuis sa signature."
PUBLICATION_NOTE = "Aucune source ne dit l'entrée en vigueur : le texte est tenu pour en vigueur depuis sa publication."
NO_DATE_NOTE = "La date de ce texte n'est dans aucune source."


class Known(NamedTuple):
    """What the build knows of provisions when versions are made. ``dated`` proves the date of signature of an act."""

    provisions: Mapping[str, Provision]
    events: Sequence[Event]
    registry: Registry
    dated: Mapping[str, Span]
    signed: Mapping[str, date]


def versions(known: Known) -> tuple[list[Version], list[Fault]]:
    """The versions of every text and article, in order of provision and start, and the disagreements met."""
    events: dict[str, list[Event]] = defaultdict(list)
    for event in known.events:
        events[event.target].append(event)
    stated: dict[str, list[ExternalVersion]] = defaultdict(list)
    for version in known.registry.versions:
        stated[version.of].append(version)
    facts: dict[str, dict[str, Fact]] = defaultdict(dict)
    for fact in known.registry.facts:
        facts[fact.about][fact.key] = fact
    made: list[Version] = []
    faults: list[Fault] = []
    for name, provision in sorted(known.provisions.items()):
        if provision.kind == "division":
            continue
        own = [_external(version) for version in stated[name]]
        if name in known.signed or (provision.kind == "texte" and "/" in name):
            own = own or [_act(name, provision, known, facts[name])]
            _end_by_events(own[-1], events[name])
        elif provision.source:
            faults += _merge(_consolidated(provision, events[name]), own)
        _agree(own, events[name])
        own.sort(key=lambda v: v.start if isinstance(v.start, date) else date.min)
        faults += _overlaps(own)
        made += own
    return made, faults


def _external(stated: ExternalVersion) -> Version:
    proof = Proof(fact=f"{stated.of}?version={stated.id or stated.start}", said_by=stated.said_by)
    ends = [] if stated.end is Edge.UNKNOWN else [proof]
    return Version(stated.of, stated.start, stated.end, [proof], ends, official=stated.id)


def _act(name: str, provision: Provision, known: Known, facts: Mapping[str, Fact]) -> Version:
    """The one version of an act: from its entry into force, its publication or its signature, the first that is stated."""
    published = facts.get("published")
    known_from = date.fromisoformat(published.value) if published else None
    for key, note in (("in_force", ""), ("published", PUBLICATION_NOTE), ("signed", SIGNATURE_NOTE)):
        if key in facts:
            proof = Proof(fact=facts[key].id, said_by=facts[key].said_by)
            day = date.fromisoformat(facts[key].value)
            return Version(
                name, day, Edge.UNKNOWN, [proof], [], known_from, source=provision.source, notes=[note] if note else []
            )
    signed = known.signed.get(name)
    if signed is None:
        return Version(name, Edge.UNKNOWN, Edge.UNKNOWN, source=provision.source, notes=[NO_DATE_NOTE])
    proofs = [Proof(span=known.dated[name], said_by=("seed",))] if name in known.dated else []
    return Version(name, signed, Edge.UNKNOWN, proofs, [], known_from, source=provision.source, notes=[SIGNATURE_NOTE])


def _consolidated(provision: Provision, events: Iterable[Event]) -> Version:
    """The version that a consolidated article holds: since the last change its links state, until its abrogation."""
    from_links = [event for event in events if event.span and event.span.source == provision.source and event.effective]
    version = Version(provision.id, Edge.UNKNOWN, Edge.UNKNOWN, source=provision.source)
    starts = [event for event in from_links if event.kind in ("cree", "modifie")]
    if starts:
        last = max(starts, key=lambda event: event.effective or date.min)
        version.start, version.start_known = last.effective or Edge.UNKNOWN, last.published
        version.start_proof = [Proof(span=last.span, said_by=("seed",))]
        version.notes += [last.note] if last.note else []
    _end_by_events(version, from_links)
    return version


def _end_by_events(version: Version, events: Iterable[Event]) -> None:
    """End *version* at its first dated abrogation, unless an end is stated already."""
    ends = [
        event
        for event in events
        if event.kind == "abroge" and event.effective and event.effective > _day(version.start)
    ]
    if not ends or isinstance(version.end, date):
        return
    first = min(ends, key=lambda event: event.effective or date.max)
    version.end, version.end_known = first.effective or Edge.UNKNOWN, first.published
    version.end_proof = [proof for event in ends if event.effective == first.effective for proof in _proofs(event)]
    version.notes += [first.note] if first.note else []


def _proofs(event: Event) -> list[Proof]:
    if event.fact:
        return [Proof(fact=event.fact, said_by=event.said_by)]
    return [Proof(span=span, said_by=event.said_by or ("seed",)) for span in (event.span, event.dated) if span]


def _day(bound: Bound) -> date:
    return bound if isinstance(bound, date) else date.min


def _merge(read: Version, stated: list[Version]) -> list[Fault]:
    """Put the version that was read among those that are stated: agreement adds proofs, disagreement is a fault."""
    twin = next((v for v in stated if v.start == read.start), None)
    if twin is None:
        stated.append(read)
        return []
    faults = []
    if read.end != twin.end and read.end is not Edge.UNKNOWN:
        span = read.end_proof[0].span if read.end_proof else None
        faults.append(
            Fault(
                "bornes-divergentes",
                f"{read.provision} : la source finit le {read.end}, {', '.join(twin.end_proof[0].said_by)} dit {twin.end}.",
                span,
            )
        )
    elif read.end is Edge.UNKNOWN:
        read.end = twin.end
    read.start_proof += twin.start_proof
    read.end_proof += [proof for proof in twin.end_proof if read.end == twin.end]
    read.official = twin.official
    stated[stated.index(twin)] = read
    return faults


def _agree(own: Sequence[Version], events: Iterable[Event]) -> None:
    """Add to each bound the dated events that fall on it and do not prove it yet."""
    for event in events:
        for version in own:
            if event.kind in ("cree", "modifie") and event.effective == version.start:
                _add(version.start_proof, _proofs(event))
                version.start_known = version.start_known or event.published
            if event.kind == "abroge" and event.effective == version.end:
                _add(version.end_proof, _proofs(event))
                version.end_known = version.end_known or event.published


def _add(proofs: list[Proof], more: Iterable[Proof]) -> None:
    proofs += [proof for proof in more if proof not in proofs]


def _overlaps(own: Sequence[Version]) -> list[Fault]:
    return [
        Fault("versions-chevauchantes", f"{a.id} et {b.id} se chevauchent.")
        for i, a in enumerate(own)
        for b in own[i + 1 :]
        if a.period.overlaps(b.period)
    ]
