"""One code as one Markdown file: front matter, headings, articles, in the two dialects met.

* ``##### Article L1`` under ``## Partie législative``: the level of a heading is its number of marks;
* ``Article 1`` and ``Titre I : …`` alone on their lines, without marks.

A line opens an article when it is ``Article`` and a number alone between blank lines, or a heading. An article that
stands twice is read once, where its words first stand; a fault says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from kb.ground.fault import Fault
from kb.ground.period import Edge
from kb.texts.containers.records import REMOVED, Statement, Text, division_step

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_FIELD = re.compile(r'^(\w+):\s*"?(.*?)"?\s*$', re.M)
_ARTICLE = re.compile(
    r"^(#{2,6}\s+)?Article\s+((?:Annexe\b|[A-Z]{0,2}[.*\s]{0,3}\d|[IVXLC]+$|unique|préliminaire|liminaire)[^\n]{0,80}?)\s*$"
)
_HEADING = re.compile(r"^(#{2,6})\s+(\S.*?)\s*$")
_BARE = re.compile(
    r"^((?:Partie|Livre|Titre|Chapitre|Section|Sous-section|Paragraphe|Sous-paragraphe)\s+"
    r"(?:[IVXLC]+(?:er)?|\d+(?:er)?|législative|réglementaire|unique|préliminaire|premier)\b[^\n]{0,240}|Dispositions préliminaires)$",
    re.I,
)
_RANKS = ("partie", "livre", "titre", "chapitre", "section", "sous-section", "paragraphe", "sous-paragraphe")


class Article(NamedTuple):
    """An article of one file: its number, the titles above it, its words, its rank."""

    num: str
    titles: tuple[str, ...]
    body: str
    rank: int


def fields(text: str) -> dict[str, str]:
    """The front matter."""
    front = _FRONT.match(text)
    return dict(_FIELD.findall(front.group(1))) if front else {}


def articles(text: str) -> Iterator[Article]:
    """The articles of a file, in order."""
    front = _FRONT.match(text)
    lines = text[front.end() if front else 0 :].split("\n")
    stack: list[tuple[int, str]] = []
    num: str | None = None
    titles: tuple[str, ...] = ()
    body: list[str] = []
    rank = 0
    for i, line in enumerate(lines):
        heading = _heading(lines, i)
        if heading is None:
            if num is not None:
                body.append(line)
            continue
        if num is not None:
            yield Article(num, titles, "\n".join(body).strip("\n"), rank)
        rank += 1
        level, words = heading
        if level:
            while stack and stack[-1][0] >= level:
                stack.pop()
            stack.append((level, words))
            num = None
        else:
            num, titles, body = words, tuple(title for _, title in stack), []
    if num is not None:
        yield Article(num, titles, "\n".join(body).strip("\n"), rank)


def _heading(lines: list[str], i: int) -> tuple[int, str] | None:
    """The level and words of a heading, level 0 for an article; ``None`` for a line of text."""
    line = lines[i].rstrip()
    if not line or line[0] not in "#APLTCSDaplcstd":
        return None
    alone = (i == 0 or not lines[i - 1].strip()) and (i + 1 == len(lines) or not lines[i + 1].strip())
    article = _ARTICLE.match(line)
    if article and (article.group(1) or alone):
        return 0, article.group(2)
    marked = _HEADING.match(line)
    if marked:
        return len(marked.group(1)), marked.group(2)
    bare = _BARE.match(line) if alone else None
    if bare:
        step = division_step(bare.group(1)).rpartition("-")[0] or bare.group(1).split()[0].lower()
        level = next(
            (n for n, name in enumerate(_RANKS) if step == name or (step.startswith("partie") and name == "partie")), 0
        )
        return level + 2, bare.group(1)
    return None


class State:
    """What a file said last: a digest for each article, so that a change is seen without keeping the words."""

    def __init__(self) -> None:
        self.seen: dict[str, bytes] = {}
        self.doubled: set[str] = set()
        self.headed = False

    def take(self, text: str) -> None:
        """Know what *text* says without stating it."""
        self.headed = True
        for article in articles(text):
            self.seen.setdefault(article.num, _digest(article))

    def change(self, cid: str, text: str, day: date, member: str, said: str) -> Iterator[Text | Statement | Fault]:
        """What a file that now says *text* begins and ends on *day*."""
        if not self.headed:
            self.headed = True
            yield Text(cid, "code", fields(text).get("title", cid))
        now: dict[str, bytes] = {}
        for article in articles(text):
            if article.num in now:
                if now[article.num] != _digest(article) and article.num not in self.doubled:
                    self.doubled.add(article.num)
                    yield Fault(
                        "article-double",
                        f"« {member} » : l'article {article.num} y est deux fois avec des mots différents ; les premiers sont gardés.",
                    )
                continue
            now[article.num] = _digest(article)
            if self.seen.get(article.num) != now[article.num]:
                body = article.body or None
                yield Statement(
                    cid,
                    article.num,
                    day,
                    Edge.UNKNOWN,
                    None,
                    article.num,
                    "",
                    body,
                    "plain",
                    f"{member}#{article.num}",
                    article.titles,
                    article.rank,
                    said=said,
                )
        for num in self.seen:
            if num not in now:
                yield Statement(cid, num, day, Edge.UNKNOWN, None, num, REMOVED, None, "", member, said=said)
        self.seen = now


def _digest(article: Article) -> bytes:
    """Of the words and where they stand; the spacing does not count."""
    return blake2b(" ".join(article.body.split()).encode(), digest_size=12).digest()
