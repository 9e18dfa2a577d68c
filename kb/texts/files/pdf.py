"""PDF with a text layer: its lines in the order in which they are printed, parted into paragraphs by the space between them.

A line that stands at the edge of its page and comes back, its numbers apart, on another page is a running header or footer;
so is a page number. A hyphen that the page adds at a line end stays, followed by its line end. Pages are parted by ``\\f``.
Nothing in a PDF is run, no file in it is opened.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from kb.texts.files.guard import PAGES, Unreadable, bounded, missing
from kb.texts.files.layout import FURNITURE, PLAIN, STRONG, Extraction, Sheet

if TYPE_CHECKING:
    import pypdfium2

_HYPHEN = ("\ufffe", "\x02")  # what pdfium puts where a page hyphenates a word
_EDGE = 3  # lines at the top and bottom of a page among which headers and footers stand
_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:page\s*)?\d{1,4}(?:\s*(?:/|sur)\s*\d{1,4})?[-–—\s]*", re.I)
_OF_PAGES = re.compile(r"(?<!\d)(\d{1,4})\s?(?:/|sur)\s?(\d{1,4})\s*$")
_BOLD = re.compile(r"bold|black|heavy|semibold", re.I)


class Row(NamedTuple):
    """A printed line: its words, its box (points, from the bottom left), the height and weight of its letters."""

    words: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool


def extract(data: bytes) -> Extraction:
    """The text of a PDF. Raises ``Unreadable``: encrypted, damaged, too many pages, or pictures only."""
    try:
        import pypdfium2
    except ImportError:
        raise missing("pypdfium2") from None
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Unreadable("il est chiffré" if locked else "le PDF est tronqué ou endommagé") from None
    try:
        return _read(document)
    finally:
        document.close()


def _read(document: pypdfium2.PdfDocument) -> Extraction:
    import pypdfium2

    if len(document) > PAGES:
        raise Unreadable(f"il a {len(document)} pages, plus que les {PAGES} admises")
    pages: list[list[Row]] = []
    length, blank = 0, []
    for number in range(len(document)):
        try:
            rows = _rows(document[number])
        except pypdfium2.PdfiumError:
            raise Unreadable(f"sa page {number + 1} est endommagée") from None
        length += sum(len(row.words) for row in rows)
        bounded(length)
        pages.append(rows)
        if not rows:
            blank.append(number + 1)
    if length < 8 * len(pages):
        raise Unreadable(
            "ses pages sont des images, sans texte : faites-le passer par une reconnaissance de caractères (par exemple : ocrmypdf -l fra FICHIER SORTIE)"
        )
    remarks = [f"pages sans texte, donc non lues : {', '.join(map(str, blank[:20]))}"] if blank else []
    return _laid_out(pages).done(remarks)


def _rows(page: pypdfium2.PdfPage) -> list[Row]:
    import pypdfium2.raw as raw

    text = page.get_textpage()
    try:
        count = text.count_chars()
        rows: list[Row] = []
        line: list[int] = []
        for index in range(count + 1):
            code = raw.FPDFText_GetUnicode(text, index) if index < count else 10
            if code in (10, 13):
                if line:
                    rows += _cut(text, line)
                line = []
            else:
                line.append(index)
        return rows
    finally:
        text.close()
        page.close()


def _cut(text: pypdfium2.PdfTextPage, line: list[int]) -> list[Row]:
    """The printed lines in a line of pdfium, which joins those that it takes for one hyphenated word."""
    import pypdfium2.raw as raw

    rows, begin = [], 0
    codes = [raw.FPDFText_GetUnicode(text, index) for index in line]
    ends = [i + 1 for i, code in enumerate(codes) if chr(code) in _HYPHEN and i + 1 < len(codes)]
    for end in [*ends, len(line)]:
        words = "".join(
            "-" if chr(code) in _HYPHEN else chr(code) for code in codes[begin:end] if code and code < 0x110000
        )
        words = re.sub(r"[\ud800-\udfff\x00-\x08\x0b\x0e-\x1f]", "", words).rstrip()
        if words.strip():
            rows.append(_row(text, words, [line[i] for i in range(begin, end) if not chr(codes[i]).isspace()]))
        begin = end
    return rows


def _row(text: pypdfium2.PdfTextPage, words: str, characters: list[int]) -> Row:
    import pypdfium2.raw as raw

    first, last = text.get_charbox(characters[0], loose=True), text.get_charbox(characters[-1], loose=True)
    weight = raw.FPDFText_GetFontWeight(text, characters[0])
    bold = weight >= 600 or bool(_BOLD.search(_font(text, characters[0])))
    size = raw.FPDFText_GetFontSize(text, characters[0])
    return Row(words.strip(), first[0], last[2], max(first[3], last[3]), min(first[1], last[1]), round(size, 1), bold)


def _font(text: pypdfium2.PdfTextPage, character: int) -> str:
    import ctypes

    import pypdfium2.raw as raw

    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, character, name, 128, ctypes.byref(flags))
    return name.value.decode("utf-8", "replace")


def _laid_out(pages: list[list[Row]]) -> Sheet:
    """The lines of every page, a blank line where the space between two says that a paragraph ends."""
    running = _running(pages)
    rows = [row for page in pages for row in page]
    usual = Counter(row.size for row in rows for _ in row.words).most_common(1)[0][0] if rows else 0.0
    leading = _leading(pages)
    width = median([row.right - row.left for row in rows] or [0.0])
    sheet = Sheet("line")
    for number, page in enumerate(pages, 1):
        before: Row | None = None
        for rank, row in enumerate(page):
            aside = (number, rank) in running
            if before is not None and (aside or _parted(before, row, leading, width)):
                sheet.space("\n")
            # A heading of one line: larger than the text, or bold.
            strong = row.size > usual * 1.08 or row.bold
            sheet.put(row.words, FURNITURE if aside else STRONG if strong else PLAIN, number, rank + 1, "\n")
            if aside:
                sheet.space("\n")
            before = None if aside else row
        if number < len(pages):
            sheet.space("\f\n")
    return sheet


def _leading(pages: list[list[Row]]) -> float:
    """The space from one line to the next inside a paragraph: the smallest that is usual, for short paragraphs may outnumber lines."""
    steps = Counter(
        round(a.bottom - b.bottom)
        for page in pages
        for a, b in pairwise(page)
        if 0.8 * a.size < a.bottom - b.bottom < 60
    )
    usual = [step for step, count in steps.items() if count >= max(2, 0.06 * steps.total())]
    size = median([row.size for page in pages for row in page] or [0.0])
    return min(min(usual or steps, default=0), 1.7 * size)


def _parted(before: Row, row: Row, leading: float, width: float) -> bool:
    """Whether a paragraph ends between two lines: more space than usual, other letters, or the next column."""
    step = before.bottom - row.bottom
    if step < -2 * row.size:  # back up the page: the next column, where a sentence may go on
        short = before.right - before.left < 0.75 * width
        return bool(re.search(r"[.;:!?]\s*$", before.words)) or (short and not row.words[:1].islower())
    return step > leading * 1.25 + 0.5 or abs(row.size - before.size) > 0.6 or row.bold != before.bold


def _running(pages: list[list[Row]]) -> set[tuple[int, int]]:
    """The headers, footers and page numbers, as (page, rank of the line)."""
    edges: dict[tuple[int, int], str] = {}
    heights = [row.top for page in pages for row in page] or [0.0]
    lows = [row.bottom for page in pages for row in page] or [0.0]
    top, bottom = max(heights), min(lows)
    for number, page in enumerate(pages, 1):
        high = sorted(range(len(page)), key=lambda i, page=page: (-page[i].top, i))[:_EDGE]  # type: ignore[misc]
        low = sorted(range(len(page)), key=lambda i, page=page: (page[i].bottom, i))[:_EDGE]  # type: ignore[misc]
        for rank in {*high, *low}:
            near = top - page[rank].top < 0.12 * (top - bottom) or page[rank].bottom - bottom < 0.12 * (top - bottom)
            if near:
                edges[number, rank] = _shape(page[rank].words)
    seen = Counter(shape for _, shape in {(number, shape) for (number, _), shape in edges.items()})
    wanted = max(2, min(3, len(pages)))
    found = {key for key, shape in edges.items() if seen[shape] >= wanted or (len(pages) <= 2 and seen[shape] >= 2)}
    for number, rank in edges:
        words = pages[number - 1][rank].words
        counted = _OF_PAGES.search(words)
        if _PAGE_NUMBER.fullmatch(words) or (counted and int(counted[1]) == number and int(counted[2]) == len(pages)):
            found.add((number, rank))
    return found


def _shape(words: str) -> str:
    """A line with its numbers apart: what a running header keeps from page to page."""
    return re.sub(r"\d+|\b[ivx]+\b", "#", " ".join(words.lower().split()))
