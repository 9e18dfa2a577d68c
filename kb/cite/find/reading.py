"""The values of the grammar's rules over one text: one method a rule, called at each reduction.

Rules of ``grammar/cite.lark`` become ``Path``: a chain of lists from the inside out (portions, articles, divisions) and
the holders at its end. ``kb.cite.find.paths`` turns paths into what is written.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, NamedTuple

from kb.cite.find.values import (
    COUNTS,
    DASHES,
    MONTHS,
    act_number,
    division_number,
    folded,
    mark,
    nature,
    near,
    number_of,
    ordinal,
    union_number,
)
from kb.cite.find.written import CITED, NAMED, PRESENT, SAID, SAME, THIS, Holder
from kb.ground import parse


class Portion(NamedTuple):
    label: str
    kind: str
    start: int
    end: int
    ranged: bool = False


class Number(NamedTuple):
    num: str
    start: int
    end: int
    posts: tuple[tuple[Portion, ...], ...]
    prefixed: bool
    loose: bool = False
    ranged: bool = False
    following: bool = False
    cited: bool = False
    short: int = 0  # where it ended before ", 1er alinéa" was joined to it


class Division(NamedTuple):
    level: str
    num: str
    start: int
    end: int
    ranged: bool = False


class Listed(NamedTuple):
    kind: str  # articles, portions, divisions, annexes
    members: list[Any]


class Path(NamedTuple):
    chain: list[Listed]
    holders: list[Holder]
    published: tuple[date, int, int] | None = None
    effective: tuple[date, int, int] | None = None


_COMMA_OF = re.compile(r",\s*(?:d(?:u|es)|de\s+l)(?!\w*dit)", re.I).match


class Reading:
    """The values of the grammar's rules over one text: one method a rule, called at each reduction."""

    def __init__(self, text: str) -> None:
        self.text = text

    def words(self, token: parse.Token) -> str:
        return self.text[token.start : token.end]

    # -- dates

    def date(self, c: list[Any]) -> tuple[date, int, int] | None:
        words = self.text[c[0].start : c[-1].end]
        try:
            if len(c) == 3:
                month = folded(self.words(c[1]))
                number = MONTHS.get(month[:3]) or MONTHS.get(month[:4]) or 0
                day = int(re.match(r"\d+", self.words(c[0])).group())  # type: ignore[union-attr]
                return date(int(self.words(c[2])), number, day), c[0].start, c[-1].end
            if "-" in words:
                return date.fromisoformat(words), c[0].start, c[-1].end
            figures = [int(figure) for figure in re.split(r"[/.]", words)]
            return date(figures[2], figures[1], figures[0]), c[0].start, c[-1].end
        except ValueError:
            return None, c[0].start, c[-1].end  # type: ignore[return-value]

    # -- articles

    def after(self, c: list[Any]) -> Any:
        token = c[0]
        kind = token.type
        if kind == "OPEN":
            return c[1], c[2].end, "portions"
        if kind == "DASH_ROMAN":
            numeral = mark(self.words(token)).lstrip("-")
            return (Portion(numeral, "roman", token.start + 1, token.end),), token.end, "loose"
        if kind in ("ROMAN", "DEGREE"):
            portion = Portion(mark(self.words(token)), kind.lower(), token.start, token.end)
            return (portion,), token.end, "loose" if kind == "ROMAN" else "portions"
        return (), token.end, kind

    def number(self, c: list[Any]) -> Number:
        token = c[0]
        words = self.words(token)
        posts: list[tuple[Portion, ...]] = []
        end, loose, following, cited = token.end, False, False, False
        for portions, stop, how in c[1:]:
            end = stop
            if portions:
                posts.append(tuple(portions))
                loose = loose or (how == "loose" and len(posts) == 1)
            following = following or how == "FOLLOWING"
            cited = cited or how == "CITED"
        prefixed = token.type in ("NUM", "NUM_ALONE")
        return Number(number_of(words), token.start, end, tuple(posts), prefixed, loose, False, following, cited)

    next_number = plain = plain_next = number

    def articles(self, c: list[Any]) -> list[Number]:
        first = c[0]
        if type(first) is parse.Token:
            if first.type in ("ARTICLE", "SAME"):
                return [c[-1]._replace(start=first.start)]
            return [self.number(c)]
        if type(c[2]) is Number:
            first.append(c[2]._replace(ranged=c[1].type == "TO"))
        else:
            last = first[-1]
            posts = _joined(last.posts, c[2])
            first[-1] = last._replace(posts=posts, end=c[2][-1].end, short=last.short or last.end)
        return first  # type: ignore[no-any-return]

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
        label = re.sub(r"\s+", "", self.words(c[-1])).translate(DASHES).rstrip(".-")
        return [Portion(label, "point", first.start, c[-1].end)]

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
            return [*c[0], Listed("portions", c[2])]
        return [Listed("portions", c[-1])]

    def inner(self, c: list[Any]) -> list[Listed]:
        last = c[-1]
        if type(last) is list:
            last = Listed("articles", last)
        if len(c) == 3:
            return [*c[0], last]
        if len(c) == 2:
            return [last._replace(kind="his")]
        return [last]

    # -- holders

    def code(self, c: list[Any]) -> Holder:
        start, end = c[0].start, c[-1].end
        if c[0].type == "BOOK_OF_TAX_PROCEDURE":
            return Holder("code", NAMED, start, end, folded(self.words(c[0])))
        if c[1].type == "CITED":
            return Holder("code", CITED, start, end)
        words = folded(self.text[start : c[1].end]).replace("' ", "'")
        if c[-1].type == "CODE_ANNEX":
            words += ", annexe " + folded(self.words(c[-1])).split()[-1].removeprefix("ann.")
        return Holder("code", NAMED, start, end, words)

    def named(self, c: list[Any]) -> list[parse.Token]:
        return c if len(c) == 1 else [*c[0], c[1]]

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

    def act(self, c: list[Any]) -> Holder:
        named: list[parse.Token] = c[0]
        start = named[0].start
        what = nature(self.words(named[0]))
        how, number, signed, year, end = NAMED, None, None, None, 0
        for each in (*named[1:], *c[1:]):
            if type(each) is dict:
                end = each["end"]
                number, signed = each["number"], each["signed"]
                if each["union"]:
                    what = {"decision": "decision-ue"}.get(what, what)
                continue
            end = max(end, each.end)
            if each.type == "CITED" and number is None and signed is None:
                how = CITED
                what = self._one_of(named[0])
            if each.type == "BUDGET":
                found = re.search(r"\d{4}", self.words(each))
                year = found.group() if found else year
        if number is not None:
            number = union_number(number) if what.endswith("-ue") else act_number(number)
        words = folded(self.text[named[1].start : named[-1].end]) if len(named) > 1 else ""
        return Holder("act", how, start, end, words, what, number, signed, year)

    def acts(self, c: list[Any]) -> list[Holder]:
        if len(c) == 1:
            return c
        known: list[Holder] = c[0]
        if c[1].type == "AND_DATE":
            signed, start, end = c[2]
            known.append(Holder("act", NAMED, start, end, "", known[-1].nature, None, signed))
            return known
        day = c[3] if len(c) > 3 else (None, 0, c[2].end)
        number = act_number(self.words(c[2]))
        start = c[1].start + re.search(r"n\s?[°ºo]", self.words(c[1]), re.I).start()  # type: ignore[union-attr]
        known.append(Holder("act", NAMED, start, day[2], "", known[-1].nature, number, day[0]))
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
        kind = {"THE_CODE": "code", "ARTICLE": "article", "DIVISION": "division"}.get(noun.type, "portion")
        return Holder(kind, how, start, noun.end, folded(self.words(noun)).rstrip("s"))

    def holder(self, c: list[Any]) -> list[Holder]:
        value = c[0]
        if type(value) is parse.Token:
            kind = "treaty" if value.type == "TREATY" else "constitution"
            return [Holder(kind, NAMED, value.start, value.end, folded(self.words(value)))]
        return value if type(value) is list else [value]

    # -- paths

    def inverted(self, c: list[Any]) -> list[Number]:
        if type(c[0]) is parse.Token:
            return [c[1]]
        if type(c[1]) is not parse.Token or c[1].type != "MARKS":
            c[0].append(c[2]._replace(ranged=c[1].type == "TO"))
        return c[0]  # type: ignore[no-any-return]

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
        return Path([Listed("articles", [self.number(c[:-2])._replace(prefixed=False)])], c[-1])

    def path(self, c: list[Any]) -> Path:
        """Told apart by what comes first: a word, a numbered code, annexes, a chain of lists, or holders."""
        first = c[0]
        if type(first) is parse.Token:
            return self._path_of_word(c)
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
        if type(last) is list:
            return Path(chain, last)
        if type(last) is Holder:
            return Path(chain, [last])
        if last.type == "CODE_SHORT":
            words = folded(self.words(last)).replace(" ", "")
            return Path(chain, [Holder("code", NAMED, last.start, last.end, words)])
        return Path(chain, [self._pointed(SAID, c[1].start, last)])

    def group(self, c: list[Any]) -> list[Path]:
        if len(c) == 1:
            return c
        known: list[Path] = c[0]
        token, path = c[1:]
        # "articles L. 3 et L. 4, 1er alinéa, du code du travail": a comma, then the holder of what comes before it
        if not path.chain and known[-1].chain and not known[-1].holders and _COMMA_OF(self.text, token.start):
            known[-1] = known[-1]._replace(holders=path.holders)
        else:
            known.append(path)
        return known

    start = staticmethod(parse.PASS)


def _joined(posts: tuple[tuple[Portion, ...], ...], more: list[Portion]) -> tuple[tuple[Portion, ...], ...]:
    # "article 5, I et II": the same depth goes on, another depth is a step further in
    if posts and posts[-1][-1].kind == more[0].kind:
        return (*posts[:-1], (*posts[-1], *more))
    return (*posts, tuple(more))
