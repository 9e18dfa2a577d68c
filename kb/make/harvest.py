"""The pure map of a build or import: from the text of a version to its rows (paragraphs, citations, events, faults, stems).

``harvest`` reads and cites a chunk of versions and depends on nothing but its arguments: the same chunk gives the same
rows in this process, in another one, or on another machine.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from kb.cite.resolve import Resolver
from kb.cite.resolve.citation import Citation
from kb.ground.acts import signature
from kb.ground.fault import Fault
from kb.ground.names import parse_ref
from kb.ground.period import edge_name, to_json
from kb.ground.registry import Registry
from kb.ground.span import Span
from kb.make.entry import Entered, entry
from kb.make.named import nature
from kb.store import records as r
from kb.store import search
from kb.store.records import dump
from kb.texts import readers
from kb.texts.files.layout import from_json
from kb.texts.provisions import UNCITED, Outline, Paragraph, outline
from kb.texts.readers.blocks import blocks
from kb.texts.readers.decided import said_by_card
from kb.texts.readers.identity import identify
from kb.texts.source import Source
from kb.time import events
from kb.time.merge import version_id
from kb.time.proof import Proof

# Lists that the editors of a consolidation add to an article: they stay in the text of imported law, and make no rows.
EDITORIAL = frozenset(("Cité par", "Cite"))
_HEAD = 2000  # characters of a text in which it names and dates itself


class Item(NamedTuple):
    """A version to read: its provision and id, its source, the layout and text of it, the day its words were read.

    ``card`` is that of a document (JSON). ``whole`` says that editors' lists make rows too; ``said_by`` is who states what the text says.
    """

    provision: str
    version: str
    source: str
    container: str
    form: str
    within: str
    num: str
    day: str | None
    text: str
    card: str
    whole: bool
    said_by: tuple[str, ...]


class Rows(NamedTuple):
    """What one item gives: rows of the tables (ids left out), and the stems for the index. A document gives provisions of
    its own, and states the versions of the texts in it."""

    provision: str
    version: str
    paragraphs: list[r.ParagraphRow]
    citations: list[r.CitationRow]
    events: list[r.EventRow]
    faults: list[r.FaultRow]
    stems: str
    provisions: list[r.ProvisionRow]
    witnesses: list[r.WitnessRow]


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
    """What every chunk needs to know: the codes and acts, what is held, and since when acts are in force."""

    registry: Registry
    held: Held
    entered: Mapping[str, Entered]


def harvest(context: Context, chunk: list[Item]) -> list[Rows]:
    """The rows of every item of *chunk*, in its order."""
    resolver = Resolver(context.registry, exists=context.held.__contains__)
    return [_item(context, resolver, item) for item in chunk]


def _item(context: Context, resolver: Resolver, item: Item) -> Rows:
    if item.within:
        return _Article(resolver, item).rows()
    return _Document(context, item).rows()


class _Reader:
    """Reads one text: what both kinds of item share."""

    def __init__(self, item: Item, card: dict[str, object]) -> None:
        self.item = item
        reading = readers.read(Source(item.source, "", b"", item.text, "", card))
        self.reading = reading
        self.made = Rows(item.provision, item.version, [], [], [], [], "", [], [])
        self.made.faults.extend(r.fault(each, item.provision) for each in reading.faults)

    def paragraph(self, rank: int, p: Paragraph, version: str, words: str) -> None:
        kept = None if p.words == words else p.words
        self.made.paragraphs.append(
            r.ParagraphRow(
                p.provision, version, rank, p.label, p.kind, p.mark, p.old, self.item.source, p.start, p.end, kept, p.relation
            )
        )  # fmt: skip

    def cite(self, resolver: Resolver, p: Paragraph, version: str, words: str, day: date | None) -> list[Citation]:
        if p.cuts:
            found, missed = self._cited_over(resolver, p, day)
        else:
            found, missed = resolver.read(words, within=p.provision, at=day, offset=p.start, source=self.item.source)
        self.made.citations.extend(_citation(self.item.source, version, p, citation) for citation in found)
        self.made.faults.extend(r.fault(each, self.item.provision) for each in missed)
        return found

    def _cited_over(self, resolver: Resolver, p: Paragraph, day: date | None) -> tuple[list[Citation], list[Fault]]:
        """The citations of a paragraph that a page breaks: read in its words, each at its place in the source."""
        found, missed = resolver.read(p.words, within=p.provision, at=day, source=self.item.source)
        text = self.item.text
        placed = [
            c._replace(
                start=p.place(c.start),
                end=p.place(c.end - 1) + 1,
                quote=text[p.place(c.start) : p.place(c.end - 1) + 1],
            )
            for c in found
        ]
        return placed, [
            f._replace(span=Span(f.span.source, p.place(f.span.start), p.place(f.span.end))) if f.span else f
            for f in missed
        ]

    def event(self, event: events.Event) -> None:
        days = [day.isoformat() if day else None for day in (event.effective, event.published)]
        by = event.by.partition("#")[0] if event.by else None
        said_by = dump(event.said_by or self.item.said_by)
        source, start, end = event.span or (None, None, None)
        target = event.target.partition("#")[0]
        dated = dump(event.dated) if event.dated else None
        row = r.EventRow(
            None, event.kind, target, by, days[0], days[1], source, start, end, event.fact, said_by, event.note, dated
        )
        if row not in self.made.events:
            self.made.events.append(row)


class _Article(_Reader):
    """One article: all its paragraphs are its own."""

    def __init__(self, resolver: Resolver, item: Item) -> None:
        super().__init__(item, {"format": item.form, "within": item.within, "num": item.num, "title": ""})
        self.resolver = resolver

    def rows(self) -> Rows:
        item = self.item
        day = date.fromisoformat(item.day) if item.day else None
        self.resolver.forget()
        spoken = []
        named = outline(self.reading, lambda words: None)
        for rank, found in enumerate(p for p in named.paragraphs if item.whole or p.relation not in EDITORIAL):
            paragraph = found._replace(provision=item.provision)
            words = item.text[paragraph.start : paragraph.end]
            self.paragraph(rank, paragraph, item.version, words)
            citations = self.cite(self.resolver, paragraph, item.version, words, day)
            if paragraph.kind == "lien":
                for event in events.of_link(paragraph, citations):
                    self.event(event)
            else:
                spoken.append(paragraph.words)
                for event in events.of_sentence(paragraph, item.text, citations, "", item.within, None, None):
                    self.event(event)
        return self.made._replace(stems=search.stems("\n".join(spoken)))


class _Document(_Reader):
    """A document, with the divisions and annexes that it is made of: each text in it has a version of its own."""

    def __init__(self, context: Context, item: Item) -> None:
        self.card: dict[str, object] = json.loads(item.card)
        title = str(self.card.get("title", item.provision))
        super().__init__(item, {**self.card, "format": item.form, "id": item.provision, "title": title})
        self.context = context
        self.naming = Resolver(context.registry)
        self.dated: dict[str, Span] = {}
        self.versions: dict[str, str] = {}
        self.days: dict[str, date | None] = {}

    def rows(self) -> Rows:
        item = self.item
        named = outline(self.reading, self._named)
        # What the document names of its own: its texts and their parts.
        own = {p.id for p in named.provisions}
        held = self.context.held
        resolver = Resolver(
            self.context.registry, exists=lambda name: name in held or name in own, annexes=named.annexes
        )
        for rank, p in enumerate(named.provisions):
            acts = self.context.registry.acts
            title = acts[p.id].title if p.id in acts else p.title
            signed = signature(p.id) if p.kind == "texte" else None
            number = p.num
            if p.kind == "texte":
                self._text(p.id, p.start)
                number = (acts[p.id].number if p.id in acts else None) or (
                    p.id.split("/")[2] if p.id.count("/") == 2 else ""
                )
            parent = p.parent or (item.provision if p.id != item.provision and p.kind != "texte" else None)
            self.made.provisions.append(
                r.ProvisionRow(
                    p.id, p.text, parent, p.kind, nature(p.text), number or "", title, rank, item.source, p.start, p.end,
                    signed.isoformat() if signed else None, None,
                )
            )  # fmt: skip
        self._read(named, resolver)
        return self.made

    def _named(self, words: str) -> str | None:
        """The act that a heading names, when it names one."""
        found, _ = self.naming.read(words)
        return next((c.target for c in found if c.target), None)

    def _text(self, name: str, start: int) -> None:
        """State the version of a text of this document: since its entry into force, publication or signature."""
        item = self.item
        dated = self._identified() if item.form == "document" else self._own_name(name, start)
        proofs = []
        if dated:
            self.dated[name] = dated
            proofs.append(Proof(item.said_by, span=dated, quote=dated.of(item.text)))
        since = entry(name, self.context.entered.get(name), proofs)
        self.versions[name] = version_id(name, since.start)
        self.days[name] = signature(name)
        proof = dump(since.proofs[0].to_json()) if since.proofs else None
        known = since.known.isoformat() if since.known else None
        self.made.witnesses.append(
            r.WitnessRow(
                None, name, item.container, None, None, "", to_json(since.start), edge_name(since.start), None, "inconnu", known,
                "", 0, item.source, None, self.versions[name], proof, since.note,
            )
        )  # fmt: skip

    def _own_name(self, name: str, start: int) -> Span | None:
        """Where the head of a text names it, with its date."""
        found, _ = self.naming.read(self.item.text[start : start + _HEAD], offset=start)
        own = next((c for c in found if c.target == name), None)
        return Span(self.item.source, own.start, own.end) if own else None

    def _identified(self) -> Span | None:
        """Where a document of people writes the day of its id; what is doubtful of what it is becomes a fault."""
        item = self.item
        found = identify(item.text, blocks(item.text, from_json(self.card.get("layout"))), said_by_card(self.card))
        unread = self.card.get("unread")
        for words in unread if isinstance(unread, list) else []:
            span = Span(item.source, 0, 1)
            self.made.faults.append(r.fault(Fault("non-lu", f"{words[0].upper()}{words[1:]}.", span), item.provision))
        for fault in found.faults:
            placed = fault._replace(span=Span(item.source, *fault.span[1:])) if fault.span else fault
            self.made.faults.append(r.fault(placed, item.provision))
        dated = found.dated if found.signed and found.signed == signature(item.provision) else None
        return Span(item.source, dated.start, dated.end) if dated else None

    def _read(self, named: Outline, resolver: Resolver) -> None:
        titles = {p.id: p.title for p in named.provisions}
        for rank, paragraph in enumerate(named.paragraphs):
            words = self.item.text[paragraph.start : paragraph.end]
            act = parse_ref(paragraph.provision).text
            version = self.versions.get(act, self.item.version)
            self.paragraph(rank, paragraph, version, words)
            if paragraph.kind in UNCITED:
                continue
            day = self.days.get(act) or (date.fromisoformat(self.item.day) if self.item.day else None)
            citations = self.cite(resolver, paragraph, version, words, day)
            if citations:
                heading = titles.get(paragraph.provision, "")
                signed, dated = self.days.get(act), self.dated.get(act)
                for event in events.of_sentence(paragraph, self.item.text, citations, heading, act, signed, dated):
                    self.event(event)


def _citation(source: str, version: str, p: Paragraph, c: Citation) -> r.CitationRow:
    target = c.target.partition("#")[0] if c.target else None
    act = dump(c.text) if c.text else None
    return r.CitationRow(
        None, source, c.start, c.end, c.quote, p.provision, version, p.label, p.relation, c.target, target, c.status, c.kind,
        c.code, c.num, c.num_end, c.fragment, act, dump(list(c.candidates)),
    )  # fmt: skip
