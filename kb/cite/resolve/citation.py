"""A resolved citation: the record that the public JSON shows, and the statuses it can have."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, TypedDict

from kb.cite.find import Written
from kb.cite.resolve.meant import Meant

# one target: held here; certain, not held; an act known by its day, which others may share; no such article in a code held whole
RESOLVED, KNOWN, DATE_ONLY, ABSENT = "resolved", "known", "date_only", "absent"
# no target: several candidates; a number and a day that do not go together; nothing that a base of law covers; not established
AMBIGUOUS, CONTRADICTED, NOT_COVERED, UNKNOWN = "ambiguous", "contradicted", "not_covered", "unknown"
# records are made by the hundred thousand: a named tuple's own way through its class takes twice as long
_new = tuple.__new__
#: The statuses of a citation that has a target.
TARGETED = (RESOLVED, KNOWN, DATE_ONLY, ABSENT)


class FoundAnswer(TypedDict):
    """A citation found in any text: ``text[start:end] == quote``, in code points of the text that was sent."""

    start: int
    end: int
    quote: str
    target: str | None
    status: str
    candidates: list[str]
    code: str | None
    num: str | None
    num_end: str | None
    fragment: str | None
    text: dict[str, str | None] | None
    kind: str


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

    def to_json(self) -> FoundAnswer:
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


def citation(w: Written, meant: Meant, text: str) -> Citation:
    """The record of what *w*, written in *text*, means."""
    status, kind, name, candidates, code, num, fragment, about = meant
    steps = None
    if fragment:
        steps = ",".join(fragment)
        name = name and f"{name}#{steps}"
    start, end = w.start, w.end
    return _new(
        Citation,
        (
            start, end, text[start:end], name, status, candidates, code.legitext if code else None, num, w.num_end if num else None,
            steps, about.to_json() if about is not None and code is None else None, kind, w.published, w.effective, w.following,
        ),
    )  # fmt: skip


def shifted(c: Citation, offset: int) -> Citation:
    """The same citation in a text that begins *offset* characters before."""

    def moved(day: tuple[date, int, int] | None) -> tuple[date, int, int] | None:
        return day and (day[0], day[1] + offset, day[2] + offset)

    return c._replace(
        start=c.start + offset, end=c.end + offset, published=moved(c.published), effective=moved(c.effective)
    )
