"""Rules on law that is held beside the corpus: proved against its words, and out of their period once those words have changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from law_samples import article, json_article, json_code, repository

import kb
from kb.base import Base
from kb.ground.fault import Misuse
from kb.make.build import Built, build, import_law
from kb.make.verify import Asked, verify

CORPUS = Path("corpus")
FRANCS = "Les organismes peuvent différer le recouvrement des créances d'un montant inférieur à 100 F."
EUROS = "Les organismes peuvent différer le recouvrement des créances d'un montant inférieur à 16 euros."
SAME = "Les organismes peuvent toujours différer le recouvrement des créances d'un montant inférieur à 100 F."
RULE = """\
règle differe : Report des petites créances
  source css/D999-1@{quoted}#al1
    « peuvent différer le recouvrement des créances d'un montant inférieur à {limit} »
  en vigueur depuis le 1992-03-28, selon registre css/D999-1@{quoted}
  donnée montant : montant
  si montant < {limit} selon « d'un montant inférieur à 100 F »
  alors faculté : différer le recouvrement
"""


def law(folder: Path, *versions: tuple[str, str]) -> Path:
    return repository(folder / "law", [(day, {"Article D999-1.md": article("D999-1", body)}) for day, body in versions])


def book(folder: Path, text: str) -> Path:
    (folder / "mine").mkdir()
    (folder / "mine" / "mine.rule").write_text(text, encoding="utf-8")
    return folder / "mine"


def built(
    folder: Path, *versions: tuple[str, str], text: str = RULE.format(quoted="1992-03-28", limit="100 F")
) -> Built:
    return build(CORPUS, folder / "a.kb", [law(folder, *versions)], rules=[book(folder, text)])


def statuses(folder: Path, *days: str) -> list[str]:
    base = kb.load(folder / "a.kb")
    return [base.apply("differe", {"montant": "50 F"}, at=day)["status"] for day in days]


def proved(base: Base) -> bool:
    """Whether a base holds, but for the trials that its rule does not have."""
    checks = verify(base.store, Asked(workers=1)).checks
    return {check.name.partition(" ")[0] for check in checks if check.failures} <= {"essais"}


def test_a_rule_on_imported_law_speaks_until_its_words_have_another_measure(tmp_path: Path) -> None:
    made = built(tmp_path, ("1992-03-28", FRANCS), ("1998-01-01", SAME), ("2002-01-01", EUROS))
    assert not made.stopped, made.faults
    days = ("1992-03-27", "1992-03-28", "1998-01-01", "2001-12-31", "2002-01-01")
    assert statuses(tmp_path, *days) == ["hors_periode", "applicable", "applicable", "applicable", "hors_periode"]
    base = kb.load(tmp_path / "a.kb")
    (note,) = base.apply("differe", {"montant": "50 F"}, at="2002-01-01")["notes"]
    assert "ne dit plus « 100 F »" in note and "16 euros" in note and "css/D999-1@2002-01-01" in note
    lineage = base.trace("differe", at="2002-01-01")["lineage"]["steps"]
    assert [(step["measure"], step["from"]["day"]) for step in lineage if step["provision"] == "css/D999-1"] == [
        ("16 euros", "2002-01-01")
    ]
    assert [rule["id"] for rule in base.rules(at="2001-12-31") if rule["id"] == "differe"] == ["differe"]
    assert "differe" not in [rule["id"] for rule in base.rules(at="2002-01-01")]
    assert proved(base)


def test_what_a_later_import_says_moves_the_rule_too(tmp_path: Path) -> None:
    built(tmp_path, ("1992-03-28", FRANCS))
    assert statuses(tmp_path, "2002-01-01") == ["applicable"]
    import_law([law(tmp_path, ("2002-01-01", EUROS))], tmp_path / "a.kb")
    assert statuses(tmp_path, "2001-12-31", "2002-01-01") == ["applicable", "hors_periode"]
    assert proved(kb.load(tmp_path / "a.kb"))


@pytest.mark.parametrize(
    ("quoted", "limit", "code"),
    [("2002-01-01", "100 F", "citation-introuvable"), ("1992-03-28", "16 euros", "citation-introuvable")],
)
def test_words_that_another_version_says_prove_nothing(tmp_path: Path, quoted: str, limit: str, code: str) -> None:
    text = RULE.format(quoted=quoted, limit=limit)
    made = built(tmp_path, ("1992-03-28", FRANCS), ("2002-01-01", EUROS), text=text)
    assert made.stopped and code in {fault.code for fault in made.faults}
    assert not (tmp_path / "a.kb").exists()


def test_a_version_proves_its_own_bounds_only(tmp_path: Path) -> None:
    text = RULE.format(quoted="1992-03-28", limit="100 F").replace("depuis le 1992-03-28", "depuis le 1992-04-01")
    made = built(tmp_path, ("1992-03-28", FRANCS), text=text)
    assert {fault.code for fault in made.faults if fault.grave} == {"borne-sans-preuve"}


def test_a_day_names_the_version_in_force(tmp_path: Path) -> None:
    text = RULE.format(quoted="1992-03-28", limit="100 F").replace(
        "source css/D999-1@1992-03-28#al1", "source css/D999-1@1996-12-27#al1"
    )
    assert not built(tmp_path, ("1992-03-28", FRANCS), ("2002-01-01", EUROS), text=text).stopped


def test_a_folder_without_rules_is_said(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match=r"no \.rule file"):
        build(CORPUS, tmp_path / "a.kb", rules=[tmp_path])
    with pytest.raises(Misuse, match="no such folder"):
        build(CORPUS, tmp_path / "a.kb", rules=[tmp_path / "none"])


def test_a_version_whose_words_are_not_held_hides_no_later_one(tmp_path: Path) -> None:
    stated = [("LEGIARTI000000000001", "1992-03-28", "2002-01-01", "MODIFIE"), ("LEGIARTI000000000002", "2002-01-01", "2010-01-01", "MODIFIE"), ("LEGIARTI000000000003", "2010-01-01", "2999-01-01", "VIGUEUR")]  # fmt: skip
    (tmp_path / "code.json").write_text(
        json_code([json_article("D999-1", stated[0][0], stated, f"<p>{EUROS}</p>")]), encoding="utf-8"
    )
    made = build(
        CORPUS,
        tmp_path / "a.kb",
        [law(tmp_path, ("1992-03-28", FRANCS)), tmp_path / "code.json"],
        rules=[book(tmp_path, RULE.format(quoted="1992-03-28", limit="100 F"))],
    )
    assert not made.stopped, made.faults
    assert statuses(tmp_path, "2001-12-31", "2010-01-01") == ["applicable", "hors_periode"]
    (note,) = kb.load(tmp_path / "a.kb").apply("differe", {"montant": "50 F"}, at="2026-01-15")["notes"]
    assert "16 euros" in note and "css/D999-1@2010-01-01" in note
