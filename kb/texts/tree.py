"""The lossless text: a tree whose leaves tile their source (promise 1).

A node is a kind, a range and children. Only readers make trees; nothing in a tree says what a text
means. Leaves own every character, page headers, blank lines and damage included, as in parso's and
rust-analyzer's full-fidelity trees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

# Kinds of inner nodes, from the outside in.
DOCUMENT, TEXT, DIVISION, ARTICLE, ALINEA, NOTE, LINKS, VISA, FOOT = (
    "document", "texte", "division", "article", "alinea", "nota", "liens", "visa", "note",
)  # fmt: skip
# Kinds of leaves.
WORDS, HEADING, MARK, FURNITURE, BLANK, DAMAGE = "mots", "intitule", "marque", "page", "blanc", "dommage"


@dataclass(frozen=True, slots=True)
class Node:
    """``[start, end)`` of one source.

    ``num`` is the number or marker as ids write it (``II``, ``2.4``, ``al3``, ``1°``), ``item`` tells list items
    from plain alinéas, ``title`` holds the words of a heading for display (white space folded).
    """

    kind: str
    start: int
    end: int
    children: tuple[Node, ...] = ()
    num: str = ""
    title: str = ""
    item: bool = False

    def leaves(self) -> Iterator[Node]:
        stack = [self]
        while stack:
            node = stack.pop()
            if node.children:
                stack += node.children[::-1]
            else:
                yield node

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, kind: str) -> Iterator[Node]:
        return (node for node in self.walk() if node.kind == kind)

    def words(self, text: str) -> str:
        """The words of this node without page furniture, blank lines and list marks of their own leaf."""
        return "".join(text[leaf.start : leaf.end] for leaf in self.leaves() if leaf.kind in (WORDS, MARK)).strip()

    def with_(self, **changes: object) -> Node:
        return replace(self, **changes)  # type: ignore[arg-type]


def inner(kind: str, children: list[Node] | tuple[Node, ...], **more: object) -> Node:
    """A node that spans its children."""
    return Node(kind, children[0].start, children[-1].end, tuple(children), **more)  # type: ignore[arg-type]


def gap(root: Node, length: int) -> int | None:
    """The first offset where the leaves of *root* fail to tile ``[0, length)``, or ``None`` when they do."""
    at = 0
    for leaf in root.leaves():
        if leaf.start != at or leaf.end < leaf.start:
            return at
        at = leaf.end
    return None if at == length else at
