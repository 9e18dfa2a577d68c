"""Write the knowledge base in public formats, one module each."""

from __future__ import annotations

from pathlib import Path

from kb.ground.fault import Misuse
from kb.ground.names import ROOT
from kb.store.reading import Store

RDF = ("rdf", "trig", "turtle", "nt", "nq", "jsonld")
NETWORKS = ("graphml", "gexf")
FORMATS = ("csv", "parquet", *RDF, *NETWORKS)


def write(store: Store, format: str, path: Path, root: str = ROOT) -> list[Path]:
    """Write *store* in *format* to *path* (a folder for csv and parquet, a file else); the files written.

    The IRIs of RDF are under *root*. Raises ``Misuse``.
    """
    try:
        if format == "csv":
            from kb.show.export import tables

            return tables.write(store, path)
        if format == "parquet":
            from kb.show.export import parquet

            return parquet.write(store, path)
        if format in RDF:
            from kb.show.export import rdf

            return [rdf.write(store, path, format, root)]
        if format in NETWORKS:
            from kb.show.export import networks

            return [networks.write(store, path, format)]
    except OSError as error:
        raise Misuse(f"cannot write {path}: {error.strerror}") from None
    raise Misuse(f"no export format '{format}': one of {', '.join(FORMATS)}")
