"""Conduct the journey, from a corpus folder to a knowledge base; the only module that knows its order.

sources → trees → named provisions → citations → events → versions → store. Every stage gives its result and its faults.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from kb import events, history, readers, store
from kb.fault import Fault, Misuse
from kb.history import Proof, Version
from kb.names import parse_ref
from kb.period import edge_name, in_french, to_json
from kb.provisions import Outline, Paragraph, Provision, outline
from kb.registry import Code, Registry, read_registry
from kb.resolve import Citation, Resolver
from kb.source import Source, read_sources
from kb.span import Span

Progress = Callable[[str, int, int], None]


class Cited(NamedTuple):
    """A citation with the paragraph it stands in."""

    citation: Citation
    paragraph: Paragraph


@dataclass
class Corpus:
    """Everything read from a corpus folder, before it is written."""

    folder: Path
    registry: Registry
    sources: list[Source] = field(default_factory=list)
    readings: list[readers.Reading] = field(default_factory=list)
    outlines: list[Outline] = field(default_factory=list)
    provisions: dict[str, Provision] = field(default_factory=dict)
    cited: list[Cited] = field(default_factory=list)
    events: list[events.Event] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    signed: dict[str, date] = field(default_factory=dict)
    dated: dict[str, Span] = field(default_factory=dict)


def read_corpus(folder: Path, progress: Progress | None = None) -> Corpus:
    """Read *folder* through every stage. Raises ``Misuse`` when it is no corpus folder; everything else is a fault."""
    if not folder.is_dir():
        raise Misuse(f"{folder}: {'not a corpus folder' if folder.exists() else 'no such folder'}")
    if not (folder / "sources").is_dir():
        raise Misuse(f"{folder}: not a corpus folder, it has no sources/")
    registry, faults = read_registry(folder)
    corpus = Corpus(folder, registry, faults=faults)
    for found in read_sources(folder):
        if isinstance(found, Fault):
            corpus.faults.append(found)
        else:
            corpus.sources.append(found)
    for rank, source in enumerate(corpus.sources):
        if progress:
            progress(source.id, rank, len(corpus.sources))
        _read_source(corpus, source)
    _cite(corpus)
    _known_by_name(corpus)
    corpus.events = sorted(
        {*_events(corpus), *events.of_facts(registry)}, key=lambda e: (e.target, e.kind, str(e.effective), str(e.by), str(e.span), str(e.fact))
    )
    for event in corpus.events:
        for name in (event.target, event.by):
            if name:
                _name(corpus, name)
    known = history.Known(corpus.provisions, corpus.events, registry, corpus.dated, corpus.signed)
    corpus.versions, more = history.versions(known)
    corpus.faults += more
    return corpus


def _read_source(corpus: Corpus, source: Source) -> None:
    reading = readers.read(source)
    corpus.readings.append(reading)
    corpus.faults += reading.faults
    named = outline(reading, lambda words: _act_named(corpus, words))
    corpus.outlines.append(named)
    for provision in named.provisions:
        if provision.id in corpus.provisions:
            corpus.faults.append(Fault("provision-double", f"{provision.id} est lue deux fois : la première est gardée.", source.span(provision.start, provision.end)))
            continue
        corpus.provisions[provision.id] = provision


def _act_named(corpus: Corpus, words: str) -> str | None:
    """The act that a heading names, when it names one."""
    found, _ = Resolver(corpus.registry).read(words)
    return next((c.target for c in found if c.target), None)


def _cite(corpus: Corpus) -> None:
    """Resolve the citations of every source, paragraph by paragraph, at the date of the citing text."""
    held = {provision.id for provision in corpus.provisions.values() if provision.source}
    labels = {paragraph.id for named in corpus.outlines for paragraph in named.paragraphs}
    for reading, named in zip(corpus.readings, corpus.outlines, strict=True):
        resolver = Resolver(corpus.registry, exists=lambda name: name in held or name in labels, annexes=named.annexes)
        for provision in named.provisions:
            _date_heading(corpus, reading, provision)
        for paragraph in named.paragraphs:
            if paragraph.kind in ("tete", "signature"):
                continue
            text = reading.source.text[paragraph.start : paragraph.end]
            day = corpus.signed.get(parse_ref(paragraph.provision).text) or _stated_day(corpus, paragraph.provision)
            found, faults = resolver.read(text, within=paragraph.provision, at=day, offset=paragraph.start)
            corpus.cited += [Cited(citation, paragraph) for citation in found]
            corpus.faults += [f._replace(span=Span(reading.source.id, f.span.start, f.span.end)) if f.span else f for f in faults]


def _date_heading(corpus: Corpus, reading: readers.Reading, provision: Provision) -> None:
    """The date of signature of a text of this source, proved by the heading that names it."""
    if provision.kind != "texte" or provision.source is None:
        return
    found, _ = Resolver(corpus.registry).read(reading.source.text[provision.start : provision.start + 400], offset=provision.start)
    own = next((c for c in found if c.target == provision.id), None)
    if own:
        _sign(corpus, provision.id, own, reading.source.id)


def _sign(corpus: Corpus, name: str, citation: Citation, source: str) -> None:
    day = _signature(name)
    if day:
        corpus.signed[name] = day
        corpus.dated.setdefault(name, Span(source, citation.start, citation.end))


def _signature(name: str) -> date | None:
    steps = name.split("/")
    try:
        return date.fromisoformat(steps[1])
    except (IndexError, ValueError):
        return None


def _stated_day(corpus: Corpus, provision: str) -> date | None:
    """The start of the version of an article as an authority states it: the date at which its words are to be read."""
    starts = [v.start for v in corpus.registry.versions if v.of == provision and isinstance(v.start, date)]
    return max(starts) if starts else None


def _known_by_name(corpus: Corpus) -> None:
    """Name what the sources cite and the registry states, so that it can be asked for without its text."""
    for cited in corpus.cited:
        for name in [cited.citation.target, *cited.citation.candidates]:
            if name:
                _name(corpus, name)
        target = cited.citation.target
        if target:
            act = parse_ref(target).text
            if act not in corpus.dated and cited.citation.text and cited.citation.text.get("date"):
                _sign(corpus, act, cited.citation, cited.paragraph.source)
    for name in [v.of for v in corpus.registry.versions] + [f.about for f in corpus.registry.facts] + list(corpus.registry.acts):
        _name(corpus, name)


def _name(corpus: Corpus, name: str) -> None:
    try:
        ref = parse_ref(name)
    except Misuse:
        return
    code = corpus.registry.code(ref.text)
    if "/" not in ref.text and code is None:
        return
    if ref.text not in corpus.provisions:
        act = corpus.registry.acts.get(ref.text)
        title = code.title if code else act.title if act else _title(ref.text)
        corpus.provisions[ref.text] = Provision(ref.text, ref.text, None, "texte", "", title)
        day = _signature(ref.text)
        if day and ref.text not in corpus.signed:
            corpus.signed[ref.text] = day
    if ref.path and ref.provision not in corpus.provisions:
        parent = "/".join((ref.text, *ref.path[:-1]))
        if len(ref.path) > 1:
            _name(corpus, parent)
        step = ref.path[-1]
        article = code is not None or step.startswith("art-")
        number = step.removeprefix("art-")
        title = f"Article {number}" if article else step
        corpus.provisions[ref.provision] = Provision(ref.provision, ref.text, parent, "article" if article else "division", number, title)


_NATURES = {"decret": "Décret", "arrete": "Arrêté", "loi": "Loi", "circulaire": "Circulaire", "lettre": "Lettre", "ordonnance": "Ordonnance"}


def _title(text: str) -> str:
    """The title of an act that is known by its id only: "Décret n° 93-1167 du 14 octobre 1993"."""
    nature, day, *number = text.split("/")
    signed = _signature(text)
    words = [_NATURES.get(nature, nature.capitalize())]
    words += [f"n° {number[0]}"] if number else []
    words += [f"du {in_french(signed)}"] if signed else ["sans date"]
    return " ".join(words)


def _events(corpus: Corpus) -> Iterable[events.Event]:
    texts = {source.id: source.text for source in corpus.sources}
    by_paragraph: dict[str, list[Citation]] = {}
    for cited in corpus.cited:
        by_paragraph.setdefault(cited.paragraph.id, []).append(cited.citation)
    for named in corpus.outlines:
        titles = {provision.id: provision.title for provision in named.provisions}
        for paragraph in named.paragraphs:
            found = by_paragraph.get(paragraph.id, [])
            if paragraph.kind == "lien":
                yield from events.of_link(paragraph, found)
            elif found:
                act = parse_ref(paragraph.provision).text
                yield from events.of_sentence(paragraph, texts[paragraph.source], found, titles.get(paragraph.provision, ""), act, corpus.signed.get(act), corpus.dated.get(act))


def build(folder: Path, target: Path, progress: Progress | None = None) -> Corpus:
    """Read *folder* and write the knowledge base to *target*.

    Raises ``Misuse`` when the folder cannot be read or a grave fault stops the build; then nothing is written.
    """
    from kb.data import folder as packaged

    corpus = read_corpus(folder, progress)
    if any(fault.grave for fault in corpus.faults):
        return corpus
    place = "" if folder.resolve() == packaged("corpus").resolve() else str(folder.resolve())
    with store.writing(target) as connection:
        write(corpus, connection, place)
    return corpus


def write(corpus: Corpus, connection: sqlite3.Connection, place: str) -> None:
    """The rows of *corpus*, in one order. *place* says where its files are, empty for the packaged corpus."""
    put = lambda table, rows: store.insert(connection, table, rows)  # noqa: E731
    registry = corpus.registry
    put("meta", [("corpus", place)])
    put("source", [(s.id, s.path, s.sha256, s.card["format"], s.card["title"], store.dump(s.card), s.text) for s in corpus.sources])
    put("code", [_code_row(code) for code in registry.codes])
    put("authority", sorted(registry.authorities.items()))
    absent = {fact.about: fact.value for fact in registry.facts if fact.key == "absent_on"}
    put("provision", (_provision_row(corpus, rank, p, absent) for rank, p in enumerate(_in_order(corpus))))
    texts = {source.id: source.text for source in corpus.sources}
    held = {version.provision: version.id for version in corpus.versions if version.source}
    put("paragraph", (row for named in corpus.outlines for row in _paragraph_rows(named, texts, held)))
    put("version", (_version_row(corpus, version) for version in _unique(corpus.versions)))
    put("citation", (_citation_row(rank, cited, held) for rank, cited in enumerate(corpus.cited, 1)))
    put("event", (_event_row(rank, event) for rank, event in enumerate(corpus.events, 1)))
    put("fact", _fact_rows(registry))
    put("note", ((None, n.about, n.kind, n.sentence, store.dump(n.said_by)) for n in registry.notes))
    put("fault", ((None, f.code, f.sentence, *(f.span or (None, None, None)), f.hint, int(f.grave), None) for f in corpus.faults))


def _code_row(code: Code) -> tuple[Any, ...]:
    names = [(name.words, *(day and day.isoformat() for day in name[1:])) for name in code.names]
    return (code.alias, code.legitext, code.title, store.dump(names))


def _in_order(corpus: Corpus) -> list[Provision]:
    """Provisions that were read, in the order of their text, then those known by name, by id."""
    read = [p for named in corpus.outlines for p in named.provisions if corpus.provisions.get(p.id) is p]
    return read + [corpus.provisions[name] for name in sorted(corpus.provisions.keys() - {p.id for p in read})]


def _provision_row(corpus: Corpus, rank: int, p: Provision, absent: dict[str, str]) -> tuple[Any, ...]:
    nature = p.text.split("/")[0] if "/" in p.text else "code"
    signed = corpus.signed.get(p.id)
    act = corpus.registry.acts.get(p.id)
    number = (act and act.number) or (p.id.split("/")[2] if p.kind == "texte" and p.id.count("/") == 2 else p.num)
    place = (p.source, p.start, p.end) if p.source else (None, None, None)
    return (p.id, p.text, p.parent, p.kind, nature, number, p.title, rank, *place, signed and signed.isoformat(), absent.get(p.id))


def _paragraph_rows(named: Outline, texts: dict[str, str], held: dict[str, str]) -> Iterable[tuple[Any, ...]]:
    for rank, p in enumerate(named.paragraphs):
        words = None if p.words == texts[p.source][p.start : p.end] else p.words
        version = _version_of(p.provision, held)
        yield (p.provision, version, rank, p.label, p.kind, p.mark, p.old, p.source, p.start, p.end, words, p.relation)


def _version_of(provision: str, held: dict[str, str]) -> str:
    """The version whose text *provision* is part of: its own, or that of the text above it."""
    return held.get(provision) or held[parse_ref(provision).text]


def _unique(versions: Iterable[Version]) -> Iterable[Version]:
    return {version.id: version for version in versions}.values()


def _version_row(corpus: Corpus, v: Version) -> tuple[Any, ...]:
    known = [day.isoformat() if day else None for day in (v.start_known, v.end_known)]
    proofs = [store.dump([_proof(corpus, proof) for proof in side]) for side in (v.start_proof, v.end_proof)]
    bounds = (to_json(v.start), edge_name(v.start), to_json(v.end), edge_name(v.end))
    return (v.id, v.provision, *bounds, *known, v.official, v.source, *proofs, store.dump(v.notes))


def _proof(corpus: Corpus, proof: Proof) -> dict[str, Any]:
    if proof.span:
        text = next(s.text for s in corpus.sources if s.id == proof.span.source)
        source, start, end = proof.span
        return {"source": source, "start": start, "end": end, "quote": proof.span.of(text), "said_by": list(proof.said_by)}
    return {"fact": proof.fact, "said_by": list(proof.said_by)}


def _citation_row(rank: int, cited: Cited, held: dict[str, str]) -> tuple[Any, ...]:
    c, p = cited
    target = parse_ref(c.target).provision if c.target else None
    act = store.dump(c.text) if c.text else None
    return (
        rank, p.source, c.start, c.end, c.quote, p.provision, _version_of(p.provision, held), p.label, p.relation, c.target, target, c.status, c.kind,
        c.code, c.num, c.num_end, c.fragment, act, store.dump(list(c.candidates)),
    )  # fmt: skip


def _event_row(rank: int, e: events.Event) -> tuple[Any, ...]:
    days = [day.isoformat() if day else None for day in (e.effective, e.published)]
    return (rank, e.kind, e.target, e.by, *days, *(e.span or (None, None, None)), e.fact, store.dump(e.said_by or ("seed",)), e.note)


def _fact_rows(registry: Registry) -> Iterable[tuple[Any, ...]]:
    rows = {fact.id: (fact.id, fact.about, fact.key, fact.value, store.dump(fact.said_by)) for fact in registry.facts}
    for v in registry.versions:
        name = f"{v.of}?version={v.id or v.start}"
        words = f"[{to_json(v.start) or edge_name(v.start)}, {to_json(v.end) or edge_name(v.end)})"
        rows[name] = (name, v.of, "version", f"{words} {v.id}" if v.id else words, store.dump(v.said_by))
    return [rows[name] for name in sorted(rows)]
