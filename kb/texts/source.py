"""Bytes in, verified text out: a file of the corpus with its card.

The text of a document (DOCX, PDF…) is what ``kb.texts.files`` extracts of it; of every other file it is the file.

A source is a folder ``corpus/sources/<name>/`` that holds one file and a ``card.toml``: what the file
is, its origin, licence, format and sha256. The bytes are never touched; a sha256 that no longer
matches stops the build.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kb.ground.fault import Fault, Misuse
from kb.ground.names import parse_ref
from kb.ground.span import Span
from kb.texts.files import extract

CARD = "card.toml"
# Faults that cost a whole source.
UNREAD = (
    "sources-absentes",
    "source-incomplete",
    "carte-absente",
    "carte-illisible",
    "carte-incomplete",
    "source-illisible",
)
# What a card says beside, by format: the act that the file is, or the code that its article is of.
_OF_FORMAT = {"circular": ("id",), "document": ("id",), "article_md": ("within",)}
_NEEDED = ("title", "origin", "licence", "obtained", "format", "sha256")


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read. ``path`` is relative to the corpus folder, with ``/``; ``sha256`` is that of the file."""

    id: str
    path: str
    data: bytes
    text: str
    sha256: str
    card: dict[str, Any]

    def span(self, start: int, end: int) -> Span:
        return Span(self.id, start, end)


def read_sources(corpus: Path) -> Iterator[Source | Fault]:
    """Every source of a corpus folder, in order of name; a source that cannot be read gives a fault instead."""
    folder = corpus / "sources"
    if not folder.is_dir():
        yield Fault("sources-absentes", f"Le dossier « {folder} » n'existe pas.", grave=True)
        return
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        yield read_source(corpus, place)


def read_source(corpus: Path, folder: Path) -> Source | Fault:
    """The source in *folder*, or the fault that says why it cannot be used."""
    name = folder.name
    where = Span(name, 0, 0)
    files = [p for p in sorted(folder.iterdir()) if p.name != CARD and not p.name.startswith(".")]
    if len(files) != 1 or not files[0].is_file():
        return Fault(
            "source-incomplete",
            f"Le dossier « {name} » doit tenir un seul fichier à côté de {CARD} ; il en tient {len(files)}.",
            where,
        )
    try:
        card = tomllib.loads((folder / CARD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Fault("carte-absente", f"La source « {name} » n'a pas de {CARD}.", where)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Fault("carte-illisible", f"La carte de « {name} » ne se lit pas : {error}.", where)
    wanted = (*_NEEDED, *_OF_FORMAT.get(str(card.get("format")), ()))
    lacking = [key for key in wanted if not isinstance(card.get(key), str) or not card[key]]
    if lacking:
        return Fault(
            "carte-incomplete",
            f"La carte de « {name} » ne dit pas : {', '.join(lacking)}.",
            where,
            hint="« renvoi import FICHIER --card DOSSIER » écrit la carte d'un document",
        )
    try:
        if card["format"] == "document":
            from kb.texts.readers.decided import said_by_card

            said_by_card(card)
        elif card["format"] in _OF_FORMAT:
            parse_ref(card.get("id") or card["within"])
    except Misuse as error:
        return Fault("carte-incomplete", f"La carte de « {name} » ne se comprend pas : {error}.", where)
    data = files[0].read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != card["sha256"]:
        return Fault(
            "empreinte",
            f"Le fichier « {files[0].name} » n'est plus celui de sa carte : sha256 {digest[:12]}… au lieu de {card['sha256'][:12]}….",
            where,
            hint="une source ne se modifie pas ; une autre version du fichier est une autre source",
            grave=True,
        )
    try:
        if card["format"] == "document":
            kind, found = extract(files[0].name, data)
            said = {key: value.isoformat() if isinstance(value, date) else value for key, value in card.items()}
            read = {"kind": kind, "layout": found.layout.to_json(), "unread": list(found.remarks)}
            text, card = found.text, {**said, **read}
        else:
            text = decode(data)
    except ValueError as error:
        return Fault("source-illisible", f"La source « {name} » ne se lit pas : {error}.", where)
    return Source(name, files[0].relative_to(corpus).as_posix(), data, text, digest, card)


def decode(data: bytes) -> str:
    """UTF-8 text of *data*. Raises ``ValueError`` saying what it is instead (empty, binary, another encoding)."""
    if not data:
        raise ValueError("fichier vide")
    if b"\0" in data:
        raise ValueError(f"fichier binaire (octet nul en position {data.index(0)})")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"UTF-8 invalide à l'octet {error.start}") from None
