"""Find what is cited, as written; decide nothing.

``find`` walks a text once. A fast scanner says where a citation could begin (``_START``; it decides nothing), the
grammar ``grammar/cite.lark`` says whether one does and how far it goes, and each thing cited becomes a
``Written``: what the words say, with its own span. What they mean (which code, which act, which day) is for
``kb.resolve``.

Shapes of fragments, from the outside in: ``I``, ``2°``, ``b``, ``al5`` (5th alinéa), ``al-1`` (the last), ``al-2`` (the
last but one), ``ph2`` (2nd sentence), ``ti1`` (1st dash), ``3`` (a paragraph numbered 3), ``précédent``.

A list gives one ``Written`` a member, each with its own span; a range one for each end, ``num_end`` on the first. A
holder that closes a list ("…, L. 3 du code du travail") lies in the span of the last member.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from kb import parse
from kb.names import article_number, fold

# How a holder is named: by its own words, or by a word that points at one met before or at the text itself.
NAMED, PRESENT, SAME, SAID, THIS, CITED = "named", "present", "same", "said", "this", "cited"


class Holder(NamedTuple):
    """What a provision is said to belong to.

    ``kind``: ``code``, ``act``, ``constitution``, ``treaty``, ``article``, ``portion``, ``division``, ``annex``. ``how`` tells
    named from pointed at. ``words`` are a code's name without "code", a division's level or a portion's label, folded.
    """

    kind: str
    how: str
    start: int
    end: int
    words: str = ""
    nature: str = ""
    number: str | None = None
    signed: date | None = None
    year: str | None = None


class Written(NamedTuple):
    """One thing cited, as written. ``text[start:end]`` are its words.

    ``kind``: ``article``, ``act``, ``code``, ``division``, ``annex``, ``portion`` or ``here`` (words that only point).
    ``num`` is normalised as ids write it. ``fragment`` and ``divisions`` go from the outside in. ``group`` and
    ``path`` number what is cited in one breath. ``prefixed`` tells "L. 5" from "5"; ``loose`` that the fragment's
    first step is glued to the number ("L. 136-5-V") and could be part of it; ``published`` and ``effective`` are the
    days of a "JORF … en vigueur le …" tail, each with its span.
    """

    start: int
    end: int
    kind: str
    holder: Holder | None
    num: str | None
    num_end: str | None
    fragment: tuple[str, ...]
    divisions: tuple[tuple[str, str], ...]
    group: int
    path: int
    prefixed: bool = False
    loose: bool = False
    closes_range: bool = False
    following: bool = False
    cited: bool = False
    published: tuple[date, int, int] | None = None
    effective: tuple[date, int, int] | None = None


class Found(NamedTuple):
    """What ``find`` returns: citations in the order of the text, and near misses as ``(start, end, sentence)``."""

    written: list[Written]
    faults: list[tuple[int, int, str]]


class _Portion(NamedTuple):
    label: str
    kind: str
    start: int
    end: int
    ranged: bool = False


class _Number(NamedTuple):
    num: str
    start: int
    end: int
    posts: tuple[tuple[_Portion, ...], ...]
    prefixed: bool
    loose: bool = False
    ranged: bool = False
    following: bool = False
    cited: bool = False
    short: int = 0  # where it ended before ", 1er alinéa" was joined to it


class _Division(NamedTuple):
    level: str
    num: str
    start: int
    end: int
    ranged: bool = False


class _List(NamedTuple):
    kind: str  # articles, portions, divisions, annexes
    members: tuple[Any, ...]


class _Path(NamedTuple):
    chain: list[_List]
    holders: list[Holder]
    published: tuple[date, int, int] | None = None
    effective: tuple[date, int, int] | None = None


# ---- vocabulary: words to values. The grammar has already said that the words are of these kinds.

_MONTHS = {
    "jan": 1, "fev": 2, "mar": 3, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aou": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ORDINALS = {
    name: n
    for n, names in enumerate(
        (
            "premier premiere", "deuxieme second seconde", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme",
            "huitieme", "neuvieme", "dixieme", "onzieme", "douzieme", "treizieme", "quatorzieme", "quinzieme", "seizieme",
            "dix-septieme", "dix-huitieme", "dix-neuvieme", "vingtieme", "vingt-et-unieme", "vingt-deuxieme",
            "vingt-troisieme", "vingt-quatrieme", "vingt-cinquieme", "vingt-sixieme", "vingt-septieme", "vingt-huitieme",
            "vingt-neuvieme", "trentieme",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_COUNTS = {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8}
_NATURES = {
    "loi": "loi", "ordonnance": "ordonnance", "decret": "decret", "arrete": "arrete", "circulaire": "circulaire",
    "instruction": "instruction", "lettre": "lettre", "decision": "decision", "deliberation": "deliberation", "avis": "avis",
    "note": "note", "convention": "convention", "accord": "accord", "avenant": "avenant", "protocole": "protocole",
    "reglement": "reglement-ue", "directive": "directive-ue",
}  # fmt: skip
_NEAR = {"precedent": "précédent", "suivant": "suivant"}
# portions from the outside in, to tell "I et 3° du II" (two branches) from "2° et 3°" (one)
_DEPTH = {"roman": 1, "upper": 2, "digit": 3, "degree": 4, "letter": 5, "al": 6, "ph": 7, "ti": 7, "point": 2, "near": 6}
_DASH = dict.fromkeys(map(ord, "‐‑‒–—−―"), "-")
_INVISIBLE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")


@lru_cache(4096)
def _number_of(words: str) -> str:
    return article_number(_INVISIBLE.sub("", words))


@lru_cache(1024)
def _folded(words: str) -> str:
    return " ".join(fold(_INVISIBLE.sub(" ", words)).split())


@lru_cache(1024)
def nature(words: str) -> str:
    """The nature of an act, as ids write it: ``nature("Décrets") == "decret"``."""
    first = re.split(r"[\s-]", _folded(words))[0]
    return _NATURES.get(first) or _NATURES.get(first.rstrip("s")) or first


@lru_cache(512)
def _ordinal(words: str) -> int:
    word = re.sub(r"\s+", "-", _folded(words)).rstrip("s")
    if word.startswith("avant"):
        return -2
    if word.startswith("dernier"):
        return -1
    digits = re.match(r"\d+", word)
    return int(digits.group()) if digits else _ORDINALS.get(word, 0)


@lru_cache(512)
def _mark(words: str) -> str:
    """The mark of a portion as fragments write it: "1° bis" is ``1°bis``, "b)" is ``b``."""
    return re.sub(r"[\s)]+", "", words.translate(_DASH)).replace("º", "°")


@lru_cache(512)
def _division_number(words: str) -> str:
    number = re.sub(r"\s+", "", words)
    folded = fold(number)
    return "I" if folded == "ier" else re.sub(r"(?<=\d)er$", "", folded if len(folded) > 6 else number)


def _act_number(words: str) -> str:
    return re.sub(r"\s+", "", words.translate(_DASH)).rstrip(".-/")


_COMMA_OF = re.compile(r",\s*(?:d(?:u|es)|de\s+l)(?!\w*dit)", re.I).match


class _Reading:
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
                month = _folded(self.words(c[1]))
                number = _MONTHS.get(month[:3]) or _MONTHS.get(month[:4]) or 0
                day = int(re.match(r"\d+", self.words(c[0])).group())  # type: ignore[union-attr]
                return date(int(self.words(c[2])), number, day), c[0].start, c[-1].end
            if "-" in words:
                return date.fromisoformat(words), c[0].start, c[-1].end
            day, month_, year = re.split(r"[/.]", words)
            return date(int(year), int(month_), int(day)), c[0].start, c[-1].end
        except ValueError:
            return None, c[0].start, c[-1].end  # type: ignore[return-value]

    # -- articles

    def after(self, c: list[Any]) -> Any:
        token = c[0]
        kind = token.type
        if kind == "OPEN":
            return c[1], c[-1].end if len(c) > 2 else c[1][-1].end, "portions"
        if kind == "DASH_ROMAN":
            mark = _mark(self.words(token)).lstrip("-")
            return (_Portion(mark, "roman", token.start + 1, token.end),), token.end, "loose"
        if kind in ("ROMAN", "DEGREE"):
            portion = _Portion(_mark(self.words(token)), kind.lower(), token.start, token.end)
            return (portion,), token.end, "loose" if kind == "ROMAN" else "portions"
        return (), token.end, kind

    def number(self, c: list[Any]) -> _Number:
        token = c[0]
        words = self.words(token)
        posts: list[tuple[_Portion, ...]] = []
        end, loose, following, cited = token.end, False, False, False
        for portions, stop, how in c[1:]:
            end = stop
            if portions:
                posts.append(tuple(portions))
                loose = loose or (how == "loose" and len(posts) == 1)
            following = following or how == "FOLLOWING"
            cited = cited or how == "CITED"
        prefixed = token.type in ("NUM", "NUM_ALONE")
        return _Number(_number_of(words), token.start, end, tuple(posts), prefixed, loose, False, following, cited)

    next_number = plain = plain_next = number

    def articles(self, c: list[Any]) -> tuple[_Number, ...]:
        first = c[0]
        if type(first) is parse.Token:
            if first.type in ("ARTICLE", "SAME"):
                return (c[-1]._replace(start=first.start),)
            return (self.number(c),)
        if type(c[2]) is _Number:
            return (*first, c[2]._replace(ranged=c[1].type == "TO"))
        last = first[-1]
        joined = last._replace(posts=_joined(last.posts, c[2]), end=c[2][-1].end, short=last.short or last.end)
        return (*first[:-1], joined)

    # -- portions

    def portion(self, c: list[Any]) -> tuple[_Portion, ...]:
        token = c[0]
        if type(token) is not parse.Token:
            return token  # type: ignore[no-any-return]
        return (self._marked(token),)

    def _marked(self, token: parse.Token) -> _Portion:
        kind = token.type.removesuffix("_ALONE").lower()
        return _Portion(_mark(self.words(token)), kind, token.start, token.end)

    def portions(self, c: list[Any]) -> tuple[_Portion, ...]:
        if len(c) == 1:
            return c[0]  # type: ignore[no-any-return]
        more = c[2]
        return (*c[0], more[0]._replace(ranged=c[1].type == "TO"), *more[1:])

    portions_alone = portions

    def alone(self, c: list[Any]) -> tuple[_Portion, ...]:
        return (self._marked(c[0]),) if len(c) == 1 else self.portions(c)

    def ordinals(self, c: list[Any]) -> list[_Portion]:
        token = c[-1]
        rank = _ordinal(self.words(token))
        one = _Portion(str(rank), "", token.start, token.end)
        if len(c) == 1:
            return [one]
        if len(c) == 2:
            count = _COUNTS.get(_folded(self.words(c[0])), 2)
            ranks = range(-count, 0) if rank < 0 else range(1, count + 1)
            return [_Portion(str(n), "", c[0].start, token.end) for n in ranks]
        return [*c[0], one._replace(ranged=c[1].type == "TO")]

    def alinea_numbers(self, c: list[Any]) -> list[_Portion]:
        token = c[-1]
        one = _Portion(re.sub(r"\D", "", self.words(token)), "", token.start, token.end)
        return [one] if len(c) == 1 else [*c[0], one._replace(ranged=c[1].type == "TO")]

    def worded(self, c: list[Any]) -> tuple[_Portion, ...]:
        first = c[0]
        if type(first) is list:
            noun = c[1]
            kind = _folded(self.words(noun))[:2]
            made = [p._replace(label=kind + p.label, kind=kind) for p in first]
            made[-1] = made[-1]._replace(end=noun.end)
            return tuple(made)
        if first.type == "PORTION_NOUN":
            kind = _folded(self.words(first))[:2]
            if type(c[1]) is list:
                made = [p._replace(label=kind + p.label, kind=kind) for p in c[1]]
                made[0] = made[0]._replace(start=first.start)
                return tuple(made)
            return (_Portion(_near(self.words(c[1])), "near", first.start, c[1].end),)
        if first.type == "NEAR":
            return (_Portion(_near(self.words(first)), "near", first.start, c[1].end),)
        if c[-1].type == "NEAR":
            return (_Portion(_near(self.words(c[-1])), "near", first.start, c[-1].end),)
        label = re.sub(r"\s+", "", self.words(c[-1])).translate(_DASH).rstrip(".-")
        return (_Portion(label, "point", first.start, c[-1].end),)

    # -- divisions and annexes

    def divisions(self, c: list[Any]) -> tuple[_Division, ...]:
        first = c[0]
        if type(first) is parse.Token:
            if first.type == "DIVISION":
                level, num = first, _division_number(self.words(c[1]))
            else:
                level, num = c[1], str(_ordinal(self.words(first)))
            return (_Division(_folded(self.words(level)).rstrip("s"), num, first.start, c[1].end),)
        token = c[2]
        num = _division_number(self.words(token))
        return (*first, _Division(first[-1].level, num, token.start, token.end, c[1].type == "TO"))

    def annexes(self, c: list[Any]) -> tuple[_Division, ...]:
        first, token = c[0], c[-1]
        num = re.sub(r"^n\s?[°ºo]\s*|\s+", "", self.words(token), flags=re.I)
        if type(first) is parse.Token:
            return (_Division("annexe", num, first.start, token.end),)
        return (*first, _Division("annexe", num, token.start, token.end))

    def items(self, c: list[Any]) -> _List:
        members = c[0]
        kind = type(members[0])
        if kind is _Number:
            return _List("articles", members)
        if kind is _Portion:
            return _List("portions", members)
        return _List("annexes" if members[0].level == "annexe" else "divisions", members)

    def chain(self, c: list[Any]) -> list[_List]:
        if len(c) == 1:
            return c  # type: ignore[no-any-return]
        if len(c) == 2:
            return [_List("portions", c[1])]
        c[0].append(c[2])
        return c[0]  # type: ignore[no-any-return]

    # -- holders

    def code(self, c: list[Any]) -> Holder:
        start, end = c[0].start, c[-1].end
        if c[0].type == "BOOK_OF_TAX_PROCEDURE":
            return Holder("code", NAMED, start, end, _folded(self.words(c[0])))
        if c[1].type == "CITED":
            return Holder("code", CITED, start, end)
        words = _folded(self.text[start : c[1].end]).replace("' ", "'")
        if c[-1].type == "CODE_ANNEX":
            words += ", annexe " + _folded(self.words(c[-1])).split()[-1].removeprefix("ann.")
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
            number = _union_number(number) if what.endswith("-ue") else _act_number(number)
        words = _folded(self.text[named[1].start : named[-1].end]) if len(named) > 1 else ""
        return Holder("act", how, start, end, words, what, number, signed, year)

    def acts(self, c: list[Any]) -> list[Holder]:
        if len(c) == 1:
            return c
        known: list[Holder] = c[0]
        if c[1].type == "AND_DATE":
            signed, start, end = c[2]
            return [*known, Holder("act", NAMED, start, end, "", known[-1].nature, None, signed)]
        day = c[3] if len(c) > 3 else (None, 0, c[2].end)
        number = _act_number(self.words(c[2]))
        return [*known, Holder("act", NAMED, c[2].start, day[2], "", known[-1].nature, number, day[0])]

    noun = staticmethod(parse.PASS)

    def here(self, c: list[Any]) -> Holder:
        if c[0].type == "ARTICLE":
            return Holder("article", CITED, c[0].start, c[1].end)
        how = {"PRESENT": PRESENT, "SAME": SAME, "SAID": SAID, "THIS": THIS}[c[0].type]
        return self._pointed(how, c[0].start, c[-1])

    def _one_of(self, noun: parse.Token) -> str:
        """The nature that a word points at; none for a plural, which points at several acts at once."""
        words = _folded(self.words(noun))
        return "" if words.endswith("s") and words != "avis" else nature(words)

    def _pointed(self, how: str, start: int, noun: parse.Token) -> Holder:
        if noun.type == "ACT":
            return Holder("act", how, start, noun.end, "", self._one_of(noun))
        kind = {"THE_CODE": "code", "ARTICLE": "article", "DIVISION": "division"}.get(noun.type, "portion")
        return Holder(kind, how, start, noun.end, _folded(self.words(noun)).rstrip("s"))

    def holder(self, c: list[Any]) -> list[Holder]:
        value = c[0]
        if type(value) is parse.Token:
            kind = "treaty" if value.type == "TREATY" else "constitution"
            return [Holder(kind, NAMED, value.start, value.end, _folded(self.words(value)))]
        return value if type(value) is list else [value]

    # -- paths

    def inverted(self, c: list[Any]) -> tuple[_Number, ...]:
        if type(c[0]) is parse.Token:
            return (c[1],)
        if type(c[1]) is parse.Token and c[1].type == "MARKS":
            return c[0]  # type: ignore[no-any-return]
        return (*c[0], c[2]._replace(ranged=c[1].type == "TO"))

    def coded(self, c: list[Any]) -> tuple[Holder, tuple[_Number, ...]]:
        code = c[0]
        if type(code) is Holder:
            return code, (self.number(c[1:] if c[1].type == "NUM_ALONE" else c[2:]),)
        return code[0], (*code[1], c[2]._replace(ranged=c[1].type == "TO"))

    def published(self, c: list[Any]) -> dict[str, Any]:
        days = {}
        for token, day in zip(c[::2], c[1::2], strict=True):
            days["effective" if token.type == "EFFECTIVE" else "published"] = day
        return days

    def bare(self, c: list[Any]) -> _Path:
        return _Path([_List("articles", (self.number(c[:-2])._replace(prefixed=False),))], c[-1])

    def path(self, c: list[Any]) -> _Path:
        first = c[0]
        if type(first) is parse.Token:
            if first.type == "OF_SAID":
                # "du" belongs to the sentence, "dit" to the citation; they are one word
                return _Path([], [self._pointed(SAID, first.start, c[1])])
            if first.type == "NUMBER_SIGN":
                signed, _, end = c[2]
                number = _act_number(self.words(c[1]))
                return _Path([], [Holder("act", NAMED, first.start, end, "", "", number, signed)])
            annex = _List("annexes", (_Division("annexe", "", first.start, first.end),))
            if type(c[2]) is tuple:
                return _Path([annex, _List("articles", c[2])], [])
            return _Path([annex], c[2])
        if type(first) is tuple:
            if type(first[0]) is Holder:
                return _Path([_List("inverted", first[1])], [first[0]])
            return _Path([_List("annexes", first)], c[2])
        if type(first[0]) is _List:
            if len(c) == 1:
                return _Path(first, [])
            if len(c) == 5:
                return _Path([*first, _List("annexes", c[2])], c[4])
            last = c[-1]
            if type(last) is list:
                return _Path(first, last)
            if type(last) is Holder:
                return _Path(first, [last])
            if last.type == "CODE_SHORT":
                short = Holder("code", NAMED, last.start, last.end, _folded(self.words(last)).replace(" ", ""))
                return _Path(first, [short])
            return _Path(first, [self._pointed(SAID, c[1].start, last)])
        chain: list[_List] = []
        days: dict[str, Any] = {}
        for each in c[1:]:
            if type(each) is dict:
                days = each
            else:
                chain = [_List("inverted", each)]
        return _Path(chain, first, days.get("published"), days.get("effective"))

    def group(self, c: list[Any]) -> list[_Path]:
        if len(c) == 1:
            return c
        known, token, path = c
        # "articles L. 3 et L. 4, 1er alinéa, du code du travail": a comma, then the holder of what comes before it
        if not path.chain and known[-1].chain and not known[-1].holders and self.text[token.start] == "," and _COMMA_OF(self.text, token.start):
            return [*known[:-1], known[-1]._replace(holders=path.holders)]
        return [*known, path]

    start = staticmethod(parse.PASS)


def _near(words: str) -> str:
    return _NEAR[_folded(words).rstrip("es").rstrip("s")[:9]] if _folded(words)[:4] == "prec" else "suivant"


def _union_number(words: str) -> str:
    """ "(CE) n° 883/2004" and "2005/36/CE" as ``883/2004``, ``2005/36``."""
    found = re.search(r"\d{1,4}\s?/\s?\d{1,4}", words)
    return re.sub(r"\s", "", found.group()) if found else _act_number(words)


def _joined(posts: tuple[tuple[_Portion, ...], ...], more: tuple[_Portion, ...]) -> tuple[tuple[_Portion, ...], ...]:
    # "article 5, I et II": the same depth goes on, another depth is a step further in
    if posts and posts[-1][-1].kind == more[0].kind:
        return (*posts[:-1], (*posts[-1], *more))
    return (*posts, more)


# ---- from paths to what is written

_CAP = 64  # members that one product of lists may give: "premiers alinéas des I à X des articles …"


def _write(paths: list[_Path], group: int, out: list[Written]) -> None:
    rank = 0
    for path in _branches(paths):
        rank += 1
        _write_path(path, group, rank, out)


def _branches(paths: list[_Path]) -> list[_Path]:
    """Give each path what it shares with the next: "2° du I et 3° du II de l'article 5", "1er alinéa et au 2° de l'article 5"."""
    split: list[_Path] = []
    for path in paths:
        chain = path.chain
        if len(chain) > 1 and chain[0].kind != "inverted":
            path = _apart(path, split)
            chain = path.chain
        for i, each in enumerate(chain[:-1]):
            if each.kind != "portions" or len(each.members) < 2 or chain[i + 1].kind != "portions":
                continue
            cut = next((j for j in range(1, len(each.members)) if _DEPTH[each.members[j].kind] > _DEPTH[each.members[0].kind]), 0)
            if cut and i > 0:
                split.append(_Path([*chain[:i], _List("portions", each.members[:cut])], []))
                path = path._replace(chain=[_List("portions", each.members[cut:]), *chain[i + 1 :]])
                break
        split.append(path)
    done: list[_Path] = []
    for path in reversed(split):
        if path.chain and not path.holders and all(each.kind == "portions" for each in path.chain) and done:
            after = done[-1]
            rest = [each for each in after.chain if each.kind != "portions"]
            if rest and rest[0].kind == "articles" and after.chain[0].kind == "portions":
                path = path._replace(chain=[*path.chain, *rest], holders=after.holders)
            elif not rest and after.holders and after.holders[0].kind in ("article", "portion"):
                path = path._replace(holders=after.holders)
        done.append(path)
    done.reverse()
    return done


def _apart(path: _Path, split: list[_Path]) -> _Path:
    """ "3° de l'article 14 et 7° de l'article 18": what follows "et" opens a path of its own."""
    chain = path.chain
    for i, each in enumerate(chain[:-1]):
        last = each.members[-1]
        if each.kind == "articles" and chain[i + 1].kind == "articles" and last.short:
            kept = last._replace(posts=last.posts[:-1], end=last.short)
            split.append(_Path([*chain[:i], _List("articles", (*each.members[:-1], kept))], []))
            return path._replace(chain=[_List("portions", last.posts[-1]), *chain[i + 1 :]])
    return path


def _product(lists: list[_List]) -> list[tuple[_Portion, ...]]:
    """Every way down *lists* (inner to outer), each from the outside in, the first list's order kept."""
    ways: list[tuple[_Portion, ...]] = [()]
    for each in lists:
        ways = [(member, *way) for way in ways for member in each.members][:_CAP] if len(each.members) > 1 else [
            (each.members[0], *way) for way in ways
        ]
    if len(lists) > 1:
        ways.sort(key=lambda way: tuple(p.start for p in reversed(way)))
    return ways


def _ways_after(posts: tuple[tuple[_Portion, ...], ...]) -> list[tuple[str, ...]]:
    ways: list[tuple[str, ...]] = [()]
    for each in posts:
        ways = [(*way, p.label) for way in ways for p in each][:_CAP]
    return ways


def _write_path(path: _Path, group: int, rank: int, out: list[Written]) -> None:
    holders = path.holders
    first, last = (holders[0], holders[-1]) if holders else (None, None)
    chain = path.chain
    days = {"published": path.published, "effective": path.effective}
    if not chain:
        for holder in holders:
            kind = "here" if holder.kind in ("article", "portion", "division", "annex") else holder.kind
            kind = "code" if kind == "constitution" else "act" if kind == "treaty" else kind
            out.append(Written(holder.start, holder.end, kind, holder, None, None, (), (), group, rank, **days))  # type: ignore[arg-type]
        return
    if chain[0].kind == "inverted":
        start = first.start if first else chain[0].members[0].start
        for holder in holders[:-1]:
            out.append(Written(holder.start, holder.end, holder.kind, holder, None, None, (), (), group, rank))
        _write_articles(chain[0].members, [], last, last.start if last else start, 0, group, rank, out, days)
        return
    kinds = [each.kind for each in chain]
    stop = last.end if last and last.end > chain[0].members[-1].end else 0
    if "articles" in kinds:
        at = kinds.index("articles")
        leading = [each for each in chain[:at] if each.kind == "portions"]
        annexes = [each for each in chain if each.kind == "annexes"]
        divisions = tuple((m.level, m.num) for each in annexes for m in each.members[:1])
        start = chain[0].members[0].start
        _write_articles(chain[at].members, leading, first, start, stop, group, rank, out, days, divisions)
    elif kinds[-1] in ("divisions", "annexes"):
        # the divisions that hold the innermost list are single: "chapitres 2 à 4 du titre IV du livre Ier"
        outer = tuple((m.level, m.num) for each in reversed(chain[1:]) if each.kind != "portions" for m in each.members[:1])
        inner = chain[0] if chain[0].kind != "portions" else next(each for each in chain if each.kind != "portions")
        if chain[0].kind == "portions":
            outer = tuple((m.level, m.num) for each in reversed(chain) if each is not inner and each.kind != "portions" for m in each.members[:1])
        fragment = tuple(p.label for p in _product([each for each in chain if each.kind == "portions"])[0])
        kind = "annex" if inner.kind == "annexes" else "division"
        for i, member in enumerate(inner.members):
            end = max(stop, chain[-1].members[-1].end) if i == len(inner.members) - 1 else member.end
            begin = chain[0].members[0].start if i == 0 else member.start
            nexts = inner.members[i + 1] if i + 1 < len(inner.members) else None
            num_end = nexts.num if nexts and nexts.ranged else None
            steps = (*outer, (member.level, member.num))
            out.append(Written(begin, end, kind, first, None, num_end, fragment, steps, group, rank, closes_range=member.ranged))
    else:
        ways = _product(chain)
        end = max(stop, chain[-1].members[-1].end)
        for way in ways:
            labels = tuple(p.label for p in way)
            kind = "near" if any(p.kind == "near" for p in way) else "portion"
            point = any(p.kind == "point" for p in way)
            out.append(
                Written(way[-1].start, end, "point" if point else "portion", first, None, None, labels, (), group, rank, cited=kind == "near")
            )


def _write_articles(
    numbers: tuple[_Number, ...],
    leading: list[_List],
    holder: Holder | None,
    start: int,
    stop: int,
    group: int,
    rank: int,
    out: list[Written],
    days: dict[str, Any],
    divisions: tuple[tuple[str, str], ...] = (),
) -> None:
    ways = _product(leading) if leading else [()]
    size = len(numbers)
    for i, number in enumerate(numbers):
        end = max(stop, number.end) if i == size - 1 else number.end
        num_end = numbers[i + 1].num if i + 1 < size and numbers[i + 1].ranged else None
        afters = _ways_after(number.posts) if number.posts else [()]
        for w, way in enumerate(ways):
            before = tuple(p.label for p in way)
            # the first member opens where the path does; the others of a product open at their own innermost portion
            begin = number.start if i else (start if w == 0 else min(way[-1].start, number.start))
            for after in afters:
                out.append(
                    Written(
                        begin, end, "article", holder, number.num, num_end, (*after, *before), divisions, group, rank,
                        number.prefixed, number.loose, number.ranged, number.following, number.cited, **days,
                    )
                )  # fmt: skip


# ---- the scanner

# Where a citation may begin: first letters and what must follow soon, for every terminal that can open one. It only
# proposes; a test holds it equal, on real articles, to trying the grammar at every word. The first letter of each line
# is a set without the i flag, which the engine rejects at once.
_POINTED = (
    r"(?:artic|codes?\W|lois?\W|d[ée]cre|ordonn|arr[êe]t|circul|instr|lettre|d[ée]ci|d[ée]lib|avis|note|conv|accor|avena|proto"
    r"|r[èe]gl|direct|alin|phras|tiret|livre|titre|sous|chapi|secti|parag|parti|annex|al\.|art\.|(?-i:[IVX]+\W)|\d+\s?[°º])"
)
_PORTION = r"\s+(?:\d+\s?[°º]|(?-i:[IVX]+\W)|[a-h]\)?\W|\d{1,2}\s+(?:du|de\s+l))"
_STARTS = (
    r"[aA](?i:rt(?:icle|s?\.|\s)|lin|l\.|nnex|vant[\s-]dern|vis\s|venant|ccords?\s|rr[êe]t[ée]|ncien\s+code|ux?(?:dit|" + _PORTION + r"))",
    r"[àÀ](?i:\s*ladit)",
    r"[cC](?i:ode\s|on(?:vention|stitution)|ircul|inq|hapit|e(?:s|t|tte)?\s+" + _POINTED + ")",
    r"[dD](?i:[ée](?:cre|cis|lib)|erni|eux|ix|irect|ou[zs]|(?:u|es)(?:dit|" + _PORTION + r")|e\s*ladit)",
    r"[lL](?i:ois?\W|ivre|ettre|[ea]s?dit)",
    r"[mM](?i:[êe]mes?\s)",
    r"[nN](?i:otes?\s+de|euvi|ouveau\s+code|\s?[°ºo]\s*\d)",
    r"[oO](?i:rdonnan|nzi)",
    r"[pP](?i:r(?:[ée]sent|emi|[ée]c[ée]d|otoc)|oint|arag|hrase|arti(?:e|es)\s)",
    r"[qQ](?i:uat|uin)",
    r"[rR](?i:[èe]glem)",
    r"[sS](?i:ec(?:tion|ond)|ous-|ept|ix|ei|uivant)",
    r"[hH](?i:uit)",
    r"[vV](?i:ingt)",
    r"[tT](?i:itre|iret|roi|rei|rent|rait)",
    r"[iI](?i:nstru)",
    r"[LRDA]\s?[O.*\d]|[LRD]\s\s?\d",
    r"\d\d{0,2}(?:\s?[°º]|\s?(?i:[èe]re|er|i?[èeé]?me|[eèéª]|nde?|de)\W|\s(?:du|de|et|ou|à|bis|ter|quater)\s|,\s)",
    r"[a-zA-HIVX][IVX]{0,5}\)?(?:\s(?:du|de|et|ou|à|bis|ter|quater|-)\s|,\s|-|\s-)",
    r"§",
)
_START = "(?:" + "|".join(_STARTS) + ")"
# to the next word at which a citation may begin; over one word
_NEXT = re.compile(rf"(?:(?!{_START})(?:\w++[^\w§]*+|[^\w§]++))*+").match
_OVER = re.compile(r"\w++[^\w§]*+|§|\W").match

# What looks like a citation and deserves a word when it is not read: a number right after "article" or "n°" after an act
_NEAR_MISS = re.compile(
    r"(?:articles?|art\.)\s+(?:[LRDA]\s?\.\s?)?\d[\w.-]*|(?:loi|décret|arrêté|ordonnance|circulaire|directive|règlement)s?\s+n\s?°\s*\S+",
    re.I,
)


@lru_cache(1)
def _make() -> list[parse.Make | None]:
    """The method of ``_Reading`` for each rule of the grammar; imported rules lose their prefix."""
    return [
        None if name.startswith("__") else getattr(_Reading, name.rpartition("__")[2]) for name, _ in parse.grammar("cite").rules
    ]


def find(text: str) -> Found:
    """Everything that *text* cites, in order. Any text is answered; the cost is linear in its length.

    Offsets are code points of *text*. Where accents are written as separate marks (not NFC) the words are read composed
    and the spans carried back.
    """
    return _find_plain(text) if text.isascii() or unicodedata.is_normalized("NFC", text) else _find_composed(text)


def _find_plain(text: str) -> Found:
    grammar = parse.grammar("cite")
    reading = _Reading(text)
    make = _make()
    written: list[Written] = []
    faults: list[tuple[int, int, str]] = []
    walk, build = grammar.walk, grammar.build
    group, at, size = 0, 0, len(text)
    while True:
        at = _NEXT(text, at).end()  # type: ignore[union-attr]
        if at >= size:
            break
        found = walk(text, at)
        if found is None:
            miss = _NEAR_MISS.match(text, at)
            if miss is not None:
                faults.append((at, miss.end(), f"« {' '.join(miss.group().split())} » ressemble à une citation, et ne se lit pas."))
            at = _OVER(text, at).end()  # type: ignore[union-attr]
            continue
        group += 1
        _write(build(found, make, reading), group, written)
        at = found.end
    return Found(written, faults)


def _find_composed(text: str) -> Found:
    """``find`` on the composed text, its spans carried back to *text*."""
    pieces: list[str] = []
    origin: list[int] = []  # for each character of the composed text, where it begins in text
    at = 0
    for cluster in re.finditer(r"[^\u0300-\u036f][\u0300-\u036f]{0,4}|[\u0300-\u036f]", text):
        composed = unicodedata.normalize("NFC", cluster.group())
        pieces.append(composed)
        origin += [cluster.start()] * len(composed)
        at = cluster.end()
    origin.append(at)
    composed_text = "".join(pieces)
    if not unicodedata.is_normalized("NFC", composed_text):
        # rarer marks than these are read as they stand
        composed_text, origin = text, list(range(len(text) + 1))
    found = _find_plain(composed_text)
    return Found(
        [w._replace(start=origin[w.start], end=origin[w.end], published=_moved(w.published, origin), effective=_moved(w.effective, origin)) for w in found.written],
        [(origin[start], origin[end], sentence) for start, end, sentence in found.faults],
    )


def _moved(day: tuple[date, int, int] | None, origin: list[int]) -> tuple[date, int, int] | None:
    return day and (day[0], origin[day[1]], origin[day[2]])
