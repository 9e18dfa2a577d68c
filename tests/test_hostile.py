"""Bad input of every kind: one clear line, exit 2, never a traceback; a bad line of many costs itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from kb.cli import main

DEEP = "[" * 100_000
HUGE = "9" * 5_000
HOSTILE = [
    ["trace", "²"], ["trace", HUGE], ["trace", "citations/-1"], ["trace", ""],
    ["show", ""], ["show", "\x00"], ["show", "css/" + "a" * 100_000], ["show", "css/D133-1#"], ["show", "css/D133-1@"], ["show", "a" * 10_000],
    ["show", "css/D133-1", "--at", "٢٠٢٠-٠١-٠١"], ["show", "css/D133-1", "--at", "0000-00-00"], ["show", "css/D133-1", "--known-at", "x"],
    ["apply", "indu-rmi", "--facts", DEEP], ["apply", "indu-rmi", "--facts", "null"], ["apply", "indu-rmi", "--facts", '{"montant": 1e999}'],
    ["apply", "indu-rmi", "--facts", '{"montant": "' + HUGE + ' F"}'], ["apply", "indu-rmi", "--facts", "@/nowhere"], ["apply", "²", "--facts", "{}"],
    ["follow", "css/D133-1", "--depth", "-1"], ["follow", "css/D133-1", "--depth", "x"], ["follow", "²"],
    ["search", ""], ["search", '"'], ["search", " ".join(["mot"] * 100_000)], ["search", "x", "--limit", "0"], ["search", "\ud800"],
    ["diff", "css/D133-1", "2000-01-01", "1999-01-01"], ["history", "#"], ["rules", "--about", "²"], ["rules", "--at", "hier"],
    ["cite", "/nowhere"], ["cite", "/dev/null"], ["cite", "--within", "²", str(ROOT / "README.md")],
    ["build", "/dev/null", "-o", "/dev/null"], ["build", "/nowhere", "-o", "x"], ["import", "/dev/zero", "-o", "x"], ["import", "/nowhere", "-o", "x"],
    ["export", "pdf", "x"], ["export", "csv", "/dev/null/x"], ["sparql", "select"], ["sparql", "{" * 3_000], ["site", "x"], ["²"], [],
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: " ".join(words)[:40].encode("ascii", "replace").decode())
def test_bad_input_is_one_clear_line(words: list[str], base_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = ["--kb", str(base_file)] if words and words[0] not in ("build", "import", "²", "site") else []
    assert main([*words, *known]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), err.startswith("renvoi: ")) == ("", 1, True), err[:300]
    assert len(err) < 2_000


def test_endless_questions_end(base_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["follow", "css/D133-1", "--depth", "9" * 30, "--kb", str(base_file)]) == 0


def test_a_bad_line_costs_itself(base_file: Path, tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "text": "l\'article L. 133-3 \\ud800 du code"}',
        "not json",
        DEEP,
        "[]",
        '{"id": "b"}',
        '{"id": "c", "text": "L. 1"}',
    ]
    (tmp_path / "q.jsonl").write_text("\n".join(lines), encoding="utf-8")
    words = [sys.executable, "-m", "kb.cli", "cite", "--jsonl", str(tmp_path / "q.jsonl"), "--kb", str(base_file)]
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [sorted(answer)[0] for answer in answers] == ["citations", "error", "error", "error", "error", "citations"]
    assert answers[0]["citations"][0]["num"] == "L133-3" and answers[5]["id"] == "c"
    assert (done.returncode, done.stderr) == (
        2,
        "renvoi: 3 lines are no questions: each is answered by what is wrong with it\n",
    )


def test_a_terminal_of_ascii_only_is_written_to(base_file: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    words = [sys.executable, "-m", "kb.cli", "show", "css/D133-1", "--kb", str(base_file)]
    done = subprocess.run(words, capture_output=True, cwd=ROOT, env=environment)
    assert done.returncode == 0 and b"css/D133-1 \\u2014 Article" in done.stdout
