"""What is asked of a knowledge base, door by door, on a small code whose every answer can be read off here."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_samples import CSS, article, json_article, json_code, json_section, repository

from kb.ask.diff import changed
from kb.ask.find import find
from kb.base import Base
from kb.ground.fault import Misuse
from kb.make.build import import_law
from kb.make.report import Options

ONE = Options(workers=1)
PART = "01. Partie législative"
REPEALED = "Loi n°99-1 du 1er juin 1999 - art. 3 () JORF 2 juin 1999 en vigueur le 1er janvier 2000"
MADE = "Loi n°89-5 du 1er décembre 1989 - art. 1 () JORF 2 décembre 1989 en vigueur le 1er janvier 1990"


def files(**articles: str | None) -> dict[str, str | None]:
    return {f"{PART}/Article {num} - {num[1:]}.md": text for num, text in articles.items()}


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """Five articles: L101 has two versions, L102 cites it until 2000, L103 after, L104 is repealed in 2000, L105 cites itself."""
    folder = tmp_path_factory.mktemp("law")
    days = [
        ("1990-01-01", files(
            L101=article("L101", "Premier alinéa de 100 F.\n\nSecond alinéa.", Créé_par=MADE),
            L102=article("L102", "Voir le deuxième alinéa de l'article L. 101.\n\nVoir l'article L. 104."),
            L104=article("L104", "Voir l'article L. 105.", Abrogé_par=REPEALED, Codifié_par=MADE),
            L105=article("L105", "Voir l'article L. 105 et l'article L. 101."),
        )),
        ("2000-01-01", files(
            L101=article("L101", "Seul alinéa de 16 euros."),
            L102=article("L102", "Rien."),
            L103=article("L103", "Voir le deuxième alinéa de l'article L. 101 et le premier alinéa de l'article L. 101."),
        )),
    ]  # fmt: skip
    import_law([repository(folder / "css", days)], folder / "a.kb", ONE)
    return Base(folder / "a.kb")


# -- references ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("css/L101", "css/L101"),
        ("css/L. 101#al2", "css/L101#al2"),
        (f"{CSS}/L101@1995-01-01", "css/L101"),
        (f"{CSS}/L101#al1", "css/L101#al1"),
        (CSS, "css"),
        ("article L. 101 du code de la sécurité sociale", "css/L101"),
    ],
)
def test_a_reference_leads_to_its_provision(law: Base, words: str, name: str) -> None:
    assert find(law.store, words).id == name == law.show(words)["id"]
    day = find(law.store, words).ref.at
    assert day == (date(1995, 1, 1) if "@" in words else None)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("css/L10", "near it: css/L101, css/L102, css/L103"),
        ("css/X9", r"nothing of that name is cited, read or stated in 'css' \(Code de la sécurité sociale\)$"),
        ("loi/2001-01-01/2001-1", "no text 'loi/2001-01-01/2001-1' is known"),
        ("css/L101#al3", "css/L101 has no 'al3'"),
        ("LEGITEXT000000000001/L101", "no text"),
    ],
)
def test_what_no_reference_leads_to_is_said(law: Base, words: str, why: str) -> None:
    with pytest.raises(Misuse, match=why):
        law.show(words)


# -- citations on a day --------------------------------------------------------------------------------------------


def test_a_citation_on_a_day_leads_to_the_version_of_that_day(law: Base) -> None:
    first, _ = law.show("css/L102", at="1995-01-01")["cites"]
    assert (first["target"], first["version"]) == ("css/L101#al2", "css/L102@1990-01-01")
    assert first["on"] == {
        "day": "1995-01-01",
        "version": "css/L101@1990-01-01",
        "status": "en_vigueur",
        "exists": True,
    }


def test_whether_the_part_that_is_named_exists_that_day(law: Base) -> None:
    exists = {c["target"]: c["on"]["exists"] for c in law.show("css/L103", at="2005-01-01")["cites"]}
    assert exists == {"css/L101#al2": False, "css/L101#al1": True}


def test_what_is_no_longer_in_force_has_no_version(tmp_path: Path) -> None:
    days = [
        ("1990-01-01", files(L201=article("L201", "Rien."), L202=article("L202", "Voir l'article L. 201."))),
        ("2000-01-01", files(L201=None)),
    ]
    import_law([repository(tmp_path / "css", days)], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")
    on = [base.show("css/L202", at=day)["cites"][0]["on"] for day in ("1999-12-31", "2000-01-01")]
    assert on[0] == {"day": "1999-12-31", "version": "css/L201@1990-01-01", "status": "en_vigueur", "exists": True}
    assert on[1] == {"day": "2000-01-01", "version": None, "status": "abroge", "exists": None}


def test_what_no_text_is_known_for_has_no_status(tmp_path: Path) -> None:
    days = [
        (
            "1990-01-01",
            files(L201=article("L201", "Voir la convention collective et l'article 7 dudit accord, l'article L. 1.")),
        )
    ]
    import_law([repository(tmp_path / "css", days)], tmp_path / "a.kb", ONE)
    cites = Base(tmp_path / "a.kb").show("css/L201", at="1995-01-01")["cites"]
    on = [citation["on"] for citation in cites if citation["target"] is None]
    assert on and all(
        each == {"day": "1995-01-01", "version": None, "status": "inconnu", "exists": None} for each in on
    )


def test_without_a_day_nothing_is_said_of_one(law: Base) -> None:
    assert all("on" not in c for c in [*law.show("css/L103")["cites"], *law.show("css/L101")["cited_by"]])


def test_who_cites_it_is_who_cites_it_that_day(law: Base) -> None:
    def citing(name: str, at: str | None) -> list[str]:
        return sorted({c["from"] for c in law.show(name, at=at)["cited_by"]})

    assert citing("css/L101", "1995-01-01") == ["css/L102#al1", "css/L105#al1"]
    assert citing("css/L101", "2005-01-01") == ["css/L103#al1", "css/L105#al1"]
    assert citing("css/L101", None) == ["css/L103#al1", "css/L105#al1"]  # the versions that are shown without a day
    assert citing("css/L104", None) == []  # L102 no longer does
    assert citing("css/L105", None) == ["css/L104#al1"]  # by its last text; what cites itself is not told
    assert citing("css/L101#al1", "2005-01-01") == ["css/L103#al1"]


def test_a_part_cites_what_its_own_words_cite(law: Base) -> None:
    assert [c["target"] for c in law.show("css/L102#al2", at="1995-01-01")["cites"]] == ["css/L104"]
    assert len(law.show("css/L102", at="1995-01-01")["cites"]) == 2


def test_links_are_followed_step_by_step(law: Base) -> None:
    def steps(**how: object) -> list[tuple[int, str, str | None]]:
        links = law.follow("css/L102", **how)["links"]  # type: ignore[arg-type]
        return [
            (c["depth"], c["from"].partition("#")[0], c["target"])
            for c in links
            if (c["target"] or "").startswith("css/")
        ]

    one = [(1, "css/L102", "css/L101#al2"), (1, "css/L102", "css/L104")]
    two = [(2, "css/L104", "css/L105")]
    three = [(3, "css/L105", "css/L105"), (3, "css/L105", "css/L101")]
    assert steps() == one
    assert steps(depth=2, at="1995-01-01") == one + two
    assert steps(depth=3) == steps(depth=9) == one + two + three
    assert steps(at="2005-01-01") == []
    answer = law.follow("css/L105", into=True, depth=2, at="1995-01-01")
    assert (answer["id"], answer["direction"], answer["at"], answer["depth"]) == ("css/L105", "in", "1995-01-01", 2)
    assert [(c["depth"], c["from"]) for c in answer["links"]] == [
        (1, "css/L104#al1"), (1, "css/L105#al1"), (2, "css/L102#al2"),
    ]  # fmt: skip
    assert law.follow("css/L102#al1")["direction"] == "out"
    with pytest.raises(Misuse, match="from 1 on"):
        law.follow("css/L102", depth=0)


# -- tables of contents --------------------------------------------------------------------------------------------


def test_a_table_of_contents_is_of_its_day(tmp_path: Path) -> None:
    versions = [
        (f"LEGIARTI00000000010{n}", f"{1990 + 5 * n}-01-01", f"{1995 + 5 * n}-01-01", "MODIFIE") for n in (0, 1)
    ]
    old = json_section("Titre ancien", [json_article("L2", "LEGIARTI000000000200", [("LEGIARTI000000000200", "1990-01-01", "2999-01-01", "VIGUEUR")], "<p>b</p>")])  # fmt: skip
    new = json_section("Titre neuf", [json_article("L10", "LEGIARTI000000000100", versions, "<p>a</p>")])
    (tmp_path / f"{CSS}.json").write_text(json_code([json_section("Livre I", [new, old])]), encoding="utf-8")
    import_law([tmp_path / f"{CSS}.json"], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")

    def lines(ref: str, at: str) -> list[tuple[int, str, str | None]]:
        return [(line["depth"], line["title"], line["version"]) for line in base.show(ref, at=at)["contents"]]

    whole = [
        (0, "Livre I", None),
        (1, "Titre neuf", None),
        (2, "Article L10", "css/L10@1990-01-01"),
        (1, "Titre ancien", None),
        (2, "Article L2", "css/L2@1990-01-01"),
    ]
    assert lines("css", "1992-01-01") == whole
    assert lines("css", "2005-01-01") == [whole[0], whole[3], whole[4]]
    assert lines("css", "1989-12-31") == []
    division = base.store.children("css")[0].id
    assert lines(division, "1992-01-01") == [(depth - 1, *rest) for depth, *rest in whole[1:]]


# -- what took the place -------------------------------------------------------------------------------------------


def test_what_an_act_codified_takes_its_place_when_it_ends(base_file: Path, tmp_path: Path) -> None:
    ended, act = tmp_path / "ended.kb", "decret/1995-02-15/95-164"
    shutil.copy(base_file, ended)
    with sqlite3.connect(ended) as db:
        db.execute("update version set end = '2000-01-01', end_is = 'date' where provision = ?", (act,))
    db.close()
    (reason,) = Base(ended).said(act, at="2000-01-01")["reasons"]
    assert (reason["kind"], reason["successor"]) == ("fini", "css/D133-2-1")
    assert reason["sentence"].endswith("; devenu css/D133-2-1.")


def test_who_codified_it_does_not_take_its_place(law: Base) -> None:
    (reason,) = law.said("css/L104", at="2000-01-01")["reasons"]
    assert (reason["kind"], reason["by"], reason["successor"]) == ("abroge", "loi/1999-06-01/99-1/art-3", None)


# -- through time --------------------------------------------------------------------------------------------------


def test_a_history_says_who_made_and_who_ended_each_version(law: Base) -> None:
    first, second = law.history("css/L101")["versions"]
    assert first["by"] == [{"kind": "cree", "by": "loi/1989-12-01/89-5/art-1", "published": "1989-12-02"}]
    assert (first["ended_by"], second["by"], second["ended_by"]) == ([], [], [])
    (only,) = law.history("css/L104")["versions"]
    assert only["ended_by"] == [{"kind": "abroge", "by": "loi/1999-06-01/99-1/art-3", "published": "1999-06-02"}]
    assert [len(version["said"]) for version in (first, second, only)] == [1, 1, 1]


def test_what_made_no_version_stands_aside(tmp_path: Path) -> None:
    stated = [("LEGIARTI000000000100", "2000-01-01", "1999-01-01", "MODIFIE_MORT_NE"), ("LEGIARTI000000000101", "2000-01-01", "2999-01-01", "VIGUEUR")]  # fmt: skip
    (tmp_path / f"{CSS}.json").write_text(json_code([json_article("L1", "LEGIARTI000000000100", stated, "<p>a</p>")]))
    import_law([tmp_path / f"{CSS}.json"], tmp_path / "a.kb", ONE)
    told = Base(tmp_path / "a.kb").history("css/L1")
    assert [said["official"] for said in told["aside"]] == ["LEGIARTI000000000100"]
    assert [[said["official"] for said in v["said"]] for v in told["versions"]] == [["LEGIARTI000000000101"]]


def test_what_changed_in_a_text_is_told_by_article(law: Base) -> None:
    answer = law.diff("css", "1999-12-31", "2000-01-01")
    assert (answer["new"], answer["gone"], answer["changed"]) == (["css/L103"], ["css/L104"], ["css/L101", "css/L102"])
    assert not answer["same"] and law.diff("css", "1995-01-01", "1996-01-01")["same"]


def test_what_is_gone_has_no_words(law: Base) -> None:
    answer = law.diff("css/L104", "1999-12-31", "2000-01-01")
    assert (answer["from"]["version"], answer["to"]["version"]) == ("css/L104@1990-01-01", None)
    assert [(c["op"], c["words"]) for c in answer["changes"]] == [("gone", "Voir l'article L. 105.")]
    assert not answer["same"]
    assert law.diff("css/L104", "2001-01-01", "2001-01-01")["same"]


def test_words_that_are_not_held_are_not_compared(tmp_path: Path) -> None:
    stated = [("LEGIARTI000000000100", "1990-01-01", "2000-01-01", "MODIFIE"), ("LEGIARTI000000000101", "2000-01-01", "2999-01-01", "VIGUEUR")]  # fmt: skip
    (tmp_path / f"{CSS}.json").write_text(json_code([json_article("L1", "LEGIARTI000000000100", stated, "<p>a</p>")]))
    import_law([tmp_path / f"{CSS}.json"], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")
    with pytest.raises(Misuse, match="the text of css/L1 on 1995-01-01 is not in"):
        base.diff("css/L1", "1995-01-01", "2005-01-01")
    with pytest.raises(Misuse, match="on 1995-01-01"):
        base.diff("css/L1", "1980-01-01", "1995-01-01")


WORDS = st.lists(st.sampled_from(["le ", "seuil ", "de ", "100 ", "F", ".", ", ", "\n", "\n\n", "l'", "ou\n"]), max_size=14).map("".join)  # fmt: skip


@given(WORDS, WORDS)
def test_runs_of_words_join_to_both_texts_at_their_places(before: str, after: str) -> None:
    runs = list(changed(before, after))
    old = [run for run in runs if run.op != "new"]
    new = [run for run in runs if run.op != "gone"]
    assert "".join(run.words for run in new) == after
    assert [run.after for run in new] == [len("".join(run.words for run in new[:n])) for n in range(len(new))]
    pieces = [before[a:b] for a, b in pairwise([*(run.before for run in old), len(before)])]
    assert "".join(pieces) == before
    for run, piece in zip(old, pieces, strict=True):
        assert run.words == piece or (run.op == "same" and run.words.split() == piece.split())
    assert all(run.words for run in runs)
    # two changes have a word between them that did not change
    for a, b, c in zip(runs, runs[1:], runs[2:], strict=False):
        assert not (a.op != "same" and b.op == "same" and c.op != "same") or any(map(str.isalnum, b.words))


@pytest.mark.parametrize(
    ("before", "after", "ops"),
    [
        ("Un seuil\nde 100 F.", "Un seuil de 100 F.", ["same"]),  # where a line is cut does not count
        ("Un seuil\n\nde 100 F.", "Un seuil de 100 F.", ["same", "gone", "new", "same"]),  # where an alinéa ends does
        ("un, deux", "trois, quatre", ["gone", "new"]),  # a mark between two changes parts none
        ("un et deux", "trois et quatre", ["gone", "new", "same", "gone", "new"]),
        ("(un", "(deux", ["same", "gone", "new"]),  # a mark before any change is no change
        # however often a word stands
        ("dix " + "de la " * 100 + "cent", "vingt " + "de la " * 100 + "mille", ["gone", "new", "same", "gone", "new"]),
        ("", "neuf", ["new"]),
        ("ôté", "", ["gone"]),
        ("", "", []),
    ],
)
def test_one_change_is_one_run(before: str, after: str, ops: list[str]) -> None:
    assert [run.op for run in changed(before, after)] == ops


# -- search, rules, trails -----------------------------------------------------------------------------------------


def test_each_provision_is_found_once_and_counted(law: Base) -> None:
    found = law.search("alinéa")
    assert [(hit["id"], hit["version"]) for hit in found["hits"] if hit["id"] == "css/L101"] == [("css/L101", "css/L101@2000-01-01")]  # fmt: skip
    assert (found["words"], found["at"], found["total"], len(found["hits"])) == ("alinéa", None, 3, 3)
    one = law.search("alinéa", limit=1)
    assert (one["total"], one["hits"]) == (3, found["hits"][:1])
    past = law.search("alinéa", at="1995-01-01")
    assert past["at"] == "1995-01-01" and {hit["version"] for hit in past["hits"]} == {"css/L101@1990-01-01", "css/L102@1990-01-01"}  # fmt: skip
    assert law.search("alinéa", at="1995-01-01")["hits"][0]["title"].startswith("Article L10")
    with pytest.raises(Misuse, match="a number of hits from 1 on"):
        law.search("alinéa", limit=0)


def test_the_marks_of_a_hit_are_the_words_that_were_asked(law: Base) -> None:
    (hit,) = law.search("euros alinéa")["hits"]
    assert sorted(hit["excerpt"][a:b] for a, b in hit["marks"]) == ["alinéa", "euros"]
    assert "\n" not in law.search("second alinéa", at="1995-01-01")["hits"][0]["excerpt"]


def test_only_marks_inside_the_excerpt_are_told(tmp_path: Path) -> None:
    words = f"Le plafond. {'Rien de tel ici. ' * 40}Le plafond annuel. {'Rien non plus. ' * 40}Un plafond."
    import_law(
        [repository(tmp_path / "css", [("1990-01-01", files(L201=article("L201", words)))])], tmp_path / "a.kb", ONE
    )
    (hit,) = Base(tmp_path / "a.kb").search("plafond annuel")["hits"]
    assert [hit["excerpt"][a:b] for a, b in hit["marks"]] == ["plafond", "annuel"]


def test_a_trail_leads_to_line_and_column(law: Base) -> None:
    citation = next(c for c in law.show("css/L102", at="1995-01-01")["cites"] if c["target"] == "css/L104")
    trail = law.trace(citation["id"])
    source = law.store.source(trail["file"]["source"])
    line = source.text.split("\n")[trail["file"]["line"] - 1]
    assert line[trail["file"]["column"] - 1 :].startswith(citation["quote"])
    assert (trail["file"]["sha256"], trail["file"]["path"]) == (source.sha256, source.path)
    assert (trail["version"]["id"], trail["paragraph"]["id"]) == ("css/L102@1990-01-01", "css/L102#al2")
    assert trail["target"]["id"] == "css/L104" and [v["id"] for v in trail["target"]["versions"]] == ["css/L104@1990-01-01"]  # fmt: skip
    for rank in (0, law.store.counts()["citation"] + 1):
        with pytest.raises(Misuse, match="they are numbered from 1 to"):
            law.trace(rank)


def test_rules_are_those_of_a_day_that_speak_of_a_provision(base: Base) -> None:
    def named(**how: str) -> set[str]:
        return {rule["id"] for rule in base.rules(**how)}

    everything = named()
    assert named(at="1990-01-01") < everything > named(at="1997-01-01")
    assert "abandon-cotisations" in named(at="1997-01-01", about="css/D133-1")
    assert "indu-rmi" in everything - named(about="css/D133-1")
    assert "abandon-cotisations" in named(at="1997-01-01") - named(at="1997-01-01", known_at="1980-01-01")
    assert named(known_at="1980-01-01") < named(known_at="2020-01-01")
    with pytest.raises(Misuse, match="unknown rule 'indu-rni'; near it: indu-rmi"):
        base.apply("indu-rni", {}, at="1997-01-01")
    with pytest.raises(Misuse, match=r"unknown rule 'zzz'$"):
        base.apply("zzz", {}, at="1997-01-01")
    with pytest.raises(Misuse, match="facts are a JSON object"):
        base.apply("indu-rmi", [], at="1997-01-01")  # type: ignore[arg-type]


def test_a_rule_rests_on_the_version_of_the_day(base: Base) -> None:
    book = base.rulebook
    version = book.version_at("css/D133-1#al1", date(1997, 5, 1))
    assert version and (version["id"], version["start"], version["end"]) == (
        "LEGIARTI000006735225", "1992-03-28", "2002-01-01",
    )  # fmt: skip
    assert book.version_at("css/D133-1", date(1990, 1, 1)) is None
    assert book.version_at("css/nowhere", date(1990, 1, 1)) is None
    act = book.version_at("decret/1971-12-03/71-976", date(1990, 1, 1))
    assert act and act["id"] == "decret/1971-12-03/71-976@1971-12-03"


# -- what is shown -------------------------------------------------------------------------------------------------


def test_a_text_is_its_alineas_and_not_its_links(law: Base) -> None:
    answer = law.show("css/L101", at="1995-01-01")
    assert answer["text"] == "Premier alinéa de 100 F.\n\nSecond alinéa."
    assert [p["kind"] for p in answer["paragraphs"]] == ["alinea", "alinea", "lien"]
    assert law.show("css/L101#al2", at="1995-01-01")["text"] == "Second alinéa."
    assert law.said("css/L101#al2", at="1995-01-01")["text"] == "Second alinéa."
    assert [v["id"] for v in answer["versions"]] == ["css/L101@1990-01-01", "css/L101@2000-01-01"]


def test_words_that_are_not_held_are_said_not_to_be(base: Base) -> None:
    missing = "Son texte n'est pas dans cette base de connaissances."
    assert missing in base.show("css/D133-1", at="1997-05-01")["notes"]
    for held in ("css/D253-81", "circulaire/1996-12-27/7055", "circulaire/1996-12-27/7055/II"):
        assert missing not in base.show(held, at="1997-05-01")["notes"]


def test_an_end_that_nobody_knew_is_not_shown(law: Base) -> None:
    answer = law.show("css/L104", at="2001-01-01", known_at="1999-06-01")
    version = answer["version"]
    assert (answer["status"], version["end"], version["end_is"], version["end_proof"]) == ("en_vigueur", None, "ouvert", [])  # fmt: skip
    known = law.show("css/L104", at="1995-01-01", known_at="1999-06-02")["version"]
    assert (known["end"], known["end_is"]) == ("2000-01-01", "date") and known["end_proof"]


def test_without_a_day_the_last_text_is_shown_and_its_status_is_todays(law: Base) -> None:
    gone, going = law.show("css/L104"), law.show("css/L101")
    assert (gone["status"], gone["at"], gone["version"]["id"]) == ("abroge", None, "css/L104@1990-01-01")
    assert gone["text"] == "Voir l'article L. 105."
    assert (going["status"], going["version"]["id"]) == ("en_vigueur", "css/L101@2000-01-01")


def test_what_is_known_beside_a_text_is_told_apart(base: Base) -> None:
    answer = base.show("css/D253-81")
    assert {fact["key"] for fact in answer["facts"]} == {"legiarti"}
    assert {note["kind"] for note in answer["conflicts"]} == {"conflit", "anomalie"}
    assert base.show("circulaire/1996-12-27/7055/I/1#al1")["rules"] != base.show("circulaire/1996-12-27/7055")["rules"]
