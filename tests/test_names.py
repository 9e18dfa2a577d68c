"""Ids and article numbers: what is written is what is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ground.fault import Misuse
from kb.ground.names import Ref, act_id, article_number, iri, natural, parse_ref

numbers = st.from_regex(r"(L|R|D|LO)?[1-9]\d{0,3}(-[1-9]\d{0,2}){0,3}", fullmatch=True)
days = st.dates()
texts = st.one_of(
    st.sampled_from(["css", "code-rural-ancien", "arrete/1985-07-12", "instruction/sd/admission-non-valeur-msa"]),
    st.builds(act_id, st.sampled_from(["decret", "loi"]), days, st.from_regex(r"\d{2,4}-\d{1,4}", fullmatch=True)),
)


@given(texts, numbers, st.none() | days, st.lists(st.sampled_from(["al5", "I", "2°", "b"]), max_size=3))
def test_an_id_is_read_as_it_is_written(text: str, number: str, day: object, fragment: list[str]) -> None:
    step = f"art-{number}" if "/" in text else number
    ref = Ref(text, (step,), day, tuple(fragment))  # type: ignore[arg-type]
    assert parse_ref(str(ref)) == ref


@given(numbers)
def test_normalising_a_number_twice_changes_nothing(number: str) -> None:
    assert article_number(article_number(number)) == article_number(number)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("L. 111-1", "L111-1"), ("R.* 123", "R123"), ("R. * 911-3", "R911-3"), ("LO 111-3", "LO111-3"), ("L. O. 111-3", "LO111-3"),
        ("199 SEXDECIES", "199sexdecies"), ("1er", "1"), ("premier", "1"), ("D.133-2-1", "D133-2-1"), ("L. 136–5", "L136-5"),
        ("L. 114-1 A", "L114-1A"), ("L. 173-2-0-1 A", "L173-2-0-1A"), ("885-0 V bis", "885-0Vbis"),
    ],
)  # fmt: skip
def test_numbers_are_compared_without_their_dress(written: str, number: str) -> None:
    assert article_number(written) == number


@pytest.mark.parametrize(
    "words",
    [
        "xyz//",
        "",
        "css/",
        "css/D1@1997-13-01",
        "css/D1@97",
        "css/D1#",
        "Décret n° 3",
        "decret/hier/3",
        "css/D1 bis x@y z",
        "/css",
    ],
)
def test_a_bad_reference_says_what_is_wrong_in_one_line(words: str) -> None:
    with pytest.raises(Misuse) as error:
        parse_ref(words)
    assert "\n" not in str(error.value)
    assert words in str(error.value)


def test_iris_carry_the_day_as_a_step() -> None:
    assert iri("css/D253-81@1993-09-01#al5", "/") == "/css/D253-81/1993-09-01#al5"


def test_numbers_sort_as_a_reader_counts() -> None:
    names = ["css/D133-2", "css/D133-2-1", "css/D133-10", "css/D253-5", "css/L133-3"]
    assert sorted(sorted(names), key=natural) == names
