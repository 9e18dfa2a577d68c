"""Prints a text in each container that people use, page headers, footers and numbers added, for the tests of documents.

A text is a list of paragraphs; one that begins with ``## `` is a heading in the containers that have headings.
"""

from __future__ import annotations

import zipfile
from email.message import EmailMessage
from html import escape
from io import BytesIO
from textwrap import wrap

HEADER, FOOTER = "Bulletin des essais - n° 12", "Service des publications"


def html(paragraphs: list[str]) -> bytes:
    inside = "\n".join(
        f"<h2>{escape(p[3:])}</h2>" if p.startswith("## ") else f"<p>{escape(p)}</p>" for p in paragraphs
    )
    return f"""<!DOCTYPE html><html><head><title>Essai</title><script>alert('non')</script></head><body>
<nav><a href="/">{HEADER}</a></nav>{inside}<footer>{FOOTER}</footer></body></html>""".encode()


def docx(paragraphs: list[str]) -> bytes:
    from docx import Document

    document = Document()
    section = document.sections[0]
    section.header.paragraphs[0].text, section.footer.paragraphs[0].text = HEADER, FOOTER
    for p in paragraphs:
        if p.startswith("## "):
            document.add_paragraph().add_run(p[3:]).bold = True
        else:
            document.add_paragraph(p)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


_NAMES = "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' xmlns:style='urn:oasis:names:tc:opendocument:xmlns:style:1.0'"


def odt(paragraphs: list[str]) -> bytes:
    inside = "".join(
        f"<text:h text:outline-level='1'>{escape(p[3:])}</text:h>"
        if p.startswith("## ")
        else f"<text:p>{escape(p)}</text:p>"
        for p in paragraphs
    )
    content = f"<office:document-content {_NAMES}><office:body><office:text>{inside}</office:text></office:body></office:document-content>"
    styles = f"<office:document-styles {_NAMES}><office:master-styles><style:master-page><style:header><text:p>{HEADER}</text:p></style:header><style:footer><text:p>{FOOTER}</text:p></style:footer></style:master-page></office:master-styles></office:document-styles>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, "styles.xml": styles})


def zipped(members: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def eml(paragraphs: list[str]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "bureau@exemple.fr",
        "prefet@exemple.fr",
        "Texte pour diffusion",
    )
    message["Date"] = "Tue, 4 Jun 2019 10:00:00 +0200"
    message.set_content("\n\n".join(p.removeprefix("## ") for p in paragraphs))
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="annexe.pdf")
    return bytes(message)


def txt(paragraphs: list[str], encoding: str = "utf-8", end: str = "\n", page: int = 34) -> bytes:
    """Hard-wrapped pages with a number and a running header."""
    lines: list[str] = []
    count, number = 0, 1
    for p in paragraphs:
        for line in [*wrap(p.removeprefix("## "), 84, break_long_words=False, break_on_hyphens=False), ""]:
            lines.append(line)
            count += 1
            if count >= page:
                lines += ["", f"- {number} -", "\f", HEADER, ""] if lines[-1] else [f"- {number} -", "\f", HEADER, ""]
                count, number = 0, number + 1
    return end.join(lines).encode(encoding)


def pdf(paragraphs: list[str], columns: int = 1, lines: int = 40) -> bytes:
    """Pages of lines in Helvetica, with a header, a footer and a number; words are cut with a hyphen in narrow columns."""
    width = 84 // columns
    rows: list[tuple[str, bool]] = []
    for p in paragraphs:
        strong, words = p.startswith("## "), p.removeprefix("## ")
        rows += [
            (line, strong)
            for line in (_hyphenated(words, width) if columns > 1 else wrap(words, width, break_on_hyphens=False))
        ] + [("", False)]
    full = lines * columns
    pages = [rows[i : i + full] for i in range(0, len(rows), full)]
    return printed([_page(page, number, len(pages), columns, lines) for number, page in enumerate(pages, 1)])


def _hyphenated(words: str, width: int) -> list[str]:
    out, line = [], ""
    for word in words.split():
        if len(line) + len(word) + 1 <= width:
            line = f"{line} {word}".strip()
            continue
        room = width - len(line) - 2
        if room >= 3 and len(word) - room >= 3 and word.isalpha():
            out.append(f"{line} {word[:room]}-")
            line = word[room:]
        else:
            out.append(line)
            line = word
    return [*out, line]


def _page(rows: list[tuple[str, bool]], number: int, pages: int, columns: int, lines: int) -> str:
    out = [_at(60, 800, HEADER), _at(60, 40, FOOTER), _at(480, 40, f"{number}/{pages}")]
    for i, (words, strong) in enumerate(rows):
        column, line = divmod(i, lines)
        if words:
            out.append(_at(60 + column * 250, 770 - line * 17, words, "F2" if strong else "F1"))
    return "\n".join(out)


def _at(x: int, y: int, words: str, font: str = "F1") -> str:
    escaped = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} 10 Tf {x} {y} Td ({escaped}) Tj ET"


def printed(pages: list[str]) -> bytes:
    """A PDF of pages given as content streams, in WinAnsi."""
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for i, page in enumerate(pages):
        data = page.encode("cp1252", "replace").decode("latin-1")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * i} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(data)} >>\nstream\n{data}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out.encode("latin-1")
