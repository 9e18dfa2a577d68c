#!/usr/bin/env python3
"""Set up and run the project from a fresh clone: needs Python 3.11 or later and nothing else.

    python3 dev.py serve    build the knowledge base of the packaged corpus and serve its site on localhost
    python3 dev.py test     lint, type-check and test, the site in a headless Chromium included
    python3 dev.py golden   regenerate the golden files, to be read as a diff
    python3 dev.py bench    print the benchmarks
    python3 dev.py mutants  make small things wrong in the code, one by one, and say which of them no test sees

Each command makes the virtual environment ``.venv`` and installs into it what it needs. What follows the verb is handed on
(``python3 dev.py test -k cite``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

TESTED = ("dev", "dask", "parquet", "documents", "serve", "mcp")  # what the tests run


def main(argv: list[str]) -> int:
    verbs = {"serve": serve, "test": test, "golden": golden, "bench": bench, "mutants": mutants}
    if not argv or argv[0] not in verbs:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036  what runs this file is whatever the machine has
        print(f"dev.py: Python 3.11 or later is needed, this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    try:
        return verbs[argv[0]](argv[1:])
    except KeyboardInterrupt:
        return 130


def serve(rest: list[str]) -> int:
    """The main job. ``--port N`` is handed on."""
    install()
    return run(BIN / "renvoi", "build") or run(BIN / "renvoi", "site", "serve", *rest)


def test(rest: list[str]) -> int:
    install(*TESTED)
    chromium()
    lint = [[BIN / "ruff", "check", "."], [BIN / "ruff", "format", "--check", "."], [BIN / "mypy"]]
    for command in lint if not rest else []:
        if status := run(*command):
            return status
    # A file of tests is one worker's, which keeps what its tests share; a chosen few are not worth the workers.
    return run(BIN / "python", "-m", "pytest", *(rest or ["-n", "auto", "--dist", "loadfile"]))


def golden(rest: list[str]) -> int:
    install("dev")
    return run(BIN / "python", "-m", "pytest", "tests/test_golden.py", "--regenerate", *rest)


def bench(rest: list[str]) -> int:
    install("dev", "bench")
    scripts = sorted((HERE / "benchmarks").glob(f"{rest[0] if rest else '[!_]*'}.py"))
    return max((run(BIN / "python", script) for script in scripts), default=2)


def mutants(rest: list[str]) -> int:
    """``MODULE… --sample N --seed N`` are handed on: ``python3 dev.py mutants --help``."""
    install(*TESTED, "mutants")
    return run(BIN / "python", HERE / "tests" / "mutants" / "run.py", *rest)


def install(*extras: str) -> None:
    """The virtual environment, once for each state of pyproject.toml."""
    wanted = f".[{','.join(extras)}]" if extras else "."
    stamp = VENV / f".installed-{'-'.join(extras) or 'run'}"
    state = hashlib.sha256((HERE / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == state:
        return
    print(f"dev.py: installing {wanted} into .venv, once", file=sys.stderr)
    if not (BIN / "python").exists():
        make_venv()
    subprocess.run(
        [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", wanted],
        cwd=HERE,
        check=True,
    )
    # Compiled ahead, so that the first cold start is as quick as the next, even where Python may not write bytecode.
    subprocess.run([BIN / "python", "-m", "compileall", "-q", "kb"], cwd=HERE, check=True)
    stamp.write_text(state)


def make_venv() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode and apt("python3-venv"):
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"dev.py: no virtual environment could be made:\n{made.stdout}{made.stderr}")


def chromium() -> None:
    """A Chromium for the browser tests, from the system's packages where there is none yet."""
    if not any(map(shutil.which, CHROMIUM)) and not apt("chromium"):
        print(
            "dev.py: no Chromium here and none could be installed: the browser tests will be skipped", file=sys.stderr
        )


def apt(package: str) -> bool:
    """Install a Debian package where that is possible; whether it was."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    print(f"dev.py: installing {package} with apt-get", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "--no-install-recommends", package])
    return all(subprocess.run(step, env=environment, stdout=subprocess.DEVNULL).returncode == 0 for step in steps)


def run(*command: str | Path) -> int:
    return subprocess.run([str(word) for word in command], cwd=HERE).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
