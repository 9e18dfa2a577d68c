"""Full text in French: what a jurist types is found, whatever the accents, elisions and endings."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from law_samples import article, repository

from kb.base import Base
from kb.ground.fault import Misuse
from kb.make.build import import_law
from kb.make.report import Options


@pytest.fixture
def law(tmp_path: Path) -> Base:
    folder = "01. Partie législative"
    days = [
        ("1990-01-01", {f"{folder}/Article L101 - 1.md": article("L101", "L'indemnité journalière est majorée par l'employeur."), f"{folder}/Article L102 - 2.md": article("L102", "Les allocations familiales.\n\nUn œuvrier.")}),
        ("2000-01-01", {f"{folder}/Article L101 - 1.md": article("L101", "La pension de réversion est due.\n\nUn second alinéa.")}),
    ]  # fmt: skip
    import_law([repository(tmp_path / "css", days)], tmp_path / "a.kb", Options(workers=1))
    return Base(tmp_path / "a.kb")


@pytest.mark.parametrize(
    "asked",
    [
        "indemnités journalieres",
        "INDEMNITE",
        "journalier",
        "l'employeur majoré",
        "d'indemnités",
        '"indemnité journalière"',
    ],
)
def test_words_are_found_by_their_stems(law: Base, asked: str) -> None:
    assert [hit["version"] for hit in law.search(asked)["hits"]] == ["css/L101@1990-01-01"]


def test_side_by_side_means_in_that_order(law: Base) -> None:
    assert law.search('"journalière indemnité"')["hits"] == []


def test_a_day_leaves_out_what_was_not_in_force(law: Base) -> None:
    assert [hit["version"] for hit in law.search("indemnité", at="1995-01-01")["hits"]] == ["css/L101@1990-01-01"]
    assert law.search("indemnité", at="2005-01-01")["total"] == 0
    assert [hit["id"] for hit in law.search("reversion", at="2005-01-01")["hits"]] == ["css/L101"]


def test_a_hit_shows_its_words(law: Base) -> None:
    hit = law.search("familial")["hits"][0]
    assert [hit["excerpt"][a:b] for a, b in hit["marks"]] == ["familiales"]


@pytest.mark.parametrize("asked", ["", "  ", "'", '""', "!?"])
def test_nothing_to_search_for_is_told(law: Base, asked: str) -> None:
    with pytest.raises(Misuse, match="nothing to search for"):
        law.search(asked)


@pytest.mark.parametrize("asked", ["a AND b", "near(", "*", "col:x", "indemnité*", "^x", "-x OR y"])
def test_no_question_is_read_as_a_formula(law: Base, asked: str) -> None:
    with suppress(Misuse):
        law.search(asked)


def test_what_changed_joins_to_both_texts(law: Base) -> None:
    answer = law.diff("css/L101", "1995-01-01", "2005-01-01")
    before = "".join(c["words"] for c in answer["changes"] if c["op"] != "new")
    after = "".join(c["words"] for c in answer["changes"] if c["op"] != "gone")
    assert before.split() == law.show("css/L101", at="1995-01-01")["text"].split()
    assert after == law.show("css/L101", at="2005-01-01")["text"]
    assert law.diff("css/L102", "1995-01-01", "2005-01-01")["same"]
    text = law.diff("css", "1989-01-01", "2005-01-01")
    assert (text["new"], text["gone"], text["changed"]) == (["css/L101", "css/L102"], [], [])
    assert law.diff("css", "1995-01-01", "2005-01-01")["changed"] == ["css/L101"]
    with pytest.raises(Misuse, match="is before"):
        law.diff("css/L101", "2005-01-01", "1995-01-01")


def test_a_history_tells_every_version_and_who_says_so(law: Base) -> None:
    told = law.history("css/L101")
    assert [(v["start"], v["end"]) for v in told["versions"]] == [("1990-01-01", "2000-01-01"), ("2000-01-01", None)]
    assert all(v["said"] for v in told["versions"])
