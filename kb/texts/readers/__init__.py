"""One reader per format: from a source to its lossless tree, with faults.

A reader says how a file is laid out and nothing of what it means. ``read`` picks it by the card's
``format``.
"""

from __future__ import annotations

from typing import NamedTuple

from kb.ground.fault import Fault
from kb.texts.source import Source
from kb.texts.tree import DAMAGE, Node, gap


class Reading(NamedTuple):
    """A source, its tree (leaves tile the source's text) and what was wrong with it."""

    source: Source
    tree: Node
    faults: list[Fault]


def read(source: Source) -> Reading:
    """Read *source* with the reader its card names; an unknown format costs the whole file, kept as damage."""
    from kb.texts.readers import article_md, circular, document, plain

    readers = {
        "article_md": article_md.read,
        "circular": circular.read,
        "document": document.read,
        "plain": plain.read,
    }
    reader = readers.get(source.card["format"])
    if reader is None:
        fault = Fault(
            "format-inconnu",
            f"Aucun lecteur pour le format « {source.card['format']} ».",
            source.span(0, 0),
            hint=f"formats connus : {', '.join(sorted(readers))}",
        )
        return Reading(source, Node(DAMAGE, 0, len(source.text)), [fault])
    reading = reader(source)
    hole = gap(reading.tree, len(source.text))
    assert hole is None, f"{source.id}: leaves do not tile the source at {hole}"
    return reading
