"""What the basis of a rule says after the rule's source spoke: from which day its measures are others, and which (promise 12).

Read from the versions that are held. Where the text of a version is not held nothing is said of it: nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from kb.ask import timelines
from kb.ground.names import parse_ref
from kb.rules import Rule
from kb.rules.basis import day_of
from kb.rules.since import Since, measures_of
from kb.store import records as r
from kb.store.reading import Store
from kb.words.quantities import Quantity, quantities

_UNITS = frozenset(("FRF", "EUR", "%"))  # what a threshold is set in
_MOST = 400  # characters of what a version says


class _Reading(NamedTuple):
    """What one version says of thresholds: the quantities with their words, and the alinéa that holds the first."""

    version: r.VersionRow
    found: dict[tuple[str, str], str]
    words: str


def since(store: Store, rule: Rule) -> list[Since]:
    """Every change of what the basis of *rule* says, after the day of the rule's source, in order of time."""
    spoken = day_of(rule.evidence[0].locator) if rule.evidence else None
    spoken = spoken or min(version.start.day for version in rule.versions)
    made: list[Since] = []
    resting = [basis.id for basis in rule.all_basis()] + [evidence.locator for evidence in rule.evidence]
    for name in dict.fromkeys(parse_ref(each).provision for each in resting):
        made += _changes(store, name, spoken, measures_of(rule))
    return sorted(made, key=lambda change: change["from"])


def _changes(store: Store, name: str, spoken: date, measures: frozenset[tuple[str, str]]) -> Iterator[Since]:
    row = store.provision(name)
    line = timelines.timeline(store, row) if row else None
    then = line.on(spoken).version if line else None
    if line is None or then is None or then.source is None:
        return
    before = _read(store, name, then)
    said = measures & before.found.keys()
    if not said:
        return
    for version, start, _ in line.spans():
        if start <= (then.start or ""):
            continue
        if version.source is None:
            continue  # what it says is not known; a later one that is held may say
        now = _read(store, name, version)
        if now.found.keys() != before.found.keys():
            lost = [before.found[each] for each in sorted(said - now.found.keys()) if each in before.found]
            yield {
                "basis": name, "from": start, "version": version.id, "measure": ", ".join(now.found.values()), "says": now.words,
                "lost": bool(said - now.found.keys()), "was": ", ".join(lost),
                "proof": [proof.to_json() for proof in version.start_proofs],
            }  # fmt: skip
        before = before._replace(
            version=version, found={**before.found, **now.found} if said <= now.found.keys() else now.found
        )


def _read(store: Store, name: str, version: r.VersionRow) -> _Reading:
    found: dict[tuple[str, str], str] = {}
    first = ""
    for _, text in store.spoken([p for p in store.paragraphs(name, version.id) if p.kind == "alinea"]):
        for quantity in quantities(text):
            if quantity.unit in _UNITS:
                found.setdefault(_key(quantity), " ".join(text[quantity.start : quantity.end].split()))
                first = first or " ".join(text.split())
    return _Reading(version, found, first if len(first) <= _MOST else first[:_MOST].rsplit(" ", 1)[0] + " …")


def _key(quantity: Quantity) -> tuple[str, str]:
    return quantity.value, quantity.unit
