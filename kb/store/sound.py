"""Whether a file is the store that it says: its objects, its pages and indexes, the types of its values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import get_type_hints

from kb.store.file import schema
from kb.store.kept import TABLES
from kb.store.reading import Store
from kb.store.table import Table


def strangers(store: Store) -> Iterator[str]:
    """The tables, indexes, views and triggers that a store has and should not, lacks, or has otherwise."""
    wanted, found = _objects(_empty()), _objects(store.db)
    for key in sorted(wanted.keys() | found.keys()):
        if wanted.get(key) != found.get(key):
            kind, name = key
            how = "est de trop" if key not in wanted else "manque" if key not in found else "n'est pas ce qu'il doit"
            yield f"{kind} {name} {how}"


def _empty() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:")
    made.executescript(schema())
    return made


def _objects(db: sqlite3.Connection) -> dict[tuple[str, str], tuple[str, str | None]]:
    """What is in a file, but for the statistics that the planner keeps."""
    select = "select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite!_stat_' escape '!'"
    return {(kind, name): (table, sql) for kind, name, table, sql in db.execute(select)}


def damage(store: Store) -> Iterator[str]:
    """What SQLite's own check says of the pages, and of indexes that do not answer as their tables do."""
    for (sentence,) in store.db.execute("pragma integrity_check(20)"):
        if sentence != "ok":
            yield str(sentence)


def mistyped(store: Store) -> Iterator[str]:
    """The columns with values of a type that their record does not have."""
    for table in TABLES:
        tests = [f"sum(typeof({name}) not in ({kinds}))" for name, kinds in _kinds(table)]
        counts = store.db.execute(f"select {', '.join(tests)} from {table.name}").fetchone()
        for name, count in zip(table.columns, counts, strict=True):
            if count:
                yield f"{table.name}.{name} : {count} valeurs d'un autre type"


def _kinds(table: Table[tuple[object, ...]]) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(table.record)
    for name in table.columns:
        hint = hints[name]
        kinds = "'integer'" if hint in (int, int | None) else "'text'"
        yield name, kinds if hint in (int, str) else f"{kinds}, 'null'"
