"""Ask what a provision is and says: on a day, as known on a day, with its links."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kb.ask import links, timelines, told
from kb.ask.find import Named, find, within
from kb.store.reading import Spoken, Store
from kb.store.records import VersionRow

if TYPE_CHECKING:
    from kb.ask.answers import NoteAnswer, RuleAnswer, Said, Shown

_UNREAD = "Son texte n'est pas dans cette base de connaissances."
_INTERNAL_FACTS = ("version", "acte")  # what sources state of versions and acts is told with these


def show(store: Store, words: str, at: date | None = None, known: date | None = None) -> Shown:
    """What a text, provision or alinéa is and says.

    On the day *at* (or the reference's own ``@day``), its status and its text if it was in force; with *known*, as it could
    be known on that day. Without a day, its status today, and the text in force today or else the last one known. Raises
    ``Misuse``.
    """
    named = find(store, words)
    row, day = named.row, at or named.ref.at
    line = timelines.timeline(store, row)
    held = line.on(day or date.today(), known)
    version = held.version or (line.versions[-1] if day is None and line.versions else None)
    shown = told.held(held) or (told.version(version) if version else None)
    spoken = _spoken(store, named, version)
    notes = [reason.sentence for reason in held.reasons]
    if shown:
        if not spoken and row.kind == "article":
            notes.append(_UNREAD)
        notes += shown.pop("notes")
    stated = store.notes(row.id)
    notes += [note.sentence for note in stated if note.kind == "note"]
    return {
        "id": named.id,
        "kind": row.kind,
        "title": row.title,
        "at": day.isoformat() if day else None,
        "status": held.status,
        "reasons": [told.reason(reason) for reason in held.reasons],
        "version": shown,
        "text": _text(spoken),
        "paragraphs": [told.paragraph(p) for p in spoken],
        "cites": links.cites(store, named, version, day),
        "cited_by": links.cited_by(store, named, day),
        "events": [told.event(event) for event in store.events(row.id)],
        "rules": rules_of(store, named),
        "notes": notes,
        "conflicts": [told.note(note) for note in stated if note.kind != "note"] + _contradictions(store, row.id),
        "versions": [told.bounds(each) for each in line.versions],
        "facts": [told.fact(fact) for fact in store.facts(row.id) if fact.key not in _INTERNAL_FACTS],
        "parent": row.parent,
        "children": [told.part(child) for child in store.children(row.id)],
    }


def said(store: Store, words: str, day: date, known: date | None = None) -> Said:
    """What a provision said on a day, and nothing else."""
    named = find(store, words)
    held = timelines.timeline(store, named.row).on(day, known)
    return {
        "id": named.id,
        "at": day.isoformat(),
        "status": held.status,
        "version": told.held(held),
        "text": _text(_spoken(store, named, held.version)),
        "notes": [reason.sentence for reason in held.reasons],
        "reasons": [told.reason(reason) for reason in held.reasons],
    }


def _spoken(store: Store, named: Named, version: VersionRow | None) -> list[Spoken]:
    if version is None or version.source is None:
        return []
    return store.spoken(within(store, store.paragraphs(named.row.id, version.id), named.ref.fragment))


def _text(spoken: list[Spoken]) -> str | None:
    return "\n\n".join(text for row, text in spoken if row.kind == "alinea") or None


def _contradictions(store: Store, name: str) -> list[NoteAnswer]:
    return [told.contradiction(fault) for fault in store.contradictions(name)]


def rules_of(store: Store, named: Named) -> list[RuleAnswer]:
    """The rules that quote a provision (``how`` source) or rest on it (fondement), its parts included."""
    return [told.rule(row, how) for row, how in store.rules_on(named.id, parts=not named.ref.fragment)]
