"""The RDF view in files, streamed: TriG and N-Quads with a named graph per source, Turtle, N-Triples, JSON-LD; and in rdflib.

One stream of quads (``quads``) is written as it is made, so that memory is bounded whatever the size of the base.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kb.ground.fault import Misuse
from kb.ground.names import ROOT
from kb.show.export.quads import quads
from kb.show.export.terms import PREFIXES
from kb.store.reading import Store

if TYPE_CHECKING:
    from rdflib import Dataset

#: export format → that of the file, and whether it has named graphs
FORMATS = {
    "rdf": (ox.RdfFormat.TRIG, True),
    "trig": (ox.RdfFormat.TRIG, True),
    "nq": (ox.RdfFormat.N_QUADS, True),
    "jsonld": (ox.RdfFormat.JSON_LD, True),
    "turtle": (ox.RdfFormat.TURTLE, False),
    "nt": (ox.RdfFormat.N_TRIPLES, False),
}
_STEP = 100_000  # quads between two lines of progress


def write(store: Store, path: Path, format: str, root: str = ROOT) -> Path:
    """Write the view to *path*, whole or not at all, its IRIs under *root*. Raises ``Misuse``."""
    kind, graphs = FORMATS[format]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise Misuse(f"cannot write {path}: it is a directory")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    stream = watched(quads(store, root), path.name)
    try:
        with part.open("wb") as file:
            ox.serialize(stream if graphs else (q.triple for q in stream), file, kind, prefixes=_prefixes(kind, root))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _prefixes(kind: ox.RdfFormat, root: str) -> dict[str, str] | None:
    return None if kind in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS) else PREFIXES


def watched(stream: Iterable[ox.Quad], what: str) -> Iterator[ox.Quad]:
    """The same quads; where a person watches, a line on stderr says how many there were."""
    if not sys.stderr.isatty():
        yield from stream
        return
    for rank, quad in enumerate(stream, 1):
        if rank % _STEP == 0:
            print(f"\r{what}: {rank:,} statements", end="", file=sys.stderr, flush=True)
        yield quad
    print(f"\r{what}: written{' ' * 20}", file=sys.stderr)


def dataset(store: Store) -> Dataset:
    """The view as an rdflib ``Dataset`` in memory, for small bases; its default graph is the union of all."""
    from oxrdflib.store import OxigraphStore
    from rdflib import Dataset

    memory = ox.Store()
    memory.bulk_extend(quads(store))
    made = Dataset(store=OxigraphStore(store=memory), default_union=True)
    for prefix, namespace in PREFIXES.items():
        made.bind(prefix, namespace)
    return made
