"""The values of the grammar's rules for days, articles, portions and divisions: one method a rule.

The type of a rule's children says which alternatives it has in ``grammar/cite.lark``, one tuple each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from kb.cite.find.shapes import DEPTH, After, Articles, Chain, Day, Division, Listed, Number, Places, Portion, Portions
from kb.cite.find.values import COUNTS, MONTHS, division_number, folded, mark, near, nested, number_of, ordinal, point
from kb.ground.parse import Token


class Numbers:
    """Rules that name what is inside a text. ``self.text`` is the text being read."""

    def __init__(self, text: str) -> None:
        self.text = text

    def words(self, token: Token) -> str:
        return self.text[token.start : token.end]

    # -- dates

    def date(self, c: Sequence[Token]) -> Day:
        words = self.text[c[0].start : c[-1].end]
        try:
            if len(c) == 3:
                month = folded(self.words(c[1]))
                number = MONTHS.get(month[:3]) or MONTHS.get(month[:4]) or 0
                day = int(re.match(r"\d+", self.words(c[0])).group())  # type: ignore[union-attr]
                return Day(date(int(self.words(c[2])), number, day), c[0].start, c[-1].end)
            figures = [int(figure) for figure in re.split(r"[/.-]", words)]
            year, month_of, day = figures if words[:4].isdigit() else reversed(figures)
            return Day(date(year if year > 99 else 1900 + year, month_of, day), c[0].start, c[-1].end)
        except ValueError:
            return Day(None, c[0].start, c[-1].end)

    day = date

    # -- articles

    def after(self, c: tuple[Token] | tuple[Token, Token] | tuple[Token, list[Portion], Token]) -> After:
        if len(c) == 3:
            return After(c[1], c[2].end, "within")
        token = c[0]
        kind = token.type
        if len(c) == 2:
            number = c[1]
            if kind == "PORTION_NOUN":
                return After(self._numbered(token, [self._rank(number)]), number.end, "portions")
            label = point(self.words(number))
            return After([Portion(label, self._point(token), token.start, number.end)], number.end, "portions")
        if kind == "DASH_ROMAN":
            numeral = mark(self.words(token)).lstrip("-")
            return After([Portion(numeral, "roman", token.start + 1, token.end)], token.end, "-")
        if kind == "LETTER_OF":
            return After([Portion(self.words(token), "letter", token.start, token.end)], token.end, "portions")
        if kind in ("ROMAN", "DEGREE"):
            portion = Portion(mark(self.words(token)), kind.lower(), token.start, token.end)
            return After([portion], token.end, " " if kind == "ROMAN" else "portions")
        return After([], token.end, kind)

    def number(self, c: tuple[Token, *tuple[After, ...]]) -> Number:
        token, *afters = c
        words = self.words(token)
        posts: list[list[Portion]] = []
        end, loose, following, cited = token.end, "", False, False
        for portions, stop, how in afters:
            end = stop
            if portions:
                posts += _deeper(portions) if how == "within" else [portions]
                loose = loose or (how if len(posts) == 1 and how in ("-", " ") else "")
            following = following or how == "FOLLOWING"
            cited = cited or how == "CITED"
        prefixed = token.type in ("NUM", "NUM_ALONE")
        return Number(number_of(words), token.start, end, posts, prefixed, loose, False, following, cited)

    next_number = plain = plain_next = bare_number = number

    def bare_numbers(self, c: tuple[Number] | tuple[list[Number], Token, Number | list[Portion]]) -> list[Number]:
        return [c[0]] if len(c) == 1 else self._more(*c)

    became = bare_numbers

    def roman_numbers(self, c: tuple[Token] | tuple[list[Number], Token, Token]) -> list[Number]:
        if len(c) == 1:
            return [self.number(c)]
        c[0].append(self.number((c[2],)))
        return c[0]

    def _more(self, known: list[Number], token: Token, more: Number | list[Portion]) -> list[Number]:
        """A list of numbers that goes on: another number, or a portion of the last one."""
        if isinstance(more, Number) and nested(known[-1].num, more.num) and self.words(token) == ",":
            more = [Portion(more.num, "digit", more.start, more.end), *[p for post in more.posts for p in post]]
        if isinstance(more, Number):
            known.append(more._replace(ranged=token.type == "TO"))
        else:
            last = known[-1]
            posts = _joined(last.posts, more)
            known[-1] = last._replace(posts=posts, end=more[-1].end, short=last.short or last.end)
        return known

    def articles(
        self,
        c: tuple[Token, Number]
        | tuple[Token, list[Number]]
        | tuple[Token, Token, Number]
        | tuple[Token, *tuple[After, ...]]
        | tuple[list[Number], Token, Number | list[Portion]]
        | tuple[list[Number], Token, list[Number], Token],
    ) -> list[Number]:
        match c:
            case (Token() as first, *_, Number() as number):
                return [number._replace(start=first.start)]
            case (Token() as first, list() as numbers):
                return [numbers[0]._replace(start=first.start), *numbers[1:]]
            case (Token(), *_):
                return [self.number(c)]
            case (list() as known, _, list() as more, Token()):  # "(devenus 1103 et 1231-1)"
                known.extend(more)
                return known
            case (list() as known, Token() as token, more):
                return self._more(known, token, more)

    # -- portions

    def portion(self, c: tuple[Token | list[Portion]]) -> list[Portion]:
        return [self._marked(c[0])] if isinstance(c[0], Token) else c[0]

    mark = portion

    def _marked(self, token: Token) -> Portion:
        kind = token.type.partition("_")[0].lower()
        return Portion(mark(self.words(token)), kind, token.start, token.end)

    def portions(self, c: tuple[list[Portion]] | tuple[list[Portion], Token, list[Portion]]) -> list[Portion]:
        known = c[0]
        if len(c) == 3:
            more = c[2]
            known.append(more[0]._replace(ranged=c[1].type == "TO"))
            known.extend(more[1:])
        return known

    portions_alone = marks = portions

    def alone(self, c: tuple[Token] | tuple[list[Portion], Token, list[Portion]]) -> list[Portion]:
        return [self._marked(c[0])] if len(c) == 1 else self.portions(c)

    def ordinals(self, c: tuple[Token] | tuple[Token, Token] | tuple[list[Portion], Token, Token]) -> list[Portion]:
        token = c[-1]
        rank = ordinal(self.words(token))
        one = Portion(str(rank), "", token.start, token.end)
        if len(c) == 1:
            return [one]
        if len(c) == 2:
            count = COUNTS.get(folded(self.words(c[0])), 2)
            ranks = range(-count, 0) if rank < 0 else range(1, count + 1)
            return [Portion(str(n), "", c[0].start, token.end) for n in ranks]
        c[0].append(one._replace(ranged=c[1].type == "TO"))
        return c[0]

    def alinea_numbers(self, c: tuple[Token] | tuple[list[Portion], Token, Token]) -> list[Portion]:
        one = self._rank(c[-1])
        if len(c) == 1:
            return [one]
        c[0].append(one._replace(ranged=c[1].type == "TO"))
        return c[0]

    def _rank(self, token: Token) -> Portion:
        """The number of an alinéa, whose noun is told apart."""
        return Portion(re.sub(r"\D", "", self.words(token)), "", token.start, token.end)

    def worded(
        self,
        c: tuple[list[Portion], Token] | tuple[Token, list[Portion]] | tuple[Token, Token] | tuple[Token, Token, Token],
    ) -> list[Portion]:
        match c:
            case (list() as ranks, Token() as noun):
                made = self._named(noun, ranks)
                made[-1] = made[-1]._replace(end=noun.end)
                return made
            case (Token() as noun, list() as ranks):
                return self._numbered(noun, ranks)
            case (Token() as first, *_, Token() as last):
                near_by = next((token for token in (first, last) if token.type == "NEAR"), None)
                if last.type == "ORDINAL":  # "alinéa premier"
                    rank = Portion(str(ordinal(self.words(last))), "", last.start, last.end)
                    return self._numbered(first, [rank])
                if near_by is not None:
                    return [Portion(near(self.words(near_by)), "near", first.start, last.end)]
                return [Portion(point(self.words(last)), self._point(first), first.start, last.end)]

    def _named(self, noun: Token, ranks: list[Portion]) -> list[Portion]:
        kind = folded(self.words(noun))[:2]
        return [p._replace(label=kind + p.label, kind=kind) for p in ranks]

    def _numbered(self, noun: Token, ranks: list[Portion]) -> list[Portion]:
        """ "alinéas 1 et 3": the first opens with the noun."""
        made = self._named(noun, ranks)
        made[0] = made[0]._replace(start=noun.start)
        return made

    def _point(self, noun: Token) -> str:
        """A paragraph holds points: "paragraphe 1, point f"."""
        return "point" if folded(self.words(noun)).startswith("point") else "paragraph"

    # -- divisions and annexes

    def divisions(self, c: tuple[Token, Token] | tuple[list[Division], Token, Token]) -> list[Division]:
        if len(c) == 2:
            first, second = c
            if first.type == "DIVISION":
                level, num = first, division_number(self.words(second))
            else:
                level, num = second, str(ordinal(self.words(first)))
            return [Division(folded(self.words(level)).rstrip("s"), num, first.start, second.end)]
        known, joint, token = c
        num = division_number(self.words(token))
        known.append(Division(known[-1].level, num, token.start, token.end, joint.type == "TO"))
        return known

    def annexes(self, c: tuple[Token, Token] | tuple[list[Division], Token, Token]) -> list[Division]:
        token = c[-1]
        num = re.sub(r"^n\s?[°ºo]\s*|\s+", "", self.words(token), flags=re.I)
        if len(c) == 2:
            return [Division("annexe", num, c[0].start, token.end)]
        c[0].append(Division("annexe", num, token.start, token.end))
        return c[0]

    def places(self, c: tuple[list[Division]]) -> Places:
        return Places(c[0])

    def within(
        self, c: tuple[list[Portion]] | tuple[Token, list[Portion]] | tuple[Chain, Token, list[Portion]]
    ) -> Chain:
        return _longer(c[0] if len(c) == 3 else Chain(), Portions(c[-1]))

    def inner(
        self, c: tuple[list[Number] | Places] | tuple[Token, list[Number]] | tuple[Chain, Token, list[Number] | Places]
    ) -> Chain:
        if len(c) == 2:
            return Chain([Articles(c[1], "his")])
        last = c[-1]
        return _longer(c[0] if len(c) == 3 else Chain(), last if isinstance(last, Places) else Articles(last))


def _longer(chain: Chain, last: Listed) -> Chain:
    chain.append(last)
    return chain


def _deeper(portions: list[Portion]) -> list[list[Portion]]:
    """ "(4°, d)" goes a step further in, "(1° et 2°)" names two."""
    steps: list[list[Portion]] = [[]]
    for each in portions:
        deeper = DEPTH[each.kind] - DEPTH[steps[-1][-1].kind] if steps[-1] else 0
        if deeper < 0:
            return [portions]
        if deeper:
            steps.append([])
        steps[-1].append(each)
    return steps


def _joined(posts: list[list[Portion]], more: list[Portion]) -> list[list[Portion]]:
    # "article 5, I et II": the same depth goes on, another depth is a step further in; long lists grow in place
    if posts and posts[-1][-1].kind == more[0].kind:
        posts[-1].extend(more)
    else:
        posts.append(more)
    return posts
