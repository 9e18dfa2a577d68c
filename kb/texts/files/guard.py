"""What no file of a stranger may cost: bytes, members, pages; and what is refused by name.

A zip is never unpacked to disk: members are read one by one, at most ``LARGEST`` bytes each, whatever their header promises.
XML is read without entities, document types and links to the outside.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from kb.ground.fault import Misuse

if TYPE_CHECKING:
    from lxml import etree

LARGEST = 64 << 20  # bytes of a file, and of one member of a zip once it is unpacked
CHARACTERS = 12_000_000  # of the text of one document: some 5,000 pages
PAGES = 5_000
MEMBERS = 5_000
EXTRA = "documents"


class Unreadable(ValueError):
    """A file that is not read, and why, in one sentence of French without its name."""


def missing(library: str) -> Misuse:
    """The sentence for a library that is not installed."""
    return Misuse(f"this file needs {library}, which is not installed: pip install 'renvoi[{EXTRA}]'")


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The zip in *data*. Raises ``Unreadable``."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unreadable("l'archive qui le porte est tronquée ou endommagée") from None
    if len(archive.infolist()) > MEMBERS:
        raise Unreadable(f"il tient plus de {MEMBERS} membres")
    return archive


def member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The bytes of a member, ``None`` where there is none. Raises ``Unreadable``: encrypted, damaged, too large."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.flag_bits & 1:
        raise Unreadable("il est chiffré")
    try:
        with archive.open(info) as file:
            data = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Unreadable(f"« {name} » y est endommagé ({type(error).__name__})") from None
    except Exception as error:  # zlib, lzma and bz2 have errors of their own
        raise Unreadable(f"« {name} » y est endommagé ({type(error).__name__})") from None
    if len(data) > LARGEST:
        raise Unreadable(f"« {name} » y dépasse {LARGEST >> 20} Mo une fois décompressé")
    return data


def xml(data: bytes, name: str) -> etree._Element:
    """The root of an XML member. Raises ``Unreadable``: not well formed, or a document type, which could hold entities."""
    try:
        from lxml import etree
    except ImportError:
        raise missing("lxml") from None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"« {name} » n'est pas du XML bien formé ({error.msg})") from None
    if root.getroottree().docinfo.doctype:
        raise Unreadable(f"« {name} » déclare un type de document : des entités pourraient s'y cacher")
    return root


def bounded(length: int) -> None:
    """Raise ``Unreadable`` when a text of *length* characters is more than one document may hold."""
    if length > CHARACTERS:
        raise Unreadable(f"son texte dépasse {CHARACTERS // 1_000_000} millions de caractères")
