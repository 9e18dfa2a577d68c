"""The answers, typed: what every door gives out, as JSON. Days are ISO, offsets code points.

``kb.ask.told`` makes them from records. A question does without this module: types are for those who check them.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from kb.cite.resolve.citation import FoundAnswer as FoundAnswer
from kb.time.proof import ProofAnswer

#: An answer as plain JSON, where a door hands on any of them.
Json = dict[str, Any]


class VersionAnswer(TypedDict):
    """A version: ``[start, end)``; a bound without a day is ``ouvert`` or ``inconnu`` (``start_is``, ``end_is``)."""

    id: str
    start: str | None
    end: str | None
    start_is: str
    end_is: str
    start_known: str | None
    end_known: str | None
    official: str | None
    state: str
    source: str | None
    start_proof: list[ProofAnswer]
    end_proof: list[ProofAnswer]
    notes: NotRequired[list[str]]


class ReasonAnswer(TypedDict):
    """Why a status is what it is; ``kind`` is one of ``kb.time.timeline.REASONS``."""

    kind: str
    sentence: str
    day: str | None
    by: str | None
    successor: str | None
    version: str | None
    proof: list[ProofAnswer]


class ParagraphAnswer(TypedDict):
    id: str
    text: str
    source: str
    start: int
    end: int
    kind: str
    mark: str
    old_count: int | None
    relation: str


#: ``from`` is a keyword: the paragraph that cites, as ``id#label``.
From = TypedDict("From", {"from": str})


class CitationAnswer(From, FoundAnswer):
    """A citation, written in ``version`` of the citing provision. On a day, ``on`` says what it named then: the version in force of the target, its status, and whether what
    is named exists (``None`` where its text is not held)."""

    id: int
    source: str
    relation: str
    version: str
    on: NotRequired[CitedAnswer]


class LinkAnswer(CitationAnswer):
    depth: int


class CitedAnswer(TypedDict):
    day: str
    version: str | None
    status: str
    exists: bool | None


class EventAnswer(TypedDict):
    kind: str
    target: str
    by: str | None
    effective: str | None
    published: str | None
    note: str
    proof: ProofAnswer


class FactAnswer(TypedDict):
    id: str
    key: str
    value: str
    said_by: list[str]


class NoteAnswer(TypedDict):
    kind: str
    sentence: str
    said_by: list[str]
    code: NotRequired[str]


class PartAnswer(TypedDict):
    id: str
    kind: str
    title: str


class LineAnswer(PartAnswer):
    """A line of a table of contents; divisions have no version."""

    depth: int
    version: str | None


class RuleAnswer(TypedDict):
    id: str
    title: str
    modality: str
    valid: dict[str, str | None]
    how: list[str]


class RuleSummary(TypedDict):
    """A rule in a list: ``sources`` are the provisions it quotes, ``basis`` those it rests on; ``facts`` maps what a question may
    state to its type and default, in words."""

    id: str
    title: str
    modality: str
    action: str
    valid: dict[str, str | None]
    sources: list[str]
    basis: list[str]
    facts: dict[str, str]


class BoundsAnswer(TypedDict):
    id: str
    start: str | None
    start_is: str
    end: str | None
    end_is: str
    official: str | None


class Said(TypedDict):
    """What a provision said on a day, and nothing else."""

    id: str
    at: str
    status: str
    version: VersionAnswer | None
    text: str | None
    notes: list[str]
    reasons: list[ReasonAnswer]


class Shown(TypedDict):
    """What a text, provision or alinéa is and says: the answer of ``renvoi show``."""

    id: str
    kind: str
    title: str
    at: str | None
    status: str
    reasons: list[ReasonAnswer]
    version: VersionAnswer | None
    text: str | None
    paragraphs: list[ParagraphAnswer]
    cites: list[CitationAnswer]
    cited_by: list[CitationAnswer]
    events: list[EventAnswer]
    rules: list[RuleAnswer]
    notes: list[str]
    conflicts: list[NoteAnswer]
    versions: list[BoundsAnswer]
    facts: list[FactAnswer]
    parent: str | None
    children: list[PartAnswer]
    contents: NotRequired[list[LineAnswer]]


class Followed(TypedDict):
    """The citation links from a provision, or into it, breadth first."""

    id: str
    direction: str
    at: str | None
    depth: int
    links: list[LinkAnswer]


class FileAnswer(TypedDict):
    source: str
    path: str
    sha256: str
    start: int
    end: int
    line: int
    column: int


class TargetAnswer(TypedDict):
    id: str
    versions: list[VersionAnswer]


class Traced(TypedDict):
    """The audit trail of a citation."""

    citation: CitationAnswer
    paragraph: ParagraphAnswer | None
    version: VersionAnswer | None
    file: FileAnswer
    target: TargetAnswer | None


class ActAnswer(TypedDict):
    kind: str
    by: str | None
    published: str | None


class WitnessAnswer(TypedDict):
    """A version as one source states it; ``member`` leads to it in the container ``by``."""

    by: str
    official: str | None
    state: str
    start: str | None
    end: str | None
    member: str
    proof: list[ProofAnswer]
    source: str | None


class HistoryVersion(VersionAnswer):
    """A version with the acts that made and ended it, and what each source states of it."""

    by: list[ActAnswer]
    ended_by: list[ActAnswer]
    said: list[WitnessAnswer]


class History(TypedDict):
    """Every version of a provision; ``aside`` is what sources state that made no version."""

    id: str
    kind: str
    title: str
    versions: list[HistoryVersion]
    aside: list[WitnessAnswer]


class HitAnswer(TypedDict):
    """A version that holds the words; ``marks`` are ``[start, end]`` in the excerpt."""

    id: str
    title: str
    version: str
    excerpt: str
    marks: list[list[int]]


class Searched(TypedDict):
    words: str
    at: str | None
    total: int
    hits: list[HitAnswer]


class SideAnswer(TypedDict):
    at: str | None
    status: str
    version: str | None


class ChangeAnswer(TypedDict):
    """A run of words: ``op`` is ``same``, ``gone``, ``new``; offsets count characters in the text before and after."""

    op: str
    words: str
    before: int
    after: int


_Sides = TypedDict("_Sides", {"from": SideAnswer, "to": SideAnswer})


class Diffed(_Sides):
    """What changed between two days: of an article ``changes``, of a text or division the ids of its articles."""

    id: str
    kind: str
    title: str
    same: bool
    changes: NotRequired[list[ChangeAnswer]]
    new: NotRequired[list[str]]
    gone: NotRequired[list[str]]
    changed: NotRequired[list[str]]
