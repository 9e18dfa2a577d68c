"""Word documents (DOCX): paragraphs, cells, notes, headers; the numbers that Word prints and does not store are written out.

Deleted words of tracked changes are left out, inserted ones kept. Fields that look outside, macros, pictures and embedded
files are not read.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb.texts.files.guard import Unreadable, bounded, member, open_zip, xml
from kb.texts.files.layout import FOOTNOTE, FURNITURE, PLAIN, ROW, STRONG, Extraction, Sheet

if TYPE_CHECKING:
    from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = frozenset(
    _W + name for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "object", "pict", "fldData")
)
_BREAKS = {_W + "br": "\n", _W + "cr": "\n", _W + "tab": "\t", _W + "noBreakHyphen": "-", _W + "softHyphen": "\u00ad"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def extract(data: bytes) -> Extraction:
    """The text of a DOCX file. Raises ``Unreadable``."""
    archive = open_zip(data)
    body = member(archive, "word/document.xml")
    if body is None:
        raise Unreadable("il n'y a pas de document Word dedans")
    root = xml(body, "word/document.xml").find(_W + "body")
    if root is None:
        raise Unreadable("le document Word est sans corps")
    styles, numbers = member(archive, "word/styles.xml"), member(archive, "word/numbering.xml")
    word = _Word(
        _styles(xml(styles, "word/styles.xml")) if styles else {},
        _Numbers(xml(numbers, "word/numbering.xml") if numbers else None),
    )
    parts = sorted(
        name for name in archive.namelist() if name.startswith(("word/header", "word/footer")) and name.endswith(".xml")
    )
    for name in parts:
        if name.startswith("word/header"):
            word.aside(xml(member(archive, name) or b"", name), FURNITURE)
    word.body(root)
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        notes = member(archive, name)
        if notes:
            word.aside(xml(notes, name), FOOTNOTE)
    for name in parts:
        if name.startswith("word/footer"):
            word.aside(xml(member(archive, name) or b"", name), FURNITURE)
    bounded(word.sheet.length)
    if not word.sheet.pieces:
        raise Unreadable("il ne tient aucun mot")
    return word.sheet.done()


class _Style(NamedTuple):
    """What a paragraph style says: the level of a heading (0: none), whether it is a line of a table of contents, its list."""

    level: int = 0
    contents: bool = False
    bold: bool = False
    list: tuple[str, int] | None = None


def _styles(root: etree._Element) -> dict[str, _Style]:
    found: dict[str, _Style] = {}
    based: dict[str, str] = {}
    for style in root.iter(_W + "style"):
        name = style.get(_W + "styleId") or ""
        title = (_value(style, "name") or "").lower()
        level = _level(style.find(_W + "pPr"))
        if not level and title.startswith(("heading ", "titre ")) and title.split()[-1].isdigit():
            level = int(title.split()[-1])
        bold = style.find(f"{_W}rPr/{_W}b") is not None
        found[name] = _Style(level, title.startswith(("toc ", "tm ")), bold, _list(style.find(_W + "pPr")))
        based[name] = _value(style, "basedOn") or ""
    for name, style_ in list(found.items()):
        parent, seen = based[name], {name}
        while parent in found and parent not in seen:
            seen.add(parent)
            above = found[parent]
            style_ = _Style(
                style_.level or above.level,
                style_.contents or above.contents,
                style_.bold or above.bold,
                style_.list or above.list,
            )
            parent = based[parent]
        found[name] = style_
    return found


def _value(element: etree._Element | None, name: str) -> str | None:
    child = element.find(_W + name) if element is not None else None
    return child.get(_W + "val") if child is not None else None


def _level(properties: etree._Element | None) -> int:
    level = _value(properties, "outlineLvl")
    return int(level) + 1 if level and level.isdigit() and int(level) < 9 else 0


def _list(properties: etree._Element | None) -> tuple[str, int] | None:
    numbered = properties.find(_W + "numPr") if properties is not None else None
    number = _value(numbered, "numId")
    level = _value(numbered, "ilvl") or "0"
    return (number, int(level)) if number and number != "0" and level.isdigit() else None


class _Numbers:
    """The printed numbers of lists: Word stores the form (``%1.%2``) and counts when it prints."""

    def __init__(self, root: etree._Element | None) -> None:
        self.forms: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        self.abstract: dict[str, str] = {}
        if root is None:
            return
        for abstract in root.iter(_W + "abstractNum"):
            for level in abstract.iter(_W + "lvl"):
                start = _value(level, "start") or "1"
                form = (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    int(start) if start.isdigit() else 1,
                )
                self.forms[abstract.get(_W + "abstractNumId") or "", int(level.get(_W + "ilvl") or 0)] = form
        for number in root.iter(_W + "num"):
            self.abstract[number.get(_W + "numId") or ""] = _value(number, "abstractNumId") or ""

    def next(self, number: str, level: int) -> str:
        """The mark that Word prints before the next paragraph of a list, empty where it prints none."""
        abstract = self.abstract.get(number, "")
        if (abstract, level) not in self.forms:
            return ""
        counts = self.counts[abstract]
        counts[level] = counts.get(level, self.forms[abstract, level][2] - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        kind, words, _ = self.forms[abstract, level]
        if kind == "bullet":
            return "- "
        for above in range(level + 1):
            form = self.forms.get((abstract, above), ("decimal", "", 1))
            words = words.replace(f"%{above + 1}", _printed(form[0], counts.get(above, form[2])))
        return words.strip() + " " if words.strip() else ""


def _printed(kind: str, count: int) -> str:
    if kind in ("upperRoman", "lowerRoman"):
        roman = "".join(
            (("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[count % 10])
            if unit == 1
            else ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")[count // 10 % 10]
            for unit in (10, 1)
        )
        return roman if kind == "upperRoman" else roman.lower()
    if kind in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if kind == "upperLetter" else letter.lower()
    return "" if kind == "none" else f"{count}er" if kind == "ordinal" and count == 1 else str(count)


class _Word:
    """One pass over a document, in its order."""

    def __init__(self, styles: dict[str, _Style], numbers: _Numbers) -> None:
        self.sheet, self.styles, self.numbers, self.count = Sheet("paragraph"), styles, numbers, 0

    def body(self, root: etree._Element) -> None:
        for element in _blocks(root):
            if element.tag == _W + "tbl":
                self._table(element)
            else:
                self._paragraph(element, PLAIN)

    def aside(self, root: etree._Element, role: str) -> None:
        """A header, a footer or notes: kept, and told from the text."""
        for paragraph in root.iter(_W + "p"):
            self._paragraph(paragraph, role)

    def _table(self, table: etree._Element) -> None:
        for row in table.iter(_W + "tr"):
            cells = []
            for cell in row.iter(_W + "tc"):
                self.count += 1
                cells.append("\n".join(filter(None, (_words(p).strip() for p in cell.iter(_W + "p")))))
            filled = [cell for cell in cells if cell]
            # A layout table holds lines of a letterhead, a table of figures holds short cells.
            end = "\n" if any("\n" in cell for cell in filled) else " | "
            self.sheet.put(end.join(filled), ROW, 0, self.count, "\n")
        self.sheet.space("\n")

    def _paragraph(self, element: etree._Element, role: str) -> None:
        self.count += 1
        words = _words(element).strip()
        properties = element.find(_W + "pPr")
        style = self.styles.get(_value(properties, "pStyle") or "", _Style())
        listed = _list(properties) or (
            style.list if properties is None or properties.find(_W + "numPr") is None else None
        )
        if role != PLAIN:
            self.sheet.put(words, role, 0, self.count)
            return
        if not words:
            return
        mark = self.numbers.next(*listed) if listed else ""
        level = _level(properties) or style.level
        if style.contents:
            role = FURNITURE
        elif level:
            role = f"h{min(level, 6)}"
        elif style.bold or _all_bold(element):
            role = STRONG
        self.sheet.put(mark + words, role, 0, self.count)


def _blocks(root: etree._Element) -> list[etree._Element]:
    """The paragraphs and tables of a body, those inside content controls included, in order."""
    found: list[etree._Element] = []
    stack = list(reversed(root))
    while stack:
        element = stack.pop()
        if element.tag in (_W + "p", _W + "tbl"):
            found.append(element)
        elif isinstance(element.tag, str) and element.tag not in (_W + "sectPr", *_SKIPPED):
            stack.extend(reversed(element))
    return found


def _words(paragraph: etree._Element) -> str:
    """The words of a paragraph as printed, text boxes aside."""
    parts: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag == _W + "t":
            parts.append(element.text or "")
        elif tag in _BREAKS:
            parts.append("" if tag == _W + "br" and element.get(_W + "type") in ("page", "column") else _BREAKS[tag])
        elif isinstance(tag, str) and tag not in _SKIPPED and tag != _FALLBACK:
            stack.extend(reversed(element))
    return "".join(parts)


def _all_bold(paragraph: etree._Element) -> bool:
    runs = [run for run in paragraph.iter(_W + "r") if "".join(t.text or "" for t in run.iter(_W + "t")).strip()]
    bold = [run.find(f"{_W}rPr/{_W}b") for run in runs]
    return bool(runs) and all(mark is not None and mark.get(_W + "val") not in ("0", "false") for mark in bold)
