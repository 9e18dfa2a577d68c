"""Re-prove every promise from the sources on disk.

Two ways, because a check that shares the build's reasoning cannot see its mistakes: every row of the store is held
against what it claims (words at a span, a bound against its proof, a link against its target), and what is derived is
derived again: the corpus is read again from its files, and what follows from the statements of imported law is made
again from these, and compared row by row. What is stated has its seal: a change of it shows against the seal, or against the
containers when they are imported again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kb.ask.rulebook import Rulebook
from kb.cite.resolve.citation import DATE_ONLY, RESOLVED, TARGETED
from kb.ground.data import folder
from kb.ground.fault import Fault, Misuse
from kb.ground.period import writes
from kb.ground.span import Span
from kb.make.again import derived_again, imported_again, made_again, read_again, rules_again
from kb.make.check import Check
from kb.make.corpus import CORPUS
from kb.make.stated import stated
from kb.rules import essais
from kb.rules.model import Found
from kb.store import kept as k
from kb.store import records as r
from kb.store import seal as seals
from kb.store import sound
from kb.store.reading import Store
from kb.texts.readers import read
from kb.texts.readers.days import written
from kb.texts.source import read_source
from kb.texts.tree import gap
from kb.time.proof import Proof


@dataclass
class Report:
    checks: list[Check]

    @property
    def failures(self) -> list[str]:
        return [failure for check in self.checks for failure in check.failures]

    def to_json(self) -> dict[str, object]:
        return {
            "ok": not self.failures,
            "checks": [{"name": c.name, "held": c.held, "failures": c.failures} for c in self.checks],
        }

    def lines(self) -> Iterator[str]:
        for check in self.checks:
            yield f"{'ok   ' if not check.failures else 'FAUX '} {check.name} ({check.held})"
            yield from (f"        {failure}" for failure in check.failures[:20])
            if len(check.failures) > 20:
                yield f"        et {len(check.failures) - 20} autres"


class Asked(NamedTuple):
    """What a verification is asked: where the corpus is (default: where it was read), the root of the seal (default: that beside
    the file, if there is one), how many provisions to read again (default: all), containers to import again, processes."""

    corpus: Path | None = None
    seal: str | None = None
    sample: int | None = None
    containers: tuple[Path, ...] = ()
    workers: int | None = None


#: What a damaged row may raise, wherever it is read.
_DAMAGED = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError, sqlite3.Error, Misuse)


def verify(store: Store, asked: Asked = Asked()) -> Report:  # noqa: B008 - it cannot be changed
    """Hold *store* against its promises. Raises ``Misuse`` for a container that cannot be imported."""
    checks = list(_guarded("fichier", _sound(store)))
    if not any(check.failures for check in checks):  # what is not sound is not worth reading
        checks += _checks(store, asked)
    return Report(checks)


def _guarded(name: str, checks: Iterable[Check]) -> Iterator[Check]:
    """The *checks*; what a damaged row breaks them by is a failure of its own."""
    try:
        yield from checks
    except _DAMAGED as error:
        broken = Check(f"{name} : se lit")
        broken.hold(False, f"ne se lit pas ({type(error).__name__} : {' '.join(str(error).split())[:200]})")
        yield broken


def _sound(store: Store) -> Iterator[Check]:
    for name, found in (
        ("schéma : les tables et index qu'il faut, et rien d'autre", sound.strangers),
        ("pages : SQLite les trouve entières, et chaque index répond comme sa table", sound.damage),
        ("valeurs : chacune est du type de sa colonne", sound.mistyped),
    ):
        check = Check(name, held=len(k.TABLES))
        try:
            for sentence in found(store):
                check.hold(False, sentence)
        except _DAMAGED as error:
            check.hold(False, f"ne se lit pas ({error})")
        yield check
        if check.failures:
            return


def _checks(store: Store, asked: Asked) -> Iterator[Check]:
    place = asked.corpus or _place(store)
    texts = _Texts(store)
    imported = store.row(k.CONTAINER, "id <> ?", CORPUS) is not None
    yield from _guarded("sceau", _sealed(store, asked.seal))
    for check in (
        lambda: stated(store, place),
        lambda: _hashes(store, place, texts),
        lambda: _tiling(store, place),
        *((lambda: _imported(store),) if imported else ()),
        lambda: _spans(store, texts),
        lambda: _links(store),
        lambda: _bounds(store, texts),
        lambda: _rules(store, texts),
        lambda: _essais(store),
        lambda: _coverage(store),
        *((lambda: read_again(store, place, imported),) if store.meta("corpus") is not None else ()),
        lambda: rules_again(store),
        lambda: derived_again(store),
    ):
        yield from _guarded("lignes", _one(check))
    yield from _guarded("lecture", made_again(store, place, asked.sample, asked.workers))
    if asked.containers:
        yield imported_again(store, place, asked.containers)


def _one(made: Callable[[], Check]) -> Iterator[Check]:
    yield made()


def _sealed(store: Store, root: str | None) -> Iterator[Check]:
    """The seal that is asked for, or else that beside the file."""
    beside = None if root else seals.kept(store.path)
    if root is None and beside is None:
        return
    found = seals.seal(store)
    check = Check("sceau : chaque ligne de chaque table est celle qui fut scellée", len(found.tables))
    if beside:
        for name, own in found.tables.items():
            check.hold(own == beside.tables.get(name), f"{name} : ses lignes ne sont pas celles du sceau")
    wanted = root or (beside.root if beside else "")
    check.hold(found.root == wanted, f"sceau {found.root[:16]}… au lieu de {wanted[:16]}…")
    yield check


class _Texts:
    """The text of each source: of a file as read again, of an imported version as it is kept, its hash being held apart."""

    def __init__(self, store: Store) -> None:
        self.read: dict[str, str] = {}
        self._store, self._last = store, ("", "")

    def of(self, name: str) -> str:
        if name in self.read:
            return self.read[name]
        if self._last[0] != name:
            row = self._store.row(r.SOURCE, "id = ?", name)
            self._last = (name, row.text if row else "")
        return self._last[1]

    def at(self, name: str, start: int, end: int) -> str:
        return self.of(name)[start:end]


def _place(store: Store) -> Path:
    stated = store.meta("corpus")
    return Path(stated) if stated else folder("corpus")


def _files(store: Store) -> Iterator[r.SourceRow]:
    """The sources that are files of a corpus."""
    return (store.source(name) for name in store.sources_of(CORPUS))


def _hashes(store: Store, place: Path, texts: _Texts) -> Check:
    check = Check("empreintes : chaque fichier est celui qui a été lu")
    for row in _files(store):
        try:
            data = (place / row.path).read_bytes()
        except OSError as error:
            check.hold(False, f"{row.id} : {place / row.path} ne se lit pas ({error.strerror})")
            continue
        digest, wanted = hashlib.sha256(data).hexdigest(), str(json.loads(row.card)["sha256"])
        check.hold(digest == wanted, f"{row.id} : sha256 {digest[:12]}… au lieu de {wanted[:12]}…")
        again = read_source(place, (place / row.path).parent)
        texts.read[row.id] = data.decode("utf-8", "replace") if isinstance(again, Fault) else again.text
        own = hashlib.sha256(texts.read[row.id].encode()).hexdigest()
        same = texts.read[row.id] == row.text and own == row.sha256
        check.hold(same, f"{row.id} : le texte gardé n'est pas celui du fichier")
    return check


def _tiling(store: Store, place: Path) -> Check:
    check = Check("pavage : les feuilles de chaque arbre redonnent leur fichier")
    for row in _files(store):
        path = place / row.path
        source = read_source(place, path.parent) if path.exists() else None
        if source is None or isinstance(source, Fault):
            check.hold(False, f"{row.id} : {source.sentence if source else 'fichier absent'}")
            continue
        tree = read(source).tree
        joined = "".join(source.text[leaf.start : leaf.end] for leaf in tree.leaves())
        check.hold(joined == source.text, f"{row.id} : l'arbre laisse un trou en {gap(tree, len(source.text))}")
    return check


def _imported(store: Store) -> Check:
    """Texts decoded from containers: their hashes, and that each still leads to its container and member.

    The containers themselves are not kept: what they hold is proved again by importing them into a new file.
    """
    check = Check("imports : chaque texte décodé a son empreinte et mène à son conteneur, qui n'est pas relu")
    known = {row.id for row in store.stream(k.CONTAINER)}
    for row in store.stream(r.SOURCE, where=f"container <> '{CORPUS}'"):
        sha256 = hashlib.sha256(row.text.encode()).hexdigest()
        check.hold(sha256 == row.sha256, f"{row.id} : le texte n'a plus son empreinte")
        said = json.loads(row.card)
        leads = said["container"] == row.container in known and said["member"] == row.path and bool(row.path)
        check.hold(leads, f"{row.id} : son conteneur {row.container} n'est pas connu")
    return check


def _spans(store: Store, texts: _Texts) -> Check:
    check = Check("positions : les mots gardés sont à leur place dans le fichier")
    for c in store.stream(r.CITATION, "source, start"):
        found = texts.at(c.source, c.start, c.end)
        check.hold(
            found == c.quote and bool(c.quote), f"{c.source} {c.start}-{c.end} : « {found} » au lieu de « {c.quote} »"
        )
    for p in store.stream(r.PARAGRAPH, "source, start"):
        found = texts.at(p.source, p.start, p.end)
        there = bool(found.strip()) and (p.words is None or _within(p.words, found))
        check.hold(there, f"{p.source} {p.start}-{p.end} : l'alinéa n'y est pas")
    for e in store.stream(r.EVENT, "source, start", "source is not null"):
        for span in e.spans:
            there = 0 <= span.start < span.end <= len(texts.of(span.source))
            check.hold(there, f"événement {e.kind} de {e.target} : {span.source} {span.start}-{span.end} n'existe pas")
    return check


def _within(words: str, found: str) -> bool:
    """Whether *words* are *found*, but for what page furniture takes out of it."""
    characters = iter(found)
    return all(any(character == other for other in characters) for character in words)


def _links(store: Store) -> Check:
    check = Check("liens : chaque extrémité existe")
    known = {row.id: row for row in store.stream(r.PROVISION)}
    for c in store.stream(r.CITATION):
        where = f"citation {c.id} de {c.provision}"
        check.hold(c.provision in known, f"{where} : {c.provision} n'existe pas")
        target = known.get(c.target_provision or "")
        named = c.target.partition("#")[0] if c.target else None
        check.hold(named == c.target_provision, f"{where} : sa cible {c.target} n'est pas {c.target_provision}")
        check.hold(named is None or target is not None, f"{where} : sa cible {c.target} n'existe pas")
        targeted = c.status in TARGETED
        check.hold(targeted == (c.target is not None), f"{where} : statut « {c.status} » et cible {c.target}")
        held = target is not None and target.source is not None
        check.hold(
            (c.status == RESOLVED) == held or c.status == DATE_ONLY,
            f"{where} : statut « {c.status} », mais le texte de {c.target} {'est' if held else 'n’est pas'} là",
        )
        check.hold(c.status != "ambiguous" or len(c.named) > 1, f"{where} : ambiguë sans plusieurs candidats")
    for row in known.values():
        check.hold(row.parent is None or row.parent in known, f"{row.id} : son parent {row.parent} n'existe pas")
    for e in store.stream(r.EVENT):
        there = e.target in known and (e.by is None or e.by in known)
        check.hold(there, f"événement {e.kind} : {e.target} ou {e.by} n'existe pas")
        check.hold(bool(e.authorities), f"événement {e.kind} de {e.target} : personne ne le dit")
    return check


def _bounds(store: Store, texts: _Texts) -> Check:
    check = Check("bornes : chaque date est dans sa preuve")
    facts = {row.id: row.value for row in store.stream(r.FACT)}
    for v in store.stream(r.VERSION):
        check.hold(
            not (v.start and v.end) or v.start < v.end, f"{v.id} : finit le {v.end}, avant de commencer le {v.start}"
        )
        for side, day, edge, proofs in (
            ("début", v.start, v.start_is, v.start_proofs),
            ("fin", v.end, v.end_is, v.end_proofs),
        ):
            check.hold((edge == "date") == (day is not None), f"{v.id} : {side} « {edge} » avec la date {day}")
            check.hold(edge == "inconnu" or bool(proofs), f"{v.id} : {side} sans preuve")
            for proof in proofs:
                stands = _stands(proof, facts, texts) and bool(proof.said_by)
                check.hold(stands, f"{v.id} : la preuve de {side} n'est pas où elle se dit ({_short(proof)})")
            said = any(_says(proof, day, edge, facts) for proof in proofs)
            check.hold(
                said or not proofs,
                f"{v.id} : {side} {day or edge}, qu'aucune preuve ne dit ({', '.join(map(_short, proofs))})",
            )
    return check


def _stands(proof: Proof, facts: dict[str, str], texts: _Texts) -> bool:
    """Whether the fact is stated, or the words are at their place."""
    if proof.span is None:
        return proof.fact in facts
    return bool(proof.quote) and texts.at(*proof.span) == proof.quote


def _says(proof: Proof, day: str | None, edge: str, facts: dict[str, str]) -> bool:
    """Whether the fact or the words state the bound."""
    if proof.span is None and (day or edge) in facts.get(proof.fact or "", ""):
        return True
    words = facts.get(proof.fact or "", "") if proof.span is None else proof.quote
    return day is not None and (
        writes(words, date.fromisoformat(day))
        or any(found.day.isoformat() == day for found in written(" ".join(words.split())))
    )


def _short(proof: Proof) -> str:
    return proof.fact or (f"{proof.span.source} {proof.span.start}-{proof.span.end}" if proof.span else "?")


def _rules(store: Store, texts: _Texts) -> Check:
    check = Check("règles : chaque mot cité est à sa place, chaque fondement et chaque borne est connu")
    facts = {row.id for row in store.stream(r.FACT)}
    for name, rule in Rulebook(store).rules().items():
        for evidence in rule.all_evidence():
            found = evidence.found
            check.hold(_found(found, texts), f"{name} : « {evidence.quote[:60]} » n'est pas à sa place")
            there = found is not None and store.provision(found.provision.partition("#")[0]) is not None
            check.hold(there, f"{name} : {found and found.provision} n'existe pas")
        for basis in rule.all_basis():
            there = store.provision(basis.id.partition("#")[0]) is not None
            check.hold(there, f"{name} : son fondement {basis.id} n'existe pas")
        for version in rule.versions:
            for bound in filter(None, (version.start, version.end)):
                check.hold(bool(bound.proofs), f"{name} : la borne du {bound.day} est sans preuve")
                for proof in bound.proofs:
                    stands = (
                        proof.locator in facts or _bounded(store, proof.locator, bound.day)
                        if proof.quote is None
                        else _found(proof.found, texts)
                    )
                    check.hold(stands, f"{name} : la preuve de la borne du {bound.day} n'est pas où elle se dit")
    return check


def _bounded(store: Store, version: str, day: date) -> bool:
    """Whether a version that is held begins or ends on *day*."""
    row = store.row(r.VERSION, "id = ?", version)
    return row is not None and day.isoformat() in (row.start, row.end)


def _found(found: Found | None, texts: _Texts) -> bool:
    return found is not None and texts.at(*Span(found.source, found.start, found.end)) == found.quote


def _essais(store: Store) -> Check:
    """Every rule stands its trials, and no small change of a rule would go unnoticed by them."""
    rules = Rulebook(store).rules()
    count = sum(len(rule.essais) for rule in rules.values())
    check = Check(
        f"essais : {count} essais gardent chaque condition, borne, défaut et jour de {len(rules)} règles", count
    )
    failures = [fault.sentence for fault in essais.contradicted(rules.values())]
    gaps = [f"{gap.rule} : {essais.gap_fault(gap).sentence}" for gap in essais.unnoticed(list(rules.values()))]
    for failure in (*failures, *gaps):
        check.hold(False, failure)
    return check


def _coverage(store: Store) -> Check:
    """Every amount, delay, account and turn of duty or leave of the sources that rules speak of is held or set aside."""
    rows = list(store.stream(k.MEASURE))
    held = sum(row.held_by != "[]" for row in rows)
    aside = sum(bool(row.waived) and row.held_by == "[]" for row in rows)
    check = Check(
        f"couverture : {held} mesures tenues par une règle, {aside} écartées avec une raison, {len(rows) - held - aside} sans règle"
    )
    for row in rows:
        good = row.held_by != "[]" or bool(row.waived)
        check.hold(good, f"{row.source} {row.start}, {row.provision} : aucune règle ne tient « {row.words} »")
    return check
