#!/usr/bin/env python3
"""How much of the code the tests hold: small things are made wrong one by one, and some test should see each.

usage: python3 dev.py mutants [MODULE…] [--sample N | --all] [--seed N] [--jobs N] [--tests FILE…]

MODULE is a file or a folder of kb/, as a path (kb/time) or dotted (kb.time); without it, the modules that decide what
holds on a day and what a citation means. Of each, --sample mutants are drawn at random (--seed), or --all are run. A
mutant is run in a copy of the checkout by the tests that run its line, quickest first; what they do not see is shown to
the quickest of the others that import its file or run anything of it. The tests in a browser and of the wheel are left
out; with --tests only those files are traced, which is soon done, and what they do not see others may. The score is the
share of mutants that some test saw, those of tests/mutants/equivalent.toml apart: they change nothing that can be seen,
and say why. The exit status is 1 when a module is under 95 %.

Written here because the kept tools do not fit: mutmut's trampolines break the tests that look at a cold process, and it
draws no sample; cosmic-ray changes the checkout itself, one mutant at a time, all tests for each. What runs which line
comes from coverage.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from mutants.mutate import Mutant, mutants  # noqa: E402

MODULES = (
    "kb/cite/resolve",
    "kb/rules/evaluate.py",
    "kb/rules/compiled.py",
    "kb/ask",
    "kb/time",
    "kb/make/collect.py",
    "kb/make/settle.py",
    "kb/ground/period.py",
)
EQUIVALENT = ROOT / "tests" / "mutants" / "equivalent.toml"
LEFT_OUT = ("test_site_browser.py", "test_wheel.py")
COPIED = (
    "kb",
    "tests",
    "grammar",
    "corpus",
    "starter",
    "site",
    "docs",
    "benchmarks",
    "*.md",
    "*.toml",
    "LICENSE",
    "dev.py",
)
LEAST = 95.0
OTHERS = 15.0  # seconds given to tests that do not run the line themselves


class Tests(NamedTuple):
    """Which tests run what: ``seconds`` of each; ``lines[file][line]`` the tests of a line."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, set[str]]]

    def of(self, file: str, mutant: Mutant) -> tuple[list[str], list[str]]:
        """The tests that run the lines of a mutant; and of those that import its file, then of those that run anything
        in it, the quickest, since a line may run once for all of them. Each list in order."""
        by_line = self.lines.get(file, {})
        near = set().union(*(by_line.get(line, ()) for line in (*mutant.lines, mutant.line)))
        users = {test for test in self.seconds if file in imported(test.partition("::")[0])} - near
        others = self._by_time(users) + self._by_time(set().union(*by_line.values()) - near - users)
        spent = accumulate(self.seconds[test] for test in others)
        return self._by_time(near), [
            test for test, all_so_far in zip(others, spent, strict=True) if all_so_far < OTHERS
        ]

    def _by_time(self, tests: set[str]) -> list[str]:
        return sorted(tests, key=lambda test: (self.seconds[test], test))


@cache
def imported(test: str) -> frozenset[str]:
    """The modules of kb/ that a file of tests imports by name."""
    tree = ast.parse((ROOT / test).read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    paths = [name.replace(".", "/") for name in names if name.startswith("kb.")]
    return frozenset(f"{path}{end}" for path in paths for end in (".py", "/__init__.py"))


class Verdict(NamedTuple):
    """``by`` says what saw the mutant: a test, a timeout; ``None`` if nothing did."""

    file: str
    mutant: Mutant
    by: str | None


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--tests", nargs="+", metavar="FILE", default=sorted((ROOT / "tests").glob("test_*.py")))
    options = parser.parse_args(argv)
    groups = {name: files(name) for name in options.modules or MODULES}
    same = equivalent()
    drawn: dict[str, list[tuple[str, Mutant]]] = {}
    for name, paths in groups.items():
        whole = [(file, m) for file in paths for m in mutants((ROOT / file).read_text("utf-8"))]
        alive = [(file, m) for file, m in whole if (file, *m.key) not in same]
        size = len(alive) if options.all else min(options.sample, len(alive))
        drawn[name] = sorted(
            random.Random(f"{options.seed}:{name}").sample(alive, size), key=lambda each: (each[0], each[1].line)
        )
        say(f"{name}: {size} of {len(alive)} mutants, {len(whole) - len(alive)} more are equivalent")
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        copies = [copy(Path(scratch) / str(i)) for i in range(options.jobs)]
        tests = tests_of(copies[0], {Path(name).name for name in options.tests} - {*LEFT_OUT})
        verdicts = run(copies, tests, [each for name in drawn for each in drawn[name]])
    return report(drawn, verdicts)


def files(name: str) -> list[str]:
    """The modules that a name stands for, as paths from the root."""
    path = ROOT / (name if "/" in name else name.replace(".", "/"))
    path = path if path.exists() else path.with_suffix(".py")
    found = [path] if path.is_file() else sorted(path.rglob("*.py"))
    if not found or not path.is_relative_to(ROOT / "kb"):
        sys.exit(f"mutants: no module '{name}' in kb/")
    return [each.relative_to(ROOT).as_posix() for each in found]


def equivalent() -> dict[tuple[str, str, str, str], str]:
    """(file, function, before, after) -> why nobody can see it."""
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    return {(each["file"], each["in"], each["before"], each["after"]): each["why"] for each in listed}


def copy(place: Path) -> Path:
    """A copy of the checkout in which one process at a time may spoil a file; the shared data beside it."""
    root = place / "main"
    root.mkdir(parents=True)
    for path in (path for pattern in COPIED for path in ROOT.glob(pattern)):
        if path.is_dir():
            shutil.copytree(path, root / path.name, ignore=shutil.ignore_patterns("__pycache__", "_data"))
        else:
            shutil.copy(path, root / path.name)
    if (shared := ROOT.parent / "shared").exists():
        (place / "shared").symlink_to(shared)
    subprocess.run([sys.executable, "-m", "compileall", "-q", "kb", "tests"], cwd=root, check=True)
    return root


def tests_of(root: Path, wanted: set[str]) -> Tests:
    """The tests with what they run, kept beside the virtual environment: a file of tests is traced again when it changes,
    all of them when the code or what the tests share does."""
    kept = ROOT / ".venv" / "mutants.json"
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    states = {path.relative_to(root).as_posix(): digest([path]) for path in (root / "tests").glob("test_*.py")}
    shared = {path for name in ("kb", "tests") for path in (root / name).rglob("*") if path.is_file()}
    own = {path for path in shared if path.suffix == ".pyc" or path.is_relative_to(root / "tests" / "mutants")}
    code = digest(sorted(shared - own - {root / name for name in states}))
    if known.get("code") != code:
        known = {"files": {}, "seconds": {}, "lines": {}}
    same = {name: state for name, state in known["files"].items() if states.get(name) == state}
    new = {name: state for name, state in states.items() if name not in same and Path(name).name in wanted}
    if new:
        say(f"which test runs which line: one run of {len(new)} files of tests")
    seconds, lines = traced(root, [*new]) if new else ({}, {})
    names = list(known["seconds"])
    stay = {name for name in names if name.partition("::")[0] in same}
    seconds |= {name: known["seconds"][name] for name in stay}
    for file, by_line in known["lines"].items():
        for line, tests in by_line.items():
            lines.setdefault(file, {}).setdefault(int(line), set()).update({names[i] for i in tests} & stay)
    rank = {name: i for i, name in enumerate(seconds)}
    told = {file: {n: sorted(rank[t] for t in tests) for n, tests in each.items()} for file, each in lines.items()}
    state = {"code": code, "files": {**same, **new}, "seconds": seconds, "lines": told}
    kept.write_text(json.dumps(state), encoding="utf-8")
    return Tests(seconds, lines)


def digest(paths: list[Path]) -> str:
    made = hashlib.sha256()
    for path in paths:
        made.update(f"{path.name}\0".encode() + path.read_bytes())
    return made.hexdigest()[:16]


def traced(root: Path, files: list[str]) -> tuple[dict[str, float], dict[str, dict[int, set[str]]]]:
    """Seconds of each test of *files* that passes, and for each line of each module the tests that run it."""
    from coverage import CoverageData
    from coverage.exceptions import DataError

    told = root.parent / "tests.json"
    settings = root.parent / "coverage.ini"
    settings.write_text(
        f"[run]\nsource = {root / 'kb'}\ndata_file = {root.parent / 'coverage'}\nparallel = true\npatch = subprocess\n"
        "concurrency = multiprocessing,thread\ncontext = ${MUTANTS_CONTEXT-}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", "-m", *pytest(), *sorted(files)]
    done = subprocess.run(
        command, cwd=root, env=environment(root, MUTANTS_MAP=str(told)), capture_output=True, text=True
    )
    if not told.exists():
        sys.exit(f"mutants: the tests do not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    tests: dict[str, tuple[float, list[str]]] = json.loads(told.read_text(encoding="utf-8"))
    if failed := [line for line in done.stdout.splitlines() if line.startswith("FAILED")]:
        say(f"left out, as they fail without any mutant: {len(failed)}", *failed)
    users: dict[str, list[str]] = {}
    for name, (_, contexts) in tests.items():
        for context in contexts:
            users.setdefault(context, []).append(name)
    lines: dict[str, dict[int, set[str]]] = {}
    for data in root.parent.glob("coverage.*"):
        if data == settings:
            continue
        part = CoverageData(str(data))
        try:
            part.read()
            measured = {file: part.contexts_by_lineno(file) for file in part.measured_files()}
        except DataError:
            continue  # what a process that a test kills leaves behind
        for file, contexts in measured.items():
            by_line = lines.setdefault(Path(file).relative_to(root).as_posix(), {})
            for line, found in contexts.items():
                by_line.setdefault(line, set()).update(*(users.get(context.strip("|"), ()) for context in found))
    return {name: seconds for name, (seconds, _) in tests.items()}, lines


def pytest() -> list[str]:
    return ["pytest", "-q", "-p", "mutants.plugin", "-p", "no:cacheprovider", "--hypothesis-profile=mutants"]


def environment(root: Path, **more: str) -> dict[str, str]:
    # no bytecode is written: that of a mutant would outlive it, as its file may have the size and second of the next
    path = os.pathsep.join((str(root), str(root / "tests")))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **more}


def run(copies: list[Path], tests: Tests, work: list[tuple[str, Mutant]]) -> list[Verdict]:
    """The verdict on each mutant, in order, as many at a time as there are copies."""
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(len(work)):
        todo.put(number)
    verdicts: dict[int, Verdict] = {}

    def worker(root: Path) -> None:
        while True:
            try:
                number = todo.get_nowait()
            except queue.Empty:
                return
            file, mutant = work[number]
            verdict = verdicts[number] = Verdict(file, mutant, seen(root, tests, file, mutant))
            head = f"{len(verdicts):4}/{len(work)}"
            say(
                f"{head} {file}:{mutant.line} seen by {verdict.by}"
                if verdict.by
                else f"{head} SURVIVES {told(verdict)}"
            )

    threads = [threading.Thread(target=worker, args=(root,), daemon=True) for root in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [verdicts[number] for number in range(len(work))]


def seen(root: Path, tests: Tests, file: str, mutant: Mutant) -> str | None:
    """What sees a mutant, if anything does."""
    path = root / file
    whole = path.read_bytes()
    for stale in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        stale.unlink()
    path.write_text(mutant.source, encoding="utf-8")
    try:
        for some in tests.of(file, mutant):
            if some and (by := failing(root, some, sum(tests.seconds[test] for test in some))):
                return by
        return None
    finally:
        path.write_bytes(whole)


def failing(root: Path, some: list[str], usual: float) -> str | None:
    """The first of *some* tests that fails, ``None`` if all pass. *usual* is the seconds they take with coverage."""
    asked = root.parent / "asked.json"
    asked.write_text(json.dumps(some), encoding="utf-8")
    paths = list(dict.fromkeys(test.partition("::")[0] for test in some))
    most = round(20 + 5 * usual)
    process = subprocess.Popen(
        [sys.executable, "-m", *pytest(), "-x", "--tb=no", *paths],
        cwd=root,
        env=environment(root, MUTANTS_TESTS=str(asked), MUTANTS_SECONDS=str(most)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        out, _ = process.communicate(timeout=20 * most)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return "the clock"
    if process.returncode == 0:
        return None
    if process.returncode in (-signal.SIGKILL, -signal.SIGXCPU):
        return "the clock"
    if process.returncode == 5:
        raise RuntimeError(f"no test ran of {paths}:\n{out}")
    said = [line for line in out.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return said[0].split(" ", 1)[1].partition(" - ")[0][:120] if said else "a crash"


def report(drawn: dict[str, list[tuple[str, Mutant]]], verdicts: list[Verdict]) -> int:
    """Survivors with their diff, then the scores."""
    rest = iter(verdicts)
    rows: list[tuple[str, int, int]] = []
    for name, work in drawn.items():
        own = [next(rest) for _ in work]
        alive = [verdict for verdict in own if verdict.by is None]
        rows.append((name, len(own), len(own) - len(alive)))
        for verdict in alive:
            print(told(verdict))
    print(f"\n{'module':32} {'mutants':>8} {'killed':>8} {'score':>8}")
    scores = []
    for name, count, killed in rows:
        scores.append(100 * killed / count if count else 100.0)
        print(f"{name:32} {count:8} {killed:8} {scores[-1]:7.1f} %")
    return 0 if min(scores) >= LEAST else 1


def told(verdict: Verdict) -> str:
    mutant = verdict.mutant
    return f"{verdict.file}:{mutant.line} {mutant.scope}\n  - {mutant.before}\n  + {mutant.after}"


def say(*lines: str) -> None:
    print(*lines, sep="\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    started = time.monotonic()
    status = main(sys.argv[1:])
    say(f"{time.monotonic() - started:.0f} s")
    sys.exit(status)
