"""Headings are no citations: "Art. 31" alone on its line opens an article of the text itself.

So does the number in a table of contents ("Article 5 – Période d'essai … 12") and the one that a modifying act writes
("« Art. L. 133-3. – Les caisses …"). A whole text that is nothing but the words of an article cites it.
"""

from __future__ import annotations

import re

from kb.ground.parse import Walk

_NUMBERS = ("NUM", "NUM_ALONE", "NUM_PLAIN", "NUM_WORD", "NUM_DOTTED", "PRELIMINARY")
_OPENS = re.compile(r"(?:^|\n)[ \t\u00a0>#*|«\"“-]*$").search
# what follows a heading: the end of its line, a dash or colon, a point and a sentence, or a title that fills the line
_CLOSES = re.compile(
    r"[ \t\u00a0]*(?:\n|$|[.:]?[ \t\u00a0]*[-–—](?=\s)|[ \t\u00a0]:(?=\s)|:\s?\n|\.\s?[A-ZÉÈÀÎ«]|\s\.{3}|[ \t\u00a0](?=[A-ZÉÈÀÎ])[^\n.;]{2,110}(?:\n|$))"
).match
_WORD = re.compile(r"\S").search
#: How far before a citation the beginning of its line is looked for.
_MARGIN = 12


def heading(text: str, start: int, walk: Walk) -> bool:
    """Whether the two words of *walk*, read from *start* and with a capital, are a heading of the text they stand in."""
    (_, noun, _, _), (_, number, _, end) = walk.steps
    if noun != "ARTICLE" or number not in _NUMBERS:
        return False
    margin = text[max(0, start - _MARGIN) : start]
    if start > _MARGIN and "\n" not in margin:
        return False
    if not _OPENS(margin) or not _CLOSES(text, end):
        return False
    return bool(_WORD(text, end) or _WORD(text, 0, start))
