"""A text cut into blocks: paragraphs, headings, cells, page furniture, each with the blank lines behind it.

Where the file says what its paragraphs are, they are its blocks. Where it has only lines, a block ends at a blank line, before a
line that a mark opens, and where a line was ended on purpose: the next word would still have found room on it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from kb.texts.files.layout import FOOTNOTE, FURNITURE, ROW, STRONG, Layout
from kb.texts.readers.lines import fold_space, lines
from kb.texts.readers.marks import ARTICLE, DASH, LEVEL, Mark, mark

PAGE_NUMBER = re.compile(r"[-–—\s]*(?:page|p\.)?\s*\d{1,4}(?:\s*(?:/|sur)\s*\d{1,4})?[-–—\s]*", re.I)
_DRESSED = re.compile(r"[-–—]\s*\d{1,4}\s*[-–—]|page\s+\d{1,4}.*", re.I)
_GAZETTE = re.compile(r"(?:bulletin|journal)\s+officiel|\bb\.?\s?o\.?\b.*n\s?°|\bJORF\b", re.I)
_ISSUE = re.compile(r"\bn\s?°\s?\d|\bpage\s+\d", re.I)
_CONTENTS_LINE = re.compile(r".*\S\s*(?:\.{3,}|…+|\.(?:\s\.){2,}|_{3,}|\t)\s*\d{1,4}\s*$", re.S)
_ENDED = re.compile(r"[.;:!?»)]\s*$")
_LABELLED = re.compile(r"[A-ZÀ-Ü][\w'’()./-]*(?:\s[\w'’()./-]+){0,4}\s?:\s+\S")
_HEADED = 200  # characters of the longest heading that a table of contents repeats
_HEADING_MD = re.compile(r"(#{1,6})\s+")
_CUT_WORD = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
_CUT_NUMBER = re.compile(r"(?<=\w)-\n(?=\d)")
_RULE = re.compile(r"[\s\-=_*|:]{3,}")


class Block(NamedTuple):
    """``[start, end)`` with the white space behind it; ``words`` begin at ``at``; ``role`` as in ``kb.texts.files.layout``."""

    start: int
    at: int
    end: int
    words: str
    role: str
    mark: Mark | None

    @property
    def folded(self) -> str:
        """The words on one line, those that a line end hyphenates joined."""
        return fold_space(_CUT_NUMBER.sub("-", _CUT_WORD.sub("", self.words)))

    @property
    def level(self) -> int:
        """The level that the file gives a heading, 0 for none."""
        return int(self.role[1:]) if self.role[:1] == "h" else 0

    @property
    def aside(self) -> bool:
        """Page furniture or a note: not words of the text."""
        return self.role in (FURNITURE, FOOTNOTE)


class _Row(NamedTuple):
    """A line, or a piece of several, with its role and whether a page begins with it."""

    start: int
    end: int
    words: str
    role: str
    page: bool


def blocks(text: str, layout: Layout) -> list[Block]:
    """The blocks of *text*, in order; they tile it."""
    rows = _rows(text, layout)
    cuts = _cuts(rows, 0 if layout.pieces else _width(rows)) if layout.unit == "line" else list(range(len(rows)))
    made: list[Block] = []
    for a, b in pairwise([*(cuts or [0] * bool(rows)), len(rows)]):
        start = rows[a].start if made else 0
        end = rows[b].start if b < len(rows) else len(text)
        made.append(_block(text, start, end, rows[a].role))
    return _contents([block for block in made if block.start < block.end])


def _block(text: str, start: int, end: int, role: str) -> Block:
    words = text[start:end]
    at = start + len(words) - len(words.lstrip())
    words = words.strip()
    hashes = _HEADING_MD.match(words) if not role else None
    if hashes:
        role, at, words = f"h{len(hashes[1])}", at + hashes.end(), words[hashes.end() :]
    elif not role and words.startswith("**") and words.endswith("**") and words.count("**") == 2 and len(words) < 200:
        role, at, words = STRONG, at + 2, words[2:-2].strip()
    elif not role and words and _RULE.fullmatch(words):
        role = FURNITURE
    elif not role and words.startswith("|") and words.endswith("|"):
        role = ROW
    return Block(start, at, end, words, role, mark(words) if words and role not in (FURNITURE, FOOTNOTE) else None)


# ---- lines


def _rows(text: str, layout: Layout) -> list[_Row]:
    """The lines of a text, or the pieces of a file that has paragraphs; page furniture is found by where it stands."""
    spans: Iterable[tuple[int, int, str]] = layout.spans(len(text)) if layout.pieces else ((0, len(text), ""),)
    rows: list[_Row] = []
    for start, end, role in spans:
        if layout.unit != "line":
            rows.append(_Row(start, end, text[start:end].strip(), role, False))
            continue
        for line in lines(text, start, end):
            rows.append(_Row(line.start, line.end, line.words, role, "\f" in text[line.start : line.end]))
    return _running(rows) if layout.unit == "line" else rows


def _running(rows: list[_Row]) -> list[_Row]:
    """Page numbers, and the lines about them that come back on other pages or name a gazette, become furniture."""
    said = [i for i, row in enumerate(rows) if row.words]
    place = {i: k for k, i in enumerate(said)}
    numbers = [i for i in said if PAGE_NUMBER.fullmatch(rows[i].words)]
    dressed = {i for i in numbers if _DRESSED.fullmatch(rows[i].words)}
    bare = [i for i in numbers if i not in dressed and _alone(rows, i)]
    counted = [int(re.sub(r"\D", "", rows[i].words)[:4] or 0) for i in bare]
    steps = [b - a for a, b in pairwise(counted)]
    if steps and all(step == 1 for step in steps):
        dressed.update(bare)
    breaks = [i for i, row in enumerate(rows) if row.page]
    found = set(dressed)
    near: dict[str, set[int]] = {}
    for i in sorted({*dressed, *breaks}):
        k = next((place[j] for j in range(i, len(rows)) if j in place), len(said))
        for j in said[max(0, k - 3) : k + 4]:
            near.setdefault(_shape(rows[j].words), set()).add(j)
    for shape, where in near.items():
        if len(where) > 1 and len(shape) > 3:
            found |= where
    for i in dressed:
        k = place[i]
        for j in said[max(0, k - 1) : k] + said[k + 1 : k + 2]:
            if _GAZETTE.search(rows[j].words) and len(rows[j].words) < 120 and _alone(rows, j):
                found.add(j)
    for i in sorted({*dressed, *breaks}):
        # A header that comes once, after the first of two pages: it names an issue, or stands in the middle of a sentence.
        after = [k for k in range(place.get(i, 0), len(said)) if said[k] >= i and said[k] not in found][:1]
        for k in after:
            words = rows[said[k]].words
            last = next((rows[j].words for j in reversed(said[:k]) if j not in found), "")
            cut = len(last) > 60 and not _ENDED.search(last) and words[:1].isupper()
            if (
                (_ISSUE.search(words) or cut)
                and _alone(rows, said[k])
                and not _ENDED.search(words)
                and len(words) <= 100
            ):
                found.add(said[k])
    # A running header of the first page stands at its top, where no page ends before it.
    shapes = {_shape(rows[i].words) for i in found - dressed}
    found |= {i for i in said if _shape(rows[i].words) in shapes and _alone(rows, i)}
    return [row._replace(role=FURNITURE) if i in found else row for i, row in enumerate(rows)]


def _alone(rows: list[_Row], i: int) -> bool:
    """Whether a line stands between blank lines, page breaks or the ends of the text."""
    before = i == 0 or not rows[i - 1].words or rows[i].page or rows[i - 1].role == FURNITURE
    return before and (i + 1 == len(rows) or not rows[i + 1].words or rows[i + 1].page)


def _shape(words: str) -> str:
    """What a running header keeps from page to page: its words, its numbers apart; the number of a heading is its own."""
    folded = fold_space(words).lower()
    return folded if mark(words) else re.sub(r"\d+", "#", folded)


def _cuts(rows: list[_Row], width: float) -> list[int]:
    """Where blocks begin: the first line of each. *width* is that at which lines were broken, 0 where it tells nothing."""
    cuts: list[int] = []
    for i, row in enumerate(rows):
        if row.words and (not cuts or not rows[i - 1].words or _begins(rows[i - 1], row, width)):
            cuts.append(i)
    return cuts


def _begins(before: _Row, row: _Row, width: float) -> bool:
    """Whether a block begins at *row*, the line after *before*."""
    if FURNITURE in (row.role, before.role) or row.role != before.role:
        return True
    if (
        any(map(_HEADING_MD.match, (row.words, before.words)))
        or row.words.startswith("|")
        or _RULE.fullmatch(row.words)
    ):
        return True
    now, last = mark(row.words), mark(before.words)
    if now is not None and _may_open(now, before, width):
        return True
    if last is not None and last.kind in (LEVEL, ARTICLE) and last.rest >= len(before.words):
        return True
    if _CONTENTS_LINE.fullmatch(before.words) or (_LABELLED.match(row.words) and not before.words.endswith(("-", ","))):
        return True
    # A line was ended on purpose where the next word would still have found room on it.
    room = width - len(before.words) - len(row.words.split()[0])
    return (
        room > 6
        and len(before.words) < 0.75 * width
        and not (row.words[:1].islower() and not _ENDED.search(before.words))
    )


def _may_open(now: Mark, before: _Row, width: float) -> bool:
    """Whether a mark at the start of a line opens a block there, and is not a number that the line end left there."""
    if now.kind == DASH:
        return True
    short = 0 < len(before.words) < 0.8 * width
    return bool(_ENDED.search(before.words)) or short or mark(before.words) is not None


def _width(rows: list[_Row]) -> float:
    """The width at which lines were broken; without end where each line is a paragraph of its own."""
    lengths = sorted(len(row.words) for row in rows if row.words and not row.role)
    wide = lengths[int(len(lengths) * 0.95)] if lengths else 0
    broken = any(
        a.words and b.words[:1].islower() and len(a.words) > 0.8 * wide and not _ENDED.search(a.words)
        for a, b in pairwise(rows)
    )
    return wide if broken and wide <= 130 else math.inf


# ---- tables of contents


def _contents(found: list[Block]) -> list[Block]:
    """Lines of a table of contents become furniture: leaders and page numbers, or a run of headings that come again."""
    later: dict[str, int] = {}
    for i, block in enumerate(found):
        if block.words and not block.aside and len(block.words) < _HEADED:
            later[_key(block.words)] = i
    listed = [
        not block.aside
        and bool(block.words)
        and (
            bool(_CONTENTS_LINE.fullmatch(block.words))
            or (
                len(block.words) < _HEADED
                and later.get(_key(block.words), -1) > i
                and (block.mark is not None or not block.level)
            )
        )
        for i, block in enumerate(found)
    ]
    out = list(found)
    for i, block in enumerate(found):
        if not listed[i]:
            continue
        lead = _CONTENTS_LINE.fullmatch(block.words) and (
            later.get(_key(block.words), -1) > i or "." in block.words[-12:] or "…" in block.words
        )
        around = [listed[j] for j in (i - 1, i + 1) if 0 <= j < len(found)]
        if lead or any(around):
            out[i] = block._replace(role=FURNITURE, mark=None)
    return out


def _key(words: str) -> str:
    """The words of a heading as its table of contents repeats them: letters and digits, no leader, no page number."""
    words = re.sub(r"(?:\.{3,}|…+|\.(?:\s\.){2,}|_{3,}|\t)\s*\d{1,4}\s*$", "", words)
    return re.sub(r"\W+", "", words.lower())
