"""Ids and article numbers: what is written is what is read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ground.fault import Misuse
from kb.ground.names import NATURES, Ref, act_id, article_number, fold, iri, natural, parse_ref, slug

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
        ("l. 1", "L1"), ("r12-3", "R12-3"), ("lo 6", "LO6"), ("a. 1", "A1"), ("12", "12"), ("12-3", "12-3"), ("Ier", "1"), ("PREMIER", "1"),
        ("12 BIS", "12bis"), ("12 ter A", "12terA"), ("L. 5 bis", "L5bis"), ("114 a", "114A"), ("114 ab", "114AB"),
        ("L. 12-a", "L12-A"), ("L12a-3", "L12A-3"), ("L\u00a0111\u202f-1", "L111-1"), ("I", "I"), ("préliminaire", "preliminaire"), ("unique", "unique"),
        *((f"L. 1{dash}2", "L1-2") for dash in "‐‑‒–—−―-"),
        *((f"1 {word.upper()}", f"1{word}") for word in ["bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "nonies", "decies", "undecies", "duodecies", "terdecies", "quaterdecies", "quindecies", "sexdecies", "septdecies", "octodecies", "novodecies", "vicies", "unvicies", "duovicies", "tervicies", "quatervicies", "quinvicies", "sexvicies", "septvicies", "octovicies", "novovicies", "tricies", "untricies", "duotricies"]),
    ],
)  # fmt: skip
def test_numbers_are_compared_without_their_dress(written: str, number: str) -> None:
    assert article_number(written) == number


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("xyz//", "empty"),
        ("", "empty"),
        ("css/", "empty"),
        ("/css", "empty"),
        ("css/D1@1997-13-01", "calendar"),
        ("css/D1@97", "YYYY-MM-DD"),
        ("css/D1@", "YYYY-MM-DD"),
        ("css/D1#", "nothing follows"),
        ("Décret n° 3", "neither a code nor a kind"),
        ("LEGITEXT12", "neither a code nor a kind"),
        ("LEGITEXT0000060731890", "neither a code nor a kind"),
        ("-css", "neither a code nor a kind"),
        ("decret", "date of signature"),
        ("decret/hier/3", "date of signature"),
        ("decret/art-2", "date of signature"),
        ("css/D1 bis x@y z", "YYYY-MM-DD"),
        ("decret/sd/3/a b", "holds a space"),
        ("css/D1/a b", "holds a space"),
    ],
)
def test_a_bad_reference_says_what_is_wrong_in_one_line(words: str, says: str) -> None:
    with pytest.raises(Misuse, match=says) as error:
        parse_ref(words)
    assert "\n" not in str(error.value)
    assert words in str(error.value)


def test_a_reference_is_a_string() -> None:
    with pytest.raises(Misuse, match="a string is wanted"):
        parse_ref(3)  # type: ignore[arg-type]


DAY = date(1996, 3, 21)


@pytest.mark.parametrize(
    ("words", "ref"),
    [
        ("css", Ref("css")),
        (" css/D. 253-81 ", Ref("css", ("D253-81",))),
        ("css/l1/II/2", Ref("css", ("L1", "II", "2"))),
        ("code-rural-ancien/1143-2", Ref("code-rural-ancien", ("1143-2",))),
        ("LEGITEXT000006073189/D1", Ref("LEGITEXT000006073189", ("D1",))),
        ("JORFTEXT000000000001", Ref("JORFTEXT000000000001")),
        ("decret/1996-03-21", Ref("decret/1996-03-21")),
        ("decret/1996-03-21/96-251", Ref("decret/1996-03-21/96-251")),
        ("decret/1996-03-21/art-2", Ref("decret/1996-03-21", ("art-2",))),
        ("decret/1996-03-21/96-251/art-2", Ref("decret/1996-03-21/96-251", ("art-2",))),
        ("instruction/sd/anv/II/2/2.4#al3", Ref("instruction/sd/anv", ("II", "2", "2.4"), None, ("al3",))),
        ("css/D1@1996-03-21", Ref("css", ("D1",), DAY)),
        ("css/D1@1996-03-21#I,2°,b", Ref("css", ("D1",), DAY, ("I", "2°", "b"))),
        ("css/D1#al5", Ref("css", ("D1",), None, ("al5",))),
    ],
)
def test_a_reference_is_text_steps_day_and_fragment(words: str, ref: Ref) -> None:
    assert parse_ref(words) == ref


@pytest.mark.parametrize(
    "nature",
    [
        "loi",
        "ordonnance",
        "decret",
        "arrete",
        "circulaire",
        "instruction",
        "lettre",
        "decision",
        "deliberation",
        "avis",
        "note",
        "convention",
        "accord",
        "avenant",
        "protocole",
        "reglement-ue",
        "directive-ue",
        "decision-ue",
        "traite",
    ],
)
def test_acts_are_named_by_their_nature_and_day(nature: str) -> None:
    assert nature in NATURES
    assert act_id(nature, DAY, "96-251") == f"{nature}/1996-03-21/96-251"
    assert parse_ref(act_id(nature, DAY, None)) == Ref(f"{nature}/1996-03-21")
    assert parse_ref(act_id(nature, None, "7 / NSR-ANV")) == Ref(f"{nature}/sd/7-nsr-anv")


def test_a_provision_is_named_without_day_and_fragment() -> None:
    assert parse_ref("css/D1@1996-03-21#al5").provision == "css/D1"


def test_words_are_compared_without_case_accents_and_ligatures() -> None:
    assert fold("ŒUVRE d’Æsope, À l'Été") == "oeuvre d'aesope, a l'ete"
    assert slug("« À l’Œuvre : 2° »") == "a-l-oeuvre-2"


def test_iris_carry_the_day_as_a_step() -> None:
    assert iri("css/D253-81@1993-09-01#al5", "/") == "/css/D253-81/1993-09-01#al5"
    assert iri("css/L1 é#I,2°") == "https://renvoi.example/id/css/L1%20%C3%A9#I,2%C2%B0"
    assert iri("css") == "https://renvoi.example/id/css"


def test_numbers_sort_as_a_reader_counts() -> None:
    names = ["css/D133-2", "css/D133-2-1", "css/D133-10", "css/D253-5", "css/L133-3"]
    assert sorted(sorted(names), key=natural) == names
    assert natural("D133-10") == ((1, "D"), (0, 133), (1, "-"), (0, 10))
