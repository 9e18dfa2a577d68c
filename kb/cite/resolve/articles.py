"""Which article a number means: the text that its words name, or the one that they leave unsaid."""

from __future__ import annotations

import re

from kb.cite.find import BARE, Holder, Written
from kb.cite.resolve.citation import (
    ABSENT,
    AMBIGUOUS,
    CONTRADICTED,
    KNOWN,
    NOT_COVERED,
    RESOLVED,
    UNKNOWN,
)
from kb.cite.resolve.holders import Holders
from kb.cite.resolve.meant import Held, Meant, Place, Where
from kb.cite.resolve.memory import Memory
from kb.cite.resolve.unsaid import Unsaid, book

#: For an article that names no holder: the next one named in the same breath, and whether it closes its own list.
Closing = tuple[Holder, bool]
# holders that are a place of the text being read: "article 5 du présent titre"
_PLACES = ("article", "portion", "division")
# texts whose "6-1" is the first paragraph of article 6
_TREATIES = ("convention", "traite", "charte", "protocole", "declaration")
_new = tuple.__new__
_PARAGRAPH = re.compile(r"(\d+)[-.](\d+)").fullmatch


class Articles:
    """Decides articles."""

    def __init__(self, holders: Holders, held: Held) -> None:
        self._holders = holders
        self._held = held
        self._unsaid = Unsaid(holders, held.exists)

    def decide(self, w: Written, where: Where, memory: Memory, closing: Closing | None) -> Meant:
        holder = None if w.holder is None or _passed_over(w, w.holder) else w.holder
        place = self._place(w, holder, where, memory, closing)
        divisions = w.divisions
        if place.code and divisions and place.code.alias == "cgi":
            annexed = self._holders.codes.tax_annex(divisions[-1][1], where.at)
            if annexed:
                place, divisions = place._replace(ids=(annexed.alias,), code=annexed), ()
        if len(place.ids) != 1 or place.status in (UNKNOWN, CONTRADICTED, NOT_COVERED):
            return self._undecided(w, place, holder)
        return self._decided(w, place, divisions, memory)

    def _place(self, w: Written, holder: Holder | None, where: Where, memory: Memory, closing: Closing | None) -> Place:
        num = w.num or ""
        if holder is not None:
            place = self._holders.place(holder, where, memory, num)
            if len(place.ids) == 1:
                memory.holder_of[num] = place
            return place
        if closing is not None and closing[1]:
            return self._holders.place(closing[0], where, memory, num)
        return self._unsaid.place(w, where, memory, closing[0] if closing else None)

    @staticmethod
    def _undecided(w: Written, place: Place, holder: Holder | None) -> Meant:
        """Several candidates, one that is likely, or none."""
        num, fragment = _numbered(w, place)
        of_code = place.code or (place.holder or holder) is None or (holder and holder.kind == "code")
        kind = "code_article" if of_code else "text_article"
        status = place.status or (AMBIGUOUS if place.ids else UNKNOWN)
        targets = tuple(place.article(each, num) for each in place.ids)
        return Meant(status, kind, None, targets, place.code, num, fragment, place.about)

    def _decided(self, w: Written, place: Place, divisions: tuple[tuple[str, str], ...], memory: Memory) -> Meant:
        (text,) = place.ids
        num, fragment = _numbered(w, place)
        if w.loose and place.code:
            num, fragment = self._glued(text, num, fragment, w.loose)
        name = place.article(text, num)
        if divisions:
            step, number = divisions[-1]
            name = f"{name}/{step}-{number}" if number else f"{name}/{step}"
        candidates: tuple[str, ...] = ()
        if w.num_end and self._held.between:
            candidates = tuple(self._held.between(name, place.article(text, w.num_end)))
        memory.article = name
        if place.code and w.prefixed:
            memory.books[book(num)] = place
        kind = "code_article" if place.code else "text_article"
        return _new(Meant, (self._status(name, place), kind, name, candidates, place.code, num, fragment, place.about))

    def _status(self, name: str, place: Place) -> str:
        if self._held.exists(name):
            return RESOLVED
        if place.code and self._held.whole(place.code.alias):
            return ABSENT
        return place.status or KNOWN

    def _glued(self, text: str, num: str, fragment: tuple[str, ...], by: str) -> tuple[str, tuple[str, ...]]:
        """Whether the roman numeral after a number belongs to it: "L. 136-5-V" is V of L136-5, unless an L136-5-V exists."""
        for whole in (f"{num}-{fragment[0]}", f"{num}{fragment[0]}"):
            # the tax code letters its articles through the alphabet: "150 VI" is an article
            if self._held.exists(f"{text}/{whole}") or (
                by == " " and text.startswith(("cgi", "code-general-des-impots")) and "-" not in whole
            ):
                return whole, fragment[1:]
        return num, fragment


def _passed_over(w: Written, holder: Holder) -> bool:
    """Whether *holder* holds no articles of that number: a place of the text being read, or "des décisions" behind "R. 155-1"."""
    return holder.kind in _PLACES or (w.prefixed and (holder.how == BARE or holder.kind == "document"))


def _numbered(w: Written, place: Place) -> tuple[str, tuple[str, ...]]:
    """The number and fragment of an article as the text numbers them."""
    num = w.num or ""
    if place.about is not None and place.about.nature in _TREATIES and place.ids and "/" not in place.ids[0]:
        paragraph = _PARAGRAPH(num)
        if paragraph and not place.ids[0].startswith("idcc"):
            return paragraph[1], (paragraph[2], *w.fragment)
    return num, w.fragment


def closing(written: list[Written]) -> dict[int, Closing]:
    """The ``Closing`` of each article that names no holder, by its rank in *written*."""
    found: dict[int, Closing] = {}
    group, path = -1, -1
    holder: Holder | None = None
    for i in range(len(written) - 1, -1, -1):
        w = written[i]
        if w.group != group:
            group, holder = w.group, None
        if w.kind != "article":
            continue
        if w.holder is not None:
            holder, path = w.holder, w.path
        elif holder is not None:
            found[i] = holder, w.path == path
    return found
