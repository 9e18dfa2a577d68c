"""Plain text and Markdown, in whatever encoding and with whatever line ends.

The text is the file's, but for its line ends, which are all written ``\\n``. Its layout is left to the reader.
"""

from __future__ import annotations

import codecs

from kb.texts.files.guard import Unreadable, bounded, missing
from kb.texts.files.layout import Extraction, Layout

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What French text is found in, beside UTF-8. Windows first: it is what most old files are.
_OLD = ("cp1252", "mac_roman", "cp850")
_FRENCH = "éèàêçùôîûâëïüœÉÈÀÊÇ’«»°€§–—…´²½\xa0"


def extract(data: bytes) -> Extraction:
    """The text of *data*. Raises ``Unreadable``: binary, or in no encoding that makes French of it."""
    words = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    bounded(len(words))
    if not words.strip():
        raise Unreadable("il est vide")
    return Extraction(words, Layout())


def decode(data: bytes) -> str:
    """The characters of *data*, by its byte order mark, as UTF-8, or in the old encoding that makes most French of it."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise Unreadable(f"il s'annonce en {encoding} et n'en est pas (octet {error.start})") from None
    if b"\0" in data:
        wide = _wide(data)
        if wide is None:
            raise Unreadable("ce n'est pas du texte")
        return wide
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _old(data)


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of what is mostly ASCII is null."""
    for encoding, nulls in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        if nulls.count(0) > 0.8 * len(nulls):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    return None


def _old(data: bytes) -> str:
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in data[:4096])
    if control > 8:
        raise Unreadable("ce n'est pas du texte")
    high = bytes(byte for byte in data if byte > 127)
    scores = []
    for rank, encoding in enumerate(_OLD):
        try:
            letters = high.decode(encoding)
        except UnicodeDecodeError:
            continue
        scores.append((sum(letter in _FRENCH for letter in letters) / len(letters), -rank, encoding))
    best = max(scores, default=(0.0, 0, ""))
    if best[0] >= 0.8:
        return data.decode(best[2])
    return _guessed(data)


def _guessed(data: bytes) -> str:
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        raise missing("charset-normalizer") from None
    found = from_bytes(data).best()
    if found is None:
        raise Unreadable("ce n'est pas du texte, ou son encodage est inconnu")
    return str(found)
