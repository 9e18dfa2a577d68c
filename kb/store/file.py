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
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from kb.ground.fault import Misuse
from kb.store.records import META, Meta
from kb.store.table import Table

R = TypeVar("R", bound=tuple[object, ...])

FORMAT = "renvoi-3"

SEARCH = """
-- Full text, by stems (store.search); `rowid` is the `id` of `searched`.
create virtual table search using fts5(stems, content='', tokenize='ascii');
"""


def schema() -> str:
    """The statements that make an empty store."""
    from kb.store.kept import TABLES  # late: a question does without

    return "\n".join([table.schema() for table in TABLES]) + SEARCH


@contextmanager
def writing(path: Path, *, added: bool = False) -> Iterator[sqlite3.Connection]:
    """A new store that takes the place of *path* only when the block ends without an error.

    With *added*, it begins as a copy of the store that is there. Raises ``Misuse`` when *path* is a folder, holds
    something else, or cannot be written.
    """
    if path.is_dir():
        raise Misuse(f"cannot write {path}: it is a directory")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    if added:
        reading(path).close()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        if added:
            import shutil  # late: a question does without

            shutil.copyfile(path, temporary)
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
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except sqlite3.Error as error:
        raise Misuse(f"cannot write {path}: {error}") from None
    finally:
        connection.close()
        temporary.unlink(missing_ok=True)


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
