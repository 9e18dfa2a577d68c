"""From words to values: numbers, ordinals, months, natures. The grammar has said that the words are of these kinds."""

from __future__ import annotations

import re
from functools import lru_cache

from kb.ground.names import article_number, fold

MONTHS = {
    "jan": 1, "fev": 2, "mar": 3, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aou": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ORDINALS = {
    name: n
    for n, names in enumerate(
        (
            "premier premiere", "deuxieme second seconde", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme",
            "huitieme", "neuvieme", "dixieme", "onzieme", "douzieme", "treizieme", "quatorzieme", "quinzieme", "seizieme",
            "dix-septieme", "dix-huitieme", "dix-neuvieme", "vingtieme", "vingt-et-unieme", "vingt-deuxieme",
            "vingt-troisieme", "vingt-quatrieme", "vingt-cinquieme", "vingt-sixieme", "vingt-septieme", "vingt-huitieme",
            "vingt-neuvieme", "trentieme",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
COUNTS = {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8}
_NATURES = {
    "loi": "loi", "ordonnance": "ordonnance", "decret": "decret", "arrete": "arrete", "circulaire": "circulaire",
    "instruction": "instruction", "lettre": "lettre", "decision": "decision", "deliberation": "deliberation", "avis": "avis",
    "note": "note", "convention": "convention", "accord": "accord", "avenant": "avenant", "protocole": "protocole",
    "reglement": "reglement-ue", "directive": "directive-ue",
    "l.": "loi", "d.": "decret", "decr.": "decret", "ord.": "ordonnance", "arr.": "arrete", "circ.": "circulaire", "instr.": "instruction",
    "ani": "accord", "ccn": "convention", "ccnt": "convention", "lf": "loi", "lfr": "loi", "lfss": "loi", "lfrss": "loi", "l.fin.": "loi",
    "dir.": "directive-ue", "regl.": "reglement-ue", "dec.": "decision",
}  # fmt: skip
_NEAR = {"precedent": "précédent", "suivant": "suivant"}
DASHES = dict.fromkeys(map(ord, "‐‑‒–—−―"), "-")
_REGISTERED = re.compile(r"(IDCC|NOR)[^A-Z\d]*((?:[A-Z]{4})?\d+[A-Z]?)").search
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")


_PLAIN = {**dict.fromkeys(map(ord, " .*\n\u00a0\u202f\u2009")), **dict.fromkeys(map(ord, "‐‑‒–—−―"), "-")}
_DOTTED = re.compile(r"\d\.\d").search
_SIMPLE = re.compile(r"[LRDA]?\d+(?:-\d+)*").fullmatch


@lru_cache(4096)
def number_of(words: str) -> str:
    """The number of an article as ids write it: ``number_of("R. * 911-3") == "R911-3"``."""
    if _DOTTED(words):
        return article_number(_INVISIBLE.sub("", words))
    plain = words.translate(_PLAIN)
    if _SIMPLE(plain):
        return plain  # most numbers need no more than that
    return article_number(_INVISIBLE.sub("", words))


_PARAGRAPH = re.compile(r"\d{1,2}(?:bis|ter|quater|quinquies)?").fullmatch
_LEADING = re.compile(r"\d+").match


def nested(before: str, num: str) -> bool:
    """Whether *num*, behind the article *before* and a comma, is a paragraph of it: numbers of articles go up in a list.

    >>> nested("6", "1"), nested("150-0D", "1ter"), nested("5", "6"), nested("L241-13", "3")
    (True, True, False, False)
    """
    first = _LEADING(before)
    return bool(first and _PARAGRAPH(num) and int(_LEADING(num).group()) < int(first.group()))  # type: ignore[union-attr]


@lru_cache(1024)
def folded(words: str) -> str:
    return " ".join(fold(_INVISIBLE.sub(" ", words)).split())


@lru_cache(1024)
def nature(words: str) -> str:
    """The nature of an act, as ids write it: ``nature("Décrets") == "decret"``."""
    first, *more = re.split(r"[\s-]", folded(words))
    if more and more[0].startswith("circulaire"):
        return "circulaire"  # "lettre-circulaire"
    return _NATURES.get(first) or _NATURES.get(first.rstrip("s")) or first


@lru_cache(512)
def ordinal(words: str) -> int:
    word = re.sub(r"\s+", "-", folded(words)).rstrip("s")
    if word.startswith("avant"):
        return -2
    if word.startswith("dernier"):
        return -1
    digits = re.match(r"\d+", word)
    return int(digits.group()) if digits else _ORDINALS.get(word, 0)


@lru_cache(512)
def mark(words: str) -> str:
    """The mark of a portion as fragments write it: "1° bis" is ``1°bis``, "b)" is ``b``."""
    return re.sub(r"[\s)]+", "", words.translate(DASHES)).replace("º", "°")


@lru_cache(512)
def division_number(words: str) -> str:
    number = re.sub(r"\s+", "", words)
    folded = fold(number)
    return "I" if folded == "ier" else re.sub(r"(?<=\d)er$", "", folded if len(folded) > 6 else number)


def point(words: str) -> str:
    """The number of a point or paragraph: ``II-3``, ``2.3``, ``f``."""
    return re.sub(r"\s+", "", words).translate(DASHES).rstrip(".-)")


def act_number(words: str) -> str:
    return re.sub(r"\s+", "", words.translate(DASHES)).rstrip(".-/")


@lru_cache(512)
def abbreviated(words: str) -> str:
    """An abbreviation without its dots and spaces: "C. trav." is ``ctrav``."""
    return re.sub(r"[\s.]+", "", folded(words))


def case_number(words: str) -> str:
    """The number of a decision: ", pourvoi n° 17-82.138" is ``17-82.138``."""
    number = re.search(r"(?:[CTF]\s?-\s?)?\d.*$", words.translate(DASHES), re.S)
    # "2018-768DC" and "2018-768 DC", "C-597 / 17" and "C-597/17" are one
    plain = re.sub(r"\s+", "", number.group()) if number else ""
    return re.sub(r"(?<=\d)(?=(?:QPC|DC|LP|FNR|ORGA|PDR)$)", " ", plain)


def registered(words: str) -> tuple[str, str]:
    """A number that stands for an act: "(IDCC 2216)" is ``("idcc", "2216")``, "NOR : SPSS9301537D" ``("nor", "SPSS9301537D")``."""
    name, number = _REGISTERED(words).groups()  # type: ignore[union-attr]
    return name.lower(), number.lstrip("0")


def near(words: str) -> str:
    return _NEAR[folded(words).rstrip("es").rstrip("s")[:9]] if folded(words)[:4] == "prec" else "suivant"


def union_number(words: str) -> str:
    """ "(CE) n° 883/2004" and "2005/36/CE" as ``883/2004``, ``2005/36``."""
    found = re.search(r"\d{1,4}\s?/\s?\d{1,4}", words)
    return re.sub(r"\s", "", found.group()) if found else act_number(words)
