"""Golden files: what the packaged corpus gives, to be read as a diff. ``python3 dev.py golden`` writes them again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from asked import rows
from conftest import ROOT

import kb.rules
from kb.ask.proved import verify
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


LEFT = {
    "nature": "cotisation",
    "date_exigibilite": "1990-01-01",
    "jugement_cloture": False,
    "attestation_avec_mention": True,
}
#: What is asked of the Python face, each answer whole.
ASKED: dict[str, Callable[[Base], object]] = {
    "show css/L133-3#al1": lambda base: base.show("css/L133-3#al1", at="1997-05-01"),
    "show circulaire/1996-12-27/7055/I/1#al1": lambda base: base.show("circulaire/1996-12-27/7055/I/1#al1"),
    "said css/D253-81": lambda base: base.said("css/D253-81", at="1995-01-01", known_at="1995-01-01"),
    "history css/D253-81": lambda base: base.history("css/D253-81"),
    "diff css/D253-81": lambda base: base.diff("css/D253-81", "1995-01-01", "2010-01-01"),
    "diff circulaire/1996-12-27/7055": lambda base: base.diff("circulaire/1996-12-27/7055", "1996-01-01", "1997-01-01"),
    "follow css/D133-1": lambda base: base.follow("css/D133-1", into=True, at="1997-05-01"),
    "trace 77": lambda base: base.trace(77),
    "search": lambda base: base.search("agent comptable", limit=2),
    "stale": lambda base: base.stale(at="2006-01-01", limit=3, offset=1),
    "impact": lambda base: base.impact("2000-01-01", "2012-01-01"),
    "impact css/D253-81": lambda base: base.impact("2000-01-01", "2012-01-01", "css/D253-81"),
    "apply liquidateur, as of two texts": lambda base: base.apply(
        "anv-attestation-liquidateur", {**LEFT, "montant": "500000 F"}, "1997-05-01"
    ),
    "apply delai, undecided": lambda base: base.apply("anv-delai", {"date_depart": "1994-05-01"}, "1995-06-01"),
    "apply delai, of two versions": lambda base: base.apply("anv-delai", {"date_depart": "1980-01-01"}, "1995-06-01"),
    "apply cotisations, moved": lambda base: base.apply("abandon-cotisations", {"cotisations": "1 F"}, "2002-01-01"),
    "apply decharge, known later": lambda base: kb.rules.evaluate(
        base.rulebook.rule("decharge-budget"),
        {"somme": "1 F"},
        date(2007, 10, 20),
        world=base.rulebook,
        known_at=date(2007, 10, 19),
    ),
    "apply decharge, not yet known": lambda base: kb.rules.evaluate(
        base.rulebook.rule("decharge-budget"),
        {"somme": "1 F"},
        date(1994, 1, 1),
        world=base.rulebook,
        known_at=date(1993, 8, 17),
    ),
    "apply decharge, over": lambda base: base.apply("decharge-budget", {"somme": "1 F"}, "2010-01-01"),
    "apply delai, before": lambda base: base.apply("anv-delai", {"nature": "autre"}, "1971-12-02"),
    "trace tolerance-30f": lambda base: base.trace("tolerance-30f", at="1990-01-01"),
    "verify": lambda base: verify(base.store, "css/D253-81", "L'agent comptable", date(1997, 5, 1)),
}


def records(base: Base) -> Iterator[str]:
    for words, ask in ASKED.items():
        yield f"$ {words}"
        answer = ask(base)
        assert isinstance(answer, dict)
        for key, value in answer.items():
            if isinstance(value, list):
                yield from [f"{key}:", *(f"  {json.dumps(each, ensure_ascii=False)}" for each in value)]
            else:
                yield f"{key}: {json.dumps(value, ensure_ascii=False)}"
        yield ""


@pytest.mark.parametrize("what", [outline, citations, times, answers, records], ids=lambda f: f.__name__)
def test_golden(what: object, base: Base, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / f"{what.__name__}.txt"  # type: ignore[attr-defined]
    found = "\n".join(what(base)) + "\n"  # type: ignore[operator]
    if request.config.getoption("--regenerate"):
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found
