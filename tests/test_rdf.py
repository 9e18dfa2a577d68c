"""RDF: every file format read back by readers that are not ours, the store of SPARQL, the twelve questions of docs/rdf.md."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from test_imports import ONE, code, full, history

from kb.base import Base
from kb.ground.fault import Misuse
from kb.ground.names import BASE, from_iri, iri, parse_ref
from kb.make.build import build
from kb.show.export import RDF, sparql, write
from kb.show.export.quads import quads
from kb.show.export.terms import PREFIXES, Names
from kb.store import records as r

RV = PREFIXES["rv"]


@pytest.fixture(scope="session")
def law(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """The packaged corpus with a code from a repository, from JSON and from an archive."""
    folder = tmp_path_factory.mktemp("law")
    (folder / "LEGITEXT000006073189.json").write_text(code(), encoding="utf-8")
    found = [
        history(folder / "css"),
        folder / "LEGITEXT000006073189.json",
        full(folder / "LEGI_20250713-140000.tar.gz"),
    ]
    build(ROOT / "corpus", folder / "law.kb", found, ONE)
    return Base(folder / "law.kb")


@pytest.fixture(params=["packaged", "imported"])
def any_base(request: pytest.FixtureRequest) -> Base:
    found: Base = request.getfixturevalue("base" if request.param == "packaged" else "law")
    return found


# -- what the statements are -------------------------------------------------------------------------------------


def test_the_stream_has_one_order_and_no_statement_twice(any_base: Base) -> None:
    told = list(quads(any_base.store))
    assert told == list(quads(any_base.store))
    assert len(told) == len(set(told)) > 4_000


def test_our_own_terms_are_those_of_the_ontology(any_base: Base) -> None:
    defined = {t.subject.value for t in ox.parse(path=str(ROOT / "docs" / "ontology.ttl"))}
    used = {t.value for q in quads(any_base.store) for t in (q.predicate, q.object) if isinstance(t, ox.NamedNode)}
    ours = {name for name in used if name.startswith(RV)}
    assert len(ours) > 30 and ours <= defined


def test_every_iri_of_law_is_a_reference(any_base: Base) -> None:
    told = {t.value for q in quads(any_base.store) for t in (q.subject, q.object) if isinstance(t, ox.NamedNode)}
    named = sorted(name for name in told if name.startswith(BASE))
    held = any_base.store.held()
    assert len(named) > 200
    for name in named:
        ref = parse_ref(from_iri(name) or "")
        if not ref.fragment or str(ref._replace(at=None)) in held or any_base.store.provision(ref.provision) is None:
            assert any_base.show(name)["id"]


@given(
    st.sampled_from(["css/D253-81", "arrete/1985-07-12", "decret/1996-03-21/96-251", "ecli/ECLI:FR:C:1", "css"]),
    st.none() | st.dates(date(1000, 1, 1)),
    st.sampled_from(["", "#al5", "#I,2°,b"]),
)
def test_an_iri_is_read_as_it_was_written(name: str, day: date | None, fragment: str) -> None:
    whole = name + (f"@{day.isoformat()}" if day else "") + fragment
    assert from_iri(iri(whole)) == whole


def test_terms_of_others_are_used_as_they_define_them(any_base: Base) -> None:
    def objects(predicate: str) -> list[ox.NamedNode | ox.Literal]:
        prefix, _, name = predicate.partition(":")
        return [q.object for q in quads(any_base.store) if q.predicate.value == PREFIXES[prefix] + name]

    def subjects(predicate: str) -> set[str]:
        prefix, _, name = predicate.partition(":")
        return {q.subject.value for q in quads(any_base.store) if q.predicate.value == PREFIXES[prefix] + name}

    typed: dict[str, set[str]] = {}
    for quad in quads(any_base.store):
        if quad.predicate.value == PREFIXES["rdf"] + "type":
            typed.setdefault(quad.object.value.rpartition("#")[2], set()).add(quad.subject.value)
    assert subjects("eli:title") == subjects("eli:language") == typed["LegalExpression"] == subjects("eli:realizes")
    assert {o.language for o in objects("eli:title")} == {"fr"}
    assert {o.language for o in objects("oa:exact")} == {None}
    for offset in ("oa:start", "oa:end", "rv:start", "rv:end"):
        assert {o.datatype.value for o in objects(offset)} == {PREFIXES["xsd"] + "nonNegativeInteger"}
    assert subjects("eli:date_publication") <= typed["LegalResource"] | typed["LegalResourceSubdivision"]


def test_a_passage_is_words_at_their_place(any_base: Base) -> None:
    query = """select ?source ?from ?to ?words where { ?p oa:hasSource ?source ; oa:hasSelector/oa:start ?from ;
      oa:hasSelector/oa:end ?to ; oa:hasSelector/oa:exact ?words }"""
    rows = any_base.sparql(query)["rows"]
    names = Names()
    texts = {names.data(f"sources/{row.id}").value: row.text for row in any_base.store.stream(r.SOURCE)}
    assert len(rows) > 50
    for row in rows:
        assert texts[row["source"]][int(row["from"]) : int(row["to"])] == row["words"]


def test_what_each_container_says_is_in_its_graph(law: Base) -> None:
    rows = law.sparql("select ?g (count(*) as ?n) where { graph ?g { ?v a eli:LegalExpression } } group by ?g")["rows"]
    graphs = {row["g"].rpartition("/")[2] for row in rows}
    stored = {law.store.source(v.source).container for v in law.store.stream(r.VERSION) if v.source}
    assert graphs == stored and len(graphs) >= 3


# -- files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", RDF)
def test_a_file_holds_every_statement(any_base: Base, form: str, tmp_path: Path) -> None:
    [path] = write(any_base.store, form, tmp_path / f"base.{form}")
    [again] = write(any_base.store, form, tmp_path / "again")
    assert path.read_bytes() == again.read_bytes() and sorted(p.name for p in tmp_path.iterdir()) == [
        "again",
        path.name,
    ]
    parsers = {
        "rdf": ox.RdfFormat.TRIG,
        "trig": ox.RdfFormat.TRIG,
        "nq": ox.RdfFormat.N_QUADS,
        "nt": ox.RdfFormat.N_TRIPLES,
    }
    parsers |= {"turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}
    read = set(ox.parse(path=str(path), format=parsers[form]))
    told = set(quads(any_base.store))
    flat = {ox.Quad(q.subject, q.predicate, q.object) for q in told}
    assert read == (flat if form in ("turtle", "nt") else told)


@pytest.mark.parametrize("form", ["turtle", "trig", "json-ld"])
def test_rdflib_reads_the_files(base: Base, form: str, tmp_path: Path) -> None:
    ours = {"json-ld": "jsonld"}.get(form, form)
    [path] = write(base.store, ours, tmp_path / "base")
    read = rdflib.Dataset(default_union=True)
    read.parse(path, format=form)
    told = {(q.subject.value, q.predicate.value, q.object.value) for q in quads(base.store)}
    assert {tuple(map(str, triple)) for triple in read.triples((None, None, None))} == told


def test_the_base_of_iris_is_a_setting(base: Base, tmp_path: Path) -> None:
    [path] = write(base.store, "nt", tmp_path / "a.nt", "https://law.example.org")
    words = path.read_text(encoding="utf-8")
    assert "<https://law.example.org/id/css/D253-81/1993-09-01>" in words and "renvoi.example/id" not in words
    for wrong in ("law", "ftp://x/", "https://a b/", "https://x/#"):
        with pytest.raises(Misuse, match="absolute IRI"):
            write(base.store, "nt", tmp_path / "b.nt", wrong)
    assert not (tmp_path / "b.nt").exists()


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_networkx_reads_the_graph(any_base: Base, form: str, tmp_path: Path) -> None:
    [path] = write(any_base.store, form, tmp_path / "graph")
    read = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[form](path)
    assert set(read.nodes) == set(any_base.graph.nodes)
    assert read.number_of_edges() == any_base.graph.number_of_edges()
    told = {
        (a, b, d.get("valid_from"), d.get("valid_until")) for a, b, d in read.edges(data=True) if d["kind"] == "regne"
    }
    assert told == {(a, b, d["start"], d["end"]) for a, b, d in any_base.graph.edges(data=True) if d["kind"] == "regne"}


# -- SPARQL ------------------------------------------------------------------------------------------------------


def test_the_store_is_made_once_and_again_when_the_base_changes(corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.kb"
    build(corpus, path)
    count = "select (count(*) as ?n) where { ?s ?p ?o }"
    first = Base(path).sparql(count)["rows"]
    key = tmp_path / "a.kb.rdf" / "key"
    before = key.stat().st_mtime_ns
    assert Base(path).sparql(count)["rows"] == first and key.stat().st_mtime_ns == before
    build(corpus, path, [history(tmp_path / "css")], ONE)
    second = Base(path).sparql(count)["rows"]
    assert int(second[0]["n"]) > int(first[0]["n"]) and key.stat().st_mtime_ns != before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.kb", "a.kb.rdf", "css"]


def test_a_store_that_cannot_stand_beside_is_in_the_cache(
    base_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    copied = tmp_path / "a.kb"
    copied.write_bytes(base_file.read_bytes())
    make = sparql._make

    def refused(store: object, place: Path, key: str) -> Path:
        if place.parent == tmp_path:
            raise PermissionError(13, "Permission denied")
        return make(store, place, key)  # type: ignore[arg-type]

    monkeypatch.setattr(sparql, "_make", refused)
    assert Base(copied).sparql("ask { <css/D253-81> ?p ?o }")["boolean"] is True
    assert not (tmp_path / "a.kb.rdf").exists() and len(list((tmp_path / "cache" / "renvoi" / "rdf").iterdir())) == 1


REFUSED = {
    "select nothing": "does not parse",
    "{" * 3_000: "3,000 brackets deep",
    "ask { " + "(" * 101: "at most 100",
    "insert data { <a> <b> <c> }": "does not parse",
    "load <file:///etc/passwd>": "does not parse",
    "drop all": "does not parse",
    "select * { service <http://127.0.0.1:9/> { ?s ?p ?o } }": "no other server is asked",
    "select * { SERVICE#x\n silent ?s{ ?s ?p ?o } }": "no other server is asked",
    "prefix : <http://x/> select * {service:y{ ?s ?p ?o } }": "no other server is asked",
    "select * { filter(1<2)\\u0053ERVICE <http://x/> { ?s ?p ?o } }": "no other server is asked",
    "select * { ?s ?p ?o filter(?s<?p)service?s#>\n { ?a ?b ?c } }": "no other server is asked",
    "ask { ?s ?p ?o filter(" + "!" * 100_000 + "true) }": "memory or depth",
    "ask {} #" + "x" * 1_000_000: "at most 1,000,000",
}


@pytest.mark.parametrize("query", REFUSED, ids=lambda q: q[:50])
def test_what_a_question_may_not_is_one_clear_line(base: Base, query: str) -> None:
    with pytest.raises(Misuse, match=REFUSED[query]):
        base.sparql(query)
    assert base.sparql("ask { ?s ?p ?o }")["boolean"] is True


def test_words_that_speak_of_service_are_no_service(base: Base) -> None:
    query = 'prefix service: <http://x/> select * { ?s schema:text ?t filter(contains(?t, "service {")) } # service'
    assert base.sparql(query)["rows"] == []


def test_a_question_lasts_no_longer_than_it_may(base: Base) -> None:
    began = time.monotonic()
    with pytest.raises(Misuse, match=r"over 0\.5 seconds"):
        base.sparql("select (count(*) as ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i filter(?a != ?g) }", seconds=0.5)
    assert time.monotonic() - began < 5


def test_rows_are_counted(base: Base) -> None:
    query = "select ?s where { ?s ?p ?o } limit 20"
    assert [len(base.sparql(query, rows=n)["rows"]) for n in (19, 20, 21)] == [19, 20, 20]
    assert [base.sparql(query, rows=n)["more"] for n in (19, 20, 21)] == [True, False, False]
    made = base.sparql("construct { ?s a ?t } where { ?s a ?t } limit 2")
    assert made["vars"] == ["s", "p", "o"] and len(made["rows"]) == 2


def test_two_first_questions_at_once_both_answer(base_file: Path, tmp_path: Path) -> None:
    copied = tmp_path / "a.kb"
    copied.write_bytes(base_file.read_bytes())
    run = "import sys; from kb.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "sparql", "--json", "--kb", str(copied), "ask { ?s ?p ?o }"]
    asked = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
    assert [json.loads(one.communicate()[0])["boolean"] for one in asked] == [True, True]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.kb", "a.kb.rdf"]


def test_rdflib_asks_the_same_statements(base: Base) -> None:
    told = {(q.subject.value, q.predicate.value, q.object.value) for q in quads(base.store)}
    whole = base.rdf()
    assert {tuple(map(str, triple)) for triple in whole.triples((None, None, None))} == told
    assert bool(whole.query("ask { ?s a eli:LegalExpression }").askAnswer)
