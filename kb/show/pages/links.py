"""Links of one page: relative, so that the site works under any address; every one that has a day carries it."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from markupsafe import Markup

from kb.ground.names import parse_ref, slug
from kb.show.pages import french
from kb.show.pages.address import Place
from kb.show.pages.library import Library
from kb.store.records import CitationRow, ProvisionRow

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def href(place: Place, day: str | None = None) -> str:
    """An address from the root of the site: ``css/D133-1/?le=1996-12-27#al1``."""
    path = quote(place.path) + "/" if place.path else ""
    return path + (f"?le={day}" if day else "") + (f"#{quote(place.anchor, safe=',/')}" if place.anchor else "")


class Links:
    """Where the page at *path* finds the others."""

    def __init__(self, library: Library, path: str) -> None:
        self.library, self.path = library, path
        self.root = "../" * (path.count("/") + 1) if path else "./"
        self._own = quote(path) + "/" if path else ""

    def up(self, address: str) -> str:
        """An address from the root of the site as this page writes it; what is on the page itself shortly."""
        if self._own and address.startswith(self._own) and address[len(self._own) : len(self._own) + 1] in ("?", "#"):
            return address[len(self._own) :]
        return self.root + address

    def page(self, path: str, anchor: str = "") -> str:
        """The address of a page of the site by its path."""
        return self.up(href(Place(path, anchor)))

    def __call__(self, name: str, day: str | None = None) -> str:
        """The address of an id, on the day it names or on *day*."""
        return self.up(self.address(name, day) or "")

    def address(self, name: str, day: str | None = None) -> str | None:
        """The same from the root of the site; ``None`` where nothing of that name is known."""
        place = self.library.addresses.of(name)
        if place is None:
            return None
        stated = name.partition("#")[0].partition("@")[2]
        when = stated if _DAY.fullmatch(stated) else day
        return href(place, when if place.path == parse_ref(name).provision else None)

    def has(self, name: str | None) -> bool:
        return bool(name) and str(name).partition("#")[0].partition("@")[0] in self.library.rows

    def source(self, source: str, start: int, end: int, words: str = "") -> Markup:
        """A link to the line of the file where a place stands; a pane opens it in the page."""
        text, lines = self.library.text(source), self.library.lines[source]
        number, last = text.line(start), text.line(max(start, end - 1))
        said = words or (f"lignes {number}-{last}" if last > number else f"ligne {number}")
        address = self.up(href(lines.at(number)))
        return Markup(
            f'<a class="src" data-source href="{escape(address)}" data-debut="{start}" data-fin="{end}">{escape(said)}</a>'
        )

    def fact(self, name: str) -> str:
        about = name.partition("?")[0]
        place = self.library.addresses.of(about) if self.has(about) else None
        if place is None or place.path != about:
            return self.up(href(Place(place.path if place else "faits", fact_anchor(name))))
        return self.up(href(Place(about, f"f{self.library.fact_numbers(about)[name]}")))

    def name(self, name: str, long: bool = True) -> str:
        """What a jurist calls *name*: "Article D. 133-1, 1er alinéa — Code de la sécurité sociale"."""
        if not self.has(name):
            return name
        head, _, fragment = name.partition("#")
        row = self.library.rows[head.partition("@")[0]]
        piece = f", {french.fragment(fragment)}" if fragment else ""
        if row.kind == "texte":
            return french.short(row) + piece
        if row.kind == "article":
            words = french.number(row.title)
        else:
            words = (self._numbers(row) if french.printed(row.num) else "") + french.titled(row)
        text = self.library.rows.get(row.text)
        return f"{words}{piece}" + (f" — {french.short(text)}" if long and text else "")

    def _numbers(self, row: ProvisionRow) -> str:
        """The printed numbers down to a division: "II, 2.4. "."""
        chain = [*self.library.ancestors(row.id), row]
        numbers = [french.printed(step.num) for step in chain if step.kind == "division"]
        inner = numbers[-1]
        outer = [n for n in numbers[:-1] if n and not inner.startswith(f"{n}.")]
        return ", ".join([*outer, inner]) + ". "

    def unresolved(self, citation: CitationRow) -> str:
        """What is said of a citation that leads nowhere."""
        names = [self.name(c) for c in citation.named if self.has(c)]
        return french.CITED[citation.status] + (" : " + " ; ".join(names) if names else "")


def fact_anchor(name: str) -> str:
    """The anchor of a fact on a list: on the page of what it is about, its number among the facts of that."""
    return "fait-" + slug(name)
