"""The markup of Légifrance (XHTML paragraphs, tables, links) decoded into plain lines, with the links' places.

Every block (``p``, ``div``, ``li``, a heading) and every ``br`` ends a line, as each line counts as an alinéa; a row
of a table is one line, its cells parted by `` | ``. White space is folded inside a line. The decoding is exact and
repeatable: the same markup gives the same text, so that a container proves its decoded texts again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from kb.texts.containers.records import Anchor

_BLOCKS = frozenset((
    "br",
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "thead",
    "tfoot", "tr", "blockquote", "center", "caption", "hr", "pre",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_INLINE = frozenset((
    "a", "b", "i", "u", "em", "strong", "sub", "sup", "font", "span", "small", "big", "tt", "code", "img",
    "abbr", "acronym", "strike", "s", "q", "cite", "col", "colgroup",
))  # fmt: skip
_KNOWN = _BLOCKS | _CELLS | _INLINE
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*|/)?)>|<!--.*?-->", re.S)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TARGETS = re.compile(r"(?:LEGI|JORF)(?:ARTI|SCTA|TEXT)\d{12}")


# A token: ``open``, ``close`` or ``words``; the tag's name or the words; a link's target. Plain tuples: there are millions.
Token = tuple[str, str, str]


def decode(markup: str) -> tuple[str, tuple[Anchor, ...]]:
    """The lines of *markup*, and its links.

    >>> decode('<p>Voir <a href="?idArticle=LEGIARTI000006740147">L. 133-3</a> ;<br/>2&deg; fin</p>')
    ('Voir L. 133-3 ;\\n2° fin', (Anchor(start=5, end=13, to='LEGIARTI000006740147'),))
    """
    return assemble(tokens(markup))


def tokens(markup: str) -> Iterator[Token]:
    """The tags and words of HTML; a ``<`` that opens no tag of the format is a word ("< 50 %")."""
    at = 0
    plain = "&" not in markup
    for match in _TAG.finditer(markup):
        close, name, rest = match.groups()
        if name:
            name = name.lower()
            if name not in _KNOWN:
                continue
        start, end = match.span()
        if start > at:
            words = markup[at:start]
            yield "words", words if plain else html.unescape(words), ""
        at = end
        if name == "a" and not close:
            href = _HREF.search(rest)
            yield "open", name, html.unescape(href.group(1) or href.group(2) or "") if href else ""
        elif name and name not in _INLINE:
            yield ("close" if close else "open"), name, ""
        elif name == "a":
            yield "close", name, ""
    if at < len(markup):
        yield "words", html.unescape(markup[at:]), ""


def assemble(stream: Iterable[Token]) -> tuple[str, tuple[Anchor, ...]]:
    """Plain lines of a stream of tokens, and where its links stand in them."""
    pieces: list[str] = []
    anchors: list[Anchor] = []
    length = 0  # of what is written
    gap = ""  # what is due before the next word: a space, a cell's bar or a line end
    cells = 0  # depth of table cells: a line end there is a space
    link: tuple[int, str] | None = None
    opened = False
    for kind, value, href in stream:
        if kind == "words":
            words = " ".join(value.split())
            if not words:
                gap = gap or (" " if value else "")
                continue
            if value[0].isspace():
                gap = gap or " "
            if gap and length:
                pieces.append(gap)
                length += len(gap)
            if opened:
                link, opened = (length, link[1]) if link else None, False
            pieces.append(words)
            length += len(words)
            gap = " " if value[-1].isspace() else ""
        elif value in _CELLS:
            cells = max(0, cells + (1 if kind == "open" else -1))
            if kind == "close":
                gap = " | " if gap != "\n" else gap
        elif value in _BLOCKS:
            inside = cells > 0 and value not in ("tr", "table")
            gap = (gap or " ") if inside else "\n"
        elif value == "a" and kind == "open":
            link, opened = (length, _target(href)), True
        elif value == "a" and link:
            start, to = link
            if to and not opened and start < length:
                anchors.append(Anchor(start, length, to))
            link, opened = None, False
    return "".join(pieces), tuple(anchors)


def _target(href: str) -> str:
    """The LEGI id that a link leads to: of an article or section rather than of its text."""
    found = _TARGETS.findall(href)
    return next((name for name in found if "TEXT" not in name), found[0] if found else "")
