"""Conduct the journey, from a corpus folder to a knowledge base; the only module that knows its order.

sources → trees → named provisions → citations → events → versions → store. Every stage gives its result and its faults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kb import events, history, readers, rows, store
from kb.fault import Fault, Misuse
from kb.history import Version
from kb.names import parse_ref
from kb.period import in_french
from kb.provisions import Outline, Paragraph, Provision, outline
from kb.registry import Registry, read_registry
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
        act = corpus.registry.acts.get(provision.id)
        corpus.provisions[provision.id] = provision._replace(title=act.title) if act else provision


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
    nature, _, *number = text.split("/")
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
        rows.write(corpus, connection, place)
    return corpus
