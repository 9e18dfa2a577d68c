"""Harvest: the texts that are new go through one pure function, on any engine; what comes back is kept."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby

from kb.ground import pool as engine
from kb.ground.period import to_json
from kb.ground.registry import Registry
from kb.make.harvest import Context, Held, Item, Rows, harvest
from kb.make.imports.report import CHUNK, Options, Report
from kb.make.imports.settle import claims_of, touched
from kb.store import file as store
from kb.store import search
from kb.time import merge


def harvest_new(db: sqlite3.Connection, registry: Registry, report: Report, options: Options) -> None:
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
    for provision, claims in (each for names in touched(db) for each in claims_of(db, names)):
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
