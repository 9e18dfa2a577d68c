"""Find what is cited, as written; decide nothing.

``find`` walks a text once. A fast scanner says where a citation could begin (``kb.cite.find.scan``; it decides nothing), the
grammar ``grammar/cite.lark`` says whether one does and how far it goes, and each thing cited becomes a
``Written``: what the words say, with its own span. What they mean (which code, which act, which day) is for
``kb.cite.resolve``.

A list gives one ``Written`` a member, each with its own span; a range one for each end, ``num_end`` on the first. A
holder that closes a list ("…, L. 3 du code du travail") lies in the span of the last member.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from kb.cite.find.headings import heading
from kb.cite.find.paths import write
from kb.cite.find.reading import Reading
from kb.cite.find.scan import NEAR_FIRST, NEAR_MISS, OVER, starts
from kb.cite.find.templates import Template, filled, key, template
from kb.cite.find.values import nature
from kb.cite.find.view import view
from kb.cite.find.written import BARE, CITED, NAMED, PRESENT, SAID, SAME, SHORT, THIS, Found, Holder, Written
from kb.ground import parse

__all__ = [
    "BARE",
    "CITED",
    "NAMED",
    "PRESENT",
    "SAID",
    "SAME",
    "SHORT",
    "THIS",
    "Found",
    "Holder",
    "Written",
    "find",
    "forget",
    "nature",
]


@lru_cache(1)
def _make() -> list[parse.Make | None]:
    return parse.methods("cite", Reading)


_SHORT = 2000  # characters: what an alinéa takes at most, but for one in a hundred


def find(text: str) -> Found:
    """Everything that *text* cites, in order. Any text is answered; the cost is linear in its length.

    Offsets are code points of *text*, which is read through ``kb.cite.find.view``. Versions of an article share most of their
    alinéas, so the last short texts are remembered: what is returned must not be changed.
    """
    return _remembered(text) if len(text) < _SHORT else _viewed(text)


@lru_cache(2048)
def _remembered(text: str) -> Found:
    return _viewed(text)


def _viewed(text: str) -> Found:
    seen = view(text)
    if seen is None:
        return _find(text)
    found = _find(seen.text)

    def moved(day: tuple[date, int, int] | None) -> tuple[date, int, int] | None:
        return day and (day[0], seen.start(day[1]), seen.end(day[2], text))

    return Found(
        [
            w._replace(
                start=seen.start(w.start),
                end=seen.end(w.end, text),
                holder=w.holder
                and w.holder._replace(start=seen.start(w.holder.start), end=seen.end(w.holder.end, text)),
                published=moved(w.published),
                effective=moved(w.effective),
            )
            for w in found.written
        ],
        [(seen.start(start), seen.end(end, text), sentence) for start, end, sentence in found.faults],
    )


def _find(text: str) -> Found:
    grammar = parse.grammar("cite")
    reading = Reading(text)
    make = _make()
    written: list[Written] = []
    faults: list[tuple[int, int, str]] = []
    walk, build = grammar.walk, grammar.build
    group, at, size = 0, 0, len(text)
    following = starts()
    while True:
        at = following(text, at).end()  # type: ignore[union-attr]
        if at >= size:
            break
        found = walk(text, at)
        if found is None:
            miss = NEAR_MISS(text, at) if text[at] in NEAR_FIRST else None
            if miss is not None:
                said = f"« {' '.join(miss.group().split())} » ressemble à une citation, et ne se lit pas."
                faults.append((at, miss.end(), said))
            at = OVER(text, at).end()  # type: ignore[union-attr]
            continue
        if len(found.steps) == 2 and text[at].isupper() and heading(text, at, found):
            at = found.end
            continue
        group += 1
        steps = found.steps
        if len(steps) > _LONG:
            write(build(found, make, reading), group, written)
        else:
            name = key(text, steps)
            known = _KNOWN.get(name)
            if known is not None:
                written += filled(text, steps, known, group)
            else:
                first = len(written)
                write(build(found, make, reading), group, written)
                made = template(text, steps, written[first:])
                if made is not None:
                    if len(_KNOWN) >= _MOST:
                        _KNOWN.clear()
                    _KNOWN[name] = made
        at = found.end
    return Found(written, faults)


_LONG = 32  # tokens
_MOST = 16384
_KNOWN: dict[tuple[str, ...], Template] = {}


def forget() -> None:
    """Drop what is kept of words read before: for measures that must not profit from an earlier round."""
    _KNOWN.clear()
