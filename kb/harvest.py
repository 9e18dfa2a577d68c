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

from kb import events, readers, search
from kb.provisions import Paragraph, outline
from kb.registry import Registry
from kb.resolve import Citation, Resolver
from kb.source import Source
from kb.store import dump

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
    card = {"format": item.form, "within": item.within, "num": item.num, "title": ""}
    source = Source(item.source, "", b"", item.text, "", card)
    reading = readers.read(source)
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
        citations, missed = resolver.read(words, within=item.provision, at=day, offset=paragraph.start, source=item.source)
        rows.citations.extend(_citation_row(item, paragraph, citation) for citation in citations)
        faults.extend(_fault(fault, item.provision) for fault in missed)
        if paragraph.kind == "lien":
            rows.events.extend(_event_row(event) for event in events.of_link(paragraph, citations))
        else:
            spoken.append(paragraph.words)
    return rows._replace(stems=search.stems("\n".join(spoken)))


def _paragraph_row(item: Item, rank: int, p: Paragraph, words: str) -> tuple[Any, ...]:
    kept = None if p.words == words else p.words
    return (item.provision, item.version, rank, p.label, p.kind, p.mark, p.old, item.source, p.start, p.end, kept, p.relation)


def _citation_row(item: Item, p: Paragraph, c: Citation) -> tuple[Any, ...]:
    target = c.target.partition("#")[0] if c.target else None
    act = dump(c.text) if c.text else None
    return (
        None, item.source, c.start, c.end, c.quote, item.provision, item.version, p.label, p.relation, c.target, target, c.status, c.kind,
        c.code, c.num, c.num_end, c.fragment, act, dump(list(c.candidates)),
    )  # fmt: skip


def _event_row(e: events.Event) -> tuple[Any, ...]:
    days = [day.isoformat() if day else None for day in (e.effective, e.published)]
    by = e.by.partition("#")[0] if e.by else None
    return (None, e.kind, e.target, by, *days, *(e.span or (None, None, None)), e.fact, dump(e.said_by), e.note)


def _fault(fault: Any, about: str) -> tuple[Any, ...]:
    return (None, fault.code, fault.sentence, *(fault.span or (None, None, None)), fault.hint, int(fault.grave), about)
