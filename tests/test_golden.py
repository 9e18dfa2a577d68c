"""Golden files: what the packaged corpus gives, to be read as a diff. ``python3 dev.py golden`` writes them again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asked import rows
from conftest import ROOT

from kb.base import Base
from kb.show.terminal import shown

GOLDEN = ROOT / "tests" / "golden"
SHOWN = [
    "css/D253-81 1997-05-01",
    "css/D253-81 2010-01-01",
    "css/D133-1 1997-05-01",
    "decret/1971-12-03/71-976 1996-12-27",
    "circulaire/1996-12-27/7055/II/2/2.4 1997-01-01",
]


def outline(base: Base) -> Iterator[str]:
    for name, kind, num, title in rows(
        base, "select id, kind, num, title from provision where source is not null order by text, rank, id"
    ):
        yield f"{name}\t{kind}\t{num}\t{title}"
        columns = "label, kind, mark, old, start, end"
        for row in rows(base, f"select {columns} from paragraph where provision = '{name}' order by rank"):
            yield "\t".join(["", *("" if value is None else str(value) for value in row)])


def citations(base: Base) -> Iterator[str]:
    columns = "source, start, end, provision || '#' || label, quote, target, status, kind"
    for row in rows(base, f"select {columns} from citation order by id"):
        yield "\t".join(" ".join(str(value).split()) for value in row)


def times(base: Base) -> Iterator[str]:
    columns = "id, start, start_is, end, end_is, start_known, end_known, official"
    for row in rows(base, f"select {columns} from version order by provision, start"):
        yield "\t".join("" if value is None else str(value) for value in row)
    for row in rows(
        base,
        "select kind, target, by, effective, published, source, start, end, fact from event order by target, kind, effective, by, start",
    ):
        yield "\t".join("" if value is None else str(value) for value in row)


def answers(base: Base) -> Iterator[str]:
    for words in SHOWN:
        ref, day = words.split()
        yield f"$ renvoi show {ref} --at {day}"
        yield from shown(base.show(ref, at=day))
        yield ""


@pytest.mark.parametrize("what", [outline, citations, times, answers], ids=lambda f: f.__name__)
def test_golden(what: object, base: Base, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / f"{what.__name__}.txt"  # type: ignore[attr-defined]
    found = "\n".join(what(base)) + "\n"  # type: ignore[operator]
    if request.config.getoption("--regenerate"):
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found
