"""What is written: one ``Written`` for each thing cited, and the ``Holder`` it is said to belong to.

Nothing here says what the words mean. Shapes of fragments, from the outside in: ``I``, ``2°``, ``b``, ``al5`` (5th
alinéa), ``al-1`` (the last), ``al-2`` (the last but one), ``ph2`` (2nd sentence), ``ti1`` (1st dash), ``3`` (a paragraph
numbered 3), ``précédent``.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

# How a holder is named: by its own words, by an abbreviation, by its nature alone, or by a word that points at one met before or at
# the text itself.
NAMED, SHORT, BARE, PRESENT, SAME, SAID, THIS, CITED = (
    "named",
    "short",
    "bare",
    "present",
    "same",
    "said",
    "this",
    "cited",
)


class Holder(NamedTuple):
    """What a provision is said to belong to.

    ``kind``: ``code``, ``act``, ``constitution``, ``text`` (named in the registry), ``ilo`` (a labour convention), ``document`` (a
    contract, a foreign code: nothing that the registry could know), ``ruling``, ``gazette``, ``bulletin``, ``identifier``,
    ``question``, or a place of the text being read: ``article``, ``portion``, ``division``, ``annex``. ``how`` tells named from
    pointed at. ``words`` are a code's or court's name, a division's level or a portion's label, folded; ``registered`` is a number
    that stands for an act, ``("idcc", "2216")``.
    """

    kind: str
    how: str
    start: int
    end: int
    words: str = ""
    nature: str = ""
    number: str | None = None
    signed: date | None = None
    year: str | None = None
    registered: tuple[str, str] | None = None


class Written(NamedTuple):
    """One thing cited, as written. ``text[start:end]`` are its words.

    ``kind``: ``article``, ``act``, ``code``, ``division``, ``annex``, ``portion``, ``here`` (words that only point), or the kind of
    a holder that is cited as a whole: ``ruling``, ``gazette``, ``bulletin``, ``identifier``, ``question``.
    ``num`` is normalised as ids write it. ``fragment`` and ``divisions`` go from the outside in. ``group`` and
    ``path`` number what is cited in one breath. ``prefixed`` tells "L. 5" from "5"; ``loose`` is what glues the
    fragment's first step to the number ("-" in "L. 136-5-V", " " in "150 VI"), where it could be part of it; ``published`` and ``effective`` are the
    days of a "JORF … en vigueur le …" tail, each with its span.
    """

    start: int
    end: int
    kind: str
    holder: Holder | None
    num: str | None
    num_end: str | None
    fragment: tuple[str, ...]
    divisions: tuple[tuple[str, str], ...]
    group: int
    path: int
    prefixed: bool = False
    loose: str = ""
    closes_range: bool = False
    following: bool = False
    cited: bool = False
    published: tuple[date, int, int] | None = None
    effective: tuple[date, int, int] | None = None


class Found(NamedTuple):
    """What ``find`` returns: citations in the order of the text, and near misses as ``(start, end, sentence)``."""

    written: list[Written]
    faults: list[tuple[int, int, str]]
