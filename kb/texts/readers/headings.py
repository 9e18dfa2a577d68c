"""Which blocks of a body are headings and articles, and what stands under what: decided by what the document itself does.

A mark alone does not say whether it opens a heading or an item. A *scheme* (roman, capital, decimal…) makes headings in a document
when most of its marked blocks read as titles; the numbers must then follow one another; a scheme met for the first time goes
below what is open, one met before goes back to its level. Named divisions have their own order. Inside an article, numbers
make items, unless the file itself calls them headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kb.ground.fault import Fault
from kb.ground.names import slug
from kb.ground.span import Span
from kb.texts.files.layout import ROW, STRONG
from kb.texts.readers.blocks import Block
from kb.texts.readers.marks import (
    ANNEX,
    ARTICLE,
    CAPITAL,
    DASH,
    DECIMAL,
    DEGREE,
    LETTER,
    LEVEL,
    LEVELS,
    ROMAN,
    SIGN,
    Mark,
    letter,
)
from kb.texts.readers.titles import Titles

_BARE = "bare"  # the scheme of headings without a number


class Heading(NamedTuple):
    """What a block opens. ``kind`` is ``division`` or ``article``; ``depth`` counts what is open above it; ``rest`` is where, in the block,
    words begin that are not its title (an article that runs on); ``titled`` says that the next block is its title."""

    kind: str
    number: str
    title: str
    depth: int
    rest: int | None = None
    titled: int | None = None


@dataclass
class _Open:
    """A division or article that is open: its scheme, the value of its number, the level that the file gives it."""

    scheme: str
    value: tuple[int, ...]
    level: int = 0


class Outline(NamedTuple):
    headings: dict[int, Heading]
    faults: list[Fault]


def outline(blocks: Sequence[Block], body: range, articles: bool | None = None) -> Outline:
    """The headings among ``blocks[i]`` for *i* in *body*. *articles*: whether the document is made of articles (``None``: it shows)."""
    return _Reader(blocks, [i for i in body if blocks[i].words and not blocks[i].aside], articles).read()


class _Reader:
    def __init__(self, blocks: Sequence[Block], said: list[int], articles: bool | None) -> None:
        self.blocks, self.said = blocks, said
        self.titles = Titles(blocks, said)
        self.stack: list[_Open] = []
        self.found: dict[int, Heading] = {}
        self.faults: list[Fault] = []
        self.taken: set[int] = set()
        marks = [mark for i in said if (mark := blocks[i].mark)]
        self.articles = sum(m.kind == ARTICLE for m in marks) > 0 if articles is None else articles
        self.levels = any(blocks[i].level for i in said)
        self.makes = self._schemes()
        self.last_article: tuple[int, ...] = ()
        self.items: dict[str, tuple[int, ...]] = {}  # the last item of a list, by scheme

    def _schemes(self) -> dict[str, bool]:
        """Which schemes make headings here: those most of whose blocks read as titles and are followed by something of their own."""
        asked, titles = Counter[str](), Counter[str]()
        for i in self.said:
            mark = self.blocks[i].mark
            if mark and mark.kind not in (LEVEL, ANNEX, ARTICLE, DASH) and not _bare_sign(self.blocks[i], mark):
                scheme = _scheme(mark)
                asked[scheme] += 1
                titles[scheme] += self.titles.reads(i, mark) and not self.titles.lists(i, mark)
        return {scheme: titles[scheme] * 2 >= count for scheme, count in asked.items()}

    def read(self) -> Outline:
        for i in self.said:
            if i not in self.taken:
                self._block(i)
        return Outline(self.found, self.faults)

    def _block(self, i: int) -> None:
        block = self.blocks[i]
        mark = block.mark
        if block.role == ROW:
            return
        if mark is None:
            if self.titles.bare(i):
                self._open(
                    i,
                    _Open(_BARE, (), block.level or (0 if block.role != STRONG else 7)),
                    "division",
                    slug(block.folded)[:60].strip("-"),
                    block.folded,
                )
        elif mark.kind == ANNEX:
            self._annex(i, mark)
        elif mark.kind == LEVEL:
            self._level(i, mark)
        elif mark.kind == ARTICLE:
            self._article(i, mark)
        elif mark.kind != DASH and not _bare_sign(block, mark):
            self._numbered(i, mark)

    # ---- the kinds of headings

    def _annex(self, i: int, mark: Mark) -> None:
        block = self.blocks[i]
        if len(block.folded) > 200 or (block.words[mark.rest :].rstrip().endswith((".", ";", ",")) and not block.level):
            return
        self.stack.clear()
        self.last_article = ()
        self._open(
            i,
            _Open(ANNEX, mark.value),
            "division",
            f"annexe-{mark.number}" if mark.number else "annexe",
            block.words[mark.rest :],
        )

    def _level(self, i: int, mark: Mark) -> None:
        block = self.blocks[i]
        if len(block.folded) > 300 or (not block.level and re.search(r"[.;]\s*$", block.words[mark.rest :])):
            return
        rank = LEVELS.index(mark.level) if mark.level in LEVELS else len(LEVELS)
        while (
            self.stack
            and self.stack[-1].scheme != ANNEX
            and not (self.stack[-1].scheme.startswith("level-") and int(self.stack[-1].scheme[6:]) < rank)
        ):
            self.stack.pop()
        self._open(
            i, _Open(f"level-{rank}", mark.value), "division", f"{mark.level}-{mark.number}", block.words[mark.rest :]
        )

    def _article(self, i: int, mark: Mark) -> None:
        block = self.blocks[i]
        rest = block.words[mark.rest :].strip()
        if (
            not mark.parted
            and rest
            and not (block.level or block.role == STRONG)
            and not (self.titles.says(rest) and rest[:1].isupper())
        ):
            return  # « Article 3 du décret … » begins a sentence
        while self.stack and any(each.scheme == ARTICLE for each in self.stack):
            self.stack.pop()
        while self.stack and self.stack[-1].scheme in (DEGREE, LETTER):
            self.stack.pop()
        if len(mark.value) == 1 and len(self.last_article) == 1 and mark.value[0] > self.last_article[0] + 1:
            self._doubt(
                i,
                f"Après l'article {self.last_article[0]} vient l'article {mark.number} : ceux d'entre eux ne se lisent pas ici.",
            )
        self.last_article = mark.value
        titled = self.titles.says(rest) and not rest.endswith(":") and not self.titles.goes_on(i)
        title = rest if rest and (block.level or titled) else ""
        runs_on = mark.rest if rest and not title else None
        self._open(i, _Open(ARTICLE, mark.value), "article", mark.number, title, runs_on)

    def _numbered(self, i: int, mark: Mark) -> None:
        block = self.blocks[i]
        strong = bool(block.level) or (block.role == STRONG and len(block.folded) < 250)
        scheme = _scheme(mark)
        title = self.titles.reads(i, mark)
        if not (strong or (self.makes.get(scheme) and title and not self.titles.lists(i, mark))):
            self._pass(scheme, mark)
            return
        article = next((each for each in self.stack if each.scheme == ARTICLE), None)
        own = article is not None and len(mark.value) > 1 and mark.value[:1] == article.value  # 2.1 under article 2
        if self.articles and article is not None and not block.level and not own:
            follows = self.titles.next(i)
            if follows is None or not (self.blocks[follows].mark and self.blocks[follows].mark.kind == ARTICLE):  # type: ignore[union-attr]
                return
        for kind, value in self._readings(mark):
            depth = self._fits(kind, value)
            if depth is not None:
                del self.stack[depth:]
                self._open(i, _Open(kind, value, block.level), "division", mark.number, block.words[mark.rest :])
                return
        if not strong:
            sentence = f"« {block.folded[:60]} » : intitulé ou point d'une liste ? Son numéro ne suit rien, il est laissé au texte."
            self._doubt(i, sentence)
        else:
            self._doubt(i, f"Le numéro « {mark.number} » de cet intitulé ne suit pas ceux qui le précèdent.")
            while self.stack and self.stack[-1].level >= (block.level or 7) and self.stack[-1].scheme != ANNEX:
                self.stack.pop()
            self._open(i, _Open(scheme, mark.value, block.level), "division", mark.number, block.words[mark.rest :])

    def _pass(self, scheme: str, mark: Mark) -> None:
        """An item that goes on the numbers of headings takes its number; one of a list begun at 1 does not."""
        before = self.items.get(scheme, ())
        if mark.value[-1:] == (1,) or (before and mark.value == (*before[:-1], before[-1] + 1)):
            self.items[scheme] = mark.value
            return
        for each in self.stack:
            if each.scheme == scheme and _follows(mark.value, each.value):
                each.value = mark.value

    # ---- numbers

    def _readings(self, mark: Mark) -> list[tuple[str, tuple[int, ...]]]:
        """What a mark may count as: a letter I, V, X is a roman number or a capital; 11 under 1 is 1.1 without its point."""
        readings = []
        if mark.kind == ROMAN and len(mark.number) == 1:
            capital = (CAPITAL, (letter(mark.number),))
            roman = (ROMAN, mark.value)
            after = any(each.scheme == CAPITAL and each.value[0] + 1 == capital[1][0] for each in self.stack)
            readings += [capital, roman] if after else [roman, capital]
        elif mark.kind == LETTER and re.fullmatch(r"[ivx]+", mark.number):
            readings += [(LETTER, mark.value), ("small-roman", mark.value)]
        elif mark.kind == DECIMAL and len(mark.value) == 1 and mark.value[0] > 10:
            digits = tuple(map(int, str(mark.value[0])))
            readings += [(DECIMAL, mark.value), (DECIMAL, digits)]
        else:
            readings.append((_scheme(mark), mark.value))
        return readings

    def _fits(self, scheme: str, value: tuple[int, ...]) -> int | None:
        """How many of what is open stay open above a number; ``None`` where it follows nothing."""
        for depth in range(len(self.stack) - 1, -1, -1):
            each = self.stack[depth]
            if each.scheme == scheme and len(each.value) == len(value) and each.value[:-1] == value[:-1]:
                step = value[-1] - each.value[-1]
                if step == 1 or 1 < step <= 3:
                    return depth
        if scheme == DECIMAL and len(value) > 1:
            for depth in range(len(self.stack) - 1, -1, -1):
                each = self.stack[depth]
                if each.scheme != ARTICLE and each.value == value[:-1] and value[-1] in (0, 1):
                    return depth + 1
            above = self.stack[-1].value if self.stack else ()
            return len(self.stack) if value[-1] in (0, 1) and (not above or above[-1:] == value[-2:-1]) else None
        if value and value[-1] == 1 and not any(each.scheme == scheme for each in self.stack):
            return len(self.stack)
        return None

    def _open(self, i: int, opened: _Open, kind: str, number: str, title: str, rest: int | None = None) -> None:
        if opened.scheme == _BARE:
            self._close_bare(opened)
        titled = None
        if not title.strip() and rest is None:
            following = self.titles.next(i)
            if following is not None and self.titles.belongs(following, article=opened.scheme == ARTICLE):
                titled, title = following, self.blocks[following].words
                self.taken.add(following)
        words = re.sub(r"\s+", " ", title).strip(" -–—:*_|")
        self.found[i] = Heading(kind, number, words, len(self.stack), rest, titled)
        self.stack.append(opened)

    def _close_bare(self, opened: _Open) -> None:
        """A heading without a number closes those of its level; without a level, the last one like it."""
        if opened.level and self.levels and opened.level < 7:
            while (
                self.stack
                and (
                    self.stack[-1].level >= opened.level
                    or (self.stack[-1].scheme == _BARE and not self.stack[-1].level)
                )
                and self.stack[-1].scheme != ANNEX
            ):
                self.stack.pop()
            return
        for depth, each in enumerate(self.stack):
            if each.scheme == _BARE:
                del self.stack[depth:]
                return
        if not opened.level:
            while self.stack and self.stack[-1].scheme != ANNEX:
                self.stack.pop()

    def _doubt(self, i: int, sentence: str) -> None:
        block = self.blocks[i]
        self.faults.append(Fault("numero-douteux", sentence, Span("", block.at, block.at + len(block.words))))


def _bare_sign(block: Block, mark: Mark) -> bool:
    """« § 30 » alone numbers the alinéa below it; with words it may be a heading."""
    return mark.kind == SIGN and mark.rest >= len(block.words)


def _follows(value: tuple[int, ...], before: tuple[int, ...]) -> bool:
    return len(value) == len(before) and value[:-1] == before[:-1] and value[-1:] == (before[-1] + 1,)


def _scheme(mark: Mark) -> str:
    return DEGREE if mark.kind == DEGREE else mark.kind
