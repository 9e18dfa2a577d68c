"""Validity is half open; an unknown bound is a value and says when an answer rests on it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ground.period import Edge, edge_name, from_row, in_french, parse_day, stated_days, to_json

days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
bounds = st.one_of(days, st.sampled_from(Edge))


A, B, C = date(1990, 1, 1), date(2000, 1, 1), date(2010, 1, 1)
OPEN, UNKNOWN = Edge.OPEN, Edge.UNKNOWN


@given(bounds)
def test_bounds_survive_the_store(bound: date | Edge) -> None:
    assert from_row(to_json(bound), edge_name(bound)) == bound


def test_a_bound_is_stored_as_its_day_or_its_word() -> None:
    assert [(to_json(bound), edge_name(bound)) for bound in (B, OPEN, UNKNOWN)] == [
        ("2000-01-01", "date"),
        (None, "ouvert"),
        (None, "inconnu"),
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        *(
            (words, "YYYY-MM-DD")
            for words in ("1997-5-1", "hier", "19970501", "", "1997/05-01", "1997-05/01", "1997-W01-1")
        ),
        *((words, "calendar") for words in ("1997-02-29", "1997-13-01", "0000-01-01")),
    ],
)
def test_an_impossible_day_is_refused_in_one_line(words: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as error:
        parse_day(words)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"'{words}'")


@given(days)
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    assert parse_day(day.isoformat()) == day


IN_FRENCH = (
    "1er janvier 2001", "2 février 2002", "3 mars 2003", "4 avril 2004", "5 mai 2005", "6 juin 2006", "7 juillet 2007",
    "8 août 2008", "9 septembre 2009", "10 octobre 2010", "11 novembre 2011", "12 décembre 2012",
)  # fmt: skip


@pytest.mark.parametrize(("number", "words"), [*enumerate(IN_FRENCH, 1)])
def test_days_are_written_and_read_as_acts_write_them(number: int, words: str) -> None:
    day = date(2000 + number, number, number)
    assert in_french(day) == words
    assert stated_days(f"Décret n° 1 JORF {words}") == (day, None)
    assert stated_days(f"Décret n° 1 JORF {words.upper()} en vigueur le {words}") == (day, day)


@pytest.mark.parametrize(
    ("words", "published", "effective"),
    [
        ("JORF du 5 septembre 1990", date(1990, 9, 5), None),
        ("jorf 5  septembre\n1990 EN VIGUEUR le 1er  octobre 1990", date(1990, 9, 5), date(1990, 10, 1)),
        ("JORF 5 septembre 1990, en vigueur le 1er octobre 1990", date(1990, 9, 5), None),
        ("JORF 31 février 1990 en vigueur le 1er mars 1990", None, date(1990, 3, 1)),
        ("JORF 30 mars 1990 en vigueur le 31 avril 1990", date(1990, 3, 30), None),
        ("en vigueur le 1er mars 1990", None, None),
        ("Décret du 5 septembre 1990", None, None),
        ("", None, None),
    ],
)
def test_what_a_link_says_of_publication_and_force(words: str, published: date | None, effective: date | None) -> None:
    assert stated_days(words) == (published, effective)
