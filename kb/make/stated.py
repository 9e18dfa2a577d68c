"""What the tables state agrees with itself: containers, statements, facts, acts, names of codes, who says what.

A statement of a container stands in several tables at once: the row, the fact that proves it, the id in both. A change of one
of them shows in the others; a change of all of them shows against the seal, or the container.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from kb.ground.data import folder
from kb.ground.registry import read_registry
from kb.make import registry as keep
from kb.make.check import Check
from kb.make.corpus import CORPUS, read_corpus
from kb.make.formats import HISTORIES
from kb.store import kept as k
from kb.store import records as r
from kb.store.file import FORMAT
from kb.store.reading import Store
from kb.store.records import dump


def stated(store: Store, place: Path) -> Check:
    """Hold the statements of a store against one another, and against the registry in *place*."""
    check = Check("énoncés : ce que disent les conteneurs, les faits et les autorités s'accorde")
    for failure in (*_meta(store), *_containers(store), *_registered(store, place), *_statements(store), *_acts(store)):
        check.hold(False, failure)
    check.held = sum(store.count(table) for table in (k.CONTAINER, k.AUTHORITY, r.CODE, r.WITNESS, r.FACT, k.ANCHOR))
    return check


def _meta(store: Store) -> Iterator[str]:
    known = {row.key: row.value for row in store.stream(r.META)}
    corpus = store.row(k.CONTAINER, "id = ?", CORPUS) is not None
    wanted = {"format", "corpus"} if corpus else {"format"}
    if known.keys() != wanted or known["format"] != FORMAT:
        yield f"meta : {', '.join(sorted(known))} au lieu de {', '.join(sorted(wanted))}"


def _containers(store: Store) -> Iterator[str]:
    rows = list(store.stream(k.CONTAINER))
    if sorted(row.rank for row in rows) != list(range(len(rows))):
        yield "container : les rangs ne se suivent pas"
    authorities = {row.id: row.title for row in store.stream(k.AUTHORITY)}
    for row in rows:
        if authorities.get(row.id) != row.title:
            yield f"{row.id} : son titre n'est pas celui de son autorité"
        if store.row(r.WITNESS, "container = ?", row.id) is None:
            yield f"{row.id} : ce conteneur n'énonce rien"
        if row.id != CORPUS and not (row.sha256 and row.sha256[:12] in row.title):
            yield f"{row.id} : son titre ne dit pas son empreinte"
        named = row.id == row.format if row.format == "legi" else row.id.startswith(f"{row.format}-")
        if row.id != CORPUS and not named:
            yield f"{row.id} : son format n'est pas {row.format}"
        if row.format in HISTORIES and row.state != row.sha256:
            yield f"{row.id} : lu jusqu'à {row.state}, dit jusqu'à {row.sha256}"
        by_hash = row.format != "legi" and row.format not in HISTORIES and row.id != CORPUS
        if by_hash and row.id != f"{row.format}-{row.sha256[:10]}":
            yield f"{row.id} : ce n'est pas l'empreinte de ce conteneur"
        if row.format != "legi" and row.format not in HISTORIES and row.state:
            yield f"{row.id} : un état sans suite"


def _registered(store: Store, place: Path) -> Iterator[str]:
    """Codes and authorities are those of the registry, or of a container."""
    own = store.meta("corpus") is not None
    registry = read_corpus(place).registry if own else read_registry(folder("corpus"))[0]
    codes = {row.alias: row for row in keep.codes(registry)}
    for row in store.stream(r.CODE):
        text = store.provision(row.alias)
        own = row.names == "[]" and row.alias == row.legitext.lower() and text is not None and text.title == row.title
        if codes.pop(row.alias, None) != row and not own:
            yield f"code : {row.alias} n'est pas celui du registre"
    yield from (f"code : {alias} manque" for alias in codes)
    who = dict(registry.authorities) | {row.id: row.title for row in store.stream(k.CONTAINER)}
    found = {row.id: row.title for row in store.stream(k.AUTHORITY)}
    yield from (
        f"autorité : {name} n'est pas celle qui est connue"
        for name in who.keys() | found.keys()
        if who.get(name) != found.get(name)
    )


def _statements(store: Store) -> Iterator[str]:
    """Each statement of a container has the fact that proves it, and each such fact a statement."""
    containers = {row.id: row for row in store.stream(k.CONTAINER)}
    formats = {row.id: row.format for row in containers.values()}
    facts = {row.id: row for row in store.stream(r.FACT)}
    sources = {row.id: row._replace(text="") for row in store.stream(r.SOURCE)}
    spoken: set[str] = set()
    held: set[str | None] = set()
    for row in store.stream(r.WITNESS):
        held.add(row.source)
        if row.container not in formats:
            yield f"énoncé {row.id} : son conteneur {row.container} n'est pas connu"
            continue
        if row.source is not None and sources.get(row.source) is None:
            yield f"énoncé {row.id} : sa source {row.source} n'est pas là"
        elif (
            row.source is not None
            and row.member
            and (sources[row.source].container, sources[row.source].path) != (row.container, row.member)
        ):
            yield f"énoncé {row.id} : sa source n'est pas son membre {row.member}"
        elif row.source is not None and row.member and not _titled(sources[row.source], row.provision, containers):
            yield f"{row.source} : son titre « {sources[row.source].title} » n'est pas le sien"
        if row.container == CORPUS or not row.member:
            continue
        history = formats[row.container] in HISTORIES
        key = row.official or (row.member[:12] if history else row.start or row.start_is)
        name = f"{row.provision}?{row.container}={key}"
        fact = facts.get(name)
        words = f"[{row.start or row.start_is}, {row.end or row.end_is}) {row.official or ''} {row.state}".strip()
        proof = row.proofs[0] if row.proofs else None
        if fact is None or proof is None or proof.fact != name or dump(proof.said_by) != fact.said_by:
            yield f"énoncé {row.id} de {row.provision} : le fait {name} ne le prouve pas"
        elif not history and fact.value != words and name not in spoken:
            yield f"énoncé {row.id} de {row.provision} : « {words} », et le fait dit « {fact.value} »"
        spoken.add(name)
    for source in sources.keys() - held:
        yield f"{source} : aucun énoncé n'en parle"
    for anchor in store.stream(k.ANCHOR):
        if anchor.source not in sources:
            yield f"lien d'éditeur : {anchor.source} n'est pas là"
    for name, fact in facts.items():
        container = name.removeprefix(f"{fact.about}?").partition("=")[0]
        if not name.startswith(f"{fact.about}?") or not fact.authorities:
            yield f"{name} : ce fait ne parle pas de {fact.about}"
        if container in formats and container != CORPUS:
            if fact.authorities != (container,):
                yield f"{name} : {container} le dit, et non {', '.join(fact.authorities)}"
            if fact.key == "version" and name not in spoken:
                yield f"{name} : aucun énoncé ne s'y tient"


def _titled(source: r.SourceRow, provision: str, containers: dict[str, k.ContainerRow]) -> bool:
    """Whether a source has the title of its card, or else is named by its provision and the file that it was read in."""
    said = json.loads(source.card).get("title")
    if said is not None or source.container == CORPUS:
        return source.container == CORPUS or source.title == said
    container = containers[source.container]
    if container.format in HISTORIES or container.format == "legi":  # read in several, each with its name
        return source.title.startswith(f"{provision} (") and source.title.endswith(")")
    return source.title == f"{provision} ({container.name})"


def _acts(store: Store) -> Iterator[str]:
    """What acts did, as containers state it: the event and its fact name the same act, deed and provision."""
    facts = {row.id: row for row in store.stream(r.FACT, where="key = 'acte'")}
    left = set(facts)
    for row in store.stream(r.EVENT, where="source is null"):
        fact = facts.get(row.fact or "")
        if fact is None:
            continue  # of a registry: compared when the corpus is read again
        left.discard(fact.id)
        good = (
            fact.about == row.target and fact.id.endswith(f"&{row.kind}={row.by or ''}") and fact.said_by == row.said_by
        )
        if not good:
            yield f"événement {row.kind} de {row.target} : le fait {fact.id} ne le dit pas"
    yield from (f"{name} : aucun événement ne s'y tient" for name in left)
