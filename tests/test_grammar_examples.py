"""Each rule of the citation grammar is followed by real phrases that it reads: here they are read."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache

import pytest
from lark import Lark
from lark.exceptions import UnexpectedInput

from kb.ground.data import folder
from kb.ground.parse import opened

GRAMMARS = ("cite", "dates", "heading", "limits", "quantities")
_RULE = re.compile(r"^(?P<rule>[a-z_]+)?\s*[:|]\s*(?P<body>[^/]*?)\s*//(?P<note>.*)$")


def examples() -> list[tuple[str, str, str]]:
    """(grammar, rule, phrase) for every « phrase » behind an alternative."""
    found: list[tuple[str, str, str]] = []
    for name in GRAMMARS:
        rule = ""
        for line in (folder("grammar") / f"{name}.lark").read_text(encoding="utf-8").splitlines():
            match = _RULE.match(line)
            if match:
                rule = match["rule"] or rule
                found += [(name, rule, phrase) for phrase in re.findall(r"« (.+?) »", match["note"])]
    return found


EXAMPLES = examples()


@cache
def parser(name: str) -> Lark:
    rules = sorted({rule for grammar, rule, _ in EXAMPLES if grammar == name})
    return opened(name, start=rules)


def rules_with_alternatives(name: str) -> dict[str, int]:
    """How many alternatives each rule has."""
    counts: dict[str, int] = {}
    rule = ""
    for line in (folder("grammar") / f"{name}.lark").read_text(encoding="utf-8").splitlines():
        head = re.match(r"([a-z_]+): ", line)
        if head:
            rule = head[1]
        if head or re.match(r"\s+\| ", line):
            counts[rule] = counts.get(rule, 0) + 1
    return counts


@pytest.mark.parametrize(("name", "rule", "phrase"), EXAMPLES)
def test_the_phrase_is_read_by_its_rule(name: str, rule: str, phrase: str) -> None:
    words, _, after = phrase.partition("[")
    if not after:
        parser(name).parse(words, start=rule)
        return
    # what stands in [ ] must follow the words, unread
    reading = parser(name).parse_interactive(words + after.rstrip("]"), start=rule)
    whole = False
    with suppress(UnexpectedInput):
        for token in reading.lexer_thread.lex(reading.parser_state):
            reading.feed_token(token)
            whole = whole or (len(words.rstrip()) <= token.end_pos <= len(words) and "$END" in reading.accepts())
    assert whole, f"{rule} does not read « {phrase} »"


@pytest.mark.parametrize("name", GRAMMARS)
def test_every_rule_has_a_phrase(name: str) -> None:
    told = {rule for grammar, rule, _ in EXAMPLES if grammar == name}
    silent = set(rules_with_alternatives(name)) - told - {"start", "holder"}
    assert not silent


@pytest.mark.parametrize("path", sorted(folder("grammar").glob("*.lark")), ids=lambda p: p.name)
def test_every_grammar_opens_with_a_legend(path) -> None:  # type: ignore[no-untyped-def]
    head = path.read_text(encoding="utf-8").split("\n\n")[0]
    assert head.startswith("//")
    assert "legend" in path.read_text(encoding="utf-8")[:900].lower()
