"""SPARQL over an Oxigraph store beside the knowledge base, ``FILE.kb.rdf/``: made on the first question, renewed when the base changes.

A question is answered in a process of its own, so that one that lasts, nests or grows without end costs itself. Nothing is
written, and nothing goes out: updates do not parse, SERVICE is refused.
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import select
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox

from kb.ask.answers import Json
from kb.ground.fault import Misuse
from kb.ground.names import BASE
from kb.make.cache import cache_folder
from kb.store.reading import Store

VIEW = "renvoi-rdf-1"  # what the store holds: another view makes it again
ROWS, SECONDS, DEPTH, SIZE = 10_000, 60.0, 100, 1_000_000
_MEMORY = 4 << 30  # bytes that a question may take
_ABANDONED = 3_600  # seconds after which what a killed process began is dropped

# The one form that reaches another server, wherever it stands: the parser, and not a guess at tokens, knows strings and comments.
_GAP = r"(?:\s|#[^\n\r]*[\n\r])*"
_SERVICE = re.compile(
    rf"service{_GAP}(?:silent{_GAP})?(?:<[^>]*>|[?$]\w+|[^\s<>{{}}()\"']*:[^\s<>{{}}()\"']*){_GAP}\{{", re.I
)
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def ask(store: Store, query: str, rows: int = ROWS, seconds: float = SECONDS) -> Json:
    """The answer to a SPARQL query: ``{"vars", "rows", "more"}`` or ``{"boolean", "rows"}``.

    A SELECT gives a dictionary a row, CONSTRUCT and DESCRIBE rows of ``s``, ``p``, ``o``; at most *rows* of them, ``more``
    saying whether there were others. The prefixes of the view need no declaration, and an id in angle brackets is its IRI:
    ``<css/D253-81>``. Raises ``Misuse`` where the query does not parse, asks what is not allowed, or lasts over *seconds*.
    """
    _refuse(query)
    folder = made(store)
    if not hasattr(os, "fork"):
        return _read(_answer(folder, query, rows))
    return _read(_apart(lambda: _answer(folder, query, rows), seconds))


def _refuse(query: str) -> None:
    if len(query) > SIZE:
        raise Misuse(f"the query has {len(query):,} characters: at most {SIZE:,}")
    depth = most = 0
    for mark in re.findall(r"[({\[]|[)}\]]", query):
        depth += 1 if mark in "({[" else -1
        most = max(most, depth)
    if most > DEPTH:
        raise Misuse(f"the query nests {most:,} brackets deep: at most {DEPTH}")
    plain = _ESCAPED.sub(lambda m: chr(min(int(m[1] or m[2], 16), sys.maxunicode)), query)
    if _SERVICE.search(plain):
        raise Misuse("the query has a SERVICE: no other server is asked")


def _answer(folder: Path, query: str, rows: int) -> Json:
    from kb.show.export.terms import PREFIXES

    store = ox.Store.read_only(str(folder))
    try:
        found = store.query(query, base_iri=BASE, prefixes=PREFIXES, use_default_graph_as_union=True)
    except SyntaxError as error:
        return {"fault": f"the query does not parse: {' '.join(str(error).split())[:300]}"}
    if isinstance(found, ox.QueryBoolean):
        return {"boolean": bool(found), "rows": [{"boolean": bool(found)}]}
    names = [v.value for v in found.variables] if isinstance(found, ox.QuerySolutions) else ["s", "p", "o"]
    told: list[dict[str, str | None]] = []
    more = False
    for row in found:
        if len(told) == rows:
            more = True
            break
        told.append({name: None if term is None else _words(term) for name, term in zip(names, row, strict=True)})
    return {"vars": names, "rows": told, "more": more}


def _words(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else str(term.value)


def _read(answer: Json) -> Json:
    if "fault" in answer:
        raise Misuse(str(answer["fault"]))
    return answer


def _apart(answer: Callable[[], Json], seconds: float) -> Json:
    """What *answer* gives, made in a process that ends with it, or after *seconds*."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        _child(answer, into)
    os.close(into)
    try:
        words = _until(out, time.monotonic() + seconds)
    finally:
        os.close(out)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if words is None:
        raise Misuse(f"the query lasts over {seconds:g} seconds: ask for less, or give it more")
    if not words:
        raise Misuse("the query takes more memory or depth than a question may")
    answered: Json = json.loads(words)
    return answered


def _child(answer: Callable[[], Json], into: int) -> NoReturn:
    try:
        with suppress(ImportError, ValueError, OSError):
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open(into, "wb") as pipe, open(os.devnull, "wb") as quiet:
            os.dup2(quiet.fileno(), 2)  # a crash says nothing: the asker does
            faulthandler.disable()
            try:
                told = answer()
            except (OSError, RuntimeError, ValueError) as error:
                told = {"fault": f"the query cannot be answered: {' '.join(str(error).split())[:300]}"}
            pipe.write(json.dumps(told, ensure_ascii=False).encode())
    finally:
        os._exit(0)


def _until(out: int, end: float) -> bytes | None:
    """Everything that comes until the other side closes; ``None`` when it has not by *end*."""
    pieces: list[bytes] = []
    while (left := end - time.monotonic()) > 0:
        if select.select([out], [], [], left)[0]:
            piece = os.read(out, 1 << 20)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
    return None


# -- the store beside the base ------------------------------------------------------------------------------------


def made(store: Store) -> Path:
    """The folder of the Oxigraph store of this base, made now if it is not there or is of another state of it. Raises ``Misuse``."""
    base = store.path.resolve()
    key = _key(base)
    beside = base.with_name(f"{base.name}.rdf")
    cached = cache_folder() / "rdf" / f"{sha256(str(base).encode()).hexdigest()[:16]}.rdf"
    for place in (beside, cached):
        if _made_for(place) == key:
            return place / "store"
    try:
        return _make(store, beside, key)
    except PermissionError:  # a base that is only read: its store is in the cache
        try:
            return _make(store, cached, key)
        except OSError as error:
            raise Misuse(f"cannot write {cached}: {error.strerror or error}") from None
    except OSError as error:
        raise Misuse(f"cannot write {beside}: {error.strerror or error}") from None


def _key(base: Path) -> str:
    """What tells a state of the base from any other."""
    status = base.stat()
    return f"{VIEW} {status.st_size} {status.st_mtime_ns} {status.st_ino}"


def _made_for(place: Path) -> str | None:
    try:
        return (place / "key").read_text(encoding="ascii")
    except (OSError, ValueError):
        return None


def _make(store: Store, place: Path, key: str) -> Path:
    from kb.show.export.quads import quads
    from kb.show.export.rdf import watched

    place.parent.mkdir(parents=True, exist_ok=True)
    _sweep(place)
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    try:
        filled = ox.Store(str(part / "store"))
        filled.bulk_extend(watched(quads(store), place.name))
        filled.flush()
        del filled  # closes it
        (part / "key").write_text(key, encoding="ascii")
        _swap(part, place, key)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return place / "store"


def _swap(part: Path, place: Path, key: str) -> None:
    """Put what was made in its place; whoever reads what was there goes on reading it."""
    if _made_for(place) == key:  # another process was quicker, and reads it already
        return
    old = part.with_name(f"{part.name}.old")
    with suppress(FileNotFoundError):
        place.rename(old)
    try:
        part.rename(place)
    except OSError:
        if _made_for(place) != key:  # else another process was as quick
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _sweep(place: Path) -> None:
    for left in place.parent.iterdir():
        if left.name.startswith(f".{place.name}.") and time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)
