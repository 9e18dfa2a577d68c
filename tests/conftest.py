"""What every test starts from: the packaged corpus, a knowledge base of it, and the shared data where it is at hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

import kb
from kb.base import Base
from kb.texts.source import Source, read_sources

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


# a slow machine is no fault of the code: how long an example takes fails no test
settings.register_profile("renvoi", deadline=None)
settings.load_profile("renvoi")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regenerate", action="store_true", help="write the golden files instead of comparing")


@pytest.fixture(scope="session")
def corpus() -> Path:
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def sources(corpus: Path) -> dict[str, Source]:
    return {source.id: source for source in read_sources(corpus) if isinstance(source, Source)}


@pytest.fixture(scope="session")
def base_file(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("base") / "packaged.kb"
    from kb.make.build import build

    build(corpus, path)
    return path


@pytest.fixture(scope="session")
def base(base_file: Path) -> Base:
    return kb.load(base_file)


@pytest.fixture
def copied(corpus: Path, tmp_path: Path) -> Path:
    """A corpus folder that a test may damage."""
    return Path(shutil.copytree(corpus, tmp_path / "corpus"))


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """A file of the shared data; the test is skipped where it is not beside the project."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"shared/{name} is not beside the project")
        return path

    return find
