"""Do it again: read a corpus again from its files, make again what follows from statements, and compare row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb.ground.fault import Misuse
from kb.make.build import Built, write
from kb.make.check import Check
from kb.make.corpus import CORPUS, read_corpus
from kb.make.report import Options, Report
from kb.make.settle import remake
from kb.store import kept as k
from kb.store import records as r
from kb.store.file import schema
from kb.store.importing import Import
from kb.store.reading import Store
from kb.store.table import Table

Row = tuple[object, ...]
Tables = tuple[Table[Row], ...]

# What a build of a corpus alone writes: all but what the file says of itself.
_ALL: Tables = tuple(table for table in k.TABLES if table is not r.META)
# Where law was folded in, what is stated of provisions is merged with it: these rows are the corpus' own still.
_APART: Tables = (r.SOURCE, r.PARAGRAPH, r.FACT, r.NOTE, r.CODE, r.RULE, k.RULE_LINK, k.MEASURE)


def read_again(store: Store, place: Path, imported: bool) -> Check:
    """Read the corpus again and compare every row; where law was folded in, each row that is the corpus' own."""
    check = Check("relecture : le corpus, relu, donne les mêmes lignes")
    try:
        corpus = read_corpus(place)
    except Misuse as error:
        check.hold(False, str(error))
        return check
    memory = sqlite3.connect(":memory:")
    memory.executescript(schema())
    write(Import(memory), Built(corpus, Report()), options=Options(workers=1))
    fresh = Store.over(memory)
    for table in _APART if imported else _ALL:
        new = list(_uncounted(table, fresh.stream(table)))
        old = list(_uncounted(table, store.stream(table)))
        if imported:
            kept = set(old)
            for row in new:
                check.hold(row in kept, f"{table.name} : « {str(row)[:120]} » relu, et pas gardé")
        else:
            _compare(check, table, old, new)
    if imported:
        cited = {_cited(row) for row in store.stream(r.CITATION, where=f"source in ({_quoted(store)})")}
        for citation in fresh.stream(r.CITATION):
            there = _cited(citation) in cited
            check.hold(there, f"citation : « {citation.quote[:120]} » relue, et pas gardée")
    return check


def _quoted(store: Store) -> str:
    return ", ".join(f"'{name}'" for name in store.sources_of(CORPUS))


def _cited(row: r.CitationRow) -> Row:
    """A citation but for what other law decides: whether its target is held."""
    return (row.source, row.start, row.end, row.quote, row.provision, row.label, row.target, row.kind)


def derived_again(store: Store) -> Check:
    """Make the versions of every provision again from what is stated, and when they hold: the same rows, no others."""
    check = Check(
        "versions : ce que les sources énoncent, réuni de nouveau, donne les mêmes versions et les mêmes jours"
    )
    versions: list[Row] = []
    held: list[Row] = []
    spoken_of = {row.id: row.version for row in store.stream(r.WITNESS)}
    for made in remake(Import(store.db)):
        versions += made.versions
        held += made.held
        for rank, version in made.spoken_of:
            check.hold(
                spoken_of.get(rank) == version, f"énoncé {rank} : parle de {spoken_of.get(rank)}, et non de {version}"
            )
    _compare(check, r.VERSION, list(store.stream(r.VERSION)), versions)
    _compare(check, r.HELD, list(store.stream(r.HELD)), held)
    return check


def _uncounted(table: Table[Row], rows: Iterable[Row]) -> Iterator[Row]:
    """Rows without the numbers that only count."""
    return (row[1:] for row in rows) if table.counted else iter(rows)


def _compare(check: Check, table: Table[Row], kept: list[Row], fresh: list[Row]) -> None:
    check.hold(len(fresh) == len(kept), f"{table.name} : {len(kept)} lignes gardées, {len(fresh)} refaites")
    for old, new in zip(sorted(kept, key=repr), sorted(fresh, key=repr), strict=False):
        check.hold(old == new, "" if old == new else f"{table.name} : {_difference(old, new)}")


def _difference(old: Row, new: Row) -> str:
    kept, fresh = next((a, b) for a, b in zip(old, new, strict=True) if a != b)
    return f"{old[0]} : « {str(kept)[:80]} » gardé, « {str(fresh)[:80]} » refait"
