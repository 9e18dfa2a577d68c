"""The seal: the same rows give the same one, any change another; and verify says what no seal is needed for."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import sqlite3
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT
from law_samples import sample

from kb.cli import main
from kb.make.build import build, import_law
from kb.make.report import Options
from kb.make.verify import Asked, verify
from kb.store import seal
from kb.store.reading import Store
from kb.store.records import SOURCE

ONE = Options(workers=1)
ALONE = Asked(workers=1)


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return sample(tmp_path_factory.mktemp("law"))


@pytest.fixture(scope="module")
def imported(law: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("imported") / "law.kb"
    import_law(law, path, ONE)
    return path


@pytest.fixture(scope="module")
def tamper() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tamper", ROOT / "benchmarks" / "tamper.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def changed(path: Path, place: Path, *statements: str) -> Path:
    copy = place / "changed.kb"
    shutil.copyfile(path, copy)
    db = sqlite3.connect(copy)
    with db:
        assert sum(db.execute(statement).rowcount for statement in statements) != 0, statements
    db.close()
    return copy


# -- the seal ------------------------------------------------------------------------------------------------------


def test_two_builds_of_one_corpus_have_one_seal_wherever_it_lies(base_file: Path, copied: Path, tmp_path: Path) -> None:
    build(ROOT / "corpus", tmp_path / "again.kb", options=ONE)
    assert seal.seal(Store(tmp_path / "again.kb")) == seal.seal(Store(base_file))
    shutil.copytree(copied, tmp_path / "elsewhere" / "corpus")
    seals = set()
    for folder in (copied, tmp_path / "elsewhere" / "corpus"):
        build(folder, tmp_path / "own.kb", options=ONE)
        seals.add(seal.seal(Store(tmp_path / "own.kb")).root)
    assert len(seals) == 1


def test_the_pages_of_a_file_are_no_part_of_its_seal(base_file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "packed.kb"
    shutil.copyfile(base_file, copy)
    db = sqlite3.connect(copy)
    db.execute("vacuum")
    db.close()
    assert copy.read_bytes() != base_file.read_bytes()
    assert seal.seal(Store(copy)) == seal.seal(Store(base_file))


def test_the_seal_is_printed_kept_beside_and_held(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "made.kb"
    assert main(["build", str(ROOT / "corpus"), "-o", str(made), "--json"]) == 0
    root = json.loads(capsys.readouterr().out)["seal"]
    assert json.loads((tmp_path / "made.kb.seal").read_text())["seal"] == root
    assert main(["verify", "--kb", str(made), "--seal", root]) == 0
    assert "sceau" in capsys.readouterr().out
    assert main(["verify", "--kb", str(made), "--seal", "0" * 64]) == 1
    assert "FAUX  sceau" in capsys.readouterr().out
    assert main(["verify", "--kb", str(made), "--seal", "beef"]) == 2
    assert "64 hexadecimal digits" in capsys.readouterr().err
    (tmp_path / "made.kb.seal").write_text("[]")
    assert main(["verify", "--kb", str(made)]) == 1
    assert "is not the seal of a knowledge base" in capsys.readouterr().out
    build(ROOT / "corpus", made, options=ONE)
    assert not (tmp_path / "made.kb.seal").exists()  # it was that of another file


def test_a_statement_changed_everywhere_shows_against_the_seal_and_the_container(
    law: list[Path], imported: Path, tmp_path: Path
) -> None:
    root = seal.seal(Store(imported)).root
    row = next(row for row in Store(imported).stream(SOURCE) if "100 F." in row.text)
    sha = hashlib.sha256(row.text.replace("100 F.", "900 F.").encode()).hexdigest()
    change = f"update source set text = replace(text, '100 F.', '900 F.'), sha256 = '{sha}' where id = '{row.id}'"
    copy = changed(imported, tmp_path, change)
    assert any("sceau" in failure for failure in verify(Store(copy), ALONE._replace(seal=root)).failures)
    found = verify(Store(copy), ALONE._replace(containers=tuple(law)))
    assert any(check.failures for check in found.checks if check.name.startswith("conteneurs"))


# -- what needs no seal --------------------------------------------------------------------------------------------


def test_imported_law_is_proved_whole_by_sample_and_by_container(law: list[Path], imported: Path) -> None:
    store = Store(imported)
    assert verify(store, ALONE._replace(containers=tuple(law))).failures == []
    report = verify(store, ALONE._replace(sample=2))
    assert report.failures == []
    assert any("2 dispositions sur" in check.name for check in report.checks)


OF_IMPORTED = [
    "update citation set target = 'css/L105', target_provision = 'css/L105' where target = 'css/L102'",
    "update citation set status = 'known' where status = 'resolved'",
    "delete from citation where id = 1",
    "update event set effective = '1993-09-02' where source is not null and effective is not null",
    "update event set kind = 'modifie' where kind = 'cree'",
    "delete from event where source is not null",
    "delete from event where source is null",
    "update version set start = null, start_is = 'inconnu' where id = 'css/L101@1985-12-21'",
    "update version set source = (select source from version where provision = 'css/L105' and source is not null) where id = 'css/L101@1985-12-21'",
    "update version set official = 'LEGIARTI000000000999' where official is not null",
    "update witness set official = 'LEGIARTI000000000999' where official = 'LEGIARTI000000000102'",
    "delete from fault where about is not null",
    "update searched set provision = 'css/L105' where provision = 'css/L101'",
    "insert into search (rowid, stems) values (1, 'rien')",
    "update provision set parent = 'css' where parent like 'css/%'",
    "update provision set rank = rank + 1 where id = 'css/L101'",
    "insert into provision select 'css/L999', text, parent, kind, nature, num, title, rank, null, null, null, null, null from provision where id = 'css/L101'",
    "insert into container values ('corpus', 3, 'corpus', 'x', '', 'x', '')",
    "insert into container select 'git-x', 3, format, title, name, sha256, state from container where format = 'git'",
    "update authority set title = title || '.' where id = 'legi'",
    "insert into authority values ('x', 'y')",
    "insert into fact values ('css/L101?signed', 'css/L101', 'signed', '1990-01-01', '[\"seed\"]')",
    "create view stranger as select * from version",
    "drop index citation_to",
]  # fmt: skip


@pytest.mark.parametrize("change", OF_IMPORTED)
def test_one_change_of_imported_law_is_found_without_a_seal(imported: Path, tmp_path: Path, change: str) -> None:
    assert verify(Store(changed(imported, tmp_path, change)), ALONE).failures


OF_PACKAGED = [
    "delete from meta where key = 'corpus'",
    "insert into container values ('git-0123456789', 1, 'git', 'x', '0', 'x', '0')",
    "update searched set version = 'css/D133-1@1992-03-28' where id = 1",
    "update rule_link set how = 'appui' where how = 'source'",
    "update measure set kind = kind || 'x' where id = 1",
    "update source set text = x'00'",
]


@pytest.mark.parametrize("change", OF_PACKAGED)
def test_one_change_of_the_packaged_base_is_found_without_a_seal(base_file: Path, tmp_path: Path, change: str) -> None:
    assert verify(Store(changed(base_file, tmp_path, change)), ALONE).failures


def test_an_index_that_does_not_answer_as_its_table_is_found(base_file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "changed.kb"
    shutil.copyfile(base_file, copy)
    db = sqlite3.connect(copy)
    sql = db.execute("select sql from sqlite_master where name = 'citation_to'").fetchone()[0]
    with db:
        db.execute("drop index citation_to")
        db.execute(f"{sql} where 0")
        db.execute("pragma writable_schema = on")
        db.execute("update sqlite_master set sql = ? where name = 'citation_to'", (sql,))
    db.close()
    assert any("citation_to" in failure for failure in verify(Store(copy), ALONE).failures)


@pytest.mark.parametrize("name", ["packaged", "imported"])
def test_changes_by_chance_are_said_against_the_seal(
    base_file: Path, imported: Path, tamper: ModuleType, name: str
) -> None:
    base = {"packaged": base_file, "imported": imported}[name]
    made, found, missed = tamper.score(base, 60, 7, sealed=True)
    assert made.total() == 60
    assert missed == [] and found == made


def test_changes_by_chance_are_said_without_a_seal(base_file: Path, tamper: ModuleType) -> None:
    made, _, missed = tamper.score(base_file, 24, 3, sealed=False)
    assert made.total() == 24
    assert missed == []
