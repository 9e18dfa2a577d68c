"""A quotation against what it is attributed to: what is set aside, how near it is, and to what a draft attributes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from law_samples import article, repository

from kb.ask import proved, quoted
from kb.ask.check import Checker
from kb.ask.draft import Passage, citations, quotations
from kb.cite.resolve import Resolver
from kb.ground.fault import Misuse
from kb.make.build import import_law
from kb.make.report import Options
from kb.store.reading import Store

PART = "01. Partie législative"
C = "du code de la sécurité sociale"
OLD = "La pension est liquidée à soixante ans, sur demande de l'assuré.\n\nElle est versée chaque mois."
MID = OLD.replace("soixante", "soixante-deux")
NEW = OLD.replace("soixante", "soixante-quatre")


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """L1 has three versions, L2 one, which says other words; L3 is not in force before 2020."""
    place = tmp_path_factory.mktemp("law")

    def file(num: str, text: str) -> dict[str, str | None]:
        return {f"{PART}/Article {num} - {num[1:]}.md": article(num, text, Créé_par="Loi n°99-1 du 1er juin 1999")}

    days = [
        ("1990-01-01", {**file("L1", OLD), **file("L2", "La rente de veuvage est due au conjoint survivant.")}),
        ("2000-01-01", file("L1", MID)),
        ("2010-01-01", file("L1", NEW)),
        ("2020-01-01", file("L3", "La prime de transport est due à tous.")),
    ]
    import_law([repository(place / "css", days)], place / "a.kb", Options(workers=1))
    return Store(place / "a.kb")


# -- words ---------------------------------------------------------------------------------------------------------


def test_typography_is_set_aside() -> None:
    assert (
        quoted.plain("« L’Assuré  —  n’a–pas »  *_x_* “Œuvre” nº\u00ad 3 cafe\u0301")
        == "l'assuré-n'a-pasxoeuvren°3café"
    )
    assert quoted.flat(".;Fin, de : phrase.:;") == "fin,de:phrase"
    assert quoted.parts_of("un deux […] trois (...) quatre … ; cinq... [ ... ] .") == ["undeux", "trois", "quatre", "cinq"]  # fmt: skip


@pytest.mark.parametrize(
    ("quote", "words", "share", "difference"),
    [
        ("le seuil est fixé", "Ici le seuil est fixé par décret.", 1.0, ""),
        ("le seuil est de cent francs", "Avant. Le seuil est de mille francs.", 5 / 6, "« cent » au lieu de « mille »"),
        ("le seuil est de cent francs", "Le seuil de cent francs", 5 / 6, "« est » au lieu de « … »"),
        ("le seuil de cent francs", "Le seuil est de cent francs", 1.0, "« … » au lieu de « est »"),
        # far away from each other, the same words are not near
        ("le seuil de cent francs", "le seuil " + "x y z " * 9 + "de cent francs", 3 / 5, "« le seuil » au lieu de « y z x y z »"),
        ("a b c d e f g h i j", "a X c X e X g X i X", 2 / 10, None),
        ("zut", "rien", 0.0, ""),
        ("", "rien", 0.0, ""),
    ],
)  # fmt: skip
def test_how_near_words_are(quote: str, words: str, share: float, difference: str | None) -> None:
    told = quoted._share(quote, words)
    assert told[0] == pytest.approx(share) if difference is not None else told[0] < 0.75
    if difference is not None:
        assert told[1] == difference


def test_four_differences_are_told_at_most() -> None:
    words = [*"abcdefghijklmnopqrst"]
    mine = [word if n % 3 else "X" for n, word in enumerate(words)]
    assert quoted._share(" ".join(mine), " ".join(words))[1].count("au lieu de") == 4


def test_parts_stand_in_their_order() -> None:
    assert quoted._in_order(["un", "deux"], "unetdeux") and not quoted._in_order(["deux", "un"], "unetdeux")
    assert not quoted._in_order(["unet", "etdeux"], "unetdeux")  # each behind the one before
    assert not quoted._in_order([], "unetdeux")


# -- versions ------------------------------------------------------------------------------------------------------


def test_which_version_says_it(law: Store) -> None:
    reader = quoted.Reader(law, date(2005, 6, 1))
    assert reader.compare("css/L1", "liquidée à soixante-deux ans") == ("exacte", "css/L1@2000-01-01", 1.0, "")
    old = "Ces mots sont ceux de la version du 1990-01-01, jusqu'au 2000-01-01 exclu."
    assert reader.compare("css/L1", "liquidée à soixante ans") == ("autre_version", "css/L1@1990-01-01", 1.0, old)
    new = "Ces mots sont ceux de la version du 2010-01-01, sans fin connue."
    assert reader.compare("css/L1", "soixante-quatre ans") == ("autre_version", "css/L1@2010-01-01", 1.0, new)
    # in all of them: that in force on the day, else the first
    assert reader.compare("css/L1", "versée chaque mois")[:2] == ("exacte", "css/L1@2000-01-01")
    before = quoted.Reader(law, date(1980, 1, 1))
    assert before.compare("css/L1", "versée chaque mois")[:2] == ("autre_version", "css/L1@1990-01-01")


def test_what_no_version_says_is_compared_with_the_nearest(law: Store) -> None:
    reader = quoted.Reader(law, date(2005, 6, 1))
    lost = reader.compare("css/L1", "la pension est liquidée à soixante-cinq ans, sur demande")
    assert lost == ("perdue", "css/L1@2000-01-01", 8 / 9, "« soixante-cinq » au lieu de « soixante-deux »")
    other = reader.compare("css/L1", "est liquidée à soixante ans, sur la demande")
    assert other[:2] == ("perdue", "css/L1@1990-01-01")
    # what links say is none of its words; what is not held is not compared
    assert reader.compare("css/L1", "Loi n° 99-1")[0] == "perdue"
    assert reader.compare("css/L99", "une pension") == ("", None, 0.0, "")


def test_a_quotation_verified_has_its_place(law: Store) -> None:
    told = proved.verify(law, "css/L1#al1", "LIQUIDÉE à soixante-deux (…) demande", date(2005, 6, 1))
    place = told.pop("place")
    assert told == {
        "ref": "css/L1", "at": "2005-06-01", "quote": "LIQUIDÉE à soixante-deux (…) demande", "verdict": "exacte", "version": "css/L1@2000-01-01",
        "note": "",
    }  # fmt: skip
    assert place is not None
    source = law.source(place["source"])
    words = "liquidée à soixante-deux ans, sur demande"
    start = source.text.index(words)
    assert place == {
        "quote": words, "source": source.id, "sha256": source.sha256, "start": start, "end": start + len(words), "provision": "css/L1",
        "version": "css/L1@2000-01-01", "legifrance": None,
    }  # fmt: skip
    second = proved.verify(law, "css/L1", "versée chaque mois", date(2005, 6, 1))["place"]
    assert second and second["quote"] == "versée chaque mois"
    other = proved.verify(law, "css/L1", "liquidée à soixante ans", date(2005, 6, 1))
    assert (other["verdict"], other["version"]) == ("autre_version", "css/L1@1990-01-01") and other["place"]
    near = proved.verify(law, "css/L1", "la pension est liquidée à soixante-cinq ans", date(2005, 6, 1))
    assert (near["verdict"], near["version"], near["place"]) == ("proche", "css/L1@2000-01-01", None)
    assert near["note"] == "« soixante-cinq » au lieu de « soixante-deux »"
    lost = proved.verify(law, "css/L1", "nul ne peut percevoir deux rentes", date(2005, 6, 1))
    assert (lost["verdict"], lost["version"], lost["place"]) == ("perdue", None, None)
    assert lost["note"] == "Ces mots ne sont dans aucune version tenue ici."
    code = proved.verify(law, "css", "la pension", date(2005, 6, 1))
    assert (code["verdict"], code["note"]) == ("non_couvert", "Aucun texte de cette référence n'est tenu ici.")
    with pytest.raises(Misuse, match="needs words"):
        proved.verify(law, "css/L1", " … ", date(2005, 6, 1))


def test_the_places_of_an_answer_are_given_once(law: Store) -> None:
    span = {"source": "git", "start": 1, "end": 2}
    assert list(proved._spans([{"a": span, "b": [span]}, 3, {"source": "x", "start": None, "end": 1}])) == [
        ("git", 1, 2),
        ("git", 1, 2),
    ]
    (paragraph, *_) = law.paragraphs("css/L1", "css/L1@1990-01-01")
    same = {"source": paragraph.source, "start": paragraph.start, "end": paragraph.end}
    (told,) = proved.quotes(law, {"one": same, "two": [same]})
    assert (told["quote"], told["provision"], told["version"]) == (OLD.split("\n")[0], "css/L1", "css/L1@1990-01-01")
    many = [{"source": paragraph.source, "start": 0, "end": end} for end in range(1, 120)]
    assert [quote["end"] for quote in proved.quotes(law, many)] == list(range(1, 101))


# -- what a draft attributes words to ------------------------------------------------------------------------------


def judged(law: Store, words: str, day: date = date(2005, 6, 1)) -> list[tuple[str | None, str, str | None]]:
    answer, found = Checker(law, day).check("a.txt", words.encode())
    for q in answer["quotations"]:
        assert found.text[q["start"] : q["end"]] == q["quote"]
    return [(q["target"], q["verdict"], q["version"]) for q in answer["quotations"]]


NOW = "css/L1@2000-01-01"
NEVER = "« nul ne peut percevoir deux rentes de veuvage »"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (f"Selon l'article L. 1 {C}, « la pension est liquidée à soixante-deux ans ».", [("css/L1", "exacte", NOW)]),
        (f"Selon l'article L. 1 {C}, « la pension est liquidée à soixante ans ».", [("css/L1", "autre_version", "css/L1@1990-01-01")]),
        (f"Selon l'article L. 1 {C}, « la pension est liquidée à soixante-cinq ans ».", [("css/L1", "proche", NOW)]),
        (f"Selon l'article L. 1 {C}, {NEVER}.", [("css/L1", "perdue", None)]),
        # the words introduced: a colon and nothing else between
        (f"Article L. 1 {C} : {NEVER}.", [("css/L1", "perdue", None)]),
        (f"Vu l'article L. 1 {C}, il fut jugé en ces lieux : {NEVER}.", []),
        # a parenthesis behind
        (f"{NEVER} (article L. 1 {C}).", [("css/L1", "perdue", None)]),
        (f"{NEVER}, (voir l'article L. 1 {C}).", [("css/L1", "perdue", None)]),
        (f"{NEVER} et (article L. 1 {C}).", []),
        # the draft does not say that these words are those of the article
        (f"Vu l'article L. 1 {C}, le slogan {NEVER}.", []),
        (f"L'article L. 1 {C} dispose, {'vraiment ' * 20}que {NEVER}.", []),
        # what stands in another of the articles that are cited is its words
        (f"Selon l'article L. 2 {C} et l'article L. 1 du même code, « la rente de veuvage est due au conjoint ».", [("css/L2", "exacte", "css/L2@1990-01-01")]),
        (f"« la rente de veuvage est due » ; voir l'article L. 2 {C}.", [("css/L2", "exacte", "css/L2@1990-01-01")]),
        # the passage before, where this one cites nothing before the words
        (f"Vu l'article L. 2 {C}.\n\nIl dit que « la rente de veuvage est due ».", [("css/L2", "exacte", "css/L2@1990-01-01")]),
        (f"Vu l'article L. 2 {C}.\n\nRien.\n\nIl dit que « la rente de veuvage est due ».", []),
        (f"Vu l'article L. 2 {C}.\n\nL'article L. 1 {C} dispose : « la rente de veuvage est due ».", [("css/L1", "perdue", None)]),
        # the likeliest is told where none says it
        (f"Selon l'article L. 2 {C} et selon l'article L. 1 du même code, {NEVER}.", [("css/L1", "perdue", None)]),
        (f"Selon l'article L. 99 {C}, {NEVER}.", []),
        (f"Selon l'article L. 1 {C}, « trois mots seulement ».", []),
    ],
)  # fmt: skip
def test_what_words_are_attributed_to(law: Store, words: str, found: list[tuple[str | None, str, str | None]]) -> None:
    assert judged(law, words) == found


def test_quotations_have_their_places(law: Store) -> None:
    words = 'Dit « un deux trois quatre », “ cinq six sept huit ”, "neuf dix onze douze" et « non ».'
    passages = [Passage("Rien.", range(5)), Passage(words, range(10, 10 + len(words)))]
    found = list(quotations(passages))
    assert [(q.words, q.passage) for q in found] == [
        ("un deux trois quatre", 1), ("cinq six sept huit", 1), ("neuf dix onze douze", 1),
    ]  # fmt: skip
    assert all(words[q.start : q.end] == q.words for q in found)
    assert passages[1].span(found[0].start, found[0].end) == (10 + found[0].start, 10 + found[0].end)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        (", dans sa rédaction en vigueur au 1er janvier 1999, disait", date(1999, 1, 1)),
        (" (dans sa version du 3 mars 2004)", date(2004, 3, 3)),
        (" en vigueur au 1er janvier 1999", None),
        (", dans sa rédaction nouvelle. Le 1er janvier 1999", None),
        (", dans sa rédaction applicable ; le 1er janvier 1999", None),
        ("", None),
    ],
)
def test_the_day_of_the_words_that_a_draft_speaks_of(law: Store, words: str, day: date | None) -> None:
    passage = f"L'article L. 1 {C}{words}"
    found = list(citations([Passage(passage, range(len(passage)))], Resolver(law.registry()), date(2005, 6, 1)))
    assert (found[0].citation.target, found[0].passage, found[0].speaks_of) == ("css/L1", 0, day)


def test_a_place_is_its_line(law: Store, tmp_path: Path) -> None:
    answer, _ = Checker(law, date(2005, 6, 1)).check("a.txt", f"Un.\n\nDeux.\nL'article L. 1 {C}.".encode())
    assert [c["place"] for c in answer["citations"]] == ["ligne 4"]
