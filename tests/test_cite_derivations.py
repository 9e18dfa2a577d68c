"""Whatever the citation grammar derives is read and resolved: sentences drawn from its rules, its words from real phrases."""

from __future__ import annotations

import random
from collections import defaultdict

import cite_cases
import pytest
from lark import Token, Tree
from test_grammar_examples import EXAMPLES, parser

from kb.cite.find import Holder, find, forget
from kb.cite.resolve import Resolver
from kb.ground.registry import read_registry

REGISTRY = read_registry(cite_cases.ROOT / "corpus")[0]
COUNT = 400  # sentences of a seed
DEEP = 7


class Deriver:
    """Draws sentences: a rule is one of its alternatives, a word one of those that real phrases have for it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        lark = parser("cite")
        self.alternatives: dict[str, list[list[tuple[str, bool]]]] = defaultdict(list)
        for rule in lark.rules:
            symbols = [(str(each.name), each.is_term) for each in rule.expansion]
            self.alternatives[str(rule.origin.name)].append(symbols)
        self.words: dict[str, list[str]] = defaultdict(list)
        self.phrases: dict[str, list[str]] = defaultdict(list)
        for grammar, rule, phrase in EXAMPLES:
            if grammar != "cite" or "[" in phrase:
                continue
            self.phrases[rule].append(phrase)
            tree = lark.parse(phrase, start=rule)
            assert isinstance(tree, Tree)
            for token in tree.scan_values(lambda value: isinstance(value, Token)):
                self.words[token.type].append(str(token))

    def draw(self, rule: str, deep: int = DEEP) -> str:
        if deep == 0 and self.phrases[rule]:
            return self.random.choice(self.phrases[rule])
        alternatives = self.alternatives[rule]
        if deep <= 0:
            alternatives = [min(alternatives, key=len)]
        symbols = self.random.choice(alternatives)
        return " ".join(
            self.random.choice(self.words[name] or ["x"]) if word else self.draw(name, deep - 1)
            for name, word in symbols
        )


@pytest.mark.parametrize("seed", range(3))
def test_what_the_grammar_derives_is_read_and_resolved(seed: int) -> None:
    deriver = Deriver(seed)
    resolver = Resolver(REGISTRY)
    read = 0
    for _ in range(COUNT):
        text = f"Vu {deriver.draw('group')} ;"
        forget()  # what is built is under test, not what is remembered of it
        found = find(text).written
        read += len(found) > 0
        for written in found:
            assert 0 <= written.start < written.end <= len(text), text
            assert written.holder is None or type(written.holder) is Holder, text
            assert all(isinstance(step, str) and step for step in written.fragment), text
        for citation in resolver.read(text, within="css/L111-1")[0]:
            assert text[citation.start : citation.end] == citation.quote, text
    assert read > 0.9 * COUNT
