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

from kb.ground.data import folder

if TYPE_CHECKING:
    from lark import Lark

_FORMAT = 6


def load(name: str, start: str = "start") -> Lark:
    """The plain LALR parser of ``grammar/<name>.lark``, for inputs read whole; kept compiled beside the tables, by lark."""
    from lark import Lark

    place = _cache_folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        kept: str | bool = str(place / f"{name}-{start}.lark")
    except OSError:
        kept = False
    path = str(folder("grammar") / f"{name}.lark")
    return Lark.open(path, parser="lalr", start=start, maybe_placeholders=False, cache=kept)


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


_Match = Callable[[str, int], "re.Match[str] | None"]
#: What a rule is made into: a value from its children. ``PASS`` hands on the value of its only child.
Make = Callable[[Any, list[Any]], Any]


def PASS(context: Any, children: list[Any]) -> Any:
    """For rules that add nothing to their only child."""
    return children[0]


class _Terminal:
    """A word of the grammar: its pattern, compiled when it is first tried, and how it can begin (see ``_heads``)."""

    __slots__ = ("_match", "heads", "name", "words")

    def __init__(self, name: str, words: str, heads: list[list[str]]) -> None:
        self.name, self.words = name, words
        self.heads = frozenset((a, b) for a, b in heads)
        self._match: _Match | None = None

    @property
    def match(self) -> _Match:
        if self._match is None:
            self._match = re.compile(self.words).match
        return self._match


class _Try:
    """A terminal to try at a node, and where it leads once that is known."""

    __slots__ = ("edge", "match", "name")

    def __init__(self, terminal: _Terminal) -> None:
        self.name = terminal.name
        self.match: _Match = terminal.match
        self.edge: tuple[tuple[int, ...], _Node | None] | None = None


_NOWHERE: tuple[tuple[int, ...], _Node | None] = ((), None)


class _Node:
    """A stack of parser states; for each two characters that may come next, the terminals to try, in lark's order."""

    __slots__ = ("by_head", "close", "stack", "tries", "ways")

    def __init__(self, stack: tuple[int, ...], tries: list[_Terminal], close: tuple[int, ...] | None) -> None:
        self.stack, self.close = stack, close
        self.tries = tries
        self.ways: dict[str, _Try] = {}
        self.by_head: dict[str, list[_Try]] = {}


class Grammar:
    """A compiled grammar. One per file of ``grammar/``: see ``grammar()``."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self._terminals = {name: _Terminal(name, words, heads) for name, words, heads in tables["terminals"]}
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
        plan: list[int] = []
        states = list(stack)
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
        plan: list[int] = []
        states = list(node.stack)
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

    def _tries(self, node: _Node, head: str) -> list[_Try]:
        """The terminals of *node* that can begin with *head*, the next one or two characters."""
        if len(node.by_head) > 4096:  # a text in every script there is
            node.by_head.clear()
        first, second = (
            {_ANY} if not c else {c, _ANY, _DIGIT} if c.isdecimal() else {c, _ANY} for c in (head[0], head[1:])
        )
        pairs = {(a, b) for a in first for b in second}
        ways = node.ways
        for terminal in node.tries:
            if terminal.name not in ways and not pairs.isdisjoint(terminal.heads):
                ways[terminal.name] = _Try(terminal)
        tries = node.by_head[head] = [ways[t.name] for t in node.tries if not pairs.isdisjoint(t.heads)]
        return tries

    def walk(self, text: str, start: int) -> Walk | None:
        """Read as much as the grammar accepts from *start*, or nothing."""
        node, at, accepted = self._root, start, 0
        close: tuple[int, ...] = ()
        steps: list[tuple[tuple[int, ...], str, int, int]] = []
        skip = self._skip
        while True:
            head = text[at : at + 2]
            if head[:1] == " ":  # one space is what most words are parted by
                at += 1
                head = text[at : at + 2]
            if not head[:1].isalnum():
                at = skip(text, at).end()  # type: ignore[union-attr]
                head = text[at : at + 2]
                if not head:
                    break
            tries = node.by_head.get(head)
            if tries is None:
                tries = self._tries(node, head)
            match = None
            for entry in tries:
                match = entry.match(text, at)
                if match is not None:
                    break
            if match is None:
                break
            begin, at = at, match.end()
            edge = entry.edge
            if edge is None:
                edge = entry.edge = self._edge(node, entry.name) or _NOWHERE
            if edge is _NOWHERE:
                break
            steps.append((edge[0], entry.name, begin, at))
            node = edge[1]  # type: ignore[assignment]
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
                if made is None and type(children[0]) is _Spliced:
                    # a list that grows: added to, not copied, or a long one would cost the square of its length
                    children[0].extend(_flat(children[1:]))
                    values.append(children[0])
                    continue
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


def methods(name: str, reading: type) -> list[Make | None]:
    """The method of *reading* for each rule of a grammar, ``None`` for lark's helpers; imported rules lose their prefix."""
    return [
        None if rule.startswith("__") else getattr(reading, rule.rpartition("__")[2]) for rule, _ in grammar(name).rules
    ]


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

    # the basic lexer has the same terminals in the same order, without a scanner for every state, which is not needed here
    parser: Any = Lark.open(str(path), parser="lalr", lexer="basic").parser
    table = parser.parser._parse_table
    rules: dict[Any, int] = {}
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
        "terminals": [(str(t.name), words, _heads(words)) for t, words in terminals],
        "ignore": sorted(map(str, parser.lexer_conf.ignore)),
        "states": states,
        "rules": plain,
        "start": number[table.start_states["start"]],
        "end": number[table.end_states["start"]],
    }


# letters that match without regard to case besides their own two forms
_ALIKE = {"i": "İı", "s": "ſ", "k": "K", "å": "Å"}
_ANY, _DIGIT = "", r"\d"
_Heads = set[tuple[str, ...]]


def _heads(pattern: str) -> list[list[str]]:
    """How *pattern* can begin: pairs of first and second character, ``\\d`` for any digit, ``""`` for any character.

    It reads the parsed pattern as ``re`` keeps it, and says less rather than wrong where it does not know an operator.
    """
    from re import _parser

    pairs = {(*head, _ANY, _ANY)[:2] for head in _heads_of(_parser.parse(pattern), False)}
    return sorted(map(list, pairs))


def _heads_of(sequence: Any, ignore_case: bool) -> _Heads:
    """The first two characters (fewer where the pattern may end before) of a parsed pattern."""
    heads: _Heads = {()}
    for op, value in sequence:
        if all(len(head) == 2 for head in heads):
            break
        name = str(op)
        more: _Heads
        if name in ("ASSERT", "ASSERT_NOT", "AT"):
            continue
        if name == "LITERAL":
            more = {(c,) for c in _cased({chr(value)}, ignore_case)}
        elif name == "IN":
            more = {(c,) for c in _set_of(value, ignore_case)}
        elif name == "BRANCH":
            more = {head for way in value[1] for head in _heads_of(way, ignore_case)}
        elif name == "SUBPATTERN":
            _, on, off, inner = value
            more = _heads_of(inner, (ignore_case or bool(on & re.I)) and not off & re.I)
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = value
            once = _heads_of(inner, ignore_case)
            more = _joined(once, once) if most > 1 else set(once)
            if least < 2:
                more |= once
            if least == 0:
                more.add(())
        else:
            more = {(_ANY, _ANY)}
        heads = _joined(heads, more)
    return heads


def _joined(heads: _Heads, more: _Heads) -> _Heads:
    joined: _Heads = {head for head in heads if len(head) == 2}
    if () in heads:
        joined |= more
    firsts = {tail[:1] for tail in more}
    return joined | {(*head, *first) for head in heads if len(head) == 1 for first in firsts}


def _set_of(members: Any, ignore_case: bool) -> set[str]:
    found: set[str] = set()
    for op, value in members:
        name = str(op)
        if name == "LITERAL":
            found.add(chr(value))
        elif name == "RANGE" and value[1] - value[0] < 256:
            found |= {chr(c) for c in range(value[0], value[1] + 1)}
        elif str(value) == "CATEGORY_DIGIT":
            found.add(_DIGIT)
        else:
            return {_ANY}  # word characters, white space, negations: too many to list
    return _cased(found, ignore_case)


def _cased(found: set[str], ignore_case: bool) -> set[str]:
    if not ignore_case:
        return found
    plain = {c for c in found if len(c) == 1}
    return found | {form for c in plain for form in (c.lower(), c.upper(), *_ALIKE.get(c.lower(), ""))}


def slow_walk(name: str) -> Callable[[str, int], list[Token] | None]:
    """Plain lark doing what ``Grammar.walk`` does, token by token: the measure of the fast walk, for tests."""
    from lark import Lark
    from lark.exceptions import UnexpectedInput
    from lark.lexer import TextSlice  # type: ignore[attr-defined]

    parser: Any = Lark.open(str(folder("grammar") / f"{name}.lark"), parser="lalr", lexer="contextual")

    def walk(text: str, start: int) -> list[Token] | None:
        interactive = parser.parse_interactive(TextSlice(text, start, len(text)))
        tokens: list[Token] = []
        accepted = 0
        try:
            for token in interactive.lexer_thread.lex(interactive.parser_state):
                interactive.feed_token(token)
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
