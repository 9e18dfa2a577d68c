"""Check a draft: every citation with its verdict on a day, every quotation compared with what it is attributed to."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections import Counter
from datetime import date

from kb.ask import draft, quoted
from kb.ask.reports import CheckAnswer, CitationChecked, QuotationChecked
from kb.ask.verdicts import FAULTS, Judge, Verdict
from kb.cite.resolve import Resolver
from kb.store.reading import Store
from kb.texts import files
from kb.texts.files.layout import Layout
from kb.texts.readers.blocks import blocks
from kb.texts.readers.identity import identify

WRONG = (*FAULTS, quoted.NEAR, quoted.OTHER, quoted.LOST)


class Checker:
    """Checks drafts, one after another, as of *day*; with *since*, words that changed since then are told."""

    def __init__(self, store: Store, day: date, since: date | None = None) -> None:
        self.store, self.day = store, day
        self._judge = Judge(store, day, since)
        self._resolver = Resolver(store.registry(), exists=lambda id: store.provision(id) is not None)

    def check(self, name: str, data: bytes) -> tuple[CheckAnswer, files.Extraction]:
        """The answer on one draft, and its text. Raises ``files.Unreadable`` when it cannot be read."""
        _, found = files.extract(name, data)
        text, layout = found.text, found.layout
        passages = draft.passages(text, layout)
        judged = self._judged(text, layout, passages)
        ends = [match.start() for match in re.finditer("\n", text)]

        def place(start: int) -> str:
            return layout.place(start) or f"ligne {bisect_left(ends, start) + 1}"

        citations: list[CitationChecked] = []
        for cited, verdict in judged:
            start, end = passages[cited.passage].span(cited.citation.start, cited.citation.end)
            citations.append(_citation(text, start, end, verdict, place(start)))
        quotations: list[QuotationChecked] = []
        for q in quoted.judge(self.store, self.day, passages, draft.quotations(passages), judged):
            start, end = passages[q.quotation.passage].span(q.quotation.start, q.quotation.end)
            quotations.append(_quotation(text, start, end, q, place(start)))
        summary = Counter([c["verdict"] for c in citations] + [q["verdict"] for q in quotations])
        answer: CheckAnswer = {
            "file": name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "at": self.day.isoformat(),
            "citations": citations,
            "quotations": quotations,
            "summary": dict(sorted(summary.items())),
        }
        return answer, found

    def _judged(self, text: str, layout: Layout, passages: list[draft.Passage]) -> list[tuple[draft.Cited, Verdict]]:
        """What the draft cites, with verdicts; its own name is no citation."""
        own = identify(text, blocks(text, layout))
        itself = f"{own.nature}/{own.signed}" if own.nature and own.signed else " "
        self._resolver.forget()
        return [
            (cited, self._judge.judge(cited))
            for cited in draft.citations(passages, self._resolver, self.day)
            if not (cited.citation.target or "").startswith(itself)
        ]


def _quotation(text: str, start: int, end: int, q: quoted.Judged, place: str) -> QuotationChecked:
    return {
        "start": start, "end": end, "quote": text[start:end], "target": q.target, "verdict": q.verdict, "version": q.version, "note": q.note,
        "place": place,
    }  # fmt: skip


def _citation(text: str, start: int, end: int, v: Verdict, place: str) -> CitationChecked:
    return {
        "start": start, "end": end, "quote": text[start:end], "target": v.target, "verdict": v.verdict, "since": v.since, "by": v.by,
        "successor": v.successor, "version": v.version, "note": v.note, "place": place, "candidates": list(v.candidates),
    }  # fmt: skip
