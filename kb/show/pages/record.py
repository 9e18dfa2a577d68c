"""A provision as its page and its file keep it: each alinéa once, versions as lists of alinéas, and what holds from which day on.

The file, ``texte.json`` beside the page, is what scripts read: the page on another day, a difference, a card, a chapter.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from kb.ask.answers import Json
from kb.show.pages import french, prose
from kb.show.pages.library import Library, version
from kb.show.pages.links import Links
from kb.show.pages.prose import Link
from kb.store.records import CitationRow, ParagraphRow, VersionRow

_FIRST = date(1, 1, 1)


class Alinea(NamedTuple):
    """A paragraph as it is shown, whatever its version; ``links`` are its citations."""

    label: str
    kind: str
    mark: str
    old: int | None
    relation: str
    words: str
    links: tuple[Link, ...]

    @property
    def item(self) -> bool:
        return self.kind == "alinea" and self.old is None


class Spot(NamedTuple):
    """Where an alinéa of one version stands in its source."""

    source: str
    start: int
    end: int


@dataclass
class Record:
    """The words of a provision in every version."""

    alineas: list[Alinea] = field(default_factory=list)
    said: dict[str, list[tuple[int, Spot]]] = field(default_factory=dict)  # version -> its alinéas

    def of(self, version: VersionRow | None) -> list[tuple[Alinea, Spot]]:
        return [(self.alineas[at], spot) for at, spot in self.said.get(version.id, [])] if version else []


def read(library: Library, name: str, versions: list[VersionRow]) -> Record:
    """The alinéas of *name* in *versions*, each once."""
    found, places = Record(), {}
    to = Links(library, "")
    cites: dict[tuple[str, str], list[CitationRow]] = defaultdict(list)
    for citation in library.store.cites(name, None):
        cites[citation.version, citation.label].append(citation)
    signed = library.signed(name)
    for row in versions:
        said = []
        for paragraph in library.spoken(name, row.id):
            made = _alinea(library, to, paragraph, cites[row.id, paragraph.label], signed)
            # the number of a citation in the knowledge base is no part of what is said
            key = made._replace(links=tuple(link._replace(id=0) for link in made.links))
            if key not in places:
                places[key] = len(found.alineas)
                found.alineas.append(made)
            said.append((places[key], Spot(paragraph.source, paragraph.start, paragraph.end)))
        found.said[row.id] = said
    return found


def _alinea(library: Library, to: Links, row: ParagraphRow, citations: list[CitationRow], signed: str | None) -> Alinea:
    words, placed = prose.laid(library.text(row.source).row.text, row.start, row.end, row.words, citations)
    links = tuple(_link(to, start, end, citation, signed) for start, end, citation in placed)
    return Alinea(row.label, row.kind, row.mark, row.old, row.relation, words, links)


def _link(to: Links, start: int, end: int, citation: CitationRow, signed: str | None) -> Link:
    address = to.address(citation.target, signed) if citation.target else None
    said = "" if address else to.unresolved(citation)
    return Link(start, end, address, citation.status, said, citation.id or 0)


class Turn(NamedTuple):
    """From ``day`` on (``""``: ever since) the version held, its status, and the sentence that explains it."""

    day: str
    version: str | None
    status: str
    said: str


def turns(library: Library, name: str) -> list[Turn]:
    """What holds from which day on, as ``Timeline.on`` decides it at every day on which something changes."""
    line = library.timeline(name)
    stated = [(v.start, v.end) for v in line.versions] + [(w.start, w.end) for w in library.store.stillborn(name)]
    days = {day for start, end in stated for day in (start, end) if day}
    days |= {line.absent} if line.absent else set()
    ordered = sorted(days)
    before = date.fromisoformat(ordered[0]) - timedelta(days=1) if ordered and ordered[0] > "0001-01-01" else _FIRST
    found: list[Turn] = []
    for day in ["", *ordered]:
        held = line.on(date.fromisoformat(day) if day else before)
        turn = Turn(
            day, held.version.id if held.version else None, held.status, " ".join(r.sentence for r in held.reasons)
        )
        if not found or found[-1][1:] != turn[1:]:
            found.append(turn)
    return found


def to_json(library: Library, name: str, versions: list[VersionRow], record: Record, holds: list[Turn]) -> Json:
    """The file of a provision; see ``site/assets/temps.js``, which reads it."""
    order = {row.id: at for at, row in enumerate(versions)}
    to, row, day = Links(library, ""), library.rows[name], library.day_of(name)
    return {
        "id": name, "titre": to.name(name, False), "texte": to.name(row.text, False) if row.kind != "texte" else "",
        "jour": day.isoformat() if day else None, "signe": library.signed(name),
        "alineas": [_alinea_json(a) for a in record.alineas],
        "versions": [_version_json(library, v, record.said.get(v.id)) for v in versions],
        "jours": [[turn.day, order.get(turn.version or "", -1), turn.status, turn.said] for turn in holds],
    }  # fmt: skip


def _alinea_json(a: Alinea) -> Json:
    made: Json = {"l": a.label, "t": a.words}
    made |= {
        key: value
        for key, value in (("k", a.kind if a.kind != "alinea" else ""), ("m", a.mark), ("o", a.old), ("r", a.relation))
        if value
    }
    if a.links:
        made["c"] = [
            [link.start, link.end, link.address, link.status, *([link.said] if link.said else [])] for link in a.links
        ]
    return made


def _version_json(library: Library, row: VersionRow, said: list[tuple[int, Spot]] | None) -> Json:
    made: Json = {
        "id": row.id,
        "de": row.start,
        "a": row.end,
        "dit": french.in_force(version(row)).replace(french.NBSP, " "),
    }
    if row.official:
        made["officiel"] = row.official
    if said:
        source = said[0][1].source
        text, lines = library.text(source), library.lines[source]
        first = text.line(said[0][1].start)
        made |= {
            "al": [at for at, _ in said], "source": [lines.at(first).path, lines.prefix],
            "ou": [[spot.start, spot.end, text.line(spot.start)] for _, spot in said],
        }  # fmt: skip
    return made
