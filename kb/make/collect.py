"""Collect: read every container once, keep what it states of provisions, texts and acts."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

from kb.ground.fault import Fault, Misuse
from kb.ground.period import Edge, edge_name, to_json
from kb.ground.registry import Registry
from kb.make.corpus import CORPUS, SEED
from kb.make.entry import KEYS, Entered, entered, entry
from kb.make.formats import HISTORIES, Opened
from kb.make.named import provision
from kb.make.report import Progress, Report
from kb.store import kept as k
from kb.store import records as r
from kb.store.file import insert
from kb.store.importing import Import
from kb.store.records import dump
from kb.store.table import Table
from kb.texts.containers.records import (
    REMOVED,
    Act,
    Container,
    Division,
    Done,
    Dropped,
    Statement,
    Text,
    article_id,
    division_id,
    text_id,
)
from kb.texts.readers import plain
from kb.time.proof import Proof
from kb.time.timeline import STATES

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


class Collector:
    """Keeps what containers state: one row a statement, its text beside it."""

    def __init__(self, law: Import, registry: Registry, report: Report) -> None:
        self.law, self.registry, self.report = law, registry, report
        self.known, self.sources = law.ids(r.PROVISION), law.ids(r.SOURCE)
        self.touched: set[str] = set()  # not written yet
        self.waiting: dict[Table[tuple[object, ...]], list[tuple[object, ...]]] = defaultdict(list)
        self.facts: dict[str, r.FactRow] = {}
        self.entered = entered(law.facts_about_acts(KEYS))
        self.states: set[str] = set()  # unknown ones that were said already
        self.count = 0

    def take(self, path: Path, opened: Opened, progress: Progress | None = None) -> None:
        """Keep one container. Raises ``Misuse`` when there is nothing in it."""
        self.container, records = opened
        container = self.container
        self.said_by = (SEED,) if container.id == CORPUS else (container.id,)
        self.history = container.format in HISTORIES
        self.texts: dict[str, tuple[str, bool]] = {}
        self.divisions = self.law.divisions(container.id)
        self.placed = self.law.placed(container.id) if self.history else {}
        self.chains = self.law.chains(container.id) if self.history else {}
        state = ""
        before, said = self.count, len(self.report.faults)
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
                self._fault(record)
                if record.grave:
                    return
            if progress and self.count % 1000 == 0:
                progress(container.name, self.count - before, 0)
        if self.count == before and not state and not self.report.counts["withdrawn"] and container.id != CORPUS:
            why = next((fault.sentence for fault in self.report.faults[said:]), "")
            raise Misuse(f"{path}: nothing of format {container.format} in it{f': {why}' if why else ''}")
        self._flush()
        self._kept(container, state)

    def _kept(self, container: Container, state: str) -> None:
        self.law.keep_container(container, state)
        self.report.containers.append(container.id)

    def _fault(self, fault: Fault) -> None:
        self.report.faults.append(fault)
        self._put(r.FAULT, r.fault(fault, None))

    def _put(self, table: Table[tuple[object, ...]], row: tuple[object, ...]) -> None:
        self.waiting[table].append(row)

    def _flush(self) -> None:
        for table, waiting in self.waiting.items():
            insert(self.law.db, table, waiting)
        self.waiting.clear()
        self.law.add_facts(self.facts.values())
        self.facts.clear()
        self.law.touch(self.touched)
        self.touched.clear()
        self.known.written()
        self.sources.written()

    # -- texts and divisions --------------------------------------------------------------------------------------

    def _text(self, text: Text) -> None:
        name = text_id(text, self.registry)
        code = self.registry.code(text.key)
        self.texts[text.key] = (name, code is not None or "/" not in name)
        if name not in self.known:
            self.known.add(name)
            signed = text.signed.isoformat() if text.signed else None
            title = code.title if code else text.title
            self._put(r.PROVISION, provision(name, name, None, "texte", text.number or "", title, signed))
            if code is None and "/" not in name:
                self.law.add_code(r.CodeRow(name, text.key, text.title, "[]"))
        for key, value in (("nor", text.nor), ("published", text.published.isoformat() if text.published else None)):
            if value:
                self._fact(f"{name}?{key}", name, key, value)
        if text.published:  # what the container says of an act dates the text that it holds
            proof = Proof(self.said_by, fact=f"{name}?published")
            self.entered.setdefault(name, Entered({})).days.setdefault("published", (text.published, proof))
        if isinstance(text.start, date):
            self._statement(Statement(text.key, "", text.start, text.end, None, text.key, said=""), name)

    def _text_of(self, key: str) -> tuple[str, bool]:
        if key not in self.texts:
            code = self.registry.code(key)
            self._text(Text(code.legitext, "code", code.title) if code else Text(key, key.split("/")[0], key))
            self.texts.setdefault(key, self.texts.get(code.legitext if code else key, (key, False)))
        return self.texts[key]

    def _fact(self, name: str, about: str, key: str, value: str) -> None:
        if name not in self.facts:
            self.facts[name] = r.FactRow(name, about, key, value, dump(self.said_by))

    def _division(self, division: Division) -> str:
        text, _ = self._text_of(division.text)
        name = self._divisions(text, division.titles)
        parent = division_id(text, division.titles[:-1])
        bounds = (to_json(division.start), to_json(division.end))
        row = k.PlaceRow(name, parent, division.titles[-1], division.rank, *bounds, self.container.id)
        if row not in self.divisions:
            self.divisions.add(row)
            self._put(k.PLACE, row)
        return name

    def _divisions(self, text: str, titles: tuple[str, ...]) -> str:
        """The id of a division, named with those above it if they are not yet."""
        name = division_id(text, titles)
        if titles and name not in self.known:
            parent = self._divisions(text, titles[:-1])
            self.known.add(name)
            self._put(r.PROVISION, provision(name, text, parent, "division", name.rsplit("/", 1)[1], titles[-1]))
            self.touched.add(name)
        return name

    # -- statements -----------------------------------------------------------------------------------------------

    def _dropped(self, record: Dropped) -> None:
        self._flush()
        for row in self.law.stated(self.container.id, record.official):
            self._withdraw(row)
            self.report.counts["withdrawn"] += 1

    def _withdraw(self, row: r.WitnessRow) -> None:
        self.law.withdraw(row)
        if row.source:
            self.sources.discard(row.source)
        self.touched.add(row.provision)

    def _statement(self, s: Statement, name: str | None = None) -> None:
        """Keep one statement; of two with one official id in one container the newest stays."""
        text, code = self._text_of(s.text)
        name = name or (article_id(text, s.num, code=code) if s.num else text)
        self.count += 1
        if self.count % 2000 == 0:
            self._flush()
        if self.container.format == "legi" and s.official:
            self._flush()
            old = next(iter(self.law.stated(self.container.id, s.official)), None)
            if old and (old.stamp or 0) > s.stamp:
                return
            if old:
                self._withdraw(old)
        if self.history:
            name = self._chained(name, s)
        note = ""
        if s.body and not s.num:  # a document is a text: nobody states an interval of it
            since = entry(name, self.entered.get(name), ())
            s, note = s._replace(start=since.start, known=since.known), since.note
        if name not in self.known:
            self.known.add(name)
            parent = self._divisions(text, s.titles) if s.titles else text
            self._put(r.PROVISION, provision(name, text, parent, "article", s.num, f"Article {s.num}"))
        self.touched.add(name)
        self._place(name, text, s)
        source = self._source(name, text, s) if s.body else None
        self._witness(name, s, source, note)
        self._state(name, s.state)
        for act in s.acts:
            self._act(name, s, act)

    def _witness(self, name: str, s: Statement, source: str | None, note: str = "") -> None:
        words = body_digest(s.form, s.body) if s.body else None
        known = s.known.isoformat() if s.known else None
        bounds = (to_json(s.start), edge_name(s.start), to_json(s.end), edge_name(s.end))
        proof = self._said(name, s, bounds)
        self._put(
            r.WITNESS,
            r.WitnessRow(
                None, name, self.container.id, s.official, s.cid, s.state, *bounds, known, s.member, s.stamp, source, words, None,
                dump(proof.to_json()) if proof else None, note,
            ),
        )  # fmt: skip

    def _state(self, name: str, state: str) -> None:
        """A state that nobody taught us would end a version without a reason: it is said, once."""
        if state not in STATES and state != REMOVED and state not in self.states:
            self.states.add(state)
            self._fault(
                Fault("etat-inconnu", f"« {state} » (état de {name}) n'est pas un état de LEGI qui soit connu.")
            )

    def _chained(self, name: str, s: Statement) -> str:
        """The provision that a file of a history is about: a removal that of its last version; a new number ends the old one."""
        last = self.chains.get(s.cid)
        if s.state == REMOVED:
            return last or name
        if last and last != name:
            self.touched.add(last)
            gone = s._replace(state=REMOVED, body=None, official=None, end=Edge.UNKNOWN, stamp=0, known=None)
            self._witness(last, gone, None)
        self.chains[s.cid] = name
        return name

    def _place(self, name: str, text: str, s: Statement) -> None:
        if not s.titles:
            return
        parent = self._divisions(text, s.titles)
        if self.placed.get(name) != parent or not self.history:
            self.placed[name] = parent
            self._put(
                k.PLACE, k.PlaceRow(name, parent, None, s.rank, to_json(s.start), to_json(s.end), self.container.id)
            )

    def _said(self, name: str, s: Statement, bounds: tuple[str | None, str, str | None, str]) -> Proof | None:
        """The fact that holds a statement, and proves the bounds it gives; a file of the corpus proves itself, by its words."""
        if s.named:
            return None
        start, start_is, end, end_is = bounds
        key = s.official or (s.member[:12] if self.history else start or start_is)
        fact = f"{name}?{self.container.id}={key}"
        words = f"[{start or start_is}, {end or end_is}) {s.official or ''} {s.state}".strip()
        self._fact(fact, name, "version", s.said if self.history else words)
        return Proof(self.said_by, fact=fact)

    def _source(self, name: str, text: str, s: Statement) -> str:
        assert s.body
        source = s.named or self._unused(f"{self.container.id}/{name}@{to_json(s.start) or edge_name(s.start)}")
        self.sources.add(source)
        card = dict(s.card or ({"within": text, "num": s.num} if s.num else {}))
        if not s.named:
            card |= {"container": self.container.id, "member": s.member}
        if not s.num:
            self.report.texts[source] = (s.body, s.member)
        title = str(card.get("title", f"{name} ({self.container.name})"))
        sha = hashlib.sha256(s.body.encode()).hexdigest()
        self._put(r.SOURCE, r.SourceRow(source, self.container.id, s.member, sha, s.form, title, dump(card), s.body))
        for anchor in {(a.start, a.to): a for a in s.anchors}.values():
            self._put(k.ANCHOR, k.AnchorRow(source, anchor.start, anchor.end, anchor.to))
        return source

    def _unused(self, wanted: str) -> str:
        source, rank = wanted, 1
        while source in self.sources:
            rank += 1
            source = f"{wanted}~{rank}"
        return source

    def _act(self, name: str, s: Statement, act: Act) -> None:
        """What an act did, as the container states it: an event proved by a fact."""
        said = f"{name}?{self.container.id}={s.official or ''}&{act.kind}={act.by or ''}"
        self._fact(said, name, "acte", act.words)
        days = [day.isoformat() if day else None for day in (act.effective, act.published)]
        self._put(
            r.EVENT,
            r.EventRow(
                None, act.kind, name, act.by, days[0], days[1], None, None, None, said, dump(self.said_by), "", None
            ),
        )
