"""What a file says of the layout of its text: which characters are a heading, a page header, a cell, and where each stands.

An extraction is text and pieces that tile it. A piece begins where the one before it ends; its role is what the file says
of it (never what it means), its place is a page and a line, a paragraph or an element.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

# Roles of pieces. A heading of level 2 is "h2".
PLAIN, FURNITURE, FOOTNOTE, ROW, STRONG = "", "f", "n", "r", "b"

# What a piece is, by unit, and how its number is said.
_UNITS = {"line": "ligne", "paragraph": "paragraphe", "element": "élément"}


class Piece(NamedTuple):
    """Characters from ``start`` to the next piece. ``page`` is 0 where the file has none; ``number`` counts from 1."""

    start: int
    role: str
    page: int
    number: int


class Layout(NamedTuple):
    """The pieces of a text, and what they are: ``line``, ``paragraph`` or ``element`` of the file."""

    unit: str = "line"
    pieces: tuple[Piece, ...] = ()

    def place(self, offset: int) -> str:
        """Where *offset* stands in the file: ``page 2, ligne 14``; empty where the file says nothing."""
        rank = bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
        if rank < 0:
            return ""
        _, _, page, number = self.pieces[rank]
        where = f"{_UNITS[self.unit]} {number}"
        return f"page {page}, {where}" if page else where

    def spans(self, length: int) -> Iterator[tuple[int, int, str]]:
        """``(start, end, role)`` of every piece of a text of *length* characters."""
        ends = [piece.start for piece in self.pieces[1:]] + [length]
        return ((piece.start, end, piece.role) for piece, end in zip(self.pieces, ends, strict=True))

    def to_json(self) -> list[object]:
        return [self.unit, [list(piece) for piece in self.pieces]]


def from_json(value: object) -> Layout:
    """The inverse of ``Layout.to_json``; anything else is no layout."""
    if not isinstance(value, list) or len(value) != 2 or value[0] not in _UNITS:
        return Layout()
    return Layout(value[0], tuple(Piece(*piece) for piece in value[1]))


class Extraction(NamedTuple):
    """The text of a file, its layout, the days and titles that the file itself carries, and what was left unread."""

    text: str
    layout: Layout
    remarks: tuple[str, ...] = ()


@dataclass
class Sheet:
    """A text being laid out, piece after piece; a blank line parts the paragraphs."""

    unit: str
    parts: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    length: int = 0

    def put(self, words: str, role: str = PLAIN, page: int = 0, number: int = 0, end: str = "\n\n") -> None:
        """Add one piece; *end* follows it. A piece without words is left out."""
        if words.strip():
            self.pieces.append(Piece(self.length, role, page, number or len(self.pieces) + 1))
            self.parts.append(words + end)
            self.length += len(words) + len(end)

    def space(self, end: str) -> None:
        """White space that belongs to the last piece."""
        if self.pieces:
            self.parts.append(end)
            self.length += len(end)

    def done(self, remarks: Iterable[str] = ()) -> Extraction:
        return Extraction("".join(self.parts), Layout(self.unit, tuple(self.pieces)), tuple(remarks))
