"""The rule language: rules held by the words of their sources.

A jurist writes ``corpus/rules/*.rule``; ``parse`` reads it, ``check`` proves it against the sources, ``to_json`` and
``from_json`` keep it in the store, ``evaluate`` and ``evaluate_all`` answer, ``trace`` leads back to the characters, and
``coverage`` tells which measures of the sources no rule holds. Reading and checking wait until called: a question to a
stored rule loads neither lark nor the sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from kb.rules.codec import from_json, to_json
from kb.rules.evaluate import Evaluation, evaluate, evaluate_all, in_force
from kb.rules.model import Rule, Waiver, World

if TYPE_CHECKING:
    from kb.ground.registry import Registry
    from kb.rules.cover import Measure
    from kb.rules.lang import Book
    from kb.rules.proof import Checked
    from kb.rules.quotes import Places
    from kb.rules.sentences import Said
    from kb.rules.trail import Json

__all__ = [
    "Evaluation", "Rule", "Waiver", "World", "check", "concerns", "coverage", "evaluate", "evaluate_all", "from_json", "in_force", "parse",
    "said", "summary", "to_json", "trace",
]  # fmt: skip


def parse(text: str, path: str) -> Book:
    """``rules, waivers, faults`` of a ``.rule`` file; spans are in *text*, under *path* as their source."""
    from kb.rules import lang

    return lang.parse(text, path)


def check(rules: Sequence[Rule], waivers: Sequence[Waiver], places: Places, registry: Registry) -> Checked:
    """``rules, waivers, faults``: those that hold, with the places of their quotes. *rules* are the whole corpus's."""
    from kb.rules import proof

    return proof.check(rules, waivers, places, registry)


def coverage(rules: Iterable[Rule], waivers: Iterable[Waiver], places: Places) -> tuple[list[Measure], list[Measure]]:
    """The measures of the sources that checked rules or waivers hold, and the holes."""
    from kb.rules import cover

    return cover.coverage(rules, waivers, places)


def said(rule: Rule, answer: Evaluation) -> list[Said]:
    """An answer in French sentences, each with its quote; see ``kb.rules.sentences``."""
    from kb.rules import sentences

    return sentences.said(rule, answer)


def trace(rule: Rule, at: date, world: World) -> Json:
    """The audit trail of a rule, down to file, characters and sha256; see ``kb.rules.trail``."""
    from kb.rules import trail

    return trail.trace(rule, at, world)


def summary(rule: Rule) -> Json:
    """A rule in a list; see ``kb.rules.trail``."""
    from kb.rules import trail

    return trail.summary(rule)


def concerns(rule: Rule, provision: str) -> bool:
    """Whether a rule quotes or rests on a provision or one of its parts; see ``kb.rules.trail``."""
    from kb.rules import trail

    return trail.concerns(rule, provision)
