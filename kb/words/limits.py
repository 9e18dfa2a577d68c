"""The limits that French legal words set: at most, at least, more, less, before, after, between.

A scanner proposes where a limit may begin, ``grammar/limits.lark`` reads comparator and quantity (``kb.words.bounds``),
``kb.words.scope`` says whether the words before deny it. The operator is the relation that holds of the quantity when the
norm is respected or the condition is met: "ne peut excéder 500 F" is ``<=``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kb.ground import parse
from kb.words.bounds import BACKWARDS, Bound, Reading
from kb.words.scope import Denial, Kind, denial

_DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "="}


class Limit(NamedTuple):
    """``quantity operator value`` as ``text[start:end] == quote`` states it.

    ``operator`` is one of ``< <= > >= =``; ``value`` and ``unit`` are those of ``kb.words.quantities.Quantity``, both
    empty for a bound that is not written in numbers ("un taux fixé par décret").
    """

    start: int
    end: int
    quote: str
    operator: str
    value: str
    unit: str


@lru_cache(1)
def _make() -> list[parse.Make | None]:
    return parse.methods("limits", Reading)


_AFTERWARDS = r"(?:au\s+(?:moins|plus|minimum|maximum)|(?:et|ou)\s+(?:plus|moins|davantage|au[-\s]del[àa])|minim|maxim|[àa]\s+moins\s+d)"
_NUMBER = (
    r"(?:\d|une?\b|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante"
    r"|cinquante|soixante|cent|mill|moiti[ée]|quart|tiers)"
)
_BY_LETTER = {
    "a": r"u\s*[-‐]?\s*(?:moins|plus|minimum|maximum|del[àa]|dessus|dessous|terme|bout)|vant\b|pr[èe]s\b|nt[ée]rieur|ttei|\s+(?:un\s+d[ée]lai|compter|partir|concurrence|l['’]\s?(?:expiration|issue))",
    "à": r"\s+(?:compter|partir|concurrence|l['’]\s?(?:expiration|issue))",
    "b": r"[ée]n[ée]fici\w+[\s,]",
    "c": r"e(?:tte|s)\s+limites?\s|ompris\w*\s+entre",
    "d": r"[ée]pass|['’]intervalle|[èe]s\s+l|ans\s|ispos\w+[\s,]|e\s+(?=" + _NUMBER + r"[^.;:\n]{0,40}[àa]\s+moins\s+d)|u\s+\d[^.;:\n]{0,30}jusqu",
    "e": r"xc[éèe]d|n\s?-?\s?de[çc][àa]|n\s?-?\s?dessous|ntre\b|gale?s?\s*(?:,\s*)?(?:ou|au)\b|st\s+[ée]ga|taient\s+[ée]ga",
    "é": r"ga(?:le?s?|ux)\s*(?:,\s*)?\(?(?:ou|au)\b|tait\s+[ée]ga",
    "i": r"nf[ée]rieur",
    "j": r"usqu",
    "l": r"(?:a|es)\s+limites?\s|imit[ée]e?s?\b|imite\s+d['’]\s?[âa]ge",
    "m": r"oins\s+d|axim|inim",
    "o": r"nt\s+un\s+d[ée]lai",
    "p": r"lus\s+d|lafon|lancher|ost[ée]rieur|ass[ée]e?\s",
    "s": r"up[ée]rieur|ous\s|ont\s+[ée]ga|oient\s+[ée]ga|oit\s+[ée]ga|era\s+[ée]ga|eront\s+[ée]ga",
}  # fmt: skip
_ANY = "|".join(f"{letter}(?:{words})" for letter, words in _BY_LETTER.items())
#: where a limit may begin; the grammar decides
_START = re.compile(
    rf"(?<![\w°])(?:{_ANY}|(?=[A-ZÀÉ])(?i:{_ANY})|(?<!l['’])(?<!\w[-‐.,/])(?i:{_NUMBER})(?=(?:[^.;:!?\n]|\.\s?\d){{1,70}}?\b{_AFTERWARDS}))"
)


def bounds(text: str, missed: bool = False) -> list[Limit]:
    """Every bound of *text*, in order, those without a written value too (see ``limits``).

    With *missed* a delay in which something did not happen is one that has run out: "n'est pas prononcé dans un délai de
    2 ans" is ``>=``, as a condition on the day has it.
    """
    grammar, make, reading = parse.grammar("limits"), _make(), Reading(text)
    found: list[Limit] = []
    last: Denial | None = None
    match = _START.search(text)
    while match is not None:
        walk = grammar.walk(text, match.start())
        made: list[Bound] = grammar.build(walk, make, reading) if walk is not None else []
        if made:
            kind = made[0].kind
            if kind is Kind.DELAY:
                kind = Kind.ADVERB if missed else Kind.FIXED
            last = denial(text, made[0].start, kind, last)
            found += [_limit(text, bound, last, bound is made[0]) for bound in made]
            last = last._replace(end=made[-1].end)
        match = _START.search(text, made[-1].end if made else match.start() + 1)
    return found


def _limit(text: str, bound: Bound, said: Denial, first: bool) -> Limit:
    """*bound* as it is denied or not; of values under the same words, the *first* is quoted with its denial."""
    operator, start = bound.operator, bound.start
    if said.denied:
        operator = BACKWARDS[operator] if bound.kind is Kind.DELAY else _DENIED[operator]
        start = said.start if first else start
    value, unit = (bound.quantity.value, bound.quantity.unit) if bound.quantity else ("", "")
    return Limit(start, bound.end, text[start : bound.end], operator, value, unit)


def limits(text: str) -> list[Limit]:
    """Every limit of *text* that is written in numbers or days, in order.

    >>> [limit[3:] for limit in limits("ne peut être inférieure à 20 % ni excéder trente-six mois")]
    [('>=', '20', '%'), ('<=', '36', 'mois')]

    Any text is answered, at a cost linear in its length; ``text[start:end] == quote``, offsets in code points.
    """
    return [limit for limit in bounds(text) if limit.value]
