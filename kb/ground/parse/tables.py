"""lark's tables of a grammar, and where they are kept.

They are kept in the user's cache directory under the hash of the grammar files, so that a later process does without lark;
where the cache cannot be written nothing is lost but time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from kb.ground import vocabulary
from kb.ground.data import folder
from kb.ground.parse.heads import heads

if TYPE_CHECKING:
    from lark import Lark

_FORMAT = 8
#: The grammar that is written from the registry: see ``kb.ground.vocabulary``.
NAMES = "names"


class Tables(TypedDict):
    """A compiled grammar, as plain lists.

    ``terminals`` are (name, pattern, how it can begin), in the order in which lark tries them; ``ignore`` names those
    that are skipped. A state maps a symbol to (0, the state it shifts to) or (1, the rule it reduces by). ``rules`` are
    (name, size, whether a child is the list of one of lark's helpers). ``start`` and ``end`` are states.
    """

    terminals: list[tuple[str, str, list[list[str]]]]
    ignore: list[str]
    states: list[dict[str, tuple[int, int]]]
    rules: list[tuple[str, int, bool]]
    start: int
    end: int


def load(name: str, start: str = "start") -> Lark:
    """The plain LALR parser of ``grammar/<name>.lark``, for inputs read whole; kept compiled beside the tables, by lark."""
    place = _cache_folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        kept: str | bool = str(place / f"{name}-{start}.lark")
    except OSError:
        kept = False
    return opened(name, start=start, maybe_placeholders=False, cache=kept)


def opened(name: str, **options: Any) -> Lark:
    """lark's parser of ``grammar/<name>.lark``, with the names of the registry as words."""
    from lark import Lark

    path = str(folder("grammar") / f"{name}.lark")
    return Lark.open(path, parser="lalr", import_paths=[_of_registry], **options)


def _of_registry(base: object, path: str) -> tuple[str, str]:
    if path != f"{NAMES}.lark":
        raise OSError(path)  # lark looks further
    return path, vocabulary.names(folder("corpus") / "registry")


def tables(name: str) -> Tables:
    """The tables of ``grammar/<name>.lark``, kept or made."""
    digest = hashlib.sha256(f"{_FORMAT}:{name}".encode())
    todo = [name]
    for each in todo:
        if each == NAMES:
            for file in vocabulary.FILES:
                digest.update((folder("corpus") / "registry" / file).read_bytes())
            continue
        words = (folder("grammar") / f"{each}.lark").read_bytes()
        digest.update(words)
        todo += [new for new in re.findall(r"^%import \.(\w+)", words.decode(), re.M) if new not in todo]
    kept = _cache_folder() / f"{name}-{digest.hexdigest()[:24]}.json"
    try:
        known: Tables = json.loads(kept.read_bytes())
        return known
    except (OSError, ValueError):
        pass
    made = _compiled(name)
    _keep(kept, made)
    return made


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path(os.path.expanduser("~")) / ".cache") / "renvoi" / "grammar"


def _keep(path: Path, made: Tables) -> None:
    # written aside and renamed, so that another process never reads half of it
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.tmp")
        aside.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        os.replace(aside, path)
    except OSError:
        return


def _compiled(name: str) -> Tables:
    """lark's terminals, rules and LALR table of ``grammar/<name>.lark``."""
    from lark.grammar import Rule
    from lark.parsers.lalr_analysis import Shift

    # the basic lexer has the same terminals in the same order, without a scanner for every state, which is not needed here
    parser = opened(name, lexer="basic").parser
    table = parser.parser._parse_table
    rules: dict[Rule, int] = {}
    plain: list[tuple[str, int, bool]] = []
    number = {state: i for i, state in enumerate(table.states)}
    states: list[dict[str, tuple[int, int]]] = []
    for actions in table.states.values():
        row: dict[str, tuple[int, int]] = {}
        for symbol, (action, argument) in actions.items():
            if action is Shift:
                row[str(symbol)] = (0, number[argument])
                continue
            if argument not in rules:
                rules[argument] = len(plain)
                # lark names its helper rules for * and + with two underscores
                spliced = any(each.name.startswith("__") for each in argument.expansion)
                plain.append((str(argument.origin.name), len(argument.expansion), spliced))
            row[str(symbol)] = (1, rules[argument])
        states.append(row)
    terminals = [(t, t.pattern.to_regexp()) for t in parser.lexer.terminals]
    return {
        "terminals": [(str(t.name), words, heads(words)) for t, words in terminals],
        "ignore": sorted(map(str, parser.lexer_conf.ignore)),
        "states": states,
        "rules": plain,
        "start": number[table.start_states["start"]],
        "end": number[table.end_states["start"]],
    }
