"""Where the quotes of rules stand in the sources: each in one place, word for word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from kb.ground.fault import Fault
from kb.ground.span import Span
from kb.rules import model as m
from kb.texts.source import Source

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


def fault(code: str, sentence: str, span: Span | None, hint: str = "") -> Fault:
    return Fault(code, sentence, span, hint, grave=True)


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


def locate(cited: _Cited, places: Places, faults: list[Fault]) -> _Cited:
    """*cited* with its place, or a fault."""
    quote = cited.quote or ""
    where = places.span(cited.locator)
    if where is None:
        faults.append(fault("lieu-inconnu", f"« {cited.locator} » n'est pas un lieu des sources.", cited.span))
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
        return fault(
            "citation-multiple", sentence, cited.span, f"préciser le lieu ({', '.join(at)}) ou citer plus de mots"
        )
    words = quote.split()
    good = next((n for n in range(len(words) - 1, 0, -1) if find(" ".join(words[:n]), text, ranges)), 0)
    hint = f"les mots diffèrent à partir de « {words[good]} »" if words else "citer au moins un mot"
    return fault("citation-introuvable", f"Ces mots ne sont pas dans {cited.locator}.", cited.span, hint)
