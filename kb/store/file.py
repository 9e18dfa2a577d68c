"""The knowledge base file: one SQLite database, written whole or not at all, read by any number of processes.

Rows hold what was proved at build; nothing is computed from the sources again when a question is asked. A file is
written beside its place and moved there at the end (promise 10), in one order of rows, so that two builds of one corpus
give the same bytes (promise 8).
"""

from __future__ import annotations

import glob
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kb.ground.fault import Misuse

FORMAT = "renvoi-2"

SCHEMA = """
create table meta (key text primary key, value text) without rowid;
create table source (id text primary key, path text, sha256 text, format text, title text, card text, text text) without rowid;
create table code (alias text primary key, legitext text, title text, names text) without rowid;
create table authority (id text primary key, title text) without rowid;
create table provision (
  id text primary key, text text, parent text, kind text, nature text, num text, title text, rank integer,
  source text, start integer, end integer, signed text, absent_on text
) without rowid;
create index provision_parent on provision (parent, rank);
create index provision_text on provision (text, rank);
-- `version` is the version whose text the paragraph is part of: for a division, that of its text.
-- `words` is null where they are exactly the source's characters at [start, end): page furniture cuts none of them.
create table paragraph (
  provision text, version text, rank integer, label text, kind text, mark text, old integer,
  source text, start integer, end integer, words text, relation text,
  primary key (provision, version, rank)
) without rowid;
create index paragraph_place on paragraph (source, start);
create table version (
  id text primary key, provision text, start text, start_is text, end text, end_is text,
  start_known text, end_known text, official text, source text,
  start_proof text, end_proof text, notes text
) without rowid;
create index version_provision on version (provision, start);
create table citation (
  id integer primary key, source text, start integer, end integer, quote text,
  provision text, version text, label text, relation text, target text, target_provision text, status text, kind text,
  code text, num text, num_end text, fragment text, act text, candidates text
);
create index citation_from on citation (provision, start);
create index citation_to on citation (target_provision, provision);
create table event (
  id integer primary key, kind text, target text, by text, effective text, published text,
  source text, start integer, end integer, fact text, said_by text, note text
);
create index event_target on event (target);
create index event_by on event (by);
create table fact (id text primary key, about text, key text, value text, said_by text) without rowid;
create index fact_about on fact (about);
create table note (id integer primary key, about text, kind text, sentence text, said_by text);
create index note_about on note (about);
create table fault (
  id integer primary key, code text, sentence text, source text, start integer, end integer, hint text, grave integer, about text
);
create index fault_about on fault (about) where about is not null;
create table rule (id text primary key, rank integer, file text, line integer, summary text, body text) without rowid;
-- Which provisions a rule quotes (how = source) or rests on (how = fondement).
create table rule_link (provision text, rule text, how text, primary key (provision, rule, how)) without rowid;
create table measure (
  id integer primary key, kind text, words text, source text, start integer, end integer, provision text, held_by text, waived text
);
-- What was imported, and where a later import of it goes on (`state`: the last commit that was read).
create table container (id text primary key, rank integer, format text, title text, name text, sha256 text, state text) without rowid;
-- A version as one container states it (none: the corpus). `version` is the one it speaks of, null where it speaks of none
-- (stillborn, inverted, a removal). `member` leads to it in the container, `stamp` is that member's time; `words` is a digest of the
-- text, spacing and marks apart; `fact` is the statement; `proofs` are the corpus' own proofs of the two bounds.
create table witness (
  id integer primary key, provision text, container text, official text, cid text, state text,
  start text, start_is text, end text, end_is text, known text, member text, stamp integer, source text, words text,
  version text, fact text, proofs text
);
create index witness_provision on witness (provision);
create index witness_official on witness (official) where official is not null;
-- Where a provision stands, from day to day: its division, and for a division the title it then has.
create table place (provision text, parent text, title text, rank integer, start text, end text, container text);
create index place_provision on place (provision, start);
create index place_parent on place (parent);
-- A link that an editor drew on [start, end) of a source, to an official id.
create table anchor (source text, start integer, end integer, official text, primary key (source, start, official)) without rowid;
-- Full text, by stems (kb.store.search); `rowid` is that of `searched`.
create virtual table search using fts5(stems, content='', tokenize='ascii');
create table searched (id integer primary key, provision text, version text);
create index searched_version on searched (version);
"""

_COLUMNS = {
    "meta": 2, "source": 7, "code": 4, "authority": 2, "provision": 13, "paragraph": 12, "version": 13,
    "citation": 19, "event": 12, "fact": 5, "note": 5, "fault": 9, "rule": 6, "rule_link": 3, "measure": 9,
    "container": 7, "witness": 18, "place": 7, "anchor": 4, "searched": 3,
}  # fmt: skip


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
            connection.executescript(SCHEMA)
        connection.execute("begin")
        if not added:
            insert(connection, "meta", [("format", FORMAT)])
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


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert *rows* in the order of the table's columns."""
    marks = ", ".join("?" * _COLUMNS[table])
    connection.executemany(f"insert into {table} values ({marks})", rows)


def reading(path: Path) -> sqlite3.Connection:
    """Open a store for questions only. Raises ``Misuse`` with one sentence when there is none, or when it is something else."""
    if not path.is_file():
        raise Misuse(f"no knowledge base at {path}: {'it is a directory' if path.is_dir() else 'no such file'}")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        connection.row_factory = sqlite3.Row
        connection.execute("pragma mmap_size = 1073741824")  # pages are read where they lie, without a copy each
        found = connection.execute("select value from meta where key = 'format'").fetchone()
    except sqlite3.Error:
        raise Misuse(f"{path} is not a knowledge base of Renvoi") from None
    if found is None or found[0] != FORMAT:
        raise Misuse(f"{path} was written in another format ({found and found[0]}): build it again")
    return connection


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(value: Any) -> str:
    """JSON for a column: one spelling for one value."""
    return _encode(value)
