"""What cites a provision, with the words: each sentence once, and the days on which a version that says it was in force."""

from __future__ import annotations

from typing import NamedTuple

from kb.ask.answers import Json
from kb.ground.names import parse_ref
from kb.show.pages import french, prose
from kb.show.pages.library import Library
from kb.show.pages.links import Links
from kb.show.pages.outline import joined
from kb.store.records import CitationRow

FIRST = 10  # sentences on the page itself
PIECE = 100  # sentences of one further file
MOST = 2000  # beyond, they are counted


class Quote(NamedTuple):
    """A sentence that cites: ``spans`` are the days on which it stands in force (empty: not known); ``day`` opens it then."""

    id: str
    label: str
    name: str
    words: tuple[str, str, str]
    address: str
    spans: tuple[tuple[str, str | None], ...]
    fragment: str
    place: tuple[str, int, int]
    among: int

    @property
    def held(self) -> str:
        return " ".join(f"{start}/{end or ''}" for start, end in self.spans)


def entries(library: Library, name: str) -> list[Quote]:
    """The sentences that cite *name* itself, in the order of the citing texts; at most ``MOST``."""
    groups: dict[tuple[str, str, str, str], list[CitationRow]] = {}
    for row in library.store.citing(name):
        if row.relation == "Cité par":  # a list that editors made of what cites the article: it cites nothing
            continue
        groups.setdefault((row.provision, row.label, row.quote, row.target or ""), []).append(row)
    count = len(groups)
    found = [_quote(library, rows, count) for rows in list(groups.values())[:MOST]]
    # of one place, quotes that give the same sentence again say nothing more
    return list({(q.id, q.label, q.words, q.fragment): q for q in reversed(found)}.values())[::-1]


def _quote(library: Library, rows: list[CitationRow], count: int) -> Quote:
    last = max(rows, key=lambda row: row.version)
    to = Links(library, "")
    spans = joined([span for row in rows for span in library.spans(row.version)])
    paragraph = next(p for p in library.spoken(last.provision, last.version) if p.label == last.label)
    words, placed = prose.laid(
        library.text(last.source).row.text, paragraph.start, paragraph.end, paragraph.words, [last]
    )
    start, end = (placed[0][0], placed[0][1]) if placed else (0, 0)
    piece = parse_ref(last.target).fragment if last.target else ()
    day = library.signed(last.provision) or _day_in(library, last.provision, spans)
    address = to.address(f"{last.provision}#{last.label}", day) or ""
    fragment = french.fragment(",".join(piece)) if piece else ""
    excerpt = prose.excerpt(words, start, end)
    return Quote(
        last.provision,
        last.label,
        to.name(last.provision),
        excerpt,
        address,
        spans,
        fragment,
        (last.source, last.start, last.end),
        count,
    )


def _day_in(library: Library, name: str, spans: tuple[tuple[str, str | None], ...]) -> str | None:
    """A day on which a code says the sentence: none where it says it on the last day known, which a page shows by itself."""
    day = library.day_of(name)
    if not spans or (
        day and any(start <= day.isoformat() and (end is None or day.isoformat() < end) for start, end in spans)
    ):
        return None
    return spans[-1][0]


def files(quotes: list[Quote]) -> dict[str, Json]:
    """The sentences beyond those of the page, in files of bounded size: ``cite-par-1.json``."""
    rest = quotes[FIRST:]
    pieces = [rest[at : at + PIECE] for at in range(0, len(rest), PIECE)]
    return {
        f"cite-par-{n}.json": {
            "suite": f"cite-par-{n + 1}.json" if n < len(pieces) else None,
            "mots": [[q.name, q.address, french.fragment(q.label), *q.words, q.held, q.fragment] for q in piece],
        }
        for n, piece in enumerate(pieces, 1)
    }
