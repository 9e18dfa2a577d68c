"""The rules of a corpus: read, proved against everything that the knowledge base holds, kept with the measures they cover."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kb import rules
from kb.ground.fault import Fault, Misuse
from kb.ground.registry import Registry
from kb.ground.span import Span, line_column
from kb.make.moved import since
from kb.make.places import StoredPlaces
from kb.rules import Rule, cover, lang, proof
from kb.store import kept as k
from kb.store import records as r
from kb.store.importing import Import
from kb.store.reading import Store
from kb.store.records import dump
from kb.texts.source import UNREAD, decode

Texts = dict[str, tuple[str, str]]


def rule_files(folder: Path, more: Iterable[Path]) -> dict[str, Path]:
    """The rule files of a corpus, and of folders elsewhere, by the name that faults and answers give them. Raises ``Misuse``."""
    found = {path.relative_to(folder).as_posix(): path for path in sorted((folder / "rules").glob("*.rule"))}
    for place in more:
        files = sorted(place.glob("*.rule")) if place.is_dir() else [place] if place.is_file() else []
        if not files:
            raise Misuse(f"{place}: {'no .rule file in it' if place.is_dir() else 'no such folder of rules'}")
        found.update({f"{place.resolve().name}/{path.name}": path for path in files})
    return found


def keep_rules(law: Import, files: Mapping[str, Path], registry: Registry, faults: list[Fault]) -> Texts:
    """Read rule files, prove them against all that is held, write what holds. What is wrong is added to *faults*.

    Returns the text and path of each file, by its name.
    """
    texts: Texts = {}
    book = lang.Book([], [], [])
    for name, path in files.items():
        try:
            text = decode(path.read_bytes())
            texts[name] = (text, str(path))
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
    law.put(r.RULE, [_row(places.store, rank, rule, texts) for rank, rule in enumerate(proved.rules)])
    law.put(k.RULE_LINK, sorted({row for rule in proved.rules for row in links_of(rule)}))
    if whole and proved.rules:
        covered, holes = cover.coverage(proved.rules, proved.waivers, places)
        faults += cover.faults(covered, holes, proved.waivers)
        law.put(k.MEASURE, [_measure(measure) for measure in covered + holes])
    return texts


def _row(store: Store, rank: int, rule: Rule, texts: Texts) -> r.RuleRow:
    line, _ = line_column(texts[rule.span.source][0], rule.span.start)
    kept = (dump(rules.summary(rule)), dump(rules.to_json(rule)), dump(since(store, rule)))
    return r.RuleRow(rule.id, rank, rule.span.source, line, *kept)


def renew(law: Import) -> None:
    """After an import: what the basis of each rule says since its source spoke, from what is held now."""
    store = Store.over(law.db)
    for row in store.rows(r.RULE, order="rank"):
        law.say_since(row.id, dump(since(store, rules.from_json(json.loads(row.body)))))


def links_of(rule: Rule) -> Iterator[k.RuleLinkRow]:
    """What a rule quotes and rests on."""
    for evidence in rule.all_evidence():
        if evidence.found:
            yield k.RuleLinkRow(evidence.found.provision, rule.id, "source")
    for basis in rule.all_basis():
        yield k.RuleLinkRow(basis.id, rule.id, "fondement")


def _measure(m: cover.Measure) -> k.MeasureRow:
    source, start, end = m.span
    return k.MeasureRow(None, m.kind, m.words, source, start, end, m.provision, dump(m.held_by), m.waived)
