"""The answers, typed: what every door gives out, as JSON. Made at the edge from records; days are ISO, offsets code points."""

from __future__ import annotations

import json
from typing import Any, NotRequired, TypedDict

from kb.store import records as r
from kb.store.reading import Spoken
from kb.time.proof import ProofAnswer
from kb.time.timeline import Held, Reason

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
_From = TypedDict("_From", {"from": str})


class CitationAnswer(_From):
    """A citation, written in ``version`` of the citing provision. On a day, ``on`` says what it named then: the version in force of the target, its status, and whether what
    is named exists (``None`` where its text is not held)."""

    id: int
    source: str
    start: int
    end: int
    quote: str
    target: str | None
    status: str
    candidates: list[str]
    code: str | None
    num: str | None
    num_end: str | None
    fragment: str | None
    text: dict[str, str | None] | None
    kind: str
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


# -- records as answers --------------------------------------------------------------------------------------------


def version(row: r.VersionRow) -> VersionAnswer:
    return {
        "id": row.id, "start": row.start, "end": row.end, "start_is": row.start_is, "end_is": row.end_is, "start_known": row.start_known,
        "end_known": row.end_known, "official": row.official, "state": row.state, "source": row.source,
        "start_proof": json.loads(row.start_proof), "end_proof": json.loads(row.end_proof), "notes": list(row.noted),
    }  # fmt: skip


def held(found: Held[r.VersionRow]) -> VersionAnswer | None:
    """The version in force, as it could be known: an end that nobody knew is none."""
    if found.version is None:
        return None
    made = version(found.version)
    if found.end_hidden:
        made["end"], made["end_is"], made["end_proof"] = None, "ouvert", []
    return made


def reason(found: Reason) -> ReasonAnswer:
    return {
        "kind": found.kind, "sentence": found.sentence, "day": found.day, "by": found.by, "successor": found.successor,
        "version": found.version, "proof": [proof.to_json() for proof in found.proofs],
    }  # fmt: skip


def bounds(row: r.VersionRow) -> BoundsAnswer:
    return {
        "id": row.id, "start": row.start, "start_is": row.start_is, "end": row.end, "end_is": row.end_is, "official": row.official,
    }  # fmt: skip


def paragraph(spoken: Spoken) -> ParagraphAnswer:
    row, text = spoken
    return {
        "id": row.id, "text": text, "source": row.source, "start": row.start, "end": row.end, "kind": row.kind, "mark": row.mark,
        "old_count": row.old, "relation": row.relation,
    }  # fmt: skip


def citation(row: r.CitationRow) -> CitationAnswer:
    return {
        "id": row.id or 0, "from": f"{row.provision}#{row.label}", "source": row.source, "start": row.start, "end": row.end,
        "quote": row.quote, "target": row.target, "status": row.status, "candidates": list(row.named), "code": row.code, "num": row.num,
        "num_end": row.num_end, "fragment": row.fragment, "text": row.text, "kind": row.kind, "relation": row.relation,
        "version": row.version,
    }  # fmt: skip


def witness(row: r.WitnessRow) -> WitnessAnswer:
    return {
        "by": row.container, "official": row.official, "state": row.state, "start": row.start, "end": row.end, "member": row.member,
        "proof": [proof.to_json() for proof in row.proofs], "source": row.source,
    }  # fmt: skip


def event(row: r.EventRow) -> EventAnswer:
    said_by = list(row.authorities)
    proof: ProofAnswer = (
        {"source": row.source, "start": row.start or 0, "end": row.end or 0, "said_by": said_by}
        if row.source
        else {"fact": row.fact or "", "said_by": said_by}
    )
    return {
        "kind": row.kind, "target": row.target, "by": row.by, "effective": row.effective, "published": row.published, "note": row.note,
        "proof": proof,
    }  # fmt: skip


def fact(row: r.FactRow) -> FactAnswer:
    return {"id": row.id, "key": row.key, "value": row.value, "said_by": list(row.authorities)}


def note(row: r.NoteRow) -> NoteAnswer:
    return {"kind": row.kind, "sentence": row.sentence, "said_by": list(row.authorities)}


def contradiction(row: r.FaultRow) -> NoteAnswer:
    return {"kind": "anomalie", "sentence": row.sentence, "said_by": [], "code": row.code}


def rule(row: r.RuleRow, how: list[str]) -> RuleAnswer:
    summary: RuleAnswer = json.loads(row.summary)
    return {
        "id": summary["id"], "title": summary["title"], "modality": summary["modality"], "valid": summary["valid"], "how": how,
    }  # fmt: skip


def part(row: r.ProvisionRow) -> PartAnswer:
    return {"id": row.id, "kind": row.kind, "title": row.title}
