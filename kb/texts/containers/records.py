"""What every reader of imported law gives, whatever the format: texts, divisions, versions of articles, faults.

A reader of imported law walks a *container* (a repository, an archive, a folder) once and yields records; it holds one
member at a time. It says what the container states and decides nothing: sentinels become open or unknown bounds, the
rest is kept as stated, contradictions included. ``kb.time.merge`` makes versions of them.

The corpus is a container like any other: its files are the members, its registry states facts and intervals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kb.ground.fault import Fault
from kb.ground.names import NATURES, act_id, article_number, slug
from kb.ground.period import Bound, Edge, parse_day
from kb.ground.registry import Registry

# Ends that the DILA writes for "no end" and "not fixed yet".
OPEN_DAY, UNFIXED_DAY = date(2999, 1, 1), date(2222, 2, 22)

# The state of a statement that no version begins there: the article is gone from that day on.
REMOVED = "supprime"


class Text(NamedTuple):
    """A text as its container heads it. ``key`` is how the container's other records name it (its LEGI cid)."""

    key: str
    nature: str
    title: str
    signed: date | None = None
    number: str | None = None
    nor: str | None = None
    published: date | None = None
    start: Bound = Edge.UNKNOWN
    end: Bound = Edge.UNKNOWN


class Division(NamedTuple):
    """A division, by the titles that lead to it from the outside in, and when it stood there."""

    text: str
    titles: tuple[str, ...]
    start: Bound
    end: Bound
    rank: int


class Act(NamedTuple):
    """What an act did to a version: ``kind`` as in ``kb.time.events``; ``words`` as the container states it."""

    kind: str
    by: str | None
    effective: date | None
    published: date | None
    words: str


class Anchor(NamedTuple):
    """A link that an editor drew on ``[start, end)`` of a body, to a LEGI id."""

    start: int
    end: int
    to: str


class Statement(NamedTuple):
    """One version of one article, as one member of a container states it.

    ``body`` is its decoded text in the layout ``form`` (a format of ``kb.texts.readers.read``), ``None`` where only its
    dates are stated. ``card`` is what its source keeps beside it; ``named`` is the id of a source that has its own (a file of a corpus, whose card is whole). In a history, ``end`` is unknown and the next statement of the same ``cid`` ends it. ``member`` leads back to it inside the container. ``official`` is its LEGI id, ``cid`` that of the
    article. ``stamp`` is the time of the member: of two with one id the newest wins. ``known`` is the publication of the act that set the start, where the container says it.
    """

    text: str
    num: str
    start: Bound
    end: Bound
    official: str | None = None
    cid: str | None = None
    state: str = ""
    body: str | None = None
    form: str = "plain"
    member: str = ""
    titles: tuple[str, ...] = ()
    rank: int = 0
    known: date | None = None
    acts: tuple[Act, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    said: str = ""
    stamp: int = 0
    named: str = ""
    card: Mapping[str, object] | None = None


class Dropped(NamedTuple):
    """A member that a later delivery withdraws: its LEGI id."""

    official: str


class Done(NamedTuple):
    """The last record of a container that can be read on later: ``state`` is where to go on from."""

    state: str


Record = Text | Division | Statement | Dropped | Fault | Done
Records = Iterator[Record]


class Container(NamedTuple):
    """What is imported: its id in the knowledge base, format, title, sha256 (of the file, or the last commit)."""

    id: str
    format: str
    title: str
    sha256: str
    name: str


def stated_day(words: str | None) -> date | None:
    """An ISO day of a container, ``None`` for none and for the far days that stand for "no day"."""
    if not words:
        return None
    try:
        day = parse_day(words[:10])
    except ValueError:
        return None
    return None if day in (OPEN_DAY, UNFIXED_DAY) else day


def start_bound(day: date | None) -> Bound:
    """A stated start: 2222-02-22 is "not fixed yet", that is unknown."""
    return Edge.UNKNOWN if day is None or day in (OPEN_DAY, UNFIXED_DAY) else day


def end_bound(day: date | None) -> Bound:
    """A stated end: 2999-01-01 is open, 2222-02-22 is "not fixed yet"."""
    if day is None or day == UNFIXED_DAY:
        return Edge.UNKNOWN
    return Edge.OPEN if day == OPEN_DAY else day


def text_id(text: Text, registry: Registry) -> str:
    """The id of a text: the alias of a known code, else nature, date and number, else its LEGI id."""
    code = registry.code(text.key)
    if code:
        return code.alias
    if "/" in text.key:  # a reader of documents names them itself
        return text.key
    if text.key.partition("/")[0] in NATURES:
        return text.key  # the id of an act already
    nature = slug(text.nature)
    nature = {"loi-organique": "loi", "decret-loi": "decret", "loi-constitutionnelle": "loi"}.get(nature, nature)
    if nature in NATURES and (text.signed or text.number):
        return act_id(nature, text.signed, text.number)
    return text.key if re.fullmatch(r"(LEGI|JORF)TEXT\d{12}", text.key) else slug(text.title)


@lru_cache(1 << 16)
def article_id(text: str, num: str, *, code: bool) -> str:
    """The id of an article of *text*: ``css/D133-1``, ``decret/1996-03-21/96-251/art-1``."""
    number = re.sub(r"[/@#]+", "-", article_number(num)) or "sans-numero"
    return f"{text}/{number}" if code else f"{text}/art-{number}"


_LEVEL = re.compile(
    r"((?:sous-)*(?:section|paragraphe|partie)|livre|titre|chapitre|annexe)\s+"
    r"(ier|\d+(?:er)?|[ivxlc]+|premi[eè]re?|unique|préliminaire)\b(?:\s*(bis|ter|quater|quinquies|sexies|[A-Z]))?\b",
    re.I,
)


@lru_cache(1 << 15)
def division_step(title: str) -> str:
    """The step of a division in ids, its level and number as citations name them; other titles by their words.

    >>> [division_step(t) for t in ("Chapitre Ier : Règles", "Section 3 bis", "Partie réglementaire - Décrets simples")]
    ['chapitre-I', 'section-3bis', 'partie-reglementaire-decrets-simples']
    """
    head = _LEVEL.match(title.strip())
    if head is None:
        return slug(title)[:80].strip("-") or "division"
    level, number, suffix = slug(head.group(1)), head.group(2).lower(), (head.group(3) or "").lower()
    number = re.sub(r"(?<=\d)er$", "", "I" if number in ("ier", "premier", "première", "premiere") else number)
    number = number.upper() if re.fullmatch(r"[ivxlc]+", number) else number
    return f"{level}-{number}{suffix if len(suffix) > 1 else suffix.upper()}"


@lru_cache(1 << 16)
def division_id(text: str, titles: tuple[str, ...]) -> str:
    """The id of a division: its steps from the outside in, the first one written as references are read."""
    steps = [division_step(title) for title in titles]
    return "/".join((text, article_number(steps[0]), *steps[1:])) if steps else text
