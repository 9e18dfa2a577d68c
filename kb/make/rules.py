"""The rules of a corpus: read, proved against everything that the knowledge base holds, kept with the measures they cover."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kb import rules
from kb.ground.fault import Fault
from kb.ground.registry import Registry
from kb.ground.span import Span, line_column
from kb.make.places import StoredPlaces
from kb.rules import Rule, cover, lang, proof
from kb.store import kept as k
from kb.store import records as r
from kb.store.importing import Import
from kb.store.reading import Store
from kb.store.records import dump
from kb.texts.source import UNREAD, decode


def keep_rules(law: Import, folder: Path, registry: Registry, faults: list[Fault]) -> dict[str, str]:
    """Read the rule files of *folder*, prove them, write what holds. What is wrong is added to *faults*; the texts of the files."""
    texts: dict[str, str] = {}
    book = lang.Book([], [], [])
    for path in sorted((folder / "rules").glob("*.rule")):
        name = path.relative_to(folder).as_posix()
        try:
            text = texts[name] = decode(path.read_bytes())
        except ValueError as error:
            sentence = f"{name} n'est pas du texte : {error}."
            book.faults.append(Fault("regles-illisibles", sentence, Span(name, 0, 0), grave=True))
            continue
        read = lang.parse(text, name)
        book.rules.extend(read.rules)
        book.waivers.extend(read.waivers)
        book.faults.extend(read.faults)
    places = StoredPlaces(Store.over(law.db))
    proved = proof.check(book.rules, book.waivers, places, registry)
    # Where a source could not be read its rules fall with it; the rest of the corpus stands.
    whole = not any(fault.code in UNREAD for fault in faults)
    faults += [fault._replace(grave=fault.grave and whole) for fault in (*book.faults, *proved.faults)]
    law.put(r.RULE, [_row(rank, rule, texts) for rank, rule in enumerate(proved.rules)])
    law.put(k.RULE_LINK, sorted({row for rule in proved.rules for row in _links(rule)}))
    if whole and proved.rules:
        covered, holes = cover.coverage(proved.rules, proved.waivers, places)
        faults += cover.faults(covered, holes, proved.waivers)
        law.put(k.MEASURE, [_measure(measure) for measure in covered + holes])
    return texts


def _row(rank: int, rule: Rule, texts: dict[str, str]) -> r.RuleRow:
    line, _ = line_column(texts[rule.span.source], rule.span.start)
    return r.RuleRow(rule.id, rank, rule.span.source, line, dump(rules.summary(rule)), dump(rules.to_json(rule)))


def _links(rule: Rule) -> Iterator[k.RuleLinkRow]:
    for evidence in rule.all_evidence():
        if evidence.found:
            yield k.RuleLinkRow(evidence.found.provision, rule.id, "source")
    for basis in rule.all_basis():
        yield k.RuleLinkRow(basis.id, rule.id, "fondement")


def _measure(m: cover.Measure) -> k.MeasureRow:
    source, start, end = m.span
    return k.MeasureRow(None, m.kind, m.words, source, start, end, m.provision, dump(m.held_by), m.waived)
