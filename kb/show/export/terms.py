"""The words of the RDF view: namespaces, the terms of others that are used, and the IRIs of what is told.

``id/`` names law: every IRI there is a reference that ``renvoi show`` takes. ``data/`` names what proves and records it:
sources, passages, citations, events, facts, rules. Our own terms are defined in ``docs/ontology.ttl``.

Sources: ELI ontology 1.4 (Publications Office of the EU); W3C PROV-O; W3C Web Annotation Vocabulary; schema.org.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from kb.ground.fault import Misuse
from kb.ground.names import ROOT, iri

PREFIXES = {
    "eli": "http://data.europa.eu/eli/ontology#",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rv": "https://renvoi.example/ns#",
}


def _terms(prefix: str, names: str) -> list[NamedNode]:
    return [NamedNode(PREFIXES[prefix] + name) for name in names.split()]


def rv(name: str) -> NamedNode:
    """A term of our own."""
    return NamedNode(PREFIXES["rv"] + name)


TYPE, VALUE = _terms("rdf", "type value")
LABEL, SEE_ALSO = _terms("rdfs", "label seeAlso")
DATE, COUNT = _terms("xsd", "date nonNegativeInteger")
TITLE, SUBJECT, PART_OF = _terms("dcterms", "title subject isPartOf")
(TEXT,) = _terms("schema", "text")
ENTITY, ACTIVITY, AGENT, USED, DERIVED, ATTRIBUTED = _terms(
    "prov", "Entity Activity Agent used wasDerivedFrom wasAttributedTo"
)
RESOURCE, SUBDIVISION, EXPRESSION = _terms("eli", "LegalResource LegalResourceSubdivision LegalExpression")
REALIZES, REALIZED, IS_PART_OF, HAS_PART = _terms("eli", "realizes is_realized_by is_part_of has_part")
ELI_TITLE, LANGUAGE, ID_LOCAL, NUMBER = _terms("eli", "title language id_local number")
DATE_DOCUMENT, DATE_PUBLICATION = _terms("eli", "date_document date_publication")
FIRST_DAY, LAST_DAY = _terms("eli", "first_date_entry_in_force date_no_longer_in_force")
CITES, CITED_BY, REPEALS, CHANGES, CORRECTS = _terms("eli", "cites cited_by repeals changes corrects")
ANNOTATION, SPECIFIC, POSITION, QUOTE = _terms(
    "oa", "Annotation SpecificResource TextPositionSelector TextQuoteSelector"
)
MOTIVATED, LINKING, BODY, TARGET = _terms("oa", "motivatedBy linking hasBody hasTarget")
SOURCE, SELECTOR, START, END, EXACT = _terms("oa", "hasSource hasSelector start end exact")
FRENCH = NamedNode("http://publications.europa.eu/resource/authority/language/FRA")

#: what an act does to another: ELI's own verb where it has one
VERBS = {
    "cree": rv("creates"),
    "modifie": CHANGES,
    "rectifie": CORRECTS,
    "abroge": REPEALS,
    "annule": rv("annuls"),
    "perime": rv("lapses"),
    "disjoint": rv("severs"),
    "codifie": rv("codifies"),
    "remplace": rv("replaces"),
    "transfere": rv("transfers"),
    "deplace": rv("moves"),
}


@lru_cache(maxsize=65_536)
def day(iso: str) -> Literal:
    return Literal(iso, datatype=DATE)


def count(number: int) -> Literal:
    return Literal(str(number), datatype=COUNT)


def french(words: str) -> Literal:
    return Literal(words, language="fr")


class Names:
    """The IRIs under *root*, an absolute IRI. Raises ``Misuse`` where it is none."""

    def __init__(self, root: str = ROOT) -> None:
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+", root):
            raise Misuse(f"--base {root}: an absolute IRI is wanted, for instance https://law.example.org/")
        self.root = root if root.endswith("/") else root + "/"
        self._law, self._data = self.root + "id/", self.root + "data/"
        self.law = lru_cache(maxsize=65_536)(self._of_law)

    def _of_law(self, name: str) -> NamedNode:
        """What ``renvoi show`` takes: a text, provision, version or alinéa."""
        return NamedNode(iri(name, self._law))

    def data(self, name: str) -> NamedNode:
        """What proves or records."""
        return NamedNode(iri(name, self._data))

    def graph(self, name: str) -> NamedNode:
        """The named graph of what a container, an authority or Renvoi says."""
        return self.data(f"graphes/{name}")
