"""The text of an article whose words name none: the one being read, the one named before or next. Likely is not certain."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from kb.cite.find import Holder, Written
from kb.cite.resolve.citation import UNKNOWN
from kb.cite.resolve.holders import Holders, alike
from kb.cite.resolve.meant import About, Place, Where
from kb.cite.resolve.memory import Memory
from kb.cite.resolve.numbering import fits
from kb.ground.registry import Code

_ELIDED = re.compile(r"\d{3,4}-\d+").match
# a bare number that contracts, treaties and acts have too: never certain without a holder
_SMALL = 100


@lru_cache(4096)
def book(num: str) -> str:
    """The book of a code that a number is in: ``L12..`` for L1235-3, told from ``L12.`` for L123-1."""
    first = num.partition("-")[0]
    return first[:3] + "." * (len(first) - 3)


class Unsaid:
    """Finds the holder that the words leave unsaid. A likely one has the status ``unknown``, with its id."""

    def __init__(self, holders: Holders, exists: Callable[[str], bool]) -> None:
        self._holders = holders
        self._own: dict[str, Place] = {}
        self._exists = exists

    def place(self, w: Written, where: Where, memory: Memory, later: Holder | None) -> Place:
        """The text under which the same number was named before, the one being read, the one named later or last."""
        num = w.num or ""
        before = memory.holder_of.get(num)
        if before is not None:
            return before
        if where.code is not None:
            return self._in_code(where.code, num, where, memory, later)
        if where.act and not w.prefixed:
            return self._in_act(where.act, num, memory)
        if later is not None:
            return self._holders.place(later, where, memory, num)
        return self._prefixed(num, memory) if w.prefixed else self._plain(num, memory)

    def _in_code(self, own: Code, num: str, where: Where, memory: Memory, later: Holder | None) -> Place:
        """The code being read if it can have such an article; *later* is a holder named further on in the same breath."""
        if fits(own.alias, num):
            if later is not None and not self._exists(f"{own.alias}/{num}"):
                place = self._holders.place(later, where, memory, num)
                if len(place.ids) == 1 and self._exists(place.article(place.ids[0], num)):
                    return place
            known = self._own.get(own.alias)
            if known is None:
                known = self._own[own.alias] = Place((own.alias,), own)
            return known
        if later is not None:
            return self._holders.place(later, where, memory, num)
        return self._elided(own, num) or self._last(num, memory)

    def _elided(self, own: Code, num: str) -> Place | None:
        """ "l'article 761-1" in a code whose numbers have letters: its letter was left out."""
        lettered = [f"{own.alias}/{letter}{num}" for letter in "LRD" if _ELIDED(num) and fits(own.alias, letter + num)]
        held = [name for name in lettered if self._exists(name)]
        return Place(tuple(held if len(held) == 1 else lettered), own, lettered=True) if lettered else None

    def _in_act(self, act: str, num: str, memory: Memory) -> Place:
        own = Place((act,), about=About.of(act))
        if not alike(act, "circulaire") or self._exists(own.article(act, num)):
            return own
        # a circular has no articles: "l'article 5" is of the act it speaks of
        return self._last(num, memory)

    @staticmethod
    def _last(num: str, memory: Memory) -> Place:
        last = memory.place
        return last if last is not None and (last.code is None or fits(last.code.alias, num)) else Place()

    def _prefixed(self, num: str, memory: Memory) -> Place:
        """ "L. 1235-3" alone: of the code whose "L. 12…" were named, else of the one named last, where no other could have it."""
        before = memory.books.get(book(num))
        if before is not None:
            return before
        last = memory.code
        if last is not None and fits(last.alias, num):
            others = [code for code in memory.codes.values() if code is not last and fits(code.alias, num)]
            sure = last.alias in memory.here or not others
            return Place((last.alias,), last, status="" if sure else UNKNOWN)
        held = self._holders.holding(num)
        return Place(
            tuple(code.alias for code in held),
            held[0] if len(held) == 1 else None,
            status=UNKNOWN if len(held) == 1 else "",
        )

    @staticmethod
    def _plain(num: str, memory: Memory) -> Place:
        """ "l'article 1241" alone: of the text named last; certain only where nothing else would have such a number."""
        last = memory.place
        if last is None or (last.code is not None and not fits(last.code.alias, num)):
            return Place()
        rank = re.match(r"\d+", num)
        sure = last.code is not None and rank is not None and int(rank.group()) >= _SMALL and not last.status
        return last if sure else last._replace(status=last.status or UNKNOWN)
