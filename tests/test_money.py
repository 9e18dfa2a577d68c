"""Amounts are exact, in their currency, and say what is wrong with them in one sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ground.money import FRANCS_PER_EURO, Money, francs, parse_money


@pytest.mark.parametrize(
    ("words", "amount", "currency"),
    [
        ("99.99 FRF", "99.99", "FRF"),
        ("99,99 F", "99.99", "FRF"),
        ("150 FRF", "150", "FRF"),
        ("500 000 F", "500000", "FRF"),
        ("500\u202f000 F", "500000", "FRF"),
        ("15 EUR", "15", "EUR"),
        ("15,5 €", "15.5", "EUR"),
        ("15eur", "15", "EUR"),
        ("-3 FRF", "-3", "FRF"),
        ("+3 f", "3", "FRF"),
        (" 1\u00a0000,5 F ", "1000.5", "FRF"),
        ("1 234 567.890123 FRF", "1234567.890123", "FRF"),
        ("9" * 15 + " FRF", "9" * 15, "FRF"),
    ],
)
def test_amounts_read(words: str, amount: str, currency: str) -> None:
    assert parse_money(words) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "not an amount"),
        ("cent F", "not an amount"),
        ("12", "does not say its currency"),
        ("12 USD", "'USD' is unknown"),
        ("1 2 F", "not an amount"),
        ("NaN FRF", "not an amount"),
        ("1" + "0" * 40 + " FRF", "more digits"),
        ("1" * 16 + " FRF", "more digits"),
        ("0.0000001 FRF", "more digits"),
        ("1,5,5 F", "not an amount"),
        ("\u0661 FRF", "not an amount"),
    ],
)
def test_what_is_no_amount_is_told_in_one_sentence(words: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as error:
        parse_money(words)
    assert "\n" not in str(error.value)


def test_euros_compare_exactly() -> None:
    """15.24 EUR is 99.9678… F, under 100 F; 15.25 EUR is over."""
    assert parse_money("15.24 EUR").francs == Decimal("99.9678468")
    assert parse_money("15.24 EUR").francs < 100 < parse_money("15.25 EUR").francs
    assert francs(parse_money("15.24 EUR").francs) == "99.97 FRF"


def test_an_amount_is_in_francs_unless_it_says_so() -> None:
    assert Money(Decimal("1")) == Money(Decimal("1"), "FRF")
    assert str(Money(Decimal("0.005"))) == "0.01 FRF"  # half a cent is rounded up
    assert str(Money(Decimal("-0.005"), "EUR")) == "-0.01 EUR"
    assert Money(Decimal("2"), "EUR").francs == Decimal("13.11914")


@given(st.decimals(0, 10**9, places=2))
def test_amounts_round_trip(amount: Decimal) -> None:
    assert parse_money(str(Money(amount))) == Money(amount)
    assert parse_money(f"{amount} EUR").francs == amount * FRANCS_PER_EURO
