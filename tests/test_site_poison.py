"""No word of anyone's is markup or script on the site: every field of a knowledge base poisoned, every kind of page opened in a browser."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import browser, hosted, needs_chromium
from law_samples import article, json_article, json_code, json_section, repository

import kb
from kb.make.build import import_law
from kb.show.pages import build_site

__all__ = ["browser"]

pytestmark = needs_chromium

POISON = '"\'><img src=x onerror="window.pwned=1"><script>window.pwned=1</script><svg onload=window.pwned=1>⟦page⟧{{7*7}}</title></script><!--'
#: Free words in the tables, by column; ids, labels and offsets are made by the readers and cannot hold markup.
FIELDS = {
    "provision": ("title", "num"), "source": ("title", "path", "sha256"), "container": ("title", "name", "state"), "authority": ("title",),
    "version": ("official", "state"), "citation": ("quote",), "event": ("note",), "fact": ("value",), "note": ("sentence",),
    "fault": ("sentence", "hint"), "paragraph": ("mark", "relation"), "code": ("title",),
}  # fmt: skip
KINDS = (
    "", "textes/", "css/", "css/D253-81/", "css/D133-1/", "css/D1/", "css/D1/?le=1995-01-01", "circulaire/1996-12-27/7055/", "circulaire/1996-12-27/7055/II/2/2.4/",
    "connus/css/", "connus/decret/", "regles/", "regles/abandon-cotisations/", "conflits/", "fautes/", "sources/", "sources/instruction-anv-msa/", "faits/",
    "decret/1971-12-03/71-976/", "css/D253-81/1993-09-01/", "css/partie/", "nulle/part/",
)  # fmt: skip


@pytest.fixture(scope="module")
def poisoned(base_file: Path, tmp_path_factory: pytest.TempPathFactory) -> kb.base.Base:
    """The packaged base and a little imported law whose words are poison, then every free field of both."""
    folder = tmp_path_factory.mktemp("poison")
    path = Path(shutil.copy(base_file, folder / "poison.kb"))
    said = POISON.replace("<", "&lt;").replace(">", "&gt;")
    history = repository(folder / "css-git", [
        ("1990-01-01", {"Article D1.md": article("D1", f"Avant l'article D. 2. {POISON}")}), ("2000-01-01", {"Article D1.md": article("D1", "Après.")}),
    ])  # fmt: skip
    package = folder / "package" / "data"
    package.mkdir(parents=True)
    stated = json_article(
        "D2",
        "LEGIARTI000000000002",
        [("LEGIARTI000000000002", "1990-01-01", "2999-01-01", "VIGUEUR")],
        f"<p>L'article D. 1. {said}</p>",
        said,
    )
    (package / "LEGITEXT000006073189.json").write_text(
        json_code([json_section(f"Partie {POISON}", [stated])]), encoding="utf-8"
    )
    import_law([history, package.parent], path)
    db = sqlite3.connect(path)
    for table, columns in FIELDS.items():
        for column in columns:
            db.execute(f"update {table} set {column} = coalesce({column}, '') || ?", (POISON,))
    db.execute("update source set card = json_set(card, '$.origin', ?, '$.licence', ?, '$.obtained', ?)", (POISON,) * 3)
    db.execute("update rule set summary = json_set(summary, '$.title', ?, '$.action', ?)", (POISON,) * 2)
    db.commit()
    db.close()
    return kb.load(path)


@pytest.fixture(scope="module")
def address(poisoned: kb.base.Base, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with hosted(build_site(poisoned, tmp_path_factory.mktemp("poisoned") / "site")) as url:
        yield url


@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no-policy"])
def test_no_word_of_anyones_runs_or_is_markup(browser: Any, address: str, policy: bool) -> None:
    """Without the policy too: it is the second wall, not the first."""
    context = browser.new_context(bypass_csp=not policy)
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    for kind in KINDS:
        page.goto(address + kind)
        page.wait_for_timeout(120)
        _clean(page, kind)
        for selector in ("a[data-carte]", "a.src"):
            link = page.locator(selector).first
            if link.count() and link.is_visible():
                link.hover()
                page.wait_for_timeout(260)
                _clean(page, f"{kind} {selector}")
        if page.locator("#texte a.src").count():
            page.locator("#texte a.src").first.click()
            page.wait_for_timeout(200)
            _clean(page, f"{kind} pane")
        for button in page.locator("button.ecart, #lire-tout").all():
            if button.is_visible():
                button.click()
                page.wait_for_timeout(150)
                _clean(page, f"{kind} button")
    page.goto(address)
    page.click("input.md-search__input")
    for words in ("D253-81", "onerror", "avant l'article"):
        page.fill("input.md-search__input", words)
        page.keyboard.press("End")
        page.wait_for_timeout(600)
        _clean(page, f"search {words}")
    assert [url for url in requests if not url.startswith(address)] == []
    context.close()


def _clean(page: Any, where: str) -> None:
    assert page.evaluate("window.pwned") is None, where
    assert page.locator("img[src=x], svg[onload]").count() == 0, where
    assert not any(
        "pwned" in (text or "") for text in page.locator("script:not([src]):not([type])").all_text_contents()
    ), where


def test_the_poison_would_be_seen(browser: Any, address: str) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.evaluate("words => { document.body.insertAdjacentHTML('beforeend', words) }", POISON)
    page.wait_for_timeout(200)
    assert page.evaluate("window.pwned") == 1
    context.close()
