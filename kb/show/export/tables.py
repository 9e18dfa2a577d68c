"""The knowledge base as tables, one CSV file each: UTF-8, header first, RFC 4180 quoting, offsets in code points."""

from __future__ import annotations

import csv
from pathlib import Path

from kb.ask.query import KnowledgeBase
from kb.ground.fault import Misuse

# file → the query that fills it; the names of the columns are the header.
TABLES = {
    "sources": "select id as source, sha256, path, format, title from source order by id",
    "texts": "select id as text, nature, title, num as number, signed from provision where kind = 'texte' order by id",
    "provisions": "select id as provision, text, parent, kind, num, title, source, start, end from provision where kind <> 'texte' order by rank",
    "paragraphs": "select provision || '#' || label as paragraph, provision, version, kind, mark, old as old_count, source, start, end from paragraph order by source, start",
    "versions": "select id as version, provision, start, start_is, end, end_is, start_known, end_known, official, source, start_proof, end_proof from version order by provision, start",
    "citations": "select source, start, end, quote, provision || '#' || label as \"from\", version, target, status, kind, relation, code, num, num_end, fragment, candidates from citation order by id",
    "events": "select kind, target, by, effective, published, source, start, end, fact, said_by, note from event order by id",
    "facts": "select id as fact, about, key, value, said_by from fact order by id",
    "notes": "select about, kind, sentence, said_by from note order by id",
    "faults": "select code, sentence, source, start, end, hint from fault order by id",
}


def write(base: KnowledgeBase, folder: Path) -> list[Path]:
    """Write every table into *folder*, made if it is not there. Raises ``Misuse`` when *folder* is a file."""
    if folder.exists() and not folder.is_dir():
        raise Misuse(f"cannot write {folder}: it is a file; csv is a folder of tables")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, query in TABLES.items():
        header, rows = base.table(query)
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
        written.append(path)
    return written
