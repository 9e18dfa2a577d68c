"""Write the knowledge base in public formats, one module each."""

from __future__ import annotations

from pathlib import Path

from kb.ground.fault import Misuse
from kb.store.reading import Store

FORMATS = ("csv", "parquet", "turtle", "rdf")


def write(store: Store, format: str, path: Path) -> list[Path]:
    """Write *store* in *format* to *path* (a folder for csv and parquet, a file else); the files written. Raises ``Misuse``."""
    try:
        if format == "csv":
            from kb.show.export import tables

            return tables.write(store, path)
        if format == "parquet":
            from kb.show.export import parquet

            return parquet.write(store, path)
        if format in ("turtle", "rdf"):
            from kb.show.export import rdf

            return [rdf.write(store, path, "turtle" if format == "turtle" else "trig")]
    except OSError as error:
        raise Misuse(f"cannot write {path}: {error.strerror}") from None
    raise Misuse(f"no export format '{format}': one of {', '.join(FORMATS)}")
