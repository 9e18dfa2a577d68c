"""The values of the grammar's rules over one text: one method a rule, called at each reduction.

Rules of ``grammar/cite.lark`` become ``Path``: a chain of lists from the inside out (portions, articles, divisions) and
the holders at its end. ``kb.cite.find.paths`` turns paths into what is written.
"""

from __future__ import annotations

import re
from typing import Any

from kb.cite.find.holders import Holders
from kb.cite.find.shapes import Division, Listed, Number, Path
from kb.cite.find.values import act_number, folded
from kb.cite.find.written import NAMED, SAID, Holder
from kb.ground import parse

_COMMA_OF = re.compile(r",\s*(?:d(?:u|es)|de\s+l)(?!\w*dit)", re.I).match


class Reading(Holders):
    """The rules that join what is cited in one breath."""

    # -- paths

    def inverted(self, c: list[Any]) -> list[Number]:
        if type(c[0]) is parse.Token:
            return [c[1]]
        return c[0] if c[1].type == "MARKS" else self._more(c[0], c[1], c[2])

    def coded(self, c: list[Any]) -> tuple[Holder, list[Number]]:
        code = c[0]
        if type(code) is Holder:
            return code, [self.number(c[1:] if c[1].type == "NUM_ALONE" else c[2:])]
        code[1].append(c[2]._replace(ranged=c[1].type == "TO"))
        return code  # type: ignore[no-any-return]

    def published(self, c: list[Any]) -> dict[str, Any]:
        days = {}
        for token, day in zip(c[::2], c[1::2], strict=True):
            days["effective" if token.type == "EFFECTIVE" else "published"] = day
        return days

    def bare(self, c: list[Any]) -> Path:
        return Path([Listed("articles", c[0])], c[-1])

    def path(self, c: list[Any]) -> Path:
        """Told apart by what comes first: a word, a numbered code, annexes, a chain of lists, or holders."""
        first = c[0]
        if type(first) is parse.Token:
            return self._path_of_word(c)
        if type(first) is Holder:
            return Path([], [first])
        if type(first) is tuple:
            days = c[1] if len(c) > 1 else {}
            return Path([Listed("inverted", first[1])], [first[0]], days.get("published"), days.get("effective"))
        if type(first[0]) is Division:
            return Path([Listed("annexes", first)], c[2])
        if type(first[0]) is Listed:
            return self._path_of_chain(c)
        days = c[-1] if type(c[-1]) is dict else {}
        chain = [Listed("inverted", each) for each in c[1:] if type(each) is list]
        return Path(chain, first, days.get("published"), days.get("effective"))

    def _path_of_word(self, c: list[Any]) -> Path:
        first = c[0]
        if len(c) == 1:
            return Path([], [self.identifier(first)])
        if first.type == "ANSWER":
            return Path([], [Holder("question", NAMED, first.start, c[1][2], self.words(first), signed=c[1][0])])
        if first.type == "OF_SAID":
            # "du" belongs to the sentence, "dit" to the citation; they are one word
            return Path([], [self._pointed(SAID, first.start, c[1])])
        if first.type == "NUMBER_SIGN":
            signed, _, end = c[2]
            number = act_number(self.words(c[1]))
            return Path([], [Holder("act", NAMED, first.start, end, "", "", number, signed)])
        annex = Listed("annexes", [Division("annexe", "", first.start, first.end)])
        if type(c[2][0]) is Number:
            return Path([annex, Listed("articles", c[2])], [])
        return Path([annex], c[2])

    def _path_of_chain(self, c: list[Any]) -> Path:
        chain = c[0]
        if chain[0].kind == "his":
            chain[0] = Listed("articles", chain[0].members)
            start = chain[0].members[0].start
            holders = c[-1] if type(c[-1]) is list and len(c) > 1 else [Holder("last", SAID, start, start)]
            return Path(chain, holders)
        if len(c) == 1:
            return Path(chain, [])
        if len(c) == 5:
            return Path([*chain, Listed("annexes", c[2])], c[4])
        last = c[-1]
        if len(c) == 3 and type(c[1]) is parse.Token and c[1].type == "CODE_ANNEX":
            number = folded(self.words(c[1])).split()[-1].removeprefix("ann.")
            return Path([*chain, Listed("annexes", [Division("annexe", number, c[1].start, c[1].end)])], [last])
        if type(last) is list:
            return Path(chain, [self.bare_act(last)] if type(last[0]) is parse.Token else last)
        if type(last) is Holder:
            return Path(chain, [last])
        if last.type == "DOCUMENT":
            return Path(chain, [Holder("document", NAMED, last.start, last.end)])
        return Path(chain, [self._pointed(SAID, c[1].start, last)])

    def group(self, c: list[Any]) -> list[Path]:
        if len(c) == 1:
            return c
        known: list[Path] = c[0]
        token, path = c[1:]
        # "articles L. 3 et L. 4, 1er alinéa, du code du travail": a comma, then the holder of what comes before it
        of = not path.chain and _COMMA_OF(self.text, token.start)
        last = known[-1]
        if of and last.chain and not last.holders and not (_prefixed(last) and path.holders[0].kind == "act"):
            known[-1] = last._replace(holders=path.holders)
        elif of and last.aside and known[-2].chain and not known[-2].holders:
            known[-2] = known[-2]._replace(holders=path.holders, apart=True)
        else:
            known.append(path._replace(aside=token.type == "WORDING"))
        return known

    start = staticmethod(parse.PASS)


def _prefixed(path: Path) -> bool:
    """Whether the last article of *path* has a letter, as those of codes have: "L. 133-2"."""
    listed = path.chain[-1]
    return listed.kind == "articles" and listed.members[-1].prefixed
