"""HTML: the text of its blocks, one after the other; navigation, scripts and tables of contents are not its words.

White space is folded as a browser folds it. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.texts.files.guard import Unreadable, bounded, missing
from kb.texts.files.layout import FOOTNOTE, FURNITURE, PLAIN, ROW, STRONG, Extraction, Sheet

if TYPE_CHECKING:
    from lxml import etree

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "select",
        "textarea",
        "button",
        "input",
    ]
)
_FURNITURE = frozenset(["nav", "footer", "aside"])
_NAVIGATION = re.compile(
    r"\b(nav\w*|menu\w*|breadcrumbs?|fil-?d?-?ariane|cookies?\w*|sommaire|toc|footer|pied-?de-?page|skip\w*|share|partage\w*|pagination|sidebar)\b",
    re.I,
)
_NOTES = re.compile(r"\b(footnotes?|notes-?de-?bas\w*|endnotes?)\b", re.I)
_HEADING = re.compile(r"h([1-6])$")
_BREAK = "\x1e"  # stands for <br> while white space is folded


def extract(data: bytes) -> Extraction:
    """The text of an HTML page. Raises ``Unreadable`` when nothing in it is text."""
    try:
        from lxml import etree
        from lxml import html as reader
    except ImportError:
        raise missing("lxml") from None
    parser = reader.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding=_encoding(data))
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise Unreadable("rien n'y est du texte")
    body = root.find("body")
    sheet = Sheet("element")
    _Walk(sheet).block(root if body is None else body, PLAIN)
    bounded(sheet.length)
    if not sheet.pieces:
        raise Unreadable("rien n'y est du texte")
    return sheet.done()


def _encoding(data: bytes) -> str | None:
    """UTF-8 where the bytes are; else what the page says, which lxml reads."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None if re.search(rb"charset\s*=", data[:2048], re.I) else "cp1252"
    return "utf-8"


class _Walk:
    """One pass over the elements, in the order of the page; ``count`` numbers its blocks."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.count = sheet, 0
        self.run: list[str] = []

    def block(self, root: etree._Element, role: str) -> None:
        """Walk *root* without recursion: a page may nest deeper than Python does."""
        stack: list[tuple[etree._Element, str, bool]] = [(root, role, False)]
        while stack:
            element, role, left = stack.pop()
            tag = element.tag if isinstance(element.tag, str) else ""
            is_block = tag in _BLOCKS
            if left:
                if is_block:
                    self.flush(role)
                self.run.append(element.tail or "")
                continue
            if tag in _UNSEEN or not tag or _hidden(element):
                self.run.append(element.tail or "")
                continue
            if tag == "br":
                self.run += [_BREAK, element.tail or ""]
                continue
            if is_block:
                # what came before belongs to the block around
                above = stack[-1][1] if stack else role
                self.flush(above)
                role = _role(element, tag, role)
            if tag == "tr":
                self.count += 1
                cells = [_words(cell) for cell in element if isinstance(cell.tag, str)]
                words = " | ".join(cell for cell in cells if cell)
                self.sheet.put(words, role if role in (FURNITURE, FOOTNOTE) else ROW, 0, self.count, "\n")
                self.run.append(element.tail or "")
                continue
            self.run.append(element.text or "")
            stack.append((element, role, True))
            stack.extend((child, role, False) for child in reversed(element))

    def flush(self, role: str) -> None:
        words = "".join(self.run)
        self.run.clear()
        for paragraph in re.split(rf"{_BREAK}\s*{_BREAK}", words):  # two breaks end a paragraph
            folded = _folded(paragraph)
            if folded:
                self.count += 1
                self.sheet.put(folded, role, 0, self.count)


def _role(element: etree._Element, tag: str, above: str) -> str:
    if above in (FURNITURE, FOOTNOTE):
        return above
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}".replace("_", "-")
    if tag in _FURNITURE or _NAVIGATION.search(names) or _only_jumps(element, tag):
        return FURNITURE
    if _NOTES.search(names):
        return FOOTNOTE
    heading = _HEADING.match(tag)
    if heading:
        return f"h{heading[1]}"
    return STRONG if tag in ("p", "div", "li") and _all_strong(element) else PLAIN


def _only_jumps(element: etree._Element, tag: str) -> bool:
    """Whether a list is a table of contents: each item nothing but a link into the page."""
    if tag not in ("ul", "ol", "table"):
        return False
    links = [link for link in element.iter("a") if (link.get("href") or "").startswith("#")]
    return len(links) > 1 and len("".join(map(_words, links))) >= 0.9 * len(_words(element).replace(" | ", ""))


def _all_strong(element: etree._Element) -> bool:
    children = list(element)
    return bool(
        len(children) == 1
        and children[0].tag in ("b", "strong", "u")
        and not (element.text or "").strip()
        and not (children[0].tail or "").strip()
    )


def _hidden(element: etree._Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style


def _words(element: etree._Element) -> str:
    return _folded("".join(_seen(element))).replace("\n", " ")


def _seen(element: etree._Element) -> Iterator[str]:
    for event in element.iter():
        if event.tag in _UNSEEN or not isinstance(event.tag, str):
            continue
        yield event.text or ""
        if event.tag in _BLOCKS and event is not element:
            yield " "
        if event is not element:
            yield event.tail or ""


def _folded(words: str) -> str:
    """White space folded, but for the line breaks of the page itself and for spaces that do not break."""
    lines = (re.sub(r"[ \t\r\n\f\v]+", " ", line).strip(" ") for line in words.split(_BREAK))
    return "\n".join(line for line in lines if line)
