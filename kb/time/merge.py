"""What several sources say of one provision becomes its versions; what they disagree on is kept and said.

Sources meet on the provision's id. Versions are told apart by the day they start. Where sources agree, each is a proof
of the bound; where they differ, the first one imported is kept and the difference is an ``Anomaly``. In a history, a
version ends when the next one of the same file starts, or when the file goes; else its end is unknown, unless an act
abrogates it (see ``kb.make.imports``). An interval that ends on or before its start never was in force: it makes no version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from kb.ground.period import Bound, Edge, in_french
from kb.texts.containers.records import REMOVED, UNFIXED_DAY


class Claim(NamedTuple):
    """One version as one source states it: a row of the table ``witness``.

    ``container`` is ``None`` for the corpus; ``history`` says that its ends are those of the next claim of the same
    ``cid``. ``words`` is a digest of the text, white space and marks apart; ``fact`` the statement, as proof;
    ``proofs`` the corpus' own proofs and notes.
    """

    rank: int
    container: str | None
    history: bool
    official: str | None
    cid: str | None
    state: str
    start: Bound
    end: Bound
    known: date | None = None
    source: str | None = None
    words: str | None = None
    fact: str | None = None
    proofs: dict[str, Any] | None = None


class Anomaly(NamedTuple):
    """A contradiction: a code, and the sentence that says it to a jurist."""

    code: str
    sentence: str


@dataclass(slots=True)
class Made:
    """One version made of the claims that start on its day; ``source`` holds its text."""

    provision: str
    start: Bound
    end: Bound
    claims: list[Claim]
    start_proof: list[dict[str, Any]] = field(default_factory=list)
    end_proof: list[dict[str, Any]] = field(default_factory=list)
    start_known: date | None = None
    end_known: date | None = None
    official: str | None = None
    source: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return version_id(self.provision, self.start)


class Merged(NamedTuple):
    """The versions of one provision in order, the version each claim speaks of (by rank), and what contradicts."""

    versions: list[Made]
    of: dict[int, str]
    anomalies: list[Anomaly]


def version_id(provision: str, start: Bound) -> str:
    """``css/D133-1@1992-03-28``, or ``…@inconnu``."""
    return f"{provision}@{start.isoformat() if isinstance(start, date) else Edge.UNKNOWN.value}"


def merge(provision: str, claims: Sequence[Claim]) -> Merged:
    """The versions of *provision* that *claims* make, in the order they were imported."""
    anomalies: list[Anomaly] = []
    ended, end_facts = _ended(claims)
    alive = []
    for claim in ended:
        if claim.state == REMOVED:
            continue
        if isinstance(claim.start, date) and isinstance(claim.end, date) and claim.end <= claim.start:
            code = "version-inversee" if claim.end < claim.start else "version-sans-duree"
            anomalies.append(
                Anomaly(
                    code,
                    f"{_who(claim)} donne à {_which(provision, claim)} une fin ({_day(claim.end)}) {_before(claim)} son début ({_day(claim.start)}) : jamais en vigueur.",
                )
            )
            continue
        alive.append(claim)
    for container in dict.fromkeys(claim.container for claim in alive):
        anomalies += _sequence(provision, [c for c in alive if c.container == container])
    groups: dict[Bound, list[Claim]] = defaultdict(list)
    for claim in alive:
        groups[claim.start].append(claim)
    versions, of = [], {}
    for start in sorted(groups, key=_order):
        made, more = _made(provision, groups[start], end_facts)
        anomalies += more
        versions.append(made)
        of.update({claim.rank: made.id for claim in groups[start]})
    anomalies += _starts(provision, alive)
    for a, b in pairwise(versions):
        if a.end == b.start and a.end_known is None:
            a.end_known = b.start_known
    return Merged(versions, of, anomalies)


def texts(provision: str, claims: Sequence[Claim]) -> list[tuple[str, Bound, str]]:
    """The versions of *provision* that have a text: id, start, and the source of the text that ``merge`` chooses."""
    found: dict[Bound, str] = {}
    for claim in _ended(claims)[0] if any(claim.source for claim in claims) else ():
        alive = not (isinstance(claim.start, date) and isinstance(claim.end, date) and claim.end <= claim.start)
        if claim.source and alive:
            found.setdefault(claim.start, claim.source)
    return [(version_id(provision, start), start, found[start]) for start in sorted(found, key=_order)]


def _ended(claims: Iterable[Claim]) -> tuple[list[Claim], dict[int, str]]:
    """Claims with the ends that a history implies, and the facts that prove these ends, by rank."""
    chains: dict[tuple[str | None, str | None], list[Claim]] = defaultdict(list)
    plain: list[Claim] = []
    for claim in claims:
        (chains[claim.container, claim.cid] if claim.history else plain).append(claim)
    facts: dict[int, str] = {}
    for chain in chains.values():
        chain.sort(key=lambda c: (_order(c.start), c.rank))
        for a, b in pairwise(chain):
            plain.append(a._replace(end=b.start))
            if b.fact:
                facts[a.rank] = b.fact
        plain.append(chain[-1])
    return sorted(plain, key=lambda c: c.rank), facts


def _made(provision: str, group: list[Claim], end_facts: dict[int, str]) -> tuple[Made, list[Anomaly]]:
    """One version of the claims that start on one day."""
    anomalies = []
    first = group[0]
    made = Made(provision, first.start, Edge.UNKNOWN, group)
    # A stated end outweighs one that follows from a history, and any of them an unknown one.
    ends = [c for c in group if c.end is not Edge.UNKNOWN]
    ends.sort(key=lambda c: c.history)
    if ends:
        made.end = ends[0].end
    for claim in ends:
        if claim.end != made.end:
            anomalies.append(
                Anomaly(
                    "bornes-divergentes",
                    f"{made.id} : {_who(ends[0])} {_ending(made.end)}, {_who(claim)} {_ending(claim.end)}.",
                )
            )
    for claim in group:
        own = claim.proofs or {}
        made.start_proof += own.get("start") or _fact(claim.fact, claim.container)
        if claim.end == made.end and made.end is not Edge.UNKNOWN:
            made.end_proof += own.get("end") or _fact(end_facts.get(claim.rank) or claim.fact, claim.container)
        made.notes += own.get("notes") or []
        made.start_known = made.start_known or claim.known
        made.end_known = made.end_known or own.get("end_known")
        made.official = made.official or claim.official
    texts = [c for c in group if c.source]
    if texts:
        made.source = texts[0].source
        for claim in texts[1:]:
            if claim.words != texts[0].words and texts[0].words and claim.words:
                anomalies.append(
                    Anomaly(
                        "textes-divergents",
                        f"{made.id} : le texte de {_who(claim)} n'est pas celui de {_who(texts[0])}, qui est montré ; les deux sont gardés.",
                    )
                )
    doubled = [c for c in group if c.container == first.container and c.official != first.official and not c.history]
    for claim in doubled:
        anomalies.append(
            Anomaly(
                "version-double",
                f"{_who(claim)} fait commencer deux versions de {provision} le {_day(made.start)} : {first.official} et {claim.official}.",
            )
        )
    return made, anomalies


def _fact(fact: str | None, container: str | None) -> list[dict[str, Any]]:
    return [{"fact": fact, "said_by": [container]}] if fact and container else []


def _sequence(provision: str, claims: Sequence[Claim]) -> list[Anomaly]:
    """What is wrong in the intervals that one source states, each against the next: overlaps, gaps, several open ends."""
    if not claims or claims[0].history or claims[0].container is None:
        return []
    found = []
    ordered = sorted(claims, key=lambda c: _order(c.start))
    for a, b in pairwise(ordered):
        end, start = _far(a.end), _order(b.start)
        if end > start:
            found.append(
                Anomaly(
                    "versions-chevauchantes",
                    f"{_who(a)} {_until(provision, a)}, après le début de la suivante, {b.official} ({_day(b.start)}).",
                )
            )
        elif end < start:
            found.append(
                Anomaly(
                    "versions-lacune",
                    f"{_who(a)} fait finir {_which(provision, a)} le {_day(a.end)} et commencer la suivante, {b.official}, le {_day(b.start)} seulement.",
                )
            )
    opened = [c for c in ordered if c.end is Edge.OPEN]
    if len(opened) > 1:
        found.append(
            Anomaly(
                "versions-ouvertes",
                f"{_who(opened[0])} donne {len(opened)} versions sans fin à {provision} : {', '.join(c.official or '?' for c in opened)}.",
            )
        )
    return found


def _starts(provision: str, claims: Sequence[Claim]) -> list[Anomaly]:
    """Days on which one source starts a version inside what another says is a single one."""
    found = []
    by_source: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim.start, date):
            by_source[claim.container].append(claim)
    for ours, own in by_source.items():
        for theirs, other in by_source.items():
            if ours == theirs:
                continue
            known = {c.start for c in other}
            for claim in own:
                inside = next(
                    (
                        c
                        for c in other
                        if claim.start not in known
                        and _order(c.start) < _order(claim.start) < _far(c.end)
                        and c.end is not Edge.UNKNOWN
                    ),
                    None,
                )
                if inside:
                    found.append(
                        Anomaly(
                            "debuts-divergents",
                            f"{_who(claim)} commence une version de {provision} le {_day(claim.start)}, au milieu de {version_id(provision, inside.start)} selon {_who(inside)}.",
                        )
                    )
    return found


def _order(bound: Bound) -> date:
    """Where a start stands among others: one that is not fixed comes last."""
    return bound if isinstance(bound, date) else UNFIXED_DAY


def _far(bound: Bound) -> date:
    return bound if isinstance(bound, date) else UNFIXED_DAY if bound is Edge.UNKNOWN else date.max


def _who(claim: Claim) -> str:
    return claim.container or "le corpus"


def _which(provision: str, claim: Claim) -> str:
    return f"la version {claim.official} de {provision}" if claim.official else version_id(provision, claim.start)


def _day(bound: Bound) -> str:
    return in_french(bound) if isinstance(bound, date) else bound.value


def _until(provision: str, claim: Claim) -> str:
    """What a source says of the end of a version, in the sentence of an overlap."""
    which = _which(provision, claim)
    if isinstance(claim.end, date):
        return f"fait finir {which} le {in_french(claim.end)}"
    return f"laisse {which} sans fin" if claim.end is Edge.OPEN else f"ne fixe pas encore la fin de {which}"


def _ending(end: Bound) -> str:
    return f"la fait finir le {in_french(end)}" if isinstance(end, date) else "la laisse sans fin"


def _before(claim: Claim) -> str:
    return "égale à" if claim.end == claim.start else "avant"
