"""The site in a browser: the chain from a circular's words to what they cite and back to the line of the file; the search."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import kb
from kb.show.pages import build_site

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium is installed: the browser tests need one on the PATH"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ABANDON = "circulaire/1996-12-27/7055/I/1/procedure/abandon-du-recouvrement-des-cotisations/"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site: Path = build_site(kb.load(), tmp_path_factory.mktemp("browser") / "site")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


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
    assert page.url == f"{address}css/D133-1/#al1"
    assert "n'est pas dans cette base" in page.inner_text("#texte")
    assert page.locator("ol.versions > li").count() == 7
    page.locator("#cite-par ~ .citant", has_text="vise le 1er alinéa").locator("footer a").first.click()
    assert page.url == f"{address}{ABANDON}#al1"
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
    assert "Article D. 133-1, 1er alinéa" in card
    assert "En vigueur le 27 décembre 1996, date du texte citant" in card
    assert "En vigueur du 28 mars 1992 au 31 décembre 2001 inclus" in card
    assert "Texte absent de cette base" in card
    page.click("#fiche-renvoi a.src")
    page.wait_for_selector(".volet mark")
    assert page.inner_text(".volet mark") == "article D. 133-1 (1er alinéa) du code de la sécurité sociale"
    page.keyboard.press("Escape")
    page.mouse.move(5, 5)
    page.wait_for_selector("#fiche-renvoi", state="hidden")
    page.locator("#al1 .no").focus()
    page.keyboard.press("Tab")
    page.wait_for_selector("#fiche-renvoi:not([hidden])")


def test_an_article_says_its_bounds_with_their_proofs(page: Any, address: str) -> None:
    page.goto(f"{address}css/D253-81/")
    assert (
        page.inner_text(".statut")
        .replace("\xa0", " ")
        .startswith("En vigueur du 1er septembre 1993 au 19 octobre 2007 inclus")
    )
    assert page.inner_text(".aujourdhui") == "plus en vigueur aujourd'hui"
    proofs = page.inner_text("ol.versions")
    assert "JORF 18 août 1993 en vigueur le 1er septembre 1993" in proofs and "JORF 20 octobre 2007" in proofs
    page.click("#nota3 a.renvoi >> nth=2")
    assert page.url == f"{address}css/D253-5/"
    page.goto(f"{address}css/D253-81/1993-09-01/#al5")
    assert page.inner_text("#al5 p").startswith("Dans le cas où des recouvrements")


def test_links_work_without_scripts(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + ABANDON)
    page.click("#al1 .marge a.src")
    assert page.url == f"{address}sources/instruction-anv-msa/#L167"
    assert page.inner_text("#L167 .ligne").strip().startswith("L'article D. 133-1 (1er alinéa)")
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
        ("71-976", "decret/1971-12-03/71-976/"),
    ],
)
def test_a_search_finds_french_words_and_article_numbers(page: Any, address: str, words: str, first: str) -> None:
    page.goto(address)
    page.click("input.md-search__input")
    page.wait_for_function("document.querySelector('.md-search-result__meta').innerText.includes('Taper')")
    page.keyboard.type(words)
    page.wait_for_selector(".md-search-result__item a")
    found = [
        link.get_attribute("href").removeprefix(address).partition("#")[0]
        for link in page.locator(".md-search-result__item > a").all()
    ]
    assert first in found[:3]


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
