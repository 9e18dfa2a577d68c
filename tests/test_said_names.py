"""What documents and comments name exists: files, modules and what is in them, commands and their options, links."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from conftest import ROOT

from kb.cli import VERBS, _verb_parser

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
_FOLDERS = ("kb", "tests", "benchmarks", "grammar", "site", "corpus")
_SUFFIXES = {".py", ".lark", ".yml", ".html", ".js", ".css", ".toml", ".rule"}
TEXTS = [
    path
    for path in (
        *DOCUMENTS,
        *(ROOT / name for name in ("dev.py", "pyproject.toml")),
        *sorted(path for folder in _FOLDERS for path in (ROOT / folder).rglob("*")),
    )
    # a changelog also tells of what is gone
    if path.suffix in _SUFFIXES or path in DOCUMENTS
    if path.name != "CHANGELOG.md" and "_data" not in path.parts
]
ROOMS = sorted(path.name for path in (ROOT / "kb").iterdir() if path.is_dir() and "_" not in path.name)
#: a path from the root; ``<name>`` and ``*`` stand for anything
PATH = re.compile(rf"(?<![\w/.{{*-])(?:{'|'.join((*_FOLDERS, 'docs'))})/[\w./*<>-]*")
DOTTED = re.compile(r"(?<![\w/.-])kb(?:\.[A-Za-z_]\w*)+")
#: ``cite/find`` in a document is said from kb/
IN_ROOM = re.compile(rf"`((?:{'|'.join(ROOMS)})/[\w/]*)`")
COMMAND = re.compile(r"(?:`|^\$ |^\.venv/bin/|; )renvoi ([a-z]+)([^`\n#]*)", re.M)
DEV = re.compile(r"\bdev\.py ([a-z]+)")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")


def exists(path: str) -> bool:
    # what the wheel holds beside the modules comes from the folders of the root
    path = re.sub(r"^kb/_data(/|$)", "", path)
    return not path or any(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/.")))


@cache
def importable(name: str) -> bool:
    """Whether a dotted name is a module, or something in one: a field of a class has no value, but is annotated."""
    module, inside = name, []
    while True:
        try:
            value: object = import_module(module)
            break
        except ModuleNotFoundError:
            module, _, last = module.rpartition(".")
            inside.insert(0, last)
    for step in inside:
        if not hasattr(value, step):
            return step in getattr(value, "__annotations__", {})
        value = getattr(value, step)
    return True


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", TEXTS, ids=relative)
def test_the_files_and_names_that_a_text_names_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wrong = [name for name in PATH.findall(text) if not exists(name)]
    wrong += [name for name in DOTTED.findall(text) if not importable(name)]
    assert not wrong


@pytest.mark.parametrize("path", DOCUMENTS, ids=relative)
def test_the_rooms_commands_and_links_of_a_document_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wrong = [name for name in IN_ROOM.findall(text) if not any((ROOT / "kb").glob(f"{name.rstrip('/')}*"))]
    wrong += [link for link in LINK.findall(text) if not (path.parent / link).exists()]
    for verb, rest in COMMAND.findall(text):
        options = {option for action in _verb_parser(verb)._actions for option in action.option_strings}
        wrong += [
            f"renvoi {verb} {word}" for word in re.findall(r"(?<![\w-])--?[a-z][\w-]*", rest) if word not in options
        ]
    assert not wrong


def test_the_verbs_that_documents_name_exist() -> None:
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        assert {verb for verb, _ in COMMAND.findall(text)} <= set(VERBS), path
        assert set(DEV.findall(text)) <= set(dev_verbs()), path


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_documented(verb: str) -> None:
    """In the section of its command, or in what is said of every command at the head of the page."""
    head, *sections = re.split(r"^## ", (ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), flags=re.M)
    (section,) = (section for section in sections if re.match(rf"`renvoi {verb}\b", section))
    options = [
        action.option_strings
        for action in _verb_parser(verb)._actions
        if action.option_strings and action.dest != "help"
    ]
    silent = [names for names in options if not any(re.search(rf"{name}\b", head + section) for name in names)]
    assert silent == []


def test_dev_says_what_its_verbs_do() -> None:
    told = re.findall(r"^    python3 dev\.py (\w+)", (ROOT / "dev.py").read_text(encoding="utf-8"), re.M)
    assert told == dev_verbs()


def dev_verbs() -> list[str]:
    (table,) = re.findall(r"verbs = (\{.*\})", (ROOT / "dev.py").read_text(encoding="utf-8"))
    return re.findall(r'"(\w+)":', table)
