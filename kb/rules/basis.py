"""What a rule rests on, then and now: the versions of its basis on the day of its source and on the day of the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict

from kb.rules import model as m


class Resting(TypedDict):
    """A basis in an answer."""

    id: str
    version_at_source: str | None
    version_at_date: str | None
    changed: bool


def basis_at(rule: m.Rule, versions: Sequence[m.Version], at: date, world: m.World) -> tuple[list[Resting], list[str]]:
    """The basis provisions with their versions at the source's day and at *at*, and a French note for each change.

    *versions* are those that speak; the source's day is the one that the id of its act bears, or else their start.
    """
    spoken = (day_of(rule.evidence[0].locator) if rule.evidence else None) or versions[0].start.day
    told: list[Resting] = []
    notes = []
    resting = [*(basis for version in versions for basis in version.basis), *rule.basis]
    for name in dict.fromkeys(basis.id for basis in resting):
        provision = name.partition("#")[0]
        then, now = world.version_at(provision, spoken), world.version_at(provision, at)
        then_id, now_id = (version["id"] if version else None for version in (then, now))
        told.append({"id": name, "version_at_source": then_id, "version_at_date": now_id, "changed": then_id != now_id})
        if then_id != now_id:
            notes.append(_drift(name, spoken, then, at, now))
    return told, notes


def _drift(
    name: str, spoken: date, then: Mapping[str, str | None] | None, at: date, now: Mapping[str, str | None] | None
) -> str:
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
        unread = (
            "" if now["source"] else " Ses mots ne sont pas tenus ici : s'ils portent encore la règle, rien ne le dit."
        )
        return f"Le fondement {name} a changé depuis la source ({spoken}) : {then['id']} a pris fin le {then['end']}, le {at} vaut {now['id']}, depuis le {now['start']}.{unread}"
    return f"Le fondement {name} n'était pas encore celui de la source ({then['id']}, depuis le {then['start']}) : le {at} vaut {now['id']}, jusqu'au {now['end']}."


def day_of(locator: str) -> date | None:
    """The day of signature that the id of an act bears."""
    steps = locator.split("/")
    try:
        return date.fromisoformat(steps[1]) if len(steps) > 1 else None
    except ValueError:
        return None
