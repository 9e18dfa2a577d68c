"""The pages of the sources, every line as it is: a file of a corpus with its citations as links, members of a container many to a page."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from markupsafe import Markup, escape

from kb.ask.answers import Json
from kb.show.pages import prose
from kb.show.pages.library import Library
from kb.show.pages.links import Links
from kb.show.pages.provision import Leaf
from kb.store.records import CitationRow


def leaves(library: Library) -> Iterator[Leaf]:
    files, members = [], defaultdict(lambda: defaultdict(list))  # type: ignore[var-annotated]
    for name, lines in library.lines.items():
        if lines.prefix:
            container, _, page = lines.first.removeprefix("sources/").rpartition("/")
            members[container][int(page)].append(name)
        else:
            files.append(name)
    yield _list(library, files, {container: len(pages) for container, pages in members.items()})
    for name in files:
        yield from _file(library, name)
    for container, pages in members.items():
        for page, names in pages.items():
            yield _members(library, container, page, len(pages), names)


def _list(library: Library, files: list[str], pages: dict[str, int]) -> Leaf:
    cards = []
    for name in files:
        text = library.text(name)
        cards.append(
            {
                "row": text.row,
                "card": json.loads(text.row.card),
                "lines": len(text.starts),
                "characters": len(text.row.text),
            }
        )
    containers = [(row, pages[row.id]) for row in library.containers.values() if row.id in pages]
    about = "Les fichiers lus, octets inchangés, leur origine et leur empreinte."
    return Leaf(
        "sources",
        "Sources",
        "sources.html",
        Links(library, "sources"),
        {"sources": cards, "containers": containers},
        menu="sources",
        about=about,
    )


def _file(library: Library, name: str) -> Iterator[Leaf]:
    """The pages of a file of a corpus: one, or as many as its length wants."""
    text, lines = library.text(name), library.lines[name]
    for n, first in enumerate(lines.begins, 1):
        last = lines.begins[n] - 1 if n < len(lines.begins) else len(text.starts)
        path = lines.at(first).path
        to = Links(library, path)
        texts = [row.id for row in library.store.texts_in(name)] or [row.id for row in library.store.read_in(name)][:20]
        piece = _piece(library, name, first, last, to)
        values = {
            "pieces": [piece],
            "card": json.loads(text.row.card),
            "row": text.row,
            "texts": texts,
            "pages": {"path": lines.first, "n": n, "count": len(lines.begins)},
        }
        title = f"Source {name}" + (f", page {n}" if n > 1 else "")
        yield Leaf(path, title, "source.html", to, values, menu="sources", about=f"{title}. {text.row.title}")


def _members(library: Library, container: str, page: int, count: int, names: list[str]) -> Leaf:
    path = f"sources/{container}/{page}"
    to = Links(library, path)
    pieces = [{"row": library.store.source(name), "anchor": library.lines[name].prefix} for name in names]
    row = library.containers[container]
    values = {"pieces": pieces, "container": row, "n": page, "count": count}
    title = f"Sources de {row.name or container}, page {page}"
    return Leaf(path, title, "members.html", to, values, menu="sources", about=f"{title}. De {names[0]} à {names[-1]}.")


def _piece(library: Library, name: str, first: int, last: int, to: Links) -> Json:
    """The lines *first* to *last* of a file, their citations as links."""
    text = library.text(name)
    citations = prose.chosen(library.store.cites_in(name))
    rest, lines = 0, []
    starts = [*text.starts, len(text.row.text)]
    for number in range(first, last + 1):
        start, end = starts[number - 1], starts[number]
        stop = end - 1 if text.row.text[start:end].endswith("\n") else end
        while rest < len(citations) and citations[rest].end <= start:
            rest += 1
        lines.append(_line(text.row.text, start, stop, citations, rest, to))
    return {"name": name, "row": text.row, "first": first, "start": starts[first - 1], "lines": lines}


def _line(text: str, start: int, stop: int, citations: Sequence[CitationRow], rest: int, to: Links) -> Markup:
    at, out = start, Markup()
    for citation in islice(citations, rest, None):
        if citation.start >= stop:
            break
        first, last = max(start, citation.start), min(stop, citation.end)
        if first < last and first >= at:
            words = escape(text[first:last])
            address = to.address(citation.target, to.library.signed(citation.provision)) if citation.target else None
            if address:
                words = Markup('<a class="renvoi {}" href="{}" data-carte>{}</a>').format(
                    citation.status, to.up(address), words
                )
            out += escape(text[at:first]) + words
            at = last
    return out + escape(text[at:stop])
