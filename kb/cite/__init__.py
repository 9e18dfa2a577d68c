"""Find what is cited, as written; decide nothing.

``find`` walks a text once. A fast scanner says where a citation could begin (``kb.cite.scan``; it decides nothing), the
grammar ``grammar/cite.lark`` says whether one does and how far it goes, and each thing cited becomes a
``Written``: what the words say, with its own span. What they mean (which code, which act, which day) is for
``kb.resolve``.

A list gives one ``Written`` a member, each with its own span; a range one for each end, ``num_end`` on the first. A
holder that closes a list ("…, L. 3 du code du travail") lies in the span of the last member.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from kb import parse
from kb.cite.paths import write
from kb.cite.reading import Reading
from kb.cite.scan import NEAR_MISS, NEXT, OVER
from kb.cite.values import nature
from kb.cite.written import CITED, NAMED, PRESENT, SAID, SAME, THIS, Found, Holder, Written

__all__ = ["CITED", "NAMED", "PRESENT", "SAID", "SAME", "THIS", "Found", "Holder", "Written", "find", "nature"]


@lru_cache(1)
def _make() -> list[parse.Make | None]:
    """The method of ``Reading`` for each rule of the grammar; imported rules lose their prefix."""
    return [
        None if name.startswith("__") else getattr(Reading, name.rpartition("__")[2])
        for name, _ in parse.grammar("cite").rules
    ]


def find(text: str) -> Found:
    """Everything that *text* cites, in order. Any text is answered; the cost is linear in its length.

    Offsets are code points of *text*. Where accents are written as separate marks (not NFC) the words are read composed
    and the spans carried back.
    """
    return _find_plain(text) if text.isascii() or unicodedata.is_normalized("NFC", text) else _find_composed(text)


def _find_plain(text: str) -> Found:
    grammar = parse.grammar("cite")
    reading = Reading(text)
    make = _make()
    written: list[Written] = []
    faults: list[tuple[int, int, str]] = []
    walk, build = grammar.walk, grammar.build
    group, at, size = 0, 0, len(text)
    while True:
        at = NEXT(text, at).end()  # type: ignore[union-attr]
        if at >= size:
            break
        found = walk(text, at)
        if found is None:
            miss = NEAR_MISS(text, at)
            if miss is not None:
                faults.append(
                    (
                        at,
                        miss.end(),
                        f"« {' '.join(miss.group().split())} » ressemble à une citation, et ne se lit pas.",
                    )
                )
            at = OVER(text, at).end()  # type: ignore[union-attr]
            continue
        group += 1
        write(build(found, make, reading), group, written)
        at = found.end
    return Found(written, faults)


def _find_composed(text: str) -> Found:
    """``find`` on the composed text, its spans carried back to *text*."""
    pieces: list[str] = []
    origin: list[int] = []  # for each character of the composed text, where it begins in text
    at = 0
    for cluster in re.finditer(r"[^\u0300-\u036f][\u0300-\u036f]{0,4}|[\u0300-\u036f]", text):
        composed = unicodedata.normalize("NFC", cluster.group())
        pieces.append(composed)
        origin += [cluster.start()] * len(composed)
        at = cluster.end()
    origin.append(at)
    composed_text = "".join(pieces)
    if not unicodedata.is_normalized("NFC", composed_text):
        # rarer marks than these are read as they stand
        composed_text, origin = text, list(range(len(text) + 1))
    found = _find_plain(composed_text)
    return Found(
        [
            w._replace(
                start=origin[w.start],
                end=origin[w.end],
                published=_moved(w.published, origin),
                effective=_moved(w.effective, origin),
            )
            for w in found.written
        ],
        [(origin[start], origin[end], sentence) for start, end, sentence in found.faults],
    )


def _moved(day: tuple[date, int, int] | None, origin: list[int]) -> tuple[date, int, int] | None:
    return day and (day[0], origin[day[1]], origin[day[2]])
