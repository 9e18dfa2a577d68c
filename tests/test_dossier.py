"""A dossier holds for a stranger, in a bare interpreter, and a change of any part of it is said."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

from kb.cli import main
from kb.show import stranger

ASKED = [("css/D253-81", "1997-05-01"), ("css/D133-1", "2003-01-01"), ("circulaire/1996-12-27/7055", "1997-05-01"), ("indu-rmi", None), ("12", None), ("css/D253-81", "2010-01-01")]  # fmt: skip


def made(base_file: Path, place: Path, ref: str = "css/D253-81", at: str | None = "1997-05-01") -> Path:
    target = place / "answer.json"
    assert main(["dossier", ref, *(["--at", at] if at else []), "--kb", str(base_file), "-o", str(target)]) == 0
    return target


def stranger_says(target: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", f"{target}.verify.py", str(target), *more]
    return subprocess.run(command, capture_output=True, text=True, cwd=target.parent)


@pytest.mark.parametrize(("ref", "at"), ASKED)
def test_a_stranger_verifies_an_answer(base_file: Path, tmp_path: Path, ref: str, at: str | None) -> None:
    found = stranger_says(made(base_file, tmp_path, ref, at))
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.startswith("holds: ")


def test_a_stranger_knows_the_file(base_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = made(base_file, tmp_path)
    own = next((ROOT / "corpus/sources/css-d253-81").glob("*.md"), None) or next(
        path for path in (ROOT / "corpus/sources/css-d253-81").iterdir() if path.name != "card.toml"
    )
    assert stranger_says(target, "--file", str(own)).returncode == 0
    assert stranger_says(target, "--file", str(ROOT / "LICENSE")).returncode == 1
    assert stranger_says(target, "--file", str(tmp_path / "nothing")).returncode == 2


def other_word(dossier: dict) -> None:  # type: ignore[type-arg]
    dossier["sources"][0]["text"] = dossier["sources"][0]["text"].replace("déficit", "deficit", 1)


def other_text(dossier: dict) -> None:  # type: ignore[type-arg]
    dossier["answer"]["paragraphs"][0]["text"] += "x"


def other_place(dossier: dict) -> None:  # type: ignore[type-arg]
    dossier["answer"]["cites"][0]["start"] += 1


def other_day(dossier: dict) -> None:  # type: ignore[type-arg]
    dossier["answer"]["version"]["start"] = "1993-09-02"


def other_day_asked(dossier: dict) -> None:  # type: ignore[type-arg]
    dossier["answer"]["at"] = "2010-01-01"


def no_fact(dossier: dict) -> None:  # type: ignore[type-arg]
    dossier["facts"].clear()


def nobody(dossier: dict) -> None:  # type: ignore[type-arg]
    dossier["facts"][0]["said_by"] = []


@pytest.mark.parametrize("resealed", [False, True])
@pytest.mark.parametrize("change", [other_word, other_text, other_place, other_day, other_day_asked, no_fact, nobody])
def test_a_change_is_said_even_where_it_was_sealed_again(
    base_file: Path, tmp_path: Path, change: Callable[[dict], None], resealed: bool  # type: ignore[type-arg]
) -> None:  # fmt: skip
    target = made(base_file, tmp_path)
    dossier = json.loads(target.read_text(encoding="utf-8"))
    change(dossier)
    if resealed:
        del dossier["sha256"]
        dossier["sha256"] = stranger.digest(stranger.canonical(dossier))
    target.write_text(json.dumps(dossier), encoding="utf-8")
    found = stranger_says(target)
    assert found.returncode == 1
    assert ("the one that was sealed" in found.stdout) != resealed


def test_what_is_no_dossier_is_said_so(base_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = made(base_file, tmp_path)
    for words in ("{}", "[]", "", '{"sha256": 1}'):
        target.write_text(words)
        found = stranger_says(target)
        assert (found.returncode, "Traceback" in found.stderr) == (2, False)
    assert main(["dossier", "css/Z1", "--kb", str(base_file), "-o", str(target)]) == 2
    assert main(["dossier", "css/D253-81", "--kb", str(base_file), "-o", str(tmp_path)]) == 2
    assert main(["dossier", "css/D253-81", "--at", "hier", "--kb", str(base_file), "-o", str(target)]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "day", "said"),
    [
        ("en vigueur le 1er septembre 1993", "1993-09-01", True),
        ("JORF 18 AOÛT\n1993", "1993-08-18", True),
        ("[1993-09-01, 2007-10-20)", "2007-10-20", True),
        ("01/09/1993", "1993-09-01", True),
        ("du 11 septembre 1993", "1993-09-01", False),
        ("du 1er septembre 19931", "1993-09-01", False),
    ],
)
def test_a_day_is_read_in_words(words: str, day: str, said: bool) -> None:
    assert stranger.writes(words, day) is said
