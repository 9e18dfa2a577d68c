"""The dependencies that pyproject.toml declares are those that the code imports, late imports included."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

from conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: declared, and imported by nobody: where it is used, and the words that use it
USED_OTHERWISE = {
    "mkdocs-material": ("site/mkdocs.yml", "  name: material"),  # the theme
    "pytest-xdist": ("dev.py", '"--dist"'),
    "ruff": ("dev.py", 'BIN / "ruff"'),
    "mypy": ("dev.py", 'BIN / "mypy"'),
}
OURS = {"kb", *(path.stem for folder in ("tests", "benchmarks") for path in (ROOT / folder).iterdir())}
DISTRIBUTIONS = packages_distributions()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~;\[]", name)[0]).lower()


def declared(*extras: str) -> set[str]:
    named = [*PROJECT["dependencies"]]
    for extra in extras:
        named += PROJECT["optional-dependencies"][extra]
    return {canonical(name) for name in named}


def imported(paths: Iterable[Path], *, late: bool = True) -> dict[str, list[str]]:
    """Distribution -> the files that import it; what a function or a type checker imports only where *late* is asked."""
    found: dict[str, list[str]] = {}
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree) if late else tree.body:
            names: list[str] = []
            match node:
                case ast.Import(names=aliases):
                    names = [alias.name for alias in aliases]
                case ast.ImportFrom(module=str() as name, level=0):
                    names = [name]
                case ast.Call(func=func, args=[ast.Constant(value=str() as name), *_]) if ast.unparse(func).endswith(
                    ("import_module", "importorskip", "__import__")
                ):
                    names = [name]
            for top in {name.partition(".")[0] for name in names} - OURS - sys.stdlib_module_names:
                for distribution in DISTRIBUTIONS.get(top, [top]):
                    found.setdefault(canonical(distribution), []).append(path.relative_to(ROOT).as_posix())
    return found


def python(*folders: str) -> list[Path]:
    return sorted(path for name in folders for path in (ROOT / name).rglob("*.py") if "_data" not in path.parts)


def test_what_the_library_imports_is_declared() -> None:
    optional = set(PROJECT["optional-dependencies"]) - {"dev", "bench", "mutants"}
    undeclared = {name: files for name, files in imported(python("kb")).items() if name not in declared(*optional)}
    assert not undeclared


def test_what_is_optional_is_imported_late() -> None:
    early = {name: files for name, files in imported(python("kb"), late=False).items() if name not in declared()}
    assert not early


def test_what_the_tests_and_benchmarks_import_is_declared() -> None:
    used = imported([*python("tests", "benchmarks"), ROOT / "dev.py"])
    everything = declared(*PROJECT["optional-dependencies"])
    assert not {name: files for name, files in used.items() if name not in everything}


def test_what_is_declared_is_used() -> None:
    used = {*imported([*python("kb", "tests", "benchmarks"), ROOT / "dev.py"]), *USED_OTHERWISE}
    assert not declared(*PROJECT["optional-dependencies"]) - used
    assert not {*imported(python("kb"))} & {*USED_OTHERWISE}
    for name, (file, words) in USED_OTHERWISE.items():
        assert words in (ROOT / file).read_text(encoding="utf-8"), f"nothing uses {name}"
