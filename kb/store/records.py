"""One typed record a table. A record is its row: its fields are the columns, in order, with the values that SQLite keeps.

Days are ISO text, lists and records JSON text; properties read them as what they mean. A column is added here and where
its value is made, nowhere else: the schema, what is written and what is read follow from the record.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from kb.ground.fault import Fault
from kb.ground.period import Bound, from_row
from kb.ground.span import Span
from kb.store.table import Table
from kb.time import proof
from kb.time.proof import Proof, ProofAnswer

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: object) -> str:
    """JSON for a column: one spelling for one value."""
    return _encode(value)


@lru_cache(maxsize=4096)  # the same few authorities, candidates and acts in thousands of rows
def _words(column: str) -> tuple[str, ...]:
    return tuple(json.loads(column))


@lru_cache(maxsize=4096)
def _act(column: str) -> dict[str, str | None]:
    found: dict[str, str | None] = json.loads(column)
    return found


class Meta(NamedTuple):
    key: str
    value: str


class SourceRow(NamedTuple):
    """A text that was read, whole: a file of a corpus, or a version as a member of a container gives it (``path``)."""

    id: str
    container: str
    path: str
    sha256: str
    format: str
    title: str
    card: str
    text: str


class CodeRow(NamedTuple):
    alias: str
    legitext: str
    title: str
    names: str  # JSON: [words, since, until]


class ProvisionRow(NamedTuple):
    """A text, division or article; ``source`` is null where it is known by name only. ``rank`` orders the parts of one text."""

    id: str
    text: str
    parent: str | None
    kind: str
    nature: str
    num: str
    title: str
    rank: int
    source: str | None
    start: int | None
    end: int | None
    signed: str | None
    absent_on: str | None


class ParagraphRow(NamedTuple):
    """An alinéa, nota, letterhead line, signature or link of ``version``: for a division, that of its text.

    ``words`` is null where they are exactly the source's characters at ``[start, end)``: page furniture cuts none.
    """

    provision: str
    version: str
    rank: int
    label: str
    kind: str
    mark: str
    old: int | None
    source: str
    start: int
    end: int
    words: str | None
    relation: str

    @property
    def id(self) -> str:
        return f"{self.provision}#{self.label}"


class VersionRow(NamedTuple):
    """What a provision says during ``[start, end)``; ``state`` is what sources call it (LEGI's ETAT)."""

    id: str
    provision: str
    start: str | None
    start_is: str
    end: str | None
    end_is: str
    start_known: str | None
    end_known: str | None
    official: str | None
    state: str
    source: str | None
    start_proof: str
    end_proof: str
    notes: str

    @property
    def start_proofs(self) -> tuple[Proof, ...]:
        return proof.read(self.start_proof)

    @property
    def end_proofs(self) -> tuple[Proof, ...]:
        return proof.read(self.end_proof)

    @property
    def noted(self) -> tuple[str, ...]:
        return _words(self.notes)


class HeldRow(NamedTuple):
    """``version`` is what ``provision`` says on every day of ``[start, end)``: what ``Timeline.spans`` makes of its versions."""

    provision: str
    version: str
    start: str
    end: str | None


class CitationRow(NamedTuple):
    """Words at ``[start, end)`` of ``source``, in a paragraph of ``version``, that name ``target`` (see ``cite.resolve``)."""

    id: int | None
    source: str
    start: int
    end: int
    quote: str
    provision: str
    version: str
    label: str
    relation: str
    target: str | None
    target_provision: str | None
    status: str
    kind: str
    code: str | None
    num: str | None
    num_end: str | None
    fragment: str | None
    act: str | None  # JSON: nature, num, date
    candidates: str

    @property
    def named(self) -> tuple[str, ...]:
        """The candidates of an ambiguous citation."""
        return _words(self.candidates)

    @property
    def text(self) -> dict[str, str | None] | None:
        """The nature, number and day of the act that is named."""
        return dict(_act(self.act)) if self.act else None


class EventRow(NamedTuple):
    """``by`` does ``kind`` to ``target``; proved by words at ``[start, end)`` of ``source`` or by ``fact``."""

    id: int | None
    kind: str
    target: str
    by: str | None
    effective: str | None
    published: str | None
    source: str | None
    start: int | None
    end: int | None
    fact: str | None
    said_by: str
    note: str
    dated: str | None  # JSON: the span of the words that date it, where they are not those

    @property
    def authorities(self) -> tuple[str, ...]:
        return _words(self.said_by)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the words stand that say so, and those that date it."""
        if self.source is None or self.start is None or self.end is None:
            return ()
        own = Span(self.source, self.start, self.end)
        return (own, Span(*json.loads(self.dated))) if self.dated else (own,)

    def proofs(self, words: Callable[[Span], str]) -> tuple[Proof, ...]:
        """What proves the event: its words, which *words* finds at their place, or the fact that states it."""
        if not self.spans:
            return (Proof(self.authorities, fact=self.fact),)
        return tuple(Proof(self.authorities, span=span, quote=words(span)) for span in self.spans)


class FactRow(NamedTuple):
    """``about`` has ``key`` = ``value``, as ``said_by`` state."""

    id: str
    about: str
    key: str
    value: str
    said_by: str

    @property
    def authorities(self) -> tuple[str, ...]:
        return _words(self.said_by)


class NoteRow(NamedTuple):
    id: int | None
    about: str
    kind: str
    sentence: str
    said_by: str

    @property
    def authorities(self) -> tuple[str, ...]:
        return _words(self.said_by)


class FaultRow(NamedTuple):
    """Something wrong; a contradiction between what sources state of ``about`` has no place in a source."""

    id: int | None
    code: str
    sentence: str
    source: str | None
    start: int | None
    end: int | None
    hint: str
    grave: int
    about: str | None


class RuleRow(NamedTuple):
    id: str
    rank: int
    file: str
    line: int
    summary: str
    body: str
    since: str  # JSON: what its basis says since its source spoke (rules.since)


class WitnessRow(NamedTuple):
    """A version as one container states it. ``version`` is the one it speaks of, null where it speaks of none
    (stillborn, inverted, a removal). ``member`` leads to it in the container, ``stamp`` is that member's time; ``words`` is
    a digest of the text, spacing and marks apart; ``proof`` why its bounds are so, beside the events read in its text."""

    id: int | None
    provision: str
    container: str
    official: str | None
    cid: str | None
    state: str
    start: str | None
    start_is: str
    end: str | None
    end_is: str
    known: str | None
    member: str
    stamp: int
    source: str | None
    words: str | None
    version: str | None
    proof: str | None  # JSON of one proof
    note: str

    @property
    def bounds(self) -> tuple[Bound, Bound]:
        return from_row(self.start, self.start_is), from_row(self.end, self.end_is)

    @property
    def proofs(self) -> tuple[Proof, ...]:
        if self.proof is None:
            return ()
        found: ProofAnswer = json.loads(self.proof)
        return (proof.from_json(found),)


def fault(found: Fault, about: str | None) -> FaultRow:
    """A fault as its table keeps it."""
    source, start, end = found.span or (None, None, None)
    return FaultRow(None, found.code, found.sentence, source, start, end, found.hint, int(found.grave), about)


META = Table("meta", Meta, "key", stated=True)
SOURCE = Table("source", SourceRow, "id", stated=True, large=True)
CODE = Table("code", CodeRow, "alias", stated=True)
PROVISION = Table("provision", ProvisionRow, "id", ("parent parent, rank", "text text, rank"))
PARAGRAPH = Table("paragraph", ParagraphRow, "provision, version, rank", ("place source, start",))
VERSION = Table("version", VersionRow, "id", ("provision provision, start",))
HELD = Table("held", HeldRow, "provision, start", ("version version",))
CITATION = Table("citation", CitationRow, "counter", ("from provision, start", "to target_provision, provision"))
EVENT = Table("event", EventRow, "counter", ("target target", "by by"))
FACT = Table("fact", FactRow, "id", ("about about",), stated=True)
NOTE = Table("note", NoteRow, "counter", ("about about",), stated=True)
FAULT = Table("fault", FaultRow, "counter", ("about about where about is not null",))
RULE = Table("rule", RuleRow, "id")
WITNESS = Table(
    "witness", WitnessRow, "counter",
    ("provision provision", "official official where official is not null", "cid cid where cid is not null"), stated=True,
)  # fmt: skip
