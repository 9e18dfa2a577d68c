"""How much: exact amounts in their currency.

Amounts are decimals, never floats. Francs are the unit of comparison: euros are converted at the legal rate of Council
Regulation (EC) n° 2866/98 without rounding, so that a threshold sees the exact amount; only ``str`` rounds to the cent.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

FRANC, EURO = "FRF", "EUR"
FRANCS_PER_EURO = Decimal("6.55957")

_SIGNS = {"F": FRANC, "FRF": FRANC, "€": EURO, "EUR": EURO}
_AMOUNT = re.compile(r"([+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+|[+-]?\d+)(?:[.,](\d+))?\s*(\S*)", re.ASCII)
_CENT = Decimal("0.01")


class Money(NamedTuple):
    """An exact ``amount`` in one ``currency`` (``FRF`` or ``EUR``). Compare by ``francs``."""

    amount: Decimal
    currency: str = FRANC

    @property
    def francs(self) -> Decimal:
        """The amount in francs, exact."""
        return self.amount * FRANCS_PER_EURO if self.currency == EURO else self.amount

    def __str__(self) -> str:
        return f"{self.amount.quantize(_CENT, ROUND_HALF_UP)} {self.currency}"


def parse_money(words: str) -> Money:
    """Read an amount as facts and rules write it.

    >>> parse_money("99.99 FRF"), parse_money("500 000 F"), str(parse_money("15,5 €"))
    (Money(amount=Decimal('99.99'), currency='FRF'), Money(amount=Decimal('500000'), currency='FRF'), '15.50 EUR')

    Raises ``ValueError`` with one sentence: not an amount, no currency, or a currency nobody knows. The sign is
    kept: whether an amount may be negative is for the caller to say.
    """
    match = _AMOUNT.fullmatch(words.strip())
    if match is None:
        raise ValueError(f"'{words}' is not an amount: write for instance 99.99 FRF or 15 EUR")
    whole, cents, sign = match.groups()
    if not sign:
        raise ValueError(f"'{words}' does not say its currency: write for instance {words.strip()} FRF")
    currency = _SIGNS.get(sign.upper())
    if currency is None:
        raise ValueError(f"the currency '{sign}' is unknown: an amount is in FRF or EUR")
    digits = re.sub(r"\s", "", whole)
    if len(digits) > 15 or len(cents or "") > 6:
        raise ValueError(f"'{words[:24]}…' has more digits than any amount of money")
    return Money(Decimal(f"{digits}.{cents}" if cents else digits), currency)


def francs(amount: Decimal) -> str:
    """An amount in francs as answers write it: ``"99.99 FRF"``, rounded half up to the cent."""
    return str(Money(amount))
