"""The timeline of a provision of the knowledge base: fetched here, decided in ``kb.time.timeline``."""

from __future__ import annotations

from collections.abc import Iterable

from kb.store.reading import Store
from kb.store.records import PROVISION, ProvisionRow, VersionRow
from kb.time.timeline import Act, Around, Stillborn, Timeline

Versions = list[VersionRow]
Lines = dict[str, Timeline[VersionRow]]
#: What an event may do to a provision that ends it, or puts another in its place.
ENDING = ("abroge", "transfere", "remplace", "annule", "perime", "disjoint")


def versions(store: Store, row: ProvisionRow) -> Versions:
    """Every version of a provision, in order: its own, or those of the nearest one above it that has any."""
    name: str | None = row.id
    while name:
        found = store.versions(name)
        if found:
            return found
        above = store.provision(name) if name != row.id else row
        name = above.parent if above else None
    return []


def timeline(store: Store, row: ProvisionRow, own: Versions | None = None) -> Timeline[VersionRow]:
    """The timeline of a provision; *own* are its versions where they are at hand."""
    return Timeline(versions(store, row) if own is None else own, row.absent_on, lambda: _around(store, row.id))


def timelines(store: Store, names: Iterable[str]) -> Lines:
    """The timelines of many provisions, asked for at once."""
    wanted = list(dict.fromkeys(names))
    own = store.versions_of(wanted)
    rows = {row.id: row for row in store.among(PROVISION, "id", wanted, "id")}
    return {name: timeline(store, rows[name], own.get(name)) for name in wanted if name in rows}


def _around(store: Store, name: str) -> Around:
    acts = []
    for event in store.events(name):
        if event.target == name and event.kind in ENDING:
            acts.append(Act(event.kind, event.by, event.effective, event.proofs(store.words)))
        elif event.by == name and event.kind == "codifie":
            acts.append(Act(event.kind, event.target, event.effective, event.proofs(store.words)))
    stillborn = [Stillborn(w.official, w.start, w.end, w.state, w.proofs) for w in store.stillborn(name)]
    renumbered = [Act("transfere", w.provision, w.start, w.proofs) for w in store.renumbered(name)]
    return Around(tuple(acts), tuple(stillborn), tuple(renumbered))
