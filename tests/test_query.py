"""Promises 5 and 6: what is unknown is said to be, and conflicts are shown; the other verbs of the Python face."""

from __future__ import annotations

from datetime import date

import pytest
from asked import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.base import Base
from kb.ground.fault import Misuse


def test_an_unknown_end_is_no_date_and_the_answer_says_it_rests_on_it(base: Base) -> None:
    answer = base.show("circulaire/1996-12-27/7055", at="2010-01-01")
    assert (answer["status"], answer["version"]["end"], answer["version"]["end_is"]) == ("en_vigueur", None, "inconnu")
    assert any("ne dit sa fin" in note for note in answer["notes"])


def test_an_end_between_two_known_days_makes_the_status_unknown(base: Base) -> None:
    assert base.show("css/L133-2", at="1980-01-01")["status"] == "pas_encore"
    assert base.show("css/L133-2", at="2000-01-01")["status"] == "inconnu"
    assert base.show("css/L133-2", at="2025-07-01")["status"] == "abroge"


def test_an_open_end_is_not_an_unknown_one(base: Base) -> None:
    answer = base.show("css/D133-1", at="2025-12-01")
    assert (answer["version"]["end"], answer["version"]["end_is"], answer["status"]) == (None, "ouvert", "en_vigueur")


def test_a_text_without_a_date_says_so(base: Base) -> None:
    answer = base.show("instruction/sd/admission-non-valeur-msa", at="1998-01-01")
    assert answer["status"] == "inconnu"
    assert any("date" in note for note in answer["notes"])


def test_entry_into_force_by_signature_is_noted(base: Base) -> None:
    answer = base.show("decret/1970-10-23/70-1001", at="1996-12-27")
    assert answer["version"]["start"] == "1970-10-23"
    assert any("depuis sa signature" in note for note in answer["notes"])


def test_conflicts_and_anomalies_are_in_the_answer(base: Base) -> None:
    kinds = {conflict["kind"] for conflict in base.show("css/D253-81")["conflicts"]}
    assert kinds == {"conflit", "anomalie"}
    threshold = base.show("circulaire/1996-12-27/7055/II/2/2.4")["conflicts"]
    assert any("en dessous duquel" in conflict["sentence"] for conflict in threshold)


def test_without_a_day_the_last_known_text_is_shown_with_its_status(base: Base) -> None:
    answer = base.show("css/D253-81")
    assert (answer["at"], answer["status"]) == (None, "abroge")
    assert answer["text"].startswith("L'agent comptable")


def test_the_day_may_be_in_the_reference(base: Base) -> None:
    assert base.show("css/D253-81@1997-05-01")["status"] == "en_vigueur"
    assert base.show("css/D253-81@1990-05-01")["status"] == "pas_encore"


def test_a_division_has_the_validity_of_its_text(base: Base) -> None:
    division = base.show("circulaire/1996-12-27/7055/II/2/2.4", at="1997-01-01")
    assert division["version"]["id"] == "circulaire/1996-12-27/7055@1996-12-27"
    assert division["parent"] == "circulaire/1996-12-27/7055/II/2"


def test_every_provision_can_be_shown_on_any_day(base: Base) -> None:
    names = [row[0] for row in rows(base, "select id from provision")]
    for name in names:
        for day in (None, "1900-01-01", "1996-12-27", "2100-01-01"):
            answer = base.show(name, at=day)
            assert answer["id"] == name
            assert answer["version"] or answer["notes"]


@settings(max_examples=80)
@given(
    st.sampled_from(["css/D253-81", "css/D133-1", "decret/1971-12-03/71-976", "css/L133-3"]),
    st.dates(date(1960, 1, 1), date(2040, 1, 1)),
)
def test_the_version_shown_holds_on_the_day(base: Base, name: str, day: date) -> None:
    answer = base.show(name, at=day)
    version = answer["version"]
    assert (version is not None) == (answer["status"] == "en_vigueur")
    if version:
        assert version["start"] <= day.isoformat() and (version["end"] is None or day.isoformat() < version["end"])


def test_links_are_the_same_from_both_ends(base: Base) -> None:
    for name in ("css/D133-1", "css/L133-3", "decret/1996-03-21/96-251"):
        for citation in base.show(name)["cited_by"]:
            citing = citation["from"].partition("#")[0]
            assert citation["id"] in {c["id"] for c in base.show(citing)["cites"]}


def test_follow_keeps_to_what_was_in_force(base: Base) -> None:
    assert base.follow("css/D133-1", into=True, at="1997-06-01")["links"]
    assert base.follow("css/D133-1", into=True, at="1990-01-01")["links"] == []


def test_the_graph_has_two_clocks(base: Base) -> None:
    graph = base.graph
    version = graph.nodes["css/D253-81@1993-09-01"]
    assert (version["start"], version["end"], version["start_known"], version["end_known"]) == (
        "1993-09-01",
        "2007-10-20",
        "1993-08-18",
        "2007-10-20",
    )
    kinds = {kind for _, _, kind in graph.edges(data="kind")}
    assert {"contient", "version", "cite", "cree", "abroge", "codifie"} <= kinds
    assert all("kind" in data for _, data in graph.nodes(data=True))


def test_the_graph_and_the_queries_agree(base: Base) -> None:
    cited = {citation["from"].partition("#")[0] for citation in base.show("css/D133-1")["cited_by"]}
    assert {u for u, _, data in base.graph.in_edges("css/D133-1", data=True) if data["kind"] == "cite"} == cited


def test_the_rdf_view_agrees_with_the_store(base: Base) -> None:
    count = base.sparql("select (count(*) as ?n) where { ?c a oa:Annotation }")["rows"][0]["n"]
    assert int(count) == base.store.counts()["citation"]
    last = base.sparql("select ?d where { <css/D253-81/1993-09-01> eli:date_no_longer_in_force ?d }")["rows"]
    assert last == [{"d": "2007-10-19"}]
    quote = base.sparql("select ?q where { ?c oa:hasBody <css/D133-1#al1> ; oa:hasTarget/oa:hasSelector/oa:exact ?q }")[
        "rows"
    ]
    assert quote == [{"q": "article D. 133-1 (1er alinéa) du code de la sécurité sociale"}]
    assert base.sparql("ask { <css/D253-81> eli:is_part_of <css> }")["boolean"] is True


@pytest.mark.parametrize("words", ["css/D999", "xyz//", "loi/2001-01-01/2001-1"])
def test_an_unknown_reference_is_misuse(base: Base, words: str) -> None:
    with pytest.raises(Misuse):
        base.show(words)
