"""What was written once is written again: the same words with other numbers are not read anew.

"l'article L. 133-3 du code de la sécurité sociale" and "l'article R. 142-1 du code de la sécurité sociale" say the same but for a
number. What such words say is kept with its offsets and numbers as places in their tokens, and filled in from other tokens.
"""

from __future__ import annotations

from typing import NamedTuple

from kb.cite.find.values import mark, nested, number_of
from kb.cite.find.written import Holder, Written

# words of the grammar that are a number, or the mark of a portion, and nothing else
_NUMBERS = frozenset(("NUM", "NUM_ALONE", "NUM_PLAIN", "NUM_NEXT"))
_MARKS = frozenset(
    ("DEGREE", "DEGREE_ALONE", "DEGREE_ROUND", "ROMAN", "ROMAN_ALONE", "LETTER", "LETTER_ALONE", "LETTER_ROUND")
)
_OTHER_MARKS = frozenset(("UPPER", "UPPER_ALONE", "DIGIT", "DIGIT_ALONE", "DASH_ROMAN", "LETTER_OF", "POINT_NUM"))
# words that say the same in each of their forms: "article" and "articles", "du" and "de l'", "et" and ","
_JOINTS = frozenset(("AND", "ARTICLE", "AT", "FOLLOWING", "INTO", "OF", "TO"))
# "le présent I": the mark is the name of a holder
_POINTERS = frozenset(("PRESENT", "SAME", "SAID", "OF_SAID", "THIS"))
Step = tuple[tuple[int, ...], str, int, int]
#: A place in the tokens: its rank among their starts, then their ends, and how far from it.
_Place = tuple[int, int]
_new = tuple.__new__


class _Held(NamedTuple):
    """A holder: what comes before and after its span, and where that is."""

    before: tuple[object, ...]
    start: _Place
    end: _Place
    after: tuple[object, ...]


class _Kept(NamedTuple):
    """One thing written: where it is and its fields. A number is the rank of its token, or itself where the words never vary; so are
    the steps of a fragment, which is ``None`` where all of them are as in ``same``."""

    start: _Place
    end: _Place
    kind: str
    holder: _Held | None
    num: int | str | None
    num_end: int | str | None
    fragment: tuple[int | str, ...] | None
    same: tuple[str, ...]
    divisions: tuple[tuple[str, str], ...]
    rest: tuple[object, ...]


Template = list[_Kept]


def key(text: str, steps: list[Step]) -> tuple[str, ...]:
    """What must be the same for a template to hold: the tokens, and their words but for numbers and marks."""
    parts = []
    pointed = False
    for i, (_, name, start, end) in enumerate(steps):
        parts.append("nested" if name == "NUM_NEXT" and _nested(text, steps, i) else name)
        if name in _NUMBERS or name in _JOINTS or (name in _MARKS and not pointed):
            pointed = False
        else:
            parts.append(text[start:end])
            pointed = name in _POINTERS
    return tuple(parts)


def template(text: str, steps: list[Step], written: list[Written]) -> Template | None:
    """What *written* says of any words with the key of *steps*, or ``None`` where a part of it is no place of theirs."""
    numbers: dict[str, int] = {}
    marks: dict[str, int] = {}
    fixed: set[str] = set()
    before = ""
    for i, (_, name, start, end) in enumerate(steps):
        if name == "NUM_NEXT" and _nested(text, steps, i):
            return None  # a number that is read as a paragraph
        if name in _NUMBERS:
            if numbers.setdefault(number_of(text[start:end]), i) != i:
                return None  # the same number twice: which is which?
        elif name in _MARKS and before not in _POINTERS:
            if marks.setdefault(mark(text[start:end]), i) != i:
                return None
        elif name in _MARKS or name in _OTHER_MARKS:
            fixed.add(mark(text[start:end]).strip("-."))
        before = name
    if not fixed.isdisjoint(marks):
        return None
    kept: Template = []
    held: _Held | None = None
    holder: Holder | None = None
    for w in written:
        if w.published is not None or w.effective is not None:
            return None
        begin, stop = _place(steps, w.start, 0), _place(steps, w.end, 1)
        if begin is None or stop is None:
            return None
        if w.holder is not holder:
            holder, held = w.holder, None
            if holder is not None:
                first, last = _place(steps, holder.start, 0), _place(steps, holder.end, 1)
                if first is None or last is None:
                    return None
                held = _Held(holder[:2], first, last, holder[4:])
        fragment = tuple([marks.get(step, step) for step in w.fragment])
        kept.append(
            _Kept(
                begin, stop, w.kind, held, _of(numbers, w.num), _of(numbers, w.num_end),
                None if fragment == w.fragment else fragment, w.fragment, w.divisions, w[9:],
            )
        )  # fmt: skip
    return kept


def _nested(text: str, steps: list[Step], i: int) -> bool:
    """Whether the number of step *i* is a paragraph of the article before it: see ``values.nested``."""
    if i < 2 or text[steps[i - 1][2] : steps[i - 1][3]] != ",":
        return False
    before = next((step for step in reversed(steps[: i - 1]) if step[1] in _NUMBERS), None)
    if before is None:
        return False
    return nested(number_of(text[before[2] : before[3]]), number_of(text[steps[i][2] : steps[i][3]]))


def _of(numbers: dict[str, int], num: str | None) -> int | str | None:
    return None if num is None else numbers.get(num, num)


def _place(steps: list[Step], offset: int, side: int) -> _Place | None:
    """Where *offset* is in the tokens; two may touch, so that a start is told by a start and an end by an end."""
    for i, (_, name, start, end) in enumerate(steps):
        if (end if side else start) == offset:
            return i + side * len(steps), 0
        if start < offset < end:
            return None if name in _NUMBERS or name in _MARKS or name in _JOINTS else (i, offset - start)
    return None


def filled(text: str, steps: list[Step], template: Template, group: int) -> list[Written]:
    """The template with the places, numbers and marks of *steps*."""
    out = []
    size = len(steps)
    at = [step[2] for step in steps]
    at += [step[3] for step in steps]
    made: Holder | None = None
    last: _Held | None = None
    for (start, start_more), (end, end_more), kind, held, num, num_end, fragment, same, divisions, rest in template:
        if held is not last:
            last, made = held, None
            if held is not None:
                before, (a, a_more), (b, b_more), after = held
                made = _new(Holder, (*before, at[a] + a_more, at[b] + b_more, *after))
        if type(num) is int:
            num = number_of(text[at[num] : at[size + num]])
        if type(num_end) is int:
            num_end = number_of(text[at[num_end] : at[size + num_end]])
        if fragment is not None:
            same = tuple(
                [mark(text[at[step] : at[size + step]]) if isinstance(step, int) else step for step in fragment]
            )
        out.append(
            _new(Written, (
                at[start] + start_more, at[end] + end_more, kind, made, num, num_end, same, divisions, group, *rest,
            ))
        )  # fmt: skip
    return out
