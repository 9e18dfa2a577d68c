"""Promise 9: a module imports only from those before it on the map of ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from conftest import ROOT

KB = ROOT / "kb"
MAP = re.findall(r"^\| `(\w+)` \|", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), re.M)
MODULES = sorted(p for p in KB.rglob("*.py") if "_data" not in p.parts)


def room(path: Path) -> str:
    """The line of the map a module belongs to: its own name, or that of its package."""
    inside = path.relative_to(KB)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imported(path: Path) -> set[str]:
    """The rooms that a module imports, late imports included; those for type checking only left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kb":
            steps = node.module.split(".")
            names |= {steps[1]} if len(steps) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("kb.")}
    return names


def test_the_map_names_every_module() -> None:
    rooms = {room(path) for path in MODULES} - {"__init__"}
    assert rooms == set(MAP)


@pytest.mark.parametrize("path", [p for p in MODULES if p != KB / "__init__.py"], ids=lambda p: str(p.relative_to(KB)))
def test_imports_go_one_way(path: Path) -> None:
    own = MAP.index(room(path))
    later = {name for name in imported(path) if name in MAP and MAP.index(name) > own}
    assert not later, f"{path.relative_to(ROOT)} imports {sorted(later)}, which come after {room(path)} on the map"
