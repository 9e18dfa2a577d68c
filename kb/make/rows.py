"""The rows: each record of a corpus as its table keeps it, in one order (promise 8)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from kb import rules
from kb.ground.names import natural, parse_ref
from kb.ground.period import edge_name, to_json
from kb.ground.registry import Code, Registry
from kb.ground.span import line_column
from kb.make.corpus import Cited, Corpus
from kb.rules import Rule
from kb.store import file as store
from kb.store import search
from kb.texts.provisions import Outline, Provision
from kb.time.events import Event
from kb.time.versions import Proof, Version

Row = tuple[Any, ...]


def write(corpus: Corpus, connection: sqlite3.Connection, place: str) -> None:
    """The rows of *corpus*, in one order. *place* says where its files are, empty for the packaged corpus."""

    def put(table: str, rows: Iterable[Row]) -> None:
        store.insert(connection, table, rows)

    registry = corpus.registry
    put("meta", [("corpus", place)])
    put(
        "source",
        [
            (s.id, s.path, s.sha256, s.card["format"], s.card["title"], store.dump(s.card), s.text)
            for s in corpus.sources
        ],
    )
    write_registry(registry, connection)
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
    put("rule", (_rule_row(corpus, rank, rule) for rank, rule in enumerate(corpus.rules)))
    put("rule_link", sorted({row for rule in corpus.rules for row in _rule_links(rule)}))
    put(
        "measure",
        (
            (None, m.kind, m.words, *m.span, m.provision, store.dump(m.held_by), m.waived)
            for m in corpus.covered + corpus.holes
        ),
    )
    put(
        "fault",
        (
            (None, f.code, f.sentence, *(f.span or (None, None, None)), f.hint, int(f.grave), None)
            for f in corpus.faults
        ),
    )
    search.index_all(connection)


def write_registry(registry: Registry, connection: sqlite3.Connection) -> None:
    """The codes and the authorities."""
    store.insert(connection, "code", [_code_row(code) for code in registry.codes])
    store.insert(connection, "authority", sorted(registry.authorities.items()))


def known_by_name(p: Provision, signed: str | None) -> Row:
    """The row of a provision of which nothing but its name is known."""
    nature = p.text.split("/")[0] if "/" in p.text else "code"
    number = p.id.split("/")[2] if p.kind == "texte" and p.id.count("/") == 2 else p.num
    return (p.id, p.text, p.parent, p.kind, nature, number, p.title, 0, None, None, None, signed, None)


def _code_row(code: Code) -> Row:
    names = [(name.words, *(day and day.isoformat() for day in name[1:])) for name in code.names]
    return (code.alias, code.legitext, code.title, store.dump(names))


def _in_order(corpus: Corpus) -> list[Provision]:
    """Texts by id, each followed by its parts: as read, then those known by name only; articles of a code by number."""
    read = {p.id: rank for rank, p in enumerate(p for named in corpus.outlines for p in named.provisions)}

    def key(p: Provision) -> tuple[Any, ...]:
        by_number = p.kind == "article" and "/" not in p.text
        return (p.text, p.kind != "texte", 0 if by_number else read.get(p.id, len(read)), natural(p.id))

    return sorted(corpus.provisions.values(), key=key)


def _provision_row(corpus: Corpus, rank: int, p: Provision, absent: dict[str, str]) -> Row:
    nature = p.text.split("/")[0] if "/" in p.text else "code"
    signed = corpus.signed.get(p.id)
    act = corpus.registry.acts.get(p.id)
    number = (act and act.number) or (p.id.split("/")[2] if p.kind == "texte" and p.id.count("/") == 2 else p.num)
    place = (p.source, p.start, p.end) if p.source else (None, None, None)
    return (
        p.id,
        p.text,
        p.parent,
        p.kind,
        nature,
        number,
        p.title,
        rank,
        *place,
        signed and signed.isoformat(),
        absent.get(p.id),
    )


def _paragraph_rows(named: Outline, texts: dict[str, str], held: dict[str, str]) -> Iterable[Row]:
    for rank, p in enumerate(named.paragraphs):
        words = None if p.words == texts[p.source][p.start : p.end] else p.words
        version = _version_of(p.provision, held)
        yield (p.provision, version, rank, p.label, p.kind, p.mark, p.old, p.source, p.start, p.end, words, p.relation)


def _version_of(provision: str, held: dict[str, str]) -> str:
    """The version whose text *provision* is part of: its own, or that of the text above it."""
    return held.get(provision) or held[parse_ref(provision).text]


def _unique(versions: Iterable[Version]) -> Iterable[Version]:
    return {version.id: version for version in versions}.values()


def _version_row(corpus: Corpus, v: Version) -> Row:
    known = [day.isoformat() if day else None for day in (v.start_known, v.end_known)]
    proofs = [store.dump([_proof(corpus, proof) for proof in side]) for side in (v.start_proof, v.end_proof)]
    bounds = (to_json(v.start), edge_name(v.start), to_json(v.end), edge_name(v.end))
    return (v.id, v.provision, *bounds, *known, v.official, v.source, *proofs, store.dump(v.notes))


def _proof(corpus: Corpus, proof: Proof) -> dict[str, Any]:
    if proof.span:
        text = next(s.text for s in corpus.sources if s.id == proof.span.source)
        source, start, end = proof.span
        return {
            "source": source,
            "start": start,
            "end": end,
            "quote": proof.span.of(text),
            "said_by": list(proof.said_by),
        }
    return {"fact": proof.fact, "said_by": list(proof.said_by)}


def _citation_row(rank: int, cited: Cited, held: dict[str, str]) -> Row:
    c, p = cited
    target = parse_ref(c.target).provision if c.target else None
    act = store.dump(c.text) if c.text else None
    return (
        rank, p.source, c.start, c.end, c.quote, p.provision, _version_of(p.provision, held), p.label, p.relation,
        c.target, target, c.status, c.kind, c.code, c.num, c.num_end, c.fragment, act, store.dump(list(c.candidates)),
    )  # fmt: skip


def _event_row(rank: int, e: Event) -> Row:
    days = [day.isoformat() if day else None for day in (e.effective, e.published)]
    return (
        rank,
        e.kind,
        e.target,
        e.by,
        *days,
        *(e.span or (None, None, None)),
        e.fact,
        store.dump(e.said_by or ("seed",)),
        e.note,
    )


def _fact_rows(registry: Registry) -> Iterable[Row]:
    rows = {fact.id: (fact.id, fact.about, fact.key, fact.value, store.dump(fact.said_by)) for fact in registry.facts}
    for v in registry.versions:
        name = f"{v.of}?version={v.id or v.start}"
        words = f"[{to_json(v.start) or edge_name(v.start)}, {to_json(v.end) or edge_name(v.end)})"
        rows[name] = (name, v.of, "version", f"{words} {v.id}" if v.id else words, store.dump(v.said_by))
    return [rows[name] for name in sorted(rows)]


def _rule_row(corpus: Corpus, rank: int, rule: Rule) -> Row:
    line, _ = line_column(corpus.rule_texts[rule.span.source], rule.span.start)
    return (rule.id, rank, rule.span.source, line, store.dump(rules.summary(rule)), store.dump(rules.to_json(rule)))


def _rule_links(rule: Rule) -> Iterable[Row]:
    for evidence in rule.all_evidence():
        if evidence.found:
            yield (evidence.found.provision, rule.id, "source")
    for basis in rule.all_basis():
        yield (basis.id, rule.id, "fondement")
