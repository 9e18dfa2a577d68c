"""The formats of law that are imported: how each is told, and how a container of it is opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from kb.ground.fault import Misuse
from kb.ground.registry import Registry
from kb.make import documents
from kb.make.report import Options
from kb.texts.containers import archive, git_history, legi_json, legi_xml
from kb.texts.containers.records import Container, Records

#: Where an earlier import of a container stopped, by its id; ``None`` where there was none.
Known = Callable[[str], str | None]


class Opened(NamedTuple):
    """A container that holds something new, and what it states."""

    container: Container
    records: Records


class Format(NamedTuple):
    """``looks`` tells the format of a path; ``open`` gives ``None`` when all of it was imported before. In a history the
    next statement of a file ends the one before."""

    name: str
    looks: Callable[[Path], bool] | None
    open: Callable[[Path, Options, Registry, Known], Opened | None]
    history: bool = False


def _git(path: Path, options: Options, registry: Registry, known: Known) -> Opened | None:
    root, last = git_history.identity(path)
    name = f"git-{root[:10]}"
    if known(name) == last:
        return None
    title = f"Historique git de consolidations datées « {git_history.title(path)} », jusqu'au commit {last[:12]}"
    return Opened(
        Container(name, "git", title, last, path.resolve().name), git_history.read(path, registry, known(name))
    )


def _legi_data(path: Path, options: Options, registry: Registry, known: Known) -> Opened | None:
    sha = archive.sha256(path)
    name = f"legi-data-{sha[:10]}"
    if known(name) is not None:
        return None
    title = (
        f"LEGI, base consolidée de Légifrance (DILA), servie en JSON par « {path.resolve().name} » (sha256 {sha[:12]}…)"
    )
    return Opened(Container(name, "legi-data", title, sha, path.resolve().name), legi_json.read(path))


def _legi(path: Path, options: Options, registry: Registry, known: Known) -> Opened | None:
    sha, stamp, before = archive.sha256(path), legi_xml.stamp(path), known("legi")
    if before and stamp and stamp <= before:
        return None
    title = (
        f"LEGI, base consolidée de Légifrance (DILA), archives jusqu'à « {path.resolve().name} » (sha256 {sha[:12]}…)"
    )
    return Opened(Container("legi", "legi", title, sha, path.resolve().name), legi_xml.read(path))


def _documents(path: Path, form: str, known: Known, records: Callable[[], Records]) -> Opened | None:
    sha = archive.sha256(path)
    name = f"{form}-{sha[:10]}"
    if known(name) is not None:
        return None
    title = f"Documents de « {path.resolve().name} » (sha256 {sha[:12]}…)"
    return Opened(Container(name, form, title, sha, path.resolve().name), records())


def _articles(path: Path, options: Options, registry: Registry, known: Known) -> Opened | None:
    return _documents(path, "article", known, lambda: documents.read_articles(path, registry, options.within))


def _circulars(path: Path, options: Options, registry: Registry, known: Known) -> Opened | None:
    return _documents(path, "circular", known, lambda: documents.read_circulars(path, registry))


def _people(path: Path, options: Options, registry: Registry, known: Known) -> Opened | None:
    said = options.said
    if said.decides:
        return _documents(path, "document", lambda name: None, lambda: documents.read_documents(path, said))
    return _documents(path, "document", known, lambda: documents.read_documents(path, said))


#: In the order in which a path is tried; what looks like nothing is only read when it is named.
FORMATS = (
    Format("git", git_history.looks_so, _git, history=True),
    Format("legi-data", legi_json.looks_so, _legi_data),
    Format("legi", legi_xml.looks_so, _legi),
    Format("article", documents.holds_articles, _articles),
    Format("document", documents.holds_documents, _people),
    Format("circular", None, _circulars),
)
NAMES = tuple(format.name for format in FORMATS)
HISTORIES = frozenset(format.name for format in FORMATS if format.history)


def detect(path: Path, named: str | None = None) -> Format:
    """The format of *path*. Raises ``Misuse`` when it is none, or not the one *named*."""
    by_name = {format.name: format for format in FORMATS}
    if named and named not in by_name:
        raise Misuse(f"no format '{named}': one of {', '.join(NAMES)}")
    if not path.exists():
        raise Misuse(f"{path}: no such file or folder")
    try:
        if named:
            if named == "git" and not git_history.looks_so(path):
                raise Misuse(f"{path}: not a git repository")
            return by_name[named]
        for format in FORMATS:
            if format.looks and format.looks(path):
                return format
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from None
    raise Misuse(
        f"{path}: no format that is known ({', '.join(NAMES)}): a git repository of consolidations, the npm package legi-data, a LEGI archive, a document"
    )
