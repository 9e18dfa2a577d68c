"""The audit trail of a citation: its words, paragraph, file, characters, line and sha256; its target and its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.ask import timelines, told
from kb.ground.fault import Unknown
from kb.ground.span import line_column
from kb.store.reading import Store
from kb.store.records import CITATION

if TYPE_CHECKING:
    from kb.ask.answers import Traced, VersionAnswer


def trace_citation(store: Store, rank: int) -> Traced:
    """The trail of the citation of that number. Raises ``Misuse`` when there is none."""
    row = store.citation(rank) if rank < 1 << 62 else None
    if row is None:
        raise Unknown(f"no citation {rank}: they are numbered from 1 to {store.count(CITATION)}")
    source = store.source(row.source)
    line, column = line_column(source.text, row.start)
    paragraphs = [p for p in store.paragraphs(row.provision, row.version) if p.label == row.label]
    own = next((v for v in _versions(store, row.provision) if v["id"] == row.version), None)
    target = row.target_provision
    return {
        "citation": told.citation(row),
        "paragraph": told.paragraph(store.spoken(paragraphs)[0]) if paragraphs else None,
        "version": own,
        "file": {
            "source": source.id, "path": source.path, "sha256": source.sha256, "start": row.start, "end": row.end, "line": line,
            "column": column,
        },
        "target": {"id": row.target or target, "versions": _versions(store, target)} if target else None,
    }  # fmt: skip


def _versions(store: Store, name: str) -> list[VersionAnswer]:
    row = store.provision(name)
    return [told.version(each) for each in timelines.versions(store, row)] if row else []
