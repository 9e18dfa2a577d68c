"""The rule language: rules held by the words of their sources.

A jurist writes ``corpus/rules/*.rule``; ``parse`` reads it, ``check`` proves it against the sources, ``to_json`` and
``from_json`` keep it in the store, ``evaluate`` and ``evaluate_all`` answer, ``trace`` leads back to the characters, and
``coverage`` tells which measures of the sources no rule holds. Reading and checking wait until called: a question to a
stored rule loads neither lark nor the sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.rules.engine import evaluate, evaluate_all
from kb.rules.model import Rule, Waiver, World, from_json, to_json

if TYPE_CHECKING:
    from kb.rules.lang import Book

__all__ = ["Rule", "Waiver", "World", "evaluate", "evaluate_all", "from_json", "parse", "to_json"]


def parse(text: str, path: str) -> Book:
    """The rules, waivers and faults of a ``.rule`` file; see ``kb.rules.lang``."""
    from kb.rules import lang

    return lang.parse(text, path)
