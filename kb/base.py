"""The Python face: one object for every question, with dates as ISO strings or ``datetime.date``."""

from __future__ import annotations

from _thread import allocate_lock  # threading itself would cost each cold start
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.ask.show import said, show
from kb.ground.fault import Misuse
from kb.ground.names import parse_ref
from kb.ground.period import parse_day
from kb.store.reading import Store

if TYPE_CHECKING:
    from networkx import MultiDiGraph
    from rdflib import Dataset

    from kb.ask.answers import Diffed, Followed, FoundAnswer, History, Json, Said, Searched, Shown, Traced
    from kb.ask.reports import Impact, Stale
    from kb.ask.rulebook import Rulebook
    from kb.cite.resolve import Resolver

Day = str | date | None


class Base:
    """A knowledge base. Every answer is a dictionary, typed in ``kb.ask.answers`` or ``kb.ask.reports``: the JSON of the command of the same name.

    Any thread may ask, and a base can be sent to another process.

    Misuse (an unknown reference, an impossible date) raises ``kb.ground.fault.Misuse`` with one clear sentence.
    """

    def __init__(self, path: Path) -> None:
        self.store = Store(path)
        self._citing = allocate_lock()  # one text at a time: a resolver remembers what its text named

    def show(self, ref: str, at: Day = None, known_at: Day = None) -> Shown:
        """A text, provision or alinéa on the day *at*, as known on *known_at*: status, text, bounds with proofs, links.

        A code, or a division of one, comes with its table of contents that day (``contents``).
        """
        day = as_day(at)
        answer = show(self.store, ref, day, as_day(known_at))
        if answer["kind"] != "article" and "/" not in parse_ref(answer["id"]).text:
            from kb.ask.contents import contents

            answer["contents"] = contents(self.store, answer["id"], as_day(answer["at"]) or date.today())
        return answer

    def said(self, ref: str, at: Day, known_at: Day = None) -> Said:
        """What a provision said on the day *at*: status, version with its proofs, text; no links. The quickest question."""
        return said(self.store, ref, as_day(at) or date.today(), as_day(known_at))

    def history(self, ref: str) -> History:
        """Every version of a provision: bounds with proofs, the acts that made it, what each source states."""
        from kb.ask.history import history

        return history(self.store, ref)

    def diff(self, ref: str, first: Day, second: Day) -> Diffed:
        """What changed in *ref* between two days: words of an article, articles of a text or division."""
        from kb.ask.diff import diff

        days = [as_day(day) or date.today() for day in (first, second)]
        return diff(self.store, ref, *days)

    def impact(self, first: Day, second: Day, on: str | None = None) -> Impact:
        """What changed between two days and what rests on it; *on* is ``rules``, or a reference that it is limited to."""
        from kb.ask.impact import impact

        return impact(self.store, self.rulebook, as_day(first) or date.today(), as_day(second) or date.today(), on)

    def stale(self, ref: str | None = None, at: Day = None, *, limit: int | None = None, offset: int = 0) -> Stale:
        """The citations in *ref*, or in everything, that on the day *at* lead to what is no longer in force, or to a part that is lost."""
        from kb.ask.stale import stale

        return stale(self.store, ref, as_day(at) or date.today(), limit=limit, offset=offset)

    def search(self, words: str, at: Day = None, limit: int = 20) -> Searched:
        """Full text, in French: the versions that hold all *words*; on the day *at* those then in force."""
        from kb.ask.search import search

        return search(self.store, words, as_day(at), limit)

    def follow(self, ref: str, *, into: bool = False, depth: int = 1, at: Day = None) -> Followed:
        """The citation links out of *ref* (or *into* it), down to *depth* steps."""
        from kb.ask.links import follow

        return follow(self.store, ref, into=into, depth=depth, at=as_day(at))

    def cite(self, text: str, within: str | None = None, at: Day = None) -> list[FoundAnswer]:
        """The citations in *text*, as if it stood in the provision *within*, on the day *at*."""
        if within is not None:
            within = str(parse_ref(within)._replace(at=None, fragment=()))
        day = as_day(at)
        with self._citing:
            self._resolver.forget()
            found, _ = self._resolver.read(text, within=within, at=day)
        return [citation.to_json() for citation in found]

    @cached_property
    def _resolver(self) -> Resolver:
        """One resolver, made to forget before each text: making it costs more than most texts do."""
        from kb.cite.resolve import Resolver

        return Resolver(self.store.registry(), exists=self._held.__contains__, whole=self._whole.__contains__)

    @cached_property
    def _whole(self) -> frozenset[str]:
        """The codes that are held whole, with their history: what they never had is absent."""
        return frozenset(code for code, history in self.store.held_codes().items() if history)

    @cached_property
    def _held(self) -> frozenset[str]:
        return self.store.held()

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules, for many questions in one process (see ``kb.ask.rulebook``)."""
        from kb.ask.rulebook import Rulebook

        return Rulebook(self.store)

    def rules(self, at: Day = None, about: str | None = None, known_at: Day = None) -> list[Json]:
        """The rules in force on the day *at* (all of them without a day) that quote or rest on *about*."""
        return self.rulebook.list(as_day(at), about, as_day(known_at))

    def apply(self, rule: str, facts: Mapping[str, Any], at: Day = None, known_at: Day = None) -> Any:
        """The evaluation of *rule* on *facts* on the day *at* (default: today); a list of them where *rule* is ``all``."""
        return self.rulebook.apply(rule, facts, as_day(at) or date.today(), as_day(known_at))

    def trace(self, id: str | int, at: Day = None) -> Traced | Json:
        """The audit trail of a rule or a citation, down to file, characters and sha256."""
        citation = str(id).removeprefix("citations/")
        if citation.isascii() and citation.isdigit() and len(citation) < 19:
            from kb.ask.trace import trace_citation

            return trace_citation(self.store, int(citation))
        return self.rulebook.trace(str(id), as_day(at) or date.today())

    def __reduce__(self) -> tuple[type[Base], tuple[Path]]:
        return Base, (self.store.path,)

    @cached_property
    def graph(self) -> MultiDiGraph:
        """Everything as one networkx graph (see ``kb.show.graph``)."""
        from kb.show.graph import graph

        return graph(self.store)

    def rdf(self) -> Dataset:
        """The RDF view, an rdflib ``Dataset`` (see ``kb.show.export.rdf``)."""
        from kb.show.export.rdf import dataset

        return dataset(self.store)

    def sparql(self, query: str, rows: int = 10_000, seconds: float = 60.0) -> Json:
        """Ask the RDF view, for at most *rows* rows and *seconds* seconds (see ``kb.show.export.sparql``). Raises ``Misuse``."""
        from kb.show.export.sparql import ask

        return ask(self.store, query, rows, seconds)


def as_day(at: Day) -> date | None:
    """The day that *at* says. Raises ``Misuse`` when it says none."""
    if at is None or isinstance(at, date):
        return at
    try:
        return parse_day(str(at))
    except ValueError as error:
        raise Misuse(str(error)) from None
