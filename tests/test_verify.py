"""``renvoi verify`` can fail: one character of a source, one offset, one bound, one link, and it says so and exits 1."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from law_samples import article, repository

from kb.cli import main
from kb.make.again import read_again
from kb.make.build import import_law
from kb.make.report import Options
from kb.make.verify import verify
from kb.store.kept import TABLES
from kb.store.reading import Store
from kb.store.records import META


def test_the_packaged_corpus_is_proved(base_file: Path) -> None:
    report = verify(Store(base_file))
    assert report.failures == []
    assert all(check.held > 0 for check in report.checks)


CHANGES = [
    "update citation set start = start + 1 where id = 5",
    "update citation set quote = quote || ' ' where id = 7",
    "update citation set target = 'css/L1', target_provision = 'css/L1' where id = 9",
    "update citation set status = 'resolved' where status = 'known' and id = (select min(id) from citation where status = 'known')",
    "update paragraph set end = end - 1 where provision = 'css/D253-81' and label = 'al2'",
    "update paragraph set words = 'autre chose' where provision = 'css/D253-81' and label = 'al2'",
    "update version set start = '1993-09-02' where provision = 'css/D253-81'",
    "update version set end = '1996-03-29' where provision = 'decret/1971-12-03/71-976'",
    "update version set end = null, end_is = 'ouvert' where provision = 'css/D253-81'",
    "update version set start_proof = '[]' where provision = 'css/D253-81'",
    "update event set effective = '1993-09-02' where kind = 'cree' and target = 'css/D253-81'",
    "update fact set value = '1993-09-02' where id = 'decret/1993-08-10/93-1004?in_force'",
    "update source set text = replace(text, 'déficit', 'deficit')",
    "delete from citation where id = 3",
    "delete from note where id = 1",
    "delete from rule where id = 'indu-rmi'",
    "update rule set body = replace(body, 'atteignent', 'dépassent') where id = 'anv-petites-creances'",
    "update measure set held_by = '[]', waived = '' where id = 4",
]


@pytest.mark.parametrize("change", CHANGES)
def test_one_change_of_the_store_is_found(
    base_file: Path, tmp_path: Path, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged.kb"
    shutil.copy(base_file, damaged)
    with sqlite3.connect(damaged) as connection:
        assert connection.execute(change).rowcount >= 1
    connection.close()
    assert main(["verify", "--kb", str(damaged)]) == 1
    assert "FAUX" in capsys.readouterr().out


def test_a_row_less_of_any_table_is_found(base_file: Path, tmp_path: Path, corpus: Path) -> None:
    """But for ``meta``, what the file says of itself; and those that a corpus alone does not fill, a row more."""
    damaged = tmp_path / "damaged.kb"
    shutil.copy(base_file, damaged)
    with sqlite3.connect(damaged) as connection:
        for table in TABLES:
            if table is not META:
                gone = f"delete from {table.name} where rowid = (select max(rowid) from {table.name})"
                if "without rowid" in table.schema():
                    key = table.columns[0]
                    gone = f"delete from {table.name} where {key} = (select max({key}) from {table.name})"
                if not connection.execute(gone).rowcount:
                    connection.execute(table.insert, [0] * len(table.columns))
    connection.close()
    failures = read_again(Store(damaged), corpus, imported=False).failures
    assert {failure.partition(" : ")[0] for failure in failures} >= {table.name for table in TABLES} - {META.name}


def test_one_changed_character_of_a_source_is_found(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made.kb"
    assert main(["build", str(copied), "-o", str(made)]) == 0
    assert main(["verify", "--kb", str(made)]) == 0
    file = next((copied / "sources/instruction-anv-msa").glob("*.txt"))
    file.write_bytes(file.read_bytes().replace(b"100 F", b"101 F", 1))
    capsys.readouterr()
    assert main(["verify", "--kb", str(made)]) == 1
    assert "instruction-anv-msa : sha256" in capsys.readouterr().out


def test_a_missing_source_is_found(base_file: Path, tmp_path: Path) -> None:
    assert main(["verify", "--kb", str(base_file), "--corpus", str(tmp_path)]) == 1


@pytest.mark.parametrize(
    ("act", "start"),
    [
        ("la loi n° 2000-1257 du 23 décembre 2000", "2000-12-23"),
        # who names the law by its number and year knows its day from a list, and these words do not write it
        ("la loi n° 2000-1257 de financement de la sécurité sociale pour 2001", None),
    ],
)
def test_an_act_begins_on_a_day_that_words_write(tmp_path: Path, act: str, start: str | None) -> None:
    words = article("L101", f"Le fonds est celui de l'article 40 de {act}.")
    history = repository(tmp_path / "css", [("2001-01-01", {"01. Partie législative/Article L101 - 1.md": words})])
    import_law([history], tmp_path / "a.kb", Options(workers=1))
    store = Store(tmp_path / "a.kb")
    (version,) = store.versions("loi/2000-12-23/2000-1257")
    assert version.start == start
    assert verify(store).failures == []
