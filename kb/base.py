"""The Python face: one object for every question, with dates as ISO strings or ``datetime.date``."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kb.fault import Misuse
from kb.names import parse_ref
from kb.period import parse_day
from kb.query import Json, KnowledgeBase

if TYPE_CHECKING:
    from networkx import MultiDiGraph
    from rdflib import Dataset

    from kb.resolve import Resolver

Day = str | date | None


class Base:
    """A knowledge base. Every answer is a dictionary: the JSON of the command of the same name.

    Misuse (an unknown reference, an impossible date) raises ``kb.fault.Misuse`` with one clear sentence.
    """

    def __init__(self, path: Path) -> None:
        self.query = KnowledgeBase(path)

    def show(self, ref: str, at: Day = None) -> Json:
        """A text, provision or alinéa on the day *at*: status, text, bounds with proofs, links."""
        return self.query.show(ref, as_day(at))

    def follow(self, ref: str, *, into: bool = False, depth: int = 1, at: Day = None) -> Json:
        """The citation links out of *ref* (or *into* it), down to *depth* steps."""
        return self.query.follow(ref, into=into, depth=depth, at=as_day(at))

    def cite(self, text: str, within: str | None = None, at: Day = None) -> list[Json]:
        """The citations in *text*, as if it stood in the provision *within*, on the day *at*."""
        if within is not None:
            within = str(parse_ref(within)._replace(at=None, fragment=()))
        resolver = self.resolver()
        found, _ = resolver.read(text, within=within, at=as_day(at))
        return [citation.to_json() for citation in found]

    def resolver(self) -> Resolver:
        """A resolver that knows the codes, acts and provisions of this knowledge base."""
        from kb.resolve import Resolver

        return Resolver(self.query.registry(), exists=self._held.__contains__)

    @cached_property
    def _held(self) -> frozenset[str]:
        return self.query.held()

    @cached_property
    def graph(self) -> MultiDiGraph:
        """Everything as one networkx graph (see ``kb.graph``)."""
        from kb.graph import graph

        return graph(self.query)

    def rdf(self) -> Dataset:
        """The RDF view, an rdflib ``Dataset`` (see ``kb.export.rdf``)."""
        from kb.export.rdf import dataset

        return dataset(self.query)

    def sparql(self, query: str) -> Json:
        """Ask the RDF view. Raises ``Misuse`` when the query does not parse."""
        from kb.export.rdf import ask

        return ask(self.query, query)


def as_day(at: Day) -> date | None:
    if at is None or isinstance(at, date):
        return at
    try:
        return parse_day(at)
    except ValueError as error:
        raise Misuse(str(error)) from None
