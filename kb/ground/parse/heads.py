"""How a pattern can begin: what lets the walk try only the words that can stand at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from re import _parser

# letters that match without regard to case besides their own two forms
_ALIKE = {"i": "İı", "s": "ſ", "k": "K", "å": "Å"}
ANY, DIGIT = "", r"\d"
_Heads = set[tuple[str, ...]]


def heads(pattern: str) -> list[list[str]]:
    """How *pattern* can begin: pairs of first and second character, ``\\d`` for any digit, ``""`` for any character.

    It reads the parsed pattern as ``re`` keeps it, and says less rather than wrong where it does not know an operator.
    """
    pairs = {(*head, ANY, ANY)[:2] for head in _begin(_parser.parse(pattern), False)}
    return sorted(map(list, pairs))


def _begin(sequence: Iterable[tuple[object, object]], ignore_case: bool) -> _Heads:
    """The first two characters (fewer where the pattern may end before) of a parsed pattern."""
    found: _Heads = {()}
    for op, value in sequence:
        if all(len(head) == 2 for head in found):
            break
        more: _Heads
        match str(op), value:
            case (("ASSERT" | "ASSERT_NOT" | "AT"), _):
                continue
            case "LITERAL", int() as code:
                more = {(c,) for c in _cased({chr(code)}, ignore_case)}
            case "IN", list() as members:
                more = {(c,) for c in _set_of(members, ignore_case)}
            case "BRANCH", (_, list() as ways):
                more = {head for way in ways for head in _begin(way, ignore_case)}
            case "SUBPATTERN", (_, int() as on, int() as off, _parser.SubPattern() as inner):
                more = _begin(inner, (ignore_case or bool(on & re.I)) and not off & re.I)
            case (
                ("MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT"),
                (
                    int() as least,
                    int() as most,
                    _parser.SubPattern() as inner,
                ),
            ):
                once = _begin(inner, ignore_case)
                more = _joined(once, once) if most > 1 else set(once)
                if least < 2:
                    more |= once
                if least == 0:
                    more.add(())
            case _:
                more = {(ANY, ANY)}
        found = _joined(found, more)
    return found


def _joined(found: _Heads, more: _Heads) -> _Heads:
    joined: _Heads = {head for head in found if len(head) == 2}
    if () in found:
        joined |= more
    firsts = {tail[:1] for tail in more}
    return joined | {(*head, *first) for head in found if len(head) == 1 for first in firsts}


def _set_of(members: list[tuple[object, object]], ignore_case: bool) -> set[str]:
    found: set[str] = set()
    for op, value in members:
        match str(op), value:
            case "LITERAL", int() as code:
                found.add(chr(code))
            case "RANGE", (int() as low, int() as high) if high - low < 256:
                found |= {chr(code) for code in range(low, high + 1)}
            case "CATEGORY", _ if str(value) == "CATEGORY_DIGIT":
                found.add(DIGIT)
            case _:
                return {ANY}  # word characters, white space, negations: too many to list
    return _cased(found, ignore_case)


def _cased(found: set[str], ignore_case: bool) -> set[str]:
    if not ignore_case:
        return found
    plain = {c for c in found if len(c) == 1}
    return found | {form for c in plain for form in (c.lower(), c.upper(), *_ALIKE.get(c.lower(), ""))}
