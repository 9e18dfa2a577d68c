"""The layout of a ``.rule`` file: blocks that open at the margin, clauses indented below them, each read by the grammar.

A clause ends where a line is not indented deeper than its first line; an error costs its own clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kb.ground.fault import Fault
from kb.ground.parse import load
from kb.ground.span import Span
from kb.rules import misread

if TYPE_CHECKING:
    from lark import Lark, Token, Tree


@cache
def parser() -> Lark:
    """The parser of one clause."""
    return load("rule", "clause")


class Clause(NamedTuple):
    """One clause read: what it is, its tree, where it starts and ends in the file."""

    kind: str
    tree: Tree[Token]
    start: int
    end: int


_ONE_LINE = re.compile(r"\s*(règle|version|paramètre)\b")


class Layout:
    """The blocks of *text*; what does not read is added to *faults*, with spans under *path*."""

    def __init__(self, text: str, path: str, faults: list[Fault]) -> None:
        # comment lines are blanked, offsets kept: quotes hold no line that begins with #
        self.text = re.sub(r"(?m)^[ \t]*#.*$", lambda line: " " * len(line.group()), text)
        self.path, self.faults = path, faults
        self.unclosed: list[int] = []

    def blocks(self) -> Iterator[list[Clause | None]]:
        """The clauses of each block; ``None`` for a clause that does not read."""
        block: list[Clause | None] = []
        for start, end, margin in self._cut():
            clause = self._read(start, end)
            if margin and block:
                yield block
                block = []
            block.append(clause)
        if block:
            yield block

    def _cut(self) -> Iterator[tuple[int, int, bool]]:
        """``start, end`` of each clause, and whether it stands at the margin."""
        start = end = -1
        indent, headline, opened, at = 0, False, -1, 0
        for line in self.text.splitlines(keepends=True):
            words, first = line.strip(), at + len(line) - len(line.lstrip())
            if not words:
                if opened >= 0:
                    self._unclosed(opened)
                    opened = -1
            else:
                if opened < 0 and (start < 0 or headline or first - at <= indent):
                    if start >= 0:
                        yield start, end, indent == 0
                    start, indent, headline = first, first - at, bool(_ONE_LINE.match(line))
                end = at + len(line.rstrip())
                for mark in re.finditer("[«»]", line):
                    opened = at + mark.start() if mark.group() == "«" else -1
            at += len(line)
        if opened >= 0:
            self._unclosed(opened)
        if start >= 0:
            yield start, end, indent == 0

    def _unclosed(self, at: int) -> None:
        self.unclosed.append(at)
        end = self.text.find("\n", at)
        span = Span(self.path, at, len(self.text) if end < 0 else end)
        self.faults.append(
            Fault("guillemet-ouvert", "Cette citation n'est pas fermée.", span, "fermer par »", grave=True)
        )

    def _read(self, start: int, end: int) -> Clause | None:
        from lark import Tree, UnexpectedInput

        if any(start <= at < end for at in self.unclosed):
            return None
        try:
            tree = parser().parse(self.text[start:end]).children[0]
        except UnexpectedInput as error:
            self.faults.append(misread.told(error, self.text, Span(self.path, start, end), parser()))
            return None
        assert isinstance(tree, Tree)
        return Clause(str(tree.data), tree, start, end)
