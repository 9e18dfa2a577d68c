"""What was written once is written again: the same words with other numbers are not read anew.

"l'article L. 133-3 du code de la sécurité sociale" and "l'article R. 142-1 du code de la sécurité sociale" say the same but for a
number. What such words say is kept with its offsets and numbers as places in their tokens, and filled in from other tokens.
"""

from __future__ import annotations

from typing import NamedTuple

from kb.cite.find.values import number_of
from kb.cite.find.written import Holder, Written

# words of the grammar that are a number and nothing else
NUMBERS = frozenset(("NUM", "NUM_ALONE", "NUM_PLAIN", "NUM_NEXT"))
Step = tuple[tuple[int, ...], str, int, int]
#: A place in the tokens: which token, its start (0) or end (1), and how far from it.
_Mark = tuple[int, int, int]
_new = tuple.__new__


class _Kept(NamedTuple):
    """One thing written: the record, where its parts are, and which tokens its numbers are (-1: as recorded)."""

    written: Written
    start: _Mark
    end: _Mark
    num: int
    num_end: int
    holder: tuple[_Mark, _Mark] | None


Template = list[_Kept]


def key(text: str, steps: list[Step]) -> tuple[str, ...]:
    """What must be the same for a template to hold: the tokens, and their words but for numbers."""
    return tuple(
        [part for step in steps for part in ((step[1],) if step[1] in NUMBERS else (step[1], text[step[2] : step[3]]))]
    )


def template(text: str, steps: list[Step], written: list[Written]) -> Template | None:
    """What *written* says of any words with the key of *steps*, or ``None`` where a part of it is no place of theirs."""
    numbers: dict[str, int] = {}
    for i, step in enumerate(steps):
        if step[1] in NUMBERS and numbers.setdefault(number_of(text[step[2] : step[3]]), i) != i:
            return None  # the same number twice: which is which?
    kept: Template = []
    for w in written:
        if w.published is not None or w.effective is not None:
            return None
        start, end = _mark(steps, w.start, 0), _mark(steps, w.end, 1)
        holder = w.holder
        marks = (_mark(steps, holder.start, 0), _mark(steps, holder.end, 1)) if holder is not None else None
        if start is None or end is None or (marks is not None and None in marks):
            return None
        kept.append(_Kept(w, start, end, numbers.get(w.num or "", -1), numbers.get(w.num_end or "", -1), marks))  # type: ignore[arg-type]
    return kept


def _mark(steps: list[Step], offset: int, side: int) -> _Mark | None:
    """Where *offset* is in the tokens; two may touch, so that a start is told by a start and an end by an end."""
    for i, (_, name, start, end) in enumerate(steps):
        if (end if side else start) == offset:
            return i, side, 0
        if start < offset < end:
            return None if name in NUMBERS else (i, 0, offset - start)
    return None


def filled(text: str, steps: list[Step], template: Template, group: int) -> list[Written]:
    """The template with the places and numbers of *steps*."""
    out = []
    at = [step[2] for step in steps], [step[3] for step in steps]
    for w, (a, a_end, a_more), (b, b_end, b_more), num, num_end, marks in template:
        holder = w.holder
        if marks is not None and holder is not None:
            (c, c_end, c_more), (d, d_end, d_more) = marks
            holder = _new(Holder, (*holder[:2], at[c_end][c] + c_more, at[d_end][d] + d_more, *holder[4:]))
        out.append(
            _new(Written, (
                at[a_end][a] + a_more, at[b_end][b] + b_more, w[2], holder,
                w[4] if num < 0 else number_of(text[at[0][num] : at[1][num]]),
                w[5] if num_end < 0 else number_of(text[at[0][num_end] : at[1][num_end]]),
                w[6], w[7], group, *w[9:],
            ))
        )  # fmt: skip
    return out
