"""What the basis of a rule says since its source spoke: from the day on which its measures are others the rule is out of its
period, and the answer names what the basis says instead (promise 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypedDict

from kb.ground.money import Money
from kb.ground.period import in_french
from kb.rules import expressions as x
from kb.rules import model as m
from kb.time.proof import ProofAnswer
from kb.words.numbers import plain

Since = TypedDict(
    "Since",
    {
        "basis": str,
        "from": str,
        "version": str,
        "measure": str,
        "says": str,
        "lost": bool,
        "was": str,
        "proof": list[ProofAnswer],
    },
)
"""A change of what ``basis`` says: its thresholds from that day on (``measure``), the words that hold them (``says``), and whether
one of the rule's own is ``lost`` (``was``)."""


def measures_of(rule: m.Rule) -> frozenset[tuple[str, str]]:
    """The amounts that the conditions and effects of *rule* compare with, as (value, currency)."""
    nodes = [version.when for version in rule.versions] + [
        e.value for version in rule.versions for e in version.effects
    ]
    amounts = (part.value for node in nodes if node for part in x.walk(node) if isinstance(part, x.Lit))
    return frozenset(
        (plain(amount.amount), amount.currency) for amount in amounts if isinstance(amount, Money) and amount.amount
    )


def moved(rule: m.Rule, since: Sequence[Since], at: date) -> list[str]:
    """Sentences that say from when the basis or the registry has another measure, where that is so on *at*; none where it is not."""
    iso = at.isoformat()
    lost = next((change for change in since if change["lost"] and change["from"] <= iso), None)
    if lost is not None:
        now = [change for change in since if change["basis"] == lost["basis"] and change["from"] <= iso][-1]
        first = (
            f"Depuis le {_day(lost['from'])}, {lost['basis']}, sur qui repose la règle, ne dit plus « {lost['was']} »"
        )
        last = f"la dernière mesure lue vaut depuis le {_day(now['from'])} ({now['version']})"
        return [f"{first} ; {last} : « {now['says']} »"]
    sequel = next((s for s in reversed(rule.sequels) if s.bound.day <= at), None)
    if sequel is not None:
        return [
            f"Depuis le {in_french(sequel.bound.day)}, {sequel.about}, sur qui repose la règle, dit : {sequel.words}."
        ]
    return []


def steps(since: Sequence[Since]) -> Iterator[dict[str, object]]:
    """The changes as steps of a lineage."""
    for change in since:
        bound = {"day": change["from"], "known": None, "proofs": change["proof"]}
        measure = change["measure"] or "aucun seuil"
        yield {"measure": measure, "rule": None, "provision": change["basis"], "from": bound, "until": None}


def _day(iso: str) -> str:
    return in_french(date.fromisoformat(iso))
