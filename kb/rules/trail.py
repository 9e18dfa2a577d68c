"""The audit trail of a rule: from what it says to the characters that say so, and to what came before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kb.rules import model as m
from kb.rules.evaluate import basis_at, told


def trace(rule: m.Rule, at: date, world: m.World) -> dict[str, Any]:
    """The trail of *rule* on the day *at*.

    ``{"rule", "title", "modality", "action", "at", "file", "evidence", "versions", "basis", "replaces", "replaced_by",
    "lineage", "conflicts", "notes"}``: ``evidence`` leads to file, characters and sha256; each of ``versions`` has its
    condition and effects in words and its bounds with their proofs; ``lineage`` is ``{"line", "steps"}``, one sentence and
    its parts, or ``None`` where nothing came before or after.
    """
    speaking = [version for version in rule.versions if _covers(version, at)] or rule.versions
    basis, changes = basis_at(rule, speaking, at, world)
    trail: dict[str, Any] = _copy(_timeless(rule))
    for shown, of in zip(trail["versions"], rule.versions, strict=True):
        shown["in_force"] = _covers(of, at)
    every = world.rules()
    later = [
        (other, replaced.proof) for other in every.values() for replaced in other.replaces if replaced.rule == rule.id
    ]
    trail["at"] = at.isoformat()
    trail["basis"] = basis
    trail["replaces"] = [_replacement(every.get(r.rule), r.rule, r.proof) for r in rule.replaces]
    trail["replaced_by"] = [_replacement(other, other.id, proof) for other, proof in later]
    trail["lineage"] = _lineage(rule, every)
    trail["notes"] = [*rule.notes, *changes]
    return trail


@m.once_a_rule
def _timeless(rule: m.Rule) -> dict[str, Any]:
    """What a trail says of a rule whatever the day, its keys in their order."""
    return {
        "rule": rule.id,
        "title": rule.title,
        "modality": rule.modality,
        "action": rule.action,
        "at": None,
        "file": {"path": rule.span.source, "start": rule.span.start, "end": rule.span.end},
        "evidence": [{"about": e.about, **_place(e.found, e.quote, e.locator)} for e in rule.all_evidence()],
        "versions": [_version(version) for version in rule.versions],
        "basis": None,
        "replaces": None,
        "replaced_by": None,
        "lineage": None,
        "conflicts": [told(conflict) for conflict in rule.conflicts],
        "notes": None,
    }


def _copy(value: Any) -> Any:
    """A copy of plain JSON that its reader may change."""
    if type(value) is dict:
        return {key: _copy(of) if type(of) is dict or type(of) is list else of for key, of in value.items()}
    return [_copy(of) if type(of) is dict or type(of) is list else of for of in value]


def summary(rule: m.Rule) -> dict[str, Any]:
    """A rule in a list: ``{"id", "title", "modality", "action", "valid", "sources", "basis", "facts"}``.

    ``sources`` are the provisions it quotes; ``facts`` maps what a question may state to its type and default, in words.
    """
    ends = [version.end.day if version.end else None for version in rule.versions]
    until = None if None in ends else max(end for end in ends if end).isoformat()
    return {
        "id": rule.id,
        "title": rule.title,
        "modality": rule.modality,
        "action": rule.action,
        "valid": {"from": min(v.start.day for v in rule.versions).isoformat(), "until": until},
        "sources": list(dict.fromkeys(e.found.provision if e.found else e.locator for e in rule.all_evidence())),
        "basis": [basis.id for basis in rule.all_basis()],
        "facts": {fact.name: _fact(fact) for fact in rule.facts},
    }


def concerns(rule: m.Rule, provision: str) -> bool:
    """Whether *rule* quotes or rests on *provision* (an id without day), or one of its parts."""
    return any(
        named == provision or named.startswith((f"{provision}/", f"{provision}#"))
        for named in (*summary(rule)["sources"], *(basis.id for basis in rule.all_basis()))
    )


def _fact(fact: m.Fact) -> str:
    kind = m.words_of_kind(fact.kind)
    return f"{kind}, {m.text_of(fact.default.value)} par défaut" if fact.default else kind


def _covers(version: m.Version, at: date) -> bool:
    return version.start.day <= at and (version.end is None or at < version.end.day)


def _place(found: m.Found | None, quote: str, locator: str) -> dict[str, Any]:
    if found is None:
        return {
            "source": None,
            "path": None,
            "sha256": None,
            "start": None,
            "end": None,
            "quote": quote,
            "provision": locator,
        }
    return {
        "source": found.source, "path": found.path, "sha256": found.sha256, "start": found.start, "end": found.end,
        "quote": found.quote, "provision": found.provision,
    }  # fmt: skip


def _proof(proof: m.Proof) -> dict[str, Any]:
    """Words of a source, or ``{"fact", "said_by"}``."""
    if proof.quote is None:
        return {"fact": proof.locator, "said_by": list(proof.said_by)}
    return _place(proof.found, proof.quote, proof.locator)


def _bound(bound: m.Bound | None) -> dict[str, Any] | None:
    if bound is None:
        return None
    known = bound.known and bound.known.isoformat()
    return {"day": bound.day.isoformat(), "known": known, "proofs": [_proof(proof) for proof in bound.proofs]}


def _version(version: m.Version) -> dict[str, Any]:
    return {
        "label": version.label,
        "in_force": None,
        "from": _bound(version.start),
        "until": _bound(version.end),
        "scope": m.words_of(version.scope) if version.scope else None,
        "condition": m.words_of(version.when) if version.when else None,
        "effects": {e.name: m.words_of(e.value) for e in (*version.lets, *version.always, *version.effects)},
        "basis": [basis.id for basis in version.basis],
    }


def _replacement(rule: m.Rule | None, name: str, proof: m.Proof) -> dict[str, Any]:
    return {"rule": name, "title": rule.title if rule else None, "proof": _proof(proof)}


# Lineage: the measures of a rule through time, what it replaced and what became of it.


def _lineage(rule: m.Rule, every: Mapping[str, m.Rule]) -> dict[str, Any] | None:
    chain = [*_before(rule, every), rule, *_after(rule, every)]
    steps = [step for link in chain for step in _steps(link)]
    if len(steps) < 2:
        return None
    return {"line": " → ".join(f"{step['measure']} ({_when(step)})" for step in steps), "steps": _copy(steps)}


def _before(rule: m.Rule, every: Mapping[str, m.Rule]) -> Iterator[m.Rule]:
    for replaced in rule.replaces:
        old = every.get(replaced.rule)
        if old is not None:
            yield from _before(old, every)
            yield old


def _after(rule: m.Rule, every: Mapping[str, m.Rule]) -> Iterator[m.Rule]:
    for other in every.values():
        if any(replaced.rule == rule.id for replaced in other.replaces):
            yield other
            yield from _after(other, every)


@m.once_a_rule
def _steps(rule: m.Rule) -> list[dict[str, Any]]:
    """The measure of each version of *rule* in the order of time, then what became of it."""
    steps = []
    for version in sorted(rule.versions, key=lambda v: v.start.day):
        measures = dict.fromkeys(_measures(version.when) if version.when else ())
        steps.append(
            {
                "measure": version.label or ", ".join(measures) or rule.title,
                "rule": rule.id,
                "provision": None,
                "from": _bound(version.start),
                "until": _bound(version.end),
            }
        )
    for sequel in rule.sequels:
        sequel_from = _bound(sequel.bound)
        steps.append(
            {"measure": sequel.words, "rule": None, "provision": sequel.about, "from": sequel_from, "until": None}
        )
    return steps


def _measures(node: Any) -> Iterator[str]:
    """The amounts and delays written in an expression, as a jurist writes them ("100 F")."""
    if isinstance(node, m.Lit):
        if node.kind in ("montant", "durée"):
            yield m.words_of(node).replace(".00 FRF", " F")
    elif isinstance(node, tuple):
        for part in node:
            yield from _measures(part)


def _when(step: dict[str, Any]) -> str:
    where = step["rule"] or step["provision"]
    until = f" au {step['until']['day']}" if step["until"] else ""
    return f"{where}, {'du' if until else 'depuis le'} {step['from']['day']}{until}"
