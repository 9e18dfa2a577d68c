"""Since when an act counts as in force where no source states an interval: its entry into force, its publication, or else
its signature, the first that is known; a note says which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from kb.ground.acts import signature
from kb.ground.period import Bound, Edge
from kb.store.records import FactRow
from kb.time.proof import Proof

SIGNATURE_NOTE = "Aucune source ne dit l'entrée en vigueur : le texte est tenu pour en vigueur depuis sa signature."
PUBLICATION_NOTE = "Aucune source ne dit l'entrée en vigueur : le texte est tenu pour en vigueur depuis sa publication."
NO_DATE_NOTE = "La date de ce texte n'est dans aucune source."

#: The facts that may date an act, the first that is stated first, with what the answer then says.
KEYS = {"in_force": "", "published": PUBLICATION_NOTE, "signed": SIGNATURE_NOTE}


class Entered(NamedTuple):
    """What facts say of an act: by key, the day and the proof."""

    days: dict[str, tuple[date, Proof]]


class Entry(NamedTuple):
    """The start of the one version of an act, why, and the day it could be known."""

    start: Bound
    proofs: tuple[Proof, ...]
    known: date | None
    note: str


def entered(facts: Iterable[FactRow]) -> dict[str, Entered]:
    """What facts say of acts, by act."""
    found: dict[str, Entered] = {}
    for fact in facts:
        day = date.fromisoformat(fact.value)
        found.setdefault(fact.about, Entered({})).days[fact.key] = (day, Proof(fact.authorities, fact=fact.id))
    return found


def entry(name: str, said: Entered | None, dated: Sequence[Proof]) -> Entry:
    """Since when the act *name* is in force; *dated* proves its date of signature where a source writes it."""
    days = said.days if said else {}
    published = days["published"][0] if "published" in days else None
    for key, note in KEYS.items():
        if key in days:
            day, proof = days[key]
            return Entry(day, (proof,), published, note)
    signed = signature(name)
    if signed is None:
        return Entry(Edge.UNKNOWN, (), None, NO_DATE_NOTE)
    return Entry(signed, tuple(dated), published, SIGNATURE_NOTE)
