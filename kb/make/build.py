"""Conduct the journey, from a corpus folder to a knowledge base; the only module that knows its order.

sources → trees → named provisions → citations → events → versions → store. Every stage gives its result and its faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from kb.cite.resolve import Resolver
from kb.cite.resolve.citation import Citation
from kb.ground.fault import Fault, Misuse
from kb.ground.names import parse_ref
from kb.ground.period import in_french
from kb.ground.registry import Registry, read_registry
from kb.ground.span import Span
from kb.make import rows
from kb.make.corpus import Cited, Corpus
from kb.rules import cover, lang, proof
from kb.store import file as store
from kb.texts import readers
from kb.texts.places import Places
from kb.texts.provisions import Provision, outline
from kb.texts.source import UNREAD, Source, decode, read_sources
from kb.time import events
from kb.time import versions as history

Progress = Callable[[str, int, int], None]


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
        {*_events(corpus), *events.of_facts(registry)},
        key=lambda e: (e.target, e.kind, str(e.effective), str(e.by), str(e.span), str(e.fact)),
    )
    for event in corpus.events:
        for name in (event.target, event.by):
            if name:
                _name(corpus, name)
    known = history.Known(corpus.provisions, corpus.events, registry, corpus.dated, corpus.signed)
    corpus.versions, more = history.versions(known)
    corpus.faults += more
    _rules(corpus)
    return corpus


def _rules(corpus: Corpus) -> None:
    """Read the rules, prove them against what was read, and look for measures that none of them holds."""
    book = lang.Book([], [], [])
    for path in sorted((corpus.folder / "rules").glob("*.rule")):
        name = path.relative_to(corpus.folder).as_posix()
        try:
            text = corpus.rule_texts[name] = decode(path.read_bytes())
        except ValueError as error:
            book.faults.append(
                Fault("regles-illisibles", f"{name} n'est pas du texte : {error}.", Span(name, 0, 0), grave=True)
            )
            continue
        read = lang.parse(text, name)
        book.rules.extend(read.rules)
        book.waivers.extend(read.waivers)
        book.faults.extend(read.faults)
    places = Places(corpus.sources, [reading.tree for reading in corpus.readings], corpus.outlines, corpus.provisions)
    proved = proof.check(book.rules, book.waivers, places, corpus.registry)
    # Where a source could not be read its rules fall with it; the rest of the corpus stands.
    whole = not any(fault.code in UNREAD for fault in corpus.faults)
    corpus.faults += [fault._replace(grave=fault.grave and whole) for fault in (*book.faults, *proved.faults)]
    corpus.rules = proved.rules
    if whole and corpus.rules:
        corpus.covered, corpus.holes = cover.coverage(proved.rules, proved.waivers, places)
        corpus.faults += cover.faults(corpus.covered, corpus.holes, proved.waivers)


def _read_source(corpus: Corpus, source: Source) -> None:
    reading = readers.read(source)
    corpus.readings.append(reading)
    corpus.faults += reading.faults
    named = outline(reading, lambda words: _act_named(corpus, words))
    corpus.outlines.append(named)
    for provision in named.provisions:
        if provision.id in corpus.provisions:
            corpus.faults.append(
                Fault(
                    "provision-double",
                    f"{provision.id} est lue deux fois : la première est gardée.",
                    source.span(provision.start, provision.end),
                )
            )
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
            corpus.faults += [
                f._replace(span=Span(reading.source.id, f.span.start, f.span.end)) if f.span else f for f in faults
            ]


def _date_heading(corpus: Corpus, reading: readers.Reading, provision: Provision) -> None:
    """The date of signature of a text of this source, proved by the heading that names it."""
    if provision.kind != "texte" or provision.source is None:
        return
    found, _ = Resolver(corpus.registry).read(
        reading.source.text[provision.start : provision.start + 400], offset=provision.start
    )
    own = next((c for c in found if c.target == provision.id), None)
    if own:
        _sign(corpus, provision.id, own, reading.source.id)


def _sign(corpus: Corpus, name: str, citation: Citation, source: str) -> None:
    day = signature(name)
    if day:
        corpus.signed[name] = day
        corpus.dated.setdefault(name, Span(source, citation.start, citation.end))


def signature(name: str) -> date | None:
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
    for name in (
        [v.of for v in corpus.registry.versions] + [f.about for f in corpus.registry.facts] + list(corpus.registry.acts)
    ):
        _name(corpus, name)


def _name(corpus: Corpus, name: str) -> None:
    for provision in named(name, corpus.registry):
        if provision.id not in corpus.provisions:
            corpus.provisions[provision.id] = provision
            day = signature(provision.id) if provision.kind == "texte" else None
            if day and provision.id not in corpus.signed:
                corpus.signed[provision.id] = day


_DIVISION = re.compile(r"((sous-)*(section|paragraphe)|livre|titre|chapitre|partie|annexe)\b")


def named(name: str, registry: Registry) -> list[Provision]:
    """What a name supposes to be there, from the outside in: the text, what is above the provision, the provision."""
    try:
        ref = parse_ref(name)
    except Misuse:
        return []
    code = registry.code(ref.text)
    if "/" not in ref.text and code is None:
        return []
    act = registry.acts.get(ref.text)
    title = code.title if code else act.title if act else act_title(ref.text)
    found = [Provision(ref.text, ref.text, None, "texte", "", title)]
    for step in ref.path:
        parent = found[-1].id
        article = not _DIVISION.match(step) if code else step.startswith("art-")
        number = step.removeprefix("art-")
        found.append(
            Provision(
                f"{parent}/{step}",
                ref.text,
                parent,
                "article" if article else "division",
                number,
                f"Article {number}" if article else step,
            )
        )
    return found


_NATURES = {
    "decret": "Décret",
    "arrete": "Arrêté",
    "loi": "Loi",
    "circulaire": "Circulaire",
    "lettre": "Lettre",
    "ordonnance": "Ordonnance",
}


def act_title(text: str) -> str:
    """The title of an act that is known by its id only: "Décret n° 93-1167 du 14 octobre 1993"."""
    nature, _, *number = text.split("/")
    signed = signature(text)
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
                yield from events.of_sentence(
                    paragraph,
                    texts[paragraph.source],
                    found,
                    titles.get(paragraph.provision, ""),
                    act,
                    corpus.signed.get(act),
                    corpus.dated.get(act),
                )


def build(folder: Path, target: Path, progress: Progress | None = None) -> Corpus:
    """Read *folder* and write the knowledge base to *target*.

    Raises ``Misuse`` when the folder cannot be read or a grave fault stops the build; then nothing is written.
    """
    from kb.ground.data import folder as packaged

    corpus = read_corpus(folder, progress)
    if any(fault.grave for fault in corpus.faults):
        return corpus
    place = "" if folder.resolve() == packaged("corpus").resolve() else str(folder.resolve())
    with store.writing(target) as connection:
        rows.write(corpus, connection, place)
    return corpus
