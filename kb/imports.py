"""Conduct an import: containers of law → statements → versions, read and cited → the store.

Three passes, each bounded in memory by what it works on, not by the size of the law. *Collect* reads every container
once and keeps what it states (``witness``) and the texts (``source``). *Harvest* maps the text of each version that is
new to its paragraphs, citations and events, on any engine. *Settle* makes the versions of every provision that was
touched, names what is cited, and says what contradicts. The new file takes the place of the old one at the end.
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from kb import build, documents, engine, merge, rows, search, store
from kb.data import folder as packaged
from kb.fault import Fault, Misuse
from kb.harvest import Context, Held, Item, Rows, harvest
from kb.merge import Claim
from kb.names import natural
from kb.period import Bound, Edge, edge_name, from_row, to_json
from kb.query import registry_of
from kb.readers import archive, git_history, legi_json, legi_xml, plain
from kb.readers.law import (
    REMOVED,
    Act,
    Container,
    Division,
    Done,
    Dropped,
    Records,
    Statement,
    Text,
    article_id,
    division_id,
    text_id,
)
from kb.registry import Registry, read_registry

FORMATS = ("git", "legi-data", "legi", "article", "circular")
_HISTORIES = frozenset(("git",))
CHUNK = 250  # versions a worker is handed at once: enough to hide what handing over costs

Progress = Callable[[str, int, int], None]


@dataclass
class Report:
    """What an import did: counts, the contradictions by code, the faults met. ``stopped``: a grave one, nothing written."""

    containers: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    anomalies: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    @property
    def stopped(self) -> bool:
        return any(fault.grave for fault in self.faults)


class Options(NamedTuple):
    """How an import runs; ``format`` names the format of every path instead of detecting it, ``within`` the code of article files."""

    format: str | None = None
    engine: str = "local"
    scheduler: str | None = None
    workers: int | None = None
    progress: Progress | None = None
    within: str | None = None


DEFAULTS = Options()


class _Stop(Exception):
    """Leave without writing."""


def import_law(paths: Iterable[Path], target: Path, options: Options = DEFAULTS) -> Report:
    """Add the law in *paths* to the knowledge base at *target*, or to a new one that knows the codes by name.

    Raises ``Misuse`` for what cannot be imported; then, and after a grave fault, nothing is written.
    """
    found = [(path, detect(path, options.format)) for path in paths]
    report = Report()
    try:
        with _uncollected(), store.writing(target, added=target.is_file()) as db:
            if not db.execute("select 1 from code limit 1").fetchone():
                _begin(db)
            with _indexed_after(db):
                fold(db, found, report, options)
            if not report.containers:
                raise _Stop  # all of it was imported before: the file stays as it is
    except _Stop:
        pass
    return report


def build_with(folder: Path, paths: Iterable[Path], target: Path, options: Options) -> tuple[build.Corpus, Report]:
    """Build the corpus in *folder* and fold the law in *paths* into it, as one file. Raises ``Misuse``."""
    found = [(path, detect(path, options.format)) for path in paths]
    report = Report()
    corpus = build.read_corpus(folder)
    if any(fault.grave for fault in corpus.faults):
        return corpus, report
    place = "" if folder.resolve() == packaged("corpus").resolve() else str(folder.resolve())
    try:
        with _uncollected(), store.writing(target) as db:
            rows.write(corpus, db, place)
            with _indexed_after(db):
                fold(db, found, report, options)
    except _Stop:
        pass
    return corpus, report


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cycle collector: an import makes millions of records and no cycles worth a look at each."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


# Indexes that no pass of an import asks: they cost less made once, of all rows.
_LATE = ("citation_from", "citation_to", "paragraph_place", "event_by", "provision_parent", "place_parent")


@contextmanager
def _indexed_after(db: sqlite3.Connection) -> Iterator[None]:
    made = db.execute(
        f"select name, sql from sqlite_master where type = 'index' and name in ({_marks(list(_LATE))}) order by name",
        _LATE,
    ).fetchall()
    if db.execute("select 1 from container limit 1").fetchone():
        made = []  # a later import adds few rows to many, and takes some out
    for name, _ in made:
        db.execute(f"drop index {name}")
    yield
    for _, sql in made:
        db.execute(sql)


def detect(path: Path, named: str | None = None) -> str:
    """The format of *path*. Raises ``Misuse`` when it is none, or not the one *named*."""
    if named and named not in FORMATS:
        raise Misuse(f"no format '{named}': one of {', '.join(FORMATS)}")
    if not path.exists():
        raise Misuse(f"{path}: no such file or folder")
    looks: dict[str, Callable[[Path], bool]] = {
        "git": git_history.looks_so,
        "legi-data": legi_json.looks_so,
        "legi": legi_xml.looks_so,
        "article": documents.holds_articles,
    }
    try:
        if named:
            if named == "git" and not looks["git"](path):
                raise Misuse(f"{path}: not a git repository")
            return named
        for name, look in looks.items():
            if look(path):
                return name
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from None
    raise Misuse(
        f"{path}: no format that is known ({', '.join(FORMATS)}): a git repository of consolidations, the npm package legi-data, a LEGI archive"
    )


def _begin(db: sqlite3.Connection) -> None:
    """What a knowledge base without a corpus begins with: the codes and who says what."""
    registry, _ = read_registry(packaged("corpus"))
    rows.write_registry(registry, db)


def fold(db: sqlite3.Connection, found: Iterable[tuple[Path, str]], report: Report, options: Options) -> None:
    """Fold containers into an open store. Raises ``Misuse``; a grave fault is in the report and stops it."""
    registry = _registry(db)
    _claim_corpus(db)
    collector = _Collector(db, registry, report)
    for path, form in found:
        collector.take(path, form, options)
        if report.stopped:
            raise _Stop
    _harvest(db, registry, report, options)
    _settle(db, registry, report)
    report.counts["provisions"] += db.execute("select count(*) from touched").fetchone()[0]


def _registry(db: sqlite3.Connection) -> Registry:
    """The codes, and the acts of which something more than a citation is known: what an earlier import cited decides nothing."""
    registry = registry_of(db)
    registry.acts = {name: act for name, act in registry.acts.items() if act.title != build.act_title(name)}
    return registry


def _claim_corpus(db: sqlite3.Connection) -> None:
    """Make the corpus a witness like the others, once: its versions, with their own proofs."""
    if db.execute("select 1 from witness limit 1").fetchone():
        return
    select = "select provision, official, start, start_is, end, end_is, start_known, source, id, start_proof, end_proof, notes, end_known from version order by id"
    made = []
    for (
        provision,
        official,
        start,
        start_is,
        end,
        end_is,
        known,
        source,
        name,
        start_proof,
        end_proof,
        notes,
        end_known,
    ) in db.execute(select).fetchall():
        proofs = f'{{"start":{start_proof},"end":{end_proof},"notes":{notes},"end_known":{store.dump(end_known)}}}'
        words = _spoken(db, provision, name) if source else None
        made.append(
            (
                None,
                provision,
                None,
                official,
                None,
                "",
                start,
                start_is,
                end,
                end_is,
                known,
                None,
                None,
                source,
                words,
                name,
                None,
                proofs,
            )
        )
    store.insert(db, "witness", made)


def _spoken(db: sqlite3.Connection, provision: str, version: str) -> str:
    query = """select coalesce(words, substr(s.text, p.start + 1, p.end - p.start)) from paragraph p join source s on s.id = p.source
    where provision = ? and version = ? and kind = 'alinea' order by rank"""
    return digest("".join(row[0] for row in db.execute(query, (provision, version))))


_MARKS = re.compile(r"[\s*_|>\\!+=-]+")
_AFTER_BODY = re.compile(r"^\*\*(?:Nota\s*:?\s*\*\*|Liens relatifs)", re.M | re.I)
_TITLE = re.compile(r"\A\s*#\s+Article[^\n]*\n")


def digest(words: str) -> str:
    """A digest of a text by which two sources are compared: white space and marks of Markdown apart."""
    return hashlib.blake2b(_MARKS.sub("", words).encode(), digest_size=10).hexdigest()


def body_digest(form: str, text: str) -> str:
    """The digest of the body of an article, its title, nota and links left out."""
    if form == "article_md":
        text = _TITLE.sub("", text)
        after = _AFTER_BODY.search(text)
        return digest(text[: after.start()] if after else text)
    return digest(text.partition(f"\n{plain.NOTA}\n")[0])


# -- collect -------------------------------------------------------------------------------------------------------


class _Ids:
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


class _Collector:
    """Keeps what containers state: one row a statement, its text beside it."""

    def __init__(self, db: sqlite3.Connection, registry: Registry, report: Report) -> None:
        self.db, self.registry, self.report = db, registry, report
        self.known, self.sources = _Ids(db, "provision"), _Ids(db, "source")
        db.execute("create temp table if not exists touched (name text primary key) without rowid")
        db.execute("delete from touched")
        self.touched: set[str] = set()  # not written yet
        self.waiting: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.facts: dict[str, tuple[str, str, str, str, str]] = {}
        self.count = 0

    def take(self, path: Path, form: str, options: Options) -> None:
        """Read one container into the store. Raises ``Misuse``."""
        progress = options.progress
        container, records = self._open(path, form, options.within)
        if container is None:
            return
        self.container, self.said_by = container, store.dump([container.id])
        self.texts: dict[str, tuple[str, bool]] = {}
        self.placed: dict[str, str] = {}
        self.chains: dict[str | None, str] = {}
        self.divisions: set[tuple[Any, ...]] = set(
            self.db.execute("select * from place where container = ? and title is not null", (container.id,))
        )
        if form in _HISTORIES:
            self.placed.update(
                self.db.execute(
                    "select provision, parent from place where container = ? and title is null order by rowid",
                    (container.id,),
                )
            )
            self.chains.update(
                self.db.execute(
                    "select cid, provision from witness where container = ? and state <> ? order by id",
                    (container.id, REMOVED),
                )
            )
        state = ""
        before = self.count
        for record in records:
            if isinstance(record, Statement):
                self._statement(record)
            elif isinstance(record, Division):
                self._division(record)
            elif isinstance(record, Text):
                self._text(record)
            elif isinstance(record, Dropped):
                self._dropped(record)
            elif isinstance(record, Done):
                state = record.state
            else:
                self.report.faults.append(record)
                self.waiting["fault"].append(
                    (None, record.code, record.sentence, None, None, None, record.hint, int(record.grave), None)
                )
                if record.grave:
                    return
            if progress and self.count % 1000 == 0:
                progress(container.name, self.count - before, 0)
        if self.count == before and not state and not self.report.counts["withdrawn"]:
            raise Misuse(f"{path}: nothing of format {form} in it")
        self._flush()
        rank = self.db.execute(
            "select coalesce(max(rank), 0) + 1 from container where id <> ?", (container.id,)
        ).fetchone()[0]
        self.db.execute(
            "insert or ignore into container values (?, ?, ?, ?, ?, ?, ?)",
            (container.id, rank, form, container.title, container.name, container.sha256, state),
        )
        self.db.execute(
            "update container set sha256 = ?, name = ?, title = ?, state = ? where id = ?",
            (container.sha256, container.name, container.title, state, container.id),
        )
        self.db.execute("insert or replace into authority values (?, ?)", (container.id, container.title))
        self.report.containers.append(container.id)

    def _open(self, path: Path, form: str, within: str | None) -> tuple[Container | None, Records]:
        """The container at *path* and its records; ``None`` when all of it was imported before."""
        if form == "git":
            root, last = git_history.identity(path)
            name = f"git-{root[:10]}"
            known = self._state(name)
            title = (
                f"Historique git de consolidations datées « {git_history.title(path)} », jusqu'au commit {last[:12]}"
            )
            if known == last:
                return None, iter(())
            return Container(name, form, title, last, path.resolve().name), git_history.read(path, self.registry, known)
        if form == "legi-data":
            sha = archive.sha256(path)
            name = f"legi-data-{sha[:10]}"
            if self._state(name) is not None:
                return None, iter(())
            title = f"LEGI, base consolidée de Légifrance (DILA), servie en JSON par « {path.resolve().name} » (sha256 {sha[:12]}…)"
            return Container(name, form, title, sha, path.resolve().name), legi_json.read(path)
        if form in ("article", "circular"):
            sha = archive.sha256(path)
            name = f"{form}-{sha[:10]}"
            if self._state(name) is not None:
                return None, iter(())
            title = f"Documents de « {path.resolve().name} » (sha256 {sha[:12]}…)"
            records = (
                documents.read_articles(path, self.registry, within)
                if form == "article"
                else documents.read_circulars(path, self.registry)
            )
            return Container(name, form, title, sha, path.resolve().name), records
        sha, stamp, known = archive.sha256(path), legi_xml.stamp(path), self._state("legi")
        if known and stamp and stamp <= known:
            return None, iter(())
        title = f"LEGI, base consolidée de Légifrance (DILA), archives jusqu'à « {path.resolve().name} » (sha256 {sha[:12]}…)"
        return Container("legi", form, title, sha, path.resolve().name), legi_xml.read(path)

    def _state(self, container: str) -> str | None:
        row = self.db.execute("select state from container where id = ?", (container,)).fetchone()
        return row[0] if row else None

    def _put(self, table: str, row: tuple[Any, ...]) -> None:
        self.waiting[table].append(row)

    def _flush(self) -> None:
        for table, waiting in self.waiting.items():
            store.insert(self.db, table, waiting)
        self.waiting.clear()
        self.db.executemany("insert or ignore into fact values (?, ?, ?, ?, ?)", self.facts.values())
        self.facts.clear()
        self.db.executemany("insert or ignore into touched values (?)", [(name,) for name in self.touched])
        self.touched.clear()
        self.known.written()
        self.sources.written()

    def _text(self, text: Text) -> None:
        name = text_id(text, self.registry)
        code = self.registry.code(text.key)
        self.texts[text.key] = (name, code is not None or "/" not in name)
        if name not in self.known:
            self.known.add(name)
            nature = name.split("/")[0] if "/" in name else "code"
            signed = text.signed.isoformat() if text.signed else None
            title = code.title if code else text.title
            self._put(
                "provision",
                (name, name, None, "texte", nature, text.number or "", title, 0, None, None, None, signed, None),
            )
            if code is None and "/" not in name:
                self.db.execute("insert or ignore into code values (?, ?, ?, ?)", (name, text.key, text.title, "[]"))
        for key, value in (("nor", text.nor), ("published", text.published.isoformat() if text.published else None)):
            if value:
                self._fact(f"{name}?{key}", name, key, value)
        if isinstance(text.start, date):
            self._statement(Statement(text.key, "", text.start, text.end, None, text.key, said=""), name)

    def _text_of(self, key: str) -> tuple[str, bool]:
        if key not in self.texts:
            self._text(Text(key, "", key))
        return self.texts[key]

    def _fact(self, name: str, about: str, key: str, value: str) -> None:
        self.facts.setdefault(name, (name, about, key, value, self.said_by))

    def _division(self, division: Division) -> str:
        text, _ = self._text_of(division.text)
        name = self._divisions(text, division.titles)
        parent = division_id(text, division.titles[:-1])
        row = (
            name,
            parent,
            division.titles[-1],
            division.rank,
            to_json(division.start),
            to_json(division.end),
            self.container.id,
        )
        if row not in self.divisions:
            self.divisions.add(row)
            self._put("place", row)
        return name

    def _divisions(self, text: str, titles: tuple[str, ...]) -> str:
        """The id of a division, named with those above it if they are not yet."""
        name = division_id(text, titles)
        if titles and name not in self.known:
            parent = self._divisions(text, titles[:-1])
            self.known.add(name)
            self._put(
                "provision",
                (
                    name,
                    text,
                    parent,
                    "division",
                    self._nature(text),
                    name.rsplit("/", 1)[1],
                    titles[-1],
                    0,
                    None,
                    None,
                    None,
                    None,
                    None,
                ),
            )
            self.touched.add(name)
        return name

    @staticmethod
    def _nature(text: str) -> str:
        return text.split("/")[0] if "/" in text else "code"

    def _dropped(self, record: Dropped) -> None:
        self._flush()
        for row in self.db.execute(
            "select id, provision, source from witness where container = ? and official = ?",
            (self.container.id, record.official),
        ).fetchall():
            self._withdraw(*row)
            self.report.counts["withdrawn"] += 1

    def _withdraw(self, rank: int, provision: str, source: str | None) -> None:
        self.db.execute("delete from witness where id = ?", (rank,))
        if source:
            _forget(self.db, source)
            self.sources.discard(source)
        self.touched.add(provision)

    def _statement(self, s: Statement, provision: str | None = None) -> None:
        """Keep one statement; of two with one official id in one container the newest stays."""
        text, code = self._text_of(s.text)
        name = provision or (text if s.form == "circular" else article_id(text, s.num, code=code))
        self.count += 1
        if self.count % 2000 == 0:
            self._flush()
        form = self.container.format
        if form == "legi" and s.official:
            self._flush()
            old = self.db.execute(
                "select id, provision, source, stamp from witness where container = ? and official = ?",
                (self.container.id, s.official),
            ).fetchone()
            if old and (old[3] or 0) > s.stamp:
                return
            if old:
                self._withdraw(*old[:3])
        if form in _HISTORIES:
            name = self._chained(name, s)
        if name not in self.known:
            self.known.add(name)
            parent = self._divisions(text, s.titles) if s.titles else text
            self._put(
                "provision",
                (
                    name,
                    text,
                    parent,
                    "article",
                    self._nature(text),
                    s.num,
                    f"Article {s.num}",
                    0,
                    None,
                    None,
                    None,
                    None,
                    None,
                ),
            )
        self.touched.add(name)
        self._place(name, text, s)
        bounds = (to_json(s.start), edge_name(s.start), to_json(s.end), edge_name(s.end))
        fact = self._said(name, s, bounds)
        source = self._source(name, text, s) if s.body else None
        words = body_digest(s.form, s.body) if s.body else None
        known = s.known.isoformat() if s.known else None
        self._put(
            "witness",
            (
                None,
                name,
                self.container.id,
                s.official,
                s.cid,
                s.state,
                *bounds,
                known,
                s.member,
                s.stamp,
                source,
                words,
                None,
                fact,
                None,
            ),
        )
        for act in s.acts:
            self._act(name, s, act)

    def _chained(self, name: str, s: Statement) -> str:
        """The provision that a file of a history is about: a removal that of its last version; a new number ends the old one."""
        last = self.chains.get(s.cid)
        if s.state == REMOVED:
            return last or name
        if last and last != name:
            self.touched.add(last)
            gone = (to_json(s.start), edge_name(s.start), None, Edge.UNKNOWN.value)
            fact = self._said(last, s, gone)
            self._put(
                "witness",
                (
                    None,
                    last,
                    self.container.id,
                    None,
                    s.cid,
                    REMOVED,
                    *gone,
                    None,
                    s.member,
                    0,
                    None,
                    None,
                    None,
                    fact,
                    None,
                ),
            )
        self.chains[s.cid] = name
        return name

    def _place(self, name: str, text: str, s: Statement) -> None:
        if not s.titles:
            return
        parent = self._divisions(text, s.titles)
        if self.placed.get(name) != parent or self.container.format != "git":
            self.placed[name] = parent
            self._put("place", (name, parent, None, s.rank, to_json(s.start), to_json(s.end), self.container.id))

    def _said(self, name: str, s: Statement, bounds: tuple[str | None, str, str | None, str]) -> str:
        """The fact that holds a statement, and proves the bounds it gives."""
        start, start_is, end, end_is = bounds
        history = self.container.format == "git"
        key = s.official or (s.member[:12] if history else start or start_is)
        fact = f"{name}?{self.container.id}={key}"
        self._fact(
            fact,
            name,
            "version",
            s.said if history else f"[{start or start_is}, {end or end_is}) {s.official or ''} {s.state}".strip(),
        )
        return fact

    def _source(self, name: str, text: str, s: Statement) -> str:
        assert s.body
        wanted = f"{self.container.id}/{name}@{to_json(s.start) or edge_name(s.start)}"
        source, rank = wanted, 1
        while source in self.sources:
            rank += 1
            source = f"{wanted}~{rank}"
        self.sources.add(source)
        card = {"container": self.container.id, "member": s.member, "within": text, "num": s.num}
        sha = hashlib.sha256(s.body.encode()).hexdigest()
        self._put(
            "source", (source, s.member, sha, s.form, f"{name} ({self.container.name})", store.dump(card), s.body)
        )
        for anchor in {(a.start, a.to): a for a in s.anchors}.values():
            self._put("anchor", (source, anchor.start, anchor.end, anchor.to))
        return source

    def _act(self, name: str, s: Statement, act: Act) -> None:
        """What an act did, as the container states it: an event proved by a fact."""
        said = f"{name}?{self.container.id}={s.official or ''}&{act.kind}={act.by or ''}"
        self._fact(said, name, "acte", act.words)
        days = [day.isoformat() if day else None for day in (act.effective, act.published)]
        self._put("event", (None, act.kind, name, act.by, *days, None, None, None, said, self.said_by, ""))


def _forget(db: sqlite3.Connection, source: str) -> None:
    """Take out a source and everything that was read in it."""
    for provision, version in db.execute(
        "select distinct provision, version from paragraph where source = ?", (source,)
    ).fetchall():
        query = """select coalesce(words, substr(s.text, p.start + 1, p.end - p.start)) from paragraph p join source s on s.id = p.source
        where provision = ? and version = ? and kind in ('alinea', 'nota') order by rank"""
        spoken = "\n".join(row[0] for row in db.execute(query, (provision, version)))
        search.drop(db, provision, version, spoken)
        db.execute("delete from paragraph where provision = ? and version = ?", (provision, version))
        db.execute("delete from citation where provision = ? and version = ?", (provision, version))
        db.execute("delete from event where target = ? and source = ?", (provision, source))
        db.execute("delete from fault where about = ? and source = ?", (provision, source))
    db.execute("delete from anchor where source = ?", (source,))
    db.execute("delete from source where id = ?", (source,))


# -- harvest -------------------------------------------------------------------------------------------------------


def _harvest(db: sqlite3.Connection, registry: Registry, report: Report, options: Options) -> None:
    """Read and cite every version that is new, on the engine that was asked for."""
    held = Held(
        row[0]
        for row in db.execute(
            "select id from provision where source is not null or id in (select provision from witness where source is not null)"
        )
    )
    context = Context(registry, held)
    total = done = 0
    if options.progress:
        total = db.execute("select count(*) from witness where source is not null").fetchone()[0]
    for found in engine.run(
        harvest,
        context,
        _chunks(_items(db)),
        engine=options.engine,
        scheduler=options.scheduler,
        workers=options.workers,
    ):
        _keep(db, found)
        done += len(found)
        if options.progress:
            options.progress("citations", min(done, total), total)
    report.counts["versions read"] += done


def _items(db: sqlite3.Connection) -> Iterator[Item]:
    """The versions to read: those whose text was chosen and is not read yet, in order of provision and start."""
    for provision, claims in (each for names in _touched(db) for each in _claims(db, names)):
        for version, start, source in merge.texts(provision, claims):
            if db.execute("select 1 from searched where version = ?", (version,)).fetchone():
                continue
            form, card, text = db.execute("select format, card, text from source where id = ?", (source,)).fetchone()
            within = provision if form == "circular" else provision.rsplit("/", 1)[0]
            num = re.search(r'"num":"((?:[^"\\]|\\.)*)"', card)
            yield Item(provision, version, source, form, within, num.group(1) if num else "", to_json(start), text)


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Items by ``CHUNK``, the versions of one provision together."""
    chunk: list[Item] = []
    for _, own in groupby(items, key=lambda item: item.provision):
        chunk += own
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _keep(db: sqlite3.Connection, found: list[Rows]) -> None:
    for row in (row for each in found for row in each.provisions):
        db.execute(f"insert or ignore into provision values ({', '.join('?' * len(row))})", row)
        db.execute(
            "update provision set source = ?, start = ?, end = ?, parent = coalesce(parent, ?) where id = ? and source is null",
            (*row[8:11], row[2], row[0]),
        )
    store.insert(db, "paragraph", [row for each in found for row in each.paragraphs])
    store.insert(db, "citation", [row for each in found for row in each.citations])
    store.insert(db, "event", [row for each in found for row in each.events])
    store.insert(db, "fault", [row for each in found for row in each.faults])
    search.index(db, [(each.provision, each.version, each.stems) for each in found if not each.provisions])
    for each in found:
        if each.provisions:
            search.index_version(db, each.version)


# -- settle --------------------------------------------------------------------------------------------------------


_BATCH = 500  # provisions asked for at once


def _touched(db: sqlite3.Connection) -> Iterator[list[str]]:
    """The provisions that this import speaks of, in order, some at a time."""
    names = [""]
    while names := [
        row[0]
        for row in db.execute(
            "select name from touched where name > ? order by name limit ?", (names[-1], _BATCH)
        ).fetchall()
    ]:
        yield names


def _claims(db: sqlite3.Connection, names: list[str]) -> Iterator[tuple[str, list[Claim]]]:
    """Each provision, in order, with what every source states of it: the corpus first, then the containers as imported."""
    found: dict[str, list[Claim]] = {name: [] for name in names}
    select = f"""select provision, w.id, w.container, c.format, official, cid, w.state, start, start_is, end, end_is, known, source, words, fact, proofs
    from witness w left join container c on c.id = w.container where provision in ({_marks(names)}) order by coalesce(c.rank, 0), w.id"""
    for provision, *row in db.execute(select, names).fetchall():
        found[provision].append(_claim(tuple(row)))
    yield from found.items()


def _marks(names: list[str]) -> str:
    return ", ".join("?" * len(names))


def _claim(row: tuple[Any, ...]) -> Claim:
    rank, container, form, official, cid, state, start, start_is, end, end_is, known, source, words, fact, proofs = row
    day = date.fromisoformat(known) if known else None
    own = json.loads(proofs) if proofs else None
    if own and own.get("end_known"):
        own["end_known"] = date.fromisoformat(own["end_known"])
    return Claim(
        rank, container, form in _HISTORIES, official, cid, state or "", from_row(start, start_is), from_row(end, end_is), day, source, words, fact, own
    )  # fmt: skip


def _settle(db: sqlite3.Connection, registry: Registry, report: Report) -> None:
    """Make the versions of what was touched, name what is cited, say which citations now lead to a text."""
    for names in _touched(db):
        _versions(db, names, report)
    _name_cited(db, registry)
    _arrange(
        db,
        [
            row[0]
            for row in db.execute(
                "select distinct text from provision where id in (select name from touched) order by text"
            ).fetchall()
        ],
    )
    db.execute(
        "update citation set status = 'resolved' where status = 'known' and target_provision in (select id from provision where source is not null)"
    )
    db.execute(
        "update citation set status = 'known' where status = 'resolved' and target_provision in (select id from provision where source is null)"
    )


def _versions(db: sqlite3.Connection, names: list[str], report: Report) -> None:
    """Write the versions that all sources make of some provisions, and what contradicts."""
    among = f"in ({_marks(names)})"
    db.execute(f"delete from version where provision {among}", names)
    db.execute(f"delete from fault where source is null and about {among}", names)
    acts = _acts_on(db, names)
    versions, spoken_of, faults, texts = [], [], [], []
    for provision, claims in _claims(db, names):
        merged = merge.merge(provision, claims)
        for made in merged.versions:
            _by_acts(made, acts.get(provision, []))
        versions += [_version_row(made) for made in merged.versions]
        spoken_of += [(merged.of.get(claim.rank), claim.rank) for claim in claims]
        faults += [(None, a.code, a.sentence, None, None, None, "", 0, provision) for a in merged.anomalies]
        last = next((made.source for made in reversed(merged.versions) if made.source), None)
        texts.append((last, last, last, provision, last))
    store.insert(db, "version", versions)
    store.insert(db, "fault", faults)
    db.executemany("update witness set version = ? where id = ?", spoken_of)
    db.executemany(
        """update provision set source = ?, start = case when ? is null then null else 0 end, end = (select length(text) from source where id = ?)
        where id = ? and source is not ? and kind = 'article'""",
        texts,
    )
    report.anomalies.update(row[1] for row in faults)
    report.counts["versions"] += len(versions)


class _Done(NamedTuple):
    """An event that befell a provision, with its proof."""

    kind: str
    by: str | None
    effective: date | None
    published: date | None
    source: str | None
    proof: dict[str, Any]


def _acts_on(db: sqlite3.Connection, names: list[str]) -> dict[str, list[_Done]]:
    """What acts did to some provisions, in the order it was read."""
    select = f"""select target, kind, by, effective, published, source, start, end, fact, said_by,
      (select substr(text, e.start + 1, e.end - e.start) from source s where s.id = e.source)
    from event e where target in ({_marks(names)}) and kind in ('cree', 'modifie', 'abroge') order by id"""
    found: dict[str, list[_Done]] = defaultdict(list)
    for target, kind, by, effective, published, source, start, end, fact, said_by, quote in db.execute(select, names):
        said = json.loads(said_by)
        proof = (
            {"source": source, "start": start, "end": end, "quote": quote, "said_by": said}
            if source
            else {"fact": fact, "said_by": said}
        )
        days = [date.fromisoformat(day) if day else None for day in (effective, published)]
        found[target].append(_Done(kind, by, days[0], days[1], source, proof))
    return found


def _by_acts(made: merge.Made, acts: list[_Done]) -> None:
    """What the acts add to a version: an end where none is stated, proofs where they agree, days of publication."""
    if not isinstance(made.start, date):
        return
    own = [act for act in acts if act.source is None or act.source == made.source]
    for act in own:
        if act.kind != "abroge":
            if act.effective == made.start and act.proof.get("source") and act.proof not in made.start_proof:
                made.start_proof.append(act.proof)
            if act.source and made.start_known is None and act.published and act.published <= made.start:
                made.start_known = act.published
    ends = [act for act in own if act.kind == "abroge" and act.effective and act.effective > made.start]
    if made.end is Edge.UNKNOWN and ends:
        first = min(ends, key=lambda act: act.effective or date.max)
        made.end = first.effective or Edge.UNKNOWN
        made.end_known = first.published
    made.end_proof += [
        act.proof
        for act in ends
        if act.effective == made.end and act.proof.get("source") and act.proof not in made.end_proof
    ]
    if made.end_known is None:
        made.end_known = next((act.published for act in ends if act.effective == made.end and act.published), None)


def _version_row(made: merge.Made) -> tuple[Any, ...]:
    bounds: tuple[Bound, Bound] = (made.start, made.end)
    known = [day.isoformat() if day else None for day in (made.start_known, made.end_known)]
    said = [(to_json(bound), edge_name(bound)) for bound in bounds]
    proofs = (store.dump(made.start_proof), store.dump(made.end_proof), store.dump(made.notes))
    return (made.id, made.provision, *said[0], *said[1], *known, made.official, made.source, *proofs)


def _name_cited(db: sqlite3.Connection, registry: Registry) -> None:
    """Name what is cited, and by whom provisions were changed, so that it can be asked for without its text."""
    select = """select distinct target_provision from citation where target_provision not in (select id from provision)
    union select distinct by from event where by not in (select id from provision)
    union select distinct value from citation, json_each(candidates) where candidates <> '[]'"""
    known = {row[0] for row in db.execute("select id from provision")}
    made = []
    for (name,) in db.execute(f"select * from ({select}) order by 1").fetchall():
        for provision in build.named(name.partition("#")[0], registry):
            if provision.id not in known:
                known.add(provision.id)
                day = build.signature(provision.id) if provision.kind == "texte" else None
                made.append(rows.known_by_name(provision, day.isoformat() if day else None))
    store.insert(db, "provision", made)


def _arrange(db: sqlite3.Connection, texts: list[str]) -> None:
    """Put the provisions of *texts* where they stand last, and in order: divisions as printed, articles by number."""
    for text in texts:
        where: dict[str, tuple[int, str, str]] = {}
        printed: dict[str, int] = {}
        for name, parent, rank, start in db.execute(
            "select provision, parent, rank, coalesce(start, '') from place where provision >= ? and provision < ?",
            (text + "/", text + "0"),
        ):
            # The deepest place wins over a coarser one, then the latest.
            where[name] = max(where.get(name, (0, "", "")), (parent.count("/"), start, parent))
            if rank:
                printed[name] = rank
        kinds = {
            name: (kind, parent)
            for name, kind, parent in db.execute(
                "select id, kind, parent from provision where text = ? and id <> ?", (text, text)
            )
        }
        below: dict[str, list[str]] = defaultdict(list)
        for name, (_, parent) in kinds.items():
            below[where[name][2] if name in where else parent].append(name)
        order: list[tuple[int, str, str]] = []
        stack = [text]
        while stack:
            name = stack.pop()
            if name != text:
                order.append((len(order) + 1, where[name][2] if name in where else kinds[name][1], name))
            inside = sorted(
                below.get(name, ()),
                key=lambda n: (
                    kinds[n][0] == "article",
                    printed.get(n, 1 << 30) if kinds[n][0] != "article" else 0,
                    natural(n),
                ),
            )
            stack += reversed(inside)
        db.executemany("update provision set rank = ?, parent = ? where id = ?", order)
