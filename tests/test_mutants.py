"""The mutants are those that are promised, and what is listed as equivalent is still one of them."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from mutants.mutate import Mutant, mutants

LISTED = tomllib.loads((ROOT / "tests" / "mutants" / "equivalent.toml").read_text(encoding="utf-8")).get("mutant", [])


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("a < b", ["a <= b", "a >= b"]),
        ("(a) == (b)", ["(a) != (b)"]),
        ("a is not b", ["a is b"]),
        ("a not in b", ["a in b"]),
        ("a and b", ["True and b", "a and True", "a or b"]),
        ("not a", ["a"]),
        ("a if b else c", ["a if (not (b)) else c"]),
        ("[a for a in b if c]", ["[a for a in b if True]"]),
        ("a // b", ["a / b"]),
        ("a[1:]", ["a[2:]"]),
        ("f(a, b)", ["f(b, a)"]),
        ('"mot"', ["'motX'"]),
        ('"une phrase"', []),
        ('f"{a + 1} é"', ["f'{a - 1} é'", "f'{a + 2} é'"]),
        ("isinstance(a, b)", []),
        ("max(a, b)", []),
    ],
)
def test_one_thing_is_wrong_in_an_expression(line: str, wrong: list[str]) -> None:
    found = mutants(f"é = {line}\n")
    assert sorted(mutant.after.removeprefix("é = ") for mutant in found) == sorted(wrong)
    assert {mutant.before for mutant in found} <= {f"é = {line}"}


def test_one_thing_is_wrong_in_a_statement() -> None:
    source = '''
@lru_cache(1)
def f(a: list[1]) -> bool:
    """Documented."""
    assert a
    if a:
        raise Wrong(a)
    a.b = a
    a += b
    g(a)
    return True


class C:
    def m(self):
        return self
'''
    told = [(mutant.line, mutant.scope, mutant.after) for mutant in mutants(source)]
    assert told == [
        (6, "f", "if (not (a)):"),
        (7, "f", "pass"),
        (8, "f", "pass"),
        (9, "f", "pass"),
        (9, "f", "a -= b"),
        (10, "f", "pass"),
        (11, "f", "return False"),
        (16, "C.m", "return None"),
    ]


@cache
def of(file: str) -> list[Mutant]:
    return mutants((ROOT / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ["kb/ground/period.py", "kb/time/merge.py"])
def test_every_mutant_of_a_module_is_another_module(path: str) -> None:
    sources = [ast.dump(ast.parse(mutant.source)) for mutant in of(path)]
    assert len(sources) > 50
    assert ast.dump(ast.parse(Path(ROOT / path).read_text(encoding="utf-8"))) not in sources


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: f"{entry['file']}:{entry['in']}")
def test_what_is_listed_as_equivalent_is_a_mutant(entry: dict[str, str]) -> None:
    assert entry["why"]
    assert (entry["in"], entry["before"], entry["after"]) in {mutant.key for mutant in of(entry["file"])}
