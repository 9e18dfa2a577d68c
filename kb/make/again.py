"""Do it again: read a corpus again from its files, make again what follows from statements, and compare row by row."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from kb import rules
from kb.ground.fault import Misuse
from kb.make.build import Built, build, import_law, write
from kb.make.check import Check
from kb.make.corpus import CORPUS, read_corpus
from kb.make.moved import since
from kb.make.registry import facts
from kb.make.report import Options, Report
from kb.make.rules import links_of, rule_files
from kb.make.settle import remake, settle_touched
from kb.make.spread import harvest_new
from kb.store import kept as k
from kb.store import records as r
from kb.store.file import schema
from kb.store.importing import Import
from kb.store.reading import Store, registry_of
from kb.store.records import dump
from kb.store.table import Table
from kb.store.twin import twin

Row = tuple[object, ...]
Tables = tuple[Table[Row], ...]

# What a build of a corpus alone writes: all but what the file says of itself.
_ALL: Tables = tuple(table for table in k.TABLES if table is not r.META)
# Where law was folded in, what is stated of provisions is merged with it: these rows are the corpus' own still.
_APART: Tables = (r.SOURCE, r.PARAGRAPH, r.FACT, r.NOTE, r.CODE, r.RULE, k.RULE_LINK, k.MEASURE)


def read_again(store: Store, place: Path, imported: bool) -> Check:
    """Read the corpus again and compare every row; where law was folded in, each row that is the corpus' own."""
    check = Check("relecture : le corpus, relu, donne les mêmes lignes")
    try:
        corpus = read_corpus(place)
    except Misuse as error:
        check.hold(False, str(error))
        return check
    memory = sqlite3.connect(":memory:")
    memory.executescript(schema())
    write(Import(memory), Built(corpus, Report()), options=Options(workers=1))
    fresh = Store.over(memory)
    own = rule_files(place, ()).keys()
    elsewhere = {row.id for row in store.stream(r.RULE) if row.file not in own}  # rules that no corpus holds
    for table in _APART if imported else _ALL:
        new = list(_uncounted(table, fresh.stream(table)))
        old = list(_uncounted(table, store.stream(table)))
        if table is r.RULE:  # what its basis says since, all the law decides: it is held apart
            new, old = ([(*row[:-1], "") for row in rows] for rows in (new, old))
        if elsewhere and table is k.MEASURE:
            continue  # these hold some of them
        if imported or (elsewhere and table in (r.RULE, k.RULE_LINK)):
            kept = set(old)
            for row in new:
                check.hold(row in kept, f"{table.name} : « {str(row)[:120]} » relu, et pas gardé")
        else:
            _compare(check, table, old, new)
    if imported:
        cited = {_cited(row) for row in store.stream(r.CITATION, where=f"source in ({_quoted(store)})")}
        for citation in fresh.stream(r.CITATION):
            there = _cited(citation) in cited
            check.hold(there, f"citation : « {citation.quote[:120]} » relue, et pas gardée")
    return check


def rules_again(store: Store) -> Check:
    """What follows from the rules that are kept: what they quote and rest on, and what their basis says since."""
    check = Check("suites des règles : résumé, liens, et ce que dit leur fondement depuis")
    links: set[Row] = set()
    for row in store.stream(r.RULE):
        rule = rules.from_json(json.loads(row.body))
        links.update(links_of(rule))
        check.hold(row.summary == dump(rules.summary(rule)), f"{row.id} : son résumé n'est pas le sien")
        check.hold(row.since == dump(since(store, rule)), f"{row.id} : ce que dit son fondement depuis n'est pas cela")
    for link in links ^ set(store.stream(k.RULE_LINK)):
        check.hold(False, f"rule_link : « {link} » n'est pas ce que disent les règles")
    return check


def _quoted(store: Store) -> str:
    return ", ".join(f"'{name}'" for name in store.sources_of(CORPUS))


def _cited(row: r.CitationRow) -> Row:
    """A citation but for what other law decides: whether its target is held."""
    return (row.source, row.start, row.end, row.quote, row.provision, row.label, row.target, row.kind)


def derived_again(store: Store) -> Check:
    """Make the versions of every provision again from what is stated, and when they hold: the same rows, no others."""
    check = Check(
        "versions : ce que les sources énoncent, réuni de nouveau, donne les mêmes versions et les mêmes jours"
    )
    versions: list[Row] = []
    held: list[Row] = []
    spoken_of = {row.id: row.version for row in store.stream(r.WITNESS)}
    for made in remake(Import(store.db)):
        versions += made.versions
        held += made.held
        for rank, version in made.spoken_of:
            check.hold(
                spoken_of.get(rank) == version, f"énoncé {rank} : parle de {spoken_of.get(rank)}, et non de {version}"
            )
    _compare(check, r.VERSION, list(store.stream(r.VERSION)), versions)
    _compare(check, r.HELD, list(store.stream(r.HELD)), held)
    return check


def made_again(store: Store, place: Path, sample: int | None, workers: int | None) -> Iterator[Check]:
    """Read every text of the store again as a build does, and settle what follows, in a twin of it: the same rows.

    With *sample*, that many provisions are read, spread over all; what only the whole can say (names, places, versions, the
    full text index) is then left out.
    """
    registry = read_corpus(place).registry if store.meta("corpus") is not None else registry_of(store.db)
    if store.meta("corpus") is None:
        registry.acts = {}  # those that an import begins with
    with twin(store.path) as made:
        made.state(CORPUS, {fact.id for fact in facts(registry)})
        total = made.total()
        if sample is not None:
            made.only(sample)
        read = min(sample, total) if sample is not None else total
        share = f"{100 * read / total:.1f} %" if total else "aucune"
        harvest_new(made.law, registry, Report(), Options(workers=workers))
        if sample is not None:
            check = Check(f"lecture : {read} dispositions sur {total} ({share}), relues, donnent les mêmes lignes")
            _told(check, made.differences_read())
            yield check
            return
        settle_touched(made.law, registry, Report())
        check = Check(f"lecture : {total} dispositions ({share}), relues, donnent les mêmes lignes")
        _told(check, made.differences())
        yield check
        found = Check("recherche : chaque mot est rangé où il se lit", store.count(k.SEARCHED))
        for sentence in made.searched():
            found.hold(False, sentence)
        yield found


def imported_again(store: Store, place: Path, containers: Iterable[Path]) -> Check:
    """Import *containers* again into a temporary file, with the corpus if the store has one: what they state, row by row.

    Only statements are compared, and only those of the containers given: the rest is derived from these, and held apart.
    Raises ``Misuse`` for what cannot be imported.
    """
    paths = list(containers)
    check = Check(
        f"conteneurs : {', '.join(path.name for path in paths)}, importés de nouveau, énoncent les mêmes lignes"
    )
    with tempfile.TemporaryDirectory(prefix="renvoi-") as folder:
        target = Path(folder) / "again.kb"
        if store.meta("corpus") is None:
            import_law(paths, target)
        else:
            build(place, target, paths)
        fresh = Store(target)
        for container in fresh.stream(k.CONTAINER):
            if container.id == CORPUS:
                continue
            kept = store.row(k.CONTAINER, "id = ?", container.id)
            there = kept is not None and kept._replace(rank=0) == container._replace(rank=0)
            check.hold(there, f"container : {container.id} n'est pas gardé tel quel")
            said = f'%"{container.id}"%'
            stated: tuple[tuple[Table[Row], str, str], ...] = (
                *((table, "container = ?", container.id) for table in (r.SOURCE, r.WITNESS, k.PLACE)),
                (r.FACT, "said_by like ? and key in ('version', 'acte')", said),
                (r.EVENT, "said_by like ? and source is null", said),
            )
            for table, where, value in stated:
                old, new = (_stated_rows(each.rows(table, where, value)) for each in (store, fresh))
                _compare(check, table, old, new)
            _compare(check, k.ANCHOR, *(_anchors(each, container.id) for each in (store, fresh)))
    return check


def _anchors(store: Store, container: str) -> list[Row]:
    """The links that editors drew in the texts of a container."""
    return list(store.among(k.ANCHOR, "source", store.sources_of(container), "source, start, official"))


def _stated_rows(rows: Iterable[Row]) -> list[Row]:
    """Rows without the numbers that only count; which version a statement speaks of is derived."""
    return [
        row._replace(id=None, version=None)
        if isinstance(row, r.WitnessRow)
        else row._replace(id=None)
        if isinstance(row, r.EventRow)
        else row
        for row in rows
    ]


def _told(check: Check, differences: Iterable[tuple[Table[Row], int, list[tuple[str, Row]]]]) -> None:
    for table, count, found in differences:
        check.held += count
        check.failures += [f"{table.name} : « {str(row)[:160]} » {said} seulement" for said, row in found]


def _uncounted(table: Table[Row], rows: Iterable[Row]) -> Iterator[Row]:
    """Rows without the numbers that only count."""
    return (row[1:] for row in rows) if table.counted else iter(rows)


def _compare(check: Check, table: Table[Row], kept: list[Row], fresh: list[Row]) -> None:
    check.hold(len(fresh) == len(kept), f"{table.name} : {len(kept)} lignes gardées, {len(fresh)} refaites")
    for old, new in zip(sorted(kept, key=repr), sorted(fresh, key=repr), strict=False):
        check.hold(old == new, "" if old == new else f"{table.name} : {_difference(old, new)}")


def _difference(old: Row, new: Row) -> str:
    kept, fresh = next((a, b) for a, b in zip(old, new, strict=True) if a != b)
    return f"{old[0]} : « {str(kept)[:80]} » gardé, « {str(fresh)[:80]} » refait"
