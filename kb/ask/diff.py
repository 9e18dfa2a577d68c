"""What changed between two days: of an article its words, of a text or division its articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from kb.ask.contents import contents
from kb.ask.find import find
from kb.ask.show import said
from kb.ground.fault import Misuse
from kb.store.reading import Store

if TYPE_CHECKING:
    from kb.ask.answers import Diffed, Said, SideAnswer

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


class Change(NamedTuple):
    """A run of words: ``op`` is ``same``, ``gone``, ``new``; offsets count characters in the text before and after."""

    op: str
    words: str
    before: int
    after: int


def diff(store: Store, words: str, first: date, second: date) -> Diffed:
    """What changed in *words* (a reference) between two days.

    An article gives ``changes``: runs ``{"op": "same|gone|new", "words", "before", "after"}`` whose "same" and "gone" join
    to the text on the first day but for its line ends, "same" and "new" to that on the second. A text or division gives the ids of its articles
    that are ``new``, ``gone`` and ``changed``. Raises ``Misuse``.
    """
    if second < first:
        raise Misuse(f"the second day, {second}, is before the first, {first}")
    named = find(store, words)
    one, two = (said(store, named.id, day) for day in (first, second))
    made: Diffed = {
        "id": named.id, "kind": named.row.kind, "title": named.row.title, "from": _side(one), "to": _side(two), "same": True,
    }  # fmt: skip
    if named.row.kind == "article":
        missing = [side["at"] for side in (one, two) if side["version"] and side["text"] is None]
        if missing:
            raise Misuse(f"the text of {named.id} on {missing[0]} is not in this knowledge base")
        runs = list(changed(one["text"] or "", two["text"] or ""))
        made["changes"] = [{"op": c.op, "words": c.words, "before": c.before, "after": c.after} for c in runs]
        made["same"] = all(run.op == "same" for run in runs)
        return made
    before, after = (
        {line["id"]: line["version"] for line in contents(store, named.row.id, day) if line["kind"] == "article"}
        for day in (first, second)
    )
    made["same"] = before == after
    made["new"] = [name for name in after if name not in before]
    made["gone"] = [name for name in before if name not in after]
    made["changed"] = [name for name in after if name in before and before[name] != after[name]]
    return made


def _side(answer: Said) -> SideAnswer:
    version = answer["version"]["id"] if answer["version"] else None
    return {"at": answer["at"], "status": answer["status"], "version": version}


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
