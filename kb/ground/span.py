"""Where: a half-open range of characters in one source.

Offsets are Unicode code points of the source's decoded text, never bytes, so that
``text[span.start:span.end]`` is always the quoted words (promise 2).
"""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """``[start, end)`` in the decoded text of ``source`` (a source id)."""

    source: str
    start: int
    end: int

    def of(self, text: str) -> str:
        """The words at this span of *text*, the decoded text of the span's source."""
        return text[self.start : self.end]


def line_column(text: str, offset: int) -> tuple[int, int]:
    """1-based line and column of *offset* in *text*, counted as editors do (only ``\\n`` ends a line)."""
    before = text.rfind("\n", 0, offset)
    return text.count("\n", 0, offset) + 1, offset - before


def line_bounds(text: str, offset: int) -> tuple[int, int]:
    """``[start, end)`` of the line that holds *offset*, its line end left out."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return start, len(text) if end < 0 else end
