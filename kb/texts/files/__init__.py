"""Files of people to text with places: plain text, Markdown, HTML, DOCX, ODT, PDF with a text layer, EML.

What a file is, its first bytes say, its name only between those that are text. The text of an extraction is a source of its own,
with its own sha256; its layout leads every offset back to a page and line, a paragraph or an element of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import PurePath

from kb.texts.files.guard import LARGEST, Unreadable
from kb.texts.files.layout import Extraction

__all__ = ["KINDS", "LARGEST", "SUFFIXES", "Extraction", "Unreadable", "extract", "kind_of"]

KINDS = ("txt", "md", "html", "docx", "odt", "pdf", "eml")
SUFFIXES = {
    ".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".docx": "docx", ".docm": "docx", ".odt": "odt", ".pdf": "pdf", ".eml": "eml",
}  # fmt: skip
_MODULES = {"txt": "text", "md": "text"}
_PAGE = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MAIL = re.compile(
    rb"(?:(?:From|To|Date|Subject|Received|Return-Path|MIME-Version|Message-ID|Delivered-To|X-[\w-]+)\s*:[^\n]*\n(?:[ \t][^\n]*\n)*){3}",
    re.I,
)
_OTHER = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "c'est un fichier d'un ancien Office (DOC, XLS) ou un document chiffré : enregistrez-le en DOCX, sans mot de passe",
    b"{\\rtf": "c'est du RTF : enregistrez-le en DOCX ou en ODT",
    b"\x89PNG": "c'est une image : faites-la passer par une reconnaissance de caractères",
    b"\xff\xd8\xff": "c'est une image : faites-la passer par une reconnaissance de caractères",
    b"II*\0": "c'est une image : faites-la passer par une reconnaissance de caractères",
    b"\x1f\x8b": "c'est une archive comprimée, pas un document",
    b"7z\xbc\xaf": "c'est une archive comprimée, pas un document",
    b"Rar!": "c'est une archive comprimée, pas un document",
}  # fmt: skip


def kind_of(name: str, data: bytes) -> str:
    """What *data*, the first bytes of a file called *name*, are: one of ``KINDS``. Raises ``Unreadable`` for anything else."""
    if not data:
        raise Unreadable("il est vide")
    for mark, what in _OTHER.items():
        if data.startswith(mark):
            raise Unreadable(what)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _zipped(name, data)
    if _PAGE.match(data[:4096]):
        return "html"
    named = SUFFIXES.get(PurePath(name).suffix.lower())
    if named == "eml" or (named is None and _MAIL.match(data[:4096])):
        return "eml"
    if named in ("pdf", "docx", "odt"):
        raise Unreadable(f"son nom dit {named.upper()}, et ce n'en est pas")
    return named or "txt"


def _zipped(name: str, data: bytes) -> str:
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in data[:200]:
        return "odt"
    if b"mimetypeapplication/" in data[:200]:
        raise Unreadable("c'est un document OpenDocument, mais pas un texte")
    named = SUFFIXES.get(PurePath(name).suffix.lower())
    if b"word/" in data or named == "docx":
        return "docx"
    if named == "odt":
        return "odt"
    raise Unreadable("c'est une archive ou un classeur, pas un document")


def extract(name: str, data: bytes) -> tuple[str, Extraction]:
    """The kind of a file and its text with its layout. Raises ``Unreadable`` with one sentence that says why not."""
    if len(data) > LARGEST:
        raise Unreadable(f"il dépasse {LARGEST >> 20} Mo")
    kind = kind_of(name, data)
    reader: Callable[[bytes], Extraction] = import_module(f"kb.texts.files.{_MODULES.get(kind, kind)}").extract
    return kind, reader(data)
