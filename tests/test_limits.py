"""Limits in words: the phrases of tests/cases/limits, and what holds on any text."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from limit_cases import CASES, Case

from kb.ground import parse
from kb.words.bounds import Reading
from kb.words.limits import _START, bounds, limits
from kb.words.numbers import rank, whole
from kb.words.quantities import quantities

ANY = settings(max_examples=300, deadline=None, database=None, derandomize=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text[:50])
def test_the_phrases_are_read(case: Case) -> None:
    read = [(x.quote, f"{x.operator} {x.value} {x.unit}".rstrip()) for x in limits(case.text)]
    assert read == case.limits


# Twins: the same sentence affirmed and denied says the contrary, whatever the quantity.

_ONES = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}


def below_100(n: int) -> str:
    if n < 20:
        return _ONES.split()[n - 1]
    if n in (80, 100):
        return "quatre-vingts"
    ten = 80 if n >= 80 else 60 if n >= 60 else n // 10 * 10
    name = "quatre-vingt" if ten == 80 else _TENS[ten]
    rest = n - ten
    if not rest:
        return name
    return f"{name} et {below_100(rest)}" if rest in (1, 11) and ten < 80 else f"{name}-{below_100(rest)}"


def spelt(n: int) -> str:
    """*n*, at least 1, in words."""
    for worth, name in ((10**9, "milliard"), (10**6, "million"), (1000, "mille"), (100, "cent")):
        if n >= worth:
            many, rest = divmod(n, worth)
            head = (
                name
                if many == 1 and worth <= 1000
                else f"{spelt(many)} {name}{'s' if worth > 1000 and many > 1 else ''}"
            )
            return f"{head} {spelt(rest)}" if rest else head
    return below_100(n)


@ANY
@given(st.integers(1, 10**12 - 1))
def test_numbers_in_words_come_back(n: int) -> None:
    assert whole(spelt(n)) == n
    (read,) = quantities(f"{spelt(n)} jours")
    assert (read.value, read.unit) == (str(n), "jour")


@ANY
@given(st.integers(2, 9999).filter(lambda n: n % 100 != 80 and n % 1000 != 0))
def test_ranks_come_back(n: int) -> None:
    words = spelt(n)
    stem = {"cinq": "cinqu", "neuf": "neuv"}
    *before, last = re.split(r"([ -])", words)
    assert rank("".join(before) + stem.get(last, last.removesuffix("e")) + "ième") == n


QUANTITIES = st.one_of(
    st.integers(2, 99999).map(lambda n: (f"{n} F", str(n), "FRF")),
    st.integers(2, 999).map(lambda n: (f"{spelt(n)} euros", str(n), "EUR")),
    st.integers(2, 99).map(lambda n: (f"{n},5 %", f"{n}.5", "%")),
    st.integers(2, 400).map(lambda n: (f"{spelt(n)} jours", str(n), "jour")),
    st.integers(2, 70).map(lambda n: (f"{spelt(n)} ans", str(n), "an")),
    st.sampled_from([("les deux tiers", "2/3", "fraction"), ("la moitié", "1/2", "fraction")]),
)
TWINS = [
    ("La somme excède {}.", "La somme n'excède pas {}.", ">", "<="),
    ("La somme dépasse {}.", "La somme ne peut dépasser {}.", ">", "<="),
    ("La somme peut dépasser {}.", "La somme ne doit pas dépasser {}.", ">", "<="),
    ("La somme atteint {}.", "La somme n'a pas atteint {}.", ">=", "<"),
    ("La somme est supérieure ou égale à {}.", "La somme n'est pas supérieure ou égale à {}.", ">=", "<"),
    ("La somme est inférieure à {}.", "La somme ne saurait être inférieure à {}.", "<", ">="),
    ("La somme est inférieure à {}.", "La somme est fixée sans pouvoir être inférieure à {}.", "<", ">="),
    ("La somme est supérieure à {}.", "Il statue sans que la somme puisse être supérieure à {}.", ">", "<="),
    ("La somme est d'au moins {}.", "La somme n'est pas d'au moins {}.", ">=", "<"),
    ("Il peut recevoir plus de {}.", "Nul ne peut recevoir plus de {}.", ">", "<="),
    ("Le bail est conclu pour une durée inférieure à {}.", "Le bail ne peut être conclu pour une durée inférieure à {}.", "<", ">="),
    ("Il est permis de retenir plus de {}.", "Il est interdit de retenir plus de {}.", ">", "<="),
    # a denial of something else leaves the limit as it is
    ("Le texte s'applique aux sommes supérieures à {}.", "Le texte ne s'applique pas aux sommes supérieures à {}.", ">", ">"),
    ("Le prêt est dû si la somme excède {}.", "Le prêt n'est dû que si la somme excède {}.", ">", ">"),
]  # fmt: skip


@ANY
@given(st.sampled_from(TWINS), QUANTITIES)
def test_twins_say_the_contrary(twin: tuple[str, str, str, str], quantity: tuple[str, str, str]) -> None:
    affirmed, denied, operator, turned = twin
    words, value, unit = quantity
    if words.startswith("l") and affirmed.count(" de {}"):
        words = words.removeprefix("les ")
    for sentence, said in ((affirmed, operator), (denied, turned)):
        (limit,) = limits(sentence.format(words))
        assert (limit.operator, limit.value, limit.unit) == (said, value, unit), sentence.format(words)


# Any text.

_WORDS = (
    "ne|n'|pas|peut|excéder|excède|inférieur|supérieure|ou égal|à|au moins|au plus|plus de|moins d'|entre|et|ni|sans que|dans un délai de"
    "|jusqu'au|avant|après|le|deux|cent|un|500|1/4|12,5|%|F|euros|mois|jours ouvrables|1er|mai|1997|,|.|;|\n|\n\n|\u00a0|(|)|la moitié"
    "|tiers|maximum|minimale|est de|dont le montant|interdit|plafond|troisième|à compter du|2°|L. 133-3"
)
PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            re.split(r"\|", _WORDS),
        ),
        st.text(max_size=6),
    ),
    max_size=40,
).map(" ".join)


@ANY
@given(PIECES)
def test_spans_never_lie(text: str) -> None:
    found = bounds(text)
    assert all(text[x.start : x.end] == x.quote and x.start < x.end for x in found)
    assert all(a.end <= b.end for a, b in pairwise(found))
    assert {x.operator for x in found} <= {"<", "<=", ">", ">=", "="}
    assert [x for x in found if x.value] == limits(text)
    assert all(text[q.start : q.end].strip() for q in quantities(text))


@pytest.mark.parametrize(
    "piece",
    [
        "ne peut ",
        "mot ",
        "sans que ",
        "excède un ",
        "au moins ",
        "deux ",
        "cent-",
        "1 ",
        "a" * 50,
        "ne peut être inférieur à 3 mois, ",
        "entre 2 et ",
        "dans un délai de ",
        "(",
        "jusqu'au moment où ",
        "d'",
    ],
)
def test_the_cost_is_linear(piece: str) -> None:
    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            bounds(text)
            quantities(text)
            best = min(best, time.perf_counter() - start)
        return best

    small, large = cost(4000), cost(32000)
    assert large < 8 * small * 3 + 0.05, (small, large)


# The scanner only proposes; it must propose every place at which the grammar reads a bound.


def test_the_scanner_misses_no_start() -> None:
    grammar, make = parse.grammar("limits"), parse.methods("limits", Reading)
    for case in CASES:
        text, at, read = case.text, 0, 0
        for word in re.finditer(
            r"(?<!\w)(?!l(?:[aes]{1,2}\s|['’]))\w", text
        ):  # the article of "les deux tiers au moins" is left out
            walk = grammar.walk(text, word.start()) if word.start() >= at else None
            if walk is not None and grammar.build(walk, make, Reading(text)):
                assert _START.match(text, word.start()), text[word.start() :]
                at, read = walk.end, read + 1
        assert read or not case.limits


SLOW = parse.slow_walk("limits")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text[:50])
def test_the_fast_walk_is_plain_lark(case: Case) -> None:
    for word in re.finditer(r"(?<!\w)\w", case.text):
        fast = parse.grammar("limits").walk(case.text, word.start())
        assert (fast.tokens if fast else None) == SLOW(case.text, word.start()), case.text[word.start() :]
