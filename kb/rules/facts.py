"""Facts in: from the JSON of a question to values, or one sentence on what is not as it should be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from kb.ground.fault import Misuse
from kb.ground.money import parse_money
from kb.ground.names import fold
from kb.ground.period import parse_day
from kb.rules import expressions as x
from kb.rules.run import Known, Missing
from kb.rules.values import parse_duration, parse_ratio


def read_fact(name: str, value: object, kind: x.Kind) -> Known:
    """The value of a fact as evaluations hold it: francs, a day, a folded word, records.

    Raises ``Misuse`` with one sentence where it is not of its kind.
    """
    if kind.name == "montant" and isinstance(value, str):
        return _amount(name, value)
    if kind.name == "oui ou non":
        if isinstance(value, bool):
            return value
        raise _wrong(name, value, "true or false")
    if kind.name == "entier":
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise _wrong(name, value, "a whole number")
    if kind.name == "liste":
        if isinstance(value, list) and len(value) > _MOST_RECORDS:
            raise Misuse(f"fact '{name}': {len(value)} records are more than {_MOST_RECORDS}")
        if isinstance(value, list):
            return tuple(_read_record(f"{name}[{rank}]", record, kind) for rank, record in enumerate(value))
        raise _wrong(name, value, f"a list of records {{{', '.join(field for field, _ in kind.fields)}}}")
    if kind.name == "nombre" and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _wrong(name, value, _SHAPES[kind.name])
    try:
        if kind.name == "date":
            return parse_day(value)
        if kind.name == "durée":
            return parse_duration(value)
        if kind.name == "taux":
            return parse_ratio(value).value
        if kind.name == "nombre":
            return _number(value)
    except ValueError as error:
        raise Misuse(f"fact '{name}': {error}") from None
    word = value.lower() if value.isascii() else fold(value)
    if kind.name == "choix" and word not in kind.choices:
        meant = dict(kind.synonyms).get(" ".join(word.split()))
        if meant is not None:
            return meant
        raise Misuse(f"fact '{name}': '{value}' is not one of {', '.join(kind.choices)}{near(word, kind.choices)}")
    return word


_MOST_RECORDS = 1000  # every pair may be compared
_SHAPES = {
    "montant": 'an amount in words, for instance "99.99 FRF"', "date": 'a day, for instance "1997-05-01"', "choix": "a word",
    "mot": "a word",
    "durée": 'a duration, for instance "12 mois"', "nombre": "a number", "taux": 'a rate, for instance "2,5 %"',
}  # fmt: skip


def _amount(name: str, words: str) -> Decimal:
    try:
        amount = parse_money(words)
    except ValueError as error:
        raise Misuse(f"fact '{name}': {error}") from None
    if amount.amount < 0:
        raise Misuse(f"fact '{name}': an amount is not negative ({words})")
    return amount.francs


def _number(words: str) -> Decimal:
    if not re.fullmatch(r"\d{1,15}(?:[.,]\d{1,9})?", words):
        raise ValueError(f"'{words}' is not a number: write for instance 2.5")
    return Decimal(words.replace(",", "."))


def _read_record(name: str, record: object, kind: x.Kind) -> dict[str, Known]:
    if not isinstance(record, dict):
        raise _wrong(name, record, f"a record {{{', '.join(field for field, _ in kind.fields)}}}")
    given = {fold(key): value for key, value in record.items()}
    fields = dict(kind.fields)
    for key in given:
        if key not in fields:
            raise Misuse(f"fact '{name}' has no field '{key}'{near(key, fields)}")
    return {
        field: Missing((f"{name}.{field}",))
        if given.get(field) is None
        else read_fact(f"{name}.{field}", given[field], of)
        for field, of in kind.fields
    }


def _wrong(name: str, value: object, expected: str) -> Misuse:
    import json

    shown = json.dumps(value, ensure_ascii=False, default=str)
    return Misuse(f"fact '{name}': {shown if len(shown) < 40 else shown[:37] + '…'} is not {expected}")


def near(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that names what *word* may have been meant to be."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1, 0.6)
    return f"; perhaps '{near[0]}'" if near else ""
