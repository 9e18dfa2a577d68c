"""Write the knowledge base in public formats, one module each."""

from __future__ import annotations

from pathlib import Path

from kb.ask.query import KnowledgeBase
from kb.ground.fault import Misuse

FORMATS = ("csv", "parquet", "turtle", "rdf")


def write(base: KnowledgeBase, format: str, path: Path) -> list[Path]:
    """Write *base* in *format* to *path* (a folder for csv and parquet, a file else); the files written. Raises ``Misuse``."""
    try:
        if format == "csv":
            from kb.show.export import tables

            return tables.write(base, path)
        if format == "parquet":
            from kb.show.export import parquet

            return parquet.write(base, path)
        if format in ("turtle", "rdf"):
            from kb.show.export import rdf

            return [rdf.write(base, path, "turtle" if format == "turtle" else "trig")]
    except OSError as error:
        raise Misuse(f"cannot write {path}: {error.strerror}") from None
    raise Misuse(f"no export format '{format}': one of {', '.join(FORMATS)}")
