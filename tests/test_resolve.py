"""What resolution decides with a knowledge base at hand, and what it carries from one alinéa to the next."""

from __future__ import annotations

from datetime import date

import cite_cases
import pytest

from kb.cite.find.values import nature
from kb.cite.resolve import Resolver
from kb.cite.resolve.numbering import fits
from kb.ground.registry import Registry, read_registry

REGISTRY = read_registry(cite_cases.ROOT / "corpus")[0]


def one(
    text: str, within: str | None = "css/L111-1", at: date | None = None, held: set[str] | None = None
) -> tuple[str | None, str]:
    (citation,) = Resolver(REGISTRY, exists=(held or set()).__contains__).read(text, within=within, at=at)[0]
    return citation.target, citation.status


def test_held_is_resolved() -> None:
    assert one("l'article L. 133-3", held={"css/L133-3"}) == ("css/L133-3", "resolved")
    assert one("le I de l'article L. 133-3", held={"css/L133-3"}) == ("css/L133-3#I", "resolved")


def test_a_roman_numeral_belongs_to_the_number_where_such_an_article_exists() -> None:
    assert one("l'article L. 136-5-V")[0] == "css/L136-5#V"
    assert one("l'article L. 136-5-V", held={"css/L136-5-V"})[0] == "css/L136-5-V"


def test_an_elided_letter_is_found_where_one_article_fits() -> None:
    assert one("l'article 761-1") == (None, "ambiguous")
    assert one("l'article 761-1", held={"css/R761-1"})[0] == "css/R761-1"


def test_a_number_known_in_one_code_only() -> None:
    words = "à l'article L. 411-1 et à l'article L. 411-2 du code de justice administrative"
    alone = Resolver(REGISTRY).read(words, within="css/L1")[0]
    assert [c.target for c in alone] == ["css/L411-1", "cja/L411-2"]
    held = Resolver(REGISTRY, exists={"cja/L411-1"}.__contains__).read(words, within="css/L1")[0]
    assert [c.target for c in held] == ["cja/L411-1", "cja/L411-2"]


def test_a_range_lists_the_articles_between() -> None:
    resolver = Resolver(REGISTRY, between=lambda first, last: [first, "css/L131-6-1", last])
    first, last = resolver.read("aux articles L. 131-6 à L. 131-6-2", within="css/L1")[0]
    assert first.candidates == ("css/L131-6", "css/L131-6-1", "css/L131-6-2")
    assert (first.num_end, last.num_end, last.num) == ("L131-6-2", None, "L131-6-2")


@pytest.mark.parametrize(
    ("at", "target"),
    [(date(1996, 12, 27), "code-de-procedure-civile-1807/643"), (date(2010, 1, 1), "cpc/643"), (None, "cpc/643")],
)
def test_a_name_means_the_code_of_its_day(at: date | None, target: str) -> None:
    assert one("l'article 643 du code de procédure civile", at=at)[0] == target


@pytest.mark.parametrize("at", [None, date(1996, 12, 27), date(2020, 1, 1)])
def test_the_number_outweighs_the_day(at: date | None) -> None:
    assert one("l'article 1143-2 du code rural", at=at)[0] == "code-rural-ancien/1143-2"
    assert one("l'article L. 725-3 du code rural", at=at)[0] == "crpm/L725-3"


def test_two_acts_of_one_day_are_both_listed() -> None:
    resolver = Resolver(REGISTRY)
    resolver.read("le décret n° 93-1165 du 14 octobre 1993 et le décret n° 93-1166 du 14 octobre 1993")
    (citation,) = resolver.read("le décret du 14 octobre 1993")[0]
    assert (citation.target, citation.status) == (None, "ambiguous")
    assert len(citation.candidates) >= 2


def test_what_was_named_carries_over_and_is_forgotten() -> None:
    resolver = Resolver(REGISTRY)
    resolver.read("la loi n° 51-59 du 18 janvier 1951")
    assert resolver.read("ladite loi")[0][0].target == "loi/1951-01-18/51-59"
    resolver.forget()
    assert resolver.read("ladite loi")[0] == []


def test_spans_are_shifted_days_included() -> None:
    words = "Décret n°93-1004 du 10 août 1993 - art. 1 () JORF 18 août 1993 en vigueur le 1er septembre 1993"
    (citation,), _ = Resolver(REGISTRY).read(words, offset=100)
    text = "." * 100 + words
    assert text[citation.start : citation.end] == citation.quote
    assert citation.published and text[citation.published[1] : citation.published[2]] == "18 août 1993"
    assert citation.effective and citation.effective[0] == date(1993, 9, 1)
    assert text[citation.effective[1] : citation.effective[2]] == "1er septembre 1993"


def test_near_misses_are_faults_with_their_place() -> None:
    text = "la loi n° ??? sur les sociétés"
    _, (fault,) = Resolver(REGISTRY).read(text, offset=5, source="s")
    assert fault.code == "citation-non-lue"
    assert fault.span and (fault.span.source, fault.span.start) == ("s", 8)


def test_an_empty_registry_knows_no_code_and_guesses_none() -> None:
    citations, _ = Resolver(Registry()).read("l'article 5 du code civil et la loi n° 51-59 du 18 janvier 1951")
    assert [(c.target, c.status) for c in citations] == [(None, "unknown"), ("loi/1951-01-18/51-59", "known")]


def test_every_name_of_the_registry_is_read_whole() -> None:
    from kb.cite.find import find

    for code in REGISTRY.codes:
        names = [code.title.split(" (")[0], *(name.words for name in code.names)]
        for words in names:
            (written,) = find(f"l'article L. 1 du {words}.").written
            assert written.holder and written.holder.kind in ("code", "constitution"), words
            assert written.end == len(f"l'article L. 1 du {words}"), words


@pytest.mark.parametrize("alias", [code.alias for code in REGISTRY.codes])
def test_every_code_is_found_under_its_title(alias: str) -> None:
    code = REGISTRY.code(alias)
    assert code
    if code.title.startswith("Constitution"):
        return
    number = next(n for n in ("L111-1", "L1111-1", "1143-2", "L12") if fits(alias, n))
    at = date(2015, 6, 1) if "guerre" in code.title and "la guerre" in code.title else date(2024, 1, 1)
    words = code.title.replace(" (nouveau)", "").replace(" (ancien)", "").replace(" (1807)", "")
    target, status = one(f"l'article {number} du {words[0].lower() + words[1:]}", within=None, at=at)
    if "(ancien)" in code.title or "(1807)" in code.title:
        return  # their name means another code by then
    assert target == f"{alias}/{number}", status


def test_natures_are_those_of_ids() -> None:
    assert [nature(w) for w in ("Décrets", "ARRETE", "lois", "notes de service", "décret-loi", "avis")] == [
        "decret", "arrete", "loi", "note", "decret", "avis",
    ]  # fmt: skip


def test_a_numeral_that_opens_a_path_of_its_own_is_no_part_of_the_number() -> None:
    found = Resolver(REGISTRY).read("L.133I,I de l'article 1", within="css/D133-1")[0]
    assert [c.target for c in found] == ["css/L133#I", None]
