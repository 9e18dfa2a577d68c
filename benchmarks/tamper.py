"""Change one thing in a knowledge base and ask whether ``renvoi verify`` says so.

``python benchmarks/tamper.py [--count N] [--seed S] [--unsealed]`` builds two bases, the packaged corpus and an imported sample, and
changes each N times: values changed, swapped, nulled, retyped, rows deleted and inserted, in every column of every table; indexes and
full text damaged, objects added and dropped, bytes of the file flipped. What changes no row and no answer is not counted. It prints,
by kind, how many of the changes were said: against the seal, and with ``--unsealed`` also without one, by what can be derived or
held against something else alone.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from law_samples import sample  # noqa: E402

from kb.ground.fault import Misuse  # noqa: E402
from kb.make.build import build, import_law  # noqa: E402
from kb.make.report import Options  # noqa: E402
from kb.make.verify import Asked, verify  # noqa: E402
from kb.store import seal, sound  # noqa: E402
from kb.store.kept import TABLES  # noqa: E402
from kb.store.reading import Store  # noqa: E402

ONE = Options(workers=1)
Row = tuple[object, ...]


class Mutation(NamedTuple):
    """One change: its kind, where, and the statements that make it; of a flip the place and the bit."""

    kind: str
    where: str
    statements: tuple[tuple[str, Row], ...] = ()
    flip: tuple[int, int] | None = None


def mutations(path: Path, chance: random.Random) -> Iterator[Mutation]:
    """Changes without end, every table, column and kind in turn, each at a row taken by chance."""
    db = sqlite3.connect(path)
    size = path.stat().st_size
    while True:
        for table in TABLES:
            keys = db.execute(f"select {_key(table)} from {table.name}").fetchall()
            if not keys:
                continue
            here = " and ".join(f"{name} is ?" for name in _key(table).split(", "))
            for column in table.columns:
                one, other = chance.choice(keys), chance.choice(keys)
                where = f"{table.name}.{column}"
                value, instead = (
                    db.execute(f"select {column} from {table.name} where {here}", key).fetchone()[0]
                    for key in (one, other)
                )
                change = f"update or replace {table.name} set {column} = ? where {here}"
                yield Mutation("changed", where, ((change, (_changed(value, chance), *one)),))
                yield Mutation("taken from another row", where, ((change, (instead, *one)),))
                yield Mutation("nulled", where, ((change, (None, *one)),))
                yield Mutation("retyped", where, ((change, (_retyped(value), *one)),))
            one = chance.choice(keys)
            yield Mutation("deleted", table.name, ((f"delete from {table.name} where {here}", one),))
            row = list(db.execute(f"select {table.listed} from {table.name} where {here}", one).fetchone())
            row[0] = None if table.counted else f"{row[0]}x"
            yield Mutation("inserted", table.name, ((table.insert, tuple(row)),))
        yield from _damage(db, chance)
        for _ in range(20):
            yield Mutation("byte flipped", "file", flip=(chance.randrange(size), chance.randrange(8)))


def _key(table) -> str:  # type: ignore[no-untyped-def]
    return "id" if table.counted else table.key or "rowid"


def _changed(value: object, chance: random.Random) -> object:
    if value is None:
        return "1993-08-31"
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 7))
    words = str(value)
    at = chance.randrange(len(words) + 1)
    return f"{words[:at]}{chance.choice('0aé')}{words[at + chance.randrange(2) :]}"


def _retyped(value: object) -> object:
    return str(value).encode() if value is not None else 0


def _damage(db: sqlite3.Connection, chance: random.Random) -> Iterator[Mutation]:
    """Indexes that no longer answer as their tables, objects that should not be there, words found where they are not."""
    for name, table, sql in db.execute(
        "select name, tbl_name, sql from sqlite_master where type = 'index' and sql is not null"
    ):
        yield Mutation("index dropped", name, ((f"drop index {name}", ()),))
        head = sql.partition(" where ")[0]
        yield Mutation(
            "index emptied", name,
            (
                (f"drop index {name}", ()), (f"{head} where 0", ()), ("pragma writable_schema = on", ()),
                ("update sqlite_master set sql = ? where name = ?", (sql, name)),
            ),
        )  # fmt: skip
        yield Mutation("object added", table, ((f"create view v_{name} as select * from {table}", ()),))
        trigger = f"create trigger t_{name} after insert on {table} begin select 1; end"
        yield Mutation("object added", table, ((trigger, ()),))
    rank = chance.choice(db.execute("select id from searched").fetchall())
    yield Mutation("word found elsewhere", "search", (("insert into search (rowid, stems) values (?, 'franc')", rank),))
    yield Mutation("search emptied", "search", (("insert into search (search) values ('delete-all')", ()),))


def apply(mutation: Mutation, path: Path) -> bool:
    """Whether the change could be made."""
    if mutation.flip:
        at, bit = mutation.flip
        data = bytearray(path.read_bytes())
        data[at] ^= 1 << bit
        path.write_bytes(data)
        return True
    db = sqlite3.connect(path)
    try:
        with db:
            counts = [db.execute(*each).rowcount for each in mutation.statements]
        return counts[0] != 0
    except sqlite3.Error:
        return False  # a key or a table that refuses it
    finally:
        db.close()


def changes(path: Path, rows: str) -> bool:
    """Whether a base still opens and says something else than *rows*, its seal with what its search holds."""
    try:
        return said(path) != rows
    except (Misuse, sqlite3.Error, ValueError):
        return True


def said(path: Path) -> str:
    """Everything that a base says, in one hash: its rows and its full text."""
    found = Store(path)
    words = found.db.execute("select count(*), sum(rowid * rowid) from search_docsize").fetchone()
    return f"{seal.seal(found).root} {words} {len(list(sound.strangers(found)))} {len(list(sound.damage(found)))}"


def noticed(path: Path, root: str | None) -> bool:
    """Whether verify says that the base is not what it was; with a *root*, by the file and its seal alone."""
    try:
        store = Store(path)
        if root is None:
            return bool(verify(store, Asked(workers=1)).failures)
        unsound = any(any(True for _ in check(store)) for check in (sound.strangers, sound.damage, sound.mistyped))
        return unsound or seal.seal(store).root != root or bool(_search(store))
    except (Misuse, sqlite3.Error, ValueError):
        return True


def _search(store: Store) -> list[str]:
    """What a whole verification says of the full text, which the seal does not cover."""
    from kb.make.again import made_again

    return [
        f for check in made_again(store, ROOT / "corpus", None, 1) if "recherche" in check.name for f in check.failures
    ]


def score(base: Path, count: int, seed: int, *, sealed: bool) -> tuple[Counter[str], Counter[str], list[Mutation]]:
    """By kind how many changes were made and how many were said, and those that were not."""
    made: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed = []
    root, rows = seal.seal(Store(base)).root, said(base)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "changed.kb"
        for mutation in mutations(base, random.Random(seed)):
            if made.total() >= count:
                return made, found, missed
            shutil.copyfile(base, copy)
            if not apply(mutation, copy) or not changes(copy, rows):
                continue
            made[mutation.kind] += 1
            if noticed(copy, root if sealed else None):
                found[mutation.kind] += 1
            else:
                missed.append(mutation)
    return made, found, missed


def bases(folder: Path) -> dict[str, Path]:
    """The packaged base, and law imported from the layouts of a git history, of legi-data and of a LEGI archive."""
    packaged, imported = folder / "packaged.kb", folder / "imported.kb"
    build(ROOT / "corpus", packaged, options=ONE)
    import_law(sample(folder), imported, ONE)
    return {"packaged": packaged, "imported": imported}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="changes of each base")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unsealed", action="store_true", help="also without a seal (a second and more a change)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, base in bases(Path(folder)).items():
            for sealed in (True, False) if asked.unsealed else (True,):
                made, found, missed = score(base, asked.count, asked.seed, sealed=sealed)
                print(f"{name}, {'sealed' if sealed else 'no seal'}: {found.total()} of {made.total()} said")
                for kind, total in sorted(made.items()):
                    print(f"  {found[kind]:>5} of {total:<5} {kind}")
                for mutation in missed[:60]:
                    print(
                        f"        not said: {mutation.kind} {mutation.where} {str(mutation.statements or mutation.flip)[:200]}"
                    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
