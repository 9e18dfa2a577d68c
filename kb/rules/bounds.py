"""What a comparison decides before every amount is known: no amount is negative, so 150 F and more is not less than 100 F."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from kb.ground.money import Money
from kb.rules import expressions as x
from kb.rules.values import Number, Ratio, add, multiply

_ENDLESS = Decimal("Infinity")
_ZERO = Decimal(0)

Range = tuple[Number, Number]


class Ranges:
    """The least and the greatest that amounts may be; *amounts* are the facts of that type, *lets* the named values."""

    def __init__(self, amounts: set[str], lets: Mapping[str, x.Node]) -> None:
        self.amounts, self.lets = amounts, lets

    def decided(self, node: x.Compare, values: Mapping[str, object]) -> bool | None:
        """Whether a comparison holds whatever its unknown amounts are; ``None`` where they matter."""
        left, right = self.of(node.left, values), self.of(node.right, values)
        if left is None or right is None:
            return None
        (low, high), (floor, ceiling) = left, right
        match node.op:
            case "<":
                return True if high < floor else False if low >= ceiling else None
            case "<=":
                return True if high <= floor else False if low > ceiling else None
            case ">":
                return True if low > ceiling else False if high <= floor else None
            case ">=":
                return True if low >= ceiling else False if high < floor else None
        return None

    def of(self, node: x.Node, values: Mapping[str, object]) -> Range | None:
        """The least and the greatest amount that *node* may be; ``None`` when it is no amount, or nothing bounds it."""
        match node:
            case x.Lit(value=Money() as money):
                return money.francs, money.francs
            case x.Name(name):
                value = values.get(name)
                if type(value) is Decimal or type(value) is Fraction:
                    return value, value
                if name in self.amounts:
                    return _ZERO, _ENDLESS
                return self.of(self.lets[name], values) if name in self.lets else None
            case x.Upheld(inner):
                return self.of(inner, values)
            case x.Arith("+", a, b):
                left, right = self.of(a, values), self.of(b, values)
                return (_sum(left[0], right[0]), _sum(left[1], right[1])) if left and right else None
            case x.Share(x.Lit(value=Ratio() as ratio), base):
                range_ = self.of(base, values)
                return range_ and (_times(range_[0], ratio.value), _times(range_[1], ratio.value))
            case x.Capped(a, b):
                left, right = self.of(a, values), self.of(b, values)
                return (min(left[0], right[0]), min(left[1], right[1])) if left and right else None
        return None


def _sum(left: Number, right: Number) -> Number:
    return _ENDLESS if _ENDLESS in (left, right) else add(left, right)


def _times(left: Number, right: Number) -> Number:
    return left if left == _ENDLESS else multiply(left, right)
