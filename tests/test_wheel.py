"""A wheel built from the checkout and installed elsewhere works: corpus, grammars and site travel inside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="hatchling builds the wheel")
    place = tmp_path_factory.mktemp("wheel")
    code = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(place)], cwd=ROOT, check=True, capture_output=True)
    return next(place.glob("*.whl"))


def test_the_wheel_holds_the_sources_byte_for_byte(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        for path in (ROOT / "corpus" / "sources").rglob("*.txt"):
            inside = f"kb/_data/corpus/{path.relative_to(ROOT / 'corpus').as_posix()}"
            assert archive.read(inside) == path.read_bytes()
    assert any(name.startswith("kb/_data/grammar/") for name in names)
    assert any(name.startswith("kb/_data/site/") for name in names)
    assert "kb/py.typed" in names  # or a type checker would not read what the modules say


def test_the_wheel_answers_where_there_is_no_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    ask = "import sys, kb; assert kb.__file__.startswith(sys.argv.pop(1)); from kb.cli import main; sys.exit(main())"
    words = ["show", "css/D253-81", "--at", "1997-05-01", "--json"]
    command = [sys.executable, "-c", ask, str(tmp_path / "installed"), *words]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "en_vigueur"
    verified = subprocess.run([*command[:4], "verify"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert verified.returncode == 0, verified.stdout
