"""The names of the registry as words of the grammar: a new code, treaty or court is a line of data, not of grammar.

``grammar/cite.lark`` imports its names from ``.names``, which is no file: ``names()`` writes it from ``codes.toml``,
``holders.toml`` and ``courts.toml`` when the grammar is compiled.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

#: The files whose names become words.
FILES = ("codes.toml", "holders.toml", "courts.toml")
# letters that capitals or haste leave without their accents
_ACCENTS = {"é": "[ée]", "è": "[èe]", "ê": "[êe]", "ë": "[ëe]", "à": "[àa]", "â": "[âa]", "ô": "[ôo]", "û": "[ûu]", "ù": "[ùu]", "î": "[îi]",
            "ï": "[ïi]", "ç": "[çc]"}  # fmt: skip
_OF = re.compile(r"(?:du |des |de la |de l'|de |d')(?=.)")


def pattern(words: str) -> str:
    """*words* as a regular expression: any white space between them, accents optional, every apostrophe and dash.

    >>> pattern("C. séc. soc.")
    'C\\\\s?\\\\.\\\\s?s[ée]c\\\\s?\\\\.\\\\s?soc\\\\.?'
    """
    made = []
    for i, c in enumerate(words):
        low = c.lower()
        if c == " ":
            made.append("" if words[i - 1] == "." else r"\s+")
        elif c == "'":
            made.append(r"['’]\s?")
        elif c == "-":
            made.append(r"[-‐‑–\s]")
        elif c == ".":
            made.append(r"\s?\.\s?" if i < len(words) - 1 else r"\.?")
        elif c == "°":
            made.append("[°ºo]")
        elif low in _ACCENTS:
            made.append(
                f"[{low}{low.upper()}{_ACCENTS[low][2]}{_ACCENTS[low][2].upper()}]" if c != low else _ACCENTS[low]
            )
        else:
            made.append(re.escape(c))
    return "".join(made).replace("n[°ºo]", r"n\s?[°ºo]")


def _any(patterns: Iterable[str]) -> str:
    """One of *patterns*, the longest first: a name may begin with another. A slash would end the word in lark."""
    return "|".join(sorted(dict.fromkeys(patterns), key=lambda p: (-len(p), p))).replace("/", r"\/")


_OPENING = re.compile(r"(?:\[[^\]]+\]|\w){1,3}").match


def _names(patterns: Iterable[str]) -> str:
    """One of *patterns*, read in any case; grouped by their first letters, or each would be tried at every word."""
    groups: dict[str, list[str]] = {}
    for each in patterns:
        opening = _OPENING(each)
        first = opening.group() if opening else ""
        groups.setdefault(first, []).append(each[len(first) :])
    return "|".join(f"{first}(?:{_any(rests)})" for first, rests in sorted(groups.items()))


def _short(words: str) -> str:
    """An abbreviation: an acronym as it is written, the rest in any case."""
    return pattern(words) if words.isupper() else f"(?i:{pattern(words)})"


def read(registry: Path) -> dict[str, list[str]]:
    """The terminals and the alternatives of each, as regular expressions without flags."""
    codes, holders, courts = (tomllib.loads((registry / name).read_text(encoding="utf-8")) for name in FILES)
    names: list[str] = []
    for code in codes["code"]:
        own = re.sub(r" \((?:nouveau|ancien|1807)\)$", "", code["title"])
        names += [own, *(name["words"] for name in code.get("names", ()))]
    names += codes["unlisted"]["names"]
    # behind "code", whose article may be left out: "du code la santé publique"
    bare = [re.sub(r"^(?:nouveau |ancien )?code ", "", name[0].lower() + name[1:]) for name in names if "ode " in name]
    rest = [_OF.sub("", name, count=1) if _OF.match(name) else name for name in bare]
    texts = [words for holder in holders["holder"] for words in holder["names"]]
    return {
        "CODE_NAME": [pattern(name) for name in rest if ", annexe " not in name],
        "CODE_SHORT": [_short(words) for code in codes["code"] for words in code.get("short", ())],
        "TEXT_NAME": [pattern(words) for words in texts if " " in words],
        # one word keeps its capital: "la Constitution"
        "TEXT_WORD": [pattern(words) for words in texts if " " not in words],
        "TEXT_SHORT": [_short(words) for holder in holders["holder"] for words in holder.get("short", ())],
        "COURT": [_court(court, words, full) for court in courts["court"] for words, full in _named(court)],
        "COURT_HEAD": [f"(?i:{pattern(words)})" for court in courts["court"] for words in court.get("heads", ())],
        "CASE": [court["numbers"] for court in courts["court"]],
    }


def openings(registry: Path) -> list[str]:
    """Names and abbreviations that can open a citation, as the registry writes them; names with and without a capital."""
    codes, holders, courts = (tomllib.loads((registry / name).read_text(encoding="utf-8")) for name in FILES)
    texts = [*codes["code"], *holders["holder"], *courts["court"]]
    found = [words for text in texts for words in (*text.get("short", ()), *text.get("heads", ()))]
    named = [*holders["holder"], *courts["court"]]
    full = [words for text in named for words in text["names"]]
    return found + [form(words[0]) + words[1:] for words in full for form in (str.upper, str.lower)]


def _named(court: dict[str, list[str]]) -> list[tuple[str, bool]]:
    return [*((words, True) for words in court["names"]), *((words, False) for words in court["short"])]


#: A town behind a court's name: "CAA de Marseille", "CA Aix-en-Provence", "tribunal administratif de Cergy-Pontoise".
_SEAT = r"(?:,?\s+(?:de\s+(?:la\s+)?|d['’]\s?)?[A-ZÉÈ][\w’'-]+(?:\s[A-ZÉÈ][\w’'-]+){0,2})?"


def _court(court: dict[str, object], words: str, full: bool) -> str:
    return (f"(?i:{pattern(words)})" if full else pattern(words)) + (_SEAT if court.get("seats") else "")


def names(registry: Path) -> str:
    """The text of the grammar ``names``: terminals that ``cite.lark`` imports."""
    made = read(registry)
    texts = "|".join(filter(None, (f"(?i:{_names(made['TEXT_NAME'])})", _any(made["TEXT_WORD"]))))
    lines = [
        r"CODE_NAME.3: /(?:(?:de|du|des)(?:\s+la(?!\w)|\s+l\s?['’])?\s*|d['’]\s?|la\s+|l['’]\s?)?(?:"
        + _names(made["CODE_NAME"])
        + r")(?-i:(?![a-zà-öø-ÿ\d_]))(?:\s*\((?:nouveau|ancien)\))?/i",
        f"CODE_SHORT.4: /(?:{_any(made['CODE_SHORT'])})(?!\\w)/",
        f"TEXT_NAME.6: /(?:{texts})(?!\\w)/",
        f"TEXT_SHORT.5: /(?:{_any(made['TEXT_SHORT'])})(?!\\w)/",
        # not the mark of "2006/123/CE", nor "décret en Conseil d'État"
        f"COURT.7: /(?<![\\/-])(?<![Ee]n\\s)(?:{_any(made['COURT'])})(?!\\w)/",
        f"COURT_HEAD.7: /(?:{_any(made['COURT_HEAD'])})(?!\\w)/",
        f"CASE: /(?:{_any(made['CASE'])})(?!\\w)/",
    ]
    return "\n".join(lines) + "\n"
