"""The RDF view: ELI for texts, provisions, versions and links; PROV and Web Annotation for the proofs.

* A text is an ``eli:LegalResource``, a part of it an ``eli:LegalResourceSubdivision``; a version is an ``eli:LegalExpression``.
* ``eli:first_date_entry_in_force`` and ``eli:date_no_longer_in_force`` bound a version. ELI's second date is the *last day in
  force*: the exclusive end of the knowledge base is also given, as ``rv:until``, and an end that is open or unknown as
  ``rv:untilIs``.
* A citation is an ``oa:Annotation`` whose target selects the words by position and by quote; it also stands as a plain
  ``eli:cites`` between the provisions.
* An event is a ``prov:Activity`` and, between acts, ELI's own verb (``eli:repeals``, ``eli:changes``).

Sources: ELI ontology 1.4 (Publications Office of the EU); W3C PROV-O; W3C Web Annotation Vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from rdflib import RDF, XSD, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV
from rdflib.query import ResultRow

from kb.ask.query import KnowledgeBase
from kb.ground.fault import Misuse
from kb.ground.names import BASE, iri

ELI = Namespace("http://data.europa.eu/eli/ontology#")
OA = Namespace("http://www.w3.org/ns/oa#")
RV = Namespace("https://renvoi.example/ns#")
PREFIXES = {"eli": str(ELI), "oa": str(OA), "prov": str(PROV), "dcterms": str(DCTERMS), "rv": str(RV), "xsd": str(XSD)}

Triple = tuple[Any, Any, Any]
_VERBS = {
    "abroge": ELI.repeals,
    "modifie": ELI.changes,
    "cree": RV.creates,
    "codifie": RV.codifies,
    "remplace": RV.replaces,
}


def node(name: str) -> URIRef:
    """The IRI of an id."""
    return URIRef(iri(name))


def _day(iso: str) -> Literal:
    return Literal(iso, datatype=XSD.date)


def triples(base: KnowledgeBase) -> Iterator[Triple]:
    """Every triple of the view, in order of the store."""
    yield from _sources(base)
    yield from _provisions(base)
    yield from _versions(base)
    yield from _citations(base)
    yield from _events(base)
    yield from _facts(base)


def _sources(base: KnowledgeBase) -> Iterator[Triple]:
    for name, title, sha256 in base.table("select id, title, sha256 from source order by id")[1]:
        source = node(f"sources/{name}")
        yield source, RDF.type, PROV.Entity
        yield source, DCTERMS.title, Literal(title, lang="fr")
        yield source, RV.sha256, Literal(sha256)
    for name, title in base.table("select id, title from authority order by id")[1]:
        yield RV[name], RDF.type, PROV.Agent
        yield RV[name], DCTERMS.title, Literal(title, lang="fr")


def _provisions(base: KnowledgeBase) -> Iterator[Triple]:
    columns = "id, parent, kind, nature, num, title, signed, source"
    for name, parent, kind, nature, num, title, signed, source in base.table(
        f"select {columns} from provision order by rank"
    )[1]:
        this = node(name)
        yield this, RDF.type, ELI.LegalResource if kind == "texte" else ELI.LegalResourceSubdivision
        yield this, ELI.id_local, Literal(name)
        yield this, ELI.title, Literal(title, lang="fr")
        if kind == "texte":
            yield this, RV.nature, Literal(nature)
        if num:
            yield this, ELI.number, Literal(num)
        if signed:
            yield this, ELI.date_document, _day(signed)
        if parent:
            yield this, ELI.is_part_of, node(parent)
            yield node(parent), ELI.has_part, this
        if source:
            yield this, PROV.wasDerivedFrom, node(f"sources/{source}")


def _versions(base: KnowledgeBase) -> Iterator[Triple]:
    columns = "id, provision, start, start_is, end, end_is, official, start_proof, end_proof"
    for name, provision, start, start_is, end, end_is, official, start_proof, end_proof in base.table(
        f"select {columns} from version order by id"
    )[1]:
        this = node(name)
        yield this, RDF.type, ELI.LegalExpression
        yield this, ELI.realizes, node(provision)
        yield node(provision), ELI.is_realized_by, this
        if official:
            yield this, ELI.id_local, Literal(official)
        if start:
            yield this, ELI.first_date_entry_in_force, _day(start)
            yield this, RV["from"], _day(start)
        else:
            yield this, RV.fromIs, Literal(start_is, lang="fr")
        if end:
            yield this, ELI.date_no_longer_in_force, _day((date.fromisoformat(end) - timedelta(days=1)).isoformat())
            yield this, RV.until, _day(end)
        else:
            yield this, RV.untilIs, Literal(end_is, lang="fr")
        for side, proofs in (("from", start_proof), ("until", end_proof)):
            for rank, proof in enumerate(json.loads(proofs), 1):
                yield from _proof(f"{name}/preuve-{side}-{rank}", this, RV[f"{side}Proof"], proof)


def _proof(name: str, of: URIRef, how: URIRef, proof: dict[str, Any]) -> Iterator[Triple]:
    this = node(name)
    yield of, how, this
    yield this, RDF.type, PROV.Entity
    for who in proof["said_by"]:
        yield this, PROV.wasAttributedTo, RV[who]
    if "fact" in proof:
        yield this, PROV.wasDerivedFrom, _fact(proof["fact"])
    else:
        yield from _selected(name, proof["source"], proof["start"], proof["end"], proof["quote"])


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


def _citations(base: KnowledgeBase) -> Iterator[Triple]:
    columns = "id, source, start, end, quote, provision, label, target, target_provision, status, relation"
    for rank, source, start, end, quote, provision, label, target, to, status, relation in base.table(
        f"select {columns} from citation order by id"
    )[1]:
        this, words = node(f"citations/{rank}"), f"citations/{rank}/mots"
        yield this, RDF.type, OA.Annotation
        yield this, OA.motivatedBy, OA.linking
        yield this, OA.hasTarget, node(words)
        yield this, RV.status, Literal(status)
        yield this, RV.citing, node(f"{provision}#{label}")
        yield from _selected(words, source, start, end, quote)
        if target:
            yield this, OA.hasBody, node(target)
            citing, cited = (to, provision) if relation == "Cité par" else (provision, to)
            yield node(citing), ELI.cites, node(cited)
            yield node(cited), ELI.cited_by, node(citing)


def _events(base: KnowledgeBase) -> Iterator[Triple]:
    columns = "id, kind, target, by, effective, published, source, start, end, fact, said_by"
    texts = dict(base.table("select id, text from source")[1])
    for rank, kind, target, by, effective, published, source, start, end, fact, said_by in base.table(
        f"select {columns} from event order by id"
    )[1]:
        this = node(f"evenements/{rank}")
        yield this, RDF.type, PROV.Activity
        yield this, RV.eventKind, Literal(kind, lang="fr")
        yield this, RV.target, node(target)
        if by:
            yield this, PROV.used, node(by)
            yield node(by), _VERBS.get(kind, RV[kind]), node(target)
        if effective:
            yield this, RV.effective, _day(effective)
        if published:
            yield this, ELI.date_publication, _day(published)
        proof = (
            {"fact": fact}
            if fact
            else {"source": source, "start": start, "end": end, "quote": texts[source][start:end]}
        )
        yield from _proof(f"evenements/{rank}/preuve", this, RV.proof, {**proof, "said_by": json.loads(said_by)})


def _facts(base: KnowledgeBase) -> Iterator[Triple]:
    for name, about, key, value, said_by in base.table("select id, about, key, value, said_by from fact order by id")[
        1
    ]:
        this = _fact(name)
        yield this, RDF.type, PROV.Entity
        yield this, DCTERMS.subject, node(about)
        yield this, RV.key, Literal(key)
        yield this, RDF.value, Literal(value)
        for who in json.loads(said_by):
            yield this, PROV.wasAttributedTo, RV[who]


def _fact(name: str) -> URIRef:
    return node("faits/" + name.replace("?", "/").replace("=", "/"))


def dataset(base: KnowledgeBase) -> Dataset:
    """The view as an rdflib ``Dataset``, held in an Oxigraph store: loads and answers an order of magnitude faster."""
    made = Dataset(store="Oxigraph", default_union=True)
    for prefix, namespace in PREFIXES.items():
        made.bind(prefix, namespace)
    graph = made.default_graph
    made.addN((s, p, o, graph) for s, p, o in triples(base))
    return made


def ask(base: KnowledgeBase, query: str) -> dict[str, Any]:
    """The answer to a SPARQL query: ``{"vars", "rows"}`` or ``{"boolean"}`` or ``{"triples"}``. Raises ``Misuse``.

    The prefixes eli, oa, prov, dcterms, rv and xsd need no declaration, and an id in angle brackets is its IRI:
    ``<css/D253-81>``.
    """
    prologue = " ".join([f"base <{BASE}>", *(f"prefix {name}: <{space}>" for name, space in PREFIXES.items())])
    try:
        result = dataset(base).query(f"{prologue} {query}")
    except Exception as error:  # rdflib and Oxigraph raise what their parsers raise
        raise Misuse(f"the query does not parse: {' '.join(str(error).split())[:300]}") from None
    if result.type == "ASK":
        return {"boolean": result.askAnswer, "rows": [{"boolean": result.askAnswer}]}
    if result.type == "SELECT":
        names = [str(name) for name in result.vars or []]
        values = ([None if value is None else str(value) for value in row] for row in cast(Iterable[ResultRow], result))
        return {"vars": names, "rows": [dict(zip(names, row, strict=True)) for row in values]}
    return {"rows": [dict(zip("spo", map(str, triple), strict=True)) for triple in result.graph or ()]}


def write(base: KnowledgeBase, path: Path, format: str) -> Path:
    """Write the view to *path* in *format* (``turtle`` or ``trig``); the statements in one order."""
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in triples(base):
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
