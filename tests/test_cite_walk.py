"""The fast walk over lark's tables reads what plain lark reads; the scanner misses no start; caches never lie."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import cite_cases
import pytest
from test_grammar_examples import EXAMPLES

import kb.cite.find as cite
from kb.cite.find import find
from kb.cite.find.scan import OVER
from kb.cite.find.scan import starts as scanned
from kb.ground import parse
from kb.ground.parse.tables import tables

SLOW = parse.slow_walk("cite")
FAST = parse.grammar("cite")
SMALL = [
    case.text
    for path in sorted((Path(__file__).parent / "cases" / "cite").glob("*/*.txt"))
    for case in cite_cases.read(path)
]


def starts(text: str) -> list[int]:
    """Every word of a text: a letter, digit or § behind something that is neither."""
    return [match.start() for match in re.finditer(r"(?<!\w)\w|§", text)]


def equal(text: str) -> int:
    """Hold both walks equal at every place that the scanner proposes; how many citations that were."""
    at = read = 0
    while (at := scanned()(text, at).end()) < len(text):  # type: ignore[union-attr]
        fast, slow = FAST.walk(text, at), SLOW(text, at)
        assert (fast.tokens if fast else None) == slow, text[at : at + 80]
        read += fast is not None
        at = fast.end if fast else OVER(text, at).end()  # type: ignore[union-attr]
    return read


@pytest.mark.parametrize("text", SMALL)
def test_fast_walk_is_plain_lark(text: str) -> None:
    for at in starts(text):
        fast = FAST.walk(text, at)
        assert (fast.tokens if fast else None) == SLOW(text, at), text[at:]


def articles(shared: Callable[[str], Path], step: int) -> list[str]:
    with gzip.open(shared("data/links_css.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines][::step]


def test_fast_walk_is_plain_lark_on_real_articles(shared: Callable[[str], Path]) -> None:
    assert sum(equal(text) for text in articles(shared, 24)) > 500


def test_the_scanner_misses_no_start_in_phrases() -> None:
    for text in SMALL:
        held_equal_to_every_word(text)


PHRASES = [phrase.replace("[", "").replace("]", "") for grammar, _, phrase in EXAMPLES if grammar == "cite"]


def test_every_phrase_of_the_grammar_has_its_start() -> None:
    """A form of the grammar that the scanner does not propose would silently never be found."""
    for phrase in PHRASES:
        held_equal_to_every_word(phrase)


def test_every_word_that_opens_a_citation_is_proposed() -> None:
    opened = set()
    for text in [*SMALL, *PHRASES]:
        at = 0
        while (at := scanned()(text, at).end()) < len(text):  # type: ignore[union-attr]
            walk = FAST.walk(text, at)
            opened |= {walk.tokens[0].type} if walk else set()
            at = walk.end if walk else OVER(text, at).end()  # type: ignore[union-attr]
    assert set(FAST.first) <= opened, "without a start in kb/cite/find/scan.py, or without a phrase that shows it"


def test_the_scanner_misses_no_start_in_real_articles(shared: Callable[[str], Path]) -> None:
    for text in articles(shared, 10):
        held_equal_to_every_word(text)


def held_equal_to_every_word(text: str) -> None:
    proposed = {(w.start, w.end, w.num, w.fragment) for w in find(text).written}
    every, at = set(), 0
    for start in starts(text):
        walk = FAST.walk(text, start) if start >= at else None
        if walk:
            every.add((start, walk.end))
            at = walk.end
    at, found = 0, set()
    while (at := scanned()(text, at).end()) < len(text):  # type: ignore[union-attr]
        walk = FAST.walk(text, at)
        if walk:
            found.add((at, walk.end))
        at = walk.end if walk else OVER(text, at).end()  # type: ignore[union-attr]
    assert found == every, (text, found ^ every)
    assert every or not proposed  # headings are read, and cite nothing


def test_no_word_of_the_grammar_opens_with_white_space() -> None:
    # the walk skips white space before it tries a word, lark tries both at once
    for name, terminal in FAST._terminals.items():
        if name != "SPACE":
            assert not any(terminal.match(space + "article 1er (2°) n° 3, du", 0) for space in (" ", "\n", "\u00a0")), (
                name
            )


def test_an_unwritable_cache_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert tables("cite")["rules"]


def test_a_damaged_cache_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = tables("cite")
    (kept,) = (tmp_path / "renvoi" / "grammar").glob("cite-*.json")
    kept.write_text('{"rules": [', encoding="utf-8")
    assert sorted(map(list, tables("cite")["rules"])) == sorted(map(list, first["rules"]))
    assert json.loads(kept.read_text(encoding="utf-8"))["rules"]


def test_importing_the_engine_does_without_lark() -> None:
    import subprocess
    import sys

    code = "import sys, kb.cite.find, kb.cite.resolve; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=cite_cases.ROOT, check=False).returncode == 0


def test_what_is_filled_in_is_what_is_read(shared: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Words with other numbers are written from a template: the same as if each were read anew."""
    texts = [
        *SMALL,
        *PHRASES,
        *articles(shared, 8),
        "art. 5,6 et 7, art. 5, 6 et 7; L. 1,L. 2",
        "L. 5, L. 5 et L. 6; L. 7, L. 8 et L. 9",
        "au 2° de l'article 5; au 3° de l'article 6; au présent I; au présent II; b du 1° du I de l'article 7; c du 2° du II de l'article 8",
        "au I et au I de l'article 5; au I et au II de l'article 6; au II de l'article 5-II; au III de l'article 6-II",
    ]
    cite.forget()
    filled = [cite._find(text) for text in texts]
    monkeypatch.setattr(cite, "template", lambda *_: None)
    cite.forget()
    assert filled == [cite._find(text) for text in texts]
