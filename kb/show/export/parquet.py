"""The knowledge base as Parquet, one file a table, with a published schema: DuckDB, Spark and Trino read it as it is.

The schema is ``SCHEMA``: every column with its type; lists and records are JSON text. Each file carries the format's
name and version in its metadata. Rows are in the order of the tables' keys, written by groups of ``GROUP``, so that
memory stays bounded and two exports of one knowledge base give the same bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.ask.query import KnowledgeBase
from kb.ground.fault import Misuse

FORMAT = "renvoi-parquet-1"
GROUP = 50_000  # rows of a row group

TEXT, NUMBER, DAY = "string", "int64", "date32"

# file → (query, columns with their types).
SCHEMA: dict[str, tuple[str, dict[str, str]]] = {
    "containers": (
        "select id, format, title, name, sha256, state from container order by rank",
        {"container": TEXT, "format": TEXT, "title": TEXT, "name": TEXT, "sha256": TEXT, "state": TEXT},
    ),
    "sources": (
        "select id, path, sha256, format, title, card, text from source order by id",
        {"source": TEXT, "path": TEXT, "sha256": TEXT, "format": TEXT, "title": TEXT, "card": TEXT, "text": TEXT},
    ),
    "provisions": (
        "select id, text, parent, kind, nature, num, title, rank, source, signed from provision order by id",
        {"provision": TEXT, "text": TEXT, "parent": TEXT, "kind": TEXT, "nature": TEXT, "num": TEXT, "title": TEXT, "rank": NUMBER, "source": TEXT, "signed": DAY},
    ),
    "versions": (
        """select id, provision, start, start_is, end, end_is, start_known, end_known, official, source, start_proof, end_proof, notes
        from version order by id""",
        {
            "version": TEXT, "provision": TEXT, "start": DAY, "start_is": TEXT, "end": DAY, "end_is": TEXT, "start_known": DAY, "end_known": DAY,
            "official": TEXT, "source": TEXT, "start_proof": TEXT, "end_proof": TEXT, "notes": TEXT,
        },
    ),
    "witnesses": (
        "select provision, container, official, cid, state, start, start_is, end, end_is, known, member, source, version, fact from witness order by id",
        {
            "provision": TEXT, "container": TEXT, "official": TEXT, "cid": TEXT, "state": TEXT, "start": DAY, "start_is": TEXT, "end": DAY, "end_is": TEXT,
            "known": DAY, "member": TEXT, "source": TEXT, "version": TEXT, "fact": TEXT,
        },
    ),
    "paragraphs": (
        """select p.provision, p.version, p.rank, p.label, p.kind, p.mark, p.source, p.start, p.end, coalesce(p.words, substr(s.text, p.start + 1, p.end - p.start)), p.relation
        from paragraph p join source s on s.id = p.source order by p.provision, p.version, p.rank""",
        {
            "provision": TEXT, "version": TEXT, "rank": NUMBER, "label": TEXT, "kind": TEXT, "mark": TEXT, "source": TEXT, "start": NUMBER, "end": NUMBER,
            "words": TEXT, "relation": TEXT,
        },
    ),
    "citations": (
        """select id, source, start, end, quote, provision, version, label, relation, target, target_provision, status, kind, code, num, num_end, fragment, act, candidates
        from citation order by id""",
        {
            "citation": NUMBER, "source": TEXT, "start": NUMBER, "end": NUMBER, "quote": TEXT, "provision": TEXT, "version": TEXT, "label": TEXT, "relation": TEXT,
            "target": TEXT, "target_provision": TEXT, "status": TEXT, "kind": TEXT, "code": TEXT, "num": TEXT, "num_end": TEXT, "fragment": TEXT, "act": TEXT,
            "candidates": TEXT,
        },
    ),
    "events": (
        "select kind, target, by, effective, published, source, start, end, fact, said_by, note from event order by id",
        {
            "kind": TEXT, "target": TEXT, "by": TEXT, "effective": DAY, "published": DAY, "source": TEXT, "start": NUMBER, "end": NUMBER, "fact": TEXT,
            "said_by": TEXT, "note": TEXT,
        },
    ),
    "facts": ("select id, about, key, value, said_by from fact order by id", {"fact": TEXT, "about": TEXT, "key": TEXT, "value": TEXT, "said_by": TEXT}),
    "faults": (
        "select code, sentence, about, source, start, end, hint from fault order by id",
        {"code": TEXT, "sentence": TEXT, "about": TEXT, "source": TEXT, "start": NUMBER, "end": NUMBER, "hint": TEXT},
    ),
}  # fmt: skip


def write(base: KnowledgeBase, folder: Path) -> list[Path]:
    """Write every table into *folder*, made if it is not there; the files written. Raises ``Misuse``."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise Misuse("export parquet needs the package 'pyarrow': pip install 'renvoi[parquet]'") from None
    if folder.exists() and not folder.is_dir():
        raise Misuse(f"cannot write {folder}: it is a file; parquet is a folder of tables")
    folder.mkdir(parents=True, exist_ok=True)
    types = {TEXT: pa.string(), NUMBER: pa.int64(), DAY: pa.date32()}
    written = []
    for name, (query, columns) in SCHEMA.items():
        schema = pa.schema([(column, types[kind]) for column, kind in columns.items()], metadata={"renvoi": FORMAT})
        path = folder / f"{name}.parquet"
        part = folder / f".{name}.parquet.part"
        with parquet.ParquetWriter(part, schema, compression="zstd") as writer:
            for rows in base.batches(query, GROUP):
                writer.write_table(
                    pa.Table.from_arrays(
                        [
                            _column(pa, kind, types[kind], values)
                            for kind, values in zip(columns.values(), zip(*rows, strict=True), strict=True)
                        ],
                        schema=schema,
                    )
                )
        part.replace(path)
        written.append(path)
    return written


def _column(pa: Any, kind: str, type: Any, values: tuple[Any, ...]) -> Any:
    """One column; days are kept as ISO text in the store."""
    if kind == DAY:
        return pa.array(values, pa.string()).cast(type)
    return pa.array(values, type)
