"""Documents as text in ``tests/cases/documents``, each with what a reader must find in it beside it (``.expected``)."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kb.texts.files import Extraction, extract
from kb.texts.provisions import Outline, outline
from kb.texts.readers import Reading, read
from kb.texts.readers.blocks import blocks
from kb.texts.readers.identity import Identity, identify
from kb.texts.source import Source

FOLDER = Path(__file__).parent / "cases" / "documents"
CASES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".expected")


class Found(NamedTuple):
    text: str
    identity: Identity
    reading: Reading
    outline: Outline


def found_in(name: str, data: bytes) -> Found:
    """What is found in a file."""
    return found(extract(name, data)[1])


def found(extraction: Extraction) -> Found:
    text, layout = extraction.text, extraction.layout
    card = {"format": "document", "id": "decret/sd/essai", "title": "Essai", "layout": layout.to_json()}
    reading = read(Source("essai", "essai", b"", text, "", card))
    return Found(text, identify(text, blocks(text, layout)), reading, outline(reading, lambda words: None))


def told(found: Found) -> list[str]:
    """What is found, a line each, as the ``.expected`` files write it."""
    is_ = found.identity
    lines = [f"nature {is_.nature}"]
    lines += [f"{key} {value}" for key in ("number", "signed", "published", "nor") if (value := getattr(is_, key))]
    lines += [f"fault {fault.code}" for fault in (*is_.faults, *found.reading.faults)]
    numbers = {p.id: p.num for p in found.outline.provisions}
    parents = {p.id: p.parent for p in found.outline.provisions}
    for p in found.outline.provisions:
        if p.parent is None:
            continue
        path, name = [], p.id
        while parents[name] is not None:
            path.append(numbers[name])
            name = parents[name] or ""
        place = "/".join(reversed(path))
        title = p.title.partition(" – ")[2] if p.kind == "article" else p.title
        lines.append(f"{'article' if p.kind == 'article' else 'heading'} {place} {title}".strip())
    return lines


def alineas(found: Found) -> list[str]:
    """The alinéas, white space and hyphens apart."""
    return ["".join(c for c in p.words if c.isalnum()) for p in found.outline.paragraphs if p.kind == "alinea"]
