"""Conduct an import: containers of law → statements → versions, read and cited → the store.

Three passes, each bounded in memory by what it works on, not by the size of the law. *Collect* reads every container
once and keeps what it states (``witness``) and the texts (``source``). *Harvest* maps the text of each version that is
new to its paragraphs, citations and events, on any engine. *Settle* makes the versions of every provision that was
touched, names what is cited, and says what contradicts. The new file takes the place of the old one at the end.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.ask.query import registry_of
from kb.ground.data import folder as packaged
from kb.ground.fault import Misuse
from kb.ground.registry import Registry, read_registry
from kb.make import build, documents, rows
from kb.make.corpus import Corpus
from kb.make.imports.collect import Collector, claim_corpus
from kb.make.imports.report import DEFAULTS, FORMATS, Options, Report
from kb.make.imports.settle import marks, settle_touched
from kb.make.imports.spread import harvest_new
from kb.store import file as store
from kb.texts.containers import git_history, legi_json, legi_xml

__all__ = ["DEFAULTS", "FORMATS", "Options", "Report", "build_with", "detect", "fold", "import_law"]


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


def build_with(folder: Path, paths: Iterable[Path], target: Path, options: Options) -> tuple[Corpus, Report]:
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
        f"select name, sql from sqlite_master where type = 'index' and name in ({marks(list(_LATE))}) order by name",
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
    claim_corpus(db)
    collector = Collector(db, registry, report)
    for path, form in found:
        collector.take(path, form, options)
        if report.stopped:
            raise _Stop
    harvest_new(db, registry, report, options)
    settle_touched(db, registry, report)
    report.counts["provisions"] += db.execute("select count(*) from touched").fetchone()[0]


def _registry(db: sqlite3.Connection) -> Registry:
    """The codes, and the acts of which something more than a citation is known: what an earlier import cited decides nothing."""
    registry = registry_of(db)
    registry.acts = {name: act for name, act in registry.acts.items() if act.title != build.act_title(name)}
    return registry
