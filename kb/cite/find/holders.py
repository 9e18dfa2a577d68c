"""The values of the grammar's rules for codes, acts, decisions, and words that point at one: one method a rule."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from kb.cite.find.numbers import Numbers
from kb.cite.find.values import abbreviated, act_number, case_number, folded, nature, registered, union_number
from kb.cite.find.written import BARE, CITED, NAMED, PRESENT, SAID, SAME, SHORT, THIS, Holder
from kb.ground import parse

_NOUNS = {"THE_CODE": "code", "ARTICLE": "article", "DIVISION": "division", "DOCUMENT": "document"}
_WORD = re.compile(r"\S+").finditer


class Holders(Numbers):
    """Rules that name what holds the article."""

    # -- holders

    def code(self, c: list[Any]) -> Holder:
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

    def named_text(self, c: list[Any]) -> Holder:
        short = c[0].type == "TEXT_SHORT"
        words = abbreviated(self.words(c[0])) if short else folded(self.words(c[0])).replace("' ", "'")
        return Holder("text", SHORT if short else NAMED, c[0].start, c[-1].end, words)

    def named(self, c: list[Any]) -> list[parse.Token]:
        return c if len(c) == 1 else [*c[0], c[1]]

    budget = named

    def bare_act(self, tokens: list[parse.Token]) -> Holder:
        """ "l'accord national": an act without a number or a day is the one named before, or nobody knows."""
        return Holder("act", BARE, tokens[0].start, tokens[-1].end, "", self._one_of(tokens[0]))

    def sign(self, c: list[Any]) -> tuple[str, int, bool]:
        token = c[-1]
        return self.words(token), token.end, token.type == "UNION_NUM"

    def on(self, c: list[Any]) -> Any:
        return c[1]

    def id(self, c: list[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {"end": 0, "number": None, "signed": None, "union": False}
        for each in c:
            if type(each) is parse.Token:
                continue
            if type(each[0]) is str:
                found["number"], found["union"] = each[0], each[2]
            else:
                found["signed"] = each[0]
            found["end"] = max(found["end"], each[1] if type(each[0]) is str else each[2])
        return found

    modifier = staticmethod(parse.PASS)

    def partial(self, c: list[Any]) -> tuple[parse.Token, ...]:
        return tuple(c)

    def act(self, c: list[Any]) -> list[Holder]:
        named: list[parse.Token] = c[0]
        what = nature(self.words(named[0]))
        words = folded(self.text[named[1].start : named[-1].end]) if len(named) > 1 else ""
        first = Holder("act", NAMED, named[0].start, named[-1].end, words, what)
        days: list[tuple[date | None, int, int]] = []
        for each in (*named[1:], *c[1:]):
            if type(each) is dict:
                first = self._identified(first, each)
            elif type(each) is tuple:
                # "des 3 juin et 4 septembre 2005", or the day itself
                days.append(self.date([*each, *self._rest_of(c, len(each))]) if type(each[0]) is parse.Token else each)
            else:
                first = self._modified(first, each, named[0])
        if not days:
            return [first]
        (one, _, end), (other, start, stop) = days
        return [first._replace(end=end, signed=one), Holder("act", NAMED, start, stop, words, what, None, other)]

    def _rest_of(self, c: list[Any], size: int) -> list[parse.Token]:
        """The month and year of a day that leaves them to the next one."""
        (whole,) = [each for each in c if type(each) is tuple and type(each[0]) is not parse.Token]
        tokens = [
            parse.Token("", m.start() + whole[1], m.end() + whole[1]) for m in _WORD(self.text[whole[1] : whole[2]])
        ]
        return tokens[size:]

    def _identified(self, act: Holder, found: dict[str, Any]) -> Holder:
        what = {"decision": "decision-ue"}.get(act.nature, act.nature) if found["union"] else act.nature
        number = found["number"]
        if number is not None:
            number = union_number(number) if what.endswith("-ue") else act_number(number)
        return act._replace(end=max(act.end, found["end"]), nature=what, number=number, signed=found["signed"])

    def _modified(self, act: Holder, token: parse.Token, noun: parse.Token) -> Holder:
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

    def acts(self, c: list[Any]) -> list[Holder]:
        known: list[Holder] = c[0]
        if len(c) == 1:
            return known
        last = known[-1]
        if c[1].type == "AND_DATE":
            signed, start, end = c[2]
            if last.number is not None and last.signed is None and self.words(c[1]).strip() == ",":
                # "L. n° 79-587, 11 juill. 1979": one act
                known[-1] = last._replace(signed=signed, end=end)
            else:
                known.append(Holder("act", NAMED, start, end, "", last.nature, None, signed))
            return known
        day = c[3] if len(c) > 3 else (None, 0, c[2].end)
        number = act_number(self.words(c[2]))
        start = c[1].start + re.search(r"n\s?[°ºo]", self.words(c[1]), re.I).start()  # type: ignore[union-attr]
        if day[0] is not None and all(each.number and each.signed is None for each in known):
            # "décrets n° 2005-934 et n° 2005-935 du 2 août 2005": they share the day
            known[:] = [each._replace(signed=day[0]) for each in known]
        known.append(Holder("act", NAMED, start, day[2], "", last.nature, number, day[0]))
        return known

    noun = staticmethod(parse.PASS)

    def here(self, c: list[Any]) -> Holder:
        if c[0].type == "ARTICLE":
            return Holder("article", CITED, c[0].start, c[1].end)
        how = {"PRESENT": PRESENT, "SAME": SAME, "SAID": SAID, "THIS": THIS}[c[0].type]
        return self._pointed(how, c[0].start, c[-1])

    def _one_of(self, noun: parse.Token) -> str:
        """The nature that a word points at; none for a plural, which points at several acts at once."""
        words = folded(self.words(noun))
        return "" if words.endswith("s") and words != "avis" else nature(words)

    def _pointed(self, how: str, start: int, noun: parse.Token) -> Holder:
        if noun.type == "ACT":
            return Holder("act", how, start, noun.end, "", self._one_of(noun))
        kind = _NOUNS.get(noun.type, "portion")
        return Holder(kind, how, start, noun.end, folded(self.words(noun)).rstrip("s"))

    def holder(self, c: list[Any]) -> list[Holder]:
        value = c[0]
        if type(value) is parse.Token:
            return [Holder("constitution", NAMED, value.start, value.end, folded(self.words(value)))]
        return value if type(value) is list else [value]

    # -- decisions, journals, bulletins

    def seat(self, c: list[Any]) -> Holder:
        first = c[0]
        if type(first) is Holder:
            return first._replace(end=c[1].end)
        named = c[-1]
        return Holder("ruling", NAMED, first.start, named.end, folded(self.words(named)), "decision")

    def dated(self, c: list[Any]) -> Holder:
        at = next((each for each in reversed(c) if type(each) is Holder), None)
        at = at or Holder("ruling", NAMED, c[0].start, c[0].end, "", "decision")
        start = c[0].start
        end = at.end
        for each in c:
            if type(each) is tuple:
                at, end = at._replace(signed=at.signed or each[0]), max(end, each[2])
            elif type(each) is parse.Token:
                end = max(end, each.end)
                if each.type == "CASE_NUM" and at.number is None:
                    at = at._replace(number=case_number(self.words(each)))
        return at._replace(start=start, end=end)

    ruling = numbered = dated

    def rulings(self, c: list[Any]) -> list[Holder]:
        if len(c) == 1:
            return c
        token = c[1]
        start = token.start + re.search(r"[A-Z]\s\d|\d", self.words(token)).start()  # type: ignore[union-attr]
        known: list[Holder] = c[0]
        known.append(known[-1]._replace(start=start, end=token.end, number=case_number(self.words(token))))
        return known

    def gazette(self, c: list[Any]) -> Holder:
        first = c[0]
        if type(first) is Holder:
            return first._replace(end=c[1].end)
        return Holder("gazette", NAMED, first.start, c[1][2], folded(self.words(first)), "jo", None, c[1][0])

    def bulletin(self, c: list[Any]) -> Holder:
        if len(c) == 1:
            return Holder("bulletin", NAMED, c[0].start, c[0].end, self.words(c[0]))
        place, at = (c[0], c[1]) if type(c[0]) is Holder else (c[1], c[0])
        return place._replace(start=min(place.start, at.start), end=max(place.end, at.end), number=self.words(at))

    def identifier(self, token: parse.Token) -> Holder:
        kind = "question" if token.type == "QUESTION" else "identifier"
        return Holder(kind, NAMED, token.start, token.end, self.words(token))
