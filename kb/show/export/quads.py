"""The RDF view as one stream of quads, in a fixed order and in bounded memory: ELI, PROV and Web Annotation.

* A text is an ``eli:LegalResource``, a part of it an ``eli:LegalResourceSubdivision``; a version is an ``eli:LegalExpression``,
  with its title, language, text and alinéas (``rv:Alinea``, each with its words and their place).
* ``eli:first_date_entry_in_force`` and ``eli:date_no_longer_in_force`` bound a version. ELI's second date is the *last day in
  force*: the exclusive end of the knowledge base is also given, as ``rv:until``, and a bound without a day as ``rv:fromIs``,
  ``rv:untilIs``. ``rv:fromKnown`` and ``rv:untilKnown`` are the second clock: from when a bound could be known.
* ``rv:inForce`` gives the days on which a version is the one in force (``rv:from``, ``rv:until``, exclusive), as every other
  answer has them: of bounds that overlap or are unknown it says what is decided.
* A citation is an ``oa:Annotation`` of a passage, written in an alinéa of a version; it also stands as a plain ``eli:cites``.
* A passage is words of a source, an ``oa:SpecificResource`` by position (code points) and by quote; it is told once.
* What was read in a container is in that container's graph, facts in the graph of who states them, what Renvoi decides of them
  (reigns, conflicts) in its own, rules in theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from pyoxigraph import Literal, NamedNode, Quad

from kb.ground.names import ROOT
from kb.show.export import terms as t
from kb.show.export.evidence import Teller, facts, notes, rules
from kb.show.export.terms import rv
from kb.store import kept as k
from kb.store import records as r
from kb.store.reading import Store

_LEGIFRANCE = "https://www.legifrance.gouv.fr/codes/article_lc/"
_FROM, _UNTIL = rv("from"), rv("until")


def quads(store: Store, root: str = ROOT) -> Iterator[Quad]:
    """Every quad of the view, its IRIs under *root*. Raises ``Misuse`` where that is no IRI."""
    tell = Teller(store, t.Names(root))
    for part in (_read, _texts, _provisions, _versions, _reigns, _citations, _events, facts, notes, rules):
        yield from part(tell)


def _read(tell: Teller) -> Iterator[Quad]:
    """Who says and what was read: told in the default graph, of the graphs that follow."""
    names = tell.names
    for who in tell.store.stream(k.AUTHORITY):
        this = names.data(f"autorites/{who.id}")
        yield Quad(this, t.TYPE, t.AGENT)
        yield Quad(this, t.TITLE, t.french(who.title))
        yield Quad(names.graph(who.id), t.ATTRIBUTED, this)
    for row in tell.store.stream(k.CONTAINER):
        this = names.graph(row.id)
        yield Quad(this, t.TYPE, t.ENTITY)
        yield Quad(this, t.TITLE, t.french(row.title))
        yield Quad(this, rv("format"), Literal(row.format))
        if row.sha256:
            yield Quad(this, rv("sha256"), Literal(row.sha256))


def _texts(tell: Teller) -> Iterator[Quad]:
    """The sources, the alinéas that stand in them, and the text that they make of a version."""
    names = tell.names
    alinea, of, rank, label, kind, source = map(rv, ("Alinea", "alineaOf", "rank", "label", "kind", "source"))
    start, end = rv("start"), rv("end")
    paragraphs = tell.store.stream(r.PARAGRAPH, "source, start")
    p = next(paragraphs, None)
    for row in tell.store.stream(r.SOURCE):
        this, graph = names.data(f"sources/{row.id}"), names.graph(row.container)
        tell.graphs[row.id] = graph
        yield Quad(this, t.TYPE, t.ENTITY, graph)
        yield Quad(this, t.TITLE, t.french(row.title), graph)
        yield Quad(this, rv("sha256"), Literal(row.sha256), graph)
        said: dict[str, list[tuple[int, str]]] = {}
        while p is not None and p.source == row.id:
            words = row.text[p.start : p.end] if p.words is None else p.words
            own, version = names.law(_alinea(p.provision, p.version, p.label)), names.law(p.version)
            yield Quad(own, t.TYPE, alinea, graph)
            yield Quad(own, t.PART_OF, version, graph)
            yield Quad(own, of, names.law(p.provision), graph)
            yield Quad(own, rank, t.count(p.rank), graph)
            yield Quad(own, label, Literal(p.label), graph)
            yield Quad(own, kind, Literal(p.kind), graph)
            yield Quad(own, t.TEXT, t.french(words), graph)
            yield Quad(own, source, this, graph)
            yield Quad(own, start, t.count(p.start), graph)
            yield Quad(own, end, t.count(p.end), graph)
            if p.kind == "alinea" and p.version.startswith(f"{p.provision}@"):
                said.setdefault(p.version, []).append((p.rank, words))
            p = next(paragraphs, None)
        for name, pieces in said.items():
            text = "\n\n".join(words for _, words in sorted(pieces))
            yield Quad(names.law(name), t.TEXT, t.french(text), graph)


def _alinea(provision: str, version: str, label: str) -> str:
    """The id of an alinéa as a version has it; that of a division has the version of its text."""
    return f"{provision}@{version.rpartition('@')[2]}#{label}"


def _provisions(tell: Teller) -> Iterator[Quad]:
    names = tell.names
    nature = rv("nature")
    for row in tell.store.stream(r.PROVISION, "text, rank, id"):
        this, graph = names.law(row.id), tell.graph(row.source)
        tell.titles[row.id] = row.title
        yield Quad(this, t.TYPE, t.RESOURCE if row.kind == "texte" else t.SUBDIVISION, graph)
        yield Quad(this, t.ID_LOCAL, Literal(row.id), graph)
        yield Quad(this, t.LABEL, t.french(row.title), graph)
        yield Quad(this, rv("kind"), Literal(row.kind), graph)
        if row.kind == "texte":
            yield Quad(this, nature, Literal(row.nature), graph)
        if row.num:
            yield Quad(this, t.NUMBER, Literal(row.num), graph)
        if row.signed:
            yield Quad(this, t.DATE_DOCUMENT, t.day(row.signed), graph)
        if row.absent_on:
            yield Quad(this, rv("absentOn"), t.day(row.absent_on), graph)
        if row.parent:
            parent = names.law(row.parent)
            yield Quad(this, t.IS_PART_OF, parent, graph)
            yield Quad(parent, t.HAS_PART, this, graph)
        if row.source:
            yield Quad(this, t.DERIVED, names.data(f"sources/{row.source}"), graph)


def _versions(tell: Teller) -> Iterator[Quad]:
    names = tell.names
    known = {"start": rv("fromKnown"), "end": rv("untilKnown")}
    for v in tell.store.stream(r.VERSION):
        this, of, graph = names.law(v.id), names.law(v.provision), tell.graph(v.source)
        yield Quad(this, t.TYPE, t.EXPRESSION, graph)
        yield Quad(this, t.REALIZES, of, graph)
        yield Quad(of, t.REALIZED, this, graph)
        yield Quad(this, t.ELI_TITLE, t.french(tell.titles[v.provision]), graph)
        yield Quad(this, t.LANGUAGE, t.FRENCH, graph)
        if v.official:
            yield Quad(this, t.ID_LOCAL, Literal(v.official), graph)
            if v.official.startswith("LEGIARTI"):
                yield Quad(this, t.SEE_ALSO, NamedNode(_LEGIFRANCE + v.official), graph)
        if v.start:
            yield Quad(this, t.FIRST_DAY, t.day(v.start), graph)
            yield Quad(this, _FROM, t.day(v.start), graph)
        else:
            yield Quad(this, rv("fromIs"), Literal(v.start_is), graph)
        if v.end:
            last = (date.fromisoformat(v.end) - timedelta(days=1)).isoformat()
            yield Quad(this, t.LAST_DAY, t.day(last), graph)
            yield Quad(this, _UNTIL, t.day(v.end), graph)
        else:
            yield Quad(this, rv("untilIs"), Literal(v.end_is), graph)
        if v.start_known:
            yield Quad(this, known["start"], t.day(v.start_known), graph)
        if v.end_known:
            yield Quad(this, known["end"], t.day(v.end_known), graph)
        if v.state:
            yield Quad(this, rv("state"), Literal(v.state), graph)
        for words in v.noted:
            yield Quad(this, rv("note"), t.french(words), graph)
        for side, proofs in (("from", v.start_proofs), ("until", v.end_proofs)):
            for rank, proof in enumerate(proofs, 1):
                yield from tell.proof(f"preuves/{v.id}/{side}-{rank}", this, rv(f"{side}Proof"), proof)


def _reigns(tell: Teller) -> Iterator[Quad]:
    """When each version is the one in force."""
    names, graph = tell.names, tell.names.graph("renvoi")
    reign, in_force = rv("Reign"), rv("inForce")
    for held in tell.store.stream(r.HELD):
        this = names.data(f"regnes/{held.provision}/{held.start}")
        yield Quad(names.law(held.version), in_force, this, graph)
        yield Quad(this, t.TYPE, reign, graph)
        yield Quad(this, _FROM, t.day(held.start), graph)
        if held.end:
            yield Quad(this, _UNTIL, t.day(held.end), graph)


def _citations(tell: Teller) -> Iterator[Quad]:
    names = tell.names
    status, citing, version, relation, cited = map(rv, ("status", "citing", "citingVersion", "relation", "cited"))
    told: set[tuple[str, str]] = set()
    for c in tell.store.stream(r.CITATION):
        this, graph = names.data(f"citations/{c.id}"), tell.graph(c.source)
        passage = yield from tell.passage(c.source, c.start, c.end, c.quote)
        yield Quad(this, t.TYPE, t.ANNOTATION, graph)
        yield Quad(this, t.MOTIVATED, t.LINKING, graph)
        yield Quad(this, t.TARGET, passage, graph)
        yield Quad(this, status, Literal(c.status), graph)
        yield Quad(this, citing, names.law(_alinea(c.provision, c.version, c.label)), graph)
        yield Quad(this, version, names.law(c.version), graph)
        if c.relation:
            yield Quad(this, relation, Literal(c.relation), graph)
        for candidate in c.named:
            yield Quad(this, rv("candidate"), names.law(candidate), graph)
        if c.target and c.target_provision:
            yield Quad(this, t.BODY, names.law(c.target), graph)
            yield Quad(this, cited, names.law(c.target_provision), graph)
            ends = (c.provision, c.target_provision)
            if c.relation == "Cité par":
                ends = ends[::-1]
            if ends not in told:
                told.add(ends)
                one, other = map(names.law, ends)
                yield Quad(one, t.CITES, other, graph)
                yield Quad(other, t.CITED_BY, one, graph)


def _events(tell: Teller) -> Iterator[Quad]:
    names = tell.names
    kind, target, effective, published = map(rv, ("eventKind", "target", "effective", "published"))
    told: set[tuple[str | None, str, str]] = set()
    for e in tell.store.stream(r.EVENT):
        this, on, graph = names.data(f"evenements/{e.id}"), names.law(e.target), tell.graph(e.source)
        yield Quad(this, t.TYPE, t.ACTIVITY, graph)
        yield Quad(this, kind, Literal(e.kind), graph)
        yield Quad(this, target, on, graph)
        if e.by:
            yield Quad(this, t.USED, names.law(e.by), graph)
            if (e.by, e.kind, e.target) not in told:
                told.add((e.by, e.kind, e.target))
                yield Quad(names.law(e.by), t.VERBS[e.kind], on, graph)
        if e.effective:
            yield Quad(this, effective, t.day(e.effective), graph)
        if e.published:
            yield Quad(this, published, t.day(e.published), graph)
        for rank, proof in enumerate(e.proofs(tell.words), 1):
            yield from tell.proof(f"preuves/evenements/{e.id}/{rank}", this, rv("proof"), proof)
