"""The seal of a knowledge base: one hash over every row of every table, in one order.

Each table has the sha256 of its rows in the order of its key, each row the SQL literals of its columns (``quote``) parted by
commas and ended by a new line; the root is the sha256 of the lines ``name hash`` of all tables (``kept.TABLES`` order). It speaks of
rows, not of pages: the same rows have the same seal whatever version of SQLite wrote them. What is made of the rows for
searching only (indexes, full text) is held against them by ``renvoi verify``.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import NamedTuple

from kb.ground.fault import Misuse
from kb.store.kept import TABLES
from kb.store.reading import Store
from kb.store.table import Table

_ROOT = re.compile(r"[0-9a-f]{64}")
# Where the files of a corpus lie on this machine is no part of what is said: only whether they are those of the package.
_SAID = {"meta.value": "case key when 'corpus' then value = '' else value end"}
_BATCH = 256  # rows handed to the hash at once


class Seal(NamedTuple):
    """The root, and the hash of each table, in hexadecimal."""

    root: str
    tables: dict[str, str]

    def to_json(self) -> dict[str, object]:
        return {"seal": self.root, "tables": self.tables}


def seal(store: Store) -> Seal:
    """The seal of a store."""
    hashes = {table.name: _table(store, table) for table in TABLES}
    root = hashlib.sha256("".join(f"{name} {found}\n" for name, found in hashes.items()).encode())
    return Seal(root.hexdigest(), hashes)


def _table(store: Store, table: Table[tuple[object, ...]]) -> str:
    """The hash of the rows of one table, by its key, or by all its columns where it has none."""
    by = "id" if table.counted else table.key or table.listed
    columns = [_SAID.get(f"{table.name}.{column}", column) for column in table.columns]
    line = " || ',' || ".join(f"quote({column})" for column in columns)
    digest = hashlib.sha256()
    rows = store.db.execute(f"select {line} || char(10) from {table.name} order by {by}")
    while some := rows.fetchmany(_BATCH):
        digest.update("".join([row[0] for row in some]).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def beside(path: Path) -> Path:
    """Where the seal of a knowledge base file is kept."""
    return path.with_name(f"{path.name}.seal")


def keep(path: Path) -> Seal:
    """Seal the knowledge base at *path*, in a file beside it. Raises ``Misuse`` where that cannot be written."""
    found = seal(Store(path))
    try:
        beside(path).write_text(json.dumps(found.to_json(), indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise Misuse(f"cannot write {beside(path)}: {error.strerror}") from None
    return found


def kept(path: Path) -> Seal | None:
    """The seal beside a knowledge base file, if there is one. Raises ``Misuse`` for what is none."""
    place = beside(path)
    try:
        read = json.loads(place.read_text(encoding="utf-8"))
        found = Seal(str(read["seal"]), {str(name): str(of) for name, of in read["tables"].items()})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Misuse(f"{place} is not the seal of a knowledge base") from None
    return found


def parse(words: str) -> str:
    """A root hash that a person gives. Raises ``Misuse``."""
    root = words.strip().lower()
    if not _ROOT.fullmatch(root):
        raise Misuse(f"--seal '{words}': a seal has 64 hexadecimal digits")
    return root
