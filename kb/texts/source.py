"""Bytes in, verified text out: a file of the corpus with its card.

A source is a folder ``corpus/sources/<name>/`` that holds one file and a ``card.toml``: what the file
is, its origin, licence, format and sha256. The bytes are never touched; a sha256 that no longer
matches stops the build.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.ground.fault import Fault
from kb.ground.span import Span

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
_NEEDED = ("title", "origin", "licence", "obtained", "format", "sha256")


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was read. ``path`` is relative to the corpus folder, with ``/``."""

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
    lacking = [key for key in _NEEDED if not isinstance(card.get(key), str)]
    if lacking:
        return Fault("carte-incomplete", f"La carte de « {name} » ne dit pas : {', '.join(lacking)}.", where)
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
        text = decode(data)
    except ValueError as error:
        return Fault("source-illisible", f"La source « {name} » n'est pas du texte : {error}.", where)
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
