"""Phrases and what they cite: tests/cases/cite, in the format that cite_cases.py explains."""

from __future__ import annotations

from pathlib import Path

import cite_cases
import pytest

FILES = sorted((Path(__file__).parent / "cases" / "cite").glob("*/*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_cases(path: Path) -> None:
    cases = cite_cases.read(path)
    assert cases
    told = cite_cases.answers(cases)
    for case, lines in zip(cases, told, strict=True):
        assert lines == case.expected, f"{case.where}: {case.text}"
