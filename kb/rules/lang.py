"""From the text of a ``.rule`` file to rules: every error of the file is a fault, none hides the others.

The layout cuts a file into blocks and clauses (a clause ends where a line is not indented deeper than its first line);
``grammar/rule.lark`` reads each clause; ``kinds`` then checks names and types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from kb.ground.fault import Fault
from kb.ground.money import parse_money
from kb.ground.names import fold
from kb.ground.parse import load
from kb.ground.span import Span
from kb.rules import kinds
from kb.rules import model as m

if TYPE_CHECKING:
    from lark import Lark, Token, Tree, UnexpectedInput


class Book(NamedTuple):
    """What a ``.rule`` file holds. A rule with a fault is left out; its faults say why."""

    rules: list[m.Rule]
    waivers: list[m.Waiver]
    faults: list[Fault]


def parse(text: str, path: str) -> Book:
    """Read a ``.rule`` file. Spans of rules and faults are in *text*, under *path* as their source."""
    book = Book([], [], [])
    reader = _Reader(text, path, book)
    for block in reader.blocks():
        reader.block(block)
    return book


@cache
def _parser() -> Lark:
    return load("rule", "clause")


class _Clause(NamedTuple):
    """One clause read: what it is, its tree, where it starts and ends in the file."""

    kind: str
    tree: Tree[Token]
    start: int
    end: int


_LIMIT = re.compile("inferieur|superieur|egal|attei|depass|exced|≤|≥|n'attei|n'exced")
_LIMITS = "une limite s'écrit : < (inférieur à), <= (inférieur ou égal à), >= (au moins égal à, atteint), > (dépasse)"
_HEADS = ("rule", "evidence", "waiver")
_ONE_LINE = re.compile(r"\s*(règle|version)\b")
_ONCE = ("source", "validity", "when", "scope", "then", "always")
_NAMES = {
    "source": "source", "validity": "en vigueur depuis le", "when": "si", "scope": "pour", "then": "alors",
    "always": "dans tous les cas", "also": "aussi", "basis": "fondement", "fact": "donnée", "let": "soit",
    "version": "version", "conflict": "conflit", "replaces": "remplace", "sequel": "suite", "note": "note",
    "rule": "règle", "evidence": "preuve", "waiver": "écarté",
}  # fmt: skip


class _Reader:
    def __init__(self, text: str, path: str, book: Book) -> None:
        self.text, self.path, self.book = text, path, book
        self.proofs: dict[str, m.Proof] = {}
        self.unclosed: list[int] = []

    def fault(self, code: str, sentence: str, start: int, end: int, hint: str = "") -> None:
        self.book.faults.append(Fault(code, sentence, Span(self.path, start, end), hint, grave=True))

    # Layout.

    def blocks(self) -> Iterator[list[_Clause | None]]:
        """The clauses of each block; ``None`` for a clause that does not read."""
        block: list[_Clause | None] = []
        for start, end, margin in self._cut():
            clause = self._read(start, end)
            if margin and block:
                yield block
                block = []
            block.append(clause)
        if block:
            yield block

    def _cut(self) -> Iterator[tuple[int, int, bool]]:
        """``start, end`` of each clause, and whether it stands at the margin."""
        self.text = self._without_comments()
        start = end = -1
        indent, headline, opened, at = 0, False, -1, 0
        for line in self.text.splitlines(keepends=True):
            words, first = line.strip(), at + len(line) - len(line.lstrip())
            if not words:
                if opened >= 0:
                    self._unclosed(opened)
                    opened = -1
            else:
                if opened < 0 and (start < 0 or headline or first - at <= indent):
                    if start >= 0:
                        yield start, end, indent == 0
                    start, indent, headline = first, first - at, bool(_ONE_LINE.match(line))
                end = at + len(line.rstrip())
                for mark in re.finditer("[«»]", line):
                    opened = at + mark.start() if mark.group() == "«" else -1
            at += len(line)
        if opened >= 0:
            self._unclosed(opened)
        if start >= 0:
            yield start, end, indent == 0

    def _unclosed(self, at: int) -> None:
        self.unclosed.append(at)
        end = self.text.find("\n", at)
        self.fault(
            "guillemet-ouvert",
            "Cette citation n'est pas fermée.",
            at,
            len(self.text) if end < 0 else end,
            "fermer par »",
        )

    def _without_comments(self) -> str:
        """The text with comment lines blanked, offsets kept. Quotes hold no line that begins with ``#``."""
        return re.sub(r"(?m)^[ \t]*#.*$", lambda line: " " * len(line.group()), self.text)

    def _read(self, start: int, end: int) -> _Clause | None:
        from lark import UnexpectedInput

        if any(start <= at < end for at in self.unclosed):
            return None
        try:
            tree = _parser().parse(self.text[start:end]).children[0]
        except UnexpectedInput as error:
            self._misread(error, start, end)
            return None
        return _Clause(str(cast(Any, tree).data), cast("Tree[Token]", tree), start, end)

    def _misread(self, error: UnexpectedInput, start: int, end: int) -> None:
        token = getattr(error, "token", None)
        expected = set(
            getattr(error, "accepts", None) or getattr(error, "allowed", None) or getattr(error, "expected", ()) or ()
        )
        at = start + (error.pos_in_stream or 0)
        if at >= end or (token is not None and token.type == "$END"):
            self.fault("clause-inachevee", f"Cette clause s'arrête trop tôt : {_expected(expected)}.", start, end)
            return
        word = re.match(r"«[^»]*»?|[\w'’-]+|\S", self.text[at:end])
        assert word is not None
        if at == start:
            hint = _nearest(word.group(), _openers())
            self.fault("clause-inconnue", f"« {word.group()} » n'ouvre aucune clause.", at, at + word.end(), hint)
        else:
            shown = "cette citation" if word.group().startswith("«") else f"« {word.group()} »"
            hint = _LIMITS if _LIMIT.match(fold(word.group())) else ""
            self.fault("syntaxe", f"On n'attend pas {shown} ici : {_expected(expected)}.", at, at + word.end(), hint)

    # Blocks.

    def block(self, clauses: list[_Clause | None]) -> None:
        head = clauses[0]
        broken = None in clauses
        if head is None:
            return
        if head.kind not in _HEADS:
            sentence = f"La clause « {_NAMES[head.kind]} » n'est dans aucune règle."
            self.fault("clause-hors-bloc", sentence, head.start, head.end, "la mettre en retrait sous une « règle »")
            return
        body = [clause for clause in clauses[1:] if clause]
        if head.kind == "rule":
            _Builder(self, head, body, broken).build()
            return
        if head.kind == "evidence":
            name, proof = head.tree.children
            self.proofs[str(name)] = self.proof(head, cast("Tree[Token]", proof))
        else:
            self._waiver(head)
        for clause in body:
            sentence = f"La clause « {_NAMES[clause.kind]} » n'a pas sa place ici."
            self.fault("clause-deplacee", sentence, clause.start, clause.end)

    def _waiver(self, head: _Clause) -> None:
        tokens = cast("list[Token]", head.tree.children)
        quotes = tuple(m.Evidence(str(tokens[0]), "", _unquote(q), self.at(head, q)) for q in tokens[1:-1])
        reason = " ".join(tokens[-1].split())
        self.book.waivers.append(m.Waiver(str(tokens[0]), quotes, reason, self.at(head, tokens[0])))

    def at(self, clause: _Clause, token: Token) -> Span:
        return Span(self.path, clause.start + cast(int, token.start_pos), clause.start + cast(int, token.end_pos))

    def proof(self, clause: _Clause, tree: Tree[Token]) -> m.Proof:
        first = cast("Token", tree.children[0])
        if tree.data == "quoted":
            quote = cast("Token", tree.children[1])
            return m.Proof(str(first), _unquote(quote), self.at(clause, quote))
        if tree.data == "stated":
            return m.Proof(str(first), None, self.at(clause, first))
        known = self.proofs.get(str(first))
        if known is None:
            span = self.at(clause, first)
            self.fault(
                "preuve-inconnue",
                f"Aucune preuve « {first} » n'est écrite plus haut dans ce fichier.",
                *span[1:],
                _nearest(first, self.proofs),
            )
            return m.Proof(str(first), None, span)
        return known


class _Part:
    """The clauses of a rule, or of one of its versions, as they are gathered."""

    def __init__(self) -> None:
        self.label = ""
        self.span: Span | None = None
        self.once: dict[str, Any] = {}
        self.evidence: list[m.Evidence] = []
        self.basis: list[m.Basis] = []
        self.lets: list[m.Effect] = []


class _Builder:
    """Makes one rule of its clauses."""

    def __init__(self, reader: _Reader, head: _Clause, body: list[_Clause], broken: bool) -> None:
        self.reader, self.head, self.body, self.broken = reader, head, body, broken
        self.facts: list[m.Fact] = []
        self.notes: list[str] = []
        self.conflicts: list[m.Conflict] = []
        self.replaces: list[m.Replaced] = []
        self.sequels: list[m.Sequel] = []
        self.shared = self.part = _Part()
        self.versions: list[_Part] = []
        self.clause = head

    def build(self) -> None:
        before = len(self.reader.book.faults)
        for clause in self.body:
            self.clause, kind = clause, clause.kind
            if kind in _HEADS:
                self.fault("clause-deplacee", f"Une « {_NAMES[kind]} » s'écrit à la marge.", self.span())
            elif kind in _ONCE and kind in self.part.once:
                self.fault("clause-repetee", f"La clause « {_NAMES[kind]} » est déjà donnée.", self.span())
            else:
                getattr(self, f"_{kind}")(self.clause.tree.children)
        if not self.broken:
            self._complete()
        if self.broken or len(self.reader.book.faults) > before:
            return
        rule, faults = kinds.resolve(self._rule())
        self.reader.book.faults.extend(faults)
        if not faults:
            self.reader.book.rules.append(rule)

    def fault(self, code: str, sentence: str, span: Span, hint: str = "") -> None:
        self.reader.fault(code, sentence, span.start, span.end, hint)

    def span(self, token: Token | None = None) -> Span:
        if token is None:
            return Span(self.reader.path, self.clause.start, self.clause.end)
        return self.reader.at(self.clause, token)

    def _complete(self) -> None:
        for part in self.versions or [self.shared]:
            where = part.span or self.reader.at(self.head, cast("Token", self.head.tree.children[0]))
            for kind in ("source", "validity", "then"):
                if kind not in part.once and kind not in self.shared.once:
                    self.fault("clause-absente", f"Il manque la clause « {_NAMES[kind]} ».", where)

    def _rule(self) -> m.Rule:
        slug, title = cast("list[Token]", self.head.tree.children)
        versions = tuple(self._version_of(part) for part in self.versions or [self.shared])
        once = {**self.versions[0].once, **self.shared.once} if self.versions else self.shared.once
        modality, action, _ = once["then"]
        return m.Rule(
            str(slug), title.strip(), modality, action, tuple(self.shared.evidence), tuple(self.shared.basis), tuple(self.facts),
            versions, tuple(self.conflicts), tuple(self.replaces), tuple(self.sequels), tuple(self.notes),
            self.reader.at(self.head, slug),
        )  # fmt: skip

    def _version_of(self, part: _Part) -> m.Version:
        once = {**self.shared.once, **part.once}
        start, end = once["validity"]
        own = part is not self.shared
        return m.Version(
            part.label, once.get("scope"), start, end, tuple(part.basis) if own else (), tuple(part.evidence) if own else (),
            (*self.shared.lets, *part.lets) if own else tuple(part.lets), once.get("when"), once["then"][2],
            once.get("always", ()), part.span,
        )  # fmt: skip

    # Clauses, one method each, named after the grammar's rules.

    def _source(self, tokens: list[Token]) -> None:
        self.part.once["source"] = True
        self.part.evidence.insert(0, m.Evidence(str(tokens[0]), "", _unquote(tokens[1]), self.span(tokens[1])))

    def _also(self, tokens: list[Token]) -> None:
        about = tokens[1].strip() if len(tokens) > 2 else ""
        self.part.evidence.append(m.Evidence(str(tokens[0]), about, _unquote(tokens[-1]), self.span(tokens[-1])))

    def _basis(self, tokens: list[Token]) -> None:
        self.part.basis += [m.Basis(str(token), self.span(token)) for token in tokens]

    def _fact(self, parts: list[Any]) -> None:
        default = None
        kind = _kind(parts[1])
        if len(parts) > 2:
            default = m.Lit("liste", (), None) if parts[2].data == "empty" else self._literal(parts[2])
        self.facts.append(m.Fact(_ascii(parts[0]), kind, default, self.span(parts[0])))

    def _let(self, parts: list[Any]) -> None:
        name, value = parts
        node = self._groups(value) if value.data == "groups" else self._value(value)
        self.part.lets.append(m.Effect(_ascii(name), node, self.span(name)))

    def _groups(self, tree: Tree[Token]) -> m.Groups:
        *tokens, op, limit, held = cast("list[Any]", tree.children)
        records, by, *names, other, summed = (_ascii(token) for token in tokens)
        return m.Groups(
            records, by, tuple(names), other, summed, str(op), self._value(limit), self._held(held), self.span(op)
        )

    def _version(self, tokens: list[Token]) -> None:
        self.part = _Part()
        self.part.label, self.part.span = tokens[0].strip(), self.span(tokens[0])
        self.versions.append(self.part)

    def _scope(self, parts: list[Any]) -> None:
        self.part.once["scope"] = self._condition(parts[0])

    def _validity(self, bounds: list[Any]) -> None:
        start, *end = (self._bound(bound) for bound in bounds)
        self.part.once["validity"] = start, end[0] if end else None

    def _bound(self, tree: Tree[Token]) -> m.Bound:
        days = [child for child in tree.children if not hasattr(child, "data")]
        proofs = tuple(
            self.reader.proof(self.clause, cast("Tree[Token]", child))
            for child in tree.children
            if hasattr(child, "data")
        )
        day, *known = (self._day(token) for token in days)
        return m.Bound(day, known[0] if known else None, proofs, self.span(days[0]))

    def _when(self, parts: list[Any]) -> None:
        self.part.once["when"] = self._condition(parts[0])

    def _then(self, parts: list[Any]) -> None:
        modality, *rest = parts
        action = rest.pop(0).strip() if rest and not hasattr(rest[0], "data") else ""
        self.part.once["then"] = fold(modality), action, self._effects(rest)

    def _always(self, parts: list[Any]) -> None:
        self.part.once["always"] = self._effects(parts)

    def _effects(self, trees: list[Tree[Token]]) -> tuple[m.Effect, ...]:
        pairs = [cast("list[Any]", tree.children) for tree in trees]
        return tuple(m.Effect(_ascii(name), self._value(value), self.span(name)) for name, value in pairs)

    def _conflict(self, parts: list[Any]) -> None:
        kind, about, *said = parts
        reading = None
        if said:
            left, op, right = said
            reading = m.Compare(str(op), self._expression(left), self._expression(right), self.span(op))
        self.conflicts.append(m.Conflict(str(kind), str(about), reading, self.span(about)))

    def _replaces(self, parts: list[Any]) -> None:
        self.replaces.append(m.Replaced(str(parts[0]), self.reader.proof(self.clause, parts[1]), self.span(parts[0])))

    def _sequel(self, parts: list[Any]) -> None:
        locator, bound, words = parts
        self.sequels.append(m.Sequel(str(locator), self._bound(bound), " ".join(words.split()), self.span(locator)))

    def _note(self, tokens: list[Token]) -> None:
        self.notes.append(" ".join(tokens[0].split()))

    # Expressions.

    def _condition(self, tree: Tree[Token]) -> m.Node:
        children = cast("list[Any]", tree.children)
        span = self._tree_span(tree)
        match str(tree.data):
            case "or_":
                return m.Or(tuple(self._condition(child) for child in children), span)
            case "and_":
                return m.And(tuple(self._condition(child) for child in children), span)
            case "negation":
                return m.Not(self._condition(children[0]), span)
            case "upheld" if children[0].data in ("or_", "and_", "negation"):
                self.fault(
                    "selon-trop-large",
                    "Un « selon » tient une seule condition.",
                    span,
                    "écrire un « selon » après chacune",
                )
                return self._condition(children[0])
            case "upheld":
                return m.Leaf(self._expression(children[0]), self._held(children[1]), span)
        return m.Leaf(self._expression(tree), None, span)

    def _value(self, tree: Tree[Token]) -> m.Node:
        children = cast("list[Any]", tree.children)
        inner = children[0].data if tree.data == "upheld" else tree.data
        if inner in ("or_", "and_", "negation", "compare", "among", "filled", "exists"):
            return self._condition(tree)
        if tree.data == "upheld":
            held = self._held(children[1])
            assert held is not None
            return m.Upheld(self._value(children[0]), held, self._tree_span(tree))
        if tree.data == "cases":
            cases = [case.children for case in children]
            return m.Cases(
                tuple((self._value(value), self._condition(test)) for value, test in cases), self._tree_span(tree)
            )
        return self._expression(tree)

    def _expression(self, tree: Tree[Token]) -> m.Node:
        children = cast("list[Any]", tree.children)
        span = self._tree_span(tree)
        match str(tree.data):
            case "compare":
                left, op, right = children
                return m.Compare(str(op), self._expression(left), self._expression(right), span)
            case "among":
                return m.Among(self._expression(children[0]), tuple(_ascii(c) for c in children[1:]), span)
            case "filled":
                return m.Filled(m.Name(_ascii(children[0]), span), " ".join(children[1].split()), span)
            case "exists":
                first, second, records, test = children
                return m.Exists(_ascii(first), _ascii(second), _ascii(records), self._condition(test), span)
            case "plus" | "minus" as op:
                left, right = (self._expression(child) for child in children)
                return m.Arith("+" if op == "plus" else "-", left, right, span)
            case "name":
                return m.Name(_ascii(children[0]), span)
            case "field":
                return m.Field(_ascii(children[0]), _ascii(children[1]), span)
            case "today":
                return m.Today(span)
            case "year_end":
                return m.YearEnd(m.Name(_ascii(children[0]), span), span)
            case "capped":
                value, cap = (m.Name(_ascii(child), span) for child in children)
                return m.Capped(value, cap, span)
            case "or_" | "and_" | "negation" | "upheld":
                self.fault("condition-deplacee", "Une condition ne se compare ni ne s'additionne.", span)
                return m.Lit("oui ou non", False, span)
        return self._literal(tree)

    def _literal(self, tree: Tree[Token]) -> m.Lit:
        tokens = cast("list[Token]", tree.children)
        words, span = str(tokens[0]), self._tree_span(tree)
        match str(tree.data):
            case "amount":
                return m.Lit("montant", parse_money(words), span)
            case "duration":
                return m.Lit("durée", m.parse_duration(words), span)
            case "day":
                return m.Lit("date", self._day(tokens[0]), span)
            case "number":
                return m.Lit("entier", int(words), span)
            case "truth":
                return m.Lit("oui ou non", words == "vrai", span)
            case "account":
                return m.Lit("compte", words, span)
            case "accounts":
                return m.Lit("comptes", tuple(map(str, tokens)), span)
            case "steps":
                return m.Lit("étapes", tuple(_unquote(token) for token in tokens), span)
        return m.Lit("mot", _unquote(tokens[0]), span)

    def _day(self, token: Token) -> date:
        try:
            return date.fromisoformat(token)
        except ValueError:
            self.fault("date-impossible", f"Le {token} n'est pas un jour du calendrier.", self.span(token))
            return date.min

    def _held(self, tree: Tree[Token]) -> m.Held | None:
        quote = cast("Token", tree.children[0])
        return m.Held(_unquote(quote), self.span(quote))

    def _tree_span(self, tree: Tree[Token]) -> Span:
        tokens = list(tree.scan_values(lambda _: True))
        if not tokens:
            return self.span()
        return Span(self.reader.path, self.span(tokens[0]).start, self.span(tokens[-1]).end)


def _kind(tree: Tree[Token]) -> m.Kind:
    children = cast("list[Any]", tree.children)
    if tree.data == "choice":
        return m.Kind("choix", tuple(_ascii(child) for child in children))
    if tree.data == "records":
        return m.Kind(
            "liste", fields=tuple((_ascii(n), _kind(k)) for n, k in zip(children[::2], children[1::2], strict=True))
        )
    return m.Kind(str(children[0]))


def _ascii(word: str) -> str:
    return fold(word)


def _unquote(token: str) -> str:
    return " ".join(token[1:-1].split())


def _nearest(word: str, known: Any) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1, 0.6)
    return f"peut-être « {near[0]} »" if near else ""


@cache
def _openers() -> tuple[str, ...]:
    return tuple(name.split()[0] for name in _NAMES.values())


# What the grammar's terminals are called in a sentence; the others are keywords and stand for themselves.
_TERMINALS = {
    "NAME": "un nom de donnée", "LOCATOR": "un lieu (css/D253-81#al5)", "QUOTE": "des mots cités « … »", "SLUG": "un identifiant",
    "TEXT": "quelques mots", "PROSE": "une phrase", "DAY": "un jour (1996-12-27)", "AMOUNT": "un montant (100 F)",
    "DURATION": "une durée (12 mois)", "NUMBER": "un nombre", "OP": "une comparaison (<, <=, >=, >, =)", "SIMPLE": "un type de donnée",
    "MODALITY": "faculté, obligation, interdiction, condition ou calcul", "TRUTH": "vrai ou faux", "TODAY": "« ce jour »",
    "_OF": "« de »", "_KNOWN": "« connu le »", "_UNTIL": "« jusqu'au »", "_SINCE": "« depuis le »", "_SAYS": "« qui dit »", "_BY_DEFAULT": "« par défaut »",
    "_WITHIN": "« dans la limite de »", "_YEAR_END": "« fin de l'année de »", "_EXISTS": "« il existe »", "_SUCH_THAT": "« tels que »",
    "FILLED": "« n'est pas vide »", "_IN_FORCE": "« en vigueur depuis le »", "_IN_ANY_CASE": "« dans tous les cas »",
}  # fmt: skip


def _expected(terminals: set[str]) -> str:
    patterns = {t.name: t.pattern for t in _parser().terminals}
    names = sorted(terminals - {"$END"})
    shown = [_TERMINALS.get(n) or f"« {patterns[n].value} »" for n in names if n in _TERMINALS or n in patterns]
    if len(shown) > 8:
        shown = [*shown[:8], "…"]
    return f"on attend {', '.join(shown)}" if shown else "la clause devrait finir"
