"""How a pattern can begin: what lets the walk try only the words that can stand at a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import _parser

# letters that match without regard to case besides their own two forms
_ALIKE = {"i": "İı", "s": "ſ", "k": "K", "å": "Å"}
#: Characters of a word that are looked at before its pattern is tried, and the classes that stand for many.
DEPTH = 3
ANY, DIGIT, SPACE = "", r"\d", r"\s"
# characters of a set, and ways of beginning, that are told one by one
_TOLD, _MOST = 64, 6000
_Heads = set[tuple[str, ...]]


def heads(pattern: str) -> list[list[str]]:
    """How *pattern* can begin: its first characters, ``\\d`` and ``\\s`` for any digit or space, ``""`` for any character.

    It reads the parsed pattern as ``re`` keeps it, and says less rather than wrong where it does not know an operator.
    """
    forms = {(*head, *[ANY] * DEPTH)[:DEPTH] for head in _begin(_parser.parse(pattern), False, True)}
    return sorted(map(list, forms))


def classes(c: str) -> set[str]:
    """What stands for the character *c* in a head."""
    return {c, ANY, DIGIT} if c.isdecimal() else {c, ANY, SPACE} if c.isspace() else {c, ANY}


def _begin(sequence: Sequence[tuple[object, object]], ignore_case: bool, last: bool) -> _Heads:
    """The first characters (fewer where the pattern may end before) of a parsed pattern.

    *last* says that nothing of the pattern comes after: what it then looks ahead for comes next.
    """
    found: _Heads = {()}
    for i, (op, value) in enumerate(sequence, 1):
        ends = last and i == len(sequence)
        if all(len(head) == DEPTH for head in found):
            break
        more: _Heads
        match str(op), value:
            case "ASSERT", (1, _parser.SubPattern() as inner) if ends:
                more = _begin(inner, ignore_case, True)
            case (("ASSERT" | "ASSERT_NOT" | "AT"), _):
                continue
            case "LITERAL", int() as code:
                more = {(c,) for c in _cased({chr(code)}, ignore_case)}
            case "IN", list() as members:
                more = {(c,) for c in _set_of(members, ignore_case)}
            case "BRANCH", (_, list() as ways):
                more = {head for way in ways for head in _begin(way, ignore_case, ends)}
            case "SUBPATTERN", (_, int() as on, int() as off, _parser.SubPattern() as inner):
                more = _begin(inner, (ignore_case or bool(on & re.I)) and not off & re.I, ends)
            case (
                ("MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT"),
                (
                    int() as least,
                    int() as most,
                    _parser.SubPattern() as inner,
                ),
            ):
                once = _begin(inner, ignore_case, False)
                more = set() if least else {()}
                repeated: _Heads = {()}
                for times in range(1, min(most, DEPTH) + 1):
                    repeated = _joined(repeated, once)
                    if times >= min(least, DEPTH):
                        more |= repeated
            case _:
                more = {(ANY,) * DEPTH}
        found = _joined(found, more)
    return found


def _joined(found: _Heads, more: _Heads) -> _Heads:
    """*found* followed by *more*, cut to the depth; beyond ``_MOST`` ways only the first characters are told."""
    if len(found) * len(more) > _MOST:
        found = {(head[0], *[ANY] * (DEPTH - 1)) if head else head for head in found}
        more = {tail[:1] if len(tail) < 2 else (tail[0], *[ANY] * (DEPTH - 1)) for tail in more}
    return {(*head, *tail)[:DEPTH] if len(head) < DEPTH else head for head in found for tail in more}


def _set_of(members: list[tuple[object, object]], ignore_case: bool) -> set[str]:
    found: set[str] = set()
    for op, value in members:
        match str(op), value:
            case "LITERAL", int() as code:
                found.add(chr(code))
            case "RANGE", (int() as low, int() as high) if high - low < _TOLD:
                found |= {chr(code) for code in range(low, high + 1)}
            case "CATEGORY", _ if str(value) == "CATEGORY_DIGIT":
                found.add(DIGIT)
            case "CATEGORY", _ if str(value) == "CATEGORY_SPACE":
                found.add(SPACE)
            case _:
                return {ANY}  # word characters, negations: too many to list
    return _cased(found, ignore_case)


def _cased(found: set[str], ignore_case: bool) -> set[str]:
    if not ignore_case:
        return found
    plain = {c for c in found if len(c) == 1}
    return found | {form for c in plain for form in (c.lower(), c.upper(), *_ALIKE.get(c.lower(), ""))}
