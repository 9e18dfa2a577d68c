"""A resolved citation: the record that the public JSON shows."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

RESOLVED, KNOWN, AMBIGUOUS, UNKNOWN = "resolved", "known", "ambiguous", "unknown"


class Citation(NamedTuple):
    """One thing cited, with what it means. ``quote`` is the text's words at ``[start, end)``.

    The fields up to ``kind`` are the public JSON (``to_json``). ``published`` and ``effective`` are the days of a
    "JORF … en vigueur le …" tail with their spans; ``following`` marks "et suivants".
    """

    start: int
    end: int
    quote: str
    target: str | None
    status: str
    candidates: tuple[str, ...]
    code: str | None
    num: str | None
    num_end: str | None
    fragment: str | None
    text: dict[str, str | None] | None
    kind: str
    published: tuple[date, int, int] | None = None
    effective: tuple[date, int, int] | None = None
    following: bool = False

    def to_json(self) -> dict[str, Any]:
        """The public form of a citation, exactly."""
        return {
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "target": self.target,
            "status": self.status,
            "candidates": list(self.candidates),
            "code": self.code,
            "num": self.num,
            "num_end": self.num_end,
            "fragment": self.fragment,
            "text": self.text,
            "kind": self.kind,
        }
