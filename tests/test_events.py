"""Events are read from links and from sentences that say what one text does to another."""

from __future__ import annotations

from datetime import date

import pytest

from kb.cite.resolve import Resolver
from kb.ground.registry import Code, Registry
from kb.texts.provisions import Paragraph
from kb.time.events import of_sentence

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
