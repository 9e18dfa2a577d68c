"""Where the packaged data is: inside the wheel, or in the checkout beside ``kb/``."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent.parent


def folder(kind: str) -> Path:
    """The folder of ``grammar``, ``corpus``, ``starter`` or ``site``: ``kb/_data/<kind>`` in a wheel, else the checkout's own."""
    packaged = _HERE / "_data" / kind
    return packaged if packaged.is_dir() else _HERE.parent / kind
