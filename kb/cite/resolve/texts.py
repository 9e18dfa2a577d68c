"""What is cited as a whole or by its parts: texts, divisions, annexes, points, and words that stay inside the text read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kb.cite.find import NAMED, PRESENT, SAME, SHORT, THIS, Written
from kb.cite.resolve.citation import AMBIGUOUS, KNOWN, RESOLVED, TARGETED, UNKNOWN
from kb.cite.resolve.holders import Holders
from kb.cite.resolve.meant import About, Meant, Place, Where
from kb.cite.resolve.memory import Memory
from kb.ground.names import slug

# abbreviations that name a court too
_OTHERWISE = ("cedh",)


class Texts:
    """Decides everything but articles. *annexes* are those of the document, by number as printed."""

    def __init__(self, holders: Holders, exists: Callable[[str], bool], annexes: Mapping[str, str]) -> None:
        self._holders = holders
        self._exists = exists
        self._annexes = dict(annexes)

    def _one(self, place: Place, kind: str, path: str = "") -> Meant:
        ids = tuple(f"{each}{path}" for each in place.ids)
        status = place.status or (KNOWN if len(ids) == 1 else AMBIGUOUS if ids else UNKNOWN)
        if status not in TARGETED:
            return Meant(status, kind, None, ids, place.code, about=place.about)
        status = RESOLVED if status == KNOWN and self._exists(ids[0]) else status
        return Meant(status, kind, ids[0], (), place.code, about=place.about)

    # ---- whole texts

    def text(self, w: Written, where: Where, memory: Memory) -> Meant | None:
        """A code or an act; ``None`` where the words turn out to cite nothing ("une lettre recommandée")."""
        holder = w.holder
        assert holder is not None
        if holder.how == SHORT and (w.kind == "code" or holder.words in _OTHERWISE):
            return None  # an abbreviation alone may be another word
        place = self._holders.place(holder, where, memory)
        if holder.kind in ("text", "ilo"):
            return self._one(place, "text")
        if w.kind == "code":
            return self._one(place, "code" if holder.how == NAMED else "internal")
        if holder.how == PRESENT:
            return self._one(place, "self") if place.ids else None
        if holder.how in (SAME, THIS) or (holder.how != NAMED and not place.ids):
            return self._one(place, "internal")
        numbered = holder.number is not None and holder.nature
        if not place.ids and not numbered and holder.signed is None and holder.year is None:
            return None
        return self._one(place, "text")

    def named(self, w: Written, where: Where, memory: Memory) -> Meant | None:
        """A decision, an official journal, a bulletin, an identifier, a question: their kind is what they are."""
        assert w.holder is not None
        place = self._holders.place(w.holder, where, memory)
        return self._one(place, w.kind) if place.ids else None

    # ---- divisions, annexes, points

    def division(self, w: Written, where: Where, memory: Memory) -> Meant:
        steps = "".join(f"/{slug(level)}-{num}" for level, num in w.divisions)
        to_a_book = w.divisions[0][0] in ("livre", "partie")
        holder = w.holder
        if holder is not None and holder.kind not in ("article", "portion", "division", "annex"):
            place = self._holders.place(holder, where, memory)
            own_part = holder.how == PRESENT and place.ids == (where.text,) and not to_a_book
            return self._one(place, "internal" if own_part else "division", steps)
        own = Place((where.text,), where.code) if where.text and holder is None else Place()
        return self._one(own, "division" if holder is None and where.code and to_a_book else "internal", steps)

    def annex(self, w: Written, where: Where, memory: Memory) -> Meant:
        num = w.divisions[-1][1]
        holder = w.holder
        step = f"/annexe-{num}" if num else "/annexe"
        if holder is not None and holder.how != PRESENT and holder.kind not in ("article", "portion", "division"):
            place = self._holders.place(holder, where, memory)
            if place.code and place.code.alias == "cgi" and num:
                annexed = self._holders.codes.tax_annex(num, where.at)
                if annexed:
                    return self._one(Place((annexed.alias,), annexed, holder), "code")
            return self._one(place, "annex", step)
        named = self._annexes.get(num)
        if named:
            return self._one(Place((named,), None, holder), "annex")
        if where.act:
            return self._one(Place((where.act,), None, holder, about=About.of(where.act)), "annex", step)
        own = Place((where.text,), where.code) if where.text else Place()
        return self._one(own, "internal" if holder is None or not num else "annex", step)

    def point(self, w: Written, where: Where, memory: Memory) -> Meant | None:
        steps = _steps(w.fragment[-1])
        holder = w.holder
        if holder is not None and holder.how != PRESENT:
            if holder.kind not in ("act", "code"):
                return self.inside(w, where, memory)
            place = self._holders.place(holder, where, memory)
            return self._one(place, "point", "/" + "/".join(steps)) if place.ids else None
        if not where.act:
            return self.inside(w, where, memory)
        # the nearest division above the citing one under which such a point lies, else one that shares its first number
        for depth in range(len(where.path), -1, -1):
            name = "/".join((where.act, *where.path[:depth], *steps))
            if self._exists(name):
                return self._one(Place((name,), None, holder), "point")
        for depth in range(len(where.path), 0, -1):
            if where.path[depth - 1] == steps[0]:
                steps = [*where.path[:depth], *steps[1:]]
                return self._one(
                    Place((where.act,), None, holder, about=About.of(where.act)), "point", "/" + "/".join(steps)
                )
        return self.inside(w, where, memory)

    # ---- words that stay inside the text being read

    def inside(self, w: Written, where: Where, memory: Memory) -> Meant:
        own = where.provision
        fragment = w.fragment
        holder = w.holder
        target = own
        if holder is not None and holder.kind == "article" and holder.how != PRESENT:
            target = memory.article
        elif holder is not None and holder.kind == "division":
            target = None
        if "précédent" in fragment or "suivant" in fragment:
            moved = _moved_alinea(where.fragment, "précédent" in fragment) if len(fragment) == 1 else None
            target, fragment = (own, moved) if moved else (None, fragment)
        elif holder is not None and holder.kind == "portion":
            target = None
        status = UNKNOWN if target is None else RESOLVED if self._exists(target) else KNOWN
        return Meant(status, "internal", target, (), where.code, None, fragment)


def _steps(point: str) -> list[str]:
    """The divisions of a point: ``II-3`` is II then 3, ``2.3`` is 2 then 2.3."""
    steps: list[str] = []
    for part in point.split("-"):
        numbers = part.split(".")
        steps += [".".join(numbers[: i + 1]) for i in range(len(numbers))]
    return steps


def _moved_alinea(fragment: tuple[str, ...], back: bool) -> tuple[str, ...] | None:
    if not fragment or not fragment[-1].startswith("al"):
        return None
    rank = int(fragment[-1][2:]) + (-1 if back else 1)
    return (*fragment[:-1], f"al{rank}") if rank > 0 else None
