"""Decide which provision a citation names at that date, or list the candidates, or say unknown.

``kb.cite.find`` says what is written. Here the words meet what is known: the codes and their names by date, the acts of
the registry, the acts and codes named earlier in the same document, the text that is being read. ``holders`` says what a
holder means, ``articles`` and ``texts`` decide, ``memory`` is what one document has named so far.

What is reported. By default, what names a text or a provision: articles, acts, codes, numbered divisions that lead to
a book or a named text, annexes and numbered points, and words that point back at an act met before ("ledit décret")
or name the text being read as a whole ("la présente circulaire"). Words that only move about inside the text being
read ("présent article", "alinéa précédent", "au 2°", "présent titre", "cette loi") are citations of kind
``internal``; there are a dozen of them for each link that an editor would draw, so they are reported only when asked
for (``internal=True``).

Status. With a target: ``resolved`` (held here), ``known`` (certain, not held), ``date_only`` (an act known by its day, which
others may share), ``absent`` (a code held whole never had such an article). Without: ``ambiguous`` (several candidates,
listed), ``contradicted`` (the number and the day do not go together; the candidates are what the number names and what is
written), ``not_covered`` (a contract, a foreign code: no base of law would hold it), ``unknown`` (none is established; a
likely one may be listed). Nothing is guessed between two candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from kb.cite.find import Written, find
from kb.cite.resolve.articles import Articles, closing
from kb.cite.resolve.citation import Citation, citation, shifted
from kb.cite.resolve.holders import Holders
from kb.cite.resolve.meant import Held, Meant, Where, where
from kb.cite.resolve.memory import Memory
from kb.cite.resolve.texts import Texts
from kb.ground.fault import Fault
from kb.ground.registry import Registry
from kb.ground.span import Span

__all__ = ["Citation", "Resolver"]


class Resolver:
    """Resolves the citations of one document, read in order; what was named before carries over.

    *exists* says whether the knowledge base holds a provision or text; *annexes* are the annexes of the document by
    number as printed; *between* lists the existing articles from one id to another, for ranges; *whole* says of a code's alias
    that the base holds all its articles, of every day; *internal* reports purely internal words too (see the module's docstring).
    """

    def __init__(
        self,
        registry: Registry,
        *,
        exists: Callable[[str], bool] = lambda id: False,
        annexes: Mapping[str, str] | None = None,
        between: Callable[[str, str], Iterable[str]] | None = None,
        whole: Callable[[str], bool] = lambda alias: False,
        internal: bool = False,
    ) -> None:
        self._registry = registry
        self._internal = internal
        holders = Holders(registry, exists)
        self._articles = Articles(holders, Held(exists, whole, between))
        self._texts = Texts(holders, exists, annexes or {})
        self._decide: dict[str, Callable[[Written, Where, Memory], Meant | None]] = {
            "act": self._texts.text,
            "code": self._texts.text,
            "division": self._texts.division,
            "annex": self._texts.annex,
            "point": self._texts.point,
            "ruling": self._texts.named,
            "gazette": self._texts.named,
            "bulletin": self._texts.named,
            "identifier": self._texts.named,
            "question": self._texts.named,
        }
        self._where_of: dict[str | None, Where] = {}
        self.forget()

    def forget(self) -> None:
        """Start a new document: nothing has been named yet."""
        self._memory = Memory()

    def read(
        self,
        text: str,
        *,
        within: str | None = None,
        at: date | None = None,
        offset: int = 0,
        source: str = "",
    ) -> tuple[list[Citation], list[Fault]]:
        """The citations of *text*, in order, and the words that looked like one and could not be read.

        *within* is the id of the provision it stands in, *at* the day at which names are meant (today's if ``None``),
        *offset* is added to the spans, *source* names the source in faults. Any text is answered.
        """
        place = self._where(within)
        if at is not None:
            place = place._replace(at=at)
        found = find(text)
        memory = self._memory
        memory.turn()
        citations: list[Citation] = []
        closed = closing(found.written)
        article, others = self._articles.decide, self._decide
        end = 0
        for i, written in enumerate(found.written):
            if text.find("\n", end, written.start) >= 0:
                memory.turn()
            end = written.end
            kind = written.kind
            meant: Meant | None
            if kind == "article":
                meant = article(written, place, memory, closed.get(i))
            elif kind in others:
                meant = others[kind](written, place, memory)
                if meant is None or (meant.kind == "internal" and not self._internal):
                    continue
            elif self._internal:
                meant = self._texts.inside(written, place, memory)
                if meant is None:
                    continue
            else:
                continue
            citations.append(citation(written, meant, text))
        if offset:
            citations = [shifted(c, offset) for c in citations]
        faults = [
            Fault("citation-non-lue", sentence, Span(source, start + offset, end + offset))
            for start, end, sentence in found.faults
        ]
        return citations, faults

    def _where(self, within: str | None) -> Where:
        place = self._where_of.get(within)
        if place is None:
            if len(self._where_of) > 64:
                self._where_of.clear()
            place = self._where_of[within] = where(within, self._registry)
        return place
