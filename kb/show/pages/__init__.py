"""Turn provisions into pages, with links back to the quote: the browsable site of a knowledge base.

``library`` asks the knowledge base and ``address`` knows where everything is; ``provision`` (with ``record``, ``cited``, ``outline``),
``rules``, ``sources`` and ``indexes`` make the pages, ``finder`` the search, ``press`` stamps them into the ``frame``, ``serve`` shows
them. The templates, styles and scripts are in ``site/``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.ask.answers import Json
    from kb.base import Base

DEFAULT = Path("build") / "site"


def build_site(base: Base, output: Path | None = None) -> Path:
    """Write the site of *base* to *output* (``build/site``) and return that folder. Two builds of one base are equal."""
    from kb.show.pages.library import Library
    from kb.show.pages.press import key_of, print_site

    place = output or DEFAULT
    print_site(Library(base.store, _trail(base)), place, key_of(base.store.path))
    return place


def serve_site(base: Base, output: Path | None = None, port: int = 8000) -> int:
    """Serve the site of *base* on localhost until Ctrl-C, built first where it is missing or out of date."""
    from kb.show.pages.press import MARK, key_of
    from kb.show.pages.serve import serve

    place = output or DEFAULT
    mark = place / MARK
    if not (mark.is_file() and mark.read_text(encoding="utf-8").strip() == key_of(base.store.path)):
        build_site(base, place)
    return serve(place, port)


def _trail(base: Base) -> Callable[[str, date], Json]:
    """The audit trail of a rule."""
    return base.rulebook.trace
