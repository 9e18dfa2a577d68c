"""The RDF view: ELI for texts, provisions, versions and links; PROV and Web Annotation for the proofs.

* A text is an ``eli:LegalResource``, a part of it an ``eli:LegalResourceSubdivision``; a version is an ``eli:LegalExpression``.
* ``eli:first_date_entry_in_force`` and ``eli:date_no_longer_in_force`` bound a version. ELI's second date is the *last day in
  force*: the exclusive end of the knowledge base is also given, as ``rv:until``, and an end that is open or unknown as
  ``rv:untilIs``.
* ``rv:inForce`` gives the days on which a version is the one in force (``rv:from``, ``rv:until``, exclusive), as every other
  answer has them: of bounds that overlap or are unknown it says what is decided.
* A citation is an ``oa:Annotation`` whose target selects the words by position and by quote; it also stands as a plain
  ``eli:cites`` between the provisions.
* An event is a ``prov:Activity`` and, between acts, ELI's own verb (``eli:repeals``, ``eli:changes``).

Sources: ELI ontology 1.4 (Publications Office of the EU); W3C PROV-O; W3C Web Annotation Vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from rdflib import RDF, XSD, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV
from rdflib.query import Result, ResultRow
from rdflib.term import Node

from kb.ask.answers import Json
from kb.ground.fault import Misuse
from kb.ground.names import BASE, iri
from kb.store import kept as k
from kb.store import records as r
from kb.store.reading import Store
from kb.time.proof import Proof

ELI = Namespace("http://data.europa.eu/eli/ontology#")
OA = Namespace("http://www.w3.org/ns/oa#")
RV = Namespace("https://renvoi.example/ns#")
PREFIXES = {"eli": str(ELI), "oa": str(OA), "prov": str(PROV), "dcterms": str(DCTERMS), "rv": str(RV), "xsd": str(XSD)}

Triple = tuple[Node, Node, Node]
_VERBS = {
    "cree": RV.creates,
    "modifie": ELI.changes,
    "rectifie": ELI.corrects,
    "abroge": ELI.repeals,
    "annule": RV.annuls,
    "perime": RV.lapses,
    "disjoint": RV.severs,
    "codifie": RV.codifies,
    "remplace": RV.replaces,
    "transfere": RV.transfers,
    "deplace": RV.moves,
}


def node(name: str) -> URIRef:
    """The IRI of an id."""
    return URIRef(iri(name))


def _day(iso: str) -> Literal:
    return Literal(iso, datatype=XSD.date)


def triples(store: Store) -> Iterator[Triple]:
    """Every triple of the view, in order of the store."""
    yield from _sources(store)
    yield from _provisions(store)
    yield from _versions(store)
    yield from _citations(store)
    yield from _events(store)
    yield from _facts(store)


def _sources(store: Store) -> Iterator[Triple]:
    for row in store.stream(r.SOURCE):
        source = node(f"sources/{row.id}")
        yield source, RDF.type, PROV.Entity
        yield source, DCTERMS.title, Literal(row.title, lang="fr")
        yield source, RV.sha256, Literal(row.sha256)
    for who in store.stream(k.AUTHORITY):
        yield RV[who.id], RDF.type, PROV.Agent
        yield RV[who.id], DCTERMS.title, Literal(who.title, lang="fr")


def _provisions(store: Store) -> Iterator[Triple]:
    for row in store.stream(r.PROVISION, "text, rank, id"):
        this = node(row.id)
        yield this, RDF.type, ELI.LegalResource if row.kind == "texte" else ELI.LegalResourceSubdivision
        yield this, ELI.id_local, Literal(row.id)
        yield this, ELI.title, Literal(row.title, lang="fr")
        if row.kind == "texte":
            yield this, RV.nature, Literal(row.nature)
        if row.num:
            yield this, ELI.number, Literal(row.num)
        if row.signed:
            yield this, ELI.date_document, _day(row.signed)
        if row.parent:
            yield this, ELI.is_part_of, node(row.parent)
            yield node(row.parent), ELI.has_part, this
        if row.source:
            yield this, PROV.wasDerivedFrom, node(f"sources/{row.source}")


def _versions(store: Store) -> Iterator[Triple]:
    for v in store.stream(r.VERSION):
        this = node(v.id)
        yield this, RDF.type, ELI.LegalExpression
        yield this, ELI.realizes, node(v.provision)
        yield node(v.provision), ELI.is_realized_by, this
        if v.official:
            yield this, ELI.id_local, Literal(v.official)
        if v.start:
            yield this, ELI.first_date_entry_in_force, _day(v.start)
            yield this, RV["from"], _day(v.start)
        else:
            yield this, RV.fromIs, Literal(v.start_is, lang="fr")
        if v.end:
            yield this, ELI.date_no_longer_in_force, _day((date.fromisoformat(v.end) - timedelta(days=1)).isoformat())
            yield this, RV.until, _day(v.end)
        else:
            yield this, RV.untilIs, Literal(v.end_is, lang="fr")
        for side, proofs in (("from", v.start_proofs), ("until", v.end_proofs)):
            for rank, proof in enumerate(proofs, 1):
                yield from _proof(f"{v.id}/preuve-{side}-{rank}", this, RV[f"{side}Proof"], proof)
    for rank, held in enumerate(store.stream(r.HELD), 1):
        # When each version is the one in force: bounds that overlap or are unknown are decided here as everywhere.
        span = node(f"regnes/{rank}")
        yield node(held.version), RV.inForce, span
        yield span, RDF.type, RV.Reign
        yield span, RV["from"], _day(held.start)
        if held.end:
            yield span, RV.until, _day(held.end)


def _proof(name: str, of: URIRef, how: URIRef, proof: Proof) -> Iterator[Triple]:
    this = node(name)
    yield of, how, this
    yield this, RDF.type, PROV.Entity
    for who in proof.said_by:
        yield this, PROV.wasAttributedTo, RV[who]
    if proof.span is None:
        yield this, PROV.wasDerivedFrom, _fact(proof.fact or "")
    else:
        yield from _selected(name, *proof.span, proof.quote)


def _selected(name: str, source: str, start: int, end: int, quote: str) -> Iterator[Triple]:
    """A specific resource: these words of that file, by position and by quote."""
    this, position, words = node(name), node(f"{name}/position"), node(f"{name}/mots")
    yield this, RDF.type, OA.SpecificResource
    yield this, OA.hasSource, node(f"sources/{source}")
    yield this, OA.hasSelector, position
    yield position, RDF.type, OA.TextPositionSelector
    yield position, OA.start, Literal(start)
    yield position, OA.end, Literal(end)
    yield this, OA.hasSelector, words
    yield words, RDF.type, OA.TextQuoteSelector
    yield words, OA.exact, Literal(quote, lang="fr")


def _citations(store: Store) -> Iterator[Triple]:
    for c in store.stream(r.CITATION):
        this, words = node(f"citations/{c.id}"), f"citations/{c.id}/mots"
        yield this, RDF.type, OA.Annotation
        yield this, OA.motivatedBy, OA.linking
        yield this, OA.hasTarget, node(words)
        yield this, RV.status, Literal(c.status)
        yield this, RV.citing, node(f"{c.provision}#{c.label}")
        yield this, RV.citingVersion, node(c.version)
        yield from _selected(words, c.source, c.start, c.end, c.quote)
        if c.target and c.target_provision:
            yield this, OA.hasBody, node(c.target)
            yield this, RV.cited, node(c.target_provision)
            ends = (c.provision, c.target_provision)
            citing, cited = ends[::-1] if c.relation == "Cité par" else ends
            yield node(citing), ELI.cites, node(cited)
            yield node(cited), ELI.cited_by, node(citing)


def _events(store: Store) -> Iterator[Triple]:
    for e in store.stream(r.EVENT):
        this = node(f"evenements/{e.id}")
        yield this, RDF.type, PROV.Activity
        yield this, RV.eventKind, Literal(e.kind, lang="fr")
        yield this, RV.target, node(e.target)
        if e.by:
            yield this, PROV.used, node(e.by)
            yield node(e.by), _VERBS[e.kind], node(e.target)
        if e.effective:
            yield this, RV.effective, _day(e.effective)
        if e.published:
            yield this, ELI.date_publication, _day(e.published)
        for rank, proof in enumerate(e.proofs(store.words), 1):
            yield from _proof(f"evenements/{e.id}/preuve-{rank}", this, RV.proof, proof)


def _facts(store: Store) -> Iterator[Triple]:
    for fact in store.stream(r.FACT):
        this = _fact(fact.id)
        yield this, RDF.type, PROV.Entity
        yield this, DCTERMS.subject, node(fact.about)
        yield this, RV.key, Literal(fact.key)
        yield this, RDF.value, Literal(fact.value)
        for who in fact.authorities:
            yield this, PROV.wasAttributedTo, RV[who]


def _fact(name: str) -> URIRef:
    return node("faits/" + name.replace("?", "/").replace("=", "/"))


def dataset(store: Store) -> Dataset:
    """The view as an rdflib ``Dataset``, held in an Oxigraph store: loads and answers an order of magnitude faster."""
    made = Dataset(store="Oxigraph", default_union=True)
    for prefix, namespace in PREFIXES.items():
        made.bind(prefix, namespace)
    graph = made.default_graph
    made.addN((s, p, o, graph) for s, p, o in triples(store))
    return made


def ask(store: Store, query: str) -> Json:
    """The answer to a SPARQL query: ``{"vars", "rows"}`` or ``{"boolean"}`` or ``{"triples"}``. Raises ``Misuse``.

    The prefixes eli, oa, prov, dcterms, rv and xsd need no declaration, and an id in angle brackets is its IRI:
    ``<css/D253-81>``.
    """
    if asks_elsewhere(query):
        raise Misuse("the query has a SERVICE: no other server is asked")
    prologue = " ".join([f"base <{BASE}>", *(f"prefix {name}: <{space}>" for name, space in PREFIXES.items())])
    try:
        return _answered(dataset(store).query(f"{prologue} {query}"))
    except Exception as error:  # rdflib and Oxigraph raise what their parsers raise
        raise Misuse(f"the query does not parse: {' '.join(str(error).split())[:300]}") from None


#: The keyword, told from what may hold its letters: addresses, strings, what a backslash escapes, comments.
_SERVICE = re.compile(
    r"""<[^<>"{}|^`\\\x00-\x20]*>"""
    r"""|"{3}(?:[^\\]|\\.)*?"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*\'"""
    r"""|\\.|\#[^\n\r]*|(?<![\w:?$@.-])(service)(?![\w:-])""",
    re.I | re.S,
)
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def asks_elsewhere(query: str) -> bool:
    """Whether a query has a SERVICE, which its engine would ask over the network; escaped letters count as what they are.

    >>> asks_elsewhere("ask { service <http://x/> {} }"), asks_elsewhere("ask { ?s rv:service 'service' }")
    (True, False)
    """
    plain = _CODE_POINT.sub(lambda code: chr(min(int(code[1] or code[2], 16), 0x10FFFF)), query)
    return any(found[1] for words in (query, plain) for found in _SERVICE.finditer(words))


def _answered(result: Result) -> Json:
    if result.type == "ASK":
        return {"boolean": result.askAnswer, "rows": [{"boolean": result.askAnswer}]}
    if result.type == "SELECT":
        names = [str(name) for name in result.vars or []]
        values = ([None if value is None else str(value) for value in row] for row in cast(Iterable[ResultRow], result))
        return {"vars": names, "rows": [dict(zip(names, row, strict=True)) for row in values]}
    return {"rows": [dict(zip("spo", map(str, triple), strict=True)) for triple in result.graph or ()]}


def write(store: Store, path: Path, format: str) -> Path:
    """Write the view to *path* in *format* (``turtle`` or ``trig``); the statements in one order."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in triples(store):
        graph.add(triple)
    path.parent.mkdir(parents=True, exist_ok=True)
    if format == "turtle":
        graph.serialize(path, format="turtle", encoding="utf-8")
    else:
        whole = Dataset()
        for prefix, namespace in PREFIXES.items():
            whole.bind(prefix, namespace)
        for triple in graph:
            whole.default_graph.add(triple)
        whole.serialize(path, format="trig", encoding="utf-8")
    return path
