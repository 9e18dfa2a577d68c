"""The format of tests/cases/cite: phrases with what they cite, readable without the code.

    # words about the file
    --- within css/L111-1 at 1996-12-27 annexes 1=circulaire/1996-12-27/7055 holds css/L133-3 internal
    > l'article L. 133-3 du code de la sécurité sociale
    article L. 133-3 du code de la sécurité sociale -> css/L133-3 known code_article

``---`` opens a document: what was named before is forgotten. ``>`` lines are one alinéa, read in order; an empty line
ends it. Below it stands each citation: its words (a line end shown as ⏎), its target (``?`` for none, candidates parted
by ``|``), its status and kind, ``..L133-5`` for the other end of a range. ``rien`` says that nothing is cited,
``faute`` that a near miss is reported.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from kb.cite.resolve import Citation, Resolver
from kb.ground.registry import Registry, read_registry

ROOT = Path(__file__).resolve().parent.parent


class Case(NamedTuple):
    where: str
    options: dict[str, str]
    new: bool
    text: str
    expected: list[str]


def read(path: Path) -> list[Case]:
    """The cases of one file, in order."""
    cases: list[Case] = []
    options: dict[str, str] = {}
    new, words, expected, line_of = True, [], [], 0
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), ""], 1):
        if line.startswith("---"):
            options, new = _options(line[3:]), True
        elif line.startswith(">"):
            line_of = line_of or number
            words.append(line[2:])
        elif line.strip() and not line.startswith("#"):
            expected.append(line)
        elif words:
            cases.append(Case(f"{path.name}:{line_of}", options, new, "\n".join(words), expected))
            new, words, expected, line_of = False, [], [], 0
    return cases


def _options(words: str) -> dict[str, str]:
    steps = words.split()
    options: dict[str, str] = {}
    while steps:
        name = steps.pop(0)
        options[name] = "" if name == "internal" else steps.pop(0)
    return options


def answers(cases: list[Case], registry: Registry | None = None) -> list[list[str]]:
    """What the engine says of each case, in the format of the files."""
    registry = registry or read_registry(ROOT / "corpus")[0]
    told: list[list[str]] = []
    for case in cases:
        options = case.options
        if case.new:
            held = set(options.get("holds", "").split(","))
            annexes = dict(pair.split("=") for pair in options.get("annexes", "").split(",") if pair)
            resolver = Resolver(registry, exists=held.__contains__, annexes=annexes, internal="internal" in options)
        day = date.fromisoformat(options["at"]) if "at" in options else None
        found, faults = resolver.read(case.text, within=options.get("within"), at=day)
        for citation in found:
            assert case.text[citation.start : citation.end] == citation.quote
        lines = [show(citation) for citation in found] + ["faute"] * len(faults)
        told.append(lines or ["rien"])
    return told


def show(c: Citation) -> str:
    target = c.target or "|".join(c.candidates) or "?"
    more = f" ..{c.num_end}" if c.num_end else ""
    days = "".join(f" {name} {day[0]}" for name, day in (("publié", c.published), ("effet", c.effective)) if day)
    return f"{c.quote}".replace("\n", "⏎") + f" -> {target} {c.status} {c.kind}{more}{days}"
