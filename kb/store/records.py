"""One typed record a table. A record is its row: its fields are the columns, in order, with the values that SQLite keeps.

Days are ISO text, lists and records JSON text; properties read them as what they mean. A column is added here and where
its value is made, nowhere else: the schema, what is written and what is read follow from the record.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar, get_type_hints

from kb.ground.fault import Fault
from kb.ground.period import Bound, from_row
from kb.ground.span import Span
from kb.time import proof
from kb.time.proof import Proof, ProofAnswer

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: object) -> str:
    """JSON for a column: one spelling for one value."""
    return _encode(value)


def _words(column: str) -> tuple[str, ...]:
    return tuple(json.loads(column))


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


class AuthorityRow(NamedTuple):
    id: str
    title: str


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
        found: dict[str, str | None] | None = json.loads(self.act) if self.act else None
        return found


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


class RuleLinkRow(NamedTuple):
    """A provision that a rule quotes (``how`` = source) or rests on (fondement)."""

    provision: str
    rule: str
    how: str


class MeasureRow(NamedTuple):
    """A measure of a source, with the rules that hold it or the reason for which it is set aside (``rules.cover``)."""

    id: int | None
    kind: str
    words: str
    source: str
    start: int
    end: int
    provision: str
    held_by: str
    waived: str


class ContainerRow(NamedTuple):
    """What was read; ``state`` is where a later import of it goes on (the last commit that was read)."""

    id: str
    rank: int
    format: str
    title: str
    name: str
    sha256: str
    state: str


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


class PlaceRow(NamedTuple):
    """Where a provision stands, from day to day: its division, and for a division the title it then has."""

    provision: str
    parent: str
    title: str | None
    rank: int
    start: str | None
    end: str | None
    container: str


class AnchorRow(NamedTuple):
    """A link that an editor drew on ``[start, end)`` of a source, to an official id."""

    source: str
    start: int
    end: int
    official: str


class SearchedRow(NamedTuple):
    """What the full text index (``store.search``) holds under the rowid ``id``."""

    id: int | None
    provision: str
    version: str


def fault(found: Fault, about: str | None) -> FaultRow:
    """A fault as its table keeps it."""
    source, start, end = found.span or (None, None, None)
    return FaultRow(None, found.code, found.sentence, source, start, end, found.hint, int(found.grave), about)


R = TypeVar("R", bound=tuple[object, ...], covariant=True)

_SQL = {str: "text", int: "integer"}


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table: its record, its key (the columns that are one; ``id`` alone may be a counter), its indexes.

    ``stated`` tables hold what sources, registries and rules say; the others are derived from these, and can be again.
    """

    name: str
    record: type[R]
    key: str
    indexes: tuple[str, ...] = ()
    stated: bool = False
    large: bool = False  # rows of many pages are found through an index of their keys

    @cached_property
    def columns(self) -> tuple[str, ...]:
        fields: tuple[str, ...] = getattr(self.record, "_fields")  # noqa: B009 - a type variable has no attributes
        return fields

    @cached_property
    def listed(self) -> str:
        return ", ".join(self.columns)

    @cached_property
    def counted(self) -> bool:
        """Whether ``id`` is a counter that SQLite keeps."""
        return self.key == "counter"

    @cached_property
    def insert(self) -> str:
        return f"insert into {self.name} values ({', '.join('?' * len(self.columns))})"

    def make(self, row: Iterable[object]) -> R:
        made: R = getattr(self.record, "_make")(row)  # noqa: B009
        return made

    def schema(self) -> str:
        """The statements that make the table and its indexes."""
        hints = get_type_hints(self.record)
        columns = [f"{name} {_type(hints[name])}" for name in self.columns]
        if self.counted:
            columns[0] = "id integer primary key"
            tail = ""
        elif self.key:
            columns.append(f"primary key ({self.key})")
            tail = "" if self.large else " without rowid"
        else:
            tail = ""
        made = [f"create table {self.name} ({', '.join(columns)}){tail};"]
        made += [f"create index {self.name}_{name} on {self.name} {on};" for name, on in map(_index, self.indexes)]
        return "\n".join(made)


def _type(hint: object) -> str:
    for kind, words in _SQL.items():
        if hint == kind or hint == kind | None:
            return words
    raise TypeError(f"no column type for {hint}")


def _index(words: str) -> tuple[str, str]:
    """``"from provision, start where x"`` as the name of an index and what it is on."""
    name, _, rest = words.partition(" ")
    columns, where, condition = rest.partition(" where ")
    return name, f"({columns}){where}{condition}"


META = Table("meta", Meta, "key", stated=True)
SOURCE = Table("source", SourceRow, "id", stated=True, large=True)
CODE = Table("code", CodeRow, "alias", stated=True)
AUTHORITY = Table("authority", AuthorityRow, "id", stated=True)
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
RULE_LINK = Table("rule_link", RuleLinkRow, "provision, rule, how")
MEASURE = Table("measure", MeasureRow, "counter")
CONTAINER = Table("container", ContainerRow, "id", stated=True)
WITNESS = Table(
    "witness", WitnessRow, "counter",
    ("provision provision", "official official where official is not null", "cid cid where cid is not null"), stated=True,
)  # fmt: skip
PLACE = Table("place", PlaceRow, "", ("provision provision, start", "parent parent"), stated=True)
ANCHOR = Table("anchor", AnchorRow, "source, start, official", stated=True)
SEARCHED = Table("searched", SearchedRow, "counter", ("version version",))

TABLES: tuple[Table[tuple[object, ...]], ...] = (
    META, SOURCE, CODE, AUTHORITY, PROVISION, PARAGRAPH, VERSION, HELD, CITATION, EVENT, FACT, NOTE, FAULT, RULE, RULE_LINK,
    MEASURE, CONTAINER, WITNESS, PLACE, ANCHOR, SEARCHED,
)  # fmt: skip
