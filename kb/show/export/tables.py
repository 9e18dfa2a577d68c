"""The knowledge base as tables, one CSV file each: UTF-8, header first, RFC 4180 quoting, offsets in code points."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from kb.ground.fault import Misuse
from kb.store import records as r
from kb.store.reading import Store
from kb.store.table import Table

Row = tuple[object, ...]
Value = str | Callable[[Row], object]


class Sheet(NamedTuple):
    """One file: the records it is made of, in which order, and its columns: a field of the record, or what is made of it."""

    table: Table[Row]
    order: str
    columns: dict[str, Value]
    where: str = ""

    def rows(self, store: Store) -> Iterator[list[object]]:
        get = [attrgetter(value) if isinstance(value, str) else value for value in self.columns.values()]
        for row in store.stream(self.table, self.order, self.where):
            yield [value(row) for value in get]


def _same(*names: str) -> dict[str, Value]:
    return {name: name for name in names}


def _from(row: Row) -> str:
    assert isinstance(row, r.CitationRow)
    return f"{row.provision}#{row.label}"


#: file → its columns.
TABLES = {
    "sources": Sheet(r.SOURCE, "id", {"source": "id", **_same("container", "sha256", "path", "format", "title")}),
    "texts": Sheet(r.PROVISION, "id", {"text": "id", "nature": "nature", "title": "title", "number": "num", "signed": "signed"}, "kind = 'texte'"),
    "provisions": Sheet(
        r.PROVISION, "text, rank, id", {"provision": "id", **_same("text", "parent", "kind", "num", "title", "source", "start", "end")}, "kind <> 'texte'"
    ),
    "paragraphs": Sheet(
        r.PARAGRAPH, "source, start",
        {"paragraph": "id", **_same("provision", "version", "kind", "mark"), "old_count": "old", **_same("source", "start", "end")},
    ),
    "versions": Sheet(
        r.VERSION, "provision, start",
        {"version": "id", **_same("provision", "start", "start_is", "end", "end_is", "start_known", "end_known", "official", "state", "source", "start_proof", "end_proof")},
    ),
    "held": Sheet(r.HELD, "provision, start", _same("provision", "version", "start", "end")),
    "citations": Sheet(
        r.CITATION, "id",
        {**_same("source", "start", "end", "quote"), "from": _from,
         **_same("version", "target", "status", "kind", "relation", "code", "num", "num_end", "fragment", "candidates")},
    ),
    "events": Sheet(
        r.EVENT, "id", _same("kind", "target", "by", "effective", "published", "source", "start", "end", "fact", "said_by", "note")
    ),
    "facts": Sheet(r.FACT, "id", {"fact": "id", **_same("about", "key", "value", "said_by")}),
    "notes": Sheet(r.NOTE, "id", _same("about", "kind", "sentence", "said_by")),
    "faults": Sheet(r.FAULT, "id", _same("code", "sentence", "about", "source", "start", "end", "hint")),
}  # fmt: skip


def write(store: Store, folder: Path) -> list[Path]:
    """Write every table into *folder*, made if it is not there. Raises ``Misuse`` when *folder* is a file."""
    if folder.exists() and not folder.is_dir():
        raise Misuse(f"cannot write {folder}: it is a file; csv is a folder of tables")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, sheet in TABLES.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(sheet.columns)
            writer.writerows(sheet.rows(store))
        written.append(path)
    return written
