"""What sources contradict one another on, or themselves: each a code and a sentence for a jurist (promise 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kb.ground.period import Bound, Edge, in_french
from kb.texts.containers.records import UNFIXED_DAY

if TYPE_CHECKING:
    from kb.time.merge import Claim


class Anomaly(NamedTuple):
    """A contradiction: a code, and the sentence that says it."""

    code: str
    sentence: str


def stillborn(provision: str, claim: Claim) -> Anomaly:
    """An interval that ends on or before its start."""
    inverted = _far(claim.end) < _order(claim.start)
    return Anomaly(
        "version-inversee" if inverted else "version-sans-duree",
        f"{_who(claim)} donne à {_which(provision, claim)} une fin ({_day(claim.end)}) {'avant' if inverted else 'égale à'} son début ({_day(claim.start)}) : jamais en vigueur.",
    )


def of_one_version(
    provision: str, version: str, group: Sequence[Claim], ends: Sequence[Claim], held: Sequence[Claim]
) -> list[Anomaly]:
    """What the claims that start on one day say differently: ends, words, official ids."""
    found = []
    for claim in ends:
        if claim.end != ends[0].end:
            found.append(
                Anomaly(
                    "bornes-divergentes",
                    f"{version} : {_who(ends[0])} {_ending(ends[0].end)}, {_who(claim)} {_ending(claim.end)}.",
                )
            )
    for claim in held[1:]:
        if claim.words != held[0].words and held[0].words and claim.words:
            found.append(
                Anomaly(
                    "textes-divergents",
                    f"{version} : le texte de {_who(claim)} n'est pas celui de {_who(held[0])}, qui est montré ; les deux sont gardés.",
                )
            )
    first = group[0]
    for claim in group:
        if (
            claim.container == first.container
            and claim.official != first.official
            and not claim.history
            and not claim.own
        ):
            found.append(
                Anomaly(
                    "version-double",
                    f"{_who(claim)} fait commencer deux versions de {provision} le {_day(first.start)} : {first.official} et {claim.official}.",
                )
            )
    return found


def sequence(provision: str, claims: Sequence[Claim]) -> list[Anomaly]:
    """What is wrong in the intervals that one source states, each against the next: overlaps, gaps, several open ends."""
    # A history's ends follow from its starts; a text of the corpus says when it starts, an authority beside it when it ends.
    stated = [claim for claim in claims if not claim.history and not (claim.own and claim.source)]
    ordered = sorted(stated, key=lambda c: _order(c.start))
    found = [anomaly for a, b in pairwise(ordered) for anomaly in _pair(provision, a, b)]
    opened = [c for c in ordered if c.end is Edge.OPEN]
    if len(opened) > 1:
        found.append(
            Anomaly(
                "versions-ouvertes",
                f"{_who(opened[0])} donne {len(opened)} versions sans fin à {provision} : {', '.join(c.official or '?' for c in opened)}.",
            )
        )
    return found


def _pair(provision: str, a: Claim, b: Claim) -> Iterator[Anomaly]:
    end, start = _far(a.end), _order(b.start)
    if end > start:
        yield Anomaly(
            "versions-chevauchantes",
            f"{_who(a)} {_until(provision, a)}, après le début de la suivante, {b.official} ({_day(b.start)}).",
        )
    elif end < start:
        yield Anomaly(
            "versions-lacune",
            f"{_who(a)} fait finir {_which(provision, a)} le {_day(a.end)} et commencer la suivante, {b.official}, le {_day(b.start)} seulement.",
        )


def starts(provision: str, claims: Sequence[Claim]) -> list[Anomaly]:
    """Days on which one source starts a version inside what another says is a single one."""
    found = []
    by_source: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if isinstance(claim.start, date):
            by_source[claim.container].append(claim)
    for ours, own in by_source.items():
        for theirs, other in by_source.items():
            if ours == theirs:
                continue
            known = {c.start for c in other}
            for claim in own:
                inside = next((c for c in other if claim.start not in known and _spans(c, claim.start)), None)
                if inside:
                    found.append(
                        Anomaly(
                            "debuts-divergents",
                            f"{_who(claim)} commence une version de {provision} le {_day(claim.start)}, au milieu de {provision}@{inside.start} selon {_who(inside)}.",
                        )
                    )
    return found


def _spans(claim: Claim, start: Bound) -> bool:
    """Whether *start* falls inside the interval of *claim*, whose end is stated."""
    return claim.end is not Edge.UNKNOWN and _order(claim.start) < _order(start) < _far(claim.end)


def _order(bound: Bound) -> date:
    return bound if isinstance(bound, date) else UNFIXED_DAY


def _far(bound: Bound) -> date:
    return bound if isinstance(bound, date) else UNFIXED_DAY if bound is Edge.UNKNOWN else date.max


def _who(claim: Claim) -> str:
    return "le corpus" if claim.own else claim.container


def _which(provision: str, claim: Claim) -> str:
    if claim.official:
        return f"la version {claim.official} de {provision}"
    return f"{provision}@{claim.start if isinstance(claim.start, date) else claim.start.value}"


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
