"""Validity is half open; an unknown bound is a value and says when an answer rests on it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ground.period import Edge, Period, edge_name, from_row, in_french, parse_day, to_json

days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
bounds = st.one_of(days, st.sampled_from(Edge))


@given(bounds, bounds, days)
def test_a_dated_end_is_exclusive_and_a_dated_start_inclusive(start: date | Edge, end: date | Edge, day: date) -> None:
    period = Period(start, end)
    if isinstance(end, date):
        assert period.holds(end) is False
    if isinstance(start, date) and not (isinstance(end, date) and end <= start):
        assert period.holds(start) is True
    if isinstance(start, date) and isinstance(end, date):
        assert period.holds(day) is (start <= day < end)
        assert not period.rests_on_unknown(day)


@given(bounds)
def test_bounds_survive_the_store(bound: date | Edge) -> None:
    assert from_row(to_json(bound), edge_name(bound)) == bound


@given(days, days, days, days, days)
def test_overlap_is_a_shared_day(a: date, b: date, c: date, d: date, day: date) -> None:
    one, other = Period(min(a, b), max(a, b)), Period(min(c, d), max(c, d))
    assert one.overlaps(other) == other.overlaps(one)
    if one.holds(day) and other.holds(day):
        assert one.overlaps(other)


@pytest.mark.parametrize("words", ["1997-02-29", "1997-5-1", "hier", "19970501", "1997-13-01", ""])
def test_an_impossible_day_is_refused_in_one_line(words: str) -> None:
    with pytest.raises(ValueError) as error:
        parse_day(words)
    assert "\n" not in str(error.value)


def test_the_first_of_a_month_is_written_1er() -> None:
    assert in_french(date(1993, 9, 1)) == "1er septembre 1993"
