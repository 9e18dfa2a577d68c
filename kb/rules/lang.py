"""From the text of a ``.rule`` file to rules: every error of the file is a fault, none hides the others.

``layout`` cuts a file into blocks and clauses and reads each with ``grammar/rule.lark``; ``clauses`` makes rules of them;
``names`` and ``kinds`` then check names and types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kb.ground.fault import Fault
from kb.ground.names import fold
from kb.ground.span import Span
from kb.rules import model as m
from kb.rules import names
from kb.rules.clauses import HEADS, Reading, RuleReading, kind_of
from kb.rules.layout import Clause, Layout
from kb.rules.misread import NAMES, nearest
from kb.rules.trees import Branch, unquote

if TYPE_CHECKING:
    from lark import Token


class Book(NamedTuple):
    """What a ``.rule`` file holds. A rule with a fault is left out; its faults say why."""

    rules: list[m.Rule]
    waivers: list[m.Waiver]
    faults: list[Fault]


def parse(text: str, path: str) -> Book:
    """Read a ``.rule`` file. Spans of rules and faults are in *text*, under *path* as their source."""
    book = Book([], [], [])
    file = _File(path, book)
    for block in Layout(text, path, book.faults).blocks():
        file.block(block)
    return book


class _File:
    """The blocks of a file, with the proofs and parameters that those below may name."""

    def __init__(self, path: str, book: Book) -> None:
        self.path, self.book = path, book
        self.proofs: dict[str, m.Proof] = {}
        self.parameters: dict[str, m.Parameter] = {}

    def block(self, clauses: list[Clause | None]) -> None:
        head = clauses[0]
        if head is None:
            return
        body = [clause for clause in clauses[1:] if clause]
        if head.kind not in HEADS:
            sentence = f"La clause « {NAMES[head.kind]} » n'est dans aucune règle."
            place = Span(self.path, head.start, head.end)
            self.fault("clause-hors-bloc", sentence, place, "la mettre en retrait sous une « règle »")
        elif head.kind == "rule":
            self._rule(head, body, None in clauses)
        elif head.kind == "parameter":
            self._parameter(head, body)
        else:
            self._evidence(head) if head.kind == "evidence" else self._waiver(head)
            self._misplaced(body)

    def _rule(self, head: Clause, body: list[Clause], broken: bool) -> None:
        before = len(self.book.faults)
        reading = RuleReading(self, head)
        reading.read(body)
        if not broken:
            reading.complete()
        if broken or len(self.book.faults) > before:
            return
        rule, faults = names.resolve(reading.rule())
        faults += names.covered(rule)
        self.book.faults.extend(faults)
        if not faults:
            self.book.rules.append(rule)

    def _evidence(self, head: Clause) -> None:
        name, proof = head.tree.children
        self.proofs[str(name)] = self.proof(head, proof)

    def _waiver(self, head: Clause) -> None:
        locator, *quotes, reason = _tokens(head)
        reading = Reading(self, head)
        evidence = tuple(reading.evidence(locator, quote) for quote in quotes)
        self.book.waivers.append(m.Waiver(str(locator), evidence, " ".join(reason.split()), self.at(head, locator)))

    def _parameter(self, head: Clause, body: list[Clause]) -> None:
        name, kind = head.tree.children
        reading = Reading(self, head)
        periods = []
        for clause in body:
            if clause.kind == "worth":
                reading.clause = clause
                value, locator, quote, start, *end = _tokens(clause)
                worth = reading.expressions.literal(value)
                evidence = reading.evidence(locator, quote, f"{name} : sa valeur")
                periods.append(m.Period(worth, evidence, reading.bound(start), reading.bound(end[0]) if end else None))
        self._misplaced([clause for clause in body if clause.kind != "worth"])
        place = self.at(head, _tokens(head)[0])
        if fold(str(name)) in self.parameters:
            self.fault("parametre-repete", f"Le paramètre « {name} » est déjà écrit.", place)
        made = m.Parameter(fold(str(name)), kind_of(kind), tuple(periods), place)
        self.book.faults.extend(names.periods(made))
        self.parameters[made.name] = made

    def _misplaced(self, body: list[Clause]) -> None:
        for clause in body:
            sentence = f"La clause « {NAMES[clause.kind]} » n'a pas sa place ici."
            self.fault("clause-deplacee", sentence, Span(self.path, clause.start, clause.end))

    # What clauses ask.

    def fault(self, code: str, sentence: str, span: Span, hint: str = "") -> None:
        self.book.faults.append(Fault(code, sentence, span, hint, grave=True))

    def at(self, clause: Clause, token: Token) -> Span:
        assert token.start_pos is not None and token.end_pos is not None
        return Span(self.path, clause.start + token.start_pos, clause.start + token.end_pos)

    def proof(self, clause: Clause, tree: Branch) -> m.Proof:
        first = tree.children[0]
        if tree.data == "quoted":
            quote = tree.children[1]
            return m.Proof(str(first), unquote(quote), self.at(clause, quote))
        span = self.at(clause, first)
        if tree.data == "stated":
            return m.Proof(str(first), None, span)
        if str(first) not in self.proofs:
            sentence = f"Aucune preuve « {first} » n'est écrite plus haut dans ce fichier."
            self.fault("preuve-inconnue", sentence, span, nearest(first, self.proofs))
        return self.proofs.get(str(first), m.Proof(str(first), None, span))


def _tokens(clause: Clause) -> list[Branch]:
    return clause.tree.children
