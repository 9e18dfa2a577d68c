"""A consolidated article as one Markdown file: title, alinéas and items, nota, links of the article.

Both dialects of the link section are read: ``<tab>**Créé par**:`` and ``_Créé par_:``. The nota's marks are often
broken (``[* … *]`` opened in one paragraph and closed in another): they are kept as marks, never repaired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from kb.ground.fault import Fault
from kb.texts.readers import Reading
from kb.texts.readers.lines import Line, fold_space, lines, padded, trimmed
from kb.texts.source import Source
from kb.texts.tree import ALINEA, ARTICLE, BLANK, DOCUMENT, HEADING, LINKS, MARK, NOTE, WORDS, Node, inner

_TITLE = re.compile(r"#\s+Article\s+(\S.*)$")
_BARE_TITLE = re.compile(r"Article\s+(\S.*)$")  # with a line of dashes below it
_DASHES = re.compile(r"-{3,}$")
_NOTA = re.compile(r"\*\*Nota\s*:?\s*\*\*\s*:?$", re.I)
_LINKS = re.compile(r"\*\*Liens relatifs à cet article\s*\*\*$", re.I)
_GROUP = re.compile(r"(?:\*\*|_)([^*_]+?)(?:\*\*|_)\s*:$")
ITEM = re.compile(r"(-|\*|•|–|—|\d+\s*°\)?|[a-z]\))\s+(?=\S)")
_OPEN, _CLOSE = re.compile(r"(?:\[?\*\]?|\*\[)+"), re.compile(r"(?:\[?\*\]?|\*\[|\s)+$")

GROUP, LINK = "groupe", "lien"


def read(source: Source) -> Reading:
    """The tree of one article file. A file without ``# Article N`` is read on, its number empty, with a fault."""
    text, faults = source.text, []
    rows = list(lines(text))
    title = _title(rows)
    number = ""
    children: list[Node] = []
    if title is None:
        faults.append(Fault("titre-absent", "Aucune ligne « # Article … » n'ouvre ce fichier.", source.span(0, 0)))
        body = 0
    else:
        number = re.sub(r"^(#\s+)?Article\s+", "", rows[title].words)
        children += [Node(BLANK, row.start, row.end) for row in rows[:title]]
        children.append(Node(HEADING, rows[title].start, rows[title].end, title=f"Article {number}"))
        body = title + 1
        if not rows[title].words.startswith("#"):
            children.append(Node(HEADING, rows[body].start, rows[body].end))
            body += 1
    nota = _first(rows, _NOTA, body)
    links = _first(rows, _LINKS, body)
    children += _paragraphs(text, rows[body : min(nota, links)], _alinea)
    if nota < links:
        children.append(inner(NOTE, [*_heading(rows[nota]), *_paragraphs(text, rows[nota + 1 : links], _nota)]))
    if links < len(rows):
        children.append(inner(LINKS, [*_heading(rows[links]), *_groups(text, rows[links + 1 :], source, faults)]))
    article = inner(ARTICLE, children, num=number, title=f"Article {number}") if children else Node(BLANK, 0, 0)
    return Reading(source, inner(DOCUMENT, [article]), faults)


def _title(rows: list[Line]) -> int | None:
    """The line that names the article: ``# Article N``, or ``Article N`` above a line of dashes."""
    for i, row in enumerate(rows):
        if _TITLE.match(row.words):
            return i
        if _BARE_TITLE.match(row.words) and i + 1 < len(rows) and _DASHES.match(rows[i + 1].words):
            return i
    return None


def opens(text: str) -> bool:
    """Whether *text* begins as an article does."""
    return _title([row for row in lines(text) if row.words][:3]) is not None


def _first(rows: list[Line], pattern: re.Pattern[str], after: int) -> int:
    return next((i for i in range(after, len(rows)) if pattern.match(rows[i].words)), len(rows))


def _heading(row: Line) -> list[Node]:
    return [Node(HEADING, row.start, row.end)]


def blocks(rows: list[Line]) -> Iterator[tuple[int, int, bool]]:
    """Runs of lines as ``(start, end, blank)``; a list mark at the start of a line opens a new run."""
    cuts = [
        i
        for i, row in enumerate(rows)
        if i == 0 or not row.words or not rows[i - 1].words or (ITEM.match(row.words) and ITEM.match(rows[i - 1].words))
    ]
    for a, b in pairwise([*cuts, len(rows)]):
        yield rows[a].start, rows[b - 1].end, not rows[a].words


def _paragraphs(text: str, rows: list[Line], make: Callable[[str, int, int, int], Node]) -> list[Node]:
    """Blank runs as leaves, the others as ``make(text, start, end, rank)`` has them."""
    children, rank = [], 0
    for start, end, blank in blocks(rows):
        rank += not blank
        children.append(Node(BLANK, start, end) if blank else make(text, start, end, rank))
    return children


def _alinea(text: str, start: int, end: int, rank: int) -> Node:
    a, b = trimmed(text, start, end)
    mark = ITEM.match(text, a, b)
    leaves = [Node(BLANK, start, a)] if start < a else []
    if mark:
        leaves.append(Node(MARK, a, mark.end()))
    leaves += padded(text, mark.end() if mark else a, end)
    label = mark.group(1).rstrip(")").replace(" ", "") if mark and mark.group(1)[0] not in "-*•–—" else ""
    return inner(ALINEA, leaves, num=f"al{rank}", title=label, item=bool(mark))


def _nota(text: str, start: int, end: int, rank: int) -> Node:
    a, b = trimmed(text, start, end)
    opened = _OPEN.match(text, a, b)
    first = opened.end() if opened else a
    closed = _CLOSE.search(text, first, b)
    last = closed.start() if closed and "*" in closed.group() else b
    leaves = [
        Node(BLANK, start, a),
        Node(MARK, a, first),
        *padded(text, first, last),
        Node(MARK, last, b),
        Node(BLANK, b, end),
    ]
    return inner(ALINEA, [leaf for leaf in leaves if leaf.start < leaf.end], num=f"nota{rank}")


def _groups(text: str, rows: list[Line], source: Source, faults: list[Fault]) -> list[Node]:
    """The link section: a group per ``**Créé par**:``, an item per ``- …``; anything else is kept as words, with a fault."""
    groups: list[list[Node]] = [[]]
    names: list[str] = [""]
    for row in rows:
        group = _GROUP.match(row.words)
        if not row.words:
            groups[-1].append(Node(BLANK, row.start, row.end))
        elif group:
            groups.append([Node(HEADING, row.start, row.end)])
            names.append(fold_space(group.group(1)))
        elif row.words.startswith("- "):
            dash = text.index("-", row.start) + 2
            leaves = [Node(MARK, row.start, dash), *padded(text, dash, row.end)]
            groups[-1].append(inner(LINK, leaves))
        elif groups[-1] and groups[-1][-1].kind == LINK:
            item = groups[-1].pop()
            groups[-1].append(inner(LINK, [*item.children, *padded(text, row.start, row.end)]))
        else:
            faults.append(
                Fault(
                    "lien-non-lu",
                    "Cette ligne des liens n'est ni un titre ni un lien.",
                    source.span(*trimmed(text, row.start, row.end)),
                )
            )
            groups[-1].append(Node(WORDS, row.start, row.end))
    return [*groups[0], *(inner(GROUP, nodes, num=name) for name, nodes in zip(names[1:], groups[1:], strict=True))]
