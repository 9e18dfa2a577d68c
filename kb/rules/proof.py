"""The proof of a rule: every quote stands in its source, and every operator, amount, delay, account and date in a quote.

``check`` gives the rules back with the places of their quotes, and a fault at its place in the ``.rule`` file for whatever
the words do not hold. Limits, amounts, delays and days are read in the words by ``kb.words``; the small tables below read negations, remainders, accounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeVar

from kb.ground.fault import Fault, Misuse
from kb.ground.money import Money
from kb.ground.names import fold, parse_ref
from kb.ground.period import to_json as iso
from kb.ground.registry import Registry
from kb.ground.span import Span
from kb.rules import essais, forms, grounds, links
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.phrases import reread, words_of
from kb.rules.values import Duration, Ratio
from kb.texts.source import Source
from kb.words.limits import Limit, bounds
from kb.words.quantities import days, quantities

_Cited = TypeVar("_Cited", m.Evidence, m.Proof)


class Places(Protocol):
    """What a check asks of the sources that were read."""

    def span(self, locator: str) -> tuple[str, list[tuple[int, int]]] | None:
        """The source and the ranges, page furniture left out, of a provision or paragraph; ``None`` if it has none."""

    def provision_at(self, source: str, offset: int) -> str:
        """The id of the innermost provision or paragraph at *offset*."""

    def source(self, source: str) -> Source:
        """The source of that id."""

    def exists(self, id: str) -> bool:
        """Whether the knowledge base or the registry knows a text or provision of that id."""

    def bounds(self, version: str) -> tuple[set[str], tuple[str, ...]] | None:
        """The first day and the end (ISO) of a version that is held, by its id, and who says so; ``None`` if there is none."""

    def normative(self) -> Iterable[tuple[str, int, int, str]]:
        """``(source, start, end, id)`` of the paragraphs whose measures rules must hold."""


_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "="}
_NEGATION = re.compile(r"\b(?:n'|ne\b|aucun|sans\b|non\b(?!-)|ni\b)")
_REMAINDER = re.compile(r"\b(?:surplus|reste|solde|difference)\b")

_LENGTHS = {"an": (12, 0), "mois": (1, 0), "semaine": (0, 7), "jour": (0, 1)}  # in months and days
_ACCOUNT = re.compile(r"\b\d{2,8}\b")


def check(rules: Sequence[m.Rule], waivers: Sequence[m.Waiver], places: Places, registry: Registry) -> Checked:
    """Prove *rules* (those of the whole corpus together) against the sources.

    Rules come back with the places of their quotes; a rule with a fault does not come back.
    """
    faults: list[Fault] = []
    ids: dict[str, m.Rule] = {}
    for rule in rules:
        if rule.id in ids:
            faults.append(_fault("regle-repetee", f"Une autre règle porte le nom « {rule.id} ».", rule.span))
        ids[rule.id] = rule
    linked, wrong = links.link(rules)
    faults += wrong
    proved = []
    for rule in linked:
        checker = _Checker(rule, ids, places, registry)
        made = checker.rule()
        faults += checker.faults
        if not checker.faults:
            proved.append(made)
    if not wrong:
        faults += essais.contradicted(proved)
    located = []
    for waiver in waivers:
        quotes = tuple(_locate(quote, places, faults) for quote in waiver.quotes)
        located.append(waiver._replace(quotes=quotes))
    return Checked(proved, located, faults)


class Checked(NamedTuple):
    """Proved rules and located waivers, with the faults of the others."""

    rules: list[m.Rule]
    waivers: list[m.Waiver]
    faults: list[Fault]


def _fault(code: str, sentence: str, span: Span | None, hint: str = "") -> Fault:
    return Fault(code, sentence, span, hint, grave=True)


# Quotes in sources.


def _pattern(quote: str) -> re.Pattern[str]:
    """*quote*, white space apart; a line may also break after a hyphen."""
    words = (re.escape(word).replace(r"\-", r"-\s*") for word in quote.split())
    return re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)")


def find(quote: str, text: str, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Every place of *quote* in the *ranges* of *text*; what lies between two ranges does not interrupt a quote."""
    joined = "\n".join(text[start:end] for start, end in ranges)
    return [
        (_offset(match.start(), ranges), _offset(match.end() - 1, ranges) + 1)
        for match in _pattern(quote).finditer(joined)
    ]


def _offset(at: int, ranges: Sequence[tuple[int, int]]) -> int:
    for start, end in ranges:
        if at < end - start:
            return start + at
        at -= end - start + 1
    raise AssertionError("offset outside the ranges")


def _locate(cited: _Cited, places: Places, faults: list[Fault]) -> _Cited:
    """*cited* with its place, or a fault."""
    quote = cited.quote or ""
    where = places.span(cited.locator)
    if where is None:
        faults.append(_fault("lieu-inconnu", f"« {cited.locator} » n'est pas un lieu des sources.", cited.span))
        return cited
    source = places.source(where[0])
    found = find(quote, source.text, where[1]) if quote else []
    if len(found) != 1:
        faults.append(
            _misquoted(
                cited, quote, source.text, where[1], [places.provision_at(source.id, start) for start, _ in found]
            )
        )
        return cited
    start, end = found[0]
    provision = places.provision_at(source.id, start)
    return cited._replace(
        found=m.Found(source.id, source.path, source.sha256, start, end, source.text[start:end], provision)
    )


def _misquoted(
    cited: m.Evidence | m.Proof, quote: str, text: str, ranges: Sequence[tuple[int, int]], at: list[str]
) -> Fault:
    if at:
        sentence = f"Ces mots sont {len(at)} fois dans {cited.locator}."
        return _fault(
            "citation-multiple", sentence, cited.span, f"préciser le lieu ({', '.join(at)}) ou citer plus de mots"
        )
    words = quote.split()
    good = next((n for n in range(len(words) - 1, 0, -1) if find(" ".join(words[:n]), text, ranges)), 0)
    hint = f"les mots diffèrent à partir de « {words[good]} »" if words else "citer au moins un mot"
    return _fault("citation-introuvable", f"Ces mots ne sont pas dans {cited.locator}.", cited.span, hint)


# What words say.


def boundaries(words: str) -> set[str]:
    """The operators that the boundary words of *words* state, denials included.

    >>> boundaries("d'un montant inférieur ou égal à 30 F"), boundaries("ne peut excéder 500 F"), boundaries("le seuil")
    ({'<='}, {'<='}, set())
    """
    return {bound.operator for bound in bounds(words, missed=True)} - {"="}


def bounds_of(stated: Iterable[Limit], lits: Sequence[x.Lit]) -> set[str]:
    """The operators under which values of *lits* are *stated*; all that are stated where none of those is bounded."""
    stated = [bound for bound in stated if bound.operator != "="]
    on = [bound for bound in stated if bound.value and any(_is(bound.value, bound.unit, lit) for lit in lits)]
    return {bound.operator for bound in on or stated}


def says(words: str, lit: x.Lit) -> bool:
    """Whether *words* hold the value of *lit*: its amount, delay, account numbers or day."""
    match lit.value:
        case Money() | Duration() | Ratio() | date() | Decimal():
            return any(_is(quantity.value, quantity.unit, lit) for quantity in quantities(words))
        case bool():
            return True
        case int() if lit.kind == "entier":
            return lit.value < 2 or any(_is(quantity.value, quantity.unit, lit) for quantity in quantities(words))
        case str() if lit.kind == "compte":
            return lit.value in _ACCOUNT.findall(words)
        case tuple() if lit.kind == "comptes":
            return set(lit.value) <= set(_ACCOUNT.findall(words))
    return True


def _is(value: str, unit: str, lit: x.Lit) -> bool:
    """Whether a quantity read in words is the value of *lit*."""
    match lit.value:
        case Money():
            return unit in ("FRF", "EUR") and Money(Decimal(value), unit).francs == lit.value.francs
        case Duration(months, days, _, counted):
            length, _, those = unit.partition(" ")
            in_months, in_days = _LENGTHS.get(length, (0, 0))
            if not (in_months or in_days) or those != counted.rstrip("s"):
                return False
            return Fraction(value) * in_months == months and Fraction(value) * in_days == days
        case Ratio(over, under):
            whole = {"%": 100, "fraction": 1}.get(unit)
            return whole is not None and Fraction(value) * under == over * whole
        case int() | Decimal() if not isinstance(lit.value, bool):
            return unit != "date" and Fraction(value) == Fraction(lit.value)
        case date():
            return unit == "date" and value == lit.value.isoformat()
    return False


def holds(held: str, quote: str) -> bool:
    """Whether *quote* has the words of a ``selon``, in order; an ellipsis stands for words left out.

    >>> holds("le délai … de 3 ans", "le délai minimum est ramené de 3 ans à 1 an"), holds("4 ans", "de 3 ans")
    (True, False)
    """
    parts = [r"\s+".join(map(re.escape, part.split())) for part in re.split(r"\[?…\]?", held)]
    return re.search(r"(?<!\w)" + r"\b.*?\b".join(part for part in parts if part) + r"(?!\w)", quote, re.S) is not None


class _Checker:
    """One rule, its words against its quotes."""

    def __init__(self, rule: m.Rule, ids: dict[str, m.Rule], places: Places, registry: Registry) -> None:
        self.given, self.ids, self.places, self.registry = rule, ids, places, registry
        self.faults: list[Fault] = []
        self.quotes: list[str] = []
        self.located: list[m.Evidence] = []
        self.periods: list[m.Evidence] = []

    def wrong(self, code: str, sentence: str, span: Span | None, hint: str = "") -> None:
        self.faults.append(_fault(code, sentence, span, hint))

    def rule(self) -> m.Rule:
        rule = self.given
        evidence = self._evidence(rule.evidence)
        parameters = tuple(self._parameter(parameter) for parameter in rule.parameters)
        self.periods = [period.evidence for parameter in parameters for period in parameter.periods]
        versions = tuple(self._version(version, evidence) for version in rule.versions)
        for wrong in grounds.contradictions(rule, self.ids.values(), self.registry):
            self.wrong(*wrong)
        quoted = {one.locator.partition("#")[0] for one in rule.all_evidence()}
        for basis in rule.all_basis():
            if not self._known(basis.id.partition("#")[0]):
                hint = "l'ajouter au registre, ou corriger l'identifiant"
                self.wrong("fondement-inconnu", f"La base ne connaît pas « {basis.id} ».", basis.span, hint)
            elif basis.id.partition("#")[0] in quoted and not self.places.span(basis.id):
                self.wrong("fondement-inconnu", f"Le texte cité n'a pas « {basis.id} ».", basis.span)
        return rule._replace(
            evidence=evidence,
            versions=versions,
            conflicts=tuple(self._conflict(conflict) for conflict in rule.conflicts),
            replaces=tuple(self._replaced(replaced) for replaced in rule.replaces),
            sequels=tuple(s._replace(bound=self._bound(s.bound)) for s in rule.sequels),
            parameters=parameters,
            derogates=tuple(d._replace(proof=d.proof and self._proof(d.proof)) for d in rule.derogates),
        )

    def _parameter(self, parameter: m.Parameter) -> m.Parameter:
        periods = []
        for period in parameter.periods:
            (evidence,) = self._evidence([period.evidence])
            if not says(evidence.quote, period.value):
                sentence = f"Ces mots ne disent pas « {words_of(period.value)} »."
                self.wrong("mesure-sans-mots", sentence, period.value.span)
            end = period.end and self._bound(period.end, ending=True)
            periods.append(period._replace(evidence=evidence, start=self._bound(period.start), end=end))
        return parameter._replace(periods=tuple(periods))

    def _known(self, id: str) -> bool:
        """Whether a basis can be: of an act that is known by name only, no article can be ruled out."""
        try:
            ref = parse_ref(id)
        except Misuse:
            return False
        return self.places.exists(id) or (
            bool(ref.path) and ref.path[0].startswith("art-") and ref.text in self.registry.acts
        )

    def _evidence(self, evidence: Iterable[m.Evidence]) -> tuple[m.Evidence, ...]:
        located = tuple(_locate(one, self.places, self.faults) for one in evidence)
        for one in located:
            if one.found:
                text = self.places.source(one.found.source).text
                self._whole(grounds.Passage(text, ((one.found.start, one.found.end),)), one.span)
        return located

    def _whole(self, passage: grounds.Passage, span: Span | None) -> None:
        """A quote that cuts a limit in two, or leaves its denial out, says something else than its source."""
        whole = passage.cut()
        if whole:
            self.wrong("citation-coupee", "Ces mots coupent une limite en deux.", span, f"citer « {whole} » en entier")

    def _version(self, version: m.Version, shared: Iterable[m.Evidence]) -> m.Version:
        evidence = self._evidence(version.evidence)
        self.located = [*shared, *evidence, *self.periods]
        self.quotes = [one.quote for one in self.located]
        for effect in (*version.lets, *version.always, *version.effects):
            self._value(effect.value, effect.name)
        for condition in (version.scope, version.when):
            if condition:
                self._condition(condition, False)
        return version._replace(
            evidence=evidence,
            start=self._bound(version.start),
            end=version.end and self._bound(version.end, ending=True),
        )

    # Bounds.

    def _bound(self, bound: m.Bound, ending: bool = False) -> m.Bound:
        proofs = tuple(self._proof(proof) for proof in bound.proofs)
        proved = {day for proof in proofs for day in self._days(proof)}
        for day in (bound.day, bound.known):
            if day and day not in proved:
                hint = f"les preuves disent : {', '.join(sorted(map(str, proved))) or 'aucun jour'}"
                self.wrong("borne-sans-preuve", f"Aucune preuve ne porte le {day}.", bound.span, hint)
        return bound._replace(proofs=proofs)

    def _proof(self, proof: m.Proof) -> m.Proof:
        if proof.quote is not None:
            return _locate(proof, self.places, self.faults)
        stated = self._stated(proof.locator)
        if stated is None:
            self.wrong("fait-inconnu", f"Le registre n'a pas de fait « {proof.locator} ».", proof.span)
            return proof
        return proof._replace(said_by=stated[1])

    def _stated(self, name: str) -> tuple[set[str], tuple[str, ...]] | None:
        """The values of a fact, or the bounds of a version (``css/D133-1?version=LEGIARTI…`` of the registry,
        ``css/D133-1@1992-03-28`` of those held), and who says so."""
        about, _, official = name.partition("?version=")
        for version in self.registry.versions:
            if official and (version.of, version.id) == (about, official):
                return {day for day in (iso(version.start), iso(version.end)) if day}, version.said_by
        for fact in self.registry.facts:
            if fact.id == name:
                return {fact.value}, fact.said_by
        return self.places.bounds(name)

    def _days(self, proof: m.Proof) -> set[date]:
        if proof.quote is not None:
            return days(proof.quote)
        stated = self._stated(proof.locator)
        return (
            {date.fromisoformat(value) for value in stated[0] if re.fullmatch(r"\d{4}-\d\d-\d\d", value)}
            if stated
            else set()
        )

    def _conflict(self, conflict: m.Conflict) -> m.Conflict:
        for note in self.registry.notes:
            if (note.about, note.kind) == (conflict.about, conflict.kind):
                self._reading(conflict.reading, note.sentence)
                return conflict._replace(sentence=note.sentence, said_by=note.said_by)
        sentence = f"Le registre n'a pas de note de {conflict.kind} sur « {conflict.about} »."
        self.wrong("conflit-inconnu", sentence, conflict.span, "l'écrire dans registry/notes.toml")
        return conflict

    def _reading(self, reading: x.Compare | None, sentence: str) -> None:
        """The other text's comparison stands against one of the rule's, and the registry's note says it."""
        if reading is None:
            return
        conditions = [version.when for version in self.given.versions if version.when]
        if all(reread(condition, reading) == condition for condition in conditions):
            hint = "reprendre les deux côtés d'une comparaison de la règle, avec une autre limite"
            self.wrong("conflit-sans-objet", "Aucune comparaison de la règle ne s'y oppose.", reading.span, hint)
        if reading.op not in boundaries(sentence):
            self.wrong(
                "limite-contredite", f"La note du registre ne dit pas {reading.op}.", reading.span, _BOUNDARY_HINT
            )
        for lit in x.literals(reading):
            self._literal(lit, x.Held(sentence, None))

    def _replaced(self, replaced: m.Replaced) -> m.Replaced:
        if replaced.rule not in self.ids:
            self.wrong("regle-inconnue", f"Aucune règle ne porte le nom « {replaced.rule} ».", replaced.span)
        return replaced._replace(proof=self._proof(replaced.proof))

    # Words against conditions and values.

    def _held(self, held: x.Held | None) -> None:
        if held and not any(holds(held.words, quote) for quote in self.quotes):
            self.wrong(
                "selon-introuvable",
                "Ces mots ne sont dans aucune citation de la règle.",
                held.span,
                "citer d'abord la source de ces mots",
            )

    def _condition(self, node: x.Node, denied: bool, excepted: bool = False) -> None:
        match node:
            case x.Not(inner):
                self._condition(inner, not denied)
            case x.Unless(inner):
                self._condition(inner, denied, excepted=True)
                self._exception(node)
            case x.Open(other, listed):
                self._condition(other, denied)
                self._condition(listed, denied)
                self._exception(node)
            case x.And(parts) | x.Or(parts):
                self._joined(node)
                for part in parts:
                    self._condition(part, denied, excepted)
            case x.Leaf(x.Exists(_, _, _, test), held):
                self._held(held)
                self._condition(test, denied)
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
                    self._literal(lit, held)
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
            self.wrong("limite-contredite", f"La condition dit {op} ; les mots cités {words}.", span, _BOUNDARY_HINT)
        for lit in lits:
            self._literal(lit, held)
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
        kinds = {fact.name: fact.kind for fact in self.given.facts}
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

    def _literal(self, lit: x.Lit, held: x.Held | None) -> None:
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

    def _value(self, node: x.Node, name: str, held: x.Held | None = None) -> None:
        match node:
            case x.Upheld(value, words):
                self._held(words)
                self._value(value, name, words)
            case x.Leaf() | x.Not() | x.And() | x.Or():
                self._condition(node, False)
            case x.Cases(cases, otherwise):
                for value, test in cases:
                    self._value(value, name)
                    self._condition(test, False)
                if otherwise:
                    self._value(otherwise, name)
            case x.Scale(base, sliced, brackets):
                self._value(base, name)
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
                    self._literal(lit, held)
                self._inside(node)
                self._forms(node, held)

    def _bracket(self, bracket: x.Bracket, sliced: bool, name: str) -> None:
        self._value(bracket.value, name)
        if bracket.limit is None or sliced:
            self._held(bracket.held)
            for lit in x.literals(bracket.limit) if bracket.limit else ():
                self._literal(lit, bracket.held)
        else:
            self._comparison(bracket.op, (bracket.limit,), bracket.held, bracket.span)

    def _inside(self, node: x.Node) -> None:
        """The conditions on the records of a list."""
        for part in x.walk(node):
            if isinstance(part, x.Count | x.Total) and part.test:
                self._condition(part.test, False)

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


_BOUNDARY_HINT = (
    "inférieur à < · inférieur ou égal à, n'excède pas <= · atteint, au moins, délai minimum >= · dépasse >"
)


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
