"""What: the texts, divisions, articles and alinéas of a reading, with their ids.

The tree says how a file is laid out; here its nodes get names. Alinéas are counted both ways (design, "Names"):
``al5`` counts every new line, as the circular of 20 October 2000 on alinéas asks; the older count skips list items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from kb.ground.names import article_number
from kb.ground.span import line_bounds
from kb.texts import tree
from kb.texts.readers import Reading
from kb.texts.readers.article_md import GROUP, LINK
from kb.texts.readers.circular import HEAD, SIGNATURE
from kb.texts.tree import Node


class Provision(NamedTuple):
    """A text, division or article. ``source`` is ``None`` when it is known by name only (cited, or stated by a fact)."""

    id: str
    text: str
    parent: str | None
    kind: str
    num: str
    title: str
    source: str | None = None
    start: int = 0
    end: int = 0


class Paragraph(NamedTuple):
    """An alinéa, nota, letterhead line, signature or link: the smallest part that is cited or quoted.

    ``label`` is its fragment (``al5``), ``mark`` the printed one (``1°``), ``old`` its number in the older count,
    ``[start, end)`` its words with their list mark; ``words`` leaves out page furniture that stands between them.
    ``relation`` is the title of its group for a link ("Créé par"); ``cuts`` are what page furniture takes out of it.
    """

    provision: str
    label: str
    kind: str
    mark: str
    old: int | None
    source: str
    start: int
    end: int
    words: str
    relation: str = ""
    cuts: tuple[tuple[int, int], ...] = ()

    def place(self, offset: int) -> int:
        """Where in the source the character *offset* of ``words`` stands."""
        at = self.start + offset
        for first, last in self.cuts:
            if first > at:
                break
            at += last - first
        return at

    @property
    def id(self) -> str:
        return f"{self.provision}#{self.label}"


_KINDS = {
    tree.ALINEA: "alinea", HEAD: "tete", SIGNATURE: "signature", LINK: "lien", tree.VISA: "visa", tree.FOOT: "note",
}  # fmt: skip
# Paragraphs in which a text names itself and its people: nothing is cited there.
UNCITED = frozenset(("tete", "signature"))


def cut(text: str, page: Node) -> tuple[int, int]:
    """What a leaf of page furniture takes out of the words around it: its line, or itself where it stands in a line."""
    first, last = line_bounds(text, page.start)
    if text[page.start : page.end].startswith("-\n") and text[first : page.start].strip():
        return page.start, page.end
    return first, last + 1


class Outline(NamedTuple):
    """The provisions and paragraphs of one source, in the order of its text."""

    provisions: list[Provision]
    paragraphs: list[Paragraph]
    annexes: dict[str, str]


def outline(reading: Reading, name_act: Callable[[str], str | None]) -> Outline:
    """Name the nodes of *reading*.

    *name_act* gives the id of the act that the words of an annex heading name, or ``None``. ``annexes`` maps the
    printed number of an annex to the id of the text it holds.
    """
    namer = _Namer(reading, name_act)
    namer.walk(reading.tree, None, "")
    return Outline(namer.provisions, namer.paragraphs, namer.annexes)


class _Namer:
    def __init__(self, reading: Reading, name_act: Callable[[str], str | None]) -> None:
        self.source, self.card, self.name_act = reading.source, reading.source.card, name_act
        self.provisions: list[Provision] = []
        self.paragraphs: list[Paragraph] = []
        self.annexes: dict[str, str] = {}
        self.taken: Counter[str] = Counter()
        self.root = str(self.card.get("id", ""))
        self.annex = ""  # the annex being read

    def walk(self, node: Node, parent: str | None, text: str) -> None:
        if node.kind == tree.TEXT:
            text = self._text(node)
            self._provision(text, text, None, "texte", node, node.title or str(self.card["title"]))
            self._children(node, text, text)
        elif node.kind == tree.ARTICLE:
            text = str(self.card.get("within", "")) or self.root
            number = article_number(node.num)
            # The articles of an act bound behind another are numbered anew.
            act = self.annex or text
            name = f"{text}/{number}" if "within" in self.card else self._unused(f"{act}/art-{number}")
            self._provision(name, text, parent or text, "article", node, node.title)
            self._children(node, name, text)
        elif node.kind == tree.DIVISION:
            name = self._unused(f"{parent}/{node.num}")
            self._provision(name, text, parent, "division", node, node.title)
            annex = self.annex
            self.annex = name if node.num.startswith("annexe") else annex
            self._children(node, name, text)
            self.annex = annex
        else:
            for child in node.children:
                self.walk(child, parent, text)

    def _text(self, node: Node) -> str:
        if not node.num:
            return self.root
        name = self.name_act(node.title) or f"{self.root}/{node.num}"
        self.annexes[node.num.removeprefix("annexe-")] = name
        return name

    def _unused(self, name: str) -> str:
        """*name*, with a rank where two divisions of one parent print the same mark."""
        self.taken[name] += 1
        return name if self.taken[name] == 1 else f"{name}-{self.taken[name]}"

    def _provision(self, name: str, text: str, parent: str | None, kind: str, node: Node, title: str) -> None:
        place = (self.source.id, node.start, node.end)
        self.provisions.append(Provision(name, text, parent, kind, node.num, title, *place))

    def _children(self, node: Node, name: str, text: str, relation: str = "") -> None:
        old = 0
        for child in node.children:
            kind = _KINDS.get(child.kind)
            if kind is None:
                if child.kind in (tree.NOTE, tree.LINKS, GROUP):
                    self._children(child, name, text, child.num)
                elif child.children:
                    self.walk(child, name, text)
                continue
            if kind == "alinea" and node.kind == tree.NOTE:
                kind = "nota"
            old += kind == "alinea" and not child.item
            self.taken[f"{name}#{kind}"] += 1
            label = child.num or f"{kind}{self.taken[f'{name}#{kind}']}"
            self._paragraph(child, name, label, kind, old if kind == "alinea" and not child.item else None, relation)

    def _paragraph(self, node: Node, name: str, label: str, kind: str, old: int | None, relation: str) -> None:
        leaves = [leaf for leaf in node.leaves() if leaf.kind in (tree.WORDS, tree.MARK)]
        words = [leaf for leaf in leaves if leaf.kind == tree.WORDS] or leaves
        start, end = (leaves if kind == "alinea" else words)[0].start, words[-1].end
        text, at, pieces = self.source.text, start, []
        cuts: list[tuple[int, int]] = []
        for page in (leaf for leaf in node.leaves() if leaf.kind == tree.FURNITURE):
            first, last = cut(text, page)
            if start <= at <= first and last <= end:
                pieces.append(text[at:first])
                cuts.append((first, last))
                at = last
        pieces.append(text[at:end])
        place = (self.source.id, start, end)
        self.paragraphs.append(
            Paragraph(name, label, kind, node.title, old, *place, "".join(pieces), relation, tuple(cuts))
        )
