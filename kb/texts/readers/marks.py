"""How a block opens: the number or word that ``grammar/heading.lark`` reads, and the value by which numbers are counted."""

from __future__ import annotations

import re
from typing import NamedTuple

from kb.ground.names import fold, slug
from kb.ground.parse import grammar

LEVEL, ANNEX, ARTICLE, ROMAN, CAPITAL, DECIMAL, DEGREE, LETTER, SIGN, DASH = (
    "level", "annex", "article", "roman", "capital", "decimal", "degree", "letter", "sign", "dash",
)  # fmt: skip

# The order of divisions that have a name, from the outside in.
LEVELS = (
    "partie",
    "livre",
    "titre",
    "sous-titre",
    "chapitre",
    "section",
    "sous-section",
    "paragraphe",
    "sous-paragraphe",
)
_KINDS = {
    "LEVEL": LEVEL, "NTH": LEVEL, "ANNEX": ANNEX, "ARTICLE": ARTICLE, "ROMAN": ROMAN, "CAPITAL": CAPITAL, "DECIMAL": DECIMAL,
    "NESTED": DECIMAL, "MIXED": DECIMAL, "DEGREE": DEGREE, "LETTER": LETTER, "SIGN": SIGN, "DASH": DASH,
}  # fmt: skip
_NUMBERS = (
    "LEVEL_NUMBER",
    "NTH",
    "ANNEX_NUMBER",
    "ARTICLE_NUMBER",
    "ROMAN",
    "CAPITAL",
    "NESTED",
    "MIXED",
    "DECIMAL",
    "DEGREE",
    "LETTER",
    "DIGITS",
)
_NTH = ("premiere", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")


class Mark(NamedTuple):
    """``kind``, the ``level`` of a named division, ``number`` as ids write it, its ``value`` as it is counted, whether something
    parts it from the words, and where these begin in the block."""

    kind: str
    level: str
    number: str
    value: tuple[int, ...]
    parted: bool
    rest: int


def mark(words: str) -> Mark | None:
    """How *words*, a block without white space before it, opens; ``None`` where it has no number, name or dash."""
    walk = grammar("heading").walk(words, 0)
    if walk is None or walk.tokens[0].start != 0:
        return None
    tokens = {token.type: words[token.start : token.end] for token in walk.tokens}
    kind = _KINDS[walk.tokens[0].type]
    printed = next((tokens[name] for name in _NUMBERS if name in tokens), "")
    level = fold(tokens.get("LEVEL") or tokens.get("LEVEL_NAME") or "").replace(" ", "-")
    rest = walk.end + len(words[walk.end :]) - len(words[walk.end :].lstrip())
    number = _number(kind, printed)
    return Mark(kind, level, number, _value(kind, number), "AFTER" in tokens, rest)


def _number(kind: str, printed: str) -> str:
    number = re.sub(r"(?i)technique|n\s?°|\s+", "", printed).rstrip(".)")
    folded = fold(number)
    if folded in ("ier", "1er", "premier", "premiere"):
        return "I" if kind == LEVEL and folded != "1er" else "1"
    nth = "deuxieme" if folded in ("second", "seconde") else folded
    if nth in _NTH:
        return _ROMAN[_NTH.index(nth)]
    if kind == LEVEL and not number.isdigit():
        return number.upper() if re.fullmatch(r"[ivxlcIVXLC]+", number) else slug(number)
    return number.removesuffix("er") if kind in (ARTICLE, SIGN) else number


def _value(kind: str, number: str) -> tuple[int, ...]:
    if kind == ROMAN or (kind in (LEVEL, ANNEX, ARTICLE) and re.fullmatch(r"[IVXLC]+", number)):
        return (roman(number),)
    if kind in (CAPITAL, LETTER) or (kind in (LEVEL, ANNEX) and re.fullmatch(r"[A-Z]", number)):
        return (letter(number),)
    if kind == DECIMAL and number[:1].isalpha():
        first, *parts = re.findall(r"[IVX]+|[A-Z]|[a-z]|\d+", number)
        above = roman(first) if re.fullmatch(r"[IVX]+", first) else letter(first)
        return (above, *(int(part) if part.isdigit() else letter(part) for part in parts))
    digits = re.findall(r"\d+", number)
    return tuple(map(int, digits)) if digits else ()


def roman(number: str) -> int:
    """The value of a roman number, its Latin suffix left out."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[c] for c in re.sub(r"[^IVXLC]", "", number)]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def letter(number: str) -> int:
    """1 for a or A, 2 for b or B; ``aa`` comes after ``z``."""
    return ord(number[-1].lower()) - ord("a") + 1 + 26 * (len(number) - 1)
