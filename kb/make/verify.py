"""Re-prove every promise from the sources on disk.

Two ways, because a check that shares the build's reasoning cannot see its mistakes: every row of the store is held
against what it claims (words at a span, a bound against its proof, a link against its target), and the whole corpus is
read again and its rows compared with those of the store, one by one.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from kb.ask.query import KnowledgeBase
from kb.ground.data import folder
from kb.ground.fault import Misuse
from kb.ground.period import in_french
from kb.rules.model import Found
from kb.texts.tree import gap


@dataclass
class Check:
    """One promise, how many things were held against it, and what failed."""

    name: str
    held: int = 0
    failures: list[str] = field(default_factory=list)

    def hold(self, good: bool, failure: str) -> None:
        self.held += 1
        if not good:
            self.failures.append(failure)


@dataclass
class Report:
    checks: list[Check]

    @property
    def failures(self) -> list[str]:
        return [failure for check in self.checks for failure in check.failures]

    def to_json(self) -> dict[str, Any]:
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


def verify(base: KnowledgeBase, corpus: Path | None = None) -> Report:
    """Hold *base* against its promises; *corpus* is where its files are (default: where they were read)."""
    place = corpus or _place(base)
    texts: dict[str, str] = _Texts(base)
    imported = bool(base.table("select 1 from container limit 1")[1])
    checks = [
        _hashes(base, place, texts),
        _tiling(base, place),
        *([_imported(base)] if imported else []),
        _spans(base, texts),
        _links(base),
        _bounds(base, texts),
        _rules(base, texts),
        _coverage(base),
    ]
    return Report([*checks, _again(base, place, imported)])


_FILES = "card not like '{\"container\":%'"  # sources that are files of a corpus, not versions decoded from a container


class _Texts(dict[str, str]):
    """The text of each source as read again; that of an imported version as it is kept, its hash being held apart."""

    def __init__(self, base: KnowledgeBase) -> None:
        super().__init__()
        self._base, self._last = base, ("", "")

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        if name in self:
            return self[name]
        if self._last[0] != name:
            rows = self._base.table(f"select text from source where id = ? and not {_FILES}", name)[1]
            self._last = (name, rows[0][0] if rows else default)
        return self._last[1]


def _imported(base: KnowledgeBase) -> Check:
    """Texts decoded from containers: their hashes, and that each still leads to its container and member.

    The containers themselves are not kept: what they hold is proved again by importing them into a new file.
    """
    check = Check("imports : chaque texte décodé a son empreinte et mène à son conteneur, qui n'est pas relu")
    known = {row[0] for row in base.table("select id from container")[1]}
    for name, path, sha256, card, text in base.table(
        f"select id, path, sha256, card, text from source where not {_FILES} order by id"
    )[1]:
        check.hold(hashlib.sha256(text.encode()).hexdigest() == sha256, f"{name} : le texte n'a plus son empreinte")
        said = json.loads(card)
        check.hold(
            said["container"] in known and said["member"] == path and bool(path),
            f"{name} : son conteneur {said['container']} n'est pas connu",
        )
    for provision, version in base.table(
        "select provision, version from witness where version is not null and version not in (select id from version)"
    )[1]:
        check.hold(False, f"{provision} : un témoin parle de {version}, qui n'existe pas")
    return check


def _place(base: KnowledgeBase) -> Path:
    _, rows = base.table("select value from meta where key = 'corpus'")
    stated = rows[0][0] if rows else ""
    return Path(stated) if stated else folder("corpus")


def _hashes(base: KnowledgeBase, place: Path, texts: dict[str, str]) -> Check:
    check = Check("empreintes : chaque fichier est celui qui a été lu")
    for name, path, sha256, text in base.table(f"select id, path, sha256, text from source where {_FILES} order by id")[
        1
    ]:
        try:
            data = (place / path).read_bytes()
        except OSError as error:
            check.hold(False, f"{name} : {place / path} ne se lit pas ({error.strerror})")
            continue
        digest = hashlib.sha256(data).hexdigest()
        check.hold(digest == sha256, f"{name} : sha256 {digest[:12]}… au lieu de {sha256[:12]}…")
        texts[name] = data.decode("utf-8", "replace")
        check.hold(texts[name] == text, f"{name} : le texte gardé n'est pas celui du fichier")
    return check


def _tiling(base: KnowledgeBase, place: Path) -> Check:
    from kb.ground.fault import Fault
    from kb.texts.readers import read
    from kb.texts.source import read_source

    check = Check("pavage : les feuilles de chaque arbre redonnent leur fichier")
    for name, path in base.table(f"select id, path from source where {_FILES} order by id")[1]:
        source = read_source(place, (place / path).parent) if (place / path).exists() else None
        if source is None or isinstance(source, Fault):
            check.hold(False, f"{name} : {source.sentence if source else 'fichier absent'}")
            continue
        tree = read(source).tree
        joined = "".join(source.text[leaf.start : leaf.end] for leaf in tree.leaves())
        check.hold(joined == source.text, f"{name} : l'arbre laisse un trou en {gap(tree, len(source.text))}")
    return check


def _spans(base: KnowledgeBase, texts: dict[str, str]) -> Check:
    check = Check("positions : les mots gardés sont à leur place dans le fichier")
    for source, start, end, quote in base.table("select source, start, end, quote from citation order by id")[1]:
        found = texts.get(source, "")[start:end]
        check.hold(found == quote and bool(quote), f"{source} {start}-{end} : « {found} » au lieu de « {quote} »")
    for source, start, end, words in base.table(
        "select source, start, end, words from paragraph order by source, start"
    )[1]:
        found = texts.get(source, "")[start:end]
        check.hold(
            bool(found.strip()) and (words is None or _within(words, found)),
            f"{source} {start}-{end} : l'alinéa n'y est pas",
        )
    for kind, target, source, start, end in base.table(
        "select kind, target, source, start, end from event where source is not null"
    )[1]:
        check.hold(
            0 <= start < end <= len(texts.get(source, "")),
            f"événement {kind} de {target} : {source} {start}-{end} n'existe pas",
        )
    return check


def _within(words: str, found: str) -> bool:
    """Whether *words* are *found*, but for whole lines left out (page furniture)."""
    lines = iter(found.split("\n"))
    return all(any(line == other for other in lines) for line in words.split("\n"))


def _links(base: KnowledgeBase) -> Check:
    check = Check("liens : chaque extrémité existe")
    known = {row[0]: row[1] for row in base.table("select id, source from provision")[1]}
    held = base.held()
    for rank, source, target, status, candidates in base.table(
        "select id, provision, target, status, candidates from citation order by id"
    )[1]:
        where = f"citation {rank} de {source}"
        check.hold(source in known, f"{where} : {source} n'existe pas")
        named = target.partition("#")[0] if target else None
        check.hold(named is None or named in known, f"{where} : sa cible {target} n'existe pas")
        certain = status in ("resolved", "known")
        check.hold(certain == (target is not None), f"{where} : statut « {status} » et cible {target}")
        check.hold(
            (status == "resolved") == (named in held),
            f"{where} : statut « {status} », mais le texte de {target} {'est' if named in held else 'n’est pas'} là",
        )
        check.hold(
            status != "ambiguous" or len(json.loads(candidates)) > 1, f"{where} : ambiguë sans plusieurs candidats"
        )
    for name, parent in base.table("select id, parent from provision where parent is not null")[1]:
        check.hold(parent in known, f"{name} : son parent {parent} n'existe pas")
    for kind, target, by in base.table("select kind, target, by from event")[1]:
        check.hold(target in known and (by is None or by in known), f"événement {kind} : {target} ou {by} n'existe pas")
    return check


def _bounds(base: KnowledgeBase, texts: dict[str, str]) -> Check:
    check = Check("bornes : chaque date est dans sa preuve")
    facts = {row[0]: row[1] for row in base.table("select id, value from fact")[1]}
    columns = "id, start, start_is, end, end_is, start_proof, end_proof"
    for name, start, start_is, end, end_is, start_proof, end_proof in base.table(
        f"select {columns} from version order by id"
    )[1]:
        check.hold(not (start and end) or start < end, f"{name} : finit le {end}, avant de commencer le {start}")
        for side, day, edge, proofs in (
            ("début", start, start_is, json.loads(start_proof)),
            ("fin", end, end_is, json.loads(end_proof)),
        ):
            check.hold((edge == "date") == (day is not None), f"{name} : {side} « {edge} » avec la date {day}")
            check.hold(edge == "inconnu" or bool(proofs), f"{name} : {side} sans preuve")
            for proof in proofs:
                check.hold(
                    _stands(proof, facts, texts),
                    f"{name} : la preuve de {side} n'est pas où elle se dit ({_short(proof)})",
                )
            said = any(_says(proof, day, edge, facts) for proof in proofs)
            check.hold(
                said or not proofs,
                f"{name} : {side} {day or edge}, qu'aucune preuve ne dit ({', '.join(map(_short, proofs))})",
            )
    return check


def _stands(proof: dict[str, Any], facts: dict[str, str], texts: dict[str, str]) -> bool:
    """Whether the fact is stated, or the words are at their place."""
    if "fact" in proof:
        return proof["fact"] in facts
    return bool(proof["quote"]) and texts.get(proof["source"], "")[proof["start"] : proof["end"]] == proof["quote"]


def _says(proof: dict[str, Any], day: str | None, edge: str, facts: dict[str, str]) -> bool:
    """Whether the fact or the words state the bound."""
    if "fact" in proof:
        return (day or edge) in facts.get(proof["fact"], "")
    folded = " ".join(proof["quote"].split())
    return day is not None and (in_french(date.fromisoformat(day)) in folded or day in folded)


def _short(proof: dict[str, Any]) -> str:
    return str(proof.get("fact") or f"{proof['source']} {proof['start']}-{proof['end']}")


def _rules(base: KnowledgeBase, texts: dict[str, str]) -> Check:
    from kb.ask.rulebook import Rulebook

    check = Check("règles : chaque mot cité est à sa place, chaque fondement et chaque borne est connu")
    known = {row[0] for row in base.table("select id from provision")[1]}
    facts = {row[0] for row in base.table("select id from fact")[1]}
    for name, rule in Rulebook(base).rules().items():
        for evidence in rule.all_evidence():
            found = evidence.found
            check.hold(_found(found, texts), f"{name} : « {evidence.quote[:60]} » n'est pas à sa place")
            check.hold(
                found is not None and found.provision.partition("#")[0] in known,
                f"{name} : {found and found.provision} n'existe pas",
            )
        for basis in rule.all_basis():
            check.hold(basis.id.partition("#")[0] in known, f"{name} : son fondement {basis.id} n'existe pas")
        for version in rule.versions:
            for bound in filter(None, (version.start, version.end)):
                check.hold(bool(bound.proofs), f"{name} : la borne du {bound.day} est sans preuve")
                for proof in bound.proofs:
                    stands = proof.locator in facts if proof.quote is None else _found(proof.found, texts)
                    check.hold(stands, f"{name} : la preuve de la borne du {bound.day} n'est pas où elle se dit")
    return check


def _found(found: Found | None, texts: dict[str, str]) -> bool:
    return found is not None and texts.get(found.source, "")[found.start : found.end] == found.quote


def _coverage(base: KnowledgeBase) -> Check:
    """Every amount, delay, account and turn of duty or leave of the sources that rules speak of is held or set aside."""
    rows = base.table("select words, provision, source, start, held_by, waived from measure order by id")[1]
    held = sum(held_by != "[]" for *_, held_by, _ in rows)
    aside = sum(bool(waived) and held_by == "[]" for *_, held_by, waived in rows)
    check = Check(
        f"couverture : {held} mesures tenues par une règle, {aside} écartées avec une raison, {len(rows) - held - aside} sans règle"
    )
    for words, provision, source, start, held_by, waived in rows:
        check.hold(
            held_by != "[]" or bool(waived), f"{source} {start}, {provision} : aucune règle ne tient « {words} »"
        )
    return check


_COMPARED = (
    "source", "provision", "paragraph", "version", "citation", "event", "fact", "note", "code", "authority", "rule", "rule_link", "measure",
)  # fmt: skip


# Where law was folded in, what the corpus says of provisions, versions and events is merged with it: these rows are compared whole.
_APART = ("source", "paragraph", "fact", "note", "code", "rule", "rule_link", "measure")


def _again(base: KnowledgeBase, place: Path, imported: bool) -> Check:
    """Read the corpus again and compare every row; where law was folded in, each row that is the corpus' own."""
    from kb.make.build import read_corpus
    from kb.make.rows import write
    from kb.store.file import SCHEMA

    check = Check("relecture : le corpus, relu, donne les mêmes lignes")
    if not base.table("select 1 from meta where key = 'corpus'")[1]:
        return check
    try:
        corpus = read_corpus(place)
    except Misuse as error:
        check.hold(False, str(error))
        return check
    memory = sqlite3.connect(":memory:")
    memory.executescript(SCHEMA)
    write(corpus, memory, "")
    if imported:
        for table in _APART:
            rows = set(base.table(f"select * from {table}")[1])
            for row in memory.execute(f"select * from {table}"):
                check.hold(row in rows, f"{table} : « {str(row)[:120]} » relu, et pas gardé")
        cited = "select source, start, end, quote, provision, label, target, kind from citation"
        rows = set(base.table(cited)[1])
        for row in memory.execute(cited):
            check.hold(row in rows, f"citation : « {str(row)[:120]} » relue, et pas gardée")
        return check
    for table in _COMPARED:
        fresh = sorted(memory.execute(f"select * from {table}"), key=repr)
        kept = sorted(base.table(f"select * from {table}")[1], key=repr)
        check.hold(len(fresh) == len(kept), f"{table} : {len(kept)} lignes gardées, {len(fresh)} relues")
        for old, new in zip(kept, fresh, strict=False):
            check.hold(old == new, "" if old == new else f"{table} : {_difference(old, new)}")
    return check


def _difference(old: tuple[Any, ...], new: tuple[Any, ...]) -> str:
    kept, fresh = next((a, b) for a, b in zip(old, new, strict=True) if a != b)
    return f"{old[0]} : « {str(kept)[:80]} » gardé, « {str(fresh)[:80]} » relu"
