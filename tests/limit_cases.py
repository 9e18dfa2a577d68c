"""The phrases of ``tests/cases/limits``: ``> text``, then ``quote -> operator value unit`` for each limit in it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Case(NamedTuple):
    text: str
    limits: list[tuple[str, str]]


def read(path: Path) -> list[Case]:
    cases: list[Case] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("> "):
            cases.append(Case(line[2:], []))
        elif " -> " in line:
            quote, _, said = line.partition(" -> ")
            cases[-1].limits.append((quote, said))
    return cases


CASES = [case for path in sorted((Path(__file__).parent / "cases" / "limits").glob("*.txt")) for case in read(path)]
