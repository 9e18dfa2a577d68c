"""The day of an act, and that of its gazette, from where they are written: the name of the act, a place, a session, the end.

Days of application, of a visa, of a receipt and of cited acts are not its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from kb.ground.fault import Fault
from kb.ground.names import fold
from kb.ground.period import in_french
from kb.ground.span import Span
from kb.texts.readers import days
from kb.texts.readers.blocks import Block
from kb.texts.readers.head import REFERENCES, VISA, closes

_PLACE = re.compile(
    r"(?:^|\b)(?:fait\s+(?:et\s+\w+\s+)?(?:à\s+[^,\n]{2,60})?,?\s*(?:en\s+[^,\n]{2,40},?\s*)?le\s+|fait\s+le\s+|(?:à\s+)?[A-ZÀ-Ü][\w'’\- ]{1,50},?\s+le\s+)$",
    re.I,
)
_OWN_DAY = re.compile(
    r"(?:^|\n|[|:]\s*)\s*(?:s[ée]ance\s+(?:publique\s+|ordinaire\s+|extraordinaire\s+|pl[ée]ni[èe]re\s+)*(?:du|en date du)|(?:audience|lecture)\s+(?:publique\s+)?du|(?:prononc[ée]e?|rendue?|lu)\s+(?:publiquement\s+)?(?:en\s+audience\s+publique\s+)?le|date(?:\s+de\s+(?:la\s+)?(?:signature|d[ée]cision|s[ée]ance|publication|d[ée]lib[ée]ration|l['’]acte))?\s*:|sign[ée]e?\s+le|en\s+date\s+du|du|le)\s*(?:\w+di\s+)?$",
    re.I,
)
_ALIEN_DAY = re.compile(
    r"application|entr[ée]e en vigueur|effet|r[ée]ception|re[çc]u|d[ée]p[ôo]t|publi|visa|cnp|affich|limite|mise en|export|impression|[ée]ch[ée]ance|transmi|notifi|convoc|consult|mise à jour|t[ée]l[ée]transmi|\bjorf\b|journal officiel",
    re.I,
)
_PUBLISHED = re.compile(
    r"(?:JORF|journal\s+officiel|\bJ\.?\s?O\.?\b|bulletin\s+officiel|\bB\.?\s?O\.?\b|date\s+de\s+(?:d[ée]but\s+de\s+)?publication|publi[ée]e?\s+(?:au\s+\S+\s+)?le)",
    re.I,
)
_BLANK_DAY = re.compile(r"\ble\s*[.…_]*\s*$|\b(?:du|le)\s*[.…_X]{2,}", re.I)


def century_of(nor: str | None) -> int | None:
    if nor is None:
        return None
    year = int(re.sub(r"\D", "", nor)[:2])
    return 1900 if year > 60 else 2000


def signed(
    blocks: Sequence[Block], body: int, named: tuple[int, date | None] | None, century: int | None
) -> tuple[date | None, Span | None, list[Fault]]:
    """The day of signature, where it is written, and what is doubtful.

    *named* is the block in which the document names itself, with the day that its name says; that day comes first, and another day
    of signature that differs from it is a fault. Without either the day is unknown, and that is a fault.
    """
    signatures = list(_signature_days(blocks, body, century))
    own, dated = (named[1], span(blocks, named[0])) if named and named[1] else (None, None)
    if own is None and signatures:
        own, dated = signatures[0][1], span(blocks, signatures[0][0])
    if own is None:
        place = span(blocks, named[0]) if named else Span("", 0, 1)
        blank = next((i for i, b in enumerate(blocks) if len(b.folded) < 80 and _BLANK_DAY.search(b.folded)), None)
        if blank is not None:
            place = span(blocks, blank)
        sentence = "Aucune date de signature ne se lit dans ce document : elle reste inconnue."
        return None, None, [Fault("date-inconnue", sentence, place, hint="--signed la donne")]
    other = next(((i, day) for i, day, weight in signatures if day != own and weight), None)
    if other is None:
        return own, dated, []
    sentence = f"Deux dates de signature ne concordent pas : {in_french(own)}, et ici {in_french(other[1])}. La première est gardée."
    return own, dated, [Fault("dates-discordantes", sentence, span(blocks, other[0]), hint="--signed en décide")]


def _signature_days(blocks: Sequence[Block], body: int, century: int | None) -> Iterator[tuple[int, date, bool]]:
    """``(block, day, weighty)`` of the days that stand where a document is dated; in the head first, then at its end."""
    ends = [i for i in range(len(blocks)) if blocks[i].words and not blocks[i].aside]
    tail = [i for i in ends if i >= body and len(blocks[i].folded) < 240]
    weak: list[tuple[int, date, bool]] = []
    for i in [*[i for i in ends if i < body], *tail]:
        words = blocks[i].words
        if REFERENCES.match(fold(words)) and not re.match(r"(?i)fait", words):
            continue
        for found in days.written(words, century):
            line = words[words.rfind("\n", 0, found.start) + 1 : found.start]
            if VISA.match(fold(words)) or _ALIEN_DAY.search(line):
                continue
            if _PLACE.search(line) and len(line) < 90 and (i < body or closes(words)):
                yield i, found.day, True
            elif (i < body and (_OWN_DAY.search(line) or not line.strip(" |-–—*_:")) and len(words) < 400) or (
                i < body and re.match(r"l['’]an\b", words[found.start :], re.I)
            ):
                weak.append((i, found.day, False))
    yield from weak


def published(blocks: Sequence[Block], body: int, century: int | None) -> date | None:
    """The day of the gazette that the pages carry, or that the head states."""
    for i, block in enumerate(blocks):
        if not block.words or (i >= body and not block.aside) or VISA.match(fold(block.words)):
            continue
        for line in block.words.split("\n"):
            match = _PUBLISHED.search(line)
            if match and not re.search(r"non\s+paru|sera\s+publi|export", line, re.I):
                day = days.first(line[match.end() : match.end() + 90], century)
                if day:
                    return day
    return None


def span(blocks: Sequence[Block], i: int) -> Span:
    block = blocks[i]
    return Span("", block.at, block.at + max(1, len(block.words)))
