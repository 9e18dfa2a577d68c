"""Records told as answers: JSON, made at the edge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kb.store import records as r
from kb.store.reading import Spoken
from kb.time.timeline import Held, Reason

if TYPE_CHECKING:
    from kb.ask.answers import (
        BoundsAnswer,
        CitationAnswer,
        EventAnswer,
        FactAnswer,
        NoteAnswer,
        ParagraphAnswer,
        PartAnswer,
        ReasonAnswer,
        RuleAnswer,
        VersionAnswer,
        WitnessAnswer,
    )
    from kb.time.proof import ProofAnswer


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
