"""An instruction, circular or letter as plain text: hard-wrapped lines, printed outline, annexes in one file.

Blocks (runs of lines between blank lines) are opened by the marks that ``grammar/outline.lark`` reads. Here is decided
what a mark alone does not say:

* a numbered line is a *heading* when it is short and does not end as a sentence does, else an item;
* a dash line is a heading when it does not end as an item does (``;`` ``,`` ``.`` ``:``) and no dash line follows it;
* a label (``Procédure :``) is a heading inside a numbered division; in capitals with a colon, anywhere;
* a label that opened a list ends with its list;
* what stands before the first sentence of a text (addressees, letterhead) is its *tête*, what stands after the
  last one in capitals its *signature*: neither is counted among the alinéas.

A running header (``ANNEXE N° 1 (suite)``) is page furniture: never inside an alinéa's words, even where the page
breaks one in two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from kb.ground.fault import Fault
from kb.ground.names import slug
from kb.ground.parse import grammar
from kb.texts.readers import Reading
from kb.texts.readers.lines import Line, fold_space, lines, padded, trimmed
from kb.texts.source import Source
from kb.texts.tree import ALINEA, BLANK, DIVISION, DOCUMENT, FURNITURE, HEADING, MARK, TEXT, Node, inner

HEAD, SIGNATURE = "tete", "signature"
_PERSON = re.compile(r"(?:MM?\.|Mmes?|Mme|Mesdames|Messieurs|Madame|Monsieur)\s")
_SENTENCE_END = re.compile(r"[.;:!?]\s*$")
_ITEM_END = re.compile(r"[.;:,]\s*$")
_DASH_LINE = re.compile(r"\s*[-–—*•·▪]\s")
_TITLE_LENGTH, _TITLE_LINES = 140, 3
_LEVELS = {"chapter": 1, "label": 8, "dash": 9}  # points stand between: 1 + their depth


class Opening(NamedTuple):
    """How a block opens: the rule of the outline grammar, the number printed and where the rest begins."""

    kind: str
    number: str
    rest: int


class Block(NamedTuple):
    start: int
    end: int
    opening: Opening | None

    @property
    def kind(self) -> str:
        return self.opening.kind if self.opening else ""


@dataclass
class _Open:
    """A text or division being filled."""

    level: int
    kind: str
    num: str = ""
    title: str = ""
    nodes: list[Node] = field(default_factory=list)
    alineas: int = 0
    listing: bool = False  # a label whose content so far is only a list

    def close(self) -> Node:
        return inner(self.kind, self.nodes, num=self.num, title=self.title)


_KINDS = {
    "_SUITE": "page", "ANNEX": "annex", "LEVEL": "chapter", "DECIMAL": "point", "ORDINAL": "ordinal", "DASH": "dash",
    "CAPITALS": "label", "LABEL": "label",
}  # fmt: skip
_NUMBERS = {"page": "NUMBER", "annex": "NUMBER", "chapter": "ROMAN", "point": "DECIMAL", "ordinal": "ORDINAL"}


def opening(words: str, offset: int = 0) -> Opening | None:
    """How *words*, a block, opens; ``None`` for a plain alinéa. ``rest`` is counted from *offset*."""
    walk = grammar("outline").walk(words, 0)
    if walk is None or walk.end < len(words.rstrip()):
        return None
    tokens = {token.type: token for token in walk.tokens}
    mark = next(name for name in _KINDS if name in tokens)
    kind = _KINDS[mark]
    if kind == "label":
        number = slug(words[tokens[mark].start : tokens[mark].end])
    else:
        printed = tokens.get(_NUMBERS.get(kind, ""))
        number = re.sub(r"[\s)–—-]|\.$", "", words[printed.start : printed.end]) if printed else ""
    rest = tokens.get("REST")
    return Opening(kind, number, offset + (rest.start if rest else 0))


def read(source: Source) -> Reading:
    """The tree of an instruction with its annexes: document > text > division > alinéa."""
    text = source.text
    blocks = _blocks(text, list(lines(text)))
    texts: list[Node] = []
    faults: list[Fault] = []
    starts = [i for i, block in enumerate(blocks) if block.kind == "annex"]
    for a, b in pairwise([0, *starts, len(blocks)]):
        if a < b:
            texts.append(_text(text, blocks[a:b], faults, source))
    return Reading(source, inner(DOCUMENT, texts) if texts else Node(BLANK, 0, len(text)), faults)


def _blocks(text: str, rows: list[Line]) -> list[Block]:
    """Blank and non-blank runs of lines, cut where a list mark, an annex or a running header opens a line."""
    blocks: list[Block] = []
    begin = 0
    for i, row in enumerate(rows):
        alone = opening(row.words) if row.words[:6].upper() == "ANNEXE" else None
        cut = i == 0 or not row.words or not rows[i - 1].words or alone or _DASH_LINE.match(text, row.start)
        if cut and i:
            blocks.append(_block(text, rows[begin].start, row.start))
            begin = i
        if alone and alone.kind == "page":
            blocks.append(Block(row.start, row.end, alone))
            begin = i + 1
            rows[i] = Line(row.start, row.end, "")
    if begin < len(rows):
        blocks.append(_block(text, rows[begin].start, rows[-1].end))
    return [block for block in blocks if block.start < block.end]


def _block(text: str, start: int, end: int) -> Block:
    a, b = trimmed(text, start, end)
    return Block(start, end, opening(text[a:b], a) if a < b else None)


def _text(text: str, blocks: list[Block], faults: list[Fault], source: Source) -> Node:
    """One text (the instruction itself or an annex), its divisions nested as printed."""
    stack = [_Open(0, TEXT)]
    if blocks[0].opening and blocks[0].kind == "annex":
        stack[0].num = f"annexe-{blocks[0].opening.number}"
        stack[0].title = fold_space(text[blocks[0].opening.rest : blocks[0].end])
        stack[0].nodes += _heading(text, blocks[0])
        blocks = blocks[1:]
    speaks = False
    last = _last_sentence(text, blocks)
    for i, block in enumerate(blocks):
        words = text[block.start : block.end].strip()
        if not words or block.kind == "page":
            stack[-1].nodes += (
                [Node(BLANK, block.start, block.end)] if not words else padded(text, block.start, block.end, FURNITURE)
            )
            continue
        level = _heading_level(text, blocks, i, in_point=any(o.level > 0 for o in stack))
        if level:
            speaks = True
            assert block.opening
            while stack[-1].level >= level:
                _fold(stack)
            num = block.opening.number or slug(text[block.opening.rest : block.end])
            title = (
                fold_space(text[block.opening.rest : block.end]).rstrip(" -–—:")
                if block.kind != "label"
                else words.rstrip(" :")
            )
            stack.append(_Open(level, DIVISION, num, fold_space(title), _heading(text, block)))
            if block.kind == "label":
                stack[-1].listing = _next_kind(blocks, i, text) in ("dash", "ordinal")
            continue
        if stack[-1].listing and block.kind not in ("dash", "ordinal"):
            _fold(stack)
        if not speaks and not _is_sentence(text, blocks, i):
            stack[-1].nodes.append(inner(HEAD, padded(text, block.start, block.end)))
        elif i > last:
            stack[-1].nodes.append(inner(SIGNATURE, padded(text, block.start, block.end)))
        elif speaks and _continues(text, stack[-1], block):
            before = stack[-1].nodes
            k = max(j for j, node in enumerate(before) if node.kind == ALINEA)
            joined = [*before[k].children, *before[k + 1 :], *padded(text, block.start, block.end)]
            before[k:] = [inner(ALINEA, joined, num=before[k].num, title=before[k].title, item=before[k].item)]
        else:
            speaks = True
            stack[-1].alineas += 1
            stack[-1].nodes.append(_alinea(text, block, stack[-1].alineas))
    while len(stack) > 1:
        _fold(stack)
    return stack[0].close()


def _fold(stack: list[_Open]) -> None:
    done = stack.pop()
    stack[-1].nodes.append(done.close())


def _heading(text: str, block: Block) -> list[Node]:
    return padded(text, block.start, block.end, HEADING)


def _alinea(text: str, block: Block, count: int) -> Node:
    a, _ = trimmed(text, block.start, block.end)
    leaves = [Node(BLANK, block.start, a)] if block.start < a else []
    item = block.kind in ("dash", "ordinal", "point")
    rest = block.opening.rest if item and block.opening else a
    if rest > a:
        leaves.append(Node(MARK, a, rest))
    leaves += padded(text, rest, block.end)
    label = block.opening.number if item and block.opening else ""
    return inner(ALINEA, leaves, num=f"al{count}", title=label, item=item)


def _heading_level(text: str, blocks: list[Block], i: int, *, in_point: bool) -> int:
    """The level of the heading that block *i* is, or 0 when it is none."""
    block = blocks[i]
    words = fold_space(text[block.start : block.end])
    short = len(words) <= _TITLE_LENGTH and text[block.start : block.end].strip().count("\n") < _TITLE_LINES
    if block.opening is None or not short:
        return 0
    if block.kind == "chapter":
        return _LEVELS["chapter"]
    if block.kind == "point":
        return 0 if _ITEM_END.search(words) else 2 + block.opening.number.count(".")
    if block.kind == "dash":
        follows = _next_kind(blocks, i, text) == "dash"
        one_line = "\n" not in text[block.start : block.end].strip()
        return _LEVELS["dash"] if in_point and one_line and not follows and not _ITEM_END.search(words) else 0
    if block.kind == "label":
        if words.rstrip(" :").isupper():
            return _LEVELS["label"] if words.endswith(":") else 0
        return _LEVELS["label"] if in_point and _next_kind(blocks, i, text) != "dash" else 0
    return 0


def _next_kind(blocks: list[Block], i: int, text: str) -> str | None:
    """The kind of the next block that is neither blank nor page furniture."""
    for block in blocks[i + 1 :]:
        if block.kind != "page" and text[block.start : block.end].strip():
            return block.kind
    return None


def _is_sentence(text: str, blocks: list[Block], i: int) -> bool:
    """Whether block *i* may be the first sentence of a text: enough words, ended, and not one more addressee."""
    words = fold_space(text[blocks[i].start : blocks[i].end])
    if _PERSON.match(words):
        before = next(
            (text[b.start : b.end].strip() for b in reversed(blocks[:i]) if text[b.start : b.end].strip()), ""
        )
        if before.endswith(",") or words.endswith(","):
            return False
    return len(words.split()) >= 8 and bool(_SENTENCE_END.search(words)) and not words.isupper()


def _last_sentence(text: str, blocks: list[Block]) -> int:
    """The index of the last block that is not a signature: a signature is short, and ends no sentence."""
    for i in range(len(blocks) - 1, -1, -1):
        words = text[blocks[i].start : blocks[i].end].strip()
        if words and blocks[i].kind != "page" and (_SENTENCE_END.search(words) or len(words) > _TITLE_LENGTH):
            return i
    return len(blocks)


def _continues(text: str, division: _Open, block: Block) -> bool:
    """Whether a page broke an alinéa here: only furniture since an alinéa that did not end, and no capital or mark now."""
    since: list[Node] = []
    for node in reversed(division.nodes):
        if node.kind == ALINEA:
            furniture = any(n.kind == FURNITURE for n in since)
            before = text[node.start : node.end].rstrip()
            first = text[block.start : block.end].lstrip()[:1]
            return furniture and not _ITEM_END.search(before) and block.opening is None and not first.isupper()
        if node.kind not in (BLANK, FURNITURE):
            return False
        since.append(node)
    return False
