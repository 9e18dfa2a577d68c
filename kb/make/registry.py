"""What a registry states, as rows: codes, authorities, facts, notes, and intervals of validity as statements of the corpus."""

from __future__ import annotations

from kb.ground.period import edge_name, to_json
from kb.ground.registry import Code, Registry
from kb.make.corpus import CORPUS
from kb.store import kept as k
from kb.store import records as r
from kb.store.importing import Import
from kb.store.records import dump
from kb.time import events
from kb.time.proof import Proof


def keep_codes(law: Import, registry: Registry) -> None:
    """The codes and who says what: what a knowledge base without a corpus begins with."""
    law.put(r.CODE, codes(registry))
    law.put(k.AUTHORITY, [k.AuthorityRow(*entry) for entry in sorted(registry.authorities.items())])


def keep_statements(law: Import, registry: Registry) -> None:
    """Facts, notes, what facts say happened, and the intervals that authorities state."""
    law.add_facts(facts(registry))
    law.put(r.NOTE, [r.NoteRow(None, n.about, n.kind, n.sentence, dump(n.said_by)) for n in registry.notes])
    law.put(r.EVENT, [_event(event) for event in events.of_facts(registry.facts)])
    law.put(r.WITNESS, _witnesses(registry))
    law.touch({version.of for version in registry.versions})


def codes(registry: Registry) -> list[r.CodeRow]:
    return [_code(code) for code in registry.codes]


def _code(code: Code) -> r.CodeRow:
    names = [(name.words, *(day and day.isoformat() for day in name[1:])) for name in code.names]
    return r.CodeRow(code.alias, code.legitext, code.title, dump(names))


def _event(e: events.Event) -> r.EventRow:
    days = [day.isoformat() if day else None for day in (e.effective, e.published)]
    return r.EventRow(
        None, e.kind, e.target, e.by, days[0], days[1], None, None, None, e.fact, dump(e.said_by), e.note, None
    )


def facts(registry: Registry) -> list[r.FactRow]:
    """The facts of a registry, its intervals among them."""
    rows = {
        fact.id: r.FactRow(fact.id, fact.about, fact.key, fact.value, dump(fact.said_by)) for fact in registry.facts
    }
    for v in registry.versions:
        name = f"{v.of}?version={v.id or v.start}"
        words = f"[{to_json(v.start) or edge_name(v.start)}, {to_json(v.end) or edge_name(v.end)})"
        rows[name] = r.FactRow(name, v.of, "version", f"{words} {v.id}" if v.id else words, dump(v.said_by))
    return [rows[name] for name in sorted(rows)]


def _witnesses(registry: Registry) -> list[r.WitnessRow]:
    made = []
    for v in registry.versions:
        proof = Proof(v.said_by, fact=f"{v.of}?version={v.id or v.start}")
        bounds = (to_json(v.start), edge_name(v.start), to_json(v.end), edge_name(v.end))
        made.append(
            r.WitnessRow(
                None, v.of, CORPUS, v.id, None, "", *bounds, None, "registry/versions.toml", 0, None, None, None, dump(proof.to_json()), "",
            )
        )  # fmt: skip
    return made
