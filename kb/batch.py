"""Many questions at once: one JSON object a line in, one answer a line out, in order, on as many processes as asked.

A question that cannot be taken, or a line that is none, is answered by its error, on its own line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from kb.ask.answers import Json
from kb.base import Base
from kb.ground import pool as engine
from kb.ground.fault import Misuse

Question = Json
_CHUNK = 64
UNREAD = '{"error": '  # how the answer to a line that is no question begins
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


def questions(lines: Iterable[str]) -> Iterator[Question | Misuse]:
    """The questions of *lines*; for a line that is none what is wrong with it, by its number."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                question = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Misuse(f"line {number}: not JSON: {error}")
                continue
            yield question if isinstance(question, dict) else Misuse(f"line {number}: a JSON object is wanted")


def _show(base: Base, q: Question) -> object:
    return base.show(_wanted(q, "ref"), at=q.get("at"), known_at=q.get("known_at"))


def _cite(base: Base, q: Question) -> object:
    return {"id": q.get("id"), "citations": base.cite(_wanted(q, "text"), within=q.get("within"), at=q.get("at"))}


def _apply(base: Base, q: Question) -> object:
    return base.apply(_wanted(q, "rule"), q.get("facts") or {}, at=q.get("at"), known_at=q.get("known_at"))


def _limits(q: Question) -> object:
    from kb.words.limits import limits

    return {"id": q.get("id"), "limits": [limit._asdict() for limit in limits(_wanted(q, "text"))]}


VERBS: dict[str, Callable[[Base, Question], object]] = {"show": _show, "cite": _cite, "apply": _apply}
#: verbs that read the words of the question only, and open no knowledge base
READERS: dict[str, Callable[[Question], object]] = {"limits": _limits}


def _wanted(question: Question, key: str) -> str:
    if not isinstance(question.get(key), str):
        raise Misuse(f"a question needs a string '{key}'")
    return str(question[key])


def answers(base: Base | None, verb: str, lines: Iterable[str], workers: int = 1) -> Iterator[str]:
    """The answers of *verb* to *lines*, each a line of JSON, from *workers* processes; *base* may be none for ``READERS``."""
    asked = questions(lines)
    if workers < 2:
        return (_answer(base, verb, question) for question in asked)
    chunks = iter(lambda: list(islice(asked, _CHUNK)), [])
    path = base.store.path if base else None
    work = engine.run(_chunk, (path, verb), chunks, workers=workers)
    return (line for answered in work for line in answered)


def _answer(base: Base | None, verb: str, question: Question | Misuse) -> str:
    if isinstance(question, Misuse):
        return _ENCODE({"error": str(question)}) + "\n"
    try:
        answer = VERBS[verb](base, question) if base else READERS[verb](question)
        return _ENCODE(answer) + "\n"
    except Misuse as error:
        asked = {key: question[key] for key in ("id", "ref", "rule", "at") if key in question}
        return _ENCODE({**asked, "error": str(error), "text": None}) + "\n"


@cache
def _opened(path: Path, process: int) -> Base:
    """A knowledge base of this very process: a connection does not outlive a fork."""
    return Base(path)


def _chunk(context: tuple[Path | None, str], asked: list[Question | Misuse]) -> list[str]:
    path, verb = context
    base = _opened(path, os.getpid()) if path else None
    return [_answer(base, verb, question) for question in asked]
