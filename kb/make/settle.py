"""Settle: the versions of every provision that was touched are made again, what is cited gets a name, texts an order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from kb.ground.acts import signature
from kb.ground.names import natural, parse_ref
from kb.ground.period import Edge, edge_name, to_json, writes
from kb.ground.registry import Registry
from kb.ground.span import Span
from kb.make.corpus import CORPUS, SEED
from kb.make.entry import KEYS, entered, entry
from kb.make.formats import HISTORIES
from kb.make.named import named
from kb.make.report import Report
from kb.store import records as r
from kb.store.importing import Import, Stated
from kb.store.records import dump
from kb.time import merge, proof
from kb.time.merge import Claim, Done
from kb.time.proof import Proof
from kb.time.timeline import Timeline

_DOING = ("cree", "modifie", "abroge")  # what an act does that begins or ends a version
_BATCH = 500


def claims(stated: Iterable[Stated]) -> list[Claim]:
    """What sources state of a provision, as claims."""
    return [_claim(row, format) for row, format in stated]


def _claim(row: r.WitnessRow, format: str) -> Claim:
    start, end = row.bounds
    known = date.fromisoformat(row.known) if row.known else None
    return Claim(
        row.id or 0, row.container, format in HISTORIES, row.official, row.cid, row.state, start, end, known, row.source, row.words,
        row.proofs, row.note, row.container == CORPUS,
    )  # fmt: skip


def settle_touched(law: Import, registry: Registry, report: Report) -> None:
    """Make the versions of what was touched, name what is cited, say which citations now lead to a text."""
    for names in law.touched():
        _settle(law, [(name, claims(stated)) for name, stated in law.stated_of(names)], report)
    named_in = _name_cited(law, registry)
    law.absent()
    law.add_facts(_dated_by_registry(law, registry))
    for stated in _undated(law):
        _settle(law, stated, report)
    _arrange(law, sorted({*law.touched_texts(), *named_in}))
    law.link_texts()


class Made(NamedTuple):
    """What sources make of some provisions: versions, when they hold, what contradicts; which version each statement speaks
    of, and the source of the last text of each provision."""

    versions: list[r.VersionRow]
    held: list[r.HeldRow]
    faults: list[r.FaultRow]
    spoken_of: list[tuple[int, str | None]]
    texts: list[tuple[str, str | None]]


def made(law: Import, stated: Sequence[tuple[str, list[Claim]]]) -> Made:
    """What the statements of some provisions, and what acts did to them, make."""
    names = [name for name, _ in stated]
    acts, absent = _acts_on(law, names), law.absent_on(names)
    found = Made([], [], [], [], [])
    for name, own in stated:
        merged = merge.merge(name, own, acts.get(name, []))
        rows = [_version(version) for version in merged.versions]
        found.versions.extend(rows)
        found.held.extend(
            r.HeldRow(name, version.id, start, end) for version, start, end in Timeline(rows, absent.get(name)).spans()
        )
        found.faults.extend(
            r.FaultRow(None, a.code, a.sentence, None, None, None, "", 0, name) for a in merged.anomalies
        )
        found.spoken_of.extend((claim.rank, merged.of.get(claim.rank)) for claim in own if claim.rank)
        found.texts.append((name, next((v.source for v in reversed(merged.versions) if v.source), None)))
    return found


def remake(law: Import) -> Iterator[Made]:
    """Everything that statements make, made again, some provisions at a time; nothing is written."""
    for names in law.stated_names():
        yield made(law, [(name, claims(stated)) for name, stated in law.stated_of(names)])
    for stated in _undated(law):
        yield made(law, stated)


def _settle(law: Import, stated: Sequence[tuple[str, list[Claim]]], report: Report) -> None:
    """Write the versions that all sources make of some provisions, when they hold, and what contradicts."""
    law.drop_versions([name for name, _ in stated])
    found = made(law, stated)
    law.put(r.VERSION, found.versions)
    law.put(r.HELD, found.held)
    law.put(r.FAULT, found.faults)
    law.settled(found.spoken_of)
    law.place_texts(found.texts)
    report.anomalies.update(row.code for row in found.faults)
    report.counts["versions"] += len(found.versions)


def _version(version: merge.Version) -> r.VersionRow:
    known = [day.isoformat() if day else None for day in (version.start_known, version.end_known)]
    bounds = (to_json(version.start), edge_name(version.start), to_json(version.end), edge_name(version.end))
    return r.VersionRow(
        version.id, version.provision, *bounds, known[0], known[1], version.official, version.state, version.source, proof.written(version.start_proof),
        proof.written(version.end_proof), dump(version.notes),
    )  # fmt: skip


def _acts_on(law: Import, names: list[str]) -> dict[str, list[Done]]:
    """What acts did to some provisions, in the order it was read."""
    found: dict[str, list[Done]] = defaultdict(list)
    for event in law.events_on(names, _DOING):
        days = [date.fromisoformat(day) if day else None for day in (event.effective, event.published)]
        proofs = event.proofs(law.words)
        found[event.target].append(Done(event.kind, event.by, days[0], days[1], event.source, proofs, event.note))
    return found


# -- acts of which nobody states an interval -----------------------------------------------------------------------


def _undated(law: Import) -> Iterator[list[tuple[str, list[Claim]]]]:
    """One claim for each act that nobody states versions of: since it entered into force, was published, or signed."""
    days = entered(law.facts_about_acts(KEYS))
    cited = _dated_by(law)
    rows = law.undated_acts()
    for at in range(0, len(rows), _BATCH):
        stated = []
        for row in rows[at : at + _BATCH]:
            since = entry(row.id, days.get(row.id), cited.get(row.id, ()))
            if not since.proofs:  # a day that nobody writes is none
                since = entry(row.text.split("/")[0], None, ())
            claim = Claim(
                0, CORPUS, False, None, None, "", since.start, Edge.UNKNOWN, since.known, row.source, None, since.proofs, since.note, True
            )  # fmt: skip
            stated.append((row.id, [claim]))
        yield stated


def _dated_by_registry(law: Import, registry: Registry) -> list[r.FactRow]:
    """The days of acts that a registry names and no source or fact dates: the registry says them, in their names."""
    days, cited = entered(law.facts_about_acts(KEYS)), _dated_by(law)
    return [
        r.FactRow(f"{row.id}?signed", row.id, "signed", day.isoformat(), dump((SEED,)))
        for row in law.undated_acts()
        if row.id in registry.acts and row.id not in days and row.id not in cited and (day := signature(row.id))
    ]


def _dated_by(law: Import) -> dict[str, tuple[Proof, ...]]:
    """For each act the first citation that writes its date, or else the first fact that says what it did."""
    first: dict[str, r.CitationRow] = {}
    for target, row in law.first_dated():
        act = parse_ref(target).text
        known = first.get(act)
        if known is None or (row.source, row.start) < (known.source, known.start):
            first[act] = row
    dated: dict[str, tuple[Proof, ...]] = {}
    for name, fact in law.first_acting():
        act = parse_ref(name).text
        signed = signature(act)
        if signed and writes(fact.value, signed):
            dated.setdefault(act, (Proof(fact.authorities, fact=fact.id),))
    for act, row in first.items():
        dated[act] = (Proof(_who(law, row.source), span=Span(row.source, row.start, row.end), quote=row.quote),)
    return dated


def _who(law: Import, source: str) -> tuple[str, ...]:
    """Who says what stands in a source."""
    container = law.source(source).container
    return (SEED,) if container == CORPUS else (container,)


# -- names and places ----------------------------------------------------------------------------------------------


def _name_cited(law: Import, registry: Registry) -> set[str]:
    """Name what is cited or stated, and by whom provisions were changed, so that it can be asked for without its text.

    Returns the texts that have new parts.
    """
    known = law.provision_ids()
    made = []
    for name in [*law.unnamed(), *sorted(registry.acts), *sorted({fact.about for fact in registry.facts})]:
        for row in named(name.partition("#")[0], registry):
            if row.id not in known:
                known.add(row.id)
                made.append(row)
    law.put(r.PROVISION, made)
    return {row.text for row in made if row.kind != "texte"}


def _arrange(law: Import, texts: Iterable[str]) -> None:
    """Put the parts of *texts* where they stand last, and in order: divisions as printed, articles by number."""
    for text in texts:
        where: dict[str, tuple[int, str, str]] = {}
        printed: dict[str, int] = {}
        for place in law.places(text):
            # The deepest place wins over a coarser one, then the latest.
            at = (place.parent.count("/"), place.start or "", place.parent)
            where[place.provision] = max(where.get(place.provision, (0, "", "")), at)
            if place.rank:
                printed[place.provision] = place.rank
        parts = {row.id: row for row in law.parts(text)}
        parents = {name: where[name][2] if name in where else row.parent for name, row in parts.items()}
        law.arrange((rank, parents[name], name) for rank, name in enumerate(_walked(text, parts, parents, printed), 1))


def _walked(
    text: str, parts: dict[str, r.ProvisionRow], parents: dict[str, str | None], printed: dict[str, int]
) -> Iterator[str]:
    below: dict[str | None, list[str]] = defaultdict(list)
    for name, parent in parents.items():
        below[parent].append(name)

    shared = Counter(row.source for row in parts.values())

    def order(name: str) -> tuple[object, ...]:
        row = parts[name]
        if row.source and (row.kind == "division" or shared[row.source] > 1):  # read in a document: as it stands there
            return (False, row.rank, natural(name))
        article = row.kind == "article"
        return (article, 0 if article else printed.get(name, 1 << 30), natural(name))

    stack = sorted(below[text], key=order, reverse=True)
    while stack:
        name = stack.pop()
        yield name
        stack += sorted(below.get(name, ()), key=order, reverse=True)
