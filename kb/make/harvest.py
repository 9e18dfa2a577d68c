"""The pure map of an import: from the text of a version to its rows (paragraphs, citations, events, faults, stems).

``harvest`` reads and cites a chunk of versions and depends on nothing but its arguments: the same chunk gives the same
rows in this process, in another one, or on another machine.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from hashlib import blake2b
from typing import Any, NamedTuple

from kb.cite.resolve import Resolver
from kb.cite.resolve.citation import Citation
from kb.ground.registry import Registry
from kb.store import search
from kb.store.file import dump
from kb.texts import readers
from kb.texts.provisions import Paragraph, outline
from kb.texts.source import Source
from kb.time import events

# Lists that the editors of a consolidation add to an article: they stay in the text, and make no rows.
EDITORIAL = frozenset(("Cité par", "Cite"))


class Item(NamedTuple):
    """A version to read: its provision and id, its source, the layout and text of it, the day its words were read."""

    provision: str
    version: str
    source: str
    form: str
    within: str
    num: str
    day: str | None
    text: str


class Rows(NamedTuple):
    """What one item gives: rows of the tables (ids left out), and the stems for the index."""

    provision: str
    version: str
    paragraphs: list[tuple[Any, ...]]
    citations: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    faults: list[tuple[Any, ...]]
    stems: str
    provisions: list[tuple[Any, ...]] = []  # noqa: RUF012 - never changed


class Held:
    """Which ids the knowledge base holds, as sorted 8-byte digests: a million take 8 MB, whatever their length."""

    def __init__(self, names: Iterable[str]) -> None:
        self._digests = array("Q", sorted({_digest(name) for name in names}))

    def __contains__(self, name: str) -> bool:
        wanted = _digest(name)
        at = bisect_left(self._digests, wanted)
        return at < len(self._digests) and self._digests[at] == wanted


def _digest(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")


class Context(NamedTuple):
    """What every chunk needs to know: the codes and acts, and what is held."""

    registry: Registry
    held: Held


def harvest(context: Context, chunk: list[Item]) -> list[Rows]:
    """The rows of every item of *chunk*, in its order."""
    resolver = Resolver(context.registry, exists=context.held.__contains__)
    return [_item(resolver, item) for item in chunk]


def _item(resolver: Resolver, item: Item) -> Rows:
    if item.form == "circular":
        return _document(resolver, item)
    card = {"format": item.form, "within": item.within, "num": item.num, "title": ""}
    reading = readers.read(Source(item.source, "", b"", item.text, "", card))
    named = outline(reading, lambda words: None)
    faults = [_fault(f, item.provision) for f in reading.faults]
    day = date.fromisoformat(item.day) if item.day else None
    resolver.forget()
    rows = Rows(item.provision, item.version, [], [], [], faults, "")
    spoken = []
    for rank, found in enumerate(p for p in named.paragraphs if p.relation not in EDITORIAL):
        paragraph = found._replace(provision=item.provision)
        words = item.text[paragraph.start : paragraph.end]
        rows.paragraphs.append(_paragraph_row(item, rank, paragraph, words))
        citations, missed = resolver.read(
            words, within=item.provision, at=day, offset=paragraph.start, source=item.source
        )
        rows.citations.extend(_citation_row(item, paragraph, citation) for citation in citations)
        faults.extend(_fault(fault, item.provision) for fault in missed)
        if paragraph.kind == "lien":
            rows.events.extend(_event_row(event) for event in events.of_link(paragraph, citations))
        else:
            spoken.append(paragraph.words)
    return rows._replace(stems=search.stems("\n".join(spoken)))


def _document(resolver: Resolver, item: Item) -> Rows:
    """The rows of a circular, with the divisions and annexes that it is made of."""
    card = {"format": item.form, "id": item.provision, "title": item.provision}
    reading = readers.read(Source(item.source, "", b"", item.text, "", card))

    def named_by(words: str) -> str | None:
        found, _ = resolver.read(words)
        return next((c.target for c in found if c.target), None)

    named = outline(reading, named_by)
    day = date.fromisoformat(item.day) if item.day else None
    rows = Rows(item.provision, item.version, [], [], [], [_fault(f, item.provision) for f in reading.faults], "", [])
    titles = {provision.id: provision.title for provision in named.provisions}
    for rank, p in enumerate(named.provisions):
        parent = p.parent or (item.provision if p.id != item.provision else None)
        rows.provisions.append(
            (
                p.id,
                p.text,
                parent,
                p.kind,
                p.text.split("/")[0],
                p.num,
                p.title,
                rank,
                item.source,
                p.start,
                p.end,
                None,
                None,
            )
        )
    resolver.forget()
    for rank, paragraph in enumerate(named.paragraphs):
        words = item.text[paragraph.start : paragraph.end]
        rows.paragraphs.append(_paragraph_row(item, rank, paragraph, words))
        if paragraph.kind in ("tete", "signature"):
            continue
        citations, missed = resolver.read(
            words, within=paragraph.provision, at=day, offset=paragraph.start, source=item.source
        )
        rows.citations.extend(_citation_row(item, paragraph, citation) for citation in citations)
        rows.faults.extend(_fault(fault, item.provision) for fault in missed)
        act = "/".join(paragraph.provision.split("/")[: item.provision.count("/") + 1])
        for event in events.of_sentence(
            paragraph, item.text, citations, titles.get(paragraph.provision, ""), act, day, None
        ):
            rows.events.append(_event_row(event))
    return rows


def _paragraph_row(item: Item, rank: int, p: Paragraph, words: str) -> tuple[Any, ...]:
    kept = None if p.words == words else p.words
    return (
        p.provision,
        item.version,
        rank,
        p.label,
        p.kind,
        p.mark,
        p.old,
        item.source,
        p.start,
        p.end,
        kept,
        p.relation,
    )


def _citation_row(item: Item, p: Paragraph, c: Citation) -> tuple[Any, ...]:
    target = c.target.partition("#")[0] if c.target else None
    act = dump(c.text) if c.text else None
    return (
        None, item.source, c.start, c.end, c.quote, p.provision, item.version, p.label, p.relation, c.target, target, c.status, c.kind,
        c.code, c.num, c.num_end, c.fragment, act, dump(list(c.candidates)),
    )  # fmt: skip


def _event_row(e: events.Event) -> tuple[Any, ...]:
    days = [day.isoformat() if day else None for day in (e.effective, e.published)]
    by = e.by.partition("#")[0] if e.by else None
    return (None, e.kind, e.target, by, *days, *(e.span or (None, None, None)), e.fact, dump(e.said_by), e.note)


def _fault(fault: Any, about: str) -> tuple[Any, ...]:
    return (None, fault.code, fault.sentence, *(fault.span or (None, None, None)), fault.hint, int(fault.grave), about)
