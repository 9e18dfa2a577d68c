"""Harvest: the texts that are new go through one pure function, on any engine; what comes back is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby

from kb.ground import pool
from kb.ground.period import to_json
from kb.ground.registry import Registry
from kb.make.corpus import CORPUS, SEED
from kb.make.entry import KEYS, entered
from kb.make.harvest import Context, Held, Item, Rows, harvest
from kb.make.report import CHUNK, Options, Report
from kb.make.settle import claims
from kb.store import records as r
from kb.store import search
from kb.store.importing import Import
from kb.time import merge


def harvest_new(law: Import, registry: Registry, report: Report, options: Options) -> None:
    """Read and cite every version that is new, on the engine that was asked for."""
    context = Context(registry, Held(law.with_text()), entered(law.facts_about_acts(KEYS)))
    total = law.count_texts() if options.progress else 0
    done = 0
    chunks = _chunks(_items(law))
    for found in pool.run(
        harvest, context, chunks, engine=options.engine, scheduler=options.scheduler, workers=options.workers
    ):
        keep(law, found)
        done += len(found)
        if options.progress:
            options.progress("citations", min(done, total), total)
    report.counts["versions read"] += done


def _items(law: Import) -> Iterator[Item]:
    """The versions to read: those whose text was chosen and is not read yet, in order of provision and start."""
    for provision, stated in (each for names in law.touched() for each in law.stated_of(names)):
        for version, start, source in merge.texts(provision, claims(stated)):
            if not law.is_read(provision, version):
                yield _item(provision, version, to_json(start), law.source(source))


def _item(provision: str, version: str, day: str | None, source: r.SourceRow) -> Item:
    card = json.loads(source.card)
    article = "num" in card or "within" in card
    within = provision.rsplit("/", 1)[0] if article else ""
    own = source.container == CORPUS
    return Item(
        provision, version, source.id, source.container, source.format, within, str(card.get("num", "")), day, source.text,
        "" if article else source.card, own,
        (SEED,) if own else (source.container,),
    )  # fmt: skip


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


def keep(law: Import, found: list[Rows]) -> None:
    """Keep what was harvested."""
    for each in found:
        for provision in each.provisions:
            law.keep_provision(provision)
        for row in each.witnesses:
            law.keep_witness(row)
        law.touch(row.provision for row in each.witnesses)
    law.put(r.PARAGRAPH, [row for each in found for row in each.paragraphs])
    law.put(r.CITATION, [row for each in found for row in each.citations])
    law.put(r.EVENT, [row for each in found for row in each.events])
    law.put(r.FAULT, [row for each in found for row in each.faults])
    search.index(law.db, [(each.provision, each.version, each.stems) for each in found if not each.provisions])
    for each in found:
        for version in sorted({row.version for row in each.paragraphs} if each.provisions else ()):
            search.index_version(law.db, version)
