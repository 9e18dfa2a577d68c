"""What a holder means: which code had that name on that day, which act that is, what "ledit" points at."""

from __future__ import annotations

from collections.abc import Callable

from kb.cite.find import BARE, NAMED, PRESENT, SHORT, Holder
from kb.cite.find.values import abbreviated
from kb.cite.resolve.acts import ActNames, budget
from kb.cite.resolve.citation import CONTRADICTED, NOT_COVERED, UNKNOWN
from kb.cite.resolve.codes import Codes
from kb.cite.resolve.meant import About, Place, Where
from kb.cite.resolve.memory import Memory
from kb.cite.resolve.numbering import fits
from kb.cite.resolve.rulings import Rulings, bulletin, gazette, identifier, question
from kb.ground.names import fold
from kb.ground.registry import Code, Known, Registry, packaged

# natures that one text may call itself by turns
_ADMINISTRATIVE = ("circulaire", "instruction", "lettre", "note")


def alike(act: str, nature: str) -> bool:
    """Whether the text *act* can call itself "présente" *nature*."""
    own = act.partition("/")[0]
    return own == nature or (own in _ADMINISTRATIVE and nature in _ADMINISTRATIVE)


class Holders:
    """The codes, acts and other texts that are known, found by the words that name them. It remembers no document.

    The codes and acts of a base are those of *registry*; names and abbreviations are those that the grammar reads.
    """

    def __init__(self, registry: Registry, exists: Callable[[str], bool]) -> None:
        self._exists = exists
        self._registry = registry
        self.codes = Codes(registry)
        self._acts = ActNames(registry)
        self._rulings = Rulings(packaged())
        self._texts: dict[str, Known] = {}
        for known in packaged().holders:
            self._texts |= {" ".join(fold(name).split()): known for name in known.names}
            self._texts |= {abbreviated(short): known for short in known.short}
        self._of_kind: dict[str, Callable[[Holder], Place]] = {
            "constitution": self._constitution,
            "text": self._text,
            "ilo": self._ilo,
            "document": lambda holder: Place(holder=holder, status=NOT_COVERED),
            "ruling": self._rulings.place,
            "gazette": gazette,
            "bulletin": bulletin,
            "identifier": identifier,
            "question": question,
        }

    def place(self, holder: Holder, where: Where, memory: Memory, num: str = "") -> Place:
        """What *holder* names for an article *num* (or none); what it names is remembered."""
        if holder.kind == "code":
            return self._code(holder, where, memory, num)
        if holder.kind == "act":
            return self._act(holder, where, memory)
        if holder.kind == "last":
            last = memory.place
            # "son article 40" is not of a code that has no such numbers
            return last if last and (last.code is None or fits(last.code.alias, num)) else Place(holder=holder)
        of_kind = self._of_kind.get(holder.kind)
        if of_kind is None:
            return Place(holder=holder)
        place = of_kind(holder)
        if holder.kind in ("text", "ilo", "constitution") and place.ids:
            memory.place = place
        elif holder.kind == "document" and holder.how == NAMED:
            memory.met_unknown(code=False)
        return place

    def holding(self, num: str) -> list[Code]:
        """The codes that hold an article *num* in the knowledge base."""
        return [code for code in self._registry.codes if fits(code.alias, num) and self._exists(f"{code.alias}/{num}")]

    def _constitution(self, holder: Holder) -> Place:
        code = self.codes.constitution(holder.words)
        return Place((code.alias,), code, holder) if code else Place(holder=holder)

    def _text(self, holder: Holder) -> Place:
        known = self._texts.get(holder.words) or self._texts.get(abbreviated(holder.words))
        if known is None:
            return Place(holder=holder)
        about = About(known.kind, known.number, known.signed)
        said = (holder.number and holder.number != known.number) or (holder.signed and holder.signed != known.signed)
        return Place((known.id,), None, holder, status=CONTRADICTED if said else "", about=about)

    @staticmethod
    def _ilo(holder: Holder) -> Place:
        """A convention of the International Labour Organization, by its number."""
        about = About("convention", holder.number, holder.signed)
        return Place((f"oit-{holder.number}",) if holder.number else (), None, holder, about=about)

    def _code(self, holder: Holder, where: Where, memory: Memory, num: str) -> Place:
        if holder.how == PRESENT:
            code = where.code
        elif holder.how not in (NAMED, SHORT):
            own = where.code
            code = memory.code or (own if own and (not num or fits(own.alias, num)) else None)
            if holder.words.startswith("annexe "):
                taxes = code is not None and code.alias.startswith(("cgi", "code-general-des-impots"))
                code = self.codes.tax_annex(holder.words[7:], where.at) if taxes else None
        else:
            codes = self.codes.named(holder.words, num, where.at)
            if len(codes) > 1:
                held = [each for each in codes if num and self._exists(f"{each.alias}/{num}")]
                codes = (held[0],) if len(held) == 1 else codes
            if not codes:
                memory.met_unknown(code=True)
            if len(codes) != 1:
                return Place(tuple(each.alias for each in codes), None, holder)
            code = codes[0]
        if code is None:
            return Place(holder=holder)
        place = Place((code.alias,), code, holder)
        memory.met_code(code, place)
        return place

    def _act(self, holder: Holder, where: Where, memory: Memory) -> Place:
        if holder.how == PRESENT:
            own = where.act if where.act and alike(where.act, holder.nature) else None
            return Place((own,) if own else (), None, holder, about=About.of(own) if own else None)
        if holder.how == BARE:
            return self._bare(holder, memory)
        if holder.how != NAMED:
            before = memory.last_of.get(holder.nature)
            return before._replace(holder=holder) if before else Place(holder=holder, about=_nature(holder))
        place = self._rulings.of_act(holder) if holder.nature == "decision" else None
        place = place or self._acts.place(holder, memory)
        if len(place.ids) == 1:
            memory.met_act(holder, place, budget(holder.words) if holder.year else "")
        return place

    @staticmethod
    def _bare(holder: Holder, memory: Memory) -> Place:
        """ "l'article 5 de la loi": of the one law named before, likely and not certain; else of a text that nobody knows."""
        before = memory.last_of.get(holder.nature)
        if before is None or holder.nature in memory.several:
            memory.met_unknown(code=False)
            return Place(holder=holder, about=_nature(holder))
        return before._replace(holder=holder, status=UNKNOWN)


def _nature(holder: Holder) -> About | None:
    return About(holder.nature, None, None) if holder.nature else None
