"""Promise 11: every door gives one answer, at every bound of every version, the day before and the day after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import doors
import pytest
from conftest import ROOT
from law_samples import CSS
from served import assistant, serving
from test_imports import ONE, code, full, history

from kb.base import Base
from kb.make.build import build
from kb.store.records import CODE


def packaged(folder: Path) -> list[Path]:
    return []


def git(folder: Path) -> list[Path]:
    return [history(folder / "css")]


def legi_data(folder: Path) -> list[Path]:
    path = folder / f"{CSS}.json"
    path.write_text(code(), encoding="utf-8")
    return [path]


def legi(folder: Path) -> list[Path]:
    return [full(folder / "LEGI_20250713-140000.tar.gz")]


def all_of_them(folder: Path) -> list[Path]:
    return [*git(folder), *legi_data(folder), *legi(folder)]


@pytest.mark.parametrize("law", [packaged, git, legi_data, legi, all_of_them], ids=lambda f: f.__name__)
def test_every_door_gives_one_answer(law: Callable[[Path], list[Path]], tmp_path: Path) -> None:
    build(ROOT / "corpus", tmp_path / "a.kb", law(tmp_path), ONE)
    base = Base(tmp_path / "a.kb")
    asked = list(doors.questions(base))
    assert len(asked) > 200
    assert list(doors.held(base, asked)) == []
    codes = [row.alias for row in base.store.stream(CODE) if base.store.parts(row.alias)]
    assert "css" in codes
    assert list(doors.texts(base, codes, sorted({day for _, day in asked})[::5])) == []
    cited = [(name, day) for name, day in asked if base.store.citing(name)]
    assert cited and list(doors.links(base, cited)) == []


def test_sparql_and_search_ask_the_same_days(base: Base) -> None:
    for day in ("1990-01-01", "1997-05-01", "2010-01-01"):
        query = f"""select distinct ?c where {{ ?c rv:citingVersion ?v ; rv:cited <css/D133-1> . ?v rv:inForce ?s . ?s rv:from ?f .
        optional {{ ?s rv:until ?u }} filter(?f <= "{day}"^^xsd:date && (!bound(?u) || ?u > "{day}"^^xsd:date)) }}"""
        told = {int(row["c"].rpartition("/")[2]) for row in base.sparql(query)["rows"]}
        followed = {link["id"] for link in base.follow("css/D133-1", into=True, at=day)["links"]}
        assert told == followed
        hits = base.search("recouvrement", at=day, limit=100)["hits"]
        for hit in hits:
            version = base.said(hit["id"], day)["version"]
            assert version and version["id"] == hit["version"]


def test_http_gives_the_same_answer(base: Base, base_file: Path) -> None:
    pytest.importorskip("uvicorn", reason="an extra")
    asked = doors.sample(list(doors.questions(base)), 80)
    with serving(base_file) as server:
        for question, given, answer in doors.answers(base, asked):
            assert server.question(question, given).json == answer, (question, given)


def test_assistants_get_the_same_answer(base: Base, base_file: Path) -> None:
    pytest.importorskip("mcp", reason="an extra")
    asked = doors.sample(list(doors.questions(base)), 40)

    async def ask() -> None:
        async with assistant(base_file) as client:
            for question, given, answer in doors.answers(base, asked):
                told = await client.call_tool(question, dict(given))
                assert told.structured_content and told.structured_content["answer"] == answer, (question, given)

    asyncio.run(ask())
