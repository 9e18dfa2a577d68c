"""Events are read from links and from sentences that say what one text does to another."""

from __future__ import annotations

from datetime import date

import pytest

from kb.cite.resolve import Resolver
from kb.ground.registry import Code, Fact, Registry
from kb.ground.span import Span
from kb.texts.provisions import Paragraph
from kb.time.events import PUBLICATION_NOTE, Event, of_facts, of_link, of_sentence

REGISTRY = Registry(codes=[Code("LEGITEXT000006073189", "Code de la sécurité sociale", "css")])


def events(sentence: str, heading: str = "") -> list[tuple[str, str, str | None]]:
    found, _ = Resolver(REGISTRY).read(sentence, within="circulaire/1996-12-27/7055", at=date(1996, 12, 27))
    paragraph = Paragraph("circulaire/1996-12-27/7055", "al1", "alinea", "", 1, "essai", 0, len(sentence), sentence)
    stated = of_sentence(paragraph, sentence, found, heading, "circulaire/1996-12-27/7055", date(1996, 12, 27), None)
    return [(event.kind, event.target, event.by) for event in stated]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "le décret n° 95-164 du 15 février 1995, codifié à l'article D. 133-2-1 du code de la sécurité sociale",
            [("codifie", "css/D133-2-1", "decret/1995-02-15/95-164")],
        ),
        (
            "Les dispositions du décret n° 96-251 du 21 mars 1996 se substituent aux dispositions du décret n° 71-976 du 3 décembre 1971 qui sont abrogées.",
            [
                ("remplace", "decret/1971-12-03/71-976", "decret/1996-03-21/96-251"),
                ("abroge", "decret/1971-12-03/71-976", "decret/1996-03-21/96-251"),
            ],
        ),
        (
            "L'article D. 133-2-1 du code de la sécurité sociale se substitue aux dispositions du décret n° 71-976 du 3 décembre 1971 qui sont abrogées.",
            [("remplace", "decret/1971-12-03/71-976", "css/D133-2-1")],
        ),
        (
            "Les dispositions du décret n° 96-251 du 21 mars 1996 se substituent à celles du régime antérieur.",
            [],
        ),
        ("Le décret n° 71-976 du 3 décembre 1971 est abrogé.", [("abroge", "decret/1971-12-03/71-976", None)]),
        (
            "Le décret n° 71-976 du 3 décembre 1971 est abrogé par le décret n° 96-251 du 21 mars 1996.",
            [("abroge", "decret/1971-12-03/71-976", "decret/1996-03-21/96-251")],
        ),
        (
            "La circulaire n° 7034 du 30 mars 1972 est abrogée.",
            [("abroge", "circulaire/1972-03-30/7034", "circulaire/1996-12-27/7055")],
        ),
        ("Le décret n° 71-976 du 3 décembre 1971 s'applique.", []),
    ],
)  # fmt: skip
def test_sentences(sentence: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert events(sentence) == expected


def test_a_list_of_repealed_texts() -> None:
    circular = (
        "- Circulaire DAS/n° 7034 du 30 mars 1972 relative à l'application du décret n° 71-976 du 3 décembre 1971."
    )
    assert events(circular, "DISPOSITIONS ABROGEES") == [
        ("abroge", "circulaire/1972-03-30/7034", "circulaire/1996-12-27/7055")
    ]
    decree = "- Décret n° 71-976 du 3 décembre 1971 ;"
    assert events(decree, "DISPOSITIONS ABROGEES") == [("abroge", "decret/1971-12-03/71-976", None)]
    assert events(decree, "TEXTES DE REFERENCE") == []


def linked(relation: str, words: str) -> list[Event]:
    found, _ = Resolver(REGISTRY).read(words, within="css/D253-81", at=date(2020, 1, 1))
    link = Paragraph("css/D253-81", "lien1", "lien", "", 1, "essai", 0, len(words), words, relation)
    return list(of_link(link, found))


DECREE = "Décret n°93-1004 du 10 août 1993 - art. 1 () JORF 18 août 1993"
ACT, PUBLISHED, FROM = "decret/1993-08-10/93-1004/art-1", date(1993, 8, 18), date(1993, 9, 1)


@pytest.mark.parametrize(
    ("words", "effective", "published", "note"),
    [
        (f"{DECREE} en vigueur le 1er septembre 1993", FROM, PUBLISHED, ""),
        (DECREE, PUBLISHED, PUBLISHED, PUBLICATION_NOTE),
        ("Décret n°93-1004 du 10 août 1993 - art. 1", None, None, ""),
        # the days end the link, whatever stands before them
        (f"{DECREE.replace('()', '4 2°')} en vigueur le 1er septembre 1993", FROM, PUBLISHED, ""),
    ],
)
def test_a_link_says_what_was_done_by_what_and_when(
    words: str, effective: date | None, published: date | None, note: str
) -> None:
    span = Span("essai", 0, len(words))
    assert linked("Créé par", words) == [Event("cree", "css/D253-81", ACT, effective, published, span, note=note)]


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        ("Modifié par", "modifie"), ("Abrogé par", "abroge"), ("Codifié par", "codifie"), ("Transféré par", "transfere"),
        ("Déplacé par", "deplace"), ("Rectifié par", "rectifie"), ("Annulé par", "annule"),
    ],
)  # fmt: skip
def test_relations_are_what_they_say(relation: str, kind: str) -> None:
    assert [event.kind for event in linked(relation, DECREE)] == [kind]


@pytest.mark.parametrize("relation", ["Cite", "Cité par", "Anciens textes", ""])
def test_a_link_that_tells_no_deed_is_no_event(relation: str) -> None:
    assert linked(relation, DECREE) == []


def test_a_link_to_what_is_not_known_is_no_event() -> None:
    assert linked("Créé par", "Arrêté - art. 1") == []


def test_facts_tell_what_was_done_when_and_by_what() -> None:
    def fact(about: str, key: str, value: str) -> Fact:
        return Fact(f"{about}?{key}", about, key, value, ("JO",))

    stated = [
        fact("css/L1", "abrogated_on", "2000-01-01"),
        fact("css/L1", "abrogated_by", "loi/1999-01-01/99-1"),
        fact("loi/1999-01-01/99-1", "published", "1999-01-02"),
        fact("css/L2", "created_on", "1990-01-01"),
        fact("css/L3", "codified_on", "1990-01-01"),
        fact("css/L4", "modified_on", "1990-01-01"),
        fact("css/L5", "abrogated_by", "loi/1999-01-01/99-1"),  # of no day
    ]
    found = {(e.kind, e.target, e.by, e.effective, e.published, e.fact, e.said_by, e.span) for e in of_facts(stated)}
    day, told = date(1990, 1, 1), (("JO",), None)
    assert found == {
        ("abroge", "css/L1", "loi/1999-01-01/99-1", date(2000, 1, 1), date(1999, 1, 2), "css/L1?abrogated_on", *told),
        ("cree", "css/L2", None, day, None, "css/L2?created_on", *told),
        ("codifie", "css/L3", None, day, None, "css/L3?codified_on", *told),
        ("modifie", "css/L4", None, day, None, "css/L4?modified_on", *told),
    }
