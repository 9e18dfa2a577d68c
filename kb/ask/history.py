"""The history of a provision: every version, who made and ended it, and what each source states of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kb.ask import timelines, told
from kb.ask.find import find
from kb.store.reading import Store

if TYPE_CHECKING:
    from kb.ask.answers import ActAnswer, History, HistoryVersion, WitnessAnswer

_MAKING, _ENDING = ("cree", "modifie", "transfere"), ("abroge",)


def history(store: Store, words: str) -> History:
    """Every version of a provision: its bounds, the acts that made and ended it, and what each source states of it."""
    named = find(store, words)
    acts: dict[str | None, list[tuple[str, ActAnswer]]] = defaultdict(list)
    for event in store.events(named.row.id):
        if event.target == named.row.id and event.kind in _MAKING + _ENDING:
            act: ActAnswer = {"kind": event.kind, "by": event.by, "published": event.published}
            if (event.kind, act) not in acts[event.effective]:
                acts[event.effective].append((event.kind, act))
    said: dict[str, list[WitnessAnswer]] = defaultdict(list)
    aside: list[WitnessAnswer] = []
    for row in store.witnesses(named.row.id):
        (said[row.version] if row.version else aside).append(told.witness(row))
    versions: list[HistoryVersion] = []
    for version in timelines.versions(store, named.row):
        by = [act for kind, act in acts[version.start] if kind in _MAKING] if version.start else []
        ended = [act for kind, act in acts[version.end] if kind in _ENDING] if version.end else []
        versions.append(
            {**told.version(version), "by": _sorted(by), "ended_by": _sorted(ended), "said": said[version.id]}
        )
    return {"id": named.id, "kind": named.row.kind, "title": named.row.title, "versions": versions, "aside": aside}


def _sorted(acts: list[ActAnswer]) -> list[ActAnswer]:
    return sorted(acts, key=lambda act: (act["kind"], act["by"] or ""))
