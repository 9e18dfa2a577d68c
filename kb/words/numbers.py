"""Numbers as French writes them: whole numbers in words without bound, ordinals, figures.

The words have been read by ``grammar/quantities.lark``; here they get their value.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from kb.ground.names import fold

_UNITS = "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_WORTH = {
    **{word: n for n, word in enumerate(_UNITS.split(" "))},
    "une": 1, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80,
    "octante": 80, "nonante": 90, "cent": 100, "mil": 1000, "mille": 1000, "millier": 1000, "million": 10**6,
    "milliard": 10**9,
}  # fmt: skip
_SPLIT = re.compile(r"[\s‐‑–-]+").split
# the stem before -ième where it is not the number less its "e"
_STEMS = {"cinqu": "cinq", "neuv": "neuf"}


@lru_cache(2048)
def whole(words: str) -> int:
    """The value of a number in words.

    >>> whole("cent quatre-vingt-quinze"), whole("soixante et onze"), whole("deux cent mille")
    (195, 71, 200000)

    Raises ``ValueError`` for words that are no number.
    """
    total = group = 0
    for word in _SPLIT(fold(words).strip()):
        if word == "et":
            continue
        worth = _WORTH.get(word)
        if worth is None:
            worth = _WORTH.get(word.removesuffix("s"))
        if worth is None:
            raise ValueError(f"'{words}' is not a number in words")
        if worth >= 1000:
            total += (group or 1) * worth
            group = 0
        elif worth == 100:
            group = (group or 1) * 100
        elif worth == 20 and group % 100 == 4:
            group += 76
        else:
            group += worth
    return total + group


@lru_cache(1024)
def rank(words: str) -> int:
    """The value of an ordinal, in words or in figures.

    >>> rank("vingt-neuvième"), rank("soixante et onzième"), rank("premier"), rank("15ème")
    (29, 71, 1, 15)

    Raises ``ValueError`` for words that are no ordinal.
    """
    flat = fold(words).strip().removesuffix("s")
    if figures_ := re.match(r"\d+", flat):
        return int(figures_.group())
    if flat in ("premier", "premiere"):
        return 1
    if flat in ("second", "seconde"):
        return 2
    stem = flat.removesuffix("ieme")
    if stem == flat:
        raise ValueError(f"'{words}' is not an ordinal")
    *before, last = re.split(r"([\s‐‑–-]+)", stem)
    last = _STEMS.get(last, last)
    return whole("".join(before) + (last if last in _WORTH else last + "e"))


_PARTS = {"moitie": 2, "tiers": 3, "quart": 4}


@lru_cache(1024)
def part(words: str) -> int:
    """Into how many a part divides: ``part("quarts") == 4``, ``part("tiers") == 3``, ``part("dixième") == 10``."""
    flat = fold(words).strip()
    return (
        {"moitie": 2, "tiers": 3, "quart": 4}.get(flat)
        or {"moitie": 2, "quart": 4}.get(flat.removesuffix("s"))
        or rank(words)
    )


@lru_cache(4096)
def figures(words: str) -> Decimal:
    """A number in figures: spaces or dots between thousands, a comma or a dot before decimals.

    >>> figures("500 000"), figures("0,49"), figures("157, 93"), figures("50.000"), figures("2.5")
    (Decimal('500000'), Decimal('0.49'), Decimal('157.93'), Decimal('50000'), Decimal('2.5'))
    """
    flat = re.sub(r"\s", "", words)
    if re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", flat):
        flat = flat.replace(".", "")
    return Decimal(flat.replace(",", "."))


def plain(value: Decimal) -> str:
    """*value* without exponent or useless zeros: ``plain(Decimal("2.50")) == "2.5"``."""
    words = f"{value:f}"
    return words.rstrip("0").rstrip(".") if "." in words else words
