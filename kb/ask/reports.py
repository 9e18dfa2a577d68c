"""The reports, typed: what changed between two days and what rests on it, and what a draft cites and quotes.

They are answers like those of ``kb.ask.answers``: JSON, days in ISO, offsets in code points.
"""

from __future__ import annotations

from typing import TypedDict

from kb.ask.answers import From


class StaleAnswer(From):
    """A citation in words in force, and ``why`` it is good no more: ``abroge``, ``fragment_absent``, ``modifie``; since when, by what, what took its place."""

    id: int
    version: str
    source: str
    start: int
    end: int
    quote: str
    target: str
    why: str
    since: str | None
    by: str | None
    successor: str | None
    sentence: str


class Stale(TypedDict):
    """The stale citations in a text (``id``), or in everything; ``summary`` counts all of them by ``why``."""

    id: str | None
    at: str
    total: int
    summary: dict[str, int]
    offset: int
    citations: list[StaleAnswer]


class MovedAnswer(TypedDict):
    """What befell a provision between two days: ``change`` is ``new``, ``gone``, ``changed``, or ``unread`` (another version, and
    the words of one of the two are not held); ``day`` is that of the last change, ``by`` what is known to have done it."""

    id: str
    title: str
    change: str
    before: str | None
    after: str | None
    day: str | None
    by: list[str]
    successor: str | None


class MovingAnswer(TypedDict):
    """Why a rule is touched: ``how`` it names ``id`` (source, fondement), and what befell that; ``regle`` where its own time begins or ends."""

    id: str
    how: str
    change: str
    day: str | None
    sentence: str


class RuleTouched(TypedDict):
    id: str
    title: str
    before: bool
    after: bool
    reasons: list[MovingAnswer]


class Touched(TypedDict):
    """A citation or quotation of a document whose verdict is another than before; ``None`` where it was not there, or is not any more."""

    kind: str
    place: str
    start: int
    end: int
    quote: str
    target: str | None
    before: str | None
    after: str | None
    versions: list[str | None]
    since: str | None
    by: str | None
    successor: str | None
    note: str


class DocumentTouched(TypedDict):
    file: str
    touched: list[Touched]


_Days = TypedDict("_Days", {"from": str, "to": str})


class Impact(_Days):
    """What changed between two days, and what rests on it."""

    on: str | None
    summary: dict[str, int]
    changes: list[MovedAnswer]
    rules: list[RuleTouched]
    provisions: list[StaleAnswer]
    documents: list[DocumentTouched]
    unread: list[str]


class Watched(TypedDict):
    """What became of a folder of documents since it was last looked at; ``imported`` is what the base was not made of then."""

    folder: str
    at: str
    since: str | None
    imported: list[str]
    documents: int
    summary: dict[str, int]
    new: list[str]
    gone: list[str]
    rewritten: list[str]
    unread: list[str]
    touched: list[DocumentTouched]


class CitationChecked(TypedDict):
    start: int
    end: int
    quote: str
    target: str | None
    verdict: str
    since: str | None
    by: str | None
    successor: str | None
    version: str | None
    note: str
    place: str
    candidates: list[str]


class QuotationChecked(TypedDict):
    start: int
    end: int
    quote: str
    target: str
    verdict: str
    version: str | None
    note: str
    place: str


class CheckAnswer(TypedDict):
    """Offsets are code points of the extracted text; ``place`` is the page and line, paragraph or element of the file."""

    file: str
    sha256: str
    at: str
    citations: list[CitationChecked]
    quotations: list[QuotationChecked]
    summary: dict[str, int]
