"""Full text in French: accents, case and elisions do not count, words are found by their stems.

The index (FTS5) holds stems only, one row a version of a provision; the same stems are made of a question. The stems are
Snowball's French ones (PyStemmer).
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from kb.ground.fault import Misuse

_ELIDED = r"(?:[ldjtmsnc]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)['’]"
_WORD = re.compile(rf"(?:{_ELIDED})?([^\W_]+)", re.I)
MOST = 100  # words of one question
_QUESTION = re.compile(r'"([^"]*)"|(\S+)')


def words(text: str) -> list[tuple[int, int]]:
    """Where the words of *text* stand; an elided article or pronoun is not part of its word.

    >>> [text[a:b] for text in ["l'indemnité qu'il"] for a, b in words(text)]
    ['indemnité', 'il']
    """
    return [match.span(1) for match in _WORD.finditer(text)]


@lru_cache(1 << 17)
def stem(word: str) -> str:
    """The stem of a word, case and accents apart: stemmed until nothing changes, so that the accents left out cost nothing.

    >>> [stem(w) for w in ("journalière", "JOURNALIERES", "indemnités", "indemnite")]
    ['journal', 'journal', 'indemn', 'indemn']
    """
    found = _plain(word.lower().replace("œ", "oe").replace("æ", "ae"))
    if not found.isalpha():
        return found
    while (shorter := _stemmer().stemWord(found)) != found:
        found = shorter
    return found


def _plain(word: str) -> str:
    return (
        word
        if word.isascii()
        else "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    )


@lru_cache(1)
def _stemmer():  # type: ignore[no-untyped-def]
    import Stemmer

    return Stemmer.Stemmer("french")


def stems(text: str) -> str:
    """The stems of *text*, parted by spaces: what the index holds of it."""
    return " ".join([stem(word) for word in _WORD.findall(text)])


def question(asked: str) -> str:
    """What to ask the index: all the words, in any order; those between quotes side by side. Raises ``Misuse``."""
    parts = []
    for phrase, word in _QUESTION.findall(asked):
        found = stems(phrase or word)
        if found:
            parts.append(f'"{found}"')
    if len(parts) > MOST:
        raise Misuse(f"a search takes {MOST} words at most, not {len(parts)}")
    if not parts:
        raise Misuse(f"nothing to search for in '{asked}'")
    return " ".join(parts)


def index(connection: sqlite3.Connection, rows: Iterable[tuple[str, str, str]]) -> None:
    """Add ``(provision, version, stems)`` to the index."""
    first = connection.execute("select coalesce(max(id), 0) + 1 from searched").fetchone()[0]
    numbered = list(enumerate(rows, first))
    connection.executemany(
        "insert into searched values (?, ?, ?)",
        [(rank, provision, version) for rank, (provision, version, _) in numbered],
    )
    connection.executemany(
        "insert into search (rowid, stems) values (?, ?)", [(rank, found) for rank, (_, _, found) in numbered]
    )


def index_all(connection: sqlite3.Connection) -> None:
    """Index every version that has text, in the order of its id."""
    for (version,) in connection.execute("select distinct version from paragraph order by version").fetchall():
        index_version(connection, version)


def index_version(connection: sqlite3.Connection, version: str) -> None:
    """Index what each provision says in one version: an article, or a text with its divisions."""
    query = """select p.provision, group_concat(t, char(10)) from (
      select provision, coalesce(words, substr(s.text, q.start + 1, q.end - q.start)) as t
      from paragraph q join source s on s.id = q.source
      where q.kind in ('alinea', 'nota') and q.version = ? order by provision, rank
    ) p group by p.provision order by p.provision"""
    index(
        connection,
        [(provision, version, stems(text)) for provision, text in connection.execute(query, (version,)).fetchall()],
    )


def drop(connection: sqlite3.Connection, provision: str, version: str, text: str) -> None:
    """Take a version out of the index; *text* is what was indexed of it."""
    row = connection.execute(
        "select id from searched where provision = ? and version = ?", (provision, version)
    ).fetchone()
    if row:
        connection.execute("insert into search (search, rowid, stems) values ('delete', ?, ?)", (row[0], stems(text)))
        connection.execute("delete from searched where id = ?", row)


def excerpt(text: str, asked: str, width: int = 200) -> tuple[int, int, list[tuple[int, int]]]:
    """The stretch of *text*, about *width* characters, where most asked words stand; and where they stand in *text*."""
    wanted = set(question(asked).replace('"', " ").split())
    found = [span for span in words(text) if stem(text[span[0] : span[1]]) in wanted]
    if not found:
        return 0, min(len(text), width), []
    best = max(
        found, key=lambda span: (len({stem(text[a:b]) for a, b in found if span[0] <= a < span[0] + width}), -span[0])
    )
    start = text.rfind(" ", 0, max(0, best[0] - width // 5)) + 1
    end = text.find(" ", start + width)
    return start, len(text) if end < 0 else end, found
