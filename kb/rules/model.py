"""What a rule is: facts, conditions, effects, dated versions, and the words that hold them.

``lang`` makes rules, ``proof`` resolves their quotes, ``engine`` evaluates them; the store keeps them as JSON (``to_json``,
``from_json``), so that an evaluation needs neither grammar nor sources. Named tuples all the way down: frozen, light to
import, and one codec serves them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeVar

from kb.ground.money import Money
from kb.ground.span import Span


class Duration(NamedTuple):
    """Calendar months and days, as law counts them; ``words`` is how the rule wrote it ("12 mois", "1 an")."""

    months: int
    days: int
    words: str

    def after(self, day: date) -> date:
        """*day* plus this duration; a day that its month lacks becomes the month's last.

        >>> Duration(12, 0, "12 mois").after(date(1996, 2, 29))
        datetime.date(1997, 2, 28)

        Raises ``OverflowError`` past the year 9999.
        """
        count = day.year * 12 + day.month - 1 + self.months
        year, month = count // 12, count % 12 + 1
        if year > 9999:
            raise OverflowError(f"{day} plus {self.words} is past the year 9999")
        last = 31 if month == 12 else date(year, month + 1, 1).toordinal() - date(year, month, 1).toordinal()
        moved = date(year, month, min(day.day, last))
        return date.fromordinal(moved.toordinal() + self.days) if self.days else moved


_DURATION = re.compile(r"(\d{1,4})\s+(ans?|mois|jours?)", re.ASCII)


def parse_duration(words: str) -> Duration:
    """``12 mois``, ``1 an``, ``10 jours``: a number in figures and a unit. Raises ``ValueError`` with one sentence."""
    match = _DURATION.fullmatch(words.strip())
    if match is None:
        raise ValueError(f"'{words}' is not a duration: write for instance 12 mois, 1 an or 10 jours")
    count, unit = int(match[1]), match[2][0]
    return Duration(
        count * {"a": 12, "m": 1, "j": 0}[unit], count if unit == "j" else 0, " ".join(match.group().split())
    )


class Kind(NamedTuple):
    """The type of a value: ``montant``, ``date``, ``durée``, ``entier``, ``mot``, ``oui ou non``, ``choix`` (among
    ``choices``, folded), ``liste`` (of records with ``fields``); and, of effects only, ``mots``, ``compte``,
    ``comptes``, ``étapes``."""

    name: str
    choices: tuple[str, ...] = ()
    fields: tuple[tuple[str, Kind], ...] = ()


class Held(NamedTuple):
    """The words that hold a condition or a value: ``selon « … »``, where an ellipsis stands for words left out."""

    words: str
    span: Span | None


# Expressions. Names are folded to ASCII; ``span`` is in the rule file and is not kept by the store.


class Node(Protocol):
    """Any of the expressions below. A protocol and no union: mypy does not finish on recursive named tuples."""

    @property
    def span(self) -> Span | None: ...


class Lit(NamedTuple):
    """A value written in the rule: ``kind`` is the name of its ``Kind``."""

    kind: str
    value: Money | Duration | date | bool | int | str | tuple[str, ...]
    span: Span | None


class Name(NamedTuple):
    """A fact, a ``soit`` or an earlier effect."""

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
    """``+`` or ``-`` on amounts, ``+`` on a date and a duration."""

    op: str
    left: Node
    right: Node
    span: Span | None


class Capped(NamedTuple):
    """``value dans la limite de cap``: the lesser amount."""

    value: Node
    cap: Node
    span: Span | None


class YearEnd(NamedTuple):
    """31 December of the year of a day."""

    day: Node
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
    """The names of the groups of a list (by a word field; ``other`` takes the rest) whose sum stands the comparison."""

    records: str
    by: str
    names: tuple[str, ...]
    other: str
    summed: str
    op: str
    limit: Node
    held: Held | None
    span: Span | None


class Cases(NamedTuple):
    """``value quand condition``, the first that holds."""

    cases: tuple[tuple[Node, Node], ...]
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


class And(NamedTuple):
    parts: tuple[Node, ...]
    span: Span | None


class Or(NamedTuple):
    parts: tuple[Node, ...]
    span: Span | None


def words_of(node: Node) -> str:
    """An expression as words, one way of writing it.

    >>> words_of(Compare("<", Name("montant", None), Lit("montant", Money(Decimal(100)), None), None))
    'montant < 100.00 FRF'
    """
    match node:
        case Lit(kind, value):
            if kind in ("compte", "comptes"):
                return f"{kind} {text_of(value)}"
            return text_of(value)
        case Name(name):
            return name
        case Field(field, record):
            return f"{field} de {record}"
        case Today():
            return "ce jour"
        case Arith(op, left, right) | Compare(op, left, right):
            return f"{words_of(left)} {op} {words_of(right)}"
        case Capped(value, cap):
            return f"{words_of(value)} dans la limite de {words_of(cap)}"
        case YearEnd(day):
            return f"fin de l'année de {words_of(day)}"
        case Among(left, choices):
            return f"{words_of(left)} parmi {', '.join(choices)}"
        case Filled(value, words):
            return f"{words_of(value)} {words}"
        case Exists(first, second, records, test):
            return f"il existe {first}, {second} parmi {records} tels que {words_of(test)}"
        case Groups(records, by, names, other, summed, op, limit):
            groups = ", ".join((*names, other))
            return f"groupes de {records} par {by} ({groups}) dont le cumul de {summed} {op} {words_of(limit)}"
        case Cases(cases):
            return " ; ".join(f"{words_of(value)} quand {words_of(test)}" for value, test in cases)
        case Upheld(value) | Leaf(value):
            return words_of(value)
        case Not(inner):
            return f"non {words_of(inner)}"
        case And(parts):
            return " et ".join(f"({words_of(p)})" if isinstance(p, Or) else words_of(p) for p in parts)
        case Or(parts):
            return " ou ".join(words_of(p) for p in parts)
    raise TypeError(f"no expression: {node!r}")


def reread(node: Node, reading: Compare) -> Node:
    """*node* with the comparison that has the sides of *reading* replaced by it; *node* itself where none has."""
    match node:
        case Leaf(Compare(op, left, right), held, span) if op != reading.op:
            same = (words_of(left), words_of(right)) == (words_of(reading.left), words_of(reading.right))
            return Leaf(reading, held, span) if same else node
        case And(parts) | Or(parts):
            parts = tuple(reread(part, reading) for part in parts)
            return And(parts, node.span) if isinstance(node, And) else Or(parts, node.span)
        case Not(inner, span):
            return Not(reread(inner, reading), span)
    return node


def words_of_kind(kind: Kind) -> str:
    """A type as words: ``montant``, ``cotisation | autre``, ``liste de (type : mot, montant : montant)``."""
    if kind.name == "choix":
        return " | ".join(kind.choices)
    if kind.name == "liste":
        return f"liste de ({', '.join(f'{name} : {words_of_kind(of)}' for name, of in kind.fields)})"
    return kind.name


def text_of(value: Any) -> str:
    """A value as words of an answer: ``99.99 FRF``, ``1997-03-07``, ``1 an``, ``vrai``, ``als, aah``."""
    if isinstance(value, bool):
        return "vrai" if value else "faux"
    if isinstance(value, Decimal):
        return str(Money(value))
    if isinstance(value, Duration):
        return value.words
    if isinstance(value, tuple) and not isinstance(value, Money):
        return ", ".join(map(str, value)) or "vide"
    return str(value)


# Rules.


class Found(NamedTuple):
    """Where a quote stands: ``text[start:end] == quote`` in ``source``, whose file is ``path`` with ``sha256``."""

    source: str
    path: str
    sha256: str
    start: int
    end: int
    quote: str
    provision: str


class Evidence(NamedTuple):
    """Words of a source that hold a rule; ``about`` says what of it. ``found`` is set by ``proof.check``."""

    locator: str
    about: str
    quote: str
    span: Span | None
    found: Found | None = None


class Proof(NamedTuple):
    """What proves a date or a replacement: a quote at a locator, or (``quote`` is ``None``) a fact of the registry."""

    locator: str
    quote: str | None
    span: Span | None
    found: Found | None = None
    said_by: tuple[str, ...] = ()


class Bound(NamedTuple):
    """A day on which validity starts or ends; ``known`` is the day it was published, ``None`` where nobody says."""

    day: date
    known: date | None
    proofs: tuple[Proof, ...]
    span: Span | None


class Basis(NamedTuple):
    """The id of a provision a rule rests on."""

    id: str
    span: Span | None


class Fact(NamedTuple):
    """What a question may state; ``default`` holds when it does not."""

    name: str
    kind: Kind
    default: Lit | None
    span: Span | None


class Effect(NamedTuple):
    """A named value: of a ``soit``, or told by the answer."""

    name: str
    value: Node
    span: Span | None


class Version(NamedTuple):
    """What a rule says during ``[start, end)``, to the facts in ``scope``; no ``end`` means that none is known."""

    label: str
    scope: Node | None
    start: Bound
    end: Bound | None
    basis: tuple[Basis, ...]
    evidence: tuple[Evidence, ...]
    lets: tuple[Effect, ...]
    when: Node | None
    effects: tuple[Effect, ...]
    always: tuple[Effect, ...]
    span: Span | None


class Conflict(NamedTuple):
    """A ``conflit`` or a ``chronologie`` with ``about``; ``sentence`` comes from the registry's note of that kind.

    ``reading`` is what the other text says where the rule has another operator between the same two sides.
    """

    kind: str
    about: str
    reading: Compare | None
    span: Span | None
    sentence: str = ""
    said_by: tuple[str, ...] = ()


class Replaced(NamedTuple):
    """The rule that this one took the place of, and what says so."""

    rule: str
    proof: Proof
    span: Span | None


class Sequel(NamedTuple):
    """What became of the rule's measure after it: ``words`` since ``bound``, in the provision ``about``."""

    about: str
    bound: Bound
    words: str
    span: Span | None


class Rule(NamedTuple):
    """A computational statement held by quotes; the first of ``evidence`` is its source."""

    id: str
    title: str
    modality: str
    action: str
    evidence: tuple[Evidence, ...]
    basis: tuple[Basis, ...]
    facts: tuple[Fact, ...]
    versions: tuple[Version, ...]
    conflicts: tuple[Conflict, ...]
    replaces: tuple[Replaced, ...]
    sequels: tuple[Sequel, ...]
    notes: tuple[str, ...]
    span: Span

    def all_evidence(self) -> tuple[Evidence, ...]:
        """The rule's own evidence and that of its versions, each once."""
        return self.evidence + tuple(e for v in self.versions for e in v.evidence)

    def all_basis(self) -> tuple[Basis, ...]:
        """The rule's own basis and those of its versions, each id once."""
        every = [*self.basis, *(basis for version in self.versions for basis in version.basis)]
        return tuple({basis.id: basis for basis in every}.values())


class Waiver(NamedTuple):
    """Words of a source that no rule covers, and why."""

    locator: str
    quotes: tuple[Evidence, ...]
    reason: str
    span: Span | None


class World(Protocol):
    """What an evaluation asks of the knowledge base."""

    def version_at(self, provision: str, day: date) -> dict[str, Any] | None:
        """``{"id", "start", "end"}`` (ISO days or ``None``) of the version in force on *day*, or ``None``."""

    def rules(self) -> Mapping[str, Rule]:
        """Every rule by its id; only ``trace`` asks."""


_Made = TypeVar("_Made")


def once_a_rule(make: Callable[[Rule], _Made]) -> Callable[[Rule], _Made]:
    """*make*, done once for each rule object: rules are frozen, so what is made of them stays true."""
    made: dict[int, tuple[Rule, _Made]] = {}

    def get(rule: Rule) -> _Made:
        found = made.get(id(rule))
        if found is None or found[0] is not rule:
            if len(made) >= 4096:
                made.clear()
            found = made[id(rule)] = rule, make(rule)
        return found[1]

    return get


# One codec for all of the above: a named tuple is [class, field, …], and values that JSON lacks are tagged.

_CLASSES: dict[str, Any] = {
    cls.__name__: cls
    for cls in (
        Lit, Name, Field, Today, Arith, Capped, YearEnd, Compare, Among, Filled, Exists, Groups, Cases, Upheld, Leaf,
        Not, And, Or, Held, Kind, Duration, Money, Span, Found, Evidence, Proof, Bound, Basis, Fact, Effect, Version,
        Conflict, Replaced, Sequel, Rule, Waiver,
    )
}  # fmt: skip
_EXPRESSIONS = (
    Lit, Name, Field, Today, Arith, Capped, YearEnd, Compare, Among, Filled, Exists, Groups, Cases, Upheld, Leaf,
    Not, And, Or, Held,
)  # fmt: skip


def to_json(value: Any) -> Any:
    """A rule (or any part of one) as plain JSON: ``from_json(to_json(rule))`` is the rule without the spans of expressions."""
    if isinstance(value, tuple):
        tag = type(value).__name__
        fields = [to_json(part) for part in value]
        if isinstance(value, _EXPRESSIONS):
            fields[-1] = None
        return fields if tag == "tuple" else [f"!{tag}", *fields]
    if isinstance(value, Decimal):
        return ["!Decimal", str(value)]
    if isinstance(value, date):
        return ["!date", value.isoformat()]
    return value


def from_json(value: Any) -> Any:
    """The inverse of ``to_json``."""
    if not isinstance(value, list):
        return value
    if not value or not (isinstance(value[0], str) and value[0].startswith("!")):
        return tuple(from_json(part) for part in value)
    tag = value[0][1:]
    if tag == "Decimal":
        return Decimal(value[1])
    if tag == "date":
        return date.fromisoformat(value[1])
    return _CLASSES[tag](*(from_json(part) for part in value[1:]))
