"""What a provision said on a day, as known on a day: decided here and nowhere else (promise 11).

From the versions of a provision, ``Timeline.on(day, known)`` gives the version in force, the status, and the reasons. Of
several versions that hold, the last to begin is in force; an unknown end does not outlast a later beginning. With a day of
knowledge, only what was published by then counts: a start nobody could know is not there, an end nobody could know is none.

``spans`` says the same for every day at once, as intervals: what a question about many provisions is asked of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from kb.ground.acts import spoken
from kb.ground.period import Edge, in_french
from kb.time.proof import Proof

IN_FORCE, NOT_YET, REPEALED, UNKNOWN = "en_vigueur", "pas_encore", "abroge", "inconnu"
STATUSES = (IN_FORCE, NOT_YET, REPEALED, UNKNOWN)

_OPEN, _UNKNOWN = Edge.OPEN.value, Edge.UNKNOWN.value


if TYPE_CHECKING:

    class Dated(Protocol):
        """A version, as a timeline needs it: days are ISO text."""

        @property
        def id(self) -> str: ...
        @property
        def start(self) -> str | None: ...
        @property
        def end(self) -> str | None: ...
        @property
        def end_is(self) -> str: ...
        @property
        def start_known(self) -> str | None: ...
        @property
        def end_known(self) -> str | None: ...
        @property
        def state(self) -> str: ...
        @property
        def start_proofs(self) -> tuple[Proof, ...]: ...
        @property
        def end_proofs(self) -> tuple[Proof, ...]: ...


V = TypeVar("V", bound="Dated")


class Act(NamedTuple):
    """What ended a provision, or what took its place: ``kind`` as in ``time.events``, by another text, with its proof."""

    kind: str
    other: str | None
    day: str | None
    proofs: tuple[Proof, ...]


class Stillborn(NamedTuple):
    """A statement that never was in force, as its source makes it."""

    official: str | None
    start: str | None
    end: str | None
    state: str
    proofs: tuple[Proof, ...]


class Around(NamedTuple):
    """What is known beside the versions: acts that end or replace, statements that never held, where the provision went."""

    acts: tuple[Act, ...] = ()
    stillborn: tuple[Stillborn, ...] = ()
    renumbered: tuple[Act, ...] = ()


class Reason(NamedTuple):
    """Why a status is what it is: a kind (``REASONS``), a sentence in French, and what it rests on.

    ``day`` is the day it speaks of, ``by`` the act that did it, ``successor`` what took the provision's place, ``version`` the
    version it is about.
    """

    kind: str
    sentence: str
    day: str | None = None
    by: str | None = None
    successor: str | None = None
    version: str | None = None
    proofs: tuple[Proof, ...] = ()


#: What ends a provision, as a sentence says it.
ENDED = {
    "abroge": "abrogé",
    "transfere": "transféré",
    "perime": "périmé",
    "annule": "annulé",
    "disjoint": "disjoint",
    "remplace": "remplacé",
}
#: What a reason can be.
REASONS = (
    *ENDED,
    "fini",
    "lacune",
    "mort_ne",
    "deux_versions",
    "absent",
    "fin_inconnue",
    "fin_ignoree",
    "debut_ignore",
    "pas_encore",
    "non_publie",
    "debut_inconnu",
    "sans_date",
)

#: The states of LEGI, and the reason that each gives for the end of a version (``None``: the text went on, changed).
STATES: dict[str, str | None] = {
    "": None,
    "VIGUEUR": None,
    "VIGUEUR_DIFF": None,
    "VIGUEUR_ETEN": None,
    "VIGUEUR_NON_ETEN": None,
    "MODIFIE": None,
    "MODIFIE_MORT_NE": None,
    "REMPLACE": "remplace",
    "DENONCE": "abroge",
    "DEPLACE": "transfere",
    "TRANSFERE": "transfere",
    "ABROGE": "abroge",
    "ABROGE_DIFF": "abroge",
    "PERIME": "perime",
    "ANNULE": "annule",
    "DISJOINT": "disjoint",
}


class Held(NamedTuple, Generic[V]):
    """What a provision said on a day. With ``end_hidden`` the end of ``version`` could not be known on the day of knowledge."""

    version: V | None
    status: str
    reasons: tuple[Reason, ...]
    end_hidden: bool = False


class Timeline(Generic[V]):
    """The versions of one provision, in order of their start; ``absent`` is a day on which it was seen not to be there.

    *around* is asked only where a status needs more than the versions to be explained.
    """

    def __init__(self, versions: Sequence[V], absent: str | None = None, around: Callable[[], Around] = Around) -> None:
        self.versions = versions
        self.absent = absent
        self._around = around

    def on(self, day: date, known: date | None = None) -> Held[V]:
        """The version in force on *day*, as could be known on *known*; its status, and why."""
        iso, seen = day.isoformat(), known.isoformat() if known else None
        if not self.versions:
            return self._without(iso)
        version = self._holding(iso, seen)
        if version is None:
            return self._not_in_force(iso, seen)
        if self.absent and version.end_is == _UNKNOWN and version.end is None:
            return self._seen_absent(version, iso, self.absent)
        hidden = bool(seen and version.end and (version.end_known or version.end) > seen)
        reasons = [*self._twice(version, iso, seen), *(_knowledge(version, seen, hidden) if seen else ())]
        if version.end is None and version.end_is == _UNKNOWN:
            words = "Aucune source ne dit sa fin : la réponse suppose qu'il n'a pas pris fin avant cette date."
            reasons.append(Reason("fin_inconnue", words, version=version.id))
        return Held(version, IN_FORCE, tuple(reasons), hidden)

    def spans(self) -> Iterator[tuple[V, str, str | None]]:
        """Every version with the intervals ``[start, end)`` during which ``on`` gives it (``None``: without an end known)."""
        days = sorted({day for v in self.versions for day in (v.start, v.end) if day})
        run: tuple[V, str] | None = None
        for day in days:
            held = self.on(date.fromisoformat(day)).version
            if run and (held is None or held.id != run[0].id):
                yield *run, day
                run = None
            if run is None and held is not None:
                run = held, day
        if run:
            yield *run, None

    # -- which version --------------------------------------------------------------------------------------------

    def _holding(self, day: str, known: str | None) -> V | None:
        later = False
        for version in reversed(self.versions):
            if not _begun(version, day, known):
                continue
            if _lasts(version, day, known) and not (later and version.end is None and version.end_is == _UNKNOWN):
                return version
            later = True
        return None

    # -- why ------------------------------------------------------------------------------------------------------

    def _without(self, day: str) -> Held[V]:
        """Without any version: what was seen absent, what never was born, what nobody dates."""
        if self.absent and day >= self.absent:
            return Held(None, REPEALED, (_absent(self.absent),))
        never = self._around().stillborn
        if never:
            last = never[-1]
            words = f"Jamais en vigueur : sa seule version ({last.official or last.start}) finit le {_day(last.end)}, au plus tard le jour où elle commence ({_day(last.start)})."
            status = NOT_YET if last.start and day < min(last.start, last.end or last.start) else REPEALED
            return Held(None, status, (Reason("mort_ne", words, last.start, proofs=last.proofs),))
        return Held(None, UNKNOWN, (Reason("sans_date", "Aucune source ni aucun fait externe ne donne ses dates."),))

    def _seen_absent(self, version: V, day: str, absent: str) -> Held[V]:
        if day >= absent:
            return Held(None, REPEALED, (_absent(absent),))
        words = f"En vigueur depuis le {_day(version.start)}, absent du code au {_day(absent)} : la date de sa fin, entre les deux, est inconnue."
        return Held(None, UNKNOWN, (Reason("absent", words, absent, version=version.id),))

    def _not_in_force(self, day: str, known: str | None) -> Held[V]:
        begun = [v for v in self.versions if _begun(v, day, known)]
        coming = next((v for v in self.versions if v.start and v.start > day and _could_be_known(v, known)), None)
        if begun:  # and ended, the last of them too
            return Held(None, REPEALED, (self._ended(max(begun, key=lambda v: v.end or ""), coming),))
        if coming and not any(v.start is None for v in self.versions):
            words = f"Pas encore en vigueur : entre en vigueur le {_day(coming.start)}."
            return Held(
                None,
                NOT_YET,
                (Reason("pas_encore", words, coming.start, version=coming.id, proofs=coming.start_proofs),),
            )
        if known and self.versions[0].start:
            words = f"Rien n'en était publié au {_day(known)}."
            return Held(None, NOT_YET, (Reason("non_publie", words, self.versions[0].start_known),))
        return Held(None, UNKNOWN, (Reason("debut_inconnu", "Sa date d'entrée en vigueur n'est pas connue."),))

    def _ended(self, last: V, coming: V | None) -> Reason:
        """Why nothing holds after *last*: what ended it, or a gap before the next version of the same text."""
        again = f" ; une nouvelle version commence le {_day(coming.start)}" if coming else ""
        kind = STATES.get(last.state)
        around = self._around()
        acts = [act for act in around.acts if act.day == last.end or (act.day is None and act.kind != "abroge")]
        act = next((a for a in acts if a.kind == (kind or "abroge") and a.other), None)
        if kind is None:
            kind = act.kind if act else "lacune" if coming else "fini"
        by = act.other if act else None
        moved = _successor(around, last.end, by)
        successor = moved.other if moved else None
        words = f"N'est plus en vigueur depuis le {_day(last.end)}"
        if kind in ENDED:
            too = " et remplacé" if successor and successor == by and kind != "remplace" else ""
            words += f" : {ENDED[kind]}{too}" + (f" par {spoken(by)}" if by else "")
        elif kind == "lacune":
            words += " : aucune version n'est connue pour cette période"
        if successor and successor != by:
            words += f" ; {'remplacé par' if moved and moved.kind == 'remplace' else 'devenu'} {spoken(successor)}"
        proofs = (*last.end_proofs, *(moved.proofs if moved else ()))
        return Reason(kind, f"{words}{again}.", last.end, by, successor, last.id, tuple(dict.fromkeys(proofs)))

    def _twice(self, version: V, day: str, known: str | None) -> Iterator[Reason]:
        """Another version that its own bounds say holds that day too."""
        for other in self.versions:
            if other.id != version.id and _begun(other, day, known) and other.end and _lasts(other, day, known):
                words = f"Une autre version, du {_day(other.start)} au {_day(other.end)} exclu, couvre aussi ce jour : la dernière commencée est montrée."
                yield Reason("deux_versions", words, other.start, version=other.id, proofs=other.end_proofs)


def _successor(around: Around, end: str | None, by: str | None) -> Act | None:
    """What took the place of a provision that ended: its new number, what replaced it (the act that ended it before others),
    where it was codified."""
    renumbered = [act for act in around.renumbered if act.day == end]
    replacing = [act for act in around.acts if act.kind == "remplace" and act.other]
    codified = [act for act in around.acts if act.kind == "codifie" and act.other]
    return next(iter([*renumbered, *sorted(replacing, key=lambda act: act.other != by), *codified]), None)


def _begun(version: Dated, day: str, known: str | None) -> bool:
    return version.start is not None and version.start <= day and _could_be_known(version, known)


def _could_be_known(version: Dated, known: str | None) -> bool:
    return not (known and (version.start_known or version.start or "") > known)


def _lasts(version: Dated, day: str, known: str | None) -> bool:
    """Whether *version*, which has begun, has not ended on *day* as far as could be known."""
    end = version.end
    return end is None or day < end or bool(known and (version.end_known or end) > known)


def _knowledge(version: Dated, known: str, hidden: bool) -> Iterator[Reason]:
    """What could not be known of the version in force."""
    if version.start_known is None:
        words = "Aucune source ne dit quand son début a été publié : il est tenu pour connu à l'entrée en vigueur."
        yield Reason("debut_ignore", words, version.start, version=version.id)
    if hidden:
        published = f" : elle a été publiée le {_day(version.end_known)}" if version.end_known else ""
        words = f"Sa fin, le {_day(version.end)}, n'était pas connue au {_day(known)}{published}."
        yield Reason("fin_ignoree", words, version.end, version=version.id)


def _absent(day: str) -> Reason:
    return Reason("absent", f"Absent du code au {_day(day)} ; la date de sa fin n'est dans aucune source.", day)


def _day(iso: str | None) -> str:
    return in_french(date.fromisoformat(iso)) if iso else "date inconnue"
