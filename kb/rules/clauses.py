"""From the clauses of a block to a rule: one method for each clause, named after the grammar's rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from kb.ground.names import fold
from kb.ground.span import Span
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules import names
from kb.rules.kinds import UNKNOWN
from kb.rules.layout import Clause
from kb.rules.misread import NAMES
from kb.rules.trees import Branch, Expressions, unquote

if TYPE_CHECKING:
    from lark import Token

HEADS = ("rule", "evidence", "waiver", "parameter")
_ONCE = ("source", "validity", "when", "scope", "then", "always")
_STATUSES = {
    "applicable": "applicable", "non applicable": "non_applicable", "indetermine": "indetermine",
    "hors periode": "hors_periode",
}  # fmt: skip


class File(Protocol):
    """What a clause asks of the file that it stands in."""

    path: str
    parameters: dict[str, m.Parameter]

    def at(self, clause: Clause, token: Token) -> Span:
        """The place of a word of a clause."""

    def fault(self, code: str, sentence: str, span: Span, hint: str = "") -> None:
        """Tell what is wrong."""

    def proof(self, clause: Clause, tree: Branch) -> m.Proof:
        """A proof, as written there or under its name higher in the file."""


class Reading:
    """The clauses of one block, read one after the other; ``clause`` is that being read."""

    def __init__(self, file: File, head: Clause) -> None:
        self.file, self.clause = file, head
        self.expressions = Expressions(self)

    def fault(self, code: str, sentence: str, span: Span, hint: str = "") -> None:
        self.file.fault(code, sentence, span, hint)

    def span(self, token: Token | None = None) -> Span:
        if token is None:
            return Span(self.file.path, self.clause.start, self.clause.end)
        return self.file.at(self.clause, token)

    def bound(self, tree: Branch) -> m.Bound:
        """A day, when it was known, and what proves both."""
        days = [child for child in tree.children if not hasattr(child, "data")]
        proofs = tuple(self.file.proof(self.clause, child) for child in tree.children if hasattr(child, "data"))
        day, *known = (self.expressions.day(token) for token in days)
        return m.Bound(day, known[0] if known else None, proofs, self.span(days[0]))

    def evidence(self, locator: Token, quote: Token, about: str = "") -> m.Evidence:
        """Words of a source."""
        return m.Evidence(str(locator), about, unquote(quote), self.span(quote))


class _Part:
    """The clauses of a rule, or of one of its versions, as they are gathered."""

    def __init__(self, label: str = "", span: Span | None = None) -> None:
        self.label, self.span = label, span
        self.given: set[str] = set()
        self.scope: x.Node | None = None
        self.when: x.Node | None = None
        self.unless: list[x.Node] = []
        self.validity: tuple[m.Bound, m.Bound | None] | None = None
        self.then: tuple[str, str, tuple[m.Effect, ...]] | None = None
        self.always: tuple[m.Effect, ...] = ()
        self.evidence: list[m.Evidence] = []
        self.basis: list[m.Basis] = []
        self.lets: list[m.Effect] = []


class RuleReading(Reading):
    """Makes one rule of the clauses of its block."""

    def __init__(self, file: File, head: Clause) -> None:
        super().__init__(file, head)
        self.head = head
        self.facts: list[m.Fact] = []
        self.notes: list[str] = []
        self.conflicts: list[m.Conflict] = []
        self.replaces: list[m.Replaced] = []
        self.derogates: list[m.Derogation] = []
        self.sequels: list[m.Sequel] = []
        self.essais: list[m.Essai] = []
        self.shared = self.part = _Part()
        self.versions: list[_Part] = []

    def read(self, body: Sequence[Clause]) -> None:
        """Gather the clauses."""
        for clause in body:
            self.clause, kind = clause, clause.kind
            if kind in HEADS:
                self.fault("clause-deplacee", f"Une « {NAMES[kind]} » s'écrit à la marge.", self.span())
            elif kind == "worth":
                self.fault("clause-deplacee", "Une « valeur » s'écrit sous un « paramètre ».", self.span())
            elif kind in _ONCE and kind in self.part.given:
                self.fault("clause-repetee", f"La clause « {NAMES[kind]} » est déjà donnée.", self.span())
            else:
                self.part.given.add(kind)
                getattr(self, f"_{kind}")(clause.tree.children)

    def complete(self) -> None:
        """Tell which clauses a rule lacks."""
        for part in self.versions or [self.shared]:
            where = part.span or self.file.at(self.head, self.head.tree.children[0])  # type: ignore[arg-type]
            for kind in ("source", "validity", "then"):
                if kind not in part.given and kind not in self.shared.given:
                    self.fault("clause-absente", f"Il manque la clause « {NAMES[kind]} ».", where)

    def rule(self) -> m.Rule:
        """The rule of the clauses, once they are complete."""
        slug, title = self.head.tree.children
        then = self.shared.then or self.versions[0].then
        assert then is not None
        made = m.Rule(
            str(slug), str(title).strip(), *then[:2], tuple(self.shared.evidence), tuple(self.shared.basis), tuple(self.facts),
            tuple(self._version_of(part) for part in self.versions or [self.shared]), tuple(self.conflicts),
            tuple(self.replaces), tuple(self.sequels), tuple(self.notes), (), tuple(self.derogates), tuple(self.essais), (),
            self.file.at(self.head, slug),  # type: ignore[arg-type]
        )  # fmt: skip
        asked = {name for v in made.versions for node in v.expressions() for name in x.named(node)}
        own = {fact.name for fact in made.facts}
        parameters = tuple(p for name, p in self.file.parameters.items() if name in asked and name not in own)
        return made._replace(parameters=parameters)

    def _version_of(self, part: _Part) -> m.Version:
        own, shared = part is not self.shared, self.shared
        validity, then = part.validity or shared.validity, part.then or shared.then
        assert validity is not None and then is not None
        unless = [*shared.unless, *part.unless] if own else part.unless
        when = part.when or shared.when
        if unless:
            conditions = (*((when,) if when else ()), *unless)
            when = x.And(conditions, conditions[0].span) if len(conditions) > 1 else conditions[0]
        return m.Version(
            part.label, part.scope or shared.scope, *validity, tuple(part.basis) if own else (),
            tuple(part.evidence) if own else (), (*shared.lets, *part.lets) if own else tuple(part.lets), when, then[2],
            part.always or shared.always, part.span,
        )  # fmt: skip

    # Clauses.

    def _source(self, tokens: list[Branch]) -> None:
        self.part.evidence.insert(0, self.evidence(*tokens))

    def _also(self, tokens: list[Branch]) -> None:
        about = tokens[1].strip() if len(tokens) > 2 else ""
        self.part.evidence.append(self.evidence(tokens[0], tokens[-1], about))

    def _basis(self, tokens: list[Branch]) -> None:
        self.part.basis += [m.Basis(str(token), self.span(token)) for token in tokens]

    def _fact(self, parts: list[Branch]) -> None:
        default = self._default(parts[2]) if len(parts) > 2 else None
        once = tuple(fold(token) for token in parts[3:])
        self.facts.append(m.Fact(fold(parts[0]), kind_of(parts[1]), default, once, self.span(parts[0])))

    def _default(self, tree: Branch) -> x.Lit:
        match str(tree.data):
            case "empty":
                return x.Lit("liste", (), None)
            case "word":
                return x.Lit("mot", fold(tree.children[0]), self.span(tree.children[0]))
        return self.expressions.literal(tree)

    def _let(self, parts: list[Branch]) -> None:
        self.part.lets.append(self._effect(*parts))

    def _effect(self, name: Token, value: Branch) -> m.Effect:
        return m.Effect(fold(name), self.expressions.value(value), UNKNOWN, self.span(name))

    def _version(self, tokens: list[Branch]) -> None:
        self.part = _Part(tokens[0].strip(), self.span(tokens[0]))
        self.versions.append(self.part)

    def _scope(self, parts: list[Branch]) -> None:
        self.part.scope = self.expressions.condition(parts[0])

    def _validity(self, bounds: list[Branch]) -> None:
        start, *end = (self.bound(bound) for bound in bounds)
        self.part.validity = start, end[0] if end else None

    def _when(self, parts: list[Branch]) -> None:
        self.part.when = self.expressions.condition(parts[0])

    def _unless(self, parts: list[Branch]) -> None:
        self.part.unless.append(x.Unless(self.expressions.condition(parts[0]), self.span()))

    def _then(self, parts: list[Branch]) -> None:
        modality, *rest = parts
        action = rest.pop(0).strip() if rest and not hasattr(rest[0], "data") else ""
        self.part.then = fold(modality), action, tuple(self._effect(*tree.children) for tree in rest)

    def _always(self, parts: list[Branch]) -> None:
        self.part.always = tuple(self._effect(*tree.children) for tree in parts)

    def _conflict(self, parts: list[Branch]) -> None:
        kind, about, *said = parts
        reading = None
        if said:
            left, op, right = said
            sides = self.expressions.expression(left), self.expressions.expression(right)
            reading = x.Compare(str(op), *sides, self.span(op))
        self.conflicts.append(m.Conflict(str(kind), str(about), reading, self.span(about)))

    def _replaces(self, parts: list[Branch]) -> None:
        self.replaces.append(m.Replaced(str(parts[0]), self.file.proof(self.clause, parts[1]), self.span(parts[0])))

    def _derogates(self, parts: list[Branch]) -> None:
        proof = self.file.proof(self.clause, parts[1]) if len(parts) > 1 else None
        self.derogates.append(m.Derogation(str(parts[0]), proof, self.span(parts[0])))

    def _sequel(self, parts: list[Branch]) -> None:
        locator, bound, words = parts
        self.sequels.append(m.Sequel(str(locator), self.bound(bound), " ".join(words.split()), self.span(locator)))

    def _note(self, tokens: list[Branch]) -> None:
        self.notes.append(" ".join(tokens[0].split()))

    def _essai(self, parts: list[Branch]) -> None:
        days = [part for part in parts if getattr(part, "type", "") == "DAY"]
        validity = self.part.validity or self.shared.validity
        at = self.expressions.day(days[0]) if days else validity[0].day if validity else None
        if at is None:
            self.fault("essai-sans-jour", "Quel jour ? L'essai précède la clause « en vigueur ».", self.span())
            return
        rank = next(i for i, part in enumerate(parts) if getattr(part, "type", "") == "STATUS")
        facts = self._given(parts[len(days) : rank])
        told = self._given([part for part in parts[rank + 1 :] if part.data == "given"])
        missing = tuple(fold(part.children[0]) for part in parts[rank + 1 :] if part.data == "lacks")
        status = _STATUSES[fold(" ".join(parts[rank].split()))]
        self.essais.append(m.Essai(at, _dump(facts), status, _dump(told), missing, self.span()))

    def _given(self, parts: Sequence[Branch]) -> dict[str, object]:
        """Facts or effects as JSON."""
        said: dict[str, object] = {}
        for part in parts:
            name, answer = part.children
            if fold(name) in said:
                self.fault("donnee-repetee", f"« {name} » est déjà dit.", self.span(name))
            said[fold(name)] = self._answer(answer)
        return said

    def _answer(self, tree: Branch) -> object:
        match str(tree.data):
            case "empty":
                return []
            case "word":
                return str(tree.children[0])
            case "record":
                return [self._given(tree.children)]
            case "several":
                return [self._given(record.children) for record in tree.children]
            case "sequence":
                return [self._answer(child) for child in tree.children]
        return names.answer(self.expressions.literal(tree))


def kind_of(tree: Branch) -> x.Kind:
    """A type as written."""
    children = tree.children
    if tree.data == "choice":
        ways = [[str(token) for token in way.children] for way in children]
        others = tuple((" ".join(fold(word).split()), fold(way[0])) for way in ways for word in way[1:])
        return x.Kind("choix", tuple(fold(way[0]) for way in ways), (), others)
    if tree.data == "records":
        pairs = zip(children[::2], children[1::2], strict=True)
        return x.Kind("liste", fields=tuple((fold(name), kind_of(kind)) for name, kind in pairs))
    name, _, euros = " ".join(children[0].split()).partition(" en ")
    return x.Kind(name, ("EUR",) if euros else ())


def _dump(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)
