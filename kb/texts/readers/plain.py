"""The text of one article as plain lines: every line that is not blank is an alinéa.

This is the layout of what ``kb.texts.containers.xhtml`` decodes and of the bodies of a code written as one Markdown file. A
line ``Nota`` opens the nota.
"""

from __future__ import annotations

from kb.texts.readers import Reading
from kb.texts.readers.article_md import ITEM
from kb.texts.readers.lines import lines, padded, trimmed
from kb.texts.source import Source
from kb.texts.tree import ALINEA, ARTICLE, BLANK, DOCUMENT, HEADING, MARK, NOTE, Node, inner

NOTA = "Nota :"


def read(source: Source) -> Reading:
    """The tree of one article; its number is that of the card (``num``)."""
    text = source.text
    body: list[Node] = []
    nota: list[Node] | None = None
    count = 0
    for start, end, words in lines(text):
        if not words:
            (body if nota is None else nota).append(Node(BLANK, start, end))
            continue
        if words == NOTA and nota is None:
            nota, count = [Node(HEADING, start, end)], 0
            continue
        count += 1
        a, _ = trimmed(text, start, end)
        mark = ITEM.match(text, a, end) if nota is None else None
        leaves = [Node(BLANK, start, a)] if start < a else []
        if mark:
            leaves.append(Node(MARK, a, mark.end()))
        leaves += padded(text, mark.end() if mark else a, end)
        label = mark.group(1).rstrip(")").replace(" ", "") if mark and mark.group(1)[0] not in "-*•–—" else ""
        kind = "al" if nota is None else "nota"
        (body if nota is None else nota).append(
            inner(ALINEA, leaves, num=f"{kind}{count}", title=label, item=bool(mark))
        )
    children = [*body, *([inner(NOTE, nota)] if nota else [])]
    num = str(source.card.get("num", ""))
    article = inner(ARTICLE, children, num=num, title=f"Article {num}") if children else Node(BLANK, 0, len(text))
    return Reading(source, inner(DOCUMENT, [article]), [])
