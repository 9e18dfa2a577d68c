"""Conditions and calculations of a rule, as values: what may stand after ``si``, ``=`` and in between.

Named tuples all the way down: frozen and light to import. Names are folded to ASCII; ``span``, always last, is in the rule
file and is not kept by the store. Every class is in ``EXPRESSIONS``; a test goes red where one lacks its phrase in the
grammar, its type (``kinds``), its closure (``compiled``), its words (``phrases``) or its entry in the codec.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Protocol, cast

from kb.ground.money import Money
from kb.ground.span import Span
from kb.rules.values import Duration, Number, Ratio

Literal = Money | Ratio | Duration | date | bool | Number | str | tuple[str, ...]


class Kind(NamedTuple):
    """The type of a value: ``montant`` (``choices`` may name its currency, ``EUR``), ``nombre``, ``entier``, ``taux``,
    ``date``, ``durée``, ``mot``, ``oui ou non``, ``choix`` (among ``choices``, folded, each of which ``synonyms`` may also
    call otherwise), ``liste`` (of records with ``fields``); and, of effects only, ``mots``, ``compte``, ``comptes``,
    ``étapes``, ``alternatives``."""

    name: str
    choices: tuple[str, ...] = ()
    fields: tuple[tuple[str, Kind], ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()


class Held(NamedTuple):
    """The words that hold a condition or a value: ``selon « … »``, where an ellipsis stands for words left out."""

    words: str
    span: Span | None


class Node(Protocol):
    """Any of the expressions below. A protocol and no union: mypy does not finish on recursive named tuples."""

    @property
    def span(self) -> Span | None: ...


class Lit(NamedTuple):
    """A value written in the rule: ``kind`` is the name of its ``Kind``."""

    kind: str
    value: Literal
    span: Span | None


class Name(NamedTuple):
    """A fact, a ``paramètre``, a ``soit`` or an earlier effect."""

    name: str
    span: Span | None


class Field(NamedTuple):
    """``mention de premier``."""

    field: str
    record: str
    span: Span | None


class Today(NamedTuple):
    """``ce jour``: the day the question is about."""

    span: Span | None


class Arith(NamedTuple):
    """``left op right``; ``op`` is one of ``+ - fois divisé par``."""

    op: str
    left: Node
    right: Node
    span: Span | None


class Share(NamedTuple):
    """``2,5 % de base``, ``un quart de base``, ``taux de base``."""

    ratio: Node
    base: Node
    span: Span | None


class Per(NamedTuple):
    """``value par mois entamé de retard``: times the ``values.UNITS`` of a duration; ``of`` is ``None`` in a bracket, which counts its own slice."""

    value: Node
    unit: str
    of: Node | None
    span: Span | None


class Units(NamedTuple):
    """``nombre de mois entamés de retard``; ``unit`` is a key of ``values.UNITS``."""

    unit: str
    of: Node
    span: Span | None


class Elapsed(NamedTuple):
    """``durée écoulée de start à end``."""

    start: Node
    end: Node
    span: Span | None


class Age(NamedTuple):
    """``âge de birth au day``, today where no day is said."""

    birth: Node
    day: Node | None
    span: Span | None


class Rounded(NamedTuple):
    """``value arrondi à l'euro supérieur``: to whole ``unit`` s, ``way`` being a key of ``values.ROUNDINGS``."""

    value: Node
    unit: str
    way: str
    span: Span | None


class Capped(NamedTuple):
    """``value dans la limite de cap``: the lesser of the two."""

    value: Node
    cap: Node
    span: Span | None


class Extreme(NamedTuple):
    """``le plus élevé de (a, b)``: ``words`` say whether the greatest or the least."""

    words: str
    parts: tuple[Node, ...]
    span: Span | None

    @property
    def greatest(self) -> bool:
        """Whether it is the greatest and not the least."""
        return " moins " not in self.words and "courte" not in self.words and "ancienne" not in self.words


class Bracket(NamedTuple):
    """``value jusqu'à limit``: what a scale gives up to a limit, included (``<=``) or not (``<``); ``None`` is the rest."""

    value: Node
    op: str
    limit: Node | None
    held: Held | None
    span: Span | None


class Scale(NamedTuple):
    """``barème de base``: the value of the bracket in which *base* falls; ``sliced``, the sum over the slices below it."""

    base: Node
    sliced: bool
    brackets: tuple[Bracket, ...]
    span: Span | None


class Count(NamedTuple):
    """``nombre d'enfants tels que (test)``: fields of the records are named alone in ``test``."""

    records: str
    test: Node | None
    span: Span | None


class Total(NamedTuple):
    """``somme de value parmi records tels que (test)``: fields of the records are named alone in both."""

    value: Node
    records: str
    test: Node | None
    span: Span | None


class PeriodEnd(NamedTuple):
    """``fin de l'année de day``: the last day of its ``année``, ``trimestre`` or ``mois``."""

    period: str
    day: Node
    span: Span | None


class Result(NamedTuple):
    """``name selon la règle rule``: what another rule gives."""

    name: str
    rule: str
    span: Span | None


class Applies(NamedTuple):
    """``la règle rule s'applique``."""

    rule: str
    span: Span | None


class Compare(NamedTuple):
    """``left op right``; ``op`` is one of ``< <= > >= =``."""

    op: str
    left: Node
    right: Node
    span: Span | None


class Among(NamedTuple):
    """``nature parmi majoration, pénalité``: ``choices`` are folded words."""

    left: Node
    choices: tuple[str, ...]
    span: Span | None


class Filled(NamedTuple):
    """``x n'est pas vide`` of a list, ``x n'est pas nul`` of an amount; ``words`` are those."""

    value: Node
    words: str
    span: Span | None


class Exists(NamedTuple):
    """Two different records of a list, in either order, for which ``test`` holds."""

    first: str
    second: str
    records: str
    test: Node
    span: Span | None


class Groups(NamedTuple):
    """The names of the groups of a list (by a word field; ``other`` takes the rest) whose sum stands the comparison.

    Records of the words *aside* are in no group.
    """

    records: str
    by: str
    names: tuple[str, ...]
    other: str
    aside: tuple[str, ...]
    summed: str
    op: str
    limit: Node
    held: Held | None
    span: Span | None


class Cases(NamedTuple):
    """``value quand condition``, the first that holds, or else the value ``sinon``."""

    cases: tuple[tuple[Node, Node], ...]
    otherwise: Node | None
    span: Span | None


class Upheld(NamedTuple):
    """A value with the words that hold it."""

    value: Node
    held: Held
    span: Span | None


class Leaf(NamedTuple):
    """The smallest condition: one line of ``because``, held by words or plain."""

    test: Node
    held: Held | None
    span: Span | None


class Not(NamedTuple):
    inner: Node
    span: Span | None


class Unless(NamedTuple):
    """``sauf si inner``: an exception, which holds where *inner* does not."""

    inner: Node
    span: Span | None


class And(NamedTuple):
    parts: tuple[Node, ...]
    span: Span | None


class Or(NamedTuple):
    parts: tuple[Node, ...]
    span: Span | None


class Open(NamedTuple):
    """``par tout moyen other, notamment (listed)``: what is not listed is asked as the fact *other*, not denied."""

    other: Node
    listed: Node
    span: Span | None


EXPRESSIONS = (
    Lit, Name, Field, Today, Arith, Share, Per, Units, Elapsed, Age, Rounded, Capped, Extreme, Scale, Count, Total, PeriodEnd,
    Result, Applies, Compare, Among, Filled, Exists, Groups, Cases, Upheld, Leaf, Not, Unless, And, Or, Open,
)  # fmt: skip
PARTS = (Bracket, Held)  # of expressions, with spans of their own


def walk(node: Node, leaves: bool = True) -> Iterator[Node]:
    """*node* and every expression in it, from the outside in, in the order of the text; without *leaves*, not the
    conditions in it, which have words of their own."""
    if isinstance(node, EXPRESSIONS):
        yield node
    for part in cast(tuple[object, ...], node):
        if isinstance(part, tuple) and (leaves or not isinstance(part, Leaf)):
            yield from walk(cast(Node, part), leaves)


def literals(node: Node) -> Iterator[Lit]:
    """The values written in an expression, those of the conditions in it left out."""
    return (part for part in walk(node, leaves=False) if isinstance(part, Lit))


def named(node: Node) -> Iterator[str]:
    """The names that an expression asks for."""
    for part in walk(node):
        match part:
            case Name(name) | Field(_, name) | Exists(_, _, name) | Count(name) | Groups(name) | Total(_, name):
                yield name
