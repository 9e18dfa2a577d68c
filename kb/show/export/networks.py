"""The graph (``kb.show.graph``) as GraphML and GEXF, as networkx, Gephi, yEd and Cytoscape read them.

What is not known is left out: neither format has a word for nothing. Days are ISO text.
"""

from __future__ import annotations

import os
from pathlib import Path

import networkx as nx

from kb.ground.fault import Misuse
from kb.show.graph import graph
from kb.store.reading import Store


def write(store: Store, path: Path, format: str) -> Path:
    """Write the graph to *path* as ``graphml`` or ``gexf``, whole or not at all. Raises ``Misuse``."""
    if path.is_dir():
        raise Misuse(f"cannot write {path}: it is a directory")
    path.parent.mkdir(parents=True, exist_ok=True)
    made = plain(store)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if format == "graphml":
            nx.write_graphml(made, part)
        else:
            nx.write_gexf(made, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def plain(store: Store) -> nx.MultiDiGraph:
    """The graph with attributes that are text, numbers and truths only; the place of words in two of them."""
    made = graph(store)
    every = [data for _, data in made.nodes(data=True)] + [data for *_, data in made.edges(data=True)]
    for data in every:
        if "span" in data:
            data["span_start"], data["span_end"] = data.pop("span")
        if "start" in data:  # words that GEXF keeps for spells of its own
            data["valid_from"], data["valid_until"] = data.pop("start"), data.pop("end")
        for name in [name for name, value in data.items() if value is None]:
            del data[name]
    return made
