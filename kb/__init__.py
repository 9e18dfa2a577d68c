"""Renvoi: which rule applied on that day, and where exactly does it say so?

>>> import kb
>>> base = kb.load()
>>> base.show("css/D253-81", at="1997-05-01")["status"]
'en_vigueur'

Nothing heavy is imported until it is asked for.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.base import Base
    from kb.cite.resolve.citation import FoundAnswer

__version__ = "0.1.0"


def load(path: str | Path | None = None) -> Base:
    """Open a knowledge base: the file at *path*, or that of the packaged corpus, built on first use.

    Raises ``kb.ground.fault.Misuse`` (a ``ValueError``) when there is none.
    """
    from kb.base import Base
    from kb.make.cache import packaged_base

    return Base(Path(path) if path else packaged_base())


def find_citations(text: str, within: str | None = None, at: str | date | None = None) -> list[FoundAnswer]:
    """The citations in any French legal text, as the JSON of ``renvoi cite``.

    *within* is the id of the provision the words stand in (``"css/L111-1"``: its code is the default one), *at* the day
    at which names are to be understood. Offsets are code points of *text*.
    """
    return load().cite(text, within=within, at=at)
