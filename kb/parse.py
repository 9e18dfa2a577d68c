"""Run a .lark grammar over a slice, offsets kept: the only import of lark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.data import folder

if TYPE_CHECKING:
    from lark import Lark, Tree


def load(name: str, start: str = "start") -> Lark:
    """The LALR parser of ``grammar/<name>.lark``."""
    from lark import Lark

    return Lark.open(str(folder("grammar") / f"{name}.lark"), parser="lalr", start=start, maybe_placeholders=False)


def try_parse(parser: Lark, words: str) -> Tree | None:
    """The tree of *words* in full, or ``None`` when the grammar does not read them."""
    from lark import UnexpectedInput

    try:
        return parser.parse(words)
    except UnexpectedInput:
        return None
