"""A text as the grammar reads it: every character knows where it comes from, so that spans are the text's own.

Most texts are read as they stand. Where white space comes in runs, where characters do not show (zero-width spaces,
marks of direction, soft hyphens) or where accents are written apart, the runs are read as one space, one line end or
one blank line, the invisible as nothing, and letters with their accents as one.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from typing import NamedTuple

_HIDDEN = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_ODD = re.compile(rf"[^\S\n]\s|\n[^\S\n]|[{_HIDDEN}]|[\u0300-\u036f]").search
# one set of characters is searched at the speed of memory; most texts end there
_RARE = re.compile(
    rf"[\t\r\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000{_HIDDEN}\u0300-\u036f]"
).search
_RUNS = re.compile(rf"[\s{_HIDDEN}]{{2,}}|[{_HIDDEN}]|[^\s\u0300-\u036f][\u0300-\u036f]+")
_BLANK = re.compile(r"\n[^\S\n]*\n").search
_INVISIBLE = re.compile(rf"[{_HIDDEN}]")


class View(NamedTuple):
    """``text`` is what is read; ``at[i]`` of it comes from ``origin[i]`` of the text, and so on until ``at[i + 1]``."""

    text: str
    at: list[int]
    origin: list[int]

    def start(self, offset: int) -> int:
        """Where the character at *offset* begins in the text."""
        i = bisect_right(self.at, offset) - 1
        return self.origin[i] + offset - self.at[i]

    def end(self, offset: int, text: str) -> int:
        """Where what ends at *offset* ends in *text*, the text itself; what does not show is left outside."""
        stop = self.start(offset)
        while stop and (text[stop - 1].isspace() or _INVISIBLE.match(text[stop - 1])):
            stop -= 1
        return stop


def view(text: str) -> View | None:
    """The view of *text*, or ``None`` where it is read as it stands."""
    if "  " not in text and " \n" not in text and "\n " not in text and (_RARE(text) is None or _ODD(text) is None):
        return None
    pieces: list[str] = []
    at, origin = [0], [0]
    done = size = 0
    for run in _RUNS.finditer(text):
        start, end = run.span()
        words = run.group()
        if words[0].isspace() or _INVISIBLE.match(words):
            spaces = _INVISIBLE.sub("", words)
            shown = "" if not spaces else "\n\n" if _BLANK(spaces) else "\n" if "\n" in spaces else " "
        else:
            shown = unicodedata.normalize("NFC", words)
        pieces += (text[done:start], shown)
        size += start - done
        at.append(size)
        origin.append(start)
        size += len(shown)
        at.append(size)
        origin.append(end)
        done = end
    pieces.append(text[done:])
    return View("".join(pieces), at, origin)
