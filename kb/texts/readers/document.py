"""Any act as a document: head, divisions, articles, alinéas, signature, annexes; page furniture and notes never among the words.

The layout of the file, where it has one, is in the card (``layout``). What each block is, is decided by ``blocks`` (paragraphs and
furniture), ``head`` (where the body begins) and ``headings`` (what opens what); here the tree is made of it.

* what stands before the body is the *tête*; a visa or a list of references in it is a *visa*, which is cited from;
* what stands after the last sentence is the *signature*;
* an alinéa that a page breaks goes on behind the furniture; a hyphen of the page is furniture too;
* a note at the foot of a page is a *note* where the file tells notes from text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kb.ground.names import fold
from kb.texts.files.layout import FOOTNOTE, ROW, Layout, from_json
from kb.texts.readers import Reading
from kb.texts.readers.blocks import Block, blocks
from kb.texts.readers.circular import HEAD, SIGNATURE
from kb.texts.readers.head import REFERENCES, body_start, closes
from kb.texts.readers.headings import Heading, outline
from kb.texts.readers.lines import padded
from kb.texts.readers.marks import ANNEX, ARTICLE, DASH, LEVEL, SIGN
from kb.texts.source import Source
from kb.texts.tree import ALINEA, BLANK, DIVISION, DOCUMENT, FOOT, HEADING, MARK, TEXT, VISA, WORDS, Node, inner
from kb.texts.tree import ARTICLE as ARTICLE_NODE
from kb.texts.tree import FURNITURE as PAGE

_VISA = re.compile(r"(?:vus?|considerant|attendu)\b")
_SIGNED = re.compile(
    r"(?:[*_]*)(?:fait (?:à|a|et|en|le)\b|pour (?:le|la|les|l['’])|p(?:\.|our) (?:ampliation|copie|extrait)|par (?:le|la|délégation|empêchement)\b|signé|\(?suivent les signatures|le (?:ministre|directeur|préfet|maire|président|chef|secrétaire|sous-directeur|recteur|haut|délégué|garde|premier|greffier|gouverneur)|"
    r"la (?:ministre|directrice|préfète|maire|présidente|cheffe|secrétaire|rectrice|déléguée|garde|première|greffière)|acte rendu exécutoire|reçu(?:e|s)? (?:en|à la) (?:sous-)?préfecture)",
    re.I,
)
_NOTE = re.compile(r"\(?(?:\d{1,2}|\*)\)\s|travaux préparatoires", re.I)
_ENDED = re.compile(r"[.;:!?»]\s*[\])*_]*$")
_HYPHEN = re.compile(r"(?<=[a-zà-ÿœæ])-\n(?=[a-zà-ÿœæ])|(?<=[A-ZÀ-ÜŒÆ])-\n(?=[A-ZÀ-ÜŒÆ])")


def read(source: Source) -> Reading:
    """The tree of any document; its layout is that of the card, its doubts are faults with their place."""
    layout = from_json(source.card.get("layout"))
    return _Builder(source, blocks(source.text, layout), layout).read()


@dataclass
class _Node:
    """A text, division or article being filled."""

    kind: str
    num: str = ""
    title: str = ""
    nodes: list[Node] = field(default_factory=list)
    alineas: int = 0

    def close(self) -> Node:
        return inner(self.kind, self.nodes, num=self.num, title=self.title)


class _Builder:
    def __init__(self, source: Source, found: Sequence[Block], layout: Layout) -> None:
        self.source, self.text, self.blocks, self.layout = source, source.text, found, layout
        self.stack = [_Node(TEXT)]
        self.notes = 0

    def read(self) -> Reading:
        body = body_start(self.blocks)
        main, signed = self._parts(body)
        annexes = range(signed.stop, len(self.blocks))
        inside = [*main, *annexes]
        kind = outline(self.blocks, range(main.start, main.stop))
        more = outline(self.blocks, annexes)
        headings = {**kind.headings, **more.headings}
        titles = {heading.titled for heading in headings.values()}
        for i, block in enumerate(self.blocks):
            if not block.words:
                self._add(Node(BLANK, block.start, block.end))
            elif block.aside:
                self._aside(block)
            elif i < body:
                self._head(block)
            elif i in signed:
                while len(self.stack) > 1:
                    self._fold()
                if self._signs(block):
                    self.stack[0].nodes.append(inner(SIGNATURE, self._leaves(block, block.at)))
                elif _NOTE.match(block.words):
                    self._foot(block)
                else:
                    self._alinea(block)
            elif i in headings:
                self._heading(block, headings[i])
            elif i in titles:
                self.stack[-1].nodes += self._leaves(block, block.at, HEADING)
            elif i in inside or i >= body:
                self._alinea(block)
        while len(self.stack) > 1:
            self._fold()
        root = self.stack[0]
        faults = [
            f._replace(span=self.source.span(f.span.start, f.span.end)) if f.span else f
            for f in (*kind.faults, *more.faults)
        ]
        tree = inner(DOCUMENT, [root.close()]) if root.nodes else Node(BLANK, 0, len(self.text))
        return Reading(self.source, tree, faults)

    def _parts(self, body: int) -> tuple[range, range]:
        """The blocks of the body and those of the signature, which stands before the first annex; what follows it may be said there."""
        end = next((i for i in range(body + 1, len(self.blocks)) if self._annexes(self.blocks[i])), len(self.blocks))
        said = [i for i in range(body + 1, end) if self.blocks[i].words and not self.blocks[i].aside]
        first = end
        for i in reversed(said):
            if not self._signs(self.blocks[i]):
                break
            first = i
        # « Fait à …, le … » may be followed by sentences: ways of appeal, notes of the editor.
        closing = next((i for i in reversed(said[-14:]) if closes(self.blocks[i].folded)), first)
        return range(body, min(first, closing)), range(min(first, closing), end)

    @staticmethod
    def _annexes(block: Block) -> bool:
        return block.mark is not None and block.mark.kind == ANNEX and len(block.folded) < 200

    @staticmethod
    def _signs(block: Block) -> bool:
        words = block.folded
        if (
            block.role == ROW
            or block.level
            or len(words) > 140
            or (block.mark and block.mark.kind in (DASH, LEVEL, ARTICLE, SIGN))
        ):
            return False
        if closes(words) or _SIGNED.match(words):
            return not (len(words.split()) > 16 and words.endswith("."))
        return (
            not _ENDED.search(words) and len(words.split()) < 10 and not re.search(r"\b(?:est|sont|doit|peut)\b", words)
        )

    # ---- nodes

    def _add(self, node: Node) -> None:
        self.stack[-1].nodes.append(node)

    def _fold(self) -> None:
        done = self.stack.pop()
        self.stack[-1].nodes.append(done.close())

    def _leaves(self, block: Block, at: int, kind: str = WORDS) -> list[Node]:
        """The leaves of a block whose words begin at *at*: what stands before them is their mark, hyphens of the page are furniture."""
        first = block.start + len(self.text[block.start : block.end]) - len(self.text[block.start : block.end].lstrip())
        leaves = [Node(BLANK, block.start, first)] if block.start < first else []
        if first < at:
            leaves.append(Node(MARK, first, at))
        end = at
        for hyphen in _HYPHEN.finditer(self.text, at, block.end):
            if self._joins(hyphen.start()):
                leaves += [Node(kind, end, hyphen.start()), Node(PAGE, hyphen.start(), hyphen.end())]
                end = hyphen.end()
        return [leaf for leaf in (*leaves, *padded(self.text, end, block.end, kind)) if leaf.start < leaf.end]

    def _joins(self, hyphen: int) -> bool:
        """Whether a hyphen at a line end is the page's: unless the word is written with it elsewhere in the text."""
        if self.layout.unit != "line":
            return False
        before = re.search(r"[^\W\d_]+$", self.text[max(0, hyphen - 40) : hyphen])
        after = re.match(r"[^\W\d_]+", self.text[hyphen + 2 : hyphen + 42])
        return bool(before and after) and f"{before[0]}-{after[0]}" not in self.text  # type: ignore[index]

    def _aside(self, block: Block) -> None:
        if block.role == FOOTNOTE and self.layout.unit != "line":
            self._foot(block)
            return
        self.stack[-1].nodes += padded(self.text, block.start, block.end, PAGE)

    def _foot(self, block: Block) -> None:
        self.notes += 1
        self._add(inner(FOOT, self._leaves(block, block.at), num=f"note{self.notes}"))

    def _head(self, block: Block) -> None:
        key = fold(block.folded)
        kind = VISA if _VISA.match(key) or REFERENCES.match(key) or self._refers() else HEAD
        self._add(inner(kind, self._leaves(block, block.at)))

    def _refers(self) -> bool:
        """Whether the line above announces references: « Cette instruction abroge : »."""
        before = next((node for node in reversed(self.stack[-1].nodes) if node.kind in (HEAD, VISA)), None)
        if before is None:
            return False
        words = fold(self.text[before.start : before.end].strip())
        return bool(REFERENCES.match(words)) and words.rstrip().endswith(":")

    def _heading(self, block: Block, heading: Heading) -> None:
        while len(self.stack) > heading.depth + 1:
            self._fold()
        kind = ARTICLE_NODE if heading.kind == "article" else DIVISION
        title = heading.title
        if kind == ARTICLE_NODE:
            title = f"Article {heading.number}" + (f" – {heading.title}" if heading.title else "")
        self.stack.append(_Node(kind, heading.number, title))
        if heading.rest is None:
            self.stack[-1].nodes += self._leaves(block, block.at, HEADING)
        else:
            at = block.at + heading.rest
            self._add(Node(HEADING, block.start, at))
            self._words(block._replace(start=at, at=at), at, "", item=False)

    def _alinea(self, block: Block) -> None:
        if self._continues(block):
            return
        mark = block.mark
        if mark and mark.kind == SIGN and mark.rest >= len(block.words):
            self.stack[-1].nodes += self._leaves(block, block.at, HEADING)
            return
        at = block.at + (
            mark.rest if mark and mark.kind not in (ANNEX, ARTICLE, LEVEL) and mark.rest < len(block.words) else 0
        )
        label = mark.number if mark and at > block.at else ""
        self._words(block, at, label, item=at > block.at or block.role == ROW)

    def _words(self, block: Block, at: int, label: str, *, item: bool) -> None:
        self.stack[-1].alineas += 1
        self._add(inner(ALINEA, self._leaves(block, at), num=f"al{self.stack[-1].alineas}", title=label, item=item))

    def _continues(self, block: Block) -> bool:
        """Join a block to the alinéa that a page broke: only furniture since, and a sentence that had not ended."""
        nodes = self.stack[-1].nodes
        k = next((k for k in range(len(nodes) - 1, -1, -1) if nodes[k].kind not in (PAGE, BLANK)), None)
        if k is None or nodes[k].kind != ALINEA or block.mark is not None or block.role == ROW:
            return False
        between = nodes[k + 1 :]
        before = self.text[nodes[k].start : nodes[k].end].rstrip()
        broken = (
            any(node.kind == PAGE for node in between) or "\f" in self.text[nodes[k].start : block.at][len(before) :]
        )
        if not broken or _ENDED.search(before) or (block.words[:1].isupper() and len(before) < 60):
            return False
        nodes[k:] = [
            inner(
                ALINEA,
                [*nodes[k].children, *between, *self._leaves(block, block.at)],
                num=nodes[k].num,
                title=nodes[k].title,
                item=nodes[k].item,
            )
        ]
        return True
