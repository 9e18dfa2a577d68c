"""OpenDocument texts (ODT): headings, paragraphs, lists, cells, notes; the page headers of their styles are furniture.

Deleted words of tracked changes, pictures, scripts and embedded objects are not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.texts.files.guard import Unreadable, bounded, member, open_zip, xml
from kb.texts.files.layout import FOOTNOTE, FURNITURE, PLAIN, ROW, STRONG, Extraction, Sheet

if TYPE_CHECKING:
    from lxml import etree

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _OFFICE, _STYLE = (f"{{{_OASIS}{name}:1.0}}" for name in ("text", "table", "office", "style"))
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_CONTENTS = tuple(
    _TEXT + name
    for name in ("table-of-content", "illustration-index", "table-index", "alphabetical-index", "user-index")
)
_SKIPPED = (
    _TEXT + "tracked-changes",
    _TEXT + "sequence-decls",
    _OFFICE + "forms",
    _OFFICE + "annotation",
    _OFFICE + "scripts",
)


def extract(data: bytes) -> Extraction:
    """The text of an ODT file. Raises ``Unreadable``."""
    archive = open_zip(data)
    manifest = member(archive, "META-INF/manifest.xml")
    if manifest and b"encryption-data" in manifest:
        raise Unreadable("il est chiffré")
    content = member(archive, "content.xml")
    if content is None:
        raise Unreadable("il n'y a pas de texte OpenDocument dedans")
    root = xml(content, "content.xml")
    text = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if text is None:
        raise Unreadable("ce n'est pas un texte OpenDocument")
    pages = member(archive, "styles.xml")
    styles = [root] + ([xml(pages, "styles.xml")] if pages else [])
    reading = _Odt({name for each in styles for name in _bold(each)})
    reading.pages(styles[1:], "header")
    reading.block(text, PLAIN)
    reading.notes()
    reading.pages(styles[1:], "footer")
    bounded(reading.sheet.length)
    if not reading.sheet.pieces:
        raise Unreadable("il ne tient aucun mot")
    return reading.sheet.done()


def _bold(root: etree._Element) -> set[str]:
    """The names of the paragraph and text styles that print in bold."""
    found = set()
    for style in root.iter(_STYLE + "style"):
        properties = style.find(_STYLE + "text-properties")
        if properties is not None and properties.get(_FO + "font-weight") == "bold":
            found.add(style.get(_STYLE + "name") or "")
    return found


class _Odt:
    """One pass over a document, in its order; notes are kept for the end."""

    def __init__(self, bold: set[str]) -> None:
        self.sheet, self.bold, self.count = Sheet("paragraph"), bold, 0
        self.kept: list[etree._Element] = []

    def pages(self, styles: list[etree._Element], what: str) -> None:
        for root in styles:
            for name in (what, f"{what}-left", f"{what}-first"):
                for element in root.iter(_STYLE + name):
                    self.block(element, FURNITURE)

    def notes(self) -> None:
        for note in self.kept:
            for body in note.iter(_TEXT + "note-body"):
                self.block(body, FOOTNOTE)

    def block(self, root: etree._Element, role: str) -> None:
        stack: list[tuple[etree._Element, str, str]] = [(child, role, "") for child in reversed(root)]
        while stack:
            element, role, mark = stack.pop()
            tag = element.tag
            if tag in (_TEXT + "p", _TEXT + "h"):
                self._paragraph(element, role, mark)
            elif tag == _TABLE + "table":
                self._table(element, role)
            elif tag in _CONTENTS:
                stack += [(child, FURNITURE, "") for child in reversed(element)]
            elif tag == _TEXT + "list-item":
                stack += [(child, role, "- " if i == 0 else "") for i, child in reversed(list(enumerate(element)))]
            elif isinstance(tag, str) and tag not in _SKIPPED:
                stack += [(child, role, "") for child in reversed(element)]

    def _table(self, table: etree._Element, role: str) -> None:
        for row in table.iter(_TABLE + "table-row"):
            cells = []
            for cell in row.iter(_TABLE + "table-cell"):
                self.count += 1
                cells.append("\n".join(filter(None, (self._words(p).strip() for p in cell.iter(_TEXT + "p")))))
            filled = [cell for cell in cells if cell]
            end = "\n" if any("\n" in cell for cell in filled) else " | "
            self.sheet.put(end.join(filled), role or ROW, 0, self.count, "\n")
        self.sheet.space("\n")

    def _paragraph(self, element: etree._Element, role: str, mark: str) -> None:
        self.count += 1
        words = self._words(element).strip()
        if role == PLAIN and element.tag == _TEXT + "h":
            level = element.get(_TEXT + "outline-level") or "1"
            role = f"h{min(int(level), 6) if level.isdigit() else 1}"
            mark = ""
        elif role == PLAIN and self._all_bold(element):
            role = STRONG
        self.sheet.put(mark + words if words else "", role, 0, self.count)

    def _all_bold(self, element: etree._Element) -> bool:
        if element.get(_TEXT + "style-name") in self.bold:
            return True
        spans = list(element)
        return (
            bool(spans)
            and not (element.text or "").strip()
            and all(
                span.tag == _TEXT + "span"
                and span.get(_TEXT + "style-name") in self.bold
                and not (span.tail or "").strip()
                for span in spans
            )
        )

    def _words(self, element: etree._Element) -> str:
        """The words of a paragraph: white space folded as ODF asks, tabs and line breaks where they are."""
        parts: list[str] = [_folded(element.text)]
        stack: list[tuple[etree._Element, bool]] = [(child, False) for child in reversed(element)]
        while stack:
            inner, left = stack.pop()
            if left or not isinstance(inner.tag, str):
                parts.append(_folded(inner.tail))
                continue
            stack.append((inner, True))
            if inner.tag == _TEXT + "s":
                count = inner.get(_TEXT + "c") or "1"
                parts.append(" " * min(int(count) if count.isdigit() else 1, 200))
            elif inner.tag == _TEXT + "tab":
                parts.append("\t")
            elif inner.tag == _TEXT + "line-break":
                parts.append("\n")
            elif inner.tag == _TEXT + "note":
                self.kept.append(inner)
            elif inner.tag not in _SKIPPED:
                parts.append(_folded(inner.text))
                stack += [(child, False) for child in reversed(inner)]
        return "".join(parts)


def _folded(words: str | None) -> str:
    if not words:
        return ""
    edges = (
        " " if words[0].isspace() and words[0] != "\xa0" else "",
        " " if words[-1].isspace() and words[-1] != "\xa0" else "",
    )
    inside = " ".join(piece for piece in words.replace("\n", " ").replace("\t", " ").split(" ") if piece)
    return edges[0] + inside + edges[1] if inside else " "
