"""Decide which provision a citation names at that date, or list the candidates, or say unknown.

``kb.cite.find`` says what is written. Here the words meet what is known: the codes and their names by date, the acts of
the registry, the acts and codes named earlier in the same document, the text that is being read.

What is reported. By default, what names a text or a provision: articles, acts, codes, numbered divisions that lead to
a book or a named text, annexes and numbered points, and words that point back at an act met before ("ledit décret")
or name the text being read as a whole ("la présente circulaire"). Words that only move about inside the text being
read ("présent article", "alinéa précédent", "au 2°", "présent titre", "cette loi") are citations of kind
``internal``; there are a dozen of them for each link that an editor would draw, so they are reported only when asked
for (``internal=True``).

Status: ``resolved`` (one target, held here), ``known`` (one target, certain, not held), ``ambiguous`` (several,
listed), ``unknown`` (none). Nothing is guessed between two candidates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from kb.cite.find import CITED, NAMED, PRESENT, SAID, SAME, THIS, Holder, Written, find
from kb.cite.resolve.citation import AMBIGUOUS, KNOWN, RESOLVED, UNKNOWN, Citation
from kb.cite.resolve.numbering import fits
from kb.ground.fault import Fault
from kb.ground.names import NATURES, act_id, fold, slug
from kb.ground.registry import Code, Registry
from kb.ground.span import Span

_SHORT = {
    "css": "css", "casf": "casf", "csp": "csp", "cgi": "cgi", "cgct": "cgct", "crpm": "crpm", "lpf": "lpf", "cpp": "cpp",
    "cpc": "cpc", "cch": "cch", "cja": "cja", "cmf": "cmf", "crpa": "crpa", "c.civ.": "cciv", "c.trav.": "ctrav",
    "c.pen.": "cpen", "c.com.": "ccom", "cgfp": "cgfp", "cibs": "cibs",
    "ceseda": "code-de-l-entree-et-du-sejour-des-etrangers-et-du-droit-d-asile",
}  # fmt: skip
_ELIDED = re.compile(r"\d{3,4}-\d+").match
_CONSTITUTIONS = {"1946": "constitution-du-27-octobre-1946", "1848": "constitution-du-4-novembre-1848"}


class _Where(NamedTuple):
    """The text being read: its id, whether it is a code, and the steps and fragment of the citing provision."""

    text: str | None = None
    code: Code | None = None
    path: tuple[str, ...] = ()
    fragment: tuple[str, ...] = ()

    @property
    def act(self) -> str | None:
        return None if self.code else self.text


class _Place(NamedTuple):
    """What a holder turned out to be: ids of texts (one, several or none), and whether they are codes."""

    ids: tuple[str, ...]
    code: Code | None = None
    holder: Holder | None = None
    lettered: bool = False  # ids are whole articles already


class Resolver:
    """Resolves the citations of one document, read in order; what was named before carries over.

    *exists* says whether the knowledge base holds a provision or text; *annexes* are the annexes of the document by
    number as printed; *between* lists the existing articles from one id to another, for ranges; *internal* reports
    purely internal words too (see the module's docstring).
    """

    def __init__(
        self,
        registry: Registry,
        *,
        exists: Callable[[str], bool] = lambda id: False,
        annexes: Mapping[str, str] | None = None,
        between: Callable[[str, str], Iterable[str]] | None = None,
        internal: bool = False,
    ) -> None:
        self._registry = registry
        self._exists = exists
        self._annexes = dict(annexes or {})
        self._between = between
        self._internal = internal
        self._names: dict[str, list[tuple[Code, date | None, date | None]]] = {}
        for code in registry.codes:
            own = re.sub(r" \((?:nouveau|ancien|1807)\)$", "", code.title)
            said = {name.words: (name.since, name.until) for name in code.names}
            said.setdefault(own[0].lower() + own[1:], (None, None))
            if own != code.title:
                said.setdefault(code.title[0].lower() + code.title[1:], (None, None))
            for words, (since, until) in said.items():
                for key in {" ".join(fold(words).split()), _key(words)}:
                    self._names.setdefault(key, []).append((code, since, until))
        self._known_days: dict[tuple[str, date], list[str]] = {}
        self._known_numbers: dict[tuple[str, str], str] = {}
        for act in registry.acts.values():
            self._learn(act.nature, act.signed, act.number, act.id, self._known_days, self._known_numbers)
        self._where_of: dict[str | None, _Where] = {}
        self._code_of: dict[tuple[str, str, date | None], tuple[Code, ...]] = {}
        self.forget()

    def forget(self) -> None:
        """Start a new document: nothing has been named yet."""
        self._last_code: Code | None = None
        self._last_place: _Place | None = None
        self._last_of: dict[str, str] = {}
        self._last_nature = ""
        self._last_article: str | None = None
        self._days: dict[tuple[str, date], list[str]] = {}
        self._numbers: dict[tuple[str, str], str] = {}
        self._budgets: dict[str, str] = {}
        self._holder_of: dict[str, _Place] = {}

    # ---- the one question

    def read(
        self,
        text: str,
        *,
        within: str | None = None,
        at: date | None = None,
        offset: int = 0,
        source: str = "",
    ) -> tuple[list[Citation], list[Fault]]:
        """The citations of *text*, in order, and the words that looked like one and could not be read.

        *within* is the id of the provision it stands in, *at* the day at which names are meant (today's if ``None``),
        *offset* is added to the spans, *source* names the source in faults. Any text is answered.
        """
        where = self._where(within)
        found = find(text)
        citations: list[Citation] = []
        closing = _closing(found.written)
        for i, written in enumerate(found.written):
            for citation in self._resolve(written, where, at, text, closing.get(i)):
                if citation.kind != "internal" or self._internal:
                    citations.append(citation)
        if offset:
            citations = [_shifted(c, offset) for c in citations]
        faults = [
            Fault("citation-non-lue", sentence, Span(source, start + offset, end + offset))
            for start, end, sentence in found.faults
        ]
        return citations, faults

    def _where(self, within: str | None) -> _Where:
        if within in self._where_of:
            return self._where_of[within]
        place = _Where()
        if within:
            head, _, fragment = within.partition("#")
            steps = head.partition("@")[0].split("/")
            code = self._registry.code(steps[0])
            size = 1
            if code is None and steps[0] in NATURES:
                size = 3 if len(steps) > 2 and not steps[2].startswith("art-") else min(2, len(steps))
            place = _Where(
                "/".join(steps[:size]), code, tuple(steps[size:]), tuple(fragment.split(",")) if fragment else ()
            )
        if len(self._where_of) > 64:
            self._where_of.clear()
        self._where_of[within] = place
        return place

    def _resolve(
        self, w: Written, where: _Where, at: date | None, text: str, closing: tuple[Holder, bool] | None
    ) -> list[Citation]:
        kind = w.kind
        if kind == "article":
            return self._article(w, where, at, text, closing)
        if kind in ("act", "code"):
            return self._text(w, where, at, text)
        if kind == "division":
            return self._division(w, where, at, text)
        if kind == "annex":
            return self._annex(w, where, at, text)
        if kind == "point":
            return self._point(w, where, at, text)
        return self._inside(w, where, text)

    # ---- articles

    def _article(
        self, w: Written, where: _Where, at: date | None, text: str, closing: tuple[Holder, bool] | None
    ) -> list[Citation]:
        num = w.num or ""
        holder = w.holder
        if holder is not None and holder.kind in ("article", "portion", "division"):
            # "article 5 du présent titre": the holder is a place of the text being read
            holder = None
        if holder is not None:
            place = self._place(holder, where, at, num)
            if len(place.ids) == 1:
                self._holder_of[num] = place
        elif closing is not None and closing[1]:
            place = self._place(closing[0], where, at, num)
        else:
            place = self._default(w, where, at, closing[0] if closing else None)
        if place.code and w.divisions and place.code.alias == "cgi":
            annexed = self._tax_annex(w.divisions[-1][1], at)
            if annexed:
                place = place._replace(ids=(annexed.alias,), code=annexed)
                w = w._replace(divisions=())
        fragment = w.fragment
        if place.code is None and holder is not None and holder.kind == "code" and len(place.ids) < 2:
            return [self._made(w, text, None, UNKNOWN, "code_article", num=num, fragment=fragment)]
        if len(place.ids) > 1:
            targets = tuple(self._article_id(place, each, num) for each in place.ids)
            kind = "code_article" if place.code or (holder and holder.kind == "code") else "text_article"
            return [self._made(w, text, None, AMBIGUOUS, kind, targets, place.code, num, fragment)]
        if not place.ids:
            kind = "text_article" if place.holder and place.holder.kind == "act" else "code_article"
            return [self._made(w, text, None, UNKNOWN, kind, num=num, fragment=fragment, holder=place.holder)]
        if w.loose and place.code:
            num, fragment = self._glued(place, num, fragment)
        name = self._article_id(place, place.ids[0], num)
        if w.divisions:
            step, number = w.divisions[-1]
            name = f"{name}/{step}-{number}" if number else f"{name}/{step}"
        candidates: tuple[str, ...] = ()
        if w.num_end and self._between:
            candidates = tuple(self._between(name, self._article_id(place, place.ids[0], w.num_end)))
        self._last_article = name
        status = RESOLVED if self._exists(name) else KNOWN
        kind = "code_article" if place.code else "text_article"
        return [
            self._made(w, text, name, status, kind, candidates, place.code, num, fragment, place.holder, place.ids[0])
        ]

    def _glued(self, place: _Place, num: str, fragment: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """Whether the roman numeral after a number belongs to it: "L. 136-5-V" is V of L136-5, unless an L136-5-V exists."""
        for whole in (f"{num}-{fragment[0]}", f"{num}{fragment[0]}"):
            # the tax code letters its articles through the alphabet: "150 VI" is an article
            if self._exists(f"{place.ids[0]}/{whole}") or (
                place.ids[0].startswith(("cgi", "code-general-des-impots")) and "-" not in whole
            ):
                return whole, fragment[1:]
        return num, fragment

    @staticmethod
    def _article_id(place: _Place, text: str, num: str) -> str:
        if place.lettered:
            return text
        return f"{text}/{num}" if place.code else f"{text}/art-{num}"

    def _default(self, w: Written, where: _Where, at: date | None, later: Holder | None) -> _Place:
        """The holder that the words leave unsaid: the code being read if it can have such an article.

        Before that, the code under which the same number was named earlier in the text; *later* is a holder named
        further on in the same breath.
        """
        num = w.num or ""
        own = where.code
        before = self._holder_of.get(num)
        if before is not None:
            return before
        if own is not None:
            if fits(own.alias, num):
                if later is not None and not self._exists(f"{own.alias}/{num}"):
                    place = self._place(later, where, at, num)
                    if len(place.ids) == 1 and self._exists(self._article_id(place, place.ids[0], num)):
                        return place
                return _Place((own.alias,), own)
            if later is not None:
                return self._place(later, where, at, num)
            elided = [
                own.alias + "/" + letter + num for letter in "LRD" if _ELIDED(num) and fits(own.alias, letter + num)
            ]
            if elided:
                # "l'article 761-1" in a code whose numbers have letters: its letter was left out
                held = [name for name in elided if self._exists(name)]
                return _Place(tuple(held[:1] if len(held) == 1 else elided), own, lettered=True)
            last = self._last_place
            return last if last is not None and (last.code is None or fits(last.code.alias, num)) else _Place(())
        if where.act and not w.prefixed:
            own_article = _Place((where.act,))
            if not _alike(where.act, "circulaire") or self._exists(self._article_id(own_article, where.act, num)):
                return own_article
            # a circular has no articles: "l'article 5" is of the act it speaks of
            last = self._last_place
            return last if last is not None and (last.code is None or fits(last.code.alias, num)) else _Place(())
        if later is not None:
            return self._place(later, where, at, num)
        if self._last_code is not None and fits(self._last_code.alias, num):
            return _Place((self._last_code.alias,), self._last_code)
        return _Place(())

    # ---- holders

    def _place(self, holder: Holder, where: _Where, at: date | None, num: str = "") -> _Place:
        if holder.kind == "code":
            return self._code_place(holder, where, at, num)
        if holder.kind == "constitution":
            year = re.search(r"1946|1848", holder.words)
            code = self._registry.code(_CONSTITUTIONS[year.group()] if year else "constitution")
            return _Place((code.alias,), code, holder) if code else _Place((), None, holder)
        if holder.kind == "treaty":
            return _Place(
                (f"traite/sd/{slug(re.sub('^traite (sur (le |l.)?|instituant (la )?)', '', holder.words))}",),
                None,
                holder,
            )
        if holder.kind == "last":
            return self._last_place or _Place((), None, holder)
        if holder.kind == "act":
            return self._act_place(holder, where)
        return _Place((), None, holder)

    def _code_place(self, holder: Holder, where: _Where, at: date | None, num: str) -> _Place:
        if holder.how == PRESENT:
            code = where.code
        elif holder.how != NAMED:
            code = self._last_code or (where.code if where.code and (not num or fits(where.code.alias, num)) else None)
        else:
            codes = self._codes(holder.words, num, at)
            if len(codes) > 1:
                held = [each for each in codes if num and self._exists(f"{each.alias}/{num}")]
                codes = (held[0],) if len(held) == 1 else codes
            if len(codes) != 1:
                return _Place(tuple(each.alias for each in codes), None, holder)
            code = codes[0]
        if code is None:
            return _Place((), None, holder)
        self._last_code = code
        place = self._last_place = _Place((code.alias,), code, holder)
        return place

    def _codes(self, words: str, num: str, at: date | None) -> tuple[Code, ...]:
        """The codes that *words* named on the day *at*, for an article of this number (or none)."""
        key = (words, re.sub(r"\d", "0", num.partition("-")[0]), at)
        known = self._code_of.get(key)
        if known is not None:
            return known
        if len(self._code_of) > 4096:
            self._code_of.clear()
        short = _SHORT.get(words)
        if short:
            code = self._registry.code(short)
            found = [code] if code else []
        else:
            entries = self._names.get(words) or self._names.get(_key(words), [])
            dated = [c for c, since, until in entries if _holds(at, since, until)]
            found = list(dict.fromkeys(dated or [c for c, _, _ in entries]))
            every = list(dict.fromkeys(c for c, _, _ in entries))
            if num and len(every) > 1:
                # the form of the number outweighs the day: a new code is built beside the old one
                alike = [c for c in every if fits(c.alias, num)]
                both = [c for c in alike if c in found]
                found = both or alike or found
        self._code_of[key] = result = tuple(found)
        return result

    def _tax_annex(self, num: str, at: date | None) -> Code | None:
        """The annexes of the general tax code are codes of their own."""
        roman = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}.get(num, num.lower())
        codes = self._codes(f"code general des impots, annexe {roman}", "", at)
        return codes[0] if len(codes) == 1 else None

    def _act_place(self, holder: Holder, where: _Where) -> _Place:
        if holder.how == PRESENT:
            return _Place((where.act,) if where.act and _alike(where.act, holder.nature) else (), None, holder)
        if holder.how in (SAME, SAID, THIS, CITED):
            act = self._last_of.get(holder.nature)
            return _Place((act,) if act else (), None, holder)
        place = _Place(self._act_ids(holder), None, holder)
        if len(place.ids) == 1:
            self._meet(holder, place.ids[0])
            self._last_place = place
        return place

    def _act_ids(self, holder: Holder) -> tuple[str, ...]:
        nature, number, signed = holder.nature or self._last_nature, holder.number, holder.signed
        if not nature:
            return ()
        if number is not None:
            name = self._numbers.get((nature, number)) or self._known_numbers.get((nature, number))
            if name is not None and (signed is None or f"/{signed.isoformat()}" in name):
                return (name,)
            return (act_id(nature, signed, number),)
        if signed is not None:
            key = (nature, signed)
            names = dict.fromkeys((*self._days.get(key, ()), *self._known_days.get(key, ())))
            return tuple(names) if names else (act_id(nature, signed, None),)
        budget = self._budgets.get(_key(holder.words)) if holder.year else None
        return (budget,) if budget else ()

    def _meet(self, holder: Holder, name: str) -> None:
        nature = self._last_nature = holder.nature or self._last_nature
        self._last_of[nature] = name
        self._learn(nature, holder.signed, holder.number, name, self._days, self._numbers)
        if holder.year:
            self._budgets[_key(holder.words)] = name

    @staticmethod
    def _learn(
        nature: str,
        signed: date | None,
        number: str | None,
        name: str,
        days: dict[tuple[str, date], list[str]],
        numbers: dict[tuple[str, str], str],
    ) -> None:
        if number:
            numbers[nature, number] = name
        if signed and number:
            names = days.setdefault((nature, signed), [])
            if name not in names:
                names.append(name)

    # ---- whole texts

    def _text(self, w: Written, where: _Where, at: date | None, text: str) -> list[Citation]:
        holder = w.holder
        assert holder is not None
        place = self._place(holder, where, at)
        if w.kind == "code":
            if holder.how != NAMED:
                return [
                    self._made(
                        w,
                        text,
                        place.ids[0] if place.ids else None,
                        KNOWN if place.ids else UNKNOWN,
                        "internal",
                        code=place.code,
                    )
                ]
            return [self._one(w, text, place, "code")]
        if holder.how == PRESENT:
            if not place.ids:
                return []
            return [self._one(w, text, place, "self")]
        if holder.how in (SAME, THIS) or (holder.how != NAMED and not place.ids):
            return [self._one(w, text, place, "internal")]
        if (
            not place.ids
            and (not holder.nature or holder.number is None)
            and holder.signed is None
            and holder.year is None
        ):
            return []
        return [self._one(w, text, place, "text")]

    def _one(
        self, w: Written, text: str, place: _Place, kind: str, path: str = "", fragment: tuple[str, ...] = ()
    ) -> Citation:
        ids = tuple(f"{each}{path}" for each in place.ids)
        if len(ids) != 1:
            status = AMBIGUOUS if ids else UNKNOWN
            return self._made(w, text, None, status, kind, ids, fragment=fragment, holder=place.holder)
        status = RESOLVED if self._exists(ids[0]) else KNOWN
        return self._made(w, text, ids[0], status, kind, (), place.code, None, fragment, place.holder, place.ids[0])

    # ---- divisions, annexes, points

    def _division(self, w: Written, where: _Where, at: date | None, text: str) -> list[Citation]:
        steps = "".join(f"/{slug(level)}-{num}" for level, num in w.divisions)
        holder = w.holder
        if holder is not None and holder.kind not in ("article", "portion", "division", "annex"):
            place = self._place(holder, where, at)
            if holder.how == PRESENT and place.ids == (where.text,) and not _leads_to_a_book(w):
                return [self._one(w, text, place, "internal", steps)]
            return [self._one(w, text, place, "division", steps)]
        own = _Place((where.text,), where.code) if where.text and holder is None else _Place(())
        kind = "division" if holder is None and where.code and _leads_to_a_book(w) else "internal"
        return [self._one(w, text, own, kind, steps)]

    def _annex(self, w: Written, where: _Where, at: date | None, text: str) -> list[Citation]:
        num = w.divisions[-1][1]
        holder = w.holder
        step = f"/annexe-{num}" if num else "/annexe"
        if holder is not None and holder.how != PRESENT and holder.kind not in ("article", "portion", "division"):
            place = self._place(holder, where, at)
            if place.code and place.code.alias == "cgi" and num:
                # the annexes of the tax code are codes of their own
                annexed = self._tax_annex(num, at)
                if annexed:
                    return [self._one(w, text, _Place((annexed.alias,), annexed, holder), "code")]
            return [self._one(w, text, place, "annex", step)]
        named = self._annexes.get(num)
        if named:
            return [self._one(w, text, _Place((named,), None, holder), "annex")]
        if where.act:
            return [self._one(w, text, _Place((where.act,), None, holder), "annex", step)]
        own = _Place((where.text,), where.code) if where.text else _Place(())
        return [self._one(w, text, own, "internal" if holder is None or not num else "annex", step)]

    def _point(self, w: Written, where: _Where, at: date | None, text: str) -> list[Citation]:
        point = w.fragment[-1]
        steps = _steps(point)
        holder = w.holder
        if holder is not None and holder.how != PRESENT:
            if holder.kind not in ("act", "code"):
                return [self._inside_made(w, where, text)]
            place = self._place(holder, where, at)
            if not place.ids:
                return []
            return [self._one(w, text, place, "point", "/" + "/".join(steps))]
        if not where.act:
            return [self._inside_made(w, where, text)]
        # the nearest division above the citing one under which such a point lies, else one that shares its first number
        for depth in range(len(where.path), -1, -1):
            name = "/".join((where.act, *where.path[:depth], *steps))
            if self._exists(name):
                return [self._one(w, text, _Place((name,), None, holder), "point")]
        for depth in range(len(where.path), 0, -1):
            if where.path[depth - 1] == steps[0]:
                steps = [*where.path[:depth], *steps[1:]]
                return [self._one(w, text, _Place((where.act,), None, holder), "point", "/" + "/".join(steps))]
        return [self._inside_made(w, where, text)]

    # ---- words that stay inside the text being read

    def _inside(self, w: Written, where: _Where, text: str) -> list[Citation]:
        return [self._inside_made(w, where, text)]

    def _inside_made(self, w: Written, where: _Where, text: str) -> Citation:
        if not self._internal:
            return self._made(w, text, None, UNKNOWN, "internal")
        own = "/".join((where.text, *where.path)) if where.text else None
        fragment = w.fragment
        holder = w.holder
        target = own
        if holder is not None and holder.kind == "article" and holder.how != PRESENT:
            target = self._last_article
        elif holder is not None and holder.kind == "division":
            target = None
        if "précédent" in fragment or "suivant" in fragment:
            moved = _moved_alinea(where.fragment, "précédent" in fragment) if len(fragment) == 1 else None
            target, fragment = (own, moved) if moved else (None, fragment)
        elif holder is not None and holder.kind == "portion":
            target = None
        status = UNKNOWN if target is None else RESOLVED if self._exists(target) else KNOWN
        return self._made(w, text, target, status, "internal", (), where.code, None, fragment)

    # ---- the record

    def _made(
        self,
        w: Written,
        text: str,
        name: str | None,
        status: str,
        kind: str,
        candidates: tuple[str, ...] = (),
        code: Code | None = None,
        num: str | None = None,
        fragment: tuple[str, ...] = (),
        holder: Holder | None = None,
        text_id: str | None = None,
    ) -> Citation:
        steps = ",".join(fragment) or None
        act: dict[str, str | None] | None = None
        if code is None and (text_id or (holder is not None and holder.kind == "act")):
            act = _act_of(text_id, holder)
        target = f"{name}#{steps}" if name and steps else name
        return Citation(
            w.start, w.end, text[w.start : w.end], target, status, candidates, code.legitext if code else None,
            num, w.num_end if num else None, steps, act, kind, w.published, w.effective, w.following,
        )  # fmt: skip


def _act_of(text_id: str | None, holder: Holder | None) -> dict[str, str | None] | None:
    """The nature, number and day of an act: as written, completed by its id."""
    steps = text_id.split("/") if text_id else []
    nature = holder.nature if holder is not None and holder.nature else steps[0] if steps else ""
    if nature not in NATURES:
        return None
    number = holder.number if holder is not None else None
    signed = holder.signed.isoformat() if holder is not None and holder.signed else None
    if len(steps) > 1 and steps[1] != "sd":
        signed = signed or steps[1]
    if len(steps) > 2:
        number = number or steps[2]
    return {"nature": nature, "num": number, "date": signed}


def _closing(written: list[Written]) -> dict[int, tuple[Holder, bool]]:
    """For articles that name no holder, the next one named in the same breath, and whether it closes their own list."""
    closing: dict[int, tuple[Holder, bool]] = {}
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
            closing[i] = holder, w.path == path
    return closing


# natures that one text may call itself by turns
_ADMINISTRATIVE = ("circulaire", "instruction", "lettre", "note")


def _alike(act: str, nature: str) -> bool:
    """Whether the text *act* can call itself "présente" *nature*."""
    own = act.partition("/")[0]
    return own == nature or (own in _ADMINISTRATIVE and nature in _ADMINISTRATIVE)


def _leads_to_a_book(w: Written) -> bool:
    return w.divisions[0][0] in ("livre", "partie")


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


def _key(words: str) -> str:
    """The key of a code's name: its words without case, accents, articles and hyphens."""
    return " ".join(
        re.sub(r"(?<!\w)(?:l'|d'|de|des|du|la|le|les|et|a|en)(?!\w)|[-,.()]", " ", fold(words))
        .replace("'", " ")
        .split()
    )


def _holds(at: date | None, since: date | None, until: date | None) -> bool:
    if at is None:
        return until is None
    return (since is None or since <= at) and (until is None or at < until)


def _shifted(c: Citation, offset: int) -> Citation:
    def moved(day: tuple[date, int, int] | None) -> tuple[date, int, int] | None:
        return day and (day[0], day[1] + offset, day[2] + offset)

    return c._replace(
        start=c.start + offset, end=c.end + offset, published=moved(c.published), effective=moved(c.effective)
    )
