"""Addresses that have no page: dated ones (``css/D133-1/1992-03-28``), those of what is known by name only, and wrong ones.

A site of moderate size has a small page for each, which opens without a script; on a larger one the page for wrong addresses
leads to them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from kb.ground.data import folder
from kb.show.pages import french, prose, record
from kb.show.pages.address import Place
from kb.show.pages.library import Library, version
from kb.show.pages.links import Links, href
from kb.store.records import ProvisionRow, VersionRow

MOST = 15_000  # pages of a site that still has small ones beside
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"


def pages(library: Library, count: int) -> Iterator[tuple[str, str]]:
    """The page for wrong addresses, and the small ones while the site, of *count* pages so far, has room for them."""
    yield "404.html", _lost()
    addresses = library.addresses
    dated = [(name, v) for name in library.rows if name in addresses.paged for v in library.versions(name)]
    stubs = [name for name in library.rows if name not in addresses.paged]
    if count + len(dated) + len(stubs) > MOST:
        return
    for name, row in dated:
        yield f"{row.id.replace('@', '/')}/index.html", _dated(library, library.rows[name], row)
    for name in stubs:
        place = addresses.of(name)
        if place:
            yield f"{name}/index.html", _elsewhere(library, name, place)
            for row in library.versions(name):
                yield f"{row.id.replace('@', '/')}/index.html", _elsewhere(library, name, place, row)


def _dated(library: Library, row: ProvisionRow, shown: VersionRow) -> str:
    """A version alone, for whom no script shows it: its words and where all the others are."""
    to = Links(library, shown.id.replace("@", "/"))
    words = record.read(library, row.id, [shown])
    title = f"{to.name(row.id)}, version du {french.day(shown.start)}".replace(french.NBSP, " ")
    day = library.signed(row.id) or shown.start
    said = "".join(
        f'<p id="{escape(a.label)}">{prose.html(a.words, a.links, to.root, day, a.item)}</p>\n'
        for a, _ in words.of(shown)
    )
    body = f"<p>{escape(french.in_force(version(shown)))}</p>\n{said or '<p>Le texte de cette version n’est pas dans cette base.</p>'}"
    return _small(to, title, body, href(Place(row.id), shown.start))


def _elsewhere(library: Library, name: str, place: Place, version: VersionRow | None = None) -> str:
    to = Links(library, version.id.replace("@", "/") if version else name)
    title = (to.name(name) + (f", version du {french.day(version.start)}" if version else "")).replace(french.NBSP, " ")
    return _small(to, title, "<p>Connu de nom seulement : son texte n’est pas dans cette base.</p>", href(place))


def _small(to: Links, title: str, body: str, address: str) -> str:
    onward = escape(to.up(address))
    return f"""<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="description" content="{escape(title)}"><title>{escape(title)} - Renvoi</title>
<link rel="canonical" href="{escape(to.up(address.partition("?")[0].partition("#")[0]))}"><link rel="icon" href="{to.up("assets/favicon.svg")}">
<link rel="stylesheet" href="{to.up("assets/seul.css")}"><script src="{to.up("assets/ailleurs.js")}"></script></head>
<body><main><h1>{escape(title)}</h1>
{body}
<p><a id="suite" href="{onward}">Ouvrir la page, avec toutes les dates</a></p></main></body></html>
"""


def _lost() -> str:
    """Hosts give it under any address, so that nothing in it may hang on where it is: style and script are its own."""
    style, script = ((folder("site") / name).read_text(encoding="utf-8") for name in ("assets/seul.css", "lost/404.js"))
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; connect-src 'self'; base-uri 'none'; form-action 'none'"
    return f"""<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="description" content="Page inconnue"><title>Page inconnue - Renvoi</title>
<link rel="icon" href="data:,"><style>{style}</style></head>
<body><main><h1>Page inconnue</h1>
<p id="dit">Aucun texte, article ou division de cette base ne porte cette adresse. Une recherche par numéro (« D. 253-81 », « 71-976 ») mène à ce que la base connaît.</p>
<p><a id="accueil" href="/">Accueil</a></p></main>
<script>{script}</script></body></html>
"""


def _hash(words: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(words.encode()).digest()).decode()}'"
