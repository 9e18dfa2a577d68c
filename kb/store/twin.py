"""A twin of a store: what the store derived is made again in it, and compared; what is stated it reads in the store itself.

The twin is a temporary file with empty derived tables; the store is attached, so that a table the twin does not have is
read there. The tables of which a part is stated (events and witnesses by fact, provisions by name) begin with that part.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from kb.store import kept as k
from kb.store import records as r
from kb.store.file import SEARCH
from kb.store.importing import Import
from kb.store.table import Table

_MADE: tuple[Table[tuple[object, ...]], ...] = (
    r.PROVISION, r.PARAGRAPH, r.VERSION, r.HELD, r.CITATION, r.EVENT, r.FACT, r.FAULT, r.WITNESS, k.SEARCHED,
)  # fmt: skip
#: What is read in the text of a version, by the column that names the provision it is of.
_READ = ((r.PARAGRAPH, "provision"), (r.CITATION, "provision"), (k.SEARCHED, "provision"))
_LINKED = "'resolved', 'known', 'absent'"  # which of these a citation is, all that is held decides


class Twin:
    """The twin of a store, ready to be derived again (``law``)."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        db.executescript("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536;")
        db.executescript("\n".join(table.schema() for table in _MADE) + SEARCH)
        self.law = Import(db)

    def state(self, corpus: str, own: set[str]) -> None:
        """Begin with what is stated; *own* are the facts of the registry of *corpus*, which are not derived."""
        said = [(name,) for name in sorted(own)]
        self.db.execute("create temp table registered (id text primary key) without rowid")
        self.db.executemany("insert into registered values (?)", said)
        self.db.execute(
            """insert into fact select * from kept.fact f where not (key = 'signed' and id = about || '?signed' and said_by = '["seed"]'
            and id not in (select id from registered))"""
        )
        self.db.execute("insert into event select * from kept.event where source is null")
        self.db.execute("insert into fault select * from kept.fault where about is null")
        self.db.execute("insert into witness select * from kept.witness where member <> '' or source is null")
        self.db.execute(
            "update witness set version = null, proof = case when container = ? and source is not null then null else proof end",
            (corpus,),
        )
        # What statements and places speak of, and what stands above it.
        self.db.execute(
            """insert into provision with recursive named (id) as (
              select provision from witness union select provision from kept.place union select parent from kept.place
              union select p.parent from named join kept.provision p on p.id = named.id where p.parent is not null
              union select p.text from named join kept.provision p on p.id = named.id)
            select id, text, parent, kind, nature, num, case kind when 'article' then 'Article ' || num else title end, 0, null, null, null,
              case kind when 'texte' then signed end, null from kept.provision where id in named"""
        )
        self.db.execute(
            "insert or ignore into touched select provision from witness union select id from provision where kind <> 'texte'"
        )

    def only(self, count: int) -> None:
        """Be content with *count* provisions that have a text, spread over all of them."""
        self.db.execute(
            "delete from touched where name not in (select provision from witness where source is not null)"
        )
        total = self.law.count_touched()
        if total > count:
            self.db.execute(
                """delete from touched where name not in (select name from (select name, row_number() over (order by name) - 1 as n
                from touched) where n * ?1 / ?2 <> (n - 1) * ?1 / ?2 or n = 0)""",
                (count, total),
            )

    def total(self) -> int:
        """How many provisions have a text."""
        found: int = self.db.execute(
            "select count(distinct provision) from witness where source is not null"
        ).fetchone()[0]
        return found

    # -- comparing ------------------------------------------------------------------------------------------------

    def differences(self) -> Iterator[tuple[Table[tuple[object, ...]], int, list[tuple[str, tuple[object, ...]]]]]:
        """For each table how many rows were made again, and the first that are only kept (``gardé``) or only made (``refait``)."""
        for table in _MADE:
            yield table, self._count(table), self._compare(table, table.columns, "")

    def differences_read(self) -> Iterator[tuple[Table[tuple[object, ...]], int, list[tuple[str, tuple[object, ...]]]]]:
        """The same of what was read in the texts of the provisions that were touched, links apart."""
        for table, column in _READ:
            columns = tuple(
                f"case when status in ({_LINKED}) then 'known' else status end" if name == "status" else name
                for name in table.columns
            )
            where = f" where {column} in (select name from touched)"
            yield table, self._count(table), self._compare(table, columns, where)

    def _count(self, table: Table[tuple[object, ...]]) -> int:
        found: int = self.db.execute(f"select count(*) from main.{table.name}").fetchone()[0]
        return found

    def _compare(
        self, table: Table[tuple[object, ...]], columns: tuple[str, ...], where: str
    ) -> list[tuple[str, tuple[object, ...]]]:
        """Rows without the numbers that only count; of those, how many times each is there."""
        own = columns[1:] if table.counted else columns
        listed = ", ".join(own)
        times = f", count(*) from {{}}.{table.name}{where} group by {', '.join(map(str, range(1, len(own) + 1)))}"
        each = f"select {listed}{times if table.counted else f' from {{}}.{table.name}{where}'}"
        found: list[tuple[str, tuple[object, ...]]] = []
        for said, one, other in (("gardé", "kept", "main"), ("refait", "main", "kept")):
            select = f"{each.format(one)} except {each.format(other)} limit 20"
            found += [(said, row) for row in self.db.execute(select)]
        return found

    def searched(self) -> Iterator[str]:
        """The words that the full text index finds elsewhere than where they stand."""
        for name in ("main", "kept"):
            self.db.execute(f"create virtual table temp.words_{name} using fts5vocab({name}, search, instance)")
        pairs = "select m.id, k.id from main.searched m join kept.searched k using (provision, version)"
        same: dict[int, int] = dict(self.db.execute(pairs).fetchall())
        made = self._places("main", same)
        for word, places in self._places("kept", {}):
            again = next(made, ("", []))
            if again != (word, places):
                yield f"le mot « {word} » n'est pas rangé où il se lit"
                return
        for word, _ in made:
            yield f"le mot « {word} » n'est pas rangé"
            return

    def _places(self, name: str, same: dict[int, int]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        rows = self.db.execute(f"select term, doc, offset from temp.words_{name} order by term")
        for word, found in groupby(rows, itemgetter(0)):
            yield word, sorted((same.get(doc, doc), offset) for _, doc, offset in found)


@contextmanager
def twin(path: Path) -> Iterator[Twin]:
    """A twin of the store at *path*, for the time of the block."""
    with tempfile.TemporaryDirectory(prefix="renvoi-") as folder:
        db = sqlite3.connect(Path(folder) / "twin.kb", uri=True)
        try:
            db.execute("attach ? as kept", (f"{path.absolute().as_uri()}?mode=ro&immutable=1",))
            yield Twin(db)
        finally:
            db.close()
