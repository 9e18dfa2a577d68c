"""What ``cite`` says of a fragment is found among the paragraphs as they are printed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.ground.fragments import within

WORDS = [
    "I.-Sont affiliés au régime :",
    "1° Les personnes mentionnées au II ;",
    "2° Les autres, s'agissant :",
    "a) Du premier cas ;",
    "b) Du second.",
    "Un décret fixe la liste. Il est publié.",
    "I bis.-Par dérogation :",
    "– les uns ;",
    "– les autres.",
    "II.-A.-Au titre des années :",
    "1° 2020 ;",
    "1° bis 2021.",
    "B. - Néant.",
    "Nota : ce texte.",
]
LABELS = [f"al{i}" for i in range(1, 14)] + ["nota1"]


@pytest.mark.parametrize(
    ("fragment", "ranks"),
    [
        ("al1", [0]),
        ("al-1", [12]),
        ("al-2", [11]),
        ("al14", []),
        ("nota1", [13]),
        ("I", [0, 1, 2, 3, 4, 5]),
        ("I,1°", [1]),
        ("I,2°", [2, 3, 4]),
        ("I,2°,b", [4]),
        ("I,al6", [5]),
        ("I,al-1", [5]),
        ("I,al-1,ph2", [5]),
        ("I,al-1,ph3", []),
        ("Ibis", [6, 7, 8]),
        ("Ibis,ti2", [8]),
        ("II", [9, 10, 11, 12]),
        ("II,A,1°", [10]),
        ("II,A,1°bis", [11]),
        ("II,B", [12]),
        ("II,2°", []),
        ("III", []),
        ("2°,a", [3]),
    ],
)
def test_a_fragment_names_its_paragraphs(fragment: str, ranks: list[int]) -> None:
    assert within(LABELS, WORDS, fragment.split(",")) == ranks


def test_numbers_in_front_of_words_are_no_marks() -> None:
    words = ["Il est versé 2. 5 % du total.", "L. 5 n'est pas un mark", "D'une part", "C'est dit."]
    assert within(["al1", "al2", "al3", "al4"], words, ["D"]) == []
    assert within(["al1", "al2", "al3", "al4"], words, ["C"]) == []


@given(
    st.lists(st.text(max_size=30), max_size=8),
    st.lists(st.sampled_from(["I", "2°", "a", "al1", "al-1", "ph2", "ti1", "3"]), max_size=4),
)
@settings(deadline=None)
def test_what_is_found_is_there_and_in_order(words: list[str], fragment: list[str]) -> None:
    labels = [f"al{i + 1}" for i in range(len(words))]
    found = within(labels, words, fragment)
    assert found == sorted(set(found))
    assert all(0 <= rank < len(words) for rank in found)
    if len(fragment) > 1:
        assert set(found) <= set(within(labels, words, fragment[:-1])) | set(found if fragment[0] in labels else ())
