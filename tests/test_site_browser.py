"""The site in a browser: the chain from a circular's words to what they cite and back to the line of the file; the search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import address, browser, needs_chromium

__all__ = ["address", "browser"]

pytestmark = needs_chromium
ABANDON = "circulaire/1996-12-27/7055/I/1/procedure/abandon-du-recouvrement-des-cotisations/"


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A page on the site; at the end: no request has left it, no script has failed."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    requests: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert requests and [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []
    assert errors == []


def test_from_the_circular_to_the_article_it_cites_and_back_to_the_line(page: Any, address: str) -> None:
    page.goto(address + ABANDON)
    page.click("#al1 a.renvoi")
    assert page.url == f"{address}css/D133-1/?le=1996-12-27#al1"
    page.wait_for_selector(".lu-au")
    assert page.inner_text("#statut") == "En vigueur du 28 mars 1992 au 31 décembre 2001 inclus"
    assert "n'est pas dans cette base" in page.inner_text("#texte")
    assert page.locator("ol.versions > li").count() == 7
    page.locator("#citants .citant", has_text="vise le 1er alinéa").locator(".citant-titre a").first.click()
    page.wait_for_load_state()
    assert page.url.startswith(f"{address}{ABANDON}?le=") and page.url.endswith("#al1")
    page.click("#al1 .marge a.src")
    page.wait_for_selector(".volet mark")
    marked = " ".join(" ".join(page.locator(".volet mark").all_inner_texts()).split())
    assert marked.startswith(
        "L'article D. 133-1 (1er alinéa) du code de la sécurité sociale autorise"
    ) and marked.endswith("inférieur à 100 F.")
    head = page.inner_text(".volet header")
    assert "004_02d088b7e3dea82b.txt" in head and "caractères 9416 à 9629" in head
    assert "943a03ccbf8acd24b3f31e551aa8dfa0f95d1e374bc72dfe7c88d0d3278f7480" in head
    page.keyboard.press("Escape")
    assert page.locator(".volet").is_hidden()
    assert page.evaluate("document.activeElement.matches('#al1 .marge a.src')")


def test_a_citation_opens_a_card_under_the_pointer_and_by_the_keyboard(page: Any, address: str) -> None:
    page.goto(address + ABANDON)
    page.hover("#al1 a.renvoi")
    page.wait_for_selector("#fiche-renvoi:not([hidden])")
    card = page.inner_text("#fiche-renvoi").replace("\xa0", " ")
    assert "Article D. 133-1 — 1er alinéa" in card
    assert "En vigueur le 27 décembre 1996, date du texte citant" in card
    assert "En vigueur du 28 mars 1992 au 31 décembre 2001 inclus" in card
    assert "Texte absent de cette base" in card
    page.mouse.move(5, 5)
    page.wait_for_selector("#fiche-renvoi", state="hidden")
    page.locator("#al1 .no").focus()
    page.keyboard.press("Tab")
    page.wait_for_selector("#fiche-renvoi:not([hidden])")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#fiche-renvoi') !== null")
    page.keyboard.press("Escape")
    assert page.locator("#fiche-renvoi").is_hidden()
    page.hover("#al1 a.renvoi")
    page.wait_for_selector("#fiche-renvoi:not([hidden])")
    page.click("#fiche-renvoi a")
    assert page.url == f"{address}css/D133-1/?le=1996-12-27#al1"


def test_a_card_of_what_is_known_by_name_only_is_its_line(page: Any, address: str) -> None:
    page.goto(address + "css/D253-81/")
    page.locator("#lien1 a.renvoi, .lien a.renvoi").first.hover()
    page.wait_for_selector("#fiche-renvoi:not([hidden])")
    assert "Décret n°" in page.inner_text("#fiche-renvoi")


def test_an_article_says_its_bounds_with_their_proofs(page: Any, address: str) -> None:
    page.goto(f"{address}css/D253-81/")
    status = page.inner_text(".statut").replace("\xa0", " ")
    assert (
        status.startswith("En vigueur du 1er septembre 1993 au 19 octobre 2007 inclus")
        and "données à jour au 28 juin 2025" in status
    )
    assert "N'est plus en vigueur depuis le 20 octobre 2007" in page.inner_text("#raisons").replace("\xa0", " ")
    proofs = page.inner_text("ol.versions")
    assert "JORF 18 août 1993 en vigueur le 1er septembre 1993" in proofs and "JORF 20 octobre 2007" in proofs
    page.goto(f"{address}css/D253-81/1993-09-01/#al5")
    page.wait_for_url(f"{address}css/D253-81/?le=1993-09-01#al5")
    assert page.inner_text("#al5 p").startswith("Dans le cas où des recouvrements")


def test_the_day_that_is_read_is_kept_through_every_link(page: Any, address: str) -> None:
    page.goto(f"{address}css/D133-1/?le=2005-03-01")
    page.wait_for_selector(".lu-au")
    assert "1er mars 2005" in page.inner_text(".lu-au")
    assert page.input_value(".jour-choisi input") == "2005-03-01"
    page.click(".fil a")
    assert page.url == f"{address}css/?le=2005-03-01"
    page.click(".jour-choisi a")
    assert page.url == f"{address}css/"


def test_on_a_day_without_a_version_no_words_are_shown(page: Any, address: str) -> None:
    page.goto(f"{address}css/D253-81/?le=2020-01-01")
    page.wait_for_selector("#texte .absent")
    assert "Aucune version n'est en vigueur le 1er janvier 2020" in page.inner_text("#texte")
    assert "agent comptable" not in page.inner_text("#texte")
    page.click("#texte a")
    page.wait_for_selector("#al1 p")
    assert page.url == f"{address}css/D253-81/?le=1993-09-01"


def test_what_a_script_shows_of_a_version_is_what_the_page_has(page: Any, address: str) -> None:
    page.goto(f"{address}css/D253-81/")
    told = "[...document.querySelectorAll('#texte .alinea')].map(a => [a.id, a.className, a.querySelector('p').innerHTML.replaceAll(/href=\"[^\"]*\"/g, '')])"
    written = page.evaluate(told)
    page.goto(f"{address}css/D253-81/?le=2000-01-01")
    page.wait_for_selector(".lu-au")
    assert len(written) > 10 and page.evaluate(told) == written


def test_links_work_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + ABANDON)
    page.click("#al1 .marge a.src")
    assert page.url == f"{address}sources/instruction-anv-msa/#L167"
    assert page.inner_text("#L167").strip().startswith("L'article D. 133-1 (1er alinéa)")
    page.goto(f"{address}css/D253-81/1993-09-01/")
    assert "L'agent comptable" in page.inner_text("#al1")
    page.goto(f"{address}decret/1971-12-03/71-976/")
    page.click("#suite")
    assert page.locator("[id='decret/1971-12-03/71-976']").is_visible()
    context.close()


def test_a_wrong_address_is_said_and_an_id_found_again(browser: Any, address: str, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}nulle/part/")
    assert "Page inconnue" in page.inner_text("h1")
    context.close()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("D253-81", "css/D253-81/"),
        ("D. 253-81", "css/D253-81/"),
        ("D. 133-1", "css/D133-1/"),
        ("133-1", "css/D133-1/"),
        ("deces du debiteur", "circulaire/1996-12-27/7055/II/2/2.2/"),
        ("l'attestation du liquidateur", "circulaire/1996-12-27/7055/II/2/2.4/"),
        ("generalites", "circulaire/1996-12-27/7055/II/1/"),
        ('"simple attestation"', "circulaire/1996-12-27/7055/II/2/2.4/"),
        ("inssolvabilité", "circulaire/1996-12-27/7055/II/2/2.1/"),
        ("71-976", "connus/decret/?decret/1971-12-03/71-976"),
        ("décret n° 96-251 du 21 mars 1996", "connus/decret/?decret/1996-03-21/96-251"),
        ("arrêté du 10 juillet 1996", "connus/arrete/?arrete/1996-07-10"),
        ("article L. 133-3 du code de la sécurité sociale", "css/L133-3/"),
        ("LEGIARTI000006735962", "css/D253-81/"),
        ("recouvremant des cotisations", ABANDON),
    ],
)
def test_a_search_finds_french_words_and_article_numbers(page: Any, address: str, words: str, first: str) -> None:
    page.goto(address)
    page.click("input.md-search__input")
    page.wait_for_function("document.querySelector('.md-search-result__meta').innerText.includes('Taper')")
    page.keyboard.type(words)
    # answers to what was typed so far come first: the last one counts
    read = "first => [...document.querySelectorAll('.md-search-result__item > a')].slice(0, 3).some(a => a.href.replace('?le=1993-09-01', '').replace('#', '?') === first)"
    page.wait_for_function(read, arg=address + first)


@pytest.mark.parametrize(
    "place",
    ["", "css/D253-81/", "circulaire/1996-12-27/7055/", "css/D133-1/", "sources/instruction-anv-msa/", "faits/"],
)
def test_pages_fit_a_phone(browser: Any, address: str, place: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(address + place)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
