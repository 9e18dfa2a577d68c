"""Any question in SQL to a knowledge base file: what a test holds an answer against."""

from __future__ import annotations

import sqlite3

from kb.base import Base


def rows(base: Base, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query, over a connection of its own."""
    db = sqlite3.connect(f"{base.store.path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()
