"""What is made of citations: the text with links, the report between two runs, the public JSON."""

from __future__ import annotations

import json
import re
from html import unescape

import cite_cases
import pytest
from hypothesis import given, settings
from test_cite_properties import TEXTS, read

from kb.cite.report import gained_lost, render
from kb.ground.fault import Misuse
from kb.show.linked import to_html, to_markdown

KEYS = ["start", "end", "quote", "target", "status", "candidates", "code", "num", "num_end", "fragment", "text", "kind"]
WORDS = "l'article L. 133-3 du code de la sécurité sociale & <l'article 12> du décret n° 96-251 du 21 mars 1996 [sic]"


def test_json_has_the_public_keys_in_order() -> None:
    (one, *_, act) = [c.to_json() for c in read(WORDS + ", loi n° 51-59 du 18 janvier 1951")]
    assert list(one) == KEYS
    assert one["target"] == "css/L133-3"
    assert one["code"] == "LEGITEXT000006073189"
    assert act["text"] == {"nature": "loi", "num": "51-59", "date": "1951-01-18"}


def test_links_in_html() -> None:
    shown = to_html(WORDS, read(WORDS), href=lambda target: f"/{target}")
    assert (
        '<a class="renvoi" href="/css/L133-3" title="css/L133-3" data-status="known">article L. 133-3 du code' in shown
    )
    assert "&amp; &lt;l'" in shown


def test_links_in_markdown() -> None:
    shown = to_markdown(WORDS, [c.to_json() for c in read(WORDS)], href=lambda target: f"/{target}")
    assert shown.startswith("l'[article L. 133-3 du code de la sécurité sociale](/css/L133-3) & <l'")
    assert shown.endswith(" [sic]")


@given(TEXTS)
@settings(max_examples=150)
def test_the_text_under_the_links_is_unchanged(text: str) -> None:
    found = read(text)
    assert unescape(re.sub(r"<[^>]*>", "", to_html(text, found))) == unescape(text)
    shown = to_markdown(text, found, href=lambda target: "@@")
    assert re.sub(r"\\([\[\]\\])", r"\1", shown.replace("](@@)", "").replace("[", "")) == re.sub(
        r"\\([\[\]\\])", r"\1", text.replace("[", "")
    ).replace("](@@)", "")


def line(name: str, text: str) -> str:
    return json.dumps({"id": name, "citations": [c.to_json() for c in read(text)]})


def test_report_of_two_runs() -> None:
    old = [line("a", "l'article L. 133-3 et l'article L. 133-4"), line("b", "l'article 5 du code civil")]
    new = [
        line("a", "l'article L. 133-3"),
        line("b", "l'article 5 du code électoral"),
        line("c", "le code de commerce"),
    ]
    report = gained_lost(old, new)
    assert [c.target for c in report.lost] == ["css/L133-4", "cciv/5"]
    assert [c.target for c in report.gained] == ["code-electoral/5", "ccom"]
    assert report.kept == 1
    assert "2 gagnées, 2 perdues, 0 résolues autrement, 1 inchangées" in render(report)


def test_report_of_words_read_otherwise() -> None:
    report = gained_lost(
        [line("a", "l'article 5 du code civil")], [line("a", "l'article 5 du code civil").replace("cciv/5", "cciv/6")]
    )
    assert [(old.target, new.target) for old, new in report.moved] == [("cciv/5", "cciv/6")]
    assert not report.gained
    assert "(avant : cciv/5)" in render(report)


@pytest.mark.parametrize(
    "bad", ["not json", "{}", '{"id": 1, "citations": 3}', '{"id": 1, "citations": [{"start": "x"}]}', "[]"]
)
def test_a_run_that_is_none_says_which_line(bad: str) -> None:
    with pytest.raises(Misuse, match="line 2 of the second run"):
        gained_lost([], [line("a", ""), bad])


def test_the_format_of_the_cases_is_shown() -> None:
    assert (
        cite_cases.show(read("l'article 1er du code civil")[0])
        == "article 1er du code civil -> cciv/1 known code_article"
    )
