"""A folder of documents, watched: what it cited when it was last looked at, and what became of that."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict

from kb.ask.check import Checker
from kb.ask.reports import CheckAnswer
from kb.ask.touched import touched
from kb.ground.fault import Misuse
from kb.store.kept import CONTAINER
from kb.store.reading import Store
from kb.texts import files

if TYPE_CHECKING:
    from kb.ask.reports import Watched

_FORM = 1  # of what is kept: another form is not read


class Kept(TypedDict):
    """What is kept of a look at a folder: the day, what the base was made of, the check of every document."""

    form: int
    folder: str
    at: str
    base: dict[str, str]
    documents: dict[str, CheckAnswer]


def watch(
    store: Store, checker: Checker, folder: str, documents: Iterable[tuple[str, bytes]], kept: Kept | None
) -> tuple[Watched, Kept]:
    """What became of the *documents* of a folder (name, bytes) since *kept*, and what is to be kept now.

    A document that cannot be read any more is told (``unread``), and what was kept of it stays.
    """
    found: dict[str, CheckAnswer] = {}
    unread: dict[str, str] = {}
    old = kept["documents"] if kept else {}
    for name, data in documents:
        try:
            found[name] = checker.check(name, data)[0]
        except files.Unreadable as error:
            unread[name] = str(error)
    made_of = {row.id: f"{row.sha256} {row.state}" for row in store.rows(CONTAINER, order="rank")}
    titles = {row.id: row.title for row in store.rows(CONTAINER)}
    known = kept["base"] if kept else made_of
    both = [name for name in found if name in old]
    told: Watched = {
        "folder": folder,
        "at": checker.day.isoformat(),
        "since": kept["at"] if kept else None,
        "imported": [titles[name] or name for name, state in made_of.items() if known.get(name) != state],
        "documents": len(found),
        "summary": dict(sorted(sum((Counter(each["summary"]) for each in found.values()), Counter()).items())),
        "new": [name for name in found if name not in old],
        "gone": [name for name in old if name not in found and name not in unread],
        "rewritten": [name for name in both if old[name]["sha256"] != found[name]["sha256"]],
        "unread": [f"{name}: {why}" for name, why in unread.items()],
        "touched": [
            {"file": name, "touched": each}
            for name in both
            if (each := list(touched(old[name], found[name], versions=True)))
        ],
    }
    still = {name: old[name] for name in unread if name in old}
    return told, {"form": _FORM, "folder": folder, "at": told["at"], "base": made_of, "documents": {**found, **still}}


def read(words: str, name: str) -> Kept:
    """What was kept, from the file *name*. Raises ``Misuse`` when it is not that."""
    try:
        kept: Kept = json.loads(words)
        if kept["form"] == _FORM and isinstance(kept["documents"], dict):
            return kept
    except (ValueError, KeyError, TypeError):
        pass
    raise Misuse(f"{name}: not what 'watch' keeps; remove it to start anew")
