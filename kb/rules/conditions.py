"""The conditions and values of a rule against its words: operators, amounts, facts, alternatives, negations, forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from kb.ground.names import fold
from kb.ground.span import Span
from kb.rules import expressions as x
from kb.rules import forms, grounds
from kb.rules import model as m
from kb.rules.measures import BOUNDARY_HINT, boundaries, bounds_of, holds, says
from kb.rules.phrases import words_of
from kb.rules.quotes import Places
from kb.words.limits import Limit, bounds

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "="}
_NEGATION = re.compile(r"\b(?:n'|ne\b|aucun|sans\b|non\b(?!-)|ni\b)")
_REMAINDER = re.compile(r"\b(?:surplus|reste|solde|difference)\b")


class Wrong(Protocol):
    """Takes a fault at its place in the ``.rule`` file."""

    def __call__(self, code: str, sentence: str, span: Span | None, hint: str = "", /) -> None: ...


class Conditions:
    """A version of a rule, its words in the evidence that was *located*; what they do not hold goes to *wrong*."""

    def __init__(self, rule: m.Rule, located: Sequence[m.Evidence], places: Places, wrong: Wrong) -> None:
        self.rule, self.located, self.places, self.wrong = rule, located, places, wrong
        self.quotes = [one.quote for one in located]

    def _held(self, held: x.Held | None) -> None:
        if held and not any(holds(held.words, quote) for quote in self.quotes):
            self.wrong(
                "selon-introuvable",
                "Ces mots ne sont dans aucune citation de la règle.",
                held.span,
                "citer d'abord la source de ces mots",
            )

    def condition(self, node: x.Node, denied: bool = False, excepted: bool = False) -> None:
        match node:
            case x.Not(inner):
                self.condition(inner, not denied)
            case x.Unless(inner):
                self.condition(inner, denied, excepted=True)
                self._exception(node)
            case x.Open(other, listed):
                self.condition(other, denied)
                self.condition(listed, denied)
                self._exception(node)
            case x.And(parts) | x.Or(parts):
                self._joined(node)
                for part in parts:
                    self.condition(part, denied, excepted)
            case x.Leaf(x.Exists(_, _, _, test), held):
                self._held(held)
                self.condition(test, denied)
            case x.Leaf(x.Compare(op, left, right, span), held) if op != "=" or not isinstance(right, x.Lit):
                if isinstance(left, x.Lit):
                    op = _FLIPPED[op]
                self._comparison(_DENIED[op] if denied else op, (left, right), held, span)
            case x.Leaf(test, held, span):
                self._held(held)
                self._named((test,), held, span)
                if not excepted:
                    self._polarity(denied, held, span)
                for lit in x.literals(test):
                    self.literal(lit, held)
                self._forms(test, held)

    def _comparison(self, op: str, sides: Sequence[x.Node], held: x.Held | None, span: Span | None) -> None:
        if held is None:
            hint = "ajouter : selon « … », avec les mots qui disent la limite"
            self.wrong("comparaison-sans-mots", "Cette comparaison n'est tenue par aucun mot des sources.", span, hint)
            return
        self._held(held)
        self._named(sides, held, span)
        lits = [lit for side in sides for lit in x.literals(side)]
        dated = any(lit.kind == "date" for lit in lits)
        said = bounds_of(self._limits(held), lits) or forms.implied(held.words) or ({">="} if dated else set())
        if said != {op}:
            words = f"disent {' et '.join(sorted(said))}" if said else "ne disent aucune limite"
            self.wrong("limite-contredite", f"La condition dit {op} ; les mots cités {words}.", span, BOUNDARY_HINT)
        for lit in lits:
            self.literal(lit, held)
        for side in sides:
            self._inside(side)
            self._forms(side, held)

    def _passages(self, held: x.Held) -> Iterator[tuple[grounds.Passage, str]]:
        """Where the words of a ``selon`` stand in the sources, each with the quote around them."""
        for one in self.located:
            if one.found:
                text = self.places.source(one.found.source).text
                passage = grounds.passage(held.words, one.found, text)
                if passage:
                    yield passage, one.quote

    def _limits(self, held: x.Held) -> list[Limit]:
        """The bounds of the words of a ``selon``, read where they stand: what is denied before them is denied."""
        for passage, _ in self._passages(held):
            return passage.bounds()
        return bounds(held.words, missed=True)

    def _named(self, nodes: Sequence[x.Node], held: x.Held | None, span: Span | None) -> None:
        """The facts of a condition are those its words name, where they name a fact of the rule at all."""
        kinds = {fact.name: fact.kind for fact in self.rule.facts}
        used = [name for node in nodes for name in x.named(node) if name in kinds]
        for name in used if held else ():
            others = [other for other in kinds if other not in used and kinds[other] == kinds[name]]
            meant = grounds.misnamed(name, others, held.words if held else "")
            if meant:
                self.wrong("donnee-contredite", f"Ces mots disent « {meant} », la condition « {name} ».", span)

    def _joined(self, node: x.And | x.Or) -> None:
        """Alternatives are told as such; what is told as one more case is no condition more; no fact has two values at once."""
        parts = [list(_helds(part)) for part in node.parts]
        if isinstance(node, x.Or):
            quotes = [quote for words in parts for held in words for _, quote in self._passages(held)]
            if all(parts) and not _choices(node.parts) and not any(map(grounds.alternative, quotes)):
                hint = "écrire « et », ou citer les mots qui disent l'alternative"
                self.wrong("alternative-sans-mots", "Aucun mot cité ne dit une alternative.", node.span, hint)
            return
        for part in node.parts:
            if (
                isinstance(part, x.Leaf)
                and part.held
                and any(grounds.likewise(q) for _, q in self._passages(part.held))
            ):
                sentence = "Ces mots disent un cas de plus, non une condition de plus."
                self.wrong("alternative-contredite", sentence, part.span)
        values = _choices(node.parts)
        for name in {name for name, _ in values}:
            if not set.intersection(*(set(among) for fact, among in values if fact == name)):
                self.wrong("condition-impossible", f"« {name} » ne peut être tout cela à la fois.", node.span)

    def literal(self, lit: x.Lit, held: x.Held | None) -> None:
        quotes = [held.words] if held else self.quotes
        if not any(says(quote, lit) for quote in quotes):
            where = "les mots de ce « selon »" if held else "aucune citation de la règle"
            verb = "ne disent pas" if held else "ne dit"
            self.wrong("mesure-sans-mots", f"{where[0].upper()}{where[1:]} {verb} « {words_of(lit)} ».", lit.span)

    def _polarity(self, denied: bool, held: x.Held | None, span: Span | None) -> None:
        """A denied condition is held by negative words, and only such a one."""
        if denied and held is None:
            self.wrong(
                "negation-sans-mots",
                "Cette négation n'est tenue par aucun mot des sources.",
                span,
                "ajouter : selon « … »",
            )
        elif held and denied != bool(_NEGATION.search(fold(held.words))):
            said = "affirment" if denied else "nient"
            self.wrong(
                "negation-contredite",
                f"Les mots cités {said} ce que la condition {'nie' if denied else 'affirme'}.",
                span,
            )

    def value(self, node: x.Node, name: str, held: x.Held | None = None) -> None:
        match node:
            case x.Upheld(value, words):
                self._held(words)
                self.value(value, name, words)
            case x.Leaf() | x.Not() | x.And() | x.Or():
                self.condition(node)
            case x.Cases(cases, otherwise):
                for value, test in cases:
                    self.value(value, name)
                    self.condition(test)
                if otherwise:
                    self.value(otherwise, name)
            case x.Scale(base, sliced, brackets):
                self.value(base, name)
                for bracket in brackets:
                    self._bracket(bracket, sliced, name)
            case x.Groups(op=op, limit=limit, held=words, span=span) if isinstance(node, x.Groups):
                self._comparison(op, (limit,), words, span)
            case x.Lit("oui ou non", value, span):
                self._polarity(not value, held, span)
            case _:
                if isinstance(node, x.Capped) and not (held and "<=" in boundaries(held.words)):
                    hint = "ajouter : selon « dans la limite … »"
                    self.wrong("limite-sans-mots", f"Aucun mot cité ne limite « {name} ».", node.span, hint)
                for lit in x.literals(node):
                    self.literal(lit, held)
                self._inside(node)
                self._forms(node, held)

    def _bracket(self, bracket: x.Bracket, sliced: bool, name: str) -> None:
        self.value(bracket.value, name)
        if bracket.limit is None or sliced:
            self._held(bracket.held)
            for lit in x.literals(bracket.limit) if bracket.limit else ():
                self.literal(lit, bracket.held)
        else:
            self._comparison(bracket.op, (bracket.limit,), bracket.held, bracket.span)

    def _inside(self, node: x.Node) -> None:
        """The conditions on the records of a list."""
        for part in x.walk(node):
            if isinstance(part, x.Count | x.Total) and part.test:
                self.condition(part.test)

    def _exception(self, node: x.Node) -> None:
        """An exception or an open list, held by the words of any of its parts."""
        words = [part.held.words for part in x.walk(node) if isinstance(part, x.Leaf) and part.held]
        need = next(forms.needs(node))
        if not any(need.pattern.search(fold(said)) for said in words):
            self.wrong("forme-sans-mots", forms.sentence(need), node.span, "ajouter : selon « … »")

    def _forms(self, node: x.Node, held: x.Held | None) -> None:
        """Forms are held by their words; a sum is not held by words that say a remainder."""
        for need in forms.needs(node):
            if not any(need.pattern.search(fold(quote)) for quote in ([held.words] if held else self.quotes)):
                self.wrong("forme-sans-mots", forms.sentence(need), need.node.span, "ajouter : selon « … »")
        if isinstance(node, x.Arith) and node.op == "+" and held and _REMAINDER.search(fold(held.words)):
            self.wrong("calcul-contredit", "Les mots cités disent un reste, le calcul est un « + ».", node.span)


def _helds(node: x.Node) -> Iterator[x.Held]:
    """The words that hold the leaves of a condition."""
    match node:
        case x.Leaf(_, held):
            if held:
                yield held
        case x.Not(inner) | x.Unless(inner):
            yield from _helds(inner)
        case x.And(parts) | x.Or(parts):
            for part in parts:
                yield from _helds(part)


def _choices(parts: Iterable[x.Node]) -> list[tuple[str, tuple[str, ...]]]:
    """The facts that *parts*, or parts joined in them by "et", want to be one of some words: ``nature = autre``."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for part in parts:
        match part:
            case x.And(inner):
                found += _choices(inner)
            case x.Leaf(x.Compare("=", x.Name(name), x.Lit("mot" | "choix", str(word)))):
                found.append((name, (word,)))
            case x.Leaf(x.Among(x.Name(name), among)):
                found.append((name, among))
    return found
