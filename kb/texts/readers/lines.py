"""Lines and blocks of a text, with their offsets: what every line-based reader starts from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kb.texts.tree import BLANK, WORDS, Node

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Line(NamedTuple):
    """One line, its line end included in ``[start, end)``; ``words`` is the line stripped."""

    start: int
    end: int
    words: str


def lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """The lines of ``text[start:end]``; joined, they give it back."""
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        yield Line(match.start(), match.end(), match.group().strip())


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """``[start, end)`` without the white space at both ends (empty at *start* if there is nothing else)."""
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    return (start, start) if left == len(words) else (start + left, start + len(words.rstrip()))


def padded(text: str, start: int, end: int, kind: str = WORDS) -> list[Node]:
    """The leaves of ``[start, end)``: blank, words of *kind*, blank; empty ones left out."""
    a, b = trimmed(text, start, end)
    if a == b:
        return [Node(BLANK, start, end)] if start < end else []
    leaves = [Node(BLANK, start, a), Node(kind, a, b), Node(BLANK, b, end)]
    return [leaf for leaf in leaves if leaf.start < leaf.end]


def fold_space(words: str) -> str:
    """White space folded: how hard-wrapped words are shown on one line."""
    return " ".join(words.split())
