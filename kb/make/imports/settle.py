"""Settle: the versions of every provision that was touched are made again, what is cited gets a name, texts an order."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from kb.ground.names import natural
from kb.ground.period import Bound, Edge, edge_name, from_row, to_json
from kb.ground.registry import Registry
from kb.make import build, rows
from kb.make.imports.report import HISTORIES, Report
from kb.store import file as store
from kb.time import merge
from kb.time.merge import Claim

_BATCH = 500  # provisions asked for at once


def touched(db: sqlite3.Connection) -> Iterator[list[str]]:
    """The provisions that this import speaks of, in order, some at a time."""
    names = [""]
    while names := [
        row[0]
        for row in db.execute(
            "select name from touched where name > ? order by name limit ?", (names[-1], _BATCH)
        ).fetchall()
    ]:
        yield names


def claims_of(db: sqlite3.Connection, names: list[str]) -> Iterator[tuple[str, list[Claim]]]:
    """Each provision, in order, with what every source states of it: the corpus first, then the containers as imported."""
    found: dict[str, list[Claim]] = {name: [] for name in names}
    select = f"""select provision, w.id, w.container, c.format, official, cid, w.state, start, start_is, end, end_is, known, source, words, fact, proofs
    from witness w left join container c on c.id = w.container where provision in ({marks(names)}) order by coalesce(c.rank, 0), w.id"""
    for provision, *row in db.execute(select, names).fetchall():
        found[provision].append(_claim(tuple(row)))
    yield from found.items()


def marks(names: list[str]) -> str:
    return ", ".join("?" * len(names))


def _claim(row: tuple[Any, ...]) -> Claim:
    rank, container, form, official, cid, state, start, start_is, end, end_is, known, source, words, fact, proofs = row
    day = date.fromisoformat(known) if known else None
    own = json.loads(proofs) if proofs else None
    if own and own.get("end_known"):
        own["end_known"] = date.fromisoformat(own["end_known"])
    return Claim(
        rank, container, form in HISTORIES, official, cid, state or "", from_row(start, start_is), from_row(end, end_is), day, source, words, fact, own
    )  # fmt: skip


def settle_touched(db: sqlite3.Connection, registry: Registry, report: Report) -> None:
    """Make the versions of what was touched, name what is cited, say which citations now lead to a text."""
    for names in touched(db):
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
    among = f"in ({marks(names)})"
    db.execute(f"delete from version where provision {among}", names)
    db.execute(f"delete from fault where source is null and about {among}", names)
    acts = _acts_on(db, names)
    versions, spoken_of, faults, texts = [], [], [], []
    for provision, claims in claims_of(db, names):
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
    from event e where target in ({marks(names)}) and kind in ('cree', 'modifie', 'abroge') order by id"""
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
