"""Every ``$ renvoi …`` line of the README and the docs runs, and prints what stands below it; every command has its page.

``…`` stands for any words or lines. Where a block shows no output, only the exit status is held. ``# exit 1`` after a command
names another status than 0. Commands that serve, or that need data from elsewhere, are marked ``console no-run``.
"""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT

import kb
from kb.cli import VERBS, main

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```", re.M | re.S)


def commands() -> list[tuple[str, str, str]]:
    """Every command with the page it stands on and the output shown below it."""
    found = []
    for page in PAGES:
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
                command, _, output = part.partition("\n")
                found.append((page.name, command, output))
    return found


@pytest.mark.parametrize(("page", "command", "output"), commands(), ids=lambda value: value[:60])
def test_a_documented_command_prints_what_is_shown(
    page: str,
    command: str,
    output: str,
    base_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command, _, status = command.partition("  # exit ")
    name, verb, *words = shlex.split(command)
    assert name == "renvoi"
    monkeypatch.chdir(tmp_path)
    if verb == "watch":  # what it keeps goes into the user's cache
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "arret.txt").write_text(
        "Vu l'article L. 133-3 du code de la sécurité sociale et ledit code,\nles 1° et 2° de l'article D. 133-1.\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115
    asked = [verb] if verb == "build" else [verb, "--kb", str(base_file)]
    assert main([*asked, *words]) == int(status or 0)
    out, err = capsys.readouterr()
    if output.strip():
        wanted, printed = output.replace("…", "..."), out + err
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        assert doctest.OutputChecker().check_output(wanted, printed, flags), printed


def test_every_command_is_documented() -> None:
    shown = {shlex.split(command.partition("  # exit ")[0])[1] for _, command, _ in commands()}
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    headed = set(re.findall(r"^## `renvoi (\w+)", text, re.M))
    assert headed == set(VERBS)
    assert set(VERBS) - shown <= {"site", "import", "serve", "mcp"}


def test_the_package_face_runs(base_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.make.cache.default_path", lambda: base_file)
    failed, tried = doctest.testmod(kb)
    assert (failed, tried > 0) == (0, True)


MODULES = sorted(p for p in (ROOT / "kb").rglob("*.py") if ">>>" in p.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_examples_in_docstrings_run(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    if name != "kb":  # the face opens a knowledge base: tested above
        failed, tried = doctest.testmod(importlib.import_module(name))
        assert (failed, tried > 0) == (0, True)
