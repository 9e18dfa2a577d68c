"""What changed between two days: of an article its words, of a text or division its articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from kb.ask.chronicle import contents
from kb.ask.query import KnowledgeBase
from kb.ground.fault import Misuse

Json = dict[str, Any]

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


class Change(NamedTuple):
    """A run of words: ``op`` is ``same``, ``gone``, ``new``; offsets count characters in the text before and after."""

    op: str
    words: str
    before: int
    after: int


def diff(base: KnowledgeBase, words: str, first: date, second: date) -> Json:
    """What changed in *words* (a reference) between two days.

    An article gives ``changes``: runs ``{"op": "same|gone|new", "words", "before", "after"}`` whose "same" and "gone" join
    to the text on the first day but for its line ends, "same" and "new" to that on the second. A text or division gives the ids of its articles
    that are ``new``, ``gone`` and ``changed``. Raises ``Misuse``.
    """
    if second < first:
        raise Misuse(f"the second day, {second}, is before the first, {first}")
    ref, row = base.find(words)
    sides = [base.show(str(ref._replace(at=None)), day) for day in (first, second)]
    head: Json = {"id": sides[0]["id"], "kind": row["kind"], "title": row["title"]}
    for key, side in zip(("from", "to"), sides, strict=True):
        head[key] = {
            "at": side["at"],
            "status": side["status"],
            "version": side["version"]["id"] if side["version"] else None,
        }
    if row["kind"] == "article":
        texts = [side["text"] for side in sides]
        missing = [side["at"] for side in sides if side["version"] and side["text"] is None]
        if missing:
            raise Misuse(f"the text of {head['id']} on {missing[0]} is not in this knowledge base")
        changes = list(changed(texts[0] or "", texts[1] or ""))
        return {
            **head,
            "same": all(change.op == "same" for change in changes),
            "changes": [change._asdict() for change in changes],
        }
    before, after = (
        {c["id"]: c["version"] for c in contents(base, row["id"], day) if c["kind"] == "article"}
        for day in (first, second)
    )
    return {
        **head,
        "same": before == after,
        "new": [name for name in after if name not in before],
        "gone": [name for name in before if name not in after],
        "changed": [name for name in after if name in before and before[name] != after[name]],
    }


def changed(before: str, after: str) -> Iterator[Change]:
    """The runs of words that lead from one text to the other, in order.

    >>> [(c.op, c.words) for c in changed("fixé à 100 F.", "fixé à 16 euros.")]
    [('same', 'fixé à '), ('gone', '100 F'), ('new', '16 euros'), ('same', '.')]
    """
    a, b = _WORD.findall(before), _WORD.findall(after)
    at, to = 0, 0
    for op, a1, a2, b1, b2 in _smooth(SequenceMatcher(None, _spaced(a), _spaced(b), autojunk=False).get_opcodes(), a):
        old, new = "".join(a[a1:a2]), "".join(b[b1:b2])
        if op == "equal":
            yield Change("same", new, at, to)
        else:
            if old:
                yield Change("gone", old, at, to)
            if new:
                yield Change("new", new, at + len(old), to)
        at, to = at + len(old), to + len(new)


def _spaced(words: list[str]) -> list[str]:
    """Words as they are compared: where a line is cut does not count, where an alinéa ends does."""
    return [word if not word[0].isspace() else "\n\n" if word.count("\n") > 1 else " " for word in words]


def _smooth(codes: Sequence[tuple[str, int, int, int, int]], a: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Join changes that only a space or a mark parts: a reader sees one change."""
    held: tuple[str, int, int, int, int] | None = None
    for i, (op, a1, a2, b1, b2) in enumerate(codes):
        small = (
            op == "equal"
            and i + 1 < len(codes)
            and held is not None
            and not any(word[0].isalnum() for word in a[a1:a2])
        )
        if op == "equal" and not small:
            if held:
                yield held
            held = None
            yield op, a1, a2, b1, b2
        elif held:
            held = ("replace", held[1], a2, held[3], b2)
        else:
            held = ("replace", a1, a2, b1, b2)
    if held:
        yield held
