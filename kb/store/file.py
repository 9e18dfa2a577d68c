"""The knowledge base file: one SQLite database, written whole or not at all, read by any number of processes.

Rows hold what was proved at build; nothing is computed from the sources again when a question is asked. A file is
written beside its place and moved there at the end (promise 10), in one order of rows, so that two builds of one corpus
give the same bytes (promise 8).
"""

from __future__ import annotations

import glob
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from kb.ground.fault import Misuse
from kb.store.records import META, Meta
from kb.store.table import Table

R = TypeVar("R", bound=tuple[object, ...])

FORMAT = "renvoi-4"

SEARCH = """
-- Full text, by stems (store.search); `rowid` is the `id` of `searched`.
create virtual table search using fts5(stems, content='', tokenize='ascii');
"""


def schema() -> str:
    """The statements that make an empty store."""
    from kb.store.kept import TABLES  # late: a question does without

    return "\n".join([table.schema() for table in TABLES]) + SEARCH


@contextmanager
def writing(path: Path, *, add: bool = False) -> Iterator[sqlite3.Connection]:
    """A store that takes the place of *path* only when the block ends without an error: the one way to write.

    With *add*, it begins as a copy of the store that is there, if there is one. A second writer of *path* waits for the first,
    so that both are in. Raises ``Misuse`` when *path* is anything but a knowledge base, an empty file or nothing, or cannot be
    written. A link is followed: what it leads to is written.
    """
    target = path.resolve()
    _refuse(path, target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misuse(f"cannot write {path}: {error}") from None
    with _locked(path, target):
        _refuse(path, target)
        seen = _state(target)
        temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
        added = add and bool(seen and seen[2])
        try:
            _sweep(target)
            if added:
                import shutil  # late: a question does without

                reading(target).close()
                shutil.copyfile(target, temporary)
            connection = sqlite3.connect(temporary)
        except (OSError, sqlite3.Error) as error:
            temporary.unlink(missing_ok=True)
            raise Misuse(f"cannot write {path}: {error}") from None
        try:
            connection.executescript("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536;")
            if not added:
                connection.executescript(schema())
            connection.execute("begin")
            if not added:
                insert(connection, META, [Meta("format", FORMAT)])
            yield connection
            connection.commit()
            connection.execute("analyze")
            connection.close()
            if _state(target) != seen:
                raise Misuse(f"cannot write {path}: it changed while it was read; nothing was written")
            _replace(temporary, target)
        except sqlite3.Error as error:
            raise Misuse(f"cannot write {path}: {error}") from None
        finally:
            connection.close()
            temporary.unlink(missing_ok=True)


def _refuse(path: Path, target: Path) -> None:
    """Raise ``Misuse`` where a knowledge base would take the place of something else."""
    if target.is_dir():
        raise Misuse(f"cannot write {path}: it is a directory")
    if not target.exists():
        return
    if not target.is_file():
        raise Misuse(f"cannot write {path}: it is no ordinary file")
    try:
        with target.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise Misuse(f"cannot write {path}: {error.strerror}") from None
    if head and not (head == b"SQLite format 3\0" and _format(target)):
        raise Misuse(f"cannot write {path}: it is not a knowledge base of Renvoi")


def _format(path: Path) -> str | None:
    """The format that a store says it has; ``None`` for what is none."""
    try:
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            found = connection.execute("select value from meta where key = 'format'").fetchone()
        finally:
            connection.close()
    except sqlite3.Error:
        return None
    return str(found[0]) if found else None


def _state(path: Path) -> tuple[int, int, int] | None:
    """What tells a file from the one that was there: its inode, time and size."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size


@contextmanager
def _locked(path: Path, target: Path) -> Iterator[None]:
    """Be the only writer of *target*: the lock is a file beside it, gone when the writer is."""
    try:
        import fcntl
    except ImportError:  # where there are no such locks, the check before the rename remains
        yield
        return
    place = target.with_name(f".{target.name}.lock")
    while True:
        try:
            lock = os.open(place, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise Misuse(f"cannot write {path}: {error.strerror}") from None
        fcntl.flock(lock, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.fstat(lock).st_ino == place.stat().st_ino:
                break  # else its owner dropped it meanwhile
        os.close(lock)
    try:
        yield
    finally:
        place.unlink(missing_ok=True)
        os.close(lock)


def _replace(temporary: Path, target: Path) -> None:
    """Put what was written in its place, on the disk before it is under its name."""
    with temporary.open("rb") as written:
        os.fsync(written.fileno())
    temporary.replace(target)
    target.with_name(f"{target.name}.seal").unlink(missing_ok=True)  # that of the store which was there
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _sweep(path: Path) -> None:
    """Drop what writers of *path* that were killed left beside it."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        pid = left.name.split(".")[-2]
        if not pid.isdigit() or int(pid) == os.getpid() or not _runs(int(pid)):
            left.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def insert(connection: sqlite3.Connection, table: Table[R], rows: Iterable[R]) -> None:
    """Insert *rows*, records of *table*."""
    connection.executemany(table.insert, rows)


def reading(path: Path) -> sqlite3.Connection:
    """Open a store for questions only. Raises ``Misuse`` with one sentence when there is none, or when it is something else."""
    if not path.is_file():
        raise Misuse(f"no knowledge base at {path}: {'it is a directory' if path.is_dir() else 'no such file'}")
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        connection.execute("pragma mmap_size = 1073741824")  # pages are read where they lie, without a copy each
        found = connection.execute("select value from meta where key = 'format'").fetchone()
    except sqlite3.Error:
        raise Misuse(f"{path} is not a knowledge base of Renvoi") from None
    if found is None or found[0] != FORMAT:
        raise Misuse(
            f"{path} was written by another version of Renvoi (format {found[0] if found else 'unknown'}, this one reads {FORMAT}): "
            f"make it again with 'renvoi build -o {path}', and '--with' for the law it held"
        )
    return connection
