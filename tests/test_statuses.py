"""Certain means certain: what each status says, and what it takes to say it."""

from __future__ import annotations

import pytest

from kb.cite.resolve import Citation, Resolver
from kb.ground.registry import Act, Registry, packaged

REGISTRY = packaged()


def read(text: str, **more: object) -> list[Citation]:
    return Resolver(REGISTRY, **more).read(text)[0]  # type: ignore[arg-type]


def one(text: str, **more: object) -> tuple[str | None, str]:
    (citation,) = read(text, **more)
    return citation.target, citation.status


def test_a_code_held_whole_says_what_it_never_had() -> None:
    held = {"exists": {"css/L242-1"}.__contains__, "whole": {"css"}.__contains__}
    assert one("l'article L. 242-1 du code de la sécurité sociale", **held) == ("css/L242-1", "resolved")
    assert one("l'article L. 999-99 du code de la sécurité sociale", **held) == ("css/L999-99", "absent")
    assert one("l'article L. 1235-3 du code du travail", **held) == ("ctrav/L1235-3", "known")
    assert one("le code de la sécurité sociale", **held) == ("css", "known")


def test_a_day_alone_is_not_certain() -> None:
    assert one("l'arrêté du 4 mai 2017") == ("arrete/2017-05-04", "date_only")
    assert one("l'article 2 de la loi du 8 août 2016") == ("loi/2016-08-08/art-2", "date_only")
    # named by its number before, it is known by its day after
    _first, second = read("la loi n° 2016-1088 du 8 août 2016 ; l'article 2 de la loi du 8 août 2016")
    assert (second.target, second.status) == ("loi/2016-08-08/2016-1088/art-2", "known")


def test_an_act_that_a_base_knows_is_not_the_only_one_of_its_day() -> None:
    registry = Registry(codes=REGISTRY.codes)
    act = Act("ordonnance/2015-06-04/2015-612", "ordonnance", "", __import__("datetime").date(2015, 6, 4), "2015-612")
    registry.acts[act.id] = act
    (citation,) = Resolver(registry).read("l'ordonnance du 4 juin 2015")[0]
    assert (citation.target, citation.status) == (act.id, "date_only")


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("le décret n° 71-976 du 8 décembre 1971", ("decret/1971-12-03/71-976", "decret/1971-12-08/71-976")),
        ("la loi n° 2016-1088 du 8 août 2015", ("loi/2016-08-08/2016-1088", "loi/2015-08-08/2016-1088")),
        ("le décret n° 2019-718 du 15 juillet 2018", ("decret/2018-07-15/2019-718",)),
    ],
)
def test_a_number_and_a_day_that_do_not_go_together(text: str, candidates: tuple[str, ...]) -> None:
    (citation,) = read(text)
    assert (citation.target, citation.status, citation.candidates) == (None, "contradicted", candidates)


def test_the_turn_of_the_year_is_no_contradiction() -> None:
    assert one("le décret n° 2010-1 du 31 décembre 2009")[1] == "known"
    assert one("le décret n° 99-1 du 31 décembre 1998")[1] == "known"


def test_two_days_for_one_number_in_one_document() -> None:
    first, second = read("le décret n° 2019-718 du 5 juillet 2019, puis le décret n° 2019-718 du 15 juillet 2019")
    assert (first.status, second.status) == ("known", "contradicted")


@pytest.mark.parametrize(
    "text", ["l'article 5 du présent contrat", "l'article 7 du bail", "l'article 12 du code civil suisse"]
)
def test_what_no_base_of_law_holds(text: str) -> None:
    assert one(text) == (None, "not_covered")


def test_a_likely_holder_is_listed_and_not_said() -> None:
    citation = read("l'article L. 1235-3 du code du travail, et l'article 12")[1]
    assert (citation.target, citation.status) == (None, "unknown")
    citation = read("l'article 1240 du code civil, et l'article 12")[1]
    assert (citation.target, citation.status, citation.candidates) == (None, "unknown", ("cciv/12",))


def test_no_two_acts_share_an_id_that_is_known() -> None:
    conventions = "la convention collective nationale des cirques du 8 octobre 1990 et la convention collective nationale des foires du 8 octobre 1990"
    assert {c.status for c in read(conventions)} == {"date_only"}
    assert [c.status for c in read("l'avenant n° 12 du 5 mars 2010 et l'avenant n° 12 du 5 mars 2010")] == [
        "date_only"
    ] * 2
    assert [c.target for c in read("arrêté du 4 mai 2017 (NOR : ETST1712345A)")] == ["arrete/2017-05-04/etst1712345a"]


def test_a_code_named_by_nobody_lists_those_that_hold_the_number() -> None:
    held = {"css/L411-1", "ccom/L411-1"}
    (citation,) = read("l'article L. 411-1", exists=held.__contains__)
    assert (citation.status, set(citation.candidates)) == ("ambiguous", held)
