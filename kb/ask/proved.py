"""Words that a stranger can check: where they stand, in which file of which sha256, in which version, at which address.

``verify`` says what became of one quotation; ``quotes`` gives the places that an answer speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TypedDict

from kb.ask import quoted
from kb.ask.find import find
from kb.ground.fault import Misuse
from kb.ground.names import legifrance
from kb.ground.span import Span
from kb.store import records as r
from kb.store.reading import Store

NOT_HELD = "non_couvert"
MOST = 100  # places that are given with one answer


class Quote(TypedDict):
    """Words at ``[start, end)``, in code points of the text of ``source``, a file with that ``sha256``."""

    quote: str
    source: str
    sha256: str
    start: int
    end: int
    provision: str | None
    version: str | None
    legifrance: str | None


class Verified(TypedDict):
    """What became of a quotation: ``exacte``, ``proche`` (``note`` tells the difference), ``autre_version`` (``version``), ``perdue``;
    ``non_couvert`` where no text of the reference is held. ``place`` is where the words stand."""

    ref: str
    at: str
    quote: str
    verdict: str
    version: str | None
    note: str
    place: Quote | None


def verify(store: Store, words: str, quote: str, day: date) -> Verified:
    """Does *quote* stand in what *words* name, as in force on *day*? Raises ``Misuse``: nothing to compare, an unknown reference."""
    if not quoted.parts_of(quote):
        raise Misuse("a quotation needs words")
    name = find(store, words).row.id
    verdict, version, share, note = quoted.Reader(store, day).compare(name, quote)
    if verdict == quoted.LOST:
        verdict = quoted.NEAR if share >= quoted.CLOSE else quoted.LOST
    if verdict == quoted.LOST:
        version, note = None, "Ces mots ne sont dans aucune version tenue ici."
    place = None
    if version and verdict in (quoted.EXACT, quoted.OTHER):
        place = _place(store, name, version, quoted.parts_of(quote))
    if not verdict:
        note = "Aucun texte de cette référence n'est tenu ici."
    return {
        "ref": name, "at": day.isoformat(), "quote": quote, "verdict": verdict or NOT_HELD, "version": version, "note": note, "place": place,
    }  # fmt: skip


def _place(store: Store, name: str, version: str, parts: Sequence[str]) -> Quote | None:
    """Where the parts of a quotation stand in the file of a version, from the first to the last."""
    rows = [p for p in store.paragraphs(name, version) if p.kind in ("alinea", "nota")]
    first, last = min(p.start for p in rows), max(p.end for p in rows)
    plain, places = "", []
    for offset, letter in enumerate(store.words(Span(rows[0].source, first, last)), first):
        kept = quoted.plain(letter)
        plain += kept
        places += [offset] * len(kept)
    starts, at = [], 0
    for part in parts:
        at = plain.find(part, at)
        if at < 0:  # page furniture stands between the words
            return None
        starts.append(at)
        at += len(part)
    return _quote(store, Span(rows[0].source, places[starts[0]], places[at - 1] + 1))


def quotes(store: Store, answer: object) -> list[Quote]:
    """The places that *answer* speaks of, each once, in its order; at most ``MOST``."""
    found: dict[Span, Quote] = {}
    for span in _spans(answer):
        if len(found) == MOST:
            break
        if span not in found:
            found[span] = _quote(store, span)
    return list(found.values())


def _spans(answer: object) -> Iterator[Span]:
    if isinstance(answer, Mapping):
        match answer:
            case {"source": str(source), "start": int(start), "end": int(end)}:
                yield Span(source, start, end)
        answer = answer.values()
    elif not isinstance(answer, list):
        return
    for each in answer:
        yield from _spans(each)


def _quote(store: Store, span: Span) -> Quote:
    source = store.source(span.source)
    row: r.ParagraphRow | None = next(iter(store.paragraphs_at(span.source, span.start)), None)
    held = store.version(row.version) if row else None
    return {
        "quote": span.of(source.text), "source": source.id, "sha256": source.sha256, "start": span.start, "end": span.end,
        "provision": row.provision if row else None, "version": row.version if row else None,
        "legifrance": legifrance(held.official) if held else None,
    }  # fmt: skip
