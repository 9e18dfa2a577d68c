"""Rules as JSON and back: a named tuple is ``["!Class", field, …]``, and values that JSON lacks are tagged alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import cast

from kb.ground.money import Money
from kb.ground.span import Span
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.values import Duration, Ratio

Json = None | bool | int | float | str | list["Json"]

_VALUES = (Money, Span, Duration, Ratio, x.Kind)
_RULES = (
    m.Found, m.Evidence, m.Proof, m.Bound, m.Basis, m.Fact, m.Effect, m.Period, m.Parameter, m.Version, m.Conflict, m.Replaced,
    m.Derogation, m.Essai, m.Sequel, m.Rule, m.Waiver,
)  # fmt: skip
_PLACELESS = (*x.EXPRESSIONS, *x.PARTS)
CLASSES: dict[str, Callable[..., object]] = {cls.__name__: cls for cls in (*_VALUES, *_PLACELESS, *_RULES)}
_TAGGED: dict[str, Callable[[str], object]] = {"Decimal": Decimal, "Fraction": Fraction, "date": date.fromisoformat}


def to_json(value: object) -> Json:
    """A rule (or any part of one) as plain JSON: ``from_json(to_json(rule))`` is the rule without the spans of expressions."""
    if isinstance(value, tuple):
        tag = type(value).__name__
        fields = [to_json(part) for part in value]
        if isinstance(value, _PLACELESS):
            fields[-1] = None
        return fields if tag == "tuple" else [f"!{tag}", *fields]
    if isinstance(value, date):
        return ["!date", value.isoformat()]
    if isinstance(value, Decimal | Fraction):
        return [f"!{type(value).__name__}", str(value)]
    return cast(Json, value)


def from_json(value: Json) -> m.Rule:
    """The rule of that JSON: the inverse of ``to_json``."""
    rule = _read(value)
    assert isinstance(rule, m.Rule)
    return rule


def _read(value: Json) -> object:
    if not isinstance(value, list):
        return value
    if not value or not (isinstance(value[0], str) and value[0].startswith("!")):
        return tuple(_read(part) for part in value)
    tag = value[0][1:]
    if tag in _TAGGED:
        return _TAGGED[tag](str(value[1]))
    return CLASSES[tag](*(_read(part) for part in value[1:]))
