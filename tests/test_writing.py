"""Promise 10: the one way to write. What is no knowledge base is never replaced, two writers are both in, a signal leaves nothing."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import ROOT
from law_samples import article, repository
from test_imports import ONE, PART, history

from kb.base import Base
from kb.cli import main
from kb.ground.fault import Misuse
from kb.make.build import import_law
from kb.store.file import writing


def something_else(path: Path) -> bytes:
    path.write_text("hello")
    return path.read_bytes()


def another_database(path: Path) -> bytes:
    with sqlite3.connect(path) as db:
        db.execute("create table t (a)")
    return path.read_bytes()


@pytest.mark.parametrize("make", [something_else, another_database])
def test_what_is_no_knowledge_base_is_never_replaced(
    tmp_path: Path, make: object, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.kb"
    before = make(path)  # type: ignore[operator]
    link = tmp_path / "link.kb"
    link.symlink_to(path)
    for target in (path, link):
        assert main(["build", str(ROOT / "corpus"), "-o", str(target)]) == 2
        assert "is not a knowledge base of Renvoi" in capsys.readouterr().err
    assert path.read_bytes() == before and link.is_symlink()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.kb", "link.kb"]


def test_a_device_or_a_folder_is_no_target(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target, words in ((tmp_path, "it is a directory"), (tmp_path / "pipe", "no ordinary file")):
        with pytest.raises(Misuse, match=words), writing(target):
            pass


def test_an_empty_file_and_the_target_of_a_link_are_written(tmp_path: Path) -> None:
    (tmp_path / "real.kb").touch()
    (tmp_path / "link.kb").symlink_to("real.kb")
    import_law([history(tmp_path / "css")], tmp_path / "link.kb", ONE)
    assert (tmp_path / "link.kb").is_symlink()
    assert Base(tmp_path / "real.kb").said("css/L101", "1990-01-01")["text"] == "Le seuil est fixé à 100 F."


def test_two_imports_at_once_are_both_in(tmp_path: Path) -> None:
    one = history(tmp_path / "one")
    two = repository(
        tmp_path / "two", [("1990-01-01", {f"{PART}/Article L900 - 9.md": article("L900", "Neuf cents.")})]
    )
    imports = [threading.Thread(target=import_law, args=([folder], tmp_path / "a.kb", ONE)) for folder in (one, two)]
    for each in imports:
        each.start()
    for each in imports:
        each.join()
    base = Base(tmp_path / "a.kb")
    assert base.said("css/L101", "1990-01-01")["text"] and base.said("css/L900", "1990-01-01")["text"] == "Neuf cents."
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_base_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    import_law([history(tmp_path / "css")], tmp_path / "a.kb", ONE)
    with pytest.raises(Misuse, match="changed while it was read"), writing(tmp_path / "a.kb", add=True):
        (tmp_path / "other").write_bytes((tmp_path / "a.kb").read_bytes())
        (tmp_path / "other").replace(tmp_path / "a.kb")


def test_being_asked_to_end_leaves_nothing_half_written(tmp_path: Path) -> None:
    folder = history(tmp_path / "css")
    program = (
        "import sys, time; from kb.make import spread; from kb.cli import main\n"
        "def slow(*a): print('half', flush=True); time.sleep(60)\n"
        "spread.keep = slow; sys.exit(main(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", program, "import", str(folder), "-o", str(tmp_path / "a.kb"), "--workers", "1"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert process.stdout and process.stdout.readline() == b"half\n"
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, b"renvoi: interrupted\n")
    assert [p.name for p in tmp_path.iterdir()] == ["css"]
