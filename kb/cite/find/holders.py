"""The values of the grammar's rules for codes, acts, decisions, and words that point at one: one method a rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.cite.find.numbers import Numbers
from kb.cite.find.shapes import Day, Identity, Sign
from kb.cite.find.values import abbreviated, act_number, case_number, folded, nature, registered, union_number
from kb.cite.find.written import BARE, CITED, NAMED, PRESENT, SAID, SAME, SHORT, THIS, Holder
from kb.ground import parse
from kb.ground.parse import Token

_NOUNS = {"THE_CODE": "code", "ARTICLE": "article", "DIVISION": "division", "DOCUMENT": "document"}
_OF_UNION = re.compile(
    r"(?is).*?(?:\(?\b(?:UE|CE|CEE)\b|europ|d[ée]l[ée]gu|d['’]ex[ée]cution|du\s+conseil|de\s+la\s+commission)"
).match
_WORD = re.compile(r"\S+").finditer


class Holders(Numbers):
    """Rules that name what holds the article."""

    # -- holders

    def code(self, c: Sequence[Token]) -> Holder:
        start, end = c[0].start, c[-1].end
        if c[0].type == "BOOK_OF_TAX_PROCEDURE":
            return Holder("code", NAMED, start, end, folded(self.words(c[0])))
        short = c[0].type == "CODE_SHORT"
        if not short and c[1].type == "CITED":
            return Holder("code", CITED, start, end)
        if c[-1].type == "FOREIGN":
            return Holder("document", NAMED, start, end)
        words = abbreviated(self.words(c[0])) if short else folded(self.text[start : c[1].end]).replace("' ", "'")
        if c[-1].type == "CODE_ANNEX":
            number = re.search(r"[ivx]+$|\d$", folded(self.words(c[-1])))
            words += f", annexe {number.group() if number else ''}"
        return Holder("code", SHORT if short else NAMED, start, end, words)

    def named_text(self, c: tuple[Token, *tuple[Token | Identity, ...]]) -> Holder:
        short = c[0].type == "TEXT_SHORT"
        words = abbreviated(self.words(c[0])) if short else folded(self.words(c[0])).replace("' ", "'")
        named = Holder("text", SHORT if short else NAMED, c[0].start, c[0].end, words)
        for each in c[1:]:
            named = self._identified(named, each) if isinstance(each, Identity) else named._replace(end=each.end)
        return named

    def named(self, c: tuple[Token] | tuple[list[Token], Token]) -> list[Token]:
        return [c[0]] if len(c) == 1 else [*c[0], c[1]]

    budget = named

    def bare_act(self, tokens: list[Token]) -> Holder:
        """ "l'accord national": an act without a number or a day is the one named before, or nobody knows."""
        return Holder("act", BARE, tokens[0].start, tokens[-1].end, "", self._one_of(tokens[0]))

    def sign(self, c: Sequence[Token]) -> Sign:
        token = c[-1]
        return Sign(self.words(token), token.end, token.type == "UNION_NUM")

    def on(self, c: tuple[Token, Day]) -> Day:
        return c[1]

    def id(self, c: Sequence[Token | Sign | Day]) -> Identity:
        found = Identity(0, None, None, False)
        for each in c:
            if isinstance(each, Sign):
                found = found._replace(number=each.words, union=each.union, end=max(found.end, each.end))
            elif isinstance(each, Day):
                found = found._replace(signed=each.on, end=max(found.end, each.end))
            elif each.type == "SHUT":
                found = found._replace(end=each.end)
        return found

    modifier = staticmethod(parse.PASS)

    def partial(self, c: Sequence[Token]) -> list[Token]:
        return list(c)

    def act(self, c: tuple[list[Token], *tuple[Token | Identity | Day | list[Token], ...]]) -> list[Holder]:
        named, *rest = c
        noun = named[0]
        what = nature(self.words(noun))
        words = folded(self.text[named[1].start : named[-1].end]) if len(named) > 1 else ""
        first = Holder("act", NAMED, noun.start, named[-1].end, words, what)
        if noun.type == "BUDGET_SHORT":
            first = first._replace(words=folded(self.words(noun)), year=self.words(noun)[-4:])
        days: list[Day] = []
        for each in (*named[1:], *rest):
            if isinstance(each, Identity):
                first = self._identified(first, each)
            elif isinstance(each, Token):
                first = self._modified(first, each, noun)
            elif isinstance(each, Day):
                days.append(each)
            else:  # "des 3 juin et 4 septembre 2005"
                whole = next(day for day in rest if isinstance(day, Day))
                days.append(self.date([*each, *self._rest_of(whole, len(each))]))
        of_union = first.nature != "reglement-ue" or "/" in (first.number or "")
        if not of_union and not _OF_UNION(self.text, noun.start, first.end):
            first = first._replace(nature="reglement")
        if not days:
            return [first]
        (one, _, end), (other, start, stop) = days
        return [first._replace(end=end, signed=one), Holder("act", NAMED, start, stop, words, what, None, other)]

    def _rest_of(self, whole: Day, size: int) -> list[Token]:
        """The month and year of a day that leaves them to the next one."""
        words = _WORD(self.text[whole.start : whole.end])
        return [Token("", m.start() + whole.start, m.end() + whole.start) for m in words][size:]

    def _identified(self, act: Holder, found: Identity) -> Holder:
        what = {"decision": "decision-ue"}.get(act.nature, act.nature) if found.union else act.nature
        number = found.number
        if number is not None:
            number = union_number(number) if found.union or what.endswith("-ue") else act_number(number)
        return act._replace(end=max(act.end, found.end), nature=what, number=number, signed=found.signed)

    def _modified(self, act: Holder, token: Token, noun: Token) -> Holder:
        """The act with one of the words that follow its name: "précité", "pour 2016", "(IDCC 2216)"."""
        words = self.words(token)
        if token.type == "CITED" and act.number is None and act.signed is None:
            act = act._replace(how=CITED, nature=self._one_of(noun))
        elif token.type == "BUDGET":
            year = re.search(r"\d{4}", words)
            act = act._replace(year=year.group() if year else act.year)
        elif token.type == "ILO":
            act = act._replace(kind="ilo")
        elif token.type == "NUMBERED":
            act = act._replace(registered=registered(words))
        return act._replace(end=max(act.end, token.end))

    def acts(
        self,
        c: tuple[list[Holder]] | tuple[list[Holder], Token, Token | Day] | tuple[list[Holder], Token, Token, Day],
    ) -> list[Holder]:
        known = c[0]
        if len(c) == 1:
            return known
        joint, named, last = c[1], c[2], known[-1]
        if isinstance(named, Day):
            signed, start, end = named
            if last.number is not None and last.signed is None and self.words(joint).strip() == ",":
                # "L. n° 79-587, 11 juill. 1979": one act
                known[-1] = last._replace(signed=signed, end=end)
            else:
                known.append(Holder("act", NAMED, start, end, "", last.nature, None, signed))
            return known
        signed, _, end = c[3] if len(c) == 4 else Day(None, 0, named.end)
        number = act_number(self.words(named))
        sign = re.search(r"n\s?[°ºo]", self.words(joint), re.I)
        start = joint.start + sign.start() if sign else named.start
        if signed is not None and all(each.number and each.signed is None for each in known):
            # "décrets n° 2005-934 et n° 2005-935 du 2 août 2005": they share the day
            known[:] = [each._replace(signed=signed) for each in known]
        known.append(Holder("act", NAMED, start, end, "", last.nature, number, signed))
        return known

    noun = staticmethod(parse.PASS)

    def here(self, c: Sequence[Token]) -> Holder:
        if c[0].type == "ARTICLE":
            return Holder("article", CITED, c[0].start, c[1].end)
        how = {"PRESENT": PRESENT, "SAME": SAME, "SAID": SAID, "THIS": THIS}[c[0].type]
        return self._pointed(how, c[0].start, c[-1])

    def _one_of(self, noun: Token) -> str:
        """The nature that a word points at; none for a plural, which points at several acts at once."""
        words = folded(self.words(noun))
        return "" if words.endswith("s") and words != "avis" else nature(words)

    def _pointed(self, how: str, start: int, noun: Token) -> Holder:
        if noun.type == "ACT":
            return Holder("act", how, start, noun.end, "", self._one_of(noun))
        kind = _NOUNS.get(noun.type, "portion")
        return Holder(kind, how, start, noun.end, folded(self.words(noun)).rstrip("s"))

    def holder(self, c: tuple[Token | Holder | list[Holder]]) -> list[Holder]:
        value = c[0]
        if isinstance(value, Token):
            return [Holder("constitution", NAMED, value.start, value.end, folded(self.words(value)))]
        return [value] if isinstance(value, Holder) else value

    # -- decisions, journals, bulletins

    def seat(self, c: tuple[Token] | tuple[Holder, Token] | tuple[Token, Token, Token]) -> Holder:
        first, named = c[0], c[-1]
        if isinstance(first, Holder):
            return first._replace(end=named.end)
        return Holder("ruling", NAMED, first.start, named.end, folded(self.words(named)), "decision")

    def dated(self, c: Sequence[Token | Holder | Day]) -> Holder:
        at = next((each for each in reversed(c) if isinstance(each, Holder)), None)
        at = at or Holder("ruling", NAMED, c[0].start, c[0].end, "", "decision")
        start = c[0].start
        end = at.end
        for each in c:
            if isinstance(each, Day):
                at, end = at._replace(signed=at.signed or each.on), max(end, each.end)
            elif isinstance(each, Token):
                end = max(end, each.end)
                if each.type == "CASE_NUM" and at.number is None:
                    at = at._replace(number=case_number(self.words(each)))
        return at._replace(start=start, end=end)

    ruling = numbered = dated

    def rulings(self, c: tuple[Holder] | tuple[list[Holder], Token]) -> list[Holder]:
        if len(c) == 1:
            return [c[0]]
        known, token = c
        start = token.start + re.search(r"[A-Z]\s\d|\d", self.words(token)).start()  # type: ignore[union-attr]
        known.append(known[-1]._replace(start=start, end=token.end, number=case_number(self.words(token))))
        return known

    def gazette(self, c: tuple[Token, Day] | tuple[Holder, Token]) -> Holder:
        match c:
            case (Holder() as gazette, page):
                return gazette._replace(end=page.end)
            case (Token() as name, Day() as day):
                return Holder("gazette", NAMED, name.start, day.end, folded(self.words(name)), "jo", None, day.on)
        raise AssertionError(c)

    def bulletin(self, c: tuple[Token] | tuple[Holder, Token] | tuple[Token, Holder]) -> Holder:
        match c:
            case (Token() as name,):
                return Holder("bulletin", NAMED, name.start, name.end, self.words(name))
            case (Holder() as place, Token() as at) | (Token() as at, Holder() as place):
                start, end = min(place.start, at.start), max(place.end, at.end)
                return place._replace(start=start, end=end, number=self.words(at))
        raise AssertionError(c)

    def identifier(self, token: Token) -> Holder:
        kind = "question" if token.type == "QUESTION" else "identifier"
        return Holder(kind, NAMED, token.start, token.end, self.words(token))
