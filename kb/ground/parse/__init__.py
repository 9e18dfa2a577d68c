"""Run a lark grammar over a slice of a text, offsets kept. The only import of lark.

The grammar is lark's LALR grammar with its contextual lexer, and lark compiles it (``tables``). What runs is a walk over
lark's own tables (``walk``), quick because it knows with which characters each word can begin (``heads``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from kb.ground.parse.tables import load, opened, tables
from kb.ground.parse.walk import PASS, Grammar, Make, Token, Value, Walk

__all__ = ["PASS", "Grammar", "Make", "Token", "Value", "Walk", "grammar", "load", "opened", "slow_walk"]


@cache
def grammar(name: str) -> Grammar:
    """The grammar ``grammar/<name>.lark``, compiled once per process."""
    return Grammar(tables(name))


def slow_walk(name: str) -> Callable[[str, int], list[Token] | None]:
    """Plain lark doing what ``Grammar.walk`` does, token by token: the measure of the fast walk, for tests."""
    from lark.exceptions import UnexpectedInput
    from lark.lexer import TextSlice  # type: ignore[attr-defined]

    parser = opened(name, lexer="contextual")

    def walk(text: str, start: int) -> list[Token] | None:
        interactive = parser.parse_interactive(TextSlice(text, start, len(text)))
        tokens: list[Token] = []
        accepted = 0
        try:
            for token in interactive.lexer_thread.lex(interactive.parser_state):  # type: ignore[no-untyped-call]
                interactive.feed_token(token)
                tokens.append(Token(token.type, token.start_pos or 0, token.end_pos or 0))
                if "$END" in interactive.accepts():  # type: ignore[no-untyped-call]
                    accepted = len(tokens)
        except UnexpectedInput:
            pass
        return tokens[:accepted] or None

    return walk


def methods(name: str, reading: type) -> list[Make | None]:
    """The method of *reading* for each rule of a grammar, ``None`` for lark's helpers; imported rules lose their prefix."""
    return [
        None if rule.startswith("__") else getattr(reading, rule.rpartition("__")[2]) for rule, _ in grammar(name).rules
    ]
