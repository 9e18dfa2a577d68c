"""Run a lark grammar over a slice of a text, offsets kept. The only import of lark.

The grammar is lark's LALR grammar with its contextual lexer, and lark compiles it. What runs is a walk over
lark's own tables: a node is a stack of parser states, made when first met; the terminals tried there are those
that lark's contextual lexer would try, in lark's order; an edge holds the reductions that lark would do before
it shifts. The longest beginning of the slice at which lark could end is what is read. Tests hold this walk
equal to lark's interactive parser (``slow_walk``) on real articles.

The tables are kept in the user's cache directory under the hash of the grammar files, so that a later process
does without lark; where the cache cannot be written nothing is lost but time.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.data import folder

if TYPE_CHECKING:
    from lark import Lark, Tree

_FORMAT = 4


def load(name: str, start: str = "start") -> Lark:
    """The plain LALR parser of ``grammar/<name>.lark``, for short inputs that are read whole."""
    from lark import Lark

    return Lark.open(str(folder("grammar") / f"{name}.lark"), parser="lalr", start=start, maybe_placeholders=False)


def try_parse(parser: Lark, words: str) -> Tree | None:
    """The tree of *words* in full, or ``None`` when the grammar does not read them."""
    from lark import UnexpectedInput

    try:
        return parser.parse(words)
    except UnexpectedInput:
        return None


class Token(NamedTuple):
    """A word of the grammar: ``text[start:end]`` is the word."""

    type: str
    start: int
    end: int


class Walk(NamedTuple):
    """The longest accepted beginning.

    ``steps`` are its tokens, each as (rules to reduce before it is shifted, type, start, end); ``close`` are the
    reductions that end it; ``end`` is where it ends in the text.
    """

    steps: list[tuple[tuple[int, ...], str, int, int]]
    close: tuple[int, ...]
    end: int

    @property
    def tokens(self) -> list[Token]:
        return [Token(*step[1:]) for step in self.steps]


#: What a rule is made into: a value from its children. ``PASS`` hands on the value of its only child.
Make = Callable[[Any, list[Any]], Any]


def PASS(context: Any, children: list[Any]) -> Any:
    """For rules that add nothing to their only child."""
    return children[0]


class _Terminal(NamedTuple):
    name: str
    match: Callable[[str, int], re.Match[str] | None]
    first: frozenset[str] | None  # the characters it can begin with; None where it could be any


class _Node:
    """A stack of parser states; for each character that may come next, the terminals to try, in lark's order."""

    __slots__ = ("by_character", "close", "edges", "stack", "tries")

    def __init__(self, stack: tuple[int, ...], tries: list[_Terminal], close: tuple[int, ...] | None) -> None:
        self.stack, self.tries, self.close = stack, tries, close
        self.by_character: dict[str, list[_Terminal]] = {}
        self.edges: dict[str, tuple[tuple[int, ...], _Node] | None] = {}


class Grammar:
    """A compiled grammar. One per file of ``grammar/``: see ``grammar()``."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self._terminals = {
            name: _Terminal(name, re.compile(words).match, None if first is None else frozenset(first))
            for name, words, first in tables["terminals"]
        }
        self._patterns: dict[str, str] = {name: words for name, words, _ in tables["terminals"]}
        self._order = {name: i for i, name in enumerate(self._terminals)}
        self._states: list[dict[str, list[int]]] = tables["states"]
        self._end: int = tables["end"]
        #: (name, size) of each rule; names that begin with "__" are lark's helpers for * and +
        self.rules: list[tuple[str, int]] = [(name, size) for name, size, _ in tables["rules"]]
        self._shapes: list[tuple[int, bool]] = [(size, spliced) for _, size, spliced in tables["rules"]]
        space = "|".join(self._patterns[name] for name in tables["ignore"])
        self._skip = re.compile(f"(?:{space})*+").match
        self._nodes: dict[tuple[int, ...], _Node] = {}
        self._root = self._node((tables["start"],))

    @property
    def first(self) -> dict[str, str]:
        """The terminals that can begin a reading, with their patterns, in the order in which they are tried."""
        return {terminal.name: self._patterns[terminal.name] for terminal in self._root.tries}

    def _node(self, stack: tuple[int, ...]) -> _Node:
        node = self._nodes.get(stack)
        if node is None:
            names = [name for name in self._states[stack[-1]] if name in self._order]
            names.sort(key=self._order.__getitem__)
            tries = [self._terminals[name] for name in names]
            node = self._nodes[stack] = _Node(stack, tries, self._closing(stack))
        return node

    def _closing(self, stack: tuple[int, ...]) -> tuple[int, ...] | None:
        """The reductions that end a reading here, or ``None`` where lark would not take ``$END``."""
        plan, states = [], list(stack)
        while True:
            action = self._states[states[-1]].get("$END")
            if action is None or action[0] == 0:
                return None
            self._reduce(states, action[1])
            plan.append(action[1])
            if states[-1] == self._end:
                return tuple(plan)

    def _reduce(self, states: list[int], rule: int) -> None:
        name, size = self.rules[rule]
        if size:
            del states[-size:]
        states.append(self._states[states[-1]][name][1])

    def _edge(self, node: _Node, terminal: str) -> tuple[tuple[int, ...], _Node] | None:
        plan, states = [], list(node.stack)
        while True:
            action = self._states[states[-1]].get(terminal)
            if action is None:
                return None
            kind, target = action
            if kind == 0:
                states.append(target)
                return tuple(plan), self._node(tuple(states))
            self._reduce(states, target)
            plan.append(target)

    def walk(self, text: str, start: int) -> Walk | None:
        """Read as much as the grammar accepts from *start*, or nothing."""
        node, at, accepted = self._root, start, 0
        close: tuple[int, ...] = ()
        steps: list[tuple[tuple[int, ...], str, int, int]] = []
        size = len(text)
        while True:
            if at < size and not text[at].isalnum():
                at = self._skip(text, at).end()  # type: ignore[union-attr]
            if at >= size:
                break
            letter = text[at]
            tries = node.by_character.get(letter)
            if tries is None:
                tries = [t for t in node.tries if t.first is None or letter in t.first]
                node.by_character[letter] = tries
            match, name = None, ""
            for name, matches, _ in tries:  # noqa: B007
                match = matches(text, at)
                if match is not None:
                    break
            if match is None:
                break
            begin, at = at, match.end()
            try:
                edge = node.edges[name]
            except KeyError:
                edge = node.edges[name] = self._edge(node, name)
            if edge is None:
                break
            steps.append((edge[0], name, begin, at))
            node = edge[1]
            if node.close is not None:
                accepted, close = len(steps), node.close
        if not accepted:
            return None
        del steps[accepted:]
        return Walk(steps, close, steps[-1][3])

    def build(self, walk: Walk, make: Sequence[Make | None], context: Any = None) -> Any:
        """Replay the reductions of *walk*. ``make[rule](context, children)`` is the value of a rule.

        Where it is ``None`` the rule is one of lark's helpers and its children are handed to the rule above.
        """
        values: list[Any] = []
        shapes = self._shapes
        for plan, name, start, end in (*walk.steps, (walk.close, "", 0, 0)):
            for rule in plan:
                made = make[rule]
                if made is PASS:
                    continue
                size, spliced = shapes[rule]
                if size == 1 and not spliced:
                    values[-1] = _Spliced(values[-1:]) if made is None else made(context, values[-1:])
                    continue
                children = values[-size:] if size else []
                if size:
                    del values[-size:]
                if spliced:
                    children = _flat(children)
                values.append(_Spliced(children) if made is None else made(context, children))
            if name:
                values.append(Token(name, start, end))
        return values[0]

    def tree(self, walk: Walk) -> Any:
        """The tree of *walk* as ``(rule, children)`` tuples over tokens, for tests and for the curious."""

        def named(name: str) -> Make:
            return lambda _, children: (name, tuple(children))

        return self.build(walk, [None if name.startswith("__") else named(name) for name, _ in self.rules])


class _Spliced(list[Any]):
    """The children of one of lark's helper rules, on their way to the rule above."""


def _flat(children: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for child in children:
        if type(child) is _Spliced:
            flat.extend(child)
        else:
            flat.append(child)
    return flat


@cache
def grammar(name: str) -> Grammar:
    """The grammar ``grammar/<name>.lark``, compiled once per process."""
    return Grammar(_tables(name))


def _tables(name: str) -> dict[str, Any]:
    digest = hashlib.sha256(f"{_FORMAT}:{name}".encode())
    todo = [name]
    for each in todo:
        words = (folder("grammar") / f"{each}.lark").read_bytes()
        digest.update(words)
        todo += [new for new in re.findall(r"^%import \.(\w+)", words.decode(), re.M) if new not in todo]
    kept = _cache_folder() / f"{name}-{digest.hexdigest()[:24]}.json"
    try:
        tables: dict[str, Any] = json.loads(kept.read_bytes())
        return tables
    except (OSError, ValueError):
        pass
    tables = compile_tables(folder("grammar") / f"{name}.lark")
    _keep(kept, tables)
    return tables


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path(os.path.expanduser("~")) / ".cache") / "renvoi" / "grammar"


def _keep(path: Path, tables: dict[str, Any]) -> None:
    # written aside and renamed, so that another process never reads half of it
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}.tmp")
        aside.write_text(json.dumps(tables, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        os.replace(aside, path)
    except OSError:
        return


def compile_tables(path: Path) -> dict[str, Any]:
    """lark's terminals, rules and LALR table of a grammar file, as plain lists."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    parser: Any = Lark.open(str(path), parser="lalr", lexer="contextual").parser
    table = parser.parser._parse_table
    rules: dict[Any, int] = {}
    plain: list[tuple[str, int, bool]] = []
    number = {state: i for i, state in enumerate(table.states)}
    states: list[dict[str, tuple[int, int]]] = []
    for actions in table.states.values():
        row: dict[str, tuple[int, int]] = {}
        for symbol, (action, argument) in actions.items():
            if action is Shift:
                row[symbol] = (0, number[argument])
                continue
            if argument not in rules:
                rules[argument] = len(plain)
                # lark names its helper rules for * and + with two underscores
                spliced = any(each.name.startswith("__") for each in argument.expansion)
                plain.append((str(argument.origin.name), len(argument.expansion), spliced))
            row[symbol] = (1, rules[argument])
        states.append(row)
    terminals = [(t, t.pattern.to_regexp()) for t in parser.lexer.root_lexer.terminals]
    return {
        "terminals": [(t.name, words, _first(words)) for t, words in terminals],
        "ignore": sorted(parser.lexer_conf.ignore),
        "states": states,
        "rules": plain,
        "start": number[table.start_states["start"]],
        "end": number[table.end_states["start"]],
    }


# letters that match without regard to case besides their own two forms
_ALIKE = {"i": "İı", "s": "ſ", "k": "K", "å": "Å"}


def _first(pattern: str) -> str | None:
    """The characters with which *pattern* can begin, sorted; ``None`` where that could be any."""
    from re import _parser  # type: ignore[attr-defined]

    found, empty = _first_of(_parser.parse(pattern), False)
    return None if found is None or empty else "".join(sorted(found))


def _first_of(sequence: Any, ignore_case: bool) -> tuple[set[str] | None, bool]:
    """The first characters of a parsed pattern (``None``: any) and whether it can match nothing."""
    found: set[str] = set()
    for op, value in sequence:
        name = str(op)
        if name in ("ASSERT", "ASSERT_NOT", "AT"):
            continue
        more: set[str] | None
        if name == "LITERAL":
            more, empty = _cased({chr(value)}, ignore_case), False
        elif name == "IN":
            more, empty = _set_of(value, ignore_case), False
        elif name == "BRANCH":
            ways = [_first_of(way, ignore_case) for way in value[1]]
            more = None if any(way is None for way, _ in ways) else {c for way, _ in ways for c in way or ()}
            empty = any(way for _, way in ways)
        elif name == "SUBPATTERN":
            _, on, off, inner = value
            more, empty = _first_of(inner, (ignore_case or bool(on & re.I)) and not off & re.I)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            more, empty = _first_of(value[2], ignore_case)
            empty = empty or value[0] == 0
        else:
            return None, False
        if more is None:
            return None, False
        found |= more
        if not empty:
            return found, False
    return found, True


def _set_of(members: Any, ignore_case: bool) -> set[str] | None:
    found: set[str] = set()
    for op, value in members:
        name = str(op)
        if name == "LITERAL":
            found.add(chr(value))
        elif name == "RANGE" and value[1] - value[0] < 256:
            found |= {chr(c) for c in range(value[0], value[1] + 1)}
        else:
            return None  # digits, word characters, negations: too many to list
    return _cased(found, ignore_case)


def _cased(found: set[str], ignore_case: bool) -> set[str]:
    if not ignore_case:
        return found
    return {form for c in found for form in (c, c.lower(), c.upper(), *_ALIKE.get(c.lower(), ""))}


def slow_walk(name: str) -> Callable[[str, int], list[Token] | None]:
    """Plain lark doing what ``Grammar.walk`` does, token by token: the measure of the fast walk, for tests."""
    from lark import Lark
    from lark.exceptions import UnexpectedInput
    from lark.lexer import TextSlice

    parser = Lark.open(str(folder("grammar") / f"{name}.lark"), parser="lalr", lexer="contextual")

    def walk(text: str, start: int) -> list[Token] | None:
        interactive = parser.parse_interactive(TextSlice(text, start, len(text)))
        tokens: list[Token] = []
        accepted = 0
        try:
            for token in interactive.iter_parse():
                tokens.append(Token(token.type, token.start_pos or 0, token.end_pos or 0))
                if "$END" in interactive.accepts():
                    accepted = len(tokens)
        except UnexpectedInput:
            pass
        return tokens[:accepted] or None

    return walk


def each_start(pattern: Any, text: str) -> Iterator[int]:
    """Every place where *pattern* (a compiled regex) matches, overlaps included."""
    at, match = 0, pattern.search(text, 0)
    while match is not None:
        yield match.start()
        at = match.start() + 1
        match = pattern.search(text, at)
