"""The knowledge base as Parquet, one file a table, with a published schema: DuckDB, Spark and Trino read it as it is.

The schema is ``SCHEMA``: every column with its type; lists and records are JSON text. Each file carries the format's
name and version in its metadata. Rows are in the order of the tables' keys, written by groups of ``GROUP``, so that
memory stays bounded and two exports of one knowledge base give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.ground.fault import Misuse
from kb.store import kept as k
from kb.store import records as r
from kb.store.reading import Store
from kb.store.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = "renvoi-parquet-2"
GROUP = 50_000  # rows of a row group

TEXT, NUMBER, DAY = "string", "int64", "date32"
_DAYS = frozenset(("start_known", "end_known", "signed", "known", "effective", "published"))
_BOUNDS = frozenset(
    ("version", "witness", "held")
)  # tables whose start and end are days; of the others they are offsets
_NUMBERS = frozenset(("rank", "start", "end", "id"))
Row = tuple[object, ...]


class Columns(NamedTuple):
    """The columns of one file, each a field of the records of a table; ``id`` is named for what it identifies."""

    table: Table[Row]
    named: str
    fields: tuple[str, ...]

    @property
    def types(self) -> dict[str, str]:
        return {self.named if name == "id" else name: self._type(name) for name in self.fields}

    def _type(self, name: str) -> str:
        if name in _DAYS or (name in ("start", "end") and self.table.name in _BOUNDS):
            return DAY
        return NUMBER if name in _NUMBERS and (name != "id" or self.table.counted) else TEXT


def _columns(table: Table[Row], named: str = "id", *without: str) -> Columns:
    """Every field of a table but those that only count or serve the store."""
    dropped = {*without, *(("id",) if table.counted and named == "id" else ())}
    return Columns(table, named, tuple(name for name in table.columns if name not in dropped))


SCHEMA = {
    "containers": _columns(k.CONTAINER, "container", "rank"),
    "sources": _columns(r.SOURCE, "source"),
    "provisions": _columns(r.PROVISION, "provision", "start", "end"),
    "versions": _columns(r.VERSION, "version"),
    "held": _columns(r.HELD),
    "witnesses": _columns(r.WITNESS, "id", "stamp", "words"),
    "paragraphs": _columns(r.PARAGRAPH, "id", "old"),
    "citations": _columns(r.CITATION, "citation"),
    "events": _columns(r.EVENT, "id", "dated"),
    "facts": _columns(r.FACT, "fact"),
    "faults": _columns(r.FAULT, "id", "grave"),
}


def write(store: Store, folder: Path) -> list[Path]:
    """Write every table into *folder*, made if it is not there; the files written. Raises ``Misuse``."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise Misuse("export parquet needs the package 'pyarrow': pip install 'renvoi[parquet]'") from None
    if folder.exists() and not folder.is_dir():
        raise Misuse(f"cannot write {folder}: it is a file; parquet is a folder of tables")
    folder.mkdir(parents=True, exist_ok=True)
    arrow = {TEXT: pa.string(), NUMBER: pa.int64(), DAY: pa.date32()}
    written = []
    for name, columns in SCHEMA.items():
        types = columns.types
        schema = pa.schema([(column, arrow[kind]) for column, kind in types.items()], metadata={"renvoi": FORMAT})
        path = folder / f"{name}.parquet"
        part = folder / f".{name}.parquet.part"
        get = attrgetter(*columns.fields)
        with parquet.ParquetWriter(part, schema, compression="zstd") as writer:
            for rows in _groups(store, columns.table):
                values = zip(*map(get, rows), strict=True)
                arrays = [_column(kind, of) for kind, of in zip(types.values(), values, strict=True)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        part.replace(path)
        written.append(path)
    return written


def _groups(store: Store, table: Table[Row]) -> Iterator[list[Row]]:
    """The records of a table by ``GROUP``; those of paragraphs with their words, wherever they are kept."""
    stream = store.stream(table)
    while rows := list(islice(stream, GROUP)):
        if table.name == r.PARAGRAPH.name:
            rows = [p._replace(words=text) for p, text in store.spoken([r.PARAGRAPH.make(row) for row in rows])]
        yield rows


def _column(kind: str, values: tuple[object, ...]) -> pa.Array:
    """One column; days are kept as ISO text in the store."""
    import pyarrow as pa

    if kind == DAY:
        return pa.array(values, pa.string()).cast(pa.date32())
    return pa.array(values, pa.string() if kind == TEXT else pa.int64())
