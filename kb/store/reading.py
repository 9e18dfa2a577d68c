"""What is asked of a knowledge base file, in records. SQL only fetches: what an answer means is decided in the rooms below."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kb.ground.fault import Misuse
from kb.ground.span import Span
from kb.store import records as r
from kb.store.file import reading
from kb.store.table import Table

if TYPE_CHECKING:
    from kb.ground.registry import Registry
    from kb.store.kept import PlaceRow

R = TypeVar("R", bound=tuple[object, ...])
Values = str | int | None

_MOST = 500  # values of one question: SQLite takes a bounded number
_TO_COME = ("VIGUEUR_DIFF", "MODIFIE_MORT_NE")  # states of LEGI whose start may lie ahead
_EDITORIAL = "relation <> 'Cité par'"  # a list that the editors of a consolidation made of what cites the article


class Spoken(NamedTuple):
    """A paragraph with its words, wherever they are kept."""

    row: r.ParagraphRow
    text: str


class Store:
    """A knowledge base file, open for reading: any thread may ask, and another process opens it again by its path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = reading(path)

    @classmethod
    def over(cls, db: sqlite3.Connection) -> Store:
        """The same questions of a store that is being written."""
        made = cls.__new__(cls)
        made.path, made._db = Path(), db
        return made

    @property
    def db(self) -> sqlite3.Connection:
        """The connection, for what makes things again from what is stored (``store.importing``)."""
        return self._db

    def __reduce__(self) -> tuple[type[Store], tuple[Path]]:
        return Store, (self.path,)

    # -- any table ------------------------------------------------------------------------------------------------

    def rows(self, table: Table[R], where: str = "", *values: Values, order: str = "") -> list[R]:
        """The records of *table* for which the condition holds."""
        return list(map(table.make, self._db.execute(_select(table, where, order), values)))

    def row(self, table: Table[R], where: str, *values: Values) -> R | None:
        found = self._db.execute(_select(table, where, "") + " limit 1", values).fetchone()
        return table.make(found) if found else None

    def stream(self, table: Table[R], order: str = "", where: str = "") -> Iterator[R]:
        """Every record of *table*, by its key, one at a time."""
        by = order or ("rowid" if table.counted or not table.key else table.key)
        return map(table.make, self._db.execute(_select(table, where, by)))

    def among(self, table: Table[R], column: str, values: Iterable[str], order: str) -> Iterator[R]:
        """The records whose *column* is one of *values*, some values at a time."""
        wanted = list(values)
        for at in range(0, len(wanted), _MOST):
            some = wanted[at : at + _MOST]
            yield from self.rows(table, f"{column} in ({', '.join('?' * len(some))})", *some, order=order)

    def count(self, table: Table[R]) -> int:
        found: int = self._db.execute(f"select count(*) from {table.name}").fetchone()[0]
        return found

    def counts(self) -> dict[str, int]:
        """How many records the tables hold that a person asks about."""
        tables = (r.SOURCE, r.PROVISION, r.PARAGRAPH, r.VERSION, r.CITATION, r.EVENT, r.FACT, r.NOTE, r.RULE, r.FAULT)
        return {table.name: self.count(table) for table in tables}

    def meta(self, key: str) -> str | None:
        found = self.row(r.META, "key = ?", key)
        return found.value if found else None

    # -- provisions -----------------------------------------------------------------------------------------------

    def provision(self, name: str) -> r.ProvisionRow | None:
        return self.row(r.PROVISION, "id = ?", name)

    def children(self, name: str) -> list[r.ProvisionRow]:
        return self.rows(r.PROVISION, "parent = ?", name, order="rank, id")

    def parts(self, text: str) -> list[r.ProvisionRow]:
        """Every provision of a text, in its order."""
        return self.rows(r.PROVISION, "text = ?", text, order="rank, id")

    def near(self, stem: str, limit: int) -> list[str]:
        """The shortest ids that begin with *stem*."""
        select = "select id from provision where id > ? and id < ? order by length(id), id limit ?"
        return [row[0] for row in self._db.execute(select, (stem, stem + "\U0010ffff", limit))]

    def alias(self, legitext: str) -> str | None:
        """The alias of a code, by its LEGI id."""
        found = self.row(r.CODE, "legitext = ?", legitext)
        return found.alias if found else None

    def by_official(self, official: str) -> tuple[str, str | None] | None:
        """The provision and version that a source names by an official id (LEGIARTI…)."""
        found = self.row(r.WITNESS, "official = ?", official)
        return (found.provision, found.version) if found else None

    def by_fact(self, key: str, value: str) -> str | None:
        """The provision that a fact identifies (its NOR, its official id)."""
        found = self.row(r.FACT, "key = ? and value = ?", key, value)
        return found.about if found else None

    def held(self) -> frozenset[str]:
        """The ids of everything whose text is here: provisions, and their alinéas as ``id#label``."""
        provisions = self._db.execute("select id from provision where source is not null")
        labels = self._db.execute("select distinct provision || '#' || label from paragraph")
        return frozenset(row[0] for found in (provisions, labels) for row in found)

    # -- versions -------------------------------------------------------------------------------------------------

    def versions(self, name: str) -> list[r.VersionRow]:
        return self.rows(r.VERSION, "provision = ?", name, order="start")

    def version(self, name: str) -> r.VersionRow | None:
        return self.row(r.VERSION, "id = ?", name)

    def versions_of(self, names: Iterable[str]) -> dict[str, list[r.VersionRow]]:
        """The versions of several provisions, each in order."""
        found: dict[str, list[r.VersionRow]] = {}
        for row in self.among(r.VERSION, "provision", names, "provision, start"):
            found.setdefault(row.provision, []).append(row)
        return found

    def versioned(self) -> set[str]:
        """The ids of the provisions that have versions of their own."""
        return {row[0] for row in self._db.execute("select distinct provision from version")}

    def last_days(self) -> dict[str, str]:
        """By text, the last day of which a container that speaks of it says that something began: what it knows goes so far."""
        began = f"select container, max(start) as day from witness where state not in ({', '.join('?' * len(_TO_COME))}) group by container"
        select = f"""select p.text, max(c.day) from (select distinct provision, container from witness) w
        join provision p on p.id = w.provision join ({began}) c on c.container = w.container where c.day is not null group by p.text"""
        return dict(self._db.execute(select, _TO_COME))

    def held_in(self, text: str, day: date) -> dict[str, tuple[r.ProvisionRow, str]]:
        """Every part of *text* in force on *day*, with the version that holds."""
        iso = day.isoformat()
        columns = ", ".join(f"p.{column}" for column in r.PROVISION.columns)
        select = f"""select {columns}, h.version from held h join provision p on p.id = h.provision
        where h.provision >= ? and h.provision < ? and h.start <= ? and (h.end is null or h.end > ?) order by h.provision"""
        found = self._db.execute(select, (text + "/", text + "0", iso, iso))
        return {row[0]: (r.PROVISION.make(row[:-1]), row[-1]) for row in found}

    def moved(self, first: date, second: date) -> Iterator[tuple[r.ProvisionRow, str | None, str | None]]:
        """Every provision that holds by another version on *second* than on *first*, in order, with its version on each day."""
        one, two = first.isoformat(), second.isoformat()
        held = "(select h.version from held h where h.provision = provision.id and h.start <= ? and (h.end is null or h.end > ?))"
        select = f"""select {r.PROVISION.listed}, {held}, {held} from provision where id in
          (select provision from held where (start > ? and start <= ?) or (end > ? and end <= ?)) order by text, rank, id"""
        for *row, before, after in self._db.execute(select, (one, one, two, two, one, two, one, two)):
            if before != after:
                yield r.PROVISION.make(row), before, after

    def witnesses(self, name: str) -> list[r.WitnessRow]:
        return self.rows(r.WITNESS, "provision = ?", name, order="id")

    def stillborn(self, name: str) -> list[r.WitnessRow]:
        """What sources state of a provision that never was in force."""
        return self.rows(r.WITNESS, "provision = ? and version is null and end is not null", name, order="id")

    def renumbered(self, name: str) -> list[r.WitnessRow]:
        """What sources state of other provisions under the official id of the article that this one was."""
        where = "cid in (select cid from witness where provision = ? and cid is not null) and provision <> ? and version is not null and cid like 'LEGIARTI%'"
        return self.rows(r.WITNESS, where, name, name, order="start, id")

    # -- words ----------------------------------------------------------------------------------------------------

    def source(self, name: str) -> r.SourceRow:
        """Raises ``Misuse`` when there is none."""
        found = self.row(r.SOURCE, "id = ?", name)
        if found is None:
            raise Misuse(f"no source '{name}'")
        return found

    def source_sizes(self) -> Iterator[tuple[str, str, str, int]]:
        """Every source: its id, its container and the format of that, its characters."""
        select = """select s.id, s.container, coalesce(c.format, ''), length(s.text) from source s
        left join container c on c.id = s.container order by s.container, s.id"""
        return iter(self._db.execute(select).fetchall())

    def words(self, span: Span) -> str:
        """The words at a place of a source."""
        return span.of(self.source(span.source).text)

    def sources(self, names: Iterable[str]) -> dict[str, r.SourceRow]:
        return {row.id: row for row in self.among(r.SOURCE, "id", dict.fromkeys(names), "id")}

    def paragraphs(self, provision: str, version: str) -> list[r.ParagraphRow]:
        return self.rows(r.PARAGRAPH, "provision = ? and version = ?", provision, version, order="rank")

    def spoken(self, paragraphs: Sequence[r.ParagraphRow]) -> list[Spoken]:
        """Paragraphs with their words."""
        texts = self.sources(p.source for p in paragraphs if p.words is None)
        return [Spoken(p, texts[p.source].text[p.start : p.end] if p.words is None else p.words) for p in paragraphs]

    def sources_of(self, container: str) -> list[str]:
        return [row.id for row in self.rows(r.SOURCE, "container = ?", container, order="id")]

    def paragraphs_in(self, source: str) -> list[r.ParagraphRow]:
        return self.rows(r.PARAGRAPH, "source = ?", source, order="start, end")

    def paragraphs_at(self, source: str, offset: int) -> list[r.ParagraphRow]:
        """The paragraphs of a source that hold a character."""
        return self.rows(r.PARAGRAPH, "source = ? and start <= ? and end > ?", source, offset, offset)

    def texts_in(self, source: str) -> list[r.ProvisionRow]:
        """The texts that were read in a source."""
        return self.rows(r.PROVISION, "source = ? and kind = 'texte'", source, order="rank, id")

    def read_in(self, source: str) -> list[r.ProvisionRow]:
        """Everything that was read in a source."""
        return self.rows(r.PROVISION, "source = ?", source, order="rank, id")

    def count_read(self, text: str) -> int:
        """How many provisions of a text were read."""
        select = "select count(*) from provision where text = ? and source is not null"
        found: int = self._db.execute(select, (text,)).fetchone()[0]
        return found

    def provisions_at(self, source: str, offset: int) -> list[r.ProvisionRow]:
        """The provisions read in a source that hold a character."""
        return self.rows(r.PROVISION, "source = ? and start <= ? and end > ?", source, offset, offset)

    def labelled(self, provision: str) -> list[r.ParagraphRow]:
        """The paragraphs of a provision in every version."""
        return self.rows(r.PARAGRAPH, "provision = ?", provision, order="version, rank")

    def found(self, question: str, day: date | None) -> list[tuple[str, str]]:
        """The provisions and versions that the full text index finds, best first; on *day* those then in force."""
        when, values = "", [question]
        if day:
            when = "and exists (select 1 from held h where h.version = s.version and h.start <= ? and (h.end is null or h.end > ?))"
            values += [day.isoformat()] * 2
        select = f"""select s.provision, s.version from search join searched s on s.id = search.rowid
        where search match ? {when} order by bm25(search), s.provision, s.version desc"""
        return [(provision, version) for provision, version in self._db.execute(select, values)]

    # -- citations ------------------------------------------------------------------------------------------------

    def citation(self, rank: int) -> r.CitationRow | None:
        return self.row(r.CITATION, "id = ?", rank)

    def cites_in(self, source: str) -> list[r.CitationRow]:
        """The citations written in a source, in its order."""
        provisions = sorted({paragraph.provision for paragraph in self.paragraphs_in(source)})
        rows = (row for name in provisions for row in self.rows(r.CITATION, "provision = ?", name, order="id"))
        return sorted((row for row in rows if row.source == source), key=lambda row: (row.start, row.end))

    def cites(self, provision: str, version: str | None) -> list[r.CitationRow]:
        """The citations written in one version of a provision, or in all of them."""
        if version is None:
            return self.rows(r.CITATION, f"provision = ? and {_EDITORIAL}", provision, order="id")
        return self.rows(r.CITATION, f"provision = ? and version = ? and {_EDITORIAL}", provision, version, order="id")

    def cited(self, name: str, *, into: bool, day: date | None = None) -> list[r.CitationRow]:
        """Citations out of a provision, or *into* it, and of everything inside it; on *day* those of versions then in force."""
        column = "target_provision" if into else "provision"
        where = f"({column} = ? or ({column} > ? and {column} < ?)) and {_EDITORIAL}"
        values: list[Values] = [name, name + "/", name + "0"]
        if day:
            where += " and exists (select 1 from held h where h.version = citation.version and h.start <= ? and (h.end is null or h.end > ?))"
            values += [day.isoformat()] * 2
        return self.rows(r.CITATION, where, *values, order="id")

    def citing(self, name: str, day: date | None = None) -> list[r.CitationRow]:
        """Citations by others of this very provision; on *day* those of versions then in force."""
        where, values = "target_provision = ? and provision <> ?", [name, name]
        if day:
            where += " and exists (select 1 from held h where h.version = citation.version and h.start <= ? and (h.end is null or h.end > ?))"
            values += [day.isoformat()] * 2
        return self.rows(r.CITATION, where, *values, order="id")

    def fragments_of(self, name: str) -> list[str]:
        """The fragments by which citations name parts of a provision."""
        select = "select distinct target from citation where target_provision = ? and target like '%#%' order by target"
        return [target.partition("#")[2] for (target,) in self._db.execute(select, (name,))]

    def doubtful(self, day: date, within: str | None) -> list[r.CitationRow]:
        """The citations in words in force on *day*, of one text or of all, to what has versions but none in force then, or to a part of what has one."""
        iso = day.isoformat()
        holds = "h.start <= ? and (h.end is null or h.end > ?)"
        where = f"""relation = '' and target_provision is not null and target_provision <> provision
          and exists (select 1 from held h where h.version = citation.version and {holds})
          and (instr(target, '#') > 0 or not exists (select 1 from held h where h.provision = target_provision and {holds}))"""
        values: list[Values] = [iso] * 4
        if within:
            where += " and (provision = ? or (provision > ? and provision < ?))"
            values += [within, within + "/", within + "0"]
        return self.rows(r.CITATION, where, *values, order="provision, id")

    # -- what is stated beside the texts --------------------------------------------------------------------------

    def events(self, name: str) -> list[r.EventRow]:
        """What befell a provision, or what it did to others."""
        return self.rows(r.EVENT, "target = ? or by = ?", name, name, order="coalesce(effective, '9'), id")

    def facts(self, name: str) -> list[r.FactRow]:
        return self.rows(r.FACT, "about = ?", name, order="id")

    def notes(self, name: str) -> list[r.NoteRow]:
        return self.rows(r.NOTE, "about = ?", name, order="id")

    def contradictions(self, name: str) -> list[r.FaultRow]:
        """What the sources of a provision contradict one another on, or themselves."""
        return self.rows(r.FAULT, "about = ? and source is null", name, order="id")

    def places(self, text: str, day: date | None = None) -> list[PlaceRow]:
        """Where the parts of a text stood, on a day or ever, the coarser of two places of one part first."""
        from kb.store.kept import PLACE  # late: a question of a provision does without

        where, values = "provision >= ? and provision < ?", [text + "/", text + "0"]
        if day:
            where += " and (start is null or start <= ?) and (end is null or end > ?)"
            values += [day.isoformat()] * 2
        return self.rows(
            PLACE, where, *values, order="provision, start, length(parent) - length(replace(parent, '/', ''))"
        )

    # -- rules ----------------------------------------------------------------------------------------------------

    def rule_ids(self) -> list[str]:
        return [row[0] for row in self._db.execute("select id from rule order by rank")]

    def rule(self, name: str) -> r.RuleRow | None:
        return self.row(r.RULE, "id = ?", name)

    def rules_on(self, name: str, *, parts: bool) -> list[tuple[r.RuleRow, list[str]]]:
        """The rules that quote a provision or rest on it (*parts*: or a part of it), and how."""
        inside, values = "l.provision = ?", [name]
        if parts:
            inside += " or (l.provision > ? and l.provision < ?) or (l.provision > ? and l.provision < ?)"
            values += [name + "#", name + "$", name + "/", name + "0"]
        columns = ", ".join(f"r.{column}" for column in r.RULE.columns)
        select = f"""select {columns}, group_concat(distinct l.how) from rule_link l join rule r on r.id = l.rule
        where {inside} group by r.id order by r.rank"""
        return [(r.RULE.make(row[:-1]), sorted(row[-1].split(","))) for row in self._db.execute(select, values)]

    # -- what a check of a draft needs ----------------------------------------------------------------------------

    def held_codes(self) -> dict[str, bool]:
        """The codes of which articles are here, and whether with their history: a repository of dated consolidations gives it."""
        whole = set(held_codes(self._db, history=True))
        return {code: code in whole for code in held_codes(self._db, history=False)}

    def former_numbers(self, code: str) -> list[tuple[str, date, str | None]]:
        """The numbers that a code left behind when it was made anew: pattern, day, act."""
        facts = {fact.key: fact.value for fact in self.facts(code)}
        if "former_numbers" not in facts or "recodified_on" not in facts:
            return []
        return [(facts["former_numbers"], date.fromisoformat(facts["recodified_on"]), facts.get("recodified_by"))]

    def numbered(self, code: str, stem: str) -> dict[str, bool]:
        """The numbers of a code that begin with *stem*, what follows it, and whether a text of each is here."""
        name = f"{code}/{stem}"
        rows = self.rows(r.PROVISION, "id > ? and id < ?", name, name + "\U0010ffff", order="id")
        return {row.id[len(name) :]: row.source is not None for row in rows}

    def stated_today(self, name: str) -> bool:
        """Whether the source that holds the code of *name* whole, as of one day, states it; true where no source does."""
        code = name.partition("/")[0]
        whole = """select 1 from container k where k.format = 'legi-data'
          and exists (select 1 from witness w where w.container = k.id and w.provision > ?1 || '/' and w.provision < ?1 || '0')
          and not exists (select 1 from witness w where w.container = k.id and w.provision = ?2)"""
        return self._db.execute(whole, (code, name)).fetchone() is None

    def acts_of(self, nature: str, day: date) -> list[str]:
        """The acts of a nature that are known to be signed on a day."""
        stem = f"{nature}/{day.isoformat()}"
        return [
            row.id
            for row in self.rows(
                r.PROVISION, "id > ? and id < ? and kind = 'texte'", stem + "/", stem + "0", order="id"
            )
        ]

    def acts_numbered(self, nature: str, number: str) -> list[tuple[str, int]]:
        """The acts of a nature that are known under a number, whatever their day, and how often each is cited or acts; most first."""
        names = [
            row.id
            for row in self.rows(
                r.PROVISION, "nature = ? and kind = 'texte' and id like ?", nature, f"{nature}/%/{number}"
            )
        ]
        counted = []
        for name in names:
            select = """select (select count(*) from citation where target_provision >= ?1 and target_provision < ?1 || '0')
              + (select count(*) from event where by >= ?1 and by < ?1 || '0') + (select count(*) from provision where id = ?1)"""
            counted.append((name, int(self._db.execute(select, (name,)).fetchone()[0])))
        return sorted(counted, key=lambda each: (-each[1], each[0]))

    # -- what a resolver needs ------------------------------------------------------------------------------------

    def registry(self) -> Registry:
        """The codes and acts that are known."""
        return registry_of(self._db)


def _select(table: Table[R], where: str, order: str) -> str:
    return (
        f"select {table.listed} from {table.name}"
        + (f" where {where}" if where else "")
        + (f" order by {order}" if order else "")
    )


def held_codes(db: sqlite3.Connection, *, history: bool) -> list[str]:
    """The codes of which at least fifty articles are here; with *history*, those whose dated consolidations are."""
    select = """select c.alias from code c
      where (select count(*) from (select 1 from provision p where p.text = c.alias and p.source is not null limit 50)) = 50"""
    if history:
        select += """ and exists (select 1 from witness w join container k on k.id = w.container and k.format = 'git'
          where w.provision > c.alias || '/' and w.provision < c.alias || '0')"""
    return [row[0] for row in db.execute(select + " order by c.alias")]


def registry_of(db: sqlite3.Connection) -> Registry:
    """The codes and acts that a store knows, as a resolver needs them."""
    import json

    from kb.ground.registry import Act, Code, CodeName, Registry

    def day(iso: str | None) -> date | None:
        return date.fromisoformat(iso) if iso else None

    registry = Registry()
    for code in map(r.CODE.make, db.execute(_select(r.CODE, "", "alias"))):
        names = tuple(CodeName(words, day(since), day(until)) for words, since, until in json.loads(code.names))
        registry.codes.append(Code(code.legitext, code.title, code.alias, names))
    acts = "select id, nature, title, signed, num from provision where kind = 'texte' and nature <> 'code' order by id"
    for name, nature, title, signed, number in db.execute(acts):
        registry.acts[name] = Act(name, nature, title, day(signed), number or None)
    return registry
