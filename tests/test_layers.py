"""Promise 9: a room uses the rooms above it on the map of ARCHITECTURE.md; inside a room, modules form no circle."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from conftest import ROOT

KB = ROOT / "kb"
#: room -> the modules that the map names in it
MAP = {
    room: re.findall(r"`([\w/]+)`", modules)
    for room, modules in re.findall(
        r"^\| `(\w+)/?` \| [^|]* \| ([^|]*) \|$", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), re.M
    )
}
ORDER = list(MAP)
MODULES = sorted(p for p in KB.rglob("*.py") if "_data" not in p.parts and p != KB / "__init__.py")


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {dotted(path) for path in MODULES}


def room(module: str) -> str:
    return module.split(".")[1]


def imported(path: Path) -> set[str]:
    """The modules of ours that a module imports, late imports included; those for type checking only left out."""
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
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in NAMES else node.module for name in inner}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("kb.")}
    return names - {"kb", dotted(path)}


def test_the_map_names_every_module() -> None:
    found: dict[str, set[str]] = {}
    for path in MODULES:
        inside = path.relative_to(KB).with_suffix("")
        found.setdefault(inside.parts[0], set())
        if inside.name not in ("__init__", "__main__") and len(inside.parts) > 1:
            found[inside.parts[0]].add("/".join(inside.parts[1:]))
    assert {name: set(modules) for name, modules in MAP.items()} == found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(KB)))
def test_imports_go_one_way(path: Path) -> None:
    own = ORDER.index(room(dotted(path)))
    later = {name for name in imported(path) if ORDER.index(room(name)) > own}
    assert not later, f"{path.relative_to(ROOT)} imports {sorted(later)}, which come after its room on the map"


@pytest.mark.parametrize("name", ORDER)
def test_a_room_has_no_circle(name: str) -> None:
    """A package and its own modules count as one: its face names what they hold."""
    edges = {dotted(path): imported(path) for path in MODULES if room(dotted(path)) == name}
    edges = {
        a: {b for b in to if b in edges and not (a.startswith(b + ".") or b.startswith(a + "."))}
        for a, to in edges.items()
    }
    while free := {module for module, to in edges.items() if not to & edges.keys()}:
        edges = {module: to for module, to in edges.items() if module not in free}
    assert not edges, f"these import one another: {sorted(edges)}"


SQL = re.compile(r"\b(select\b.+\bfrom|insert (or \w+ )?into|update \w+ set|delete from|create (table|index))\b", re.S)


@pytest.mark.parametrize(
    "path", [p for p in MODULES if room(dotted(p)) != "store"], ids=lambda p: str(p.relative_to(KB))
)
def test_sql_stays_in_the_store(path: Path) -> None:
    words = [n.value for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant)]
    found = [each for each in words if isinstance(each, str) and SQL.search(each)]
    assert not found, f"{path.relative_to(ROOT)} speaks SQL: {found[0][:80]}"
