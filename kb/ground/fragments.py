"""Which paragraphs a fragment names: ``I,2°,b``, ``al5``, ``al-1``, among the paragraphs of an article as they are printed.

The marks that open a paragraph ("I.-", "A. -", "1°", "a)", "–") make a tree: a mark holds what follows it until one of
its rank or above. An unmarked paragraph closes list items and stays within the numeral or letter that it follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# marks from the outside in; a paragraph may open with several ("I.-A.-1°")
_RANKS = (
    ("roman", r"(?P<roman>[IVX]+(?:\s(?:bis|ter|quater|quinquies))?)\s?(?:\.\s?[-–—]?|[-–—]|\))\s?"),
    ("upper", r"(?P<upper>[A-H](?:\s(?:bis|ter|quater|quinquies))?)\s?(?:\.\s?[-–—]?|[-–—]|\))\s?"),
    ("digit", r"(?P<digit>\d{1,3}(?:\s(?:bis|ter|quater))?)\s?(?:\.\s?[-–—]?|[-–—]|\))(?!\d)\s?"),
    ("degree", r"(?P<degree>\d{1,3}\s?[°º](?:\s(?:bis|ter|quater|quinquies|sexies))?)\s?\)?\s?[-–—.]?\s?"),
    ("letter", r"(?P<letter>[a-z](?:\s(?:bis|ter|quater))?)\s?(?:\)|\.)\s?"),
    ("dash", r"(?P<dash>[-–—•])\s"),
)
_LEVEL = {name: rank for rank, (name, _) in enumerate(_RANKS)}
_MARK = "|".join(words for _, words in _RANKS)
# an unmarked paragraph ends these
_ITEMS = _LEVEL["degree"]
_STEP = re.compile(r"(al|ph|ti)(-?\d+)").fullmatch


class _Part(NamedTuple):
    """A paragraph's rank, whether it is an alinéa, and the marks that it stands under, each with its level."""

    rank: int
    alinea: bool
    path: tuple[tuple[int, str], ...]
    dash: bool


def within(labels: Sequence[str], words: Sequence[str], fragment: Sequence[str]) -> list[int]:
    """The ranks of the paragraphs that *fragment* names; none where the article has no such part.

    *labels* are the paragraphs' own (``al1``, ``nota1``), *words* what they say. Steps go from the outside in.

    >>> texts = ["I.-Sont visés :", "1° Les uns ;", "2° Les autres.", "II.-Un décret."]
    >>> within(["al1", "al2", "al3", "al4"], texts, ["I", "2°"]), within(["al1", "al2", "al3", "al4"], texts, ["al-1"])
    ([2], [3])
    """
    parts = _parts(labels, words)
    if len(fragment) == 1 and fragment[0] in labels:
        return [rank for rank, label in enumerate(labels) if label == fragment[0]]
    for depth, step in enumerate(fragment):
        parts = _inside(parts, step, words, depth)
    return [part.rank for part in parts]


def _inside(parts: list[_Part], step: str, words: Sequence[str], depth: int) -> list[_Part]:
    counted = _STEP(step)
    if counted is None:
        mark = re.sub(r"\s", "", step).replace("º", "°")
        return [part for part in parts if any(each == mark for _, each in part.path)]
    kind, rank = counted[1], int(counted[2])
    if kind == "ph":  # a sentence of the only alinéa named so far
        alone = [part for part in parts if part.alinea][:1]
        said = len(re.findall(r"[.!?](?=\s|$)", words[alone[0].rank])) or 1 if alone else 0
        return alone if -said <= rank <= said else []
    among = [part for part in parts if (part.dash if kind == "ti" else part.alinea)]
    at = rank - 1 if rank > 0 else rank
    return [among[at]] if -len(among) <= at < len(among) else []


def _parts(labels: Sequence[str], words: Sequence[str]) -> list[_Part]:
    parts: list[_Part] = []
    path: list[tuple[int, str]] = []
    for rank, (label, said) in enumerate(zip(labels, words, strict=True)):
        alinea = label.startswith("al")
        marks = _marks(said) if alinea else []
        if not marks:
            path = [each for each in path if each[0] < _ITEMS]
        for level, mark in marks:
            path = [each for each in path if each[0] < level]
            path.append((level, mark))
        dash = bool(marks) and marks[-1][0] == _LEVEL["dash"]
        parts.append(_Part(rank, alinea, tuple(path) if alinea else (), dash))
    return parts


def _marks(words: str) -> list[tuple[int, str]]:
    """The marks that open a paragraph, outermost first."""
    found: list[tuple[int, str]] = []
    at = len(words) - len(words.lstrip("« \u00a0\n"))
    while len(found) < len(_RANKS):
        match = re.compile(_MARK).match(words, at)
        if match is None or match.lastgroup is None:
            break
        level = _LEVEL[match.lastgroup]
        if found and level <= found[-1][0]:
            break
        found.append((level, re.sub(r"\s", "", match[match.lastgroup]).replace("º", "°")))
        at = match.end()
    return found
