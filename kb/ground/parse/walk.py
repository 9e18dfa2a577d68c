"""The walk over lark's tables: what is read from a place in a text, and what it is made into.

A node is a stack of parser states, made when first met; the terminals tried there are those that lark's contextual lexer
would try, in lark's order; an edge holds the reductions that lark would do before it shifts. The longest beginning of the
slice at which lark could end is what is read. Tests hold this walk equal to lark's interactive parser
(``kb.ground.parse.slow_walk``) on real articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, NamedTuple

from kb.ground.parse.heads import ANY, DEPTH, classes
from kb.ground.parse.tables import Tables

# words that a walk reads on in the hope of an ending: without a bound, lists that never end would be read again from each member
_HOPE = 64
# named tuples are made field by field through their class; tokens are what a reading makes most of
_new = tuple.__new__


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
#: What a rule is made into, which each grammar's maker knows: a value from the values of its children.
Value = Any
Make = Callable[[Value, tuple[Value, ...]], Value]


def PASS(context: object, children: tuple[Value, ...]) -> Value:
    """For rules that add nothing to their only child, whose value they hand on."""
    return children[0]


class _Terminal:
    """A word of the grammar: its pattern, compiled when it is first tried, and how it can begin (see ``_heads``)."""

    __slots__ = ("_match", "firsts", "heads", "name", "words")

    def __init__(self, name: str, words: str, heads: list[list[str]]) -> None:
        self.name, self.words = name, words
        self.heads = frozenset(map(tuple, heads))
        self.firsts = frozenset(head[0] for head in heads)
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
        self.edge: tuple[tuple[int, ...], _Node | None, str] | None = None


_NOWHERE: tuple[tuple[int, ...], _Node | None] = ((), None)


class _Node:
    """A stack of parser states; for each three characters that may come next, the terminals to try, in lark's order."""

    __slots__ = ("by_first", "by_head", "close", "stack", "tries", "ways")

    def __init__(self, stack: tuple[int, ...], tries: list[_Terminal], close: tuple[int, ...] | None) -> None:
        self.stack, self.close = stack, close
        self.tries = tries
        self.ways: dict[str, _Try] = {}
        self.by_first: dict[str, list[_Terminal]] = {}
        self.by_head: dict[str, list[tuple[_Match, _Try]]] = {}


class Grammar:
    """A compiled grammar. One per file of ``grammar/``: see ``grammar()``."""

    def __init__(self, tables: Tables) -> None:
        self._terminals = {name: _Terminal(name, words, heads) for name, words, heads in tables["terminals"]}
        self._patterns = {name: words for name, words, _ in tables["terminals"]}
        self._order = {name: i for i, name in enumerate(self._terminals)}
        self._states = tables["states"]
        self._end = tables["end"]
        #: (name, size) of each rule; names that begin with "__" are lark's helpers for * and +
        self.rules = [(name, size) for name, size, _ in tables["rules"]]
        self._shapes = [(size, spliced) for _, size, spliced in tables["rules"]]
        space = "|".join(self._patterns[name] for name in tables["ignore"])
        self._skip = re.compile(f"(?:{space})*").match  # no "*+" on a group: Python before 3.11.5 reads it wrong
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

    def _edge(self, node: _Node, terminal: str) -> tuple[tuple[int, ...], _Node | None]:
        plan: list[int] = []
        states = list(node.stack)
        while True:
            action = self._states[states[-1]].get(terminal)
            if action is None:
                return _NOWHERE
            kind, target = action
            if kind == 0:
                states.append(target)
                return tuple(plan), self._node(tuple(states))
            self._reduce(states, target)
            plan.append(target)

    def _led(self, node: _Node, entry: _Try) -> tuple[tuple[int, ...], _Node | None, str]:
        entry.edge = (*self._edge(node, entry.name), entry.name)
        return entry.edge

    def _tries(self, node: _Node, head: str) -> list[tuple[_Match, _Try]]:
        """The terminals of *node* that can begin with *head*, the next characters, three at most; none of them is ignored."""
        known = node.by_head.get(head)
        if known is not None:
            return known
        if len(node.by_head) > 4096:  # a text in every script there is
            node.by_head.clear()
        forms = set(product(*map(classes, head), *[{ANY}] * (DEPTH - len(head))))
        likely = node.by_first.get(head[0])
        if likely is None:
            firsts = classes(head[0])
            likely = node.by_first[head[0]] = [t for t in node.tries if not firsts.isdisjoint(t.firsts)]
        tries = node.by_head[head] = []
        for terminal in likely:
            if not forms.isdisjoint(terminal.heads):
                way = node.ways.get(terminal.name)
                if way is None:
                    way = node.ways[terminal.name] = _Try(terminal)
                tries.append((way.match, way))
        return tries

    def walk(self, text: str, start: int) -> Walk | None:
        """Read as much as the grammar accepts from *start*, or nothing; beyond ``_HOPE`` words without an ending, no further."""
        node, at, size = self._root, start, len(text)
        read = accepted = 0
        close: tuple[int, ...] = ()
        steps: list[tuple[tuple[int, ...], str, int, int]] = []
        while at < size:
            if text[at] == " ":  # one space is what most words are parted by
                at += 1
            head = text[at : at + DEPTH]
            tries = node.by_head.get(head)
            if tries is None:
                if not head[:1].isalnum():
                    at = self._skip(text, at).end()  # type: ignore[union-attr]
                    head = text[at : at + DEPTH]
                    if not head or head[0].isspace():  # a blank line ends what is read
                        break
                tries = self._tries(node, head)
            for way in tries:
                match = way[0](text, at)
                if match is not None:
                    break
            else:
                break
            begin = at
            at = match.end()
            reductions, after, name = way[1].edge or self._led(node, way[1])
            if after is None:
                break
            node = after
            steps.append((reductions, name, begin, at))
            read += 1
            if node.close is not None:
                accepted, close = read, node.close
            elif read - accepted > _HOPE:
                break
        if not accepted:
            return None
        del steps[accepted:]
        return _new(Walk, (steps, close, steps[-1][3]))

    def build(self, walk: Walk, make: Sequence[Make | None], context: Value = None) -> Value:
        """Replay the reductions of *walk*. ``make[rule](context, children)`` is the value of a rule.

        Where it is ``None`` the rule is one of lark's helpers and its children are handed to the rule above.
        """
        values: list[Value] = []
        shapes = self._shapes
        for plan, name, start, end in (*walk.steps, (walk.close, "", 0, 0)):
            for rule in plan:
                made = make[rule]
                if made is PASS:
                    continue
                size, spliced = shapes[rule]
                if size == 1 and not spliced:
                    values[-1] = _Spliced(values[-1:]) if made is None else made(context, (values[-1],))
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
                values.append(_Spliced(children) if made is None else made(context, tuple(children)))
            if name:
                values.append(_new(Token, (name, start, end)))
        return values[0]


class _Spliced(list[Value]):
    """The children of one of lark's helper rules, on their way to the rule above."""


def _flat(children: list[Value]) -> list[Value]:
    flat: list[Value] = []
    for child in children:
        if type(child) is _Spliced:
            flat.extend(child)
        else:
            flat.append(child)
    return flat
