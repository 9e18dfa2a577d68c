"""The bounds of ``grammar/limits.lark``: comparators with their quantities, before what denies them is looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from kb.ground.parse import Token
from kb.words import scope
from kb.words.quantities import Quantity
from kb.words.quantities import Reading as Quantities
from kb.words.scope import Kind


class Bound(NamedTuple):
    """A bound as the grammar reads it, before what denies it is looked for."""

    start: int
    end: int
    operator: str
    kind: Kind
    quantity: Quantity | None = None


Child = Token | Quantity | Bound | list[Bound] | None

_WORDS: dict[str, tuple[str, Kind]] = {
    "LESSER": ("<", Kind.ADJECTIVE),
    "GREATER": (">", Kind.ADJECTIVE),
    "IS_EQUAL": ("=", Kind.FIXED),
    "YET": ("<", Kind.FIXED),
    "MORE_THAN": (">", Kind.ADVERB),
    "FEWER_THAN": ("<", Kind.ADVERB),
    "BEYOND": (">", Kind.ADVERB),
    "BELOW": ("<", Kind.ADVERB),
    "AT_LEAST": (">=", Kind.LEAST),
    "AT_MOST": ("<=", Kind.LEAST),
    "LATEST": ("<=", Kind.FIXED),
    "EARLIEST": (">=", Kind.FIXED),
    "SINCE": (">=", Kind.FIXED),
    "UNTIL": ("<=", Kind.FIXED),
    "BEFORE": ("<", Kind.MOMENT),
    "BEFORE_THAT": ("<", Kind.MOMENT),
    "AFTER": (">", Kind.MOMENT),
    "ANTERIOR": ("<", Kind.ADJECTIVE),
    "POSTERIOR": (">", Kind.ADJECTIVE),
    "EXPIRY": (">=", Kind.FIXED),
    "APART": (">=", Kind.FIXED),
    "WITHIN": ("<=", Kind.DELAY),
    "IN_THE": ("<=", Kind.DELAY),
    "IN_THE_UNIT": ("<=", Kind.DELAY),
    "UNDER": ("<=", Kind.FIXED),
    "CAP": ("<=", Kind.FIXED),
    "CAPPED": ("<=", Kind.FIXED),
    "MAXIMUM": ("<=", Kind.FIXED),
    "MINIMUM": (">=", Kind.FIXED),
}
_OR_EQUAL = {"<": "<=", ">": ">="}
BACKWARDS = {"<=": ">=", ">=": "<="}  # "au plus tard trente jours avant"
# comparators of time: what they bound is a length of time, a day, an age or a rank
_TIMES = frozenset(
    (
        "LATEST",
        "EARLIEST",
        "BEFORE",
        "BEFORE_THAT",
        "AFTER",
        "ANTERIOR",
        "POSTERIOR",
        "EXPIRY",
        "WITHIN",
        "IN_THE",
        "UNDER",
    )
)
# comparators that count: "plus d'un dossier" is a number, "excède un seuil" is not
_COUNTS = frozenset(("MORE_THAN", "FEWER_THAN", "AT_LEAST", "AT_MOST"))
_MADE = re.compile(
    r"(?:calcul|[ée]tabli|d[ée]termin|[ée]labor|constitu|obten|fabriqu|produi|r[ée]alis|construi|[ée]valu|estim)\w*\s+$",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# nouns over which a comparator of time reaches its quantity: "jusqu'à l'âge de", "à compter de l'expiration du délai de"
_OF_TIME = re.compile(
    r"[âa]ge|expir|fin\b|d[ée]lai|dur[ée]e|p[ée]riode|date|terme|jour\b|[ée]ch[ée]ance|montant|taux|hauteur|seuil|limite|pr[ée]avis|intervalle|,",
    re.I,
)
_MAY = re.compile(r"\bp(?:eu(?:ven)?t|ouvant|ourra|ourront)\s+$", re.I)


class Reading(Quantities):
    """The bounds of the grammar's rules over one text: one method a rule, called at each reduction."""

    def limit(self, c: Sequence[Child]) -> list[Bound]:
        first = c[0]
        if len(c) == 1:
            assert isinstance(first, list)
            return first
        assert isinstance(first, list)
        more, last = c[2], first[-1] if first else None
        # "750 euros ou 1 500 euros": the same words bound both
        if (
            last
            and last.quantity
            and isinstance(more, Quantity)
            and more.unit == last.quantity.unit
            and _counted(more, last)
        ):
            assert isinstance(c[1], Token)
            start = c[1].start + self.words(c[1]).lower().rindex("ou")
            return [*first, last._replace(start=start, end=more.end, quantity=more)]
        return first

    def bound(self, c: Sequence[Child]) -> list[Bound]:
        made = c[0]
        return made if isinstance(made, list) else []

    def value(self, c: Sequence[Child]) -> Quantity | None:
        last = c[-1]
        return last if isinstance(last, Quantity) else None

    def order(self, c: Sequence[Child]) -> Bound:
        names = [token.type for token in c if isinstance(token, Token)]
        name = next(name for name in names if name in _WORDS)
        operator, kind = _WORDS[name]
        if len(names) > 1 and name in ("LESSER", "GREATER"):
            operator = _OR_EQUAL[operator]
        assert isinstance(c[0], Token) and isinstance(c[-1], Token)
        return Bound(c[0].start, c[-1].end, operator, kind)

    def relation(self, c: Sequence[Child]) -> list[Bound]:
        first = c[0]
        made = (
            first if isinstance(first, Bound) else self.order([x for x in c if isinstance(x, Token) and x.type != "TO"])
        )
        return self._with(made, c)

    def verb(self, c: Sequence[Child]) -> list[Bound]:
        first = c[0]
        assert isinstance(first, Token)
        words = self.words(first)
        if first.type == "YET":
            return self._with(Bound(first.start, first.end, "<", Kind.FIXED), c)
        kind = (
            Kind.INFINITIVE if words.endswith(("er", "re")) else Kind.PARTICIPLE if words.endswith("ant") else Kind.VERB
        )
        operator = ">" if first.type == "EXCEED" else ">="
        if (
            first.type == "REACH"
            and _MAY.search(self.text, max(0, first.start - 12), first.start)
            and not scope.denied(self.text, first.start, kind)
        ):
            operator = "<="  # "peut atteindre 10 %": what may be is a ceiling
            kind = Kind.FIXED
        return self._with(Bound(first.start, first.end, operator, kind), c)

    def amount_of(self, c: Sequence[Child]) -> list[Bound]:
        first = c[0]
        assert isinstance(first, Token)
        quantity = c[-1] if isinstance(c[-1], Quantity) else None
        made = self._with(Bound(first.start, first.end, *_WORDS[first.type]), c)
        if first.type in _COUNTS and (quantity is None or made[0].quantity is None):
            return []
        if first.type == "MORE_THAN" and scope.no_longer(self.text, first.start):
            return []
        return made

    def moment(self, c: Sequence[Child]) -> list[Bound]:
        first = c[0]
        assert isinstance(first, Token)
        quantity = next((x for x in c if isinstance(x, Quantity)), None)
        if quantity is None or not self._bounds(first, quantity):
            return []
        operator, kind = _WORDS[first.type]
        if first.type == "AFTER" and quantity.lasts and not quantity.ranked and not self._aged(first, quantity):
            operator = ">="  # "après un délai de dix jours"
        if isinstance(c[-1], Token) and c[-1].type == "AHEAD" and quantity.lasts:
            operator = BACKWARDS.get(operator, operator)
        end = c[-1].end if isinstance(c[-1], (Token, Quantity)) else quantity.end
        return [Bound(first.start, end, operator, kind, quantity)]

    def _aged(self, first: Token, quantity: Quantity) -> bool:
        return re.search(r"\b[âa]ge\b", self.text[first.end : quantity.start], re.I) is not None

    def _bounds(self, first: Token, quantity: Quantity) -> bool:
        """Whether a comparator of time bounds that: "à partir de deux indices" and "après trois tours" do not."""
        between = self.text[first.end : quantity.start]
        named = (
            first.type in ("LATEST", "EARLIEST") or len(between.split()) <= 2 or _OF_TIME.search(between) is not None
        )
        if first.type in _TIMES:
            return named and (quantity.lasts or quantity.unit == "date")
        if quantity.ranked and not quantity.lasts:
            return re.match(r"alin|phras|tiret|livr|titr|chapi|secti|parag|rang", quantity.of, re.I) is None
        if first.type == "UNTIL" and quantity.unit != "date":
            return (quantity.unit, quantity.value) != ("", "1")
        if quantity.unit or quantity.ranked:
            return named
        made = _MADE.search(self.text, max(0, first.start - 24), first.start)
        year = not quantity.of and _YEAR.fullmatch(quantity.value)
        return made is None and Decimal(quantity.value) >= 5 and not year and named

    def delay(self, c: Sequence[Child]) -> list[Bound]:
        first = c[0]
        assert isinstance(first, Token)
        operator, kind = _WORDS[first.type]
        if first.type == "APART":
            return [Bound(first.start, first.end, operator, kind)]
        if first.type == "IN_THE_UNIT":
            words = self.words(first).lower()
            unit = next(
                unit
                for key, unit in (("mois", "mois"), ("semaine", "semaine"), ("heures", "heure"), ("", "an"))
                if key in words
            )
            one = Quantity(first.start, first.end, "24" if unit == "heure" else "1", unit)
            return [Bound(first.start, first.end, operator, kind, one)]
        quantity = next((x for x in c if isinstance(x, Quantity)), None)
        if quantity is None or not quantity.lasts or (first.type == "IN_THE" and quantity.ranked):
            return []
        return [Bound(first.start, quantity.end, operator, kind, quantity)]

    def cap(self, c: Sequence[Child]) -> list[Bound]:
        first = c[0]
        assert isinstance(first, Token)
        return self._with(Bound(first.start, first.end, *_WORDS[first.type]), c)

    extreme = cap

    def between(self, c: Sequence[Child]) -> list[Bound]:
        first, low, high = c[0], c[1], c[-1]
        if not isinstance(first, Token) or not isinstance(low, Quantity) or not isinstance(high, Quantity):
            return []
        low = _shared(low, high)
        said = "compri" in self.words(first).lower()
        if (low.unit != high.unit and not (low.lasts and high.lasts)) or (
            low.unit == "" and not said and "1" in (low.value, high.value)
        ):
            return []
        middle = c[2]
        assert isinstance(middle, Token)
        upper = "<" if len(c) > 4 else "<="
        return [
            Bound(first.start, low.end, ">=", Kind.FIXED, low),
            Bound(middle.start, high.end, upper, Kind.FIXED, high),
        ]

    def from_to(self, c: Sequence[Child]) -> list[Bound]:
        first, low, middle, high = c
        assert isinstance(first, Token) and isinstance(middle, Token)
        if not isinstance(low, Quantity) or not isinstance(high, Quantity):
            return []
        upper = "<=" if middle.type == "UNTIL" else "<"
        low = _shared(low, high)
        return [
            Bound(first.start, low.end, ">=", Kind.FIXED, low),
            Bound(middle.start, high.end, upper, Kind.FIXED, high),
        ]

    def afterwards(self, c: Sequence[Child]) -> list[Bound]:
        quantity, last = c[0], c[-1]
        if not isinstance(quantity, Quantity):
            return []
        assert isinstance(last, Token)
        said = c[1] if last.type == "AHEAD" else last
        assert isinstance(said, Token)
        operator = ">=" if said.type in ("OR_MORE", "OR_EARLIEST") else "<="
        if said.type in ("OR_LATEST", "OR_EARLIEST"):
            if not quantity.lasts and quantity.unit != "date":
                return []
            if last.type == "AHEAD":
                operator = BACKWARDS[operator]
            return [Bound(quantity.start, last.end, operator, Kind.FIXED, quantity)]
        if _article(quantity, self.text) and re.match(r"[mM](?:ini|axi)", self.words(said)):
            return []  # "un nombre maximal fixé par décret"
        return [Bound(quantity.start, last.end, operator, Kind.LEAST, quantity)]

    def _with(self, made: Bound, c: Sequence[Child]) -> list[Bound]:
        """*made* with its quantity, which is the last child, where that is one."""
        last, first = c[-1], c[0]
        if not isinstance(last, Quantity):
            ends = [x.end for x in c if isinstance(x, (Token, Bound))]
            return [made._replace(end=max(ends))]
        counting = isinstance(first, Token) and first.type in _COUNTS
        if not counting and _article(last, self.text):
            return [made]
        return [made._replace(end=last.end, quantity=last)]


def _article(quantity: Quantity, text: str) -> bool:
    """Whether "un" before a noun is an article: "excède un seuil", not "excède un mois", "supérieur à un"."""
    return quantity.of != "" and text[quantity.start : quantity.start + 2].lower() == "un" and quantity.value == "1"


def _counted(more: Quantity, last: Bound) -> bool:
    """Whether a second value is of the kind of the first: the same noun counted, or a unit."""
    assert last.quantity is not None
    return more.unit != "" or more.of == last.quantity.of


def _shared(low: Quantity, high: Quantity) -> Quantity:
    """ "entre 20 et 30 heures": the first number takes the unit of the second."""
    return low._replace(unit=high.unit) if low.unit == "" and not low.of else low
