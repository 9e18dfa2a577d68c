"""The values of the grammar's rules for days, articles, portions and divisions: one method a rule."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from kb.cite.find.shapes import Division, Listed, Number, Portion
from kb.cite.find.values import COUNTS, MONTHS, division_number, folded, mark, near, number_of, ordinal, point
from kb.ground import parse


class Numbers:
    """Rules that name what is inside a text. ``self.text`` is the text being read."""

    def __init__(self, text: str) -> None:
        self.text = text

    def words(self, token: parse.Token) -> str:
        return self.text[token.start : token.end]

    # -- dates

    def date(self, c: list[Any]) -> tuple[date | None, int, int]:
        words = self.text[c[0].start : c[-1].end]
        try:
            if len(c) == 3:
                month = folded(self.words(c[1]))
                number = MONTHS.get(month[:3]) or MONTHS.get(month[:4]) or 0
                day = int(re.match(r"\d+", self.words(c[0])).group())  # type: ignore[union-attr]
                return date(int(self.words(c[2])), number, day), c[0].start, c[-1].end
            figures = [int(figure) for figure in re.split(r"[/.-]", words)]
            year, month_of, day = figures if words[:4].isdigit() else reversed(figures)
            return date(year if year > 99 else 1900 + year, month_of, day), c[0].start, c[-1].end
        except ValueError:
            return None, c[0].start, c[-1].end

    day = date

    # -- articles

    def after(self, c: list[Any]) -> Any:
        token = c[0]
        kind = token.type
        if kind == "OPEN":
            return c[1], c[2].end, "portions"
        if kind == "DASH_ROMAN":
            numeral = mark(self.words(token)).lstrip("-")
            return (Portion(numeral, "roman", token.start + 1, token.end),), token.end, "loose"
        if kind == "PORTION_NOUN":
            portions = self.worded(c)
            return portions, portions[-1].end, "portions"
        if kind == "POINT":
            label = point(self.words(c[1]))
            return (Portion(label, self._point(token), token.start, c[1].end),), c[1].end, "portions"
        if kind == "LETTER_OF":
            return (Portion(self.words(token), "letter", token.start, token.end),), token.end, "portions"
        if kind in ("ROMAN", "DEGREE"):
            portion = Portion(mark(self.words(token)), kind.lower(), token.start, token.end)
            return (portion,), token.end, "loose" if kind == "ROMAN" else "portions"
        return (), token.end, kind

    def number(self, c: list[Any]) -> Number:
        token = c[0]
        words = self.words(token)
        posts: list[list[Portion]] = []
        end, loose, following, cited = token.end, False, False, False
        for portions, stop, how in c[1:]:
            end = stop
            if portions:
                posts.append(list(portions))
                loose = loose or (how == "loose" and len(posts) == 1)
            following = following or how == "FOLLOWING"
            cited = cited or how == "CITED"
        prefixed = token.type in ("NUM", "NUM_ALONE")
        return Number(number_of(words), token.start, end, posts, prefixed, loose, False, following, cited)

    next_number = plain = plain_next = bare_number = number

    def bare_numbers(self, c: list[Any]) -> list[Number]:
        if len(c) == 1:
            return c
        return self._more(c[0], c[1], c[2])

    became = bare_numbers

    def _more(self, known: list[Number], token: parse.Token, more: Any) -> list[Number]:
        """A list of numbers that goes on: another number, or a portion of the last one."""
        if type(more) is Number:
            known.append(more._replace(ranged=token.type == "TO"))
        else:
            last = known[-1]
            posts = _joined(last.posts, more)
            known[-1] = last._replace(posts=posts, end=more[-1].end, short=last.short or last.end)
        return known

    def articles(self, c: list[Any]) -> list[Number]:
        first = c[0]
        if type(first) is parse.Token:
            if first.type in ("ARTICLE", "SAME"):
                return [c[-1]._replace(start=first.start)]
            return [self.number(c)]
        if type(c[2]) is list and c[1].type == "BECOME_OPEN":
            first.extend(c[2])
            return first  # type: ignore[no-any-return]
        return self._more(first, c[1], c[2])

    # -- portions

    def portion(self, c: list[Any]) -> list[Portion]:
        token = c[0]
        if type(token) is not parse.Token:
            return token  # type: ignore[no-any-return]
        return [self._marked(token)]

    mark = portion

    def _marked(self, token: parse.Token) -> Portion:
        kind = token.type.partition("_")[0].lower()
        return Portion(mark(self.words(token)), kind, token.start, token.end)

    def portions(self, c: list[Any]) -> list[Portion]:
        known: list[Portion] = c[0]
        if len(c) > 1:
            more = c[2]
            known.append(more[0]._replace(ranged=c[1].type == "TO"))
            known.extend(more[1:])
        return known

    portions_alone = marks = portions

    def alone(self, c: list[Any]) -> list[Portion]:
        return [self._marked(c[0])] if len(c) == 1 else self.portions(c)

    def ordinals(self, c: list[Any]) -> list[Portion]:
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
        return c[0]  # type: ignore[no-any-return]

    def alinea_numbers(self, c: list[Any]) -> list[Portion]:
        token = c[-1]
        one = Portion(re.sub(r"\D", "", self.words(token)), "", token.start, token.end)
        if len(c) == 1:
            return [one]
        c[0].append(one._replace(ranged=c[1].type == "TO"))
        return c[0]  # type: ignore[no-any-return]

    def worded(self, c: list[Any]) -> list[Portion]:
        first = c[0]
        if type(first) is list:
            noun = c[1]
            kind = folded(self.words(noun))[:2]
            made = [p._replace(label=kind + p.label, kind=kind) for p in first]
            made[-1] = made[-1]._replace(end=noun.end)
            return made
        if first.type == "PORTION_NOUN":
            kind = folded(self.words(first))[:2]
            if type(c[1]) is list:
                made = [p._replace(label=kind + p.label, kind=kind) for p in c[1]]
                made[0] = made[0]._replace(start=first.start)
                return made
            return [Portion(near(self.words(c[1])), "near", first.start, c[1].end)]
        if first.type == "NEAR":
            return [Portion(near(self.words(first)), "near", first.start, c[1].end)]
        if c[-1].type == "NEAR":
            return [Portion(near(self.words(c[-1])), "near", first.start, c[-1].end)]
        return [Portion(point(self.words(c[-1])), self._point(first), first.start, c[-1].end)]

    def _point(self, noun: parse.Token) -> str:
        """A paragraph holds points: "paragraphe 1, point f"."""
        return "point" if folded(self.words(noun)).startswith("point") else "paragraph"

    # -- divisions and annexes

    def divisions(self, c: list[Any]) -> list[Division]:
        first = c[0]
        if type(first) is parse.Token:
            if first.type == "DIVISION":
                level, num = first, division_number(self.words(c[1]))
            else:
                level, num = c[1], str(ordinal(self.words(first)))
            return [Division(folded(self.words(level)).rstrip("s"), num, first.start, c[1].end)]
        token = c[2]
        num = division_number(self.words(token))
        first.append(Division(first[-1].level, num, token.start, token.end, c[1].type == "TO"))
        return first  # type: ignore[no-any-return]

    def annexes(self, c: list[Any]) -> list[Division]:
        first, token = c[0], c[-1]
        num = re.sub(r"^n\s?[°ºo]\s*|\s+", "", self.words(token), flags=re.I)
        if type(first) is parse.Token:
            return [Division("annexe", num, first.start, token.end)]
        first.append(Division("annexe", num, token.start, token.end))
        return first  # type: ignore[no-any-return]

    def places(self, c: list[Any]) -> Listed:
        return Listed("annexes" if c[0][0].level == "annexe" else "divisions", c[0])

    def within(self, c: list[Any]) -> list[Listed]:
        if len(c) == 3:
            return _longer(c[0], Listed("portions", c[2]))
        return [Listed("portions", c[-1])]

    def inner(self, c: list[Any]) -> list[Listed]:
        last = c[-1]
        if type(last) is list:
            last = Listed("articles", last)
        if len(c) == 3:
            return _longer(c[0], last)
        if len(c) == 2:
            return [last._replace(kind="his")]
        return [last]


def _longer(chain: list[Listed], last: Listed) -> list[Listed]:
    chain.append(last)  # in place: a chain may be long
    return chain


def _joined(posts: list[list[Portion]], more: list[Portion]) -> list[list[Portion]]:
    # "article 5, I et II": the same depth goes on, another depth is a step further in; long lists grow in place
    if posts and posts[-1][-1].kind == more[0].kind:
        posts[-1].extend(more)
    else:
        posts.append(more)
    return posts
