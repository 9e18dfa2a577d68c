"""What the types of the library leave unsaid is counted, and may only become less."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter

import pytest
from conftest import ROOT

#: how often ``Any`` is written in kb/: whoever writes one less lowers it, nobody raises it
CEILING = 24


def test_explicit_any_becomes_less() -> None:
    pytest.importorskip("mypy", reason="mypy counts")
    # a cache of its own, since the option is not that of the project
    command = [sys.executable, "-m", "mypy", "--disallow-any-explicit", "--cache-dir", ".mypy_cache/explicit"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if ": error:" in line]
    assert done.returncode < 2 and all(line.endswith("[explicit-any]") for line in lines), done.stdout + done.stderr
    files = Counter(line.partition(":")[0] for line in lines)
    told = "\n".join(f"{count:4} {file}" for file, count in files.most_common())
    assert len(lines) <= CEILING, f"{len(lines)} explicit Any, {CEILING} were allowed:\n{told}"


def test_any_has_one_other_name() -> None:
    """mypy does not count the uses of an alias."""
    named = [
        f"{path.relative_to(ROOT).as_posix()}: {line}"
        for path in sorted((ROOT / "kb").rglob("*.py"))
        for line in re.findall(r"^\s*\w+(?:\s*:\s*TypeAlias)? = Any$", path.read_text(encoding="utf-8"), re.M)
    ]
    assert named == ["kb/ground/parse/walk.py: Value = Any"]  # what the maker of a grammar's rule gets and gives
