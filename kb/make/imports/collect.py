"""Collect: read every container once, keep what it states of provisions, texts and acts."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from kb.ground.fault import Misuse
from kb.ground.period import Edge, edge_name, to_json
from kb.ground.registry import Registry
from kb.make import documents
from kb.make.imports.report import HISTORIES, Options, Report
from kb.store import file as store
from kb.store import search
from kb.texts.containers import archive, git_history, legi_json, legi_xml
from kb.texts.containers.records import (
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
from kb.texts.readers import plain


def claim_corpus(db: sqlite3.Connection) -> None:
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


class Collector:
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
        if form in HISTORIES:
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
        if form in HISTORIES:
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
