"""What an import asks of the store that it writes, and what it writes there: stated first, derived from it after.

The temporary table ``touched`` holds the provisions that an import speaks of.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple, TypeVar

from kb.ground.fault import Fault
from kb.ground.period import writes
from kb.ground.span import Span
from kb.store import kept as k
from kb.store import records as r
from kb.store import search
from kb.store.file import insert
from kb.store.reading import held_codes
from kb.store.table import Table
from kb.texts.containers.records import REMOVED, Container

R = TypeVar("R", bound=tuple[object, ...])

_BATCH = 500  # provisions asked for at once
# Indexes that no pass of an import asks: they cost less made once, of all rows.
_LATE = (
    "citation_from",
    "citation_to",
    "paragraph_place",
    "event_by",
    "provision_parent",
    "place_parent",
    "held_version",
)


class Stated(NamedTuple):
    """A version as one source states it, with the format of its container and whether it is the corpus' own."""

    row: r.WitnessRow
    format: str


class Ids:
    """The ids of a table, asked for in the store: what was not written yet, and the last ones met, are remembered here."""

    LIMIT = 50_000

    def __init__(self, db: sqlite3.Connection, table: str) -> None:
        self._db, self._ask = db, f"select 1 from {table} where id = ?"
        self._fresh: set[str] = set()
        self._met: set[str] = set()

    def __contains__(self, name: str) -> bool:
        if name in self._fresh or name in self._met:
            return True
        found = self._db.execute(self._ask, (name,)).fetchone() is not None
        if found:
            self._met.add(name)
        return found

    def add(self, name: str) -> None:
        self._fresh.add(name)

    def written(self) -> None:
        """What was added is in the store now."""
        self._met |= self._fresh
        self._fresh.clear()
        if len(self._met) > self.LIMIT:
            self._met.clear()

    def discard(self, name: str) -> None:
        self._fresh.discard(name)
        self._met.discard(name)


class Import:
    """A store that is being written."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        db.execute("create temp table if not exists touched (name text primary key) without rowid")
        db.execute("delete from touched")

    @contextmanager
    def indexed_after(self) -> Iterator[None]:
        """Do without the late indexes meanwhile, where the store is new: a later import adds few rows to many."""
        select = f"select name, sql from sqlite_master where type = 'index' and name in ({_marks(_LATE)}) order by name"
        made = [] if self._one("select 1 from container limit 1") else self.db.execute(select, _LATE).fetchall()
        for name, _ in made:
            self.db.execute(f"drop index {name}")
        yield
        for _, sql in made:
            self.db.execute(sql)

    def _one(self, sql: str, *values: str | int | None) -> tuple[object, ...] | None:
        found: tuple[object, ...] | None = self.db.execute(sql, values).fetchone()
        return found

    def _rows(self, table: Table[R], where: str, *values: str | int | None) -> list[R]:
        return [
            table.make(row) for row in self.db.execute(f"select {table.listed} from {table.name} where {where}", values)
        ]

    # -- collect --------------------------------------------------------------------------------------------------

    @property
    def empty(self) -> bool:
        """Whether nothing was put into this store yet, not even the codes by name."""
        return self._one("select 1 from code limit 1") is None

    def ids(self, table: Table[R]) -> Ids:
        return Ids(self.db, table.name)

    def state(self, container: str) -> str | None:
        """Where an earlier import of a container stopped."""
        found = self._one("select state from container where id = ?", container)
        return str(found[0]) if found else None

    def keep_container(self, container: Container, state: str) -> None:
        rank = self._one("select coalesce(max(rank), -1) + 1 from container where id <> ?", container.id)
        assert rank
        row = (container.id, rank[0], container.format, container.title, container.name, container.sha256, state)
        self.db.execute("insert or ignore into container values (?, ?, ?, ?, ?, ?, ?)", row)
        self.db.execute(
            "update container set sha256 = ?, name = ?, title = ?, state = ? where id = ?",
            (container.sha256, container.name, container.title, state, container.id),
        )
        self.db.execute("insert or replace into authority values (?, ?)", (container.id, container.title))

    def divisions(self, container: str) -> set[k.PlaceRow]:
        """Where a container said that divisions stand."""
        return set(self._rows(k.PLACE, "container = ? and title is not null", container))

    def placed(self, container: str) -> dict[str, str]:
        """Where a history last said that each article stands."""
        rows = self._rows(k.PLACE, "container = ? and title is null order by rowid", container)
        return {row.provision: row.parent for row in rows}

    def chains(self, container: str) -> dict[str | None, str]:
        """The provision that each file of a history was last about."""
        rows = self._rows(r.WITNESS, "container = ? and state <> ? order by id", container, REMOVED)
        return {row.cid: row.provision for row in rows}

    def add_facts(self, facts: Iterable[r.FactRow]) -> None:
        """Add facts; what was stated first stays."""
        self.db.executemany("insert or ignore into fact values (?, ?, ?, ?, ?)", facts)

    def add_code(self, row: r.CodeRow) -> None:
        self.db.execute("insert or ignore into code values (?, ?, ?, ?)", row)

    def touch(self, names: Iterable[str]) -> None:
        self.db.executemany("insert or ignore into touched values (?)", [(name,) for name in names])

    def stated(self, container: str, official: str) -> list[r.WitnessRow]:
        """What a container stated under an official id."""
        return self._rows(r.WITNESS, "container = ? and official = ?", container, official)

    def withdraw(self, row: r.WitnessRow) -> None:
        """Take out a statement, what proves it, what it says of acts, its text and everything that was read in it."""
        self.db.execute("delete from witness where id = ?", (row.id,))
        if row.official:
            own = f"{row.provision}?{row.container}={row.official}"
            acts = (row.provision, f"{own}&", f"{own}'")  # the character after &
            self.db.execute("delete from event where target = ? and fact >= ? and fact < ?", acts)
            self.db.execute("delete from fact where about = ? and id >= ? and id < ?", acts)
            self.db.execute("delete from fact where id = ?", (own,))
        if row.source is None:
            return
        select = "select distinct provision, version from paragraph where source = ?"
        for provision, version in self.db.execute(select, (row.source,)).fetchall():
            search.drop(self.db, provision, version, self.spoken(provision, version, "'alinea', 'nota'"))
            self.db.execute("delete from paragraph where provision = ? and version = ?", (provision, version))
            self.db.execute("delete from citation where provision = ? and version = ?", (provision, version))
            self.db.execute("delete from event where target = ? and source = ?", (provision, row.source))
            self.db.execute("delete from fault where about = ? and source = ?", (provision, row.source))
        self.db.execute("delete from anchor where source = ?", (row.source,))
        self.db.execute("delete from source where id = ?", (row.source,))

    def spoken(self, provision: str, version: str, kinds: str) -> str:
        query = f"""select coalesce(words, substr(s.text, p.start + 1, p.end - p.start)) from paragraph p join source s on s.id = p.source
        where provision = ? and version = ? and kind in ({kinds}) order by rank"""
        return "\n".join(row[0] for row in self.db.execute(query, (provision, version)))

    # -- what was touched -----------------------------------------------------------------------------------------

    def touched(self) -> Iterator[list[str]]:
        """The provisions that this import speaks of, in order, some at a time."""
        names = [""]
        select = "select name from touched where name > ? order by name limit ?"
        while names := [row[0] for row in self.db.execute(select, (names[-1], _BATCH)).fetchall()]:
            yield names

    def stated_names(self) -> Iterator[list[str]]:
        """Every provision that something is stated of, in order, some at a time."""
        names = [""]
        select = "select distinct provision from witness where provision > ? order by provision limit ?"
        while names := [row[0] for row in self.db.execute(select, (names[-1], _BATCH)).fetchall()]:
            yield names

    def count_touched(self) -> int:
        found: int = self.db.execute("select count(*) from touched").fetchone()[0]
        return found

    def stated_of(self, names: list[str]) -> Iterator[tuple[str, list[Stated]]]:
        """Each provision, in order, with what every source states of it: in the order in which containers were read."""
        found: dict[str, list[Stated]] = {name: [] for name in names}
        columns = ", ".join(f"w.{column}" for column in r.WITNESS.columns)
        select = f"""select {columns}, c.format from witness w join container c on c.id = w.container
        where provision in ({_marks(names)}) order by c.rank, w.id"""
        for row in self.db.execute(select, names).fetchall():
            witness = r.WITNESS.make(row[:-1])
            found[witness.provision].append(Stated(witness, row[-1]))
        yield from found.items()

    # -- harvest --------------------------------------------------------------------------------------------------

    def with_text(self) -> Iterator[str]:
        """The provisions of which a text is held, or will be."""
        select = "select id from provision where source is not null union select provision from witness where source is not null"
        return (row[0] for row in self.db.execute(select))

    def count_texts(self) -> int:
        found: int = self.db.execute("select count(*) from witness where source is not null").fetchone()[0]
        return found

    def is_read(self, provision: str, version: str) -> bool:
        select = "select 1 from paragraph where provision = ? and version = ? limit 1"
        return self._one(select, provision, version) is not None

    def source(self, name: str) -> r.SourceRow:
        return self._rows(r.SOURCE, "id = ?", name)[0]

    def keep_provision(self, row: r.ProvisionRow) -> None:
        """A provision that was read in a text: what was known of it by name only gives way."""
        self.db.execute("insert or ignore" + r.PROVISION.insert.removeprefix("insert"), row)
        self.db.execute(
            "update provision set title = ?, num = ?, rank = ?, source = ?, start = ?, end = ?, parent = coalesce(parent, ?) where id = ? and source is null",
            (row.title, row.num, row.rank, row.source, row.start, row.end, row.parent, row.id),
        )

    def keep_witness(self, row: r.WitnessRow) -> None:
        """The version of a text that stands in a document; what proves the date of the document itself is added to it."""
        done = self.db.execute(
            "update witness set proof = coalesce(proof, ?) where provision = ? and source = ?",
            (row.proof, row.provision, row.source),
        )
        if not done.rowcount:
            self.put(r.WITNESS, [row])

    # -- settle ---------------------------------------------------------------------------------------------------

    def drop_versions(self, names: list[str]) -> None:
        """Drop what is made of statements: versions, when they hold, contradictions."""
        among = f"in ({_marks(names)})"
        self.db.execute(f"delete from version where provision {among}", names)
        self.db.execute(f"delete from held where provision {among}", names)
        self.db.execute(f"delete from fault where source is null and about {among}", names)

    def events_on(self, names: list[str], kinds: Iterable[str]) -> list[r.EventRow]:
        """What was done to some provisions, in the order in which it was read."""
        wanted = list(kinds)
        where = f"target in ({_marks(names)}) and kind in ({_marks(wanted)}) order by id"
        return self._rows(r.EVENT, where, *names, *wanted)

    def words(self, span: Span) -> str:
        """The words at a place of a source."""
        found = self._one(
            "select substr(text, ?, ?) from source where id = ?", span.start + 1, span.end - span.start, span.source
        )
        return str(found[0]) if found else ""

    def settled(self, versions: Iterable[tuple[int | None, str | None]]) -> None:
        """Which version each statement speaks of."""
        self.db.executemany("update witness set version = ? where id = ?", [(version, id) for id, version in versions])

    def place_texts(self, last: Iterable[tuple[str, str | None]]) -> None:
        """The source that holds the last text of each article."""
        self.db.executemany(
            """update provision set source = ?, start = case when ? is null then null else 0 end, end = (select length(text) from source where id = ?)
            where id = ? and source is not ? and kind = 'article'""",
            [(source, source, source, name, source) for name, source in last],
        )

    def unnamed(self) -> list[str]:
        """What is cited, or did something, or has something stated of it, and is no provision yet."""
        select = """select distinct target_provision from citation where target_provision not in (select id from provision)
        union select distinct by from event where by not in (select id from provision)
        union select distinct target from event where target not in (select id from provision)
        union select distinct value from citation, json_each(candidates) where candidates <> '[]'"""
        return [row[0] for row in self.db.execute(f"select * from ({select}) order by 1")]

    def provision_ids(self) -> set[str]:
        return {row[0] for row in self.db.execute("select id from provision")}

    def undated_acts(self) -> list[r.ProvisionRow]:
        """The acts that no source states versions of."""
        where = "kind = 'texte' and nature <> 'code' and id not in (select provision from witness) order by id"
        return self._rows(r.PROVISION, where)

    def facts_about_acts(self, keys: Iterable[str]) -> list[r.FactRow]:
        wanted = list(keys)
        return [
            r.FACT.make(row)
            for row in self.db.execute(f"select {r.FACT.listed} from fact where key in ({_marks(wanted)})", wanted)
        ]

    def first_dated(self) -> Iterator[tuple[str, r.CitationRow]]:
        """For each provision that is cited with its date, in the very words, the first such citation by place.

        A number that begins with the year ("loi n° 2000-1257") writes no day.
        """
        select = f"""select json_extract(act, '$.date') as day, {r.CITATION.listed} from citation
        where target_provision is not null and instr(quote, substr(day, 1, 4)) > 0 order by target_provision, source, start"""
        found = ""
        for day, *row in self.db.execute(select):
            citation = r.CITATION.make(row)
            target = citation.target_provision
            if target and target != found and writes(citation.quote, date.fromisoformat(day)):
                found = target
                yield target, citation

    def first_acting(self) -> Iterator[tuple[str, r.FactRow]]:
        """For each act that is said to have done something by a fact, the first such fact."""
        columns = ", ".join(f"f.{column}" for column in r.FACT.columns)
        select = f"""select e.by, {columns} from (select by, min(fact) as fact from event where by is not null and fact is not null group by by) e
        join fact f on f.id = e.fact order by e.by"""
        for by, *row in self.db.execute(select):
            yield by, r.FACT.make(row)

    def absent_on(self, names: list[str]) -> dict[str, str]:
        """The day on which each provision was seen not to be there, where one was."""
        select = f"select about, value from fact where key = 'absent_on' and about in ({_marks(names)})"
        return dict(self.db.execute(select, names))

    def absent(self) -> None:
        """The days on which provisions were seen not to be there."""
        self.db.execute(
            "update provision set absent_on = (select value from fact where about = provision.id and key = 'absent_on') where id in (select about from fact where key = 'absent_on')"
        )

    def link_texts(self) -> None:
        """Say which citations lead to a text, which to none that is held, and which to an article that a code held whole never had."""
        self.db.execute("update citation set status = 'known' where status in ('resolved', 'absent')")
        self.db.execute(
            "update citation set status = 'resolved' where status = 'known' and target_provision in (select id from provision where source is not null)"
        )
        for code in held_codes(self.db, history=True):
            self.db.execute(
                """update citation set status = 'absent' where status = 'known' and kind = 'code_article' and target_provision > ? and target_provision < ?
                and target_provision not in (select provision from witness) and target_provision not in (select about from fact)""",
                (code + "/", code + "0"),
            )

    def touched_texts(self) -> list[str]:
        select = "select distinct text from provision where id in (select name from touched) order by text"
        return [row[0] for row in self.db.execute(select)]

    def places(self, text: str) -> list[k.PlaceRow]:
        return self._rows(k.PLACE, "provision >= ? and provision < ?", text + "/", text + "0")

    def parts(self, text: str) -> list[r.ProvisionRow]:
        return self._rows(r.PROVISION, "text = ? and id <> ?", text, text)

    def arrange(self, order: Iterable[tuple[int, str | None, str]]) -> None:
        """The rank and the parent of each part."""
        self.db.executemany("update provision set rank = ?, parent = ? where id = ?", order)

    def say_since(self, rule: str, since: str) -> None:
        self.db.execute("update rule set since = ? where id = ?", (since, rule))

    def read_faults(self, sources: Iterable[str]) -> list[Fault]:
        """What was wrong in the reading of some sources, in the order of their text."""
        wanted = list(sources)
        rows = self._rows(r.FAULT, f"source in ({_marks(wanted)}) order by source, start, id", *wanted)
        return [
            Fault(
                row.code, row.sentence, Span(row.source or "", row.start or 0, row.end or 0), row.hint, bool(row.grave)
            )
            for row in rows
        ]

    def put(self, table: Table[R], rows: Iterable[R]) -> None:
        insert(self.db, table, rows)


def _marks(values: Iterable[str]) -> str:
    return ", ".join("?" for _ in values)
