"""The mutants of a module: its source with one small thing wrong.

What is made wrong: comparisons (moved by one, turned round), ``and`` and ``or``, an operand that no longer counts, negations,
conditions, arithmetic, whole numbers by one, truth values, single-word strings, returned values, statements left out, two
arguments swapped. Left alone: annotations, decorators, docstrings, assertions, sentences (strings with white space), and what is
for type checkers. A mutant is cut into the source at the place of its node, so that the rest stays as it is written.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple


class Mutant(NamedTuple):
    """One change: ``before`` and ``after`` are the lines it touches, stripped and joined; ``lines`` those of its statement."""

    line: int
    lines: range
    scope: str  # the function it stands in, "" at module level
    before: str
    after: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it apart while lines move."""
        return self.scope, self.before, self.after


class _Edit(NamedTuple):
    """Replace ``source[start:end]``."""

    start: int
    end: int
    text: str


_COMPARE: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">="),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<="),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
_COMPARISON = re.compile(r"<=|>=|==|!=|<|>|\bis\s+not\b|\bnot\s+in\b|\bis\b|\bin\b")
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "/", "%": "*", "**": "*", "|": "&", "&": "|"}
_SIGN = re.compile(r"//|\*\*|[-+*/%|&]")


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a module's source, in the order of the lines."""
    found: dict[str, Mutant] = {}
    whole = ast.dump(ast.parse(source))
    lines = source.splitlines(keepends=True)
    for scope, statement, edit in _Walk(source).edits():
        changed = source[: edit.start] + edit.text + source[edit.end :]
        try:
            if ast.dump(ast.parse(changed)) == whole:
                continue
        except SyntaxError:
            continue
        first, last = (source.count("\n", 0, at) for at in (edit.start, edit.end))
        after = changed.splitlines(keepends=True)[
            first : last + 1 + edit.text.count("\n") - source.count("\n", edit.start, edit.end)
        ]
        found.setdefault(
            changed,
            Mutant(first + 1, statement, scope, _one_line(lines[first : last + 1]), _one_line(after), changed),
        )
    return sorted(found.values(), key=lambda mutant: mutant.line)


def _one_line(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)


class _Walk:
    """The edits of a source, node by node."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        """The place of a node's bound, which ``ast`` counts in bytes of UTF-8."""
        start = self.starts[line - 1]
        return start + len(self.source[start : self.starts[line]].encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno or 0, node.end_col_offset or 0)

    def text(self, node: ast.expr) -> str:
        start, end = self.span(node)
        return self.source[start:end]

    def between(self, left: ast.expr, right: ast.expr, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The operator between two operands; brackets may stand there too."""
        return pattern.search(self.source, self.span(left)[1], self.span(right)[0])

    def edits(self) -> Iterator[tuple[str, range, _Edit]]:
        """(function, lines of the statement, edit)."""
        yield from self._block(ast.parse(self.source).body, "")

    def _block(self, body: list[ast.stmt], scope: str) -> Iterator[tuple[str, range, _Edit]]:
        for statement in body:
            if isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
                continue
            blocks = [block for name in ("body", "orelse", "finalbody") if (block := getattr(statement, name, None))]
            inner = scope
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = f"{scope}.{statement.name}".lstrip(".")
            head = blocks[0][0].lineno - 1 if blocks else statement.end_lineno or 0
            lines = range(statement.lineno, max(statement.lineno, head) + 1)
            for edit in self._statement(statement):
                yield inner, lines, edit
            for block in (*blocks, *(handler.body for handler in getattr(statement, "handlers", ()))):
                yield from self._block(block, inner)
            for case in getattr(statement, "cases", ()):
                yield from self._block(case.body, inner)

    def _statement(self, statement: ast.stmt) -> Iterator[_Edit]:
        """The edits of a statement itself, without those of the blocks below it."""
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for default in (*statement.args.defaults, *statement.args.kw_defaults):
                    yield from self._inside(default)
            case ast.ClassDef() | ast.Assert() | ast.Import() | ast.ImportFrom():
                pass
            case ast.Expr(value=ast.Constant()):
                pass  # a docstring
            case ast.Return(value=ast.expr() as value):
                if not (isinstance(value, ast.Constant) and value.value in (None, True, False)):
                    yield _Edit(*self.span(value), "None")
                yield from self._inside(value)
            case ast.If(test=test) | ast.While(test=test):
                yield from self._condition(test)
                yield from self._inside(test)
            case ast.Assign(targets=[ast.Name(id="__slots__" | "__all__")]):
                pass
            case ast.AnnAssign(value=value):
                yield from self._inside(value)
            case ast.AugAssign(target=target, value=value):
                yield _Edit(*self.span(statement), "pass")
                if sign := self.between(target, value, _SIGN):
                    yield _Edit(*sign.span(), _ARITHMETIC[sign[0]])
                yield from self._inside(value)
            case ast.Break() | ast.Continue() | ast.Raise() | ast.Delete():
                yield _Edit(*self.span(statement), "pass")
            case _:
                if isinstance(statement, ast.Expr) or (
                    isinstance(statement, ast.Assign) and not isinstance(statement.targets[0], ast.Name | ast.Tuple)
                ):
                    yield _Edit(*self.span(statement), "pass")
                for _, value in ast.iter_fields(statement):
                    for node in value if isinstance(value, list) else [value]:
                        if isinstance(node, ast.expr | ast.withitem | ast.match_case):
                            yield from self._inside(node.guard if isinstance(node, ast.match_case) else node)

    def _condition(self, test: ast.expr) -> Iterator[_Edit]:
        """Turned round; comparisons and negations are by themselves."""
        if not isinstance(test, ast.Compare | ast.Constant) and not _negated(test):
            start, end = self.span(test)
            yield _Edit(start, end, f"(not ({self.source[start:end]}))")

    def _inside(self, node: ast.AST | None) -> Iterator[_Edit]:
        """The edits of an expression and of all below it."""
        if node is None:
            return
        if isinstance(node, ast.JoinedStr):
            yield from self._f_string(node)
            return
        if isinstance(node, ast.expr):
            yield from self._expression(node)
        for inner in ast.iter_child_nodes(node):
            yield from self._inside(inner)

    def _expression(self, node: ast.expr) -> Iterator[_Edit]:
        match node:
            case ast.Compare():
                for left, op, right in zip((node.left, *node.comparators), node.ops, node.comparators, strict=False):
                    if sign := self.between(left, right, _COMPARISON):
                        for other in _COMPARE[type(op)]:
                            yield _Edit(*sign.span(), other)
            case ast.BoolOp(op=op, values=values):
                word, other, neutral = ("and", "or", "True") if isinstance(op, ast.And) else ("or", "and", "False")
                for left, right in itertools.pairwise(values):
                    if sign := self.between(left, right, re.compile(rf"\b{word}\b")):
                        yield _Edit(*sign.span(), other)
                for value in values:
                    yield _Edit(*self.span(value), neutral)
            case ast.UnaryOp(op=ast.Not()):
                start = self.span(node)[0]
                yield _Edit(start, start + len(re.match(r"not\s*", self.source[start:])[0]), "")  # type: ignore[index]
            case ast.BinOp(left=left, right=right):
                if sign := self.between(left, right, _SIGN):
                    yield _Edit(*sign.span(), _ARITHMETIC[sign[0]])
            case ast.IfExp(test=test):
                yield from self._condition(test)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for test in (test for generator in node.generators for test in generator.ifs):
                    yield _Edit(*self.span(test), "True")
            case ast.Call(func=ast.Name(id="isinstance" | "min" | "max")):
                pass  # arguments swapped fail at once, or give the same
            case ast.Call(args=args) if not any(isinstance(arg, ast.Starred) for arg in args):
                for left, right in itertools.pairwise(args):
                    (a, b), (c, d) = self.span(left), self.span(right)
                    yield _Edit(a, d, self.source[c:d] + self.source[b:c] + self.source[a:b])
            case ast.Constant(value=bool() as value):
                yield _Edit(*self.span(node), str(not value))
            case ast.Constant(value=int() as value):
                yield _Edit(*self.span(node), str(value + 1))
            case ast.Constant(value=str() as value) if not re.search(r"\s", value):
                yield _Edit(*self.span(node), repr(value + "X"))

    def _f_string(self, node: ast.JoinedStr) -> Iterator[_Edit]:
        """Before Python 3.12 nodes inside an f-string do not know where they stand: it is written anew around each edit."""
        for part in node.values:
            if not isinstance(part, ast.FormattedValue):
                continue
            kept, words = part.value, ast.unparse(part.value)
            inner = _Walk(words)
            for edit in inner._inside(ast.parse(words, mode="eval").body):
                try:
                    part.value = ast.parse(words[: edit.start] + edit.text + words[edit.end :], mode="eval").body
                except SyntaxError:
                    continue
                yield _Edit(*self.span(node), ast.unparse(node))
            part.value = kept


def _negated(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
