"""The Python face: one object for every question, with dates as ISO strings or ``datetime.date``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.ask.query import Json, KnowledgeBase
from kb.ground.fault import Misuse
from kb.ground.names import parse_ref
from kb.ground.period import parse_day

if TYPE_CHECKING:
    from networkx import MultiDiGraph
    from rdflib import Dataset

    from kb.ask.rulebook import Rulebook
    from kb.cite.resolve import Resolver

Day = str | date | None


class Base:
    """A knowledge base. Every answer is a dictionary: the JSON of the command of the same name.

    Misuse (an unknown reference, an impossible date) raises ``kb.ground.fault.Misuse`` with one clear sentence.
    """

    def __init__(self, path: Path) -> None:
        self.query = KnowledgeBase(path)

    def show(self, ref: str, at: Day = None, known_at: Day = None) -> Json:
        """A text, provision or alinéa on the day *at*, as known on *known_at*: status, text, bounds with proofs, links.

        A code, or a division of one, comes with its table of contents that day (``contents``).
        """
        day = as_day(at)
        answer = self.query.show(ref, day, as_day(known_at))
        if answer["kind"] != "article" and "/" not in self.query.find(ref)[1]["text"]:
            from kb.ask.chronicle import contents

            answer["contents"] = contents(self.query, answer["id"], day or parse_ref(ref).at or date.today())
        return answer

    def said(self, ref: str, at: Day, known_at: Day = None) -> Json:
        """What a provision said on the day *at*: status, version with its proofs, text; no links. The quickest question."""
        return self.query.said(ref, as_day(at) or date.today(), as_day(known_at))

    def history(self, ref: str) -> Json:
        """Every version of a provision: bounds with proofs, the acts that made it, what each source states."""
        from kb.ask.chronicle import history

        return history(self.query, ref)

    def diff(self, ref: str, first: Day, second: Day) -> Json:
        """What changed in *ref* between two days: words of an article, articles of a text or division."""
        from kb.ask.diff import diff

        days = [as_day(day) or date.today() for day in (first, second)]
        return diff(self.query, ref, *days)

    def search(self, words: str, at: Day = None, limit: int = 20) -> Json:
        """Full text, in French: the versions that hold all *words*; on the day *at* those then in force."""
        from kb.ask.chronicle import find

        return find(self.query, words, as_day(at), limit)

    def follow(self, ref: str, *, into: bool = False, depth: int = 1, at: Day = None) -> Json:
        """The citation links out of *ref* (or *into* it), down to *depth* steps."""
        return self.query.follow(ref, into=into, depth=depth, at=as_day(at))

    def cite(self, text: str, within: str | None = None, at: Day = None) -> list[Json]:
        """The citations in *text*, as if it stood in the provision *within*, on the day *at*."""
        if within is not None:
            within = str(parse_ref(within)._replace(at=None, fragment=()))
        self._resolver.forget()
        found, _ = self._resolver.read(text, within=within, at=as_day(at))
        return [citation.to_json() for citation in found]

    @cached_property
    def _resolver(self) -> Resolver:
        """One resolver, made to forget before each text: making it costs more than most texts do."""
        from kb.cite.resolve import Resolver

        return Resolver(self.query.registry(), exists=self._held.__contains__)

    @cached_property
    def _held(self) -> frozenset[str]:
        return self.query.held()

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules, for many questions in one process (see ``kb.ask.rulebook``)."""
        from kb.ask.rulebook import Rulebook

        return Rulebook(self.query)

    def rules(self, at: Day = None, about: str | None = None, known_at: Day = None) -> list[Json]:
        """The rules in force on the day *at* (all of them without a day) that quote or rest on *about*."""
        return self.rulebook.list(as_day(at), about, as_day(known_at))

    def apply(self, rule: str, facts: Mapping[str, Any], at: Day = None, known_at: Day = None) -> Any:
        """The evaluation of *rule* on *facts* on the day *at* (default: today); a list of them where *rule* is ``all``."""
        return self.rulebook.apply(rule, facts, as_day(at) or date.today(), as_day(known_at))

    def trace(self, id: str | int, at: Day = None) -> Json:
        """The audit trail of a rule or a citation, down to file, characters and sha256."""
        citation = str(id).removeprefix("citations/")
        if citation.isdigit():
            return self.query.trace_citation(int(citation))
        return self.rulebook.trace(str(id), as_day(at) or date.today())

    @cached_property
    def graph(self) -> MultiDiGraph:
        """Everything as one networkx graph (see ``kb.show.graph``)."""
        from kb.show.graph import graph

        return graph(self.query)

    def rdf(self) -> Dataset:
        """The RDF view, an rdflib ``Dataset`` (see ``kb.show.export.rdf``)."""
        from kb.show.export.rdf import dataset

        return dataset(self.query)

    def sparql(self, query: str) -> Json:
        """Ask the RDF view. Raises ``Misuse`` when the query does not parse."""
        from kb.show.export.rdf import ask

        return ask(self.query, query)


def as_day(at: Day) -> date | None:
    """The day that *at* says. Raises ``Misuse`` when it says none."""
    if at is None or isinstance(at, date):
        return at
    try:
        return parse_day(str(at))
    except ValueError as error:
        raise Misuse(str(error)) from None
