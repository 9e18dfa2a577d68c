"""The verdict on a citation, on a day: what it is, since when, by what, what took its place, and the sentence that says why."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT
from law_samples import CSS, article, json_article, json_code, json_section, repository

from kb.ask.check import Checker
from kb.ask.draft import Cited
from kb.ask.reports import CitationChecked
from kb.ask.verdicts import (
    DOUBTFUL,
    IDENTITY,
    IN_FORCE,
    NOT_COVERED,
    REPEALED,
    WRONG_DATE,
    Judge,
    Verdict,
)
from kb.cite.resolve.citation import AMBIGUOUS, CONTRADICTED, KNOWN, RESOLVED, UNKNOWN, Citation
from kb.make.build import build
from kb.make.report import Options
from kb.store.reading import Store

PART = "01. Partie législative"
LAW = "Loi n°99-1 du 1er juin 1999 - art. 3"
TOLD = f"{LAW} () JORF 2 juin 1999 en vigueur le 1er janvier 2000"
LATER = "Loi n°2001-1 du 1er juin 2001 - art. 4"
MOVED = "Code de la sécurité sociale - art. L911-9 (VT)"
CTRAV = "LEGITEXT000006072050"
C, T = "du code de la sécurité sociale", "du code du travail"


def file(num: str) -> str:
    return f"{PART}/Article {num} - {num.replace('-', '')}.md"


FILLER = {f"L920-{n}": article(f"L920-{n}", "Sans objet.") for n in range(1, 51)}
#: What another code names of one that is held as of today.
NAMED = "Voir l'article L. 1221-3 du code du travail, l'article L. 1231-5 du code du travail et l'article L. 1241-2 du code du travail."
FIRST = {
    **FILLER,
    "L910-1": article("L910-1", "Dix ans.\n\nSecond."),
    "L910-2": article("L910-2", "Rien."),
    "L910-4": article("L910-4", "Fini.", Abrogé_par=TOLD),
    "L910-5": article("L910-5", "Mêmes mots."),
    "L910-6": article("L910-6", "I. - Un.\n\n1° Premier ;\n\n2° bis Second ;\n\na) Lettre.\n\nB. Majuscule."),
    "L910-7": article("L910-7", "Ailleurs.", Nouveaux_textes=MOVED.replace("911-9", "910-8"), Abrogé_par=TOLD),
    "L910-9": article("L910-9", NAMED),
}
COMMITS: list[tuple[str, dict[str, str | None]]] = [
    ("1990-01-01", {file(num): text for num, text in FIRST.items()}),
    ("2000-01-01", {file("L910-4"): None}),
    ("2005-01-01", {file("L910-2"): None, file("L910-5"): article("L910-5", "Mêmes   mots !"), file("L910-8"): article("L910-8", "Nouveau.")}),
    ("2010-01-01", {file("L910-1"): article("L910-1", "Vingt ans.\n\nSecond.")}),
    ("2020-01-01", {file("L910-3"): article("L910-3", "À venir.")}),
]  # fmt: skip


def dated(num: str, rank: int, start: str = "1995-01-01") -> dict[str, object]:
    own = f"LEGIARTI{rank:012d}"
    return json_article(num, own, [(own, start, "2999-01-01", "VIGUEUR")], "<p>Mot.</p>")


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A code with its history, and one of which only the articles of today are held."""
    place = tmp_path_factory.mktemp("law")
    held = [*(f"L1211-{n}" for n in range(1, 51)), "L1221-1", "L1221-2", "L1251", "L910-1"]
    articles: list[object] = [
        dated(num, rank, "2008-05-01" if num == "L1221-1" else "1995-01-01") for rank, num in enumerate(held, 100)
    ]
    (place / f"{CTRAV}.json").write_text(json_code([json_section("Livre I", articles)], CTRAV, "Code du travail"))
    containers = [repository(place / "css", COMMITS), place / f"{CTRAV}.json"]
    build(ROOT / "corpus", place / "law.kb", containers, Options(workers=1))
    return Store(place / "law.kb")


def checked(store: Store, words: str, day: str = "2015-06-01", since: str | None = None) -> list[CitationChecked]:
    checker = Checker(store, date.fromisoformat(day), date.fromisoformat(since) if since else None)
    return checker.check("a.txt", words.encode())[0]["citations"]


def told(store: Store, words: str, day: str = "2015-06-01", since: str | None = None) -> tuple[str | None, ...]:
    """(verdict, since, by, successor, version, note) of the one citation in *words*."""
    (found,) = checked(store, words, day, since)
    return tuple(found[key] for key in ("verdict", "since", "by", "successor", "version", "note"))  # type: ignore[literal-required]


UNHELD = "Cet article n'est pas parmi ceux qui sont tenus ici."
WAS_NAMED = "D'autres textes le nomment, lui ou son chapitre, et il n'est plus dans le code d'aujourd'hui ; le jour de sa fin n'est dans aucune source."
OF_LAW = "N'est plus en vigueur depuis le 1er janvier 2000 : abrogé par l'article 3 de la loi n° 99-1 du 1er juin 1999."
ACT = "loi/1999-06-01/99-1/art-3"


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        (f"L. 910-1 {C}", ("en_vigueur", "2010-01-01", None, None, "css/L910-1@2010-01-01", "")),
        (f"L. 910-2 {C}", ("abroge", "2005-01-01", None, None, "css/L910-2@1990-01-01", "N'est plus en vigueur depuis le 1er janvier 2005.")),
        (f"L. 910-3 {C}", ("pas_encore", "2020-01-01", None, None, None, "Pas encore en vigueur : entre en vigueur le 1er janvier 2020.")),
        (f"L. 910-4 {C}", ("abroge", "2000-01-01", ACT, None, "css/L910-4@1990-01-01", OF_LAW)),
        (f"L. 910-7 {C}", ("abroge", "2000-01-01", ACT, "css/L910-8", "css/L910-7@1990-01-01", OF_LAW)),
        (f"L. 910-99 {C}", ("inexistant", None, None, None, None, "Ce code, tenu ici avec son histoire, n'a jamais eu cet article.")),
        ("1984 du code civil", ("non_couvert", None, None, None, None, "Ce code n'est pas dans cette base.")),
        (f"L. 122-4 {T}", ("abroge", "2008-05-01", "ordonnance/2007-03-12/2007-329", None, None, "Numéro de l'ancienne partition du code, abrogée le 1er mai 2008.")),
        (f"L. 1221-1 {T}", ("en_vigueur", "2008-05-01", None, None, "ctrav/L1221-1@2008-05-01", "")),
        # named by others, cited by a text in force
        (f"L. 1221-3 {T}", ("identite_seule", None, None, None, None, UNHELD)),
        (f"L. 1231-5 {T}", ("identite_seule", None, None, None, None, UNHELD)),
        # beyond the last number of a chapter that is held, or that others name
        (f"L. 1221-4 {T}", ("inexistant", None, None, None, None, "Aucune source tenue ici ne le nomme ; son chapitre va jusqu'à L1221-3.")),
        (f"L. 1211-51 {T}", ("inexistant", None, None, None, None, "Aucune source tenue ici ne le nomme ; son chapitre va jusqu'à L1211-50.")),
        (f"L. 1231-6 {T}", ("identite_seule", None, None, None, None, UNHELD)),
        # of a chapter that others name and of which nothing is left
        (f"L. 1231-4 {T}", ("abroge", None, None, None, None, WAS_NAMED)),
        (f"L. 1241-1 {T}", ("abroge", None, None, None, None, WAS_NAMED)),
        # below an article that is held, and that has no parts
        (f"L. 1251-1 {T}", ("inexistant", None, None, None, None, "Aucune source tenue ici ne le nomme, ni aucun article L1251-1.")),
        (f"L. 1261-1 {T}", ("identite_seule", None, None, None, None, UNHELD)),
        (f"L. 1300 {T}", ("identite_seule", None, None, None, None, UNHELD)),
    ],
)  # fmt: skip
def test_an_article_on_a_day(law: Store, words: str, verdict: tuple[str | None, ...]) -> None:
    assert told(law, f"L'article {words}.") == verdict


def test_a_number_of_before_ends_the_day_the_code_was_made_anew(law: Store) -> None:
    words = f"L'article L. 122-4 {T}."
    assert [told(law, words, day)[0] for day in ("2008-04-30", "2008-05-01")] == ["identite_seule", "abroge"]
    # a number of the other code that only looks like one of before
    assert told(law, f"L'article L. 122-4 {C}.")[0] == "inexistant"


def test_each_bound_of_an_article_has_its_verdict(law: Store) -> None:
    days = ("1989-12-31", "1990-01-01", "2004-12-31", "2005-01-01")
    assert [told(law, f"L'article L. 910-2 {C}.", day)[:2] for day in days] == [
        ("pas_encore", "1990-01-01"), ("en_vigueur", "1990-01-01"), ("en_vigueur", "1990-01-01"), ("abroge", "2005-01-01"),
    ]  # fmt: skip


def test_a_code_is_in_force_where_it_is_held(law: Store) -> None:
    found = checked(law, "Le code de la sécurité sociale et le code civil.")
    assert [(c["target"], c["verdict"], c["note"]) for c in found] == [
        ("css", "en_vigueur", ""),
        ("cciv", "non_couvert", ""),
    ]


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        (f"Le deuxième alinéa de l'article L. 910-1 {C}", ""),
        (f"Le troisième alinéa de l'article L. 910-1 {C}", "Cet article a 2 alinéas, et non 3."),
        (f"Le dernier alinéa de l'article L. 910-1 {C}", ""),
        (f"L'avant-dernier alinéa de l'article L. 910-5 {C}", "Cet article a 1 alinéa, et non 2."),
        (f"La première phrase de l'article L. 910-5 {C}", ""),
        (f"Le I de l'article L. 910-6 {C}", ""),
        (f"Le II de l'article L. 910-6 {C}", "Cet article n'a pas de « II »."),
        (f"Le 1° de l'article L. 910-6 {C}", ""),
        (f"Le 2° bis de l'article L. 910-6 {C}", ""),
        (f"Le 1° bis de l'article L. 910-6 {C}", "Cet article n'a pas de « 1°bis »."),
        (f"Le 3° de l'article L. 910-6 {C}", "Cet article n'a pas de « 3° »."),
        (f"Le a de l'article L. 910-6 {C}", ""),
        (f"Le b de l'article L. 910-6 {C}", "Cet article n'a pas de « b »."),
        (f"Le B de l'article L. 910-6 {C}", ""),
        (f"Le 1° du I de l'article L. 910-6 {C}", ""),
        (f"Le 9° du I de l'article L. 910-6 {C}", "Cet article n'a pas de « 9° »."),
    ],
)
def test_a_part_that_an_article_lacks(law: Store, words: str, lacking: str) -> None:
    (found,) = checked(law, f"{words}.")
    assert (found["verdict"], found["note"]) == ("fragment_absent" if lacking else "en_vigueur", lacking)
    number = found["target"].partition("#")[0] if found["target"] else ""
    assert found["version"] in (f"{number}@1990-01-01", f"{number}@2005-01-01", f"{number}@2010-01-01")


@pytest.mark.parametrize(
    ("num", "since", "note"),
    [
        ("L. 910-1", "1980-01-01", "N'était pas en vigueur le 1er janvier 1980 : ses mots datent du 1er janvier 2010."),
        ("L. 910-1", "2009-12-31", "Ses mots ont changé depuis le 31 décembre 2009 : la version en vigueur commence le 1er janvier 2010."),
        ("L. 910-1", "2010-01-01", ""),
        ("L. 910-1", "2016-01-01", ""),  # of a day to come nothing is told
        ("L. 910-5", "1995-01-01", ""),  # another version in the same words
        ("L. 910-8", "2004-12-31", "N'était pas en vigueur le 31 décembre 2004 : ses mots datent du 1er janvier 2005."),
        ("L. 910-8", "2005-01-01", ""),
    ],
)  # fmt: skip
def test_words_that_changed_since_a_day(law: Store, num: str, since: str, note: str) -> None:
    (found,) = checked(law, f"L'article {num} {C}.", since=since)
    assert (found["verdict"], found["note"]) == ("modifie" if note else "en_vigueur", note)
    assert found["since"] and found["version"] and found["version"].endswith(f"@{found['since']}")


def test_words_that_are_not_held_count_as_changed(tmp_path: Path) -> None:
    own = [("LEGIARTI000000000100", "1990-01-01", "2000-01-01", "MODIFIE"), ("LEGIARTI000000000101", "2000-01-01", "2999-01-01", "VIGUEUR")]  # fmt: skip
    articles: list[object] = [dated(f"L920-{n}", 200 + n) for n in range(1, 51)]
    articles.append(json_article("L1", "LEGIARTI000000000100", own, "<p>a</p>"))
    (tmp_path / f"{CSS}.json").write_text(json_code([json_section("Livre I", articles)]))
    build(ROOT / "corpus", tmp_path / "a.kb", [tmp_path / f"{CSS}.json"], Options(workers=1))
    store = Store(tmp_path / "a.kb")
    assert told(store, f"L'article L. 1 {C}.", since="1995-01-01")[0] == "modifie"
    # the words of then: that a part is not there cannot be said of words that are not here
    assert told(store, f"Le neuvième alinéa de l'article L. 1 {C}.", "1995-01-01")[0] == "en_vigueur"
    assert told(store, f"Le neuvième alinéa de l'article L. 1 {C}.", "2005-01-01")[0] == "fragment_absent"


# -- what links say of an end that nobody dates --------------------------------------------------------------------


@pytest.fixture(scope="module")
def undated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Articles without an end, of a history and of a code held whole that lacks all but L911-9 and L920-1."""
    place = tmp_path_factory.mktemp("undated")
    texts = {
        **FILLER,
        "L911-1": article("L911-1", "Un.", Abrogé_par=LAW),
        "L911-2": article("L911-2", "Deux.", Nouveaux_textes=MOVED),
        "L911-3": article("L911-3", "Trois.", Transféré_par=LAW),
        "L911-4": article("L911-4", "Rien ne le dit.", Cité_par=LAW),
        "L911-5": article("L911-5", "Cinq.", Liens=f"ABROGE par {LAW}"),
        "L911-6": article("L911-6", "Six.", Liens=f"CITE {LAW}"),
        "L911-7": article("L911-7", "Sept.", Abrogé_par=LAW, Nouveaux_textes=MOVED),
        "L911-8": article("L911-8", "Huit.", Transféré_par=f"{LAW}\n\n  - {LATER}"),
        "L911-10": article("L911-10", "Dix.", Nouveaux_textes=MOVED.replace("L911-9", "L920-1")),
        "L911-11": article("L911-11", "Onze.", Abrogé_par=C.replace("du code", "Code") + " - art. L911-9 (VT)"),
        "L920-1": article("L920-1", "Encore.", Abrogé_par=LAW),
    }
    articles: list[object] = [dated("L911-9", 900, "2012-01-01"), *(dated(f"L920-{n}", 100 + n) for n in range(2, 51))]
    articles.append(dated("L920-1", 101, "1980-01-01"))
    (place / f"{CSS}.json").write_text(json_code([json_section("Livre I", articles)]))
    history = repository(place / "css", [("1990-01-01", {file(num): text for num, text in texts.items()})])
    build(ROOT / "corpus", place / "law.kb", [history, place / f"{CSS}.json"], Options(workers=1))
    with sqlite3.connect(place / "law.kb") as db:
        db.execute("update version set end = null, end_is = 'inconnu' where provision in ('css/L911-1', 'css/L911-7')")
        db.execute("update version set end = null, end_is = 'inconnu' where provision = 'css/L920-1'")
    db.close()
    yield Store(place / "law.kb")


ABSENT = "Absent du code entier que tient une autre source ; ses liens le disent "


@pytest.mark.parametrize(
    ("num", "day", "verdict", "by", "successor"),
    [
        ("1", "1999-05-31", "en_vigueur", None, None),
        ("1", "1999-06-01", "abroge", "loi/1999-06-01/99-1", None),
        ("2", "2011-12-31", "en_vigueur", None, None),
        ("2", "2012-01-01", "abroge", None, "css/L911-9"),
        ("3", "1999-06-01", "abroge", "loi/1999-06-01/99-1", None),
        ("4", "2015-06-01", "en_vigueur", None, None),
        ("5", "2015-06-01", "abroge", "loi/1999-06-01/99-1", None),
        ("6", "2015-06-01", "en_vigueur", None, None),
        ("7", "2011-12-31", "en_vigueur", None, None),
        ("7", "2012-01-01", "abroge", "loi/1999-06-01/99-1", "css/L911-9"),
        ("8", "2001-05-31", "en_vigueur", None, None),
        ("8", "2001-06-01", "abroge", "loi/2001-06-01/2001-1", None),
        ("10", "2015-06-01", "en_vigueur", None, None),  # what is older than itself did not take its place
        ("11", "2015-06-01", "en_vigueur", None, None),  # no act ended it
    ],
)
def test_an_article_that_its_links_say_is_gone(
    undated: Store, num: str, day: str, verdict: str, by: str | None, successor: str | None
) -> None:
    found = told(undated, f"L'article L. 911-{num} {C}.", day)
    assert (found[0], found[2], found[3], found[4]) == (verdict, by, successor, f"css/L911-{num}@1990-01-01")
    if verdict == "abroge":
        assert found[1] == ("2012-01-01" if successor else None)
        assert found[5] == ABSENT + (f"devenu {successor}." if successor else "abrogé.")


def test_what_another_source_holds_today_is_there(undated: Store) -> None:
    assert told(undated, f"L'article L. 920-1 {C}.")[0] == "en_vigueur"


# -- what names no one text ----------------------------------------------------------------------------------------


def citation(
    target: str | None = None, status: str = UNKNOWN, *candidates: str, num: str | None = None, code: str | None = None,
    text: dict[str, str | None] | None = None,
) -> Cited:  # fmt: skip
    return Cited(Citation(0, 1, "x", target, status, candidates, code, num, None, None, text, "article"), 0, None)


@pytest.fixture(scope="module")
def verdict(law: Store) -> Callable[[Cited], Verdict]:
    return Judge(law, date(2015, 6, 1)).judge


def test_of_several_texts_the_one_that_is_in_force(verdict: Callable[[Cited], Verdict]) -> None:
    one = verdict(citation(None, AMBIGUOUS, "css/L910-2", "css/L910-8", "cciv/1"))
    assert (one.verdict, one.target) == (IN_FORCE, "css/L910-8")
    two = verdict(citation(None, AMBIGUOUS, "css/L910-1", "css/L910-2", "ctrav/L910-1"))
    assert two == Verdict(
        DOUBTFUL, note="Plusieurs textes possibles : css/L910-1, ctrav/L910-1.", candidates=("css/L910-1", "ctrav/L910-1")
    )  # fmt: skip
    none = verdict(citation(None, AMBIGUOUS, "css/L910-2", "cciv/1"))
    assert none == Verdict(
        NOT_COVERED, note="Aucun des textes possibles n'est dans cette base.", candidates=("css/L910-2", "cciv/1")
    )


def test_a_number_that_several_codes_have(verdict: Callable[[Cited], Verdict]) -> None:
    several = verdict(citation(num="L910-1"))
    assert several == Verdict(
        DOUBTFUL, note="Aucun code n'est nommé ici, et plusieurs ont ce numéro : css/L910-1, ctrav/L910-1.",
        candidates=("css/L910-1", "ctrav/L910-1"),
    )  # fmt: skip
    silent = Verdict(NOT_COVERED, note="Ce que ces mots désignent n'est pas couvert par cette base.")
    for other in (
        citation(),
        citation(num="L910-8"),
        citation(num="L910-1", code=CSS),
        citation(num="L910-1", text={"nature": "accord"}),
        citation(num="12"),
    ):
        assert verdict(other) == silent


def test_a_number_and_a_day_that_do_not_go_together(verdict: Callable[[Cited], Verdict]) -> None:
    act: dict[str, str | None] = {"nature": "decret", "num": "71-976"}
    told = verdict(citation(None, CONTRADICTED, "decret/1971-12-03/71-976/art-2", text=act))
    assert told == Verdict(
        WRONG_DATE, "decret/71-976", successor="decret/1971-12-03/71-976", note="Le numéro 71-976 est celui d'un texte du 3 décembre 1971.",
    )  # fmt: skip
    assert verdict(citation(None, CONTRADICTED, text=act)) == Verdict(WRONG_DATE, "decret/71-976")


def test_a_name_that_is_no_number(verdict: Callable[[Cited], Verdict]) -> None:
    assert verdict(citation("css/annexe-9", KNOWN)) == Verdict(IDENTITY, "css/annexe-9", note=UNHELD)
    assert verdict(citation("css/L910-1@1995-01-01", RESOLVED)).target == "css/L910-1"


# -- acts ----------------------------------------------------------------------------------------------------------

IDENTIFIED = "L'identité de ce texte est certaine ; ses mots ne sont pas ici."
OTHER_KIND = "Cette sorte de texte n'est pas couverte par cette base."


@pytest.mark.parametrize(
    ("words", "target", "verdict", "successor", "note"),
    [
        ("Le décret n° 71-976 du 8 décembre 1971", "decret/71-976", "date_contredite", "decret/1971-12-03/71-976", "Le numéro 71-976 est celui d'un texte du 3 décembre 1971."),
        ("Le décret n° 71-976 du 3 décembre 1971", "decret/1971-12-03/71-976", "identite_seule", None, IDENTIFIED),
        ("La loi n° 99-1 du 1er juin 1999", "loi/1999-06-01/99-1", "identite_seule", None, IDENTIFIED),
        ("La loi du 8 août 1916", "loi/1916-08-08", "identite_seule", None, ""),
        ("La loi du 31 décembre 1944", "loi/1944-12-31", "identite_seule", None, ""),
        ("La loi du 1er janvier 1945", "loi/1945-01-01", "date_seule", None, "Plusieurs textes de cette nature peuvent porter cette date : ajoutez son numéro."),
        ("Le règlement (UE) n° 1408/71 du 14 juin 1971", "reglement-ue/1971-06-14/1408-71", "non_couvert", None, OTHER_KIND),
        ("La convention du 3 mars 1980", "convention/1980-03-03", "non_couvert", None, OTHER_KIND),
    ],
)  # fmt: skip
def test_an_act(law: Store, words: str, target: str, verdict: str, successor: str | None, note: str) -> None:
    (found,) = checked(law, f"{words}.")
    assert (found["target"], found["verdict"], found["successor"], found["note"]) == (target, verdict, successor, note)


def test_an_act_of_a_day_that_several_share(verdict: Callable[[Cited], Verdict]) -> None:
    told = verdict(citation("loi/1999-06-01", KNOWN, text={"nature": "loi", "num": None}))
    assert (told.verdict, told.target, told.candidates) == ("date_seule", "loi/1999-06-01", ("loi/1999-06-01/99-1",))
    assert told.note.endswith("ajoutez son numéro. Connus ici : loi/1999-06-01/99-1.")
    assert verdict(citation("loi/sd/sur-rien", KNOWN)) == Verdict(NOT_COVERED, "loi/sd/sur-rien")
    for kind in ("traite", "convention", "accord"):
        assert verdict(citation(f"{kind}/1999-06-01", KNOWN)).note == OTHER_KIND


def test_an_act_that_is_held(base_file: Path, tmp_path: Path) -> None:
    circular = "circulaire/1996-12-27/7055"
    held = citation(circular, RESOLVED)

    def at(day: date, path: Path = base_file) -> Verdict:
        return Judge(Store(path), day).judge(held)

    assert at(date(1996, 12, 27)) == Verdict(IN_FORCE, circular, since="1996-12-27", version=f"{circular}@1996-12-27")
    before = at(date(1996, 12, 26))
    assert (before.verdict, before.since, before.note) == (
        "pas_encore", "1996-12-27", "Pas encore en vigueur : entre en vigueur le 27 décembre 1996.",
    )  # fmt: skip
    ended = tmp_path / "ended.kb"
    shutil.copy(base_file, ended)
    with sqlite3.connect(ended) as db:
        db.execute("update version set end = '2000-01-01', end_is = 'date' where provision = ?", (circular,))
    db.close()
    gone = at(date(2000, 1, 1), ended)
    assert (gone.verdict, gone.target, gone.since) == (REPEALED, circular, "2000-01-01")
