"""The audit trail of a rule: from what it says to the characters that say so, and to what came before and after it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.basis import basis_at
from kb.rules.evaluate import told
from kb.rules.phrases import text_of, words_of, words_of_kind
from kb.rules.since import Since
from kb.rules.since import steps as since_steps

Json = dict[str, Any]  # plain JSON, for readers that take it apart by key


def trace(rule: m.Rule, at: date, world: m.World) -> Json:
    """The trail of *rule* on the day *at*.

    ``{"rule", "title", "modality", "action", "at", "file", "evidence", "versions", "basis", "replaces", "replaced_by",
    "lineage", "conflicts", "parameters", "derogates", "derogated_by", "trials", "notes"}``: ``evidence`` leads to file, characters and sha256; each of ``versions`` has its
    condition and effects in words and its bounds with their proofs; ``lineage`` is ``{"line", "steps"}``, one sentence and
    its parts, or ``None`` where nothing came before or after.
    """
    speaking = [version for version in rule.versions if _covers(version, at)] or rule.versions
    basis, changes = basis_at(rule, speaking, at, world)
    trail: Json = _copy(_timeless(rule))
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
    trail["lineage"] = _lineage(rule, every, world.since(rule.id))
    trail["notes"] = [*rule.notes, *changes]
    return trail


@m.once_a_rule
def _timeless(rule: m.Rule) -> Json:
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
        "parameters": [_parameter(parameter) for parameter in rule.parameters],
        "derogates": [derogation.rule for derogation in rule.derogates],
        "derogated_by": list(rule.derogated_by),
        "trials": [_trial(essai) for essai in rule.essais],
        "notes": None,
    }


def _copy(value: Json) -> Json:
    """A copy of plain JSON that its reader may change."""
    return {key: _copied(of) for key, of in value.items()}


def _copied(value: object) -> object:
    if type(value) is dict:
        return _copy(value)
    return [_copied(of) for of in value] if type(value) is list else value


def summary(rule: m.Rule) -> Json:
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
    kind = words_of_kind(fact.kind)
    if fact.default is None:
        return kind
    once = f" dès qu'on dit {', '.join(fact.once)}" if fact.once else ""
    return f"{kind}, {text_of(fact.default.value)} par défaut{once}"


def _covers(version: m.Version, at: date) -> bool:
    return version.start.day <= at and (version.end is None or at < version.end.day)


def _place(found: m.Found | None, quote: str, locator: str) -> Json:
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


def _proof(proof: m.Proof) -> Json:
    """Words of a source, or ``{"fact", "said_by"}``."""
    if proof.quote is None:
        return {"fact": proof.locator, "said_by": list(proof.said_by)}
    return _place(proof.found, proof.quote, proof.locator)


def _bound(bound: m.Bound | None) -> Json | None:
    if bound is None:
        return None
    known = bound.known and bound.known.isoformat()
    return {"day": bound.day.isoformat(), "known": known, "proofs": [_proof(proof) for proof in bound.proofs]}


def _version(version: m.Version) -> Json:
    return {
        "label": version.label,
        "in_force": None,
        "from": _bound(version.start),
        "until": _bound(version.end),
        "scope": words_of(version.scope) if version.scope else None,
        "condition": words_of(version.when) if version.when else None,
        "effects": {e.name: words_of(e.value) for e in (*version.lets, *version.always, *version.effects)},
        "basis": [basis.id for basis in version.basis],
    }


def _parameter(parameter: m.Parameter) -> Json:
    """What a parameter is worth, from when to when, in whose words."""
    values = [
        {
            "value": words_of(period.value), "from": _bound(period.start), "until": _bound(period.end),
            "evidence": _place(period.evidence.found, period.evidence.quote, period.evidence.locator),
        }
        for period in parameter.periods
    ]  # fmt: skip
    return {"name": parameter.name, "kind": words_of_kind(parameter.kind), "values": values}


def _trial(essai: m.Essai) -> Json:
    return {
        "at": essai.at.isoformat(), "facts": json.loads(essai.facts), "status": essai.status,
        "effect": json.loads(essai.effect), "missing": list(essai.missing),
    }  # fmt: skip


def _replacement(rule: m.Rule | None, name: str, proof: m.Proof) -> Json:
    return {"rule": name, "title": rule.title if rule else None, "proof": _proof(proof)}


# Lineage: the measures of a rule through time, what it replaced and what became of it.


def _lineage(rule: m.Rule, every: Mapping[str, m.Rule], since: Sequence[Since]) -> Json | None:
    chain = [*_before(rule, every), rule, *_after(rule, every)]
    steps = [step for link in chain for step in _steps(link)]
    told = list(since)
    dated = {(change["basis"], change["from"]) for change in told}
    sequels = [step for step in steps if step["rule"] is None and (step["provision"], step["from"]["day"]) in dated]
    steps = [step for step in steps if step not in sequels] + list(since_steps(told))
    if len(steps) < 2:
        return None
    return {"line": " → ".join(f"{step['measure']} ({_when(step)})" for step in steps), "steps": _copied(steps)}


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
def _steps(rule: m.Rule) -> list[Json]:
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


def _measures(node: x.Node) -> Iterator[str]:
    """The amounts and delays written in an expression, as a jurist writes them ("100 F")."""
    for part in x.walk(node):
        if isinstance(part, x.Lit) and part.kind in ("montant", "durée"):
            yield words_of(part).replace(".00 FRF", " F")


def _when(step: Json) -> str:
    where = step["rule"] or step["provision"]
    until = f" au {step['until']['day']}" if step["until"] else ""
    return f"{where}, {'du' if until else 'depuis le'} {step['from']['day']}{until}"
