"""What sources say of one provision becomes its versions; what they disagree on is kept and said.

Sources meet on the provision's id. Versions are told apart by the day they start. Where sources agree, each is a proof
of the bound; where they differ, the first one read is kept and the difference is an ``Anomaly``. In a history, a
version ends when the next one of the same file starts, or when the file goes; else its end is unknown, unless an act
abrogates it. An interval that ends on or before its start never was in force: it makes no version.

What acts did is the second witness: a dated event proves the bound it falls on, and an abrogation ends a version of which
nobody states the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from kb.ground.period import Bound, Edge
from kb.texts.containers.records import REMOVED, UNFIXED_DAY
from kb.time import contradictions
from kb.time.contradictions import Anomaly
from kb.time.proof import Proof, add


class Claim(NamedTuple):
    """One version as one source states it.

    ``history`` says that its ends are those of the next claim of the same ``cid``; ``own`` that it is of the corpus, whose
    authorities may state one interval several times. ``words`` is a digest of the text, white space and marks apart; ``proofs``
    are why its bounds are so, beside the events read in its text.
    """

    rank: int
    container: str
    history: bool
    official: str | None
    cid: str | None
    state: str
    start: Bound
    end: Bound
    known: date | None = None
    source: str | None = None
    words: str | None = None
    proofs: tuple[Proof, ...] = ()
    note: str = ""
    own: bool = False

    @property
    def stillborn(self) -> bool:
        """Whether it ends on or before its start: never in force."""
        return isinstance(self.start, date) and isinstance(self.end, date) and self.end <= self.start


class Done(NamedTuple):
    """What an act did to the provision, with its proofs; ``source`` is where it is read, ``None`` for a fact."""

    kind: str
    by: str | None
    effective: date | None
    published: date | None
    source: str | None
    proofs: tuple[Proof, ...]
    note: str = ""


@dataclass(slots=True)
class Version:
    """What a provision says during ``[start, end)``; ``source`` holds its text, ``None`` where only dates are known.

    ``start_known`` and ``end_known`` are the days on which the bounds could be known (publication), ``None`` if unstated.
    ``state`` is what sources call it (LEGI's ETAT).
    """

    provision: str
    start: Bound
    end: Bound
    start_proof: list[Proof] = field(default_factory=list)
    end_proof: list[Proof] = field(default_factory=list)
    start_known: date | None = None
    end_known: date | None = None
    official: str | None = None
    state: str = ""
    source: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return version_id(self.provision, self.start)


class Merged(NamedTuple):
    """The versions of one provision in order, the version each claim speaks of (by rank), and what contradicts."""

    versions: list[Version]
    of: dict[int, str]
    anomalies: list[Anomaly]


def version_id(provision: str, start: Bound) -> str:
    """``css/D133-1@1992-03-28``, or ``…@inconnu``."""
    return f"{provision}@{start.isoformat() if isinstance(start, date) else Edge.UNKNOWN.value}"


def merge(provision: str, claims: Sequence[Claim], acts: Sequence[Done] = ()) -> Merged:
    """The versions of *provision* that *claims* make, in the order they were read, and what *acts* add to them."""
    ended, end_proofs = _ended(claims)
    alive = [claim for claim in ended if claim.state != REMOVED and not claim.stillborn]
    anomalies = [contradictions.stillborn(provision, c) for c in ended if c.state != REMOVED and c.stillborn]
    for container in dict.fromkeys(claim.container for claim in alive):
        anomalies += contradictions.sequence(provision, [c for c in alive if c.container == container])
    groups: dict[Bound, list[Claim]] = defaultdict(list)
    for claim in alive:
        groups[claim.start].append(claim)
    versions, of = [], {}
    for start in sorted(groups, key=order):
        made, more = _made(provision, groups[start], end_proofs)
        anomalies += more
        versions.append(made)
        of.update({claim.rank: made.id for claim in groups[start]})
    anomalies += contradictions.starts(provision, alive)
    for a, b in pairwise(versions):
        if a.end == b.start and a.end_known is None:
            a.end_known = b.start_known
    read = {claim.source for claim in claims if claim.source}
    for version in versions:
        # What one version of a text says was done is of that version: it dates none of the others.
        _by_acts(version, [act for act in acts if act.source == version.source or act.source not in read])
    return Merged(versions, of, anomalies)


def texts(provision: str, claims: Sequence[Claim]) -> list[tuple[str, Bound, str]]:
    """The versions of *provision* that have a text: id, start, and the source of the text that ``merge`` chooses."""
    found: dict[Bound, str] = {}
    for claim in _ended(claims)[0] if any(claim.source for claim in claims) else ():
        if claim.source and not claim.stillborn:
            found.setdefault(claim.start, claim.source)
    return [(version_id(provision, start), start, found[start]) for start in sorted(found, key=order)]


def order(bound: Bound) -> date:
    """Where a start stands among others: one that is not fixed comes last."""
    return bound if isinstance(bound, date) else UNFIXED_DAY


def _ended(claims: Iterable[Claim]) -> tuple[list[Claim], dict[int, tuple[Proof, ...]]]:
    """Claims with the ends that a history implies, and what proves these ends, by rank."""
    chains: dict[tuple[str, str | None], list[Claim]] = defaultdict(list)
    plain: list[Claim] = []
    for claim in claims:
        (chains[claim.container, claim.cid] if claim.history else plain).append(claim)
    proofs: dict[int, tuple[Proof, ...]] = {}
    for chain in chains.values():
        chain.sort(key=lambda c: (order(c.start), c.rank))
        for a, b in pairwise(chain):
            plain.append(a._replace(end=b.start))
            if b.proofs:
                proofs[a.rank] = b.proofs
        plain.append(chain[-1])
    return sorted(plain, key=lambda c: c.rank), proofs


def _made(
    provision: str, group: list[Claim], end_proofs: dict[int, tuple[Proof, ...]]
) -> tuple[Version, list[Anomaly]]:
    """One version of the claims that start on one day."""
    made = Version(provision, group[0].start, Edge.UNKNOWN)
    # A stated end outweighs one that follows from a history, and any of them an unknown one.
    ends = sorted((c for c in group if c.end is not Edge.UNKNOWN), key=lambda c: c.history)
    if ends:
        made.end = ends[0].end
    for claim in group:
        add(made.start_proof, claim.proofs)
        if claim.end == made.end and made.end is not Edge.UNKNOWN:
            add(made.end_proof, end_proofs.get(claim.rank) or claim.proofs)
        made.notes += [claim.note] if claim.note else []
        made.start_known = made.start_known or claim.known
        made.official = made.official or claim.official
        made.state = made.state or claim.state
    held = [c for c in group if c.source]
    made.source = held[0].source if held else None
    return made, contradictions.of_one_version(provision, made.id, group, ends, held)


def _by_acts(made: Version, acts: Sequence[Done]) -> None:
    """What acts add to a version: an end where none is stated, proofs where they agree, days of publication."""
    if not isinstance(made.start, date):
        return
    alone = not made.start_proof  # no source states the start: it rests on what acts did
    for act in acts:
        if act.kind in ("cree", "modifie"):
            if act.effective == made.start:
                _prove(made.start_proof, act, made)
                if alone and act.note and act.note not in made.notes:
                    made.notes.append(act.note)
                made.start_known = made.start_known or act.published
            elif (
                act.source == made.source is not None
                and made.start_known is None
                and act.published
                and act.published <= made.start
            ):
                made.start_known = act.published
    ends = [
        (act.effective, act) for act in acts if act.kind == "abroge" and act.effective and act.effective > made.start
    ]
    if made.end is Edge.UNKNOWN and ends:
        made.end, first = min(ends, key=lambda end: end[0])
        made.end_known = first.published
        if first.note:
            made.notes.append(first.note)
    for day, act in ends:
        if day == made.end:
            _prove(made.end_proof, act, made)
            made.end_known = made.end_known or act.published


def _prove(proofs: list[Proof], act: Done, made: Version) -> None:
    """Add what an act proves: the text's own words come before what is said of it elsewhere."""
    if act.source is not None and act.source == made.source:
        words = [proof for proof in act.proofs if proof not in proofs]
        at = sum(proof.span is not None for proof in proofs)
        proofs[at:at] = words
    else:
        add(proofs, act.proofs)
