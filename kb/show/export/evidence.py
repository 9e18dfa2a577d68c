"""What proves, in RDF: passages, proofs and facts, with what is said beside the texts: notes, conflicts, rules."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import lru_cache

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kb.ask.rulebook import Rulebook
from kb.ground.span import Span
from kb.rules import Rule
from kb.rules.model import Bound, Evidence, Version
from kb.show.export import terms as t
from kb.show.export.terms import Names, rv
from kb.store import records as r
from kb.store.reading import Store
from kb.time.proof import Proof


class Teller:
    """What the parts of one stream share: the names, the graph of each source, what was told already."""

    def __init__(self, store: Store, names: Names) -> None:
        self.store, self.names = store, names
        self.graphs: dict[str, NamedNode] = {}
        self.titles: dict[str, str] = {}
        self._told: set[str] = set()
        self._text = lru_cache(maxsize=64)(lambda source: store.source(source).text)

    def graph(self, source: str | None) -> NamedNode | DefaultGraph:
        """The graph of what was read in a source; the default one of what is known by name only."""
        return self.graphs[source] if source else DefaultGraph()

    def words(self, span: Span) -> str:
        return span.of(self._text(span.source))

    def passage(self, source: str, start: int, end: int, quote: str) -> Generator[Quad, None, NamedNode]:
        """The words at a place of a source; told when they are first named."""
        name = f"passages/{source}/{start}-{end}"
        this = self.names.data(name)
        if name in self._told:
            return this
        self._told.add(name)
        graph = self.graph(source)
        position, words = self.names.data(f"{name}/position"), self.names.data(f"{name}/mots")
        yield Quad(this, t.TYPE, t.SPECIFIC, graph)
        yield Quad(this, t.SOURCE, self.names.data(f"sources/{source}"), graph)
        yield Quad(this, t.SELECTOR, position, graph)
        yield Quad(this, t.SELECTOR, words, graph)
        yield Quad(position, t.TYPE, t.POSITION, graph)
        yield Quad(position, t.START, t.count(start), graph)
        yield Quad(position, t.END, t.count(end), graph)
        yield Quad(words, t.TYPE, t.QUOTE, graph)
        yield Quad(words, t.EXACT, Literal(quote), graph)
        return this

    def about(self, name: str) -> NamedNode:
        """What a note or fact speaks of: law, or a subject that is none ("euro")."""
        provision = name.partition("#")[0].partition("@")[0]
        return self.names.law(name) if provision in self.titles else self.names.data(f"sujets/{name}")

    def fact(self, name: str) -> NamedNode:
        return self.names.data(f"faits/{name}")

    def proof(self, name: str, of: NamedNode, how: NamedNode, proof: Proof) -> Iterator[Quad]:
        """What proves *of*: words at a place or a fact, and who says so."""
        this = self.names.data(name)
        graph = self.graph(proof.span.source if proof.span else None)
        yield Quad(of, how, this, graph)
        yield Quad(this, t.TYPE, t.ENTITY, graph)
        for who in proof.said_by:
            yield Quad(this, t.ATTRIBUTED, self.names.data(f"autorites/{who}"), graph)
        if proof.span is None:
            yield Quad(this, t.DERIVED, self.fact(proof.fact or ""), graph)
        else:
            passage = yield from self.passage(*proof.span, proof.quote)
            yield Quad(this, t.DERIVED, passage, graph)


def facts(tell: Teller) -> Iterator[Quad]:
    """What authorities state, each fact in the graph of the first who states it."""
    names = tell.names
    key = rv("key")
    for fact in tell.store.stream(r.FACT):
        this, about, graph = tell.fact(fact.id), tell.about(fact.about), names.graph(fact.authorities[0])
        yield Quad(this, t.TYPE, t.ENTITY, graph)
        yield Quad(this, t.SUBJECT, about, graph)
        yield Quad(this, key, Literal(fact.key), graph)
        yield Quad(this, t.VALUE, Literal(fact.value), graph)
        if fact.key == "published":
            yield Quad(about, t.DATE_PUBLICATION, t.day(fact.value), graph)
        for who in fact.authorities:
            yield Quad(this, t.ATTRIBUTED, names.data(f"autorites/{who}"), graph)


def notes(tell: Teller) -> Iterator[Quad]:
    """Notes of the registry, and conflicts: those it names and those between what sources state of one provision."""
    names, graph = tell.names, tell.names.graph("renvoi")
    about, sentence, kind = map(rv, ("about", "sentence", "kind"))
    for note in tell.store.stream(r.NOTE):
        this = names.data(f"notes/{note.id}")
        yield Quad(this, t.TYPE, rv("Note") if note.kind == "note" else rv("Conflict"), graph)
        yield Quad(this, kind, Literal(note.kind), graph)
        yield Quad(this, about, tell.about(note.about), graph)
        yield Quad(this, sentence, t.french(note.sentence), graph)
        for who in note.authorities:
            yield Quad(this, t.ATTRIBUTED, names.data(f"autorites/{who}"), graph)
    for fault in tell.store.stream(r.FAULT, where="about is not null and source is null"):
        this = names.data(f"contradictions/{fault.id}")
        yield Quad(this, t.TYPE, rv("Conflict"), graph)
        yield Quad(this, kind, Literal(fault.code), graph)
        yield Quad(this, about, tell.about(fault.about or ""), graph)
        yield Quad(this, sentence, t.french(fault.sentence), graph)


def rules(tell: Teller) -> Iterator[Quad]:
    """The rules: what they are, their versions with both clocks, what they rest on, and the words that hold them."""
    for rule in Rulebook(tell.store).rules().values():
        yield from _rule(tell, rule)


def _rule(tell: Teller, rule: Rule) -> Iterator[Quad]:
    names, graph = tell.names, tell.names.graph("regles")
    this = names.data(f"regles/{rule.id}")
    yield Quad(this, t.TYPE, rv("Rule"), graph)
    yield Quad(this, t.LABEL, t.french(rule.title), graph)
    yield Quad(this, rv("modality"), Literal(rule.modality), graph)
    if rule.action:
        yield Quad(this, rv("action"), t.french(rule.action), graph)
    for basis in rule.all_basis():
        yield Quad(this, rv("restsOn"), names.law(basis.id), graph)
    for other in rule.derogates:
        yield Quad(this, rv("derogates"), names.data(f"regles/{other.rule}"), graph)
    for before in rule.replaces:
        yield Quad(this, rv("replacesRule"), names.data(f"regles/{before.rule}"), graph)
    for evidence in (*rule.evidence, *rule.period_evidence()):
        yield from _held(tell, this, evidence)
    quoted = [evidence.found.provision for evidence in rule.all_evidence() if evidence.found]
    for name in dict.fromkeys(quoted):
        yield Quad(this, rv("quotes"), names.law(name), graph)
    for rank, version in enumerate(rule.versions, 1):
        yield from _version(tell, this, f"regles/{rule.id}/version-{rank}", version)


def _held(tell: Teller, this: NamedNode, evidence: Evidence) -> Iterator[Quad]:
    """The words that hold *this*, a rule or a version of one."""
    if found := evidence.found:
        passage = yield from tell.passage(found.source, found.start, found.end, found.quote)
        yield Quad(this, rv("evidence"), passage, tell.names.graph("regles"))


def _version(tell: Teller, rule: NamedNode, name: str, version: Version) -> Iterator[Quad]:
    names, graph = tell.names, tell.names.graph("regles")
    this = names.data(name)
    yield Quad(rule, rv("hasVersion"), this, graph)
    yield Quad(this, t.TYPE, rv("RuleVersion"), graph)
    yield Quad(this, t.LABEL, t.french(version.label), graph)
    for basis in version.basis:
        yield Quad(this, rv("restsOn"), names.law(basis.id), graph)
    for evidence in version.evidence:
        yield from _held(tell, this, evidence)
    for side, bound in (("from", version.start), ("until", version.end)):
        if bound:
            yield from _bound(tell, f"{name}/{side}", this, side, bound)


def _bound(tell: Teller, name: str, of: NamedNode, side: str, bound: Bound) -> Iterator[Quad]:
    """A bound on both clocks, with what proves it: words of a source, or a fact of the registry."""
    graph = tell.names.graph("regles")
    yield Quad(of, rv(side), t.day(bound.day.isoformat()), graph)
    if bound.known:
        yield Quad(of, rv(f"{side}Known"), t.day(bound.known.isoformat()), graph)
    for rank, proof in enumerate(bound.proofs, 1):
        span = Span(proof.found.source, proof.found.start, proof.found.end) if proof.found else None
        said_by = proof.said_by or (("corpus",) if span else ())
        if span and proof.found:
            told = Proof(said_by, span=span, quote=proof.found.quote)
        else:
            told = Proof(said_by, fact=proof.locator)
        yield from tell.proof(f"{name}-{rank}", of, rv(f"{side}Proof"), told)
