"""Since when an act counts as in force where nobody states an interval: the first that is known, and the note that says which."""

from __future__ import annotations

from datetime import date

import pytest

from kb.ground.period import Edge
from kb.make.entry import NO_DATE_NOTE, PUBLICATION_NOTE, SIGNATURE_NOTE, Entry, entered, entry
from kb.store.records import FactRow
from kb.time.proof import Proof

ACT = "decret/1993-08-10/93-1004"
DATED = (Proof(("seed",), fact="written somewhere"),)
DAYS = {"in_force": "1993-09-01", "published": "1993-08-18", "signed": "1993-08-11"}


def stated(*keys: str) -> list[FactRow]:
    return [FactRow(f"{ACT}?{key}", ACT, key, DAYS[key], '["JO"]') for key in keys]


def of(*keys: str) -> Entry:
    return entry(ACT, entered(stated(*keys)).get(ACT), DATED)


@pytest.mark.parametrize(
    ("keys", "by", "known", "note"),
    [
        (("in_force", "published", "signed"), "in_force", "published", ""),
        (("signed", "published", "in_force"), "in_force", "published", ""),
        (("in_force",), "in_force", None, ""),
        (("published", "signed"), "published", "published", PUBLICATION_NOTE),
        (("signed",), "signed", None, SIGNATURE_NOTE),
    ],
)
def test_the_first_day_that_is_known_counts(keys: tuple[str, ...], by: str, known: str | None, note: str) -> None:
    day = date.fromisoformat(DAYS[known]) if known else None
    assert of(*keys) == Entry(date.fromisoformat(DAYS[by]), (Proof(("JO",), fact=f"{ACT}?{by}"),), day, note)


def test_without_a_fact_it_is_the_day_of_its_name_proved_by_whoever_writes_it() -> None:
    assert of() == Entry(date(1993, 8, 10), DATED, None, SIGNATURE_NOTE)
    assert entry(f"{ACT}/art-1", None, ()) == Entry(date(1993, 8, 10), (), None, SIGNATURE_NOTE)


def test_without_a_day_it_is_unknown() -> None:
    assert entry("instruction/sd/anv", None, DATED) == Entry(Edge.UNKNOWN, (), None, NO_DATE_NOTE)


def test_facts_are_kept_apart_by_act() -> None:
    other = FactRow("x", "loi/1999-01-01/99-1", "published", "1999-01-02", '["JO"]')
    found = entered([*stated("published", "signed"), other])
    assert {act: sorted(said.days) for act, said in found.items()} == {
        ACT: ["published", "signed"], "loi/1999-01-01/99-1": ["published"],
    }  # fmt: skip
