"""The page of a text, division or article: what it says on a day, since when, and who says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from kb.ask.answers import Json
from kb.ground.names import parse_ref
from kb.show.pages import cited, french, outline, prose, record, timeline
from kb.show.pages.library import Library, version
from kb.show.pages.links import Links
from kb.show.pages.record import Record, Turn
from kb.store.records import EventRow, FactRow, ProvisionRow, VersionRow

# A text or division of at most so many characters is shown whole on its page, its parts included.
WHOLE = 80_000
MOST = 150  # events, facts: what is beyond is counted
_INTERNAL_FACTS = ("version", "acte")


@dataclass
class Leaf:
    """One page, before its template: ``path`` is its address, ``toc`` its headings, ``files`` what stands beside it."""

    path: str
    title: str
    template: str
    links: Links
    values: Json
    toc: list[tuple[str, str]] = field(default_factory=list)
    menu: str = "textes"
    about: str = ""  # what the page says of itself
    data: Json | None = None  # JSON-LD
    files: dict[str, Json] = field(default_factory=dict)
    found: list[Json] = field(default_factory=list)  # what a search finds: see ``finder``


def leaves(library: Library) -> Iterator[Leaf]:
    """The pages of everything that has one."""
    for name, row in library.rows.items():
        if name in library.addresses.paged:
            yield provision(library, row)


def provision(library: Library, row: ProvisionRow) -> Leaf:
    name = row.id
    to = Links(library, name)
    owner = library.owner(name)
    versions = library.versions(owner)
    words = record.read(library, name, versions)
    holds = record.turns(library, name) if versions else []
    day = library.day_of(name)
    now = library.on(name, day) if day else None
    shown = library.shown(name)
    cites_on = _citing_day(library, row, shown, bool(now and now.version))
    blocks = list(_blocks(library, row, shown, to, words, cites_on))
    quotes = cited.entries(library, name)
    facts, numbers = library.store.facts(name), library.fact_numbers(name)
    notes = library.store.notes(name)
    contradictions = library.store.contradictions(name)
    is_code = row.nature == "code" and (row.kind == "texte" or (row.kind == "division" and row.source is None))
    values: Json = {
        "row": row, "title": title(row), "nature": nature(library, row), "day": day.isoformat() if day else None, "now": now,
        "crumbs": [(step.id, _step(step)) for step in library.ancestors(name)],
        "version": shown and version(shown), "owner": owner, "versions": [_told(v) for v in versions] if owner == name else [],
        "has_text": any(v.source for v in versions) or row.source is not None, "blocks": blocks, "others": _others(library, name, words, blocks),
        "timeline": timeline.drawn([version(v) for v in versions], shown and version(shown)) if owner == name else "",
        "parts": [] if is_code or _whole(row) else [p for p in library.children_of(name) if p.id in library.addresses.paged],
        "contents": outline.contents(library, name) if is_code else [], "listed": _listed(library, row),
        "events": [_event(library, e, name, to) for e in library.store.events(name)[:MOST]],
        "notes": [n for n in notes if n.kind == "note"], "conflicts": [n for n in notes if n.kind != "note"], "contradictions": contradictions,
        "version_notes": list(shown.noted) if shown else [],
        "facts": [_fact(f, numbers[f.id]) for f in facts if f.key not in _INTERNAL_FACTS][:MOST], "stated": [_fact(f, numbers[f.id]) for f in facts if f.key in _INTERNAL_FACTS],
        "rules": library.rules_of(name), "neighbours": library.neighbours.get(name, []), "same_file": _same_file(library, row),
        "print_hash": _digest(words, shown), "cited_by": quotes, "cites_on": cites_on, "first_cited": cited.FIRST, "legifrance": _legifrance(library, row, shown, facts),
    }  # fmt: skip
    values["event_notes"] = list(dict.fromkeys(e["row"].note for e in values["events"] if e["row"].note))
    leaf = Leaf(name, _page_title(values), "provision.html", to, values, _toc(values))
    leaf.about = _about(values, words, shown)
    leaf.data = _linked_data(library, row, shown)
    leaf.files = {"texte.json": record.to_json(library, name, versions, words, holds)} if versions else {}
    leaf.files |= cited.files(quotes)
    leaf.found = [_found(row, values, words, holds)]
    return leaf


def title(row: ProvisionRow) -> str:
    if row.kind == "article":
        return french.number(row.title)
    words = french.typeset(french.titled(row)).rstrip(".")
    num = french.printed(row.num) if row.kind == "division" else ""
    return f"{num}{'' if num.endswith('.') else '.'} {words}" if num else words


def nature(library: Library, row: ProvisionRow) -> str:
    text = library.rows.get(row.text)
    if row.kind == "texte":
        return french.NATURES.get(row.nature, row.nature.capitalize())
    if row.kind == "division":
        return "Division"
    return f"Article · {french.short(text)}" if text else "Article"


def _step(row: ProvisionRow) -> str:
    if row.kind == "texte":
        return french.short(row)
    return french.number(row.title) if row.kind == "article" else french.printed(row.num) or french.titled(row)


def _page_title(values: Json) -> str:
    row, crumbs = values["row"], values["crumbs"]
    end = f" — {crumbs[0][1]}" if crumbs else ""
    between = " · ".join(words for _, words in crumbs[1:][-2:]) if row.kind == "division" and len(crumbs) > 1 else ""
    own = values["title"] if row.kind != "texte" else french.short(row)
    return f"{own}{f', {between}' if between else ''}{end}".replace(french.NBSP, " ")


def _whole(row: ProvisionRow) -> bool:
    return row.source is not None and (row.end or 0) - (row.start or 0) <= WHOLE


def _citing_day(library: Library, row: ProvisionRow, shown: VersionRow | None, current: bool) -> str | None:
    """The day on which what the page cites is opened: the signature of an act; of a code the day that is read, and for a version
    that is past the day it began. ``None``: the last day known, which pages show by themselves."""
    return library.signed(row.id) or (None if current or shown is None else shown.start)


# -- the words ---------------------------------------------------------------------------------------------------


def _blocks(
    library: Library,
    row: ProvisionRow,
    shown: VersionRow | None,
    to: Links,
    words: Record,
    day: str | None,
    inside: str = "",
) -> Iterator[Json]:
    """Headings and paragraphs in the order of the source; parts of the provision come whole when it is short enough.

    Words of the provision that follow a part stand under its own title again.
    """
    name = row.id
    said = sorted(words.of(shown), key=lambda pair: pair[1].start) if _whole(row) else words.of(shown)
    parts = [c for c in library.children_of(name) if c.source] if _whole(row) else []
    group: tuple[str, str] | None = None
    after_part = False
    for alinea, spot in said:
        while parts and (parts[0].start or 0) <= spot.start:
            yield from _part(library, row, parts.pop(0), shown, to, day, inside)
            after_part = True
        if after_part:
            yield {
                "kind": "suite",
                "level": min(6, 2 + inside.count("/")) + 1,
                "title": f"{french.short(row) if row.kind == 'texte' else title(row)} (suite)",
            }
            after_part = False
        if alinea.kind in ("nota", "lien") and (alinea.kind, alinea.relation) != group:
            first = group is None or group[0] != alinea.kind
            group = (alinea.kind, alinea.relation)
            heading = "Nota" if alinea.kind == "nota" else "Liens relatifs à cet article" if first else ""
            yield {"kind": "groupe", "title": heading, "relation": alinea.relation}
        yield {
            "kind": alinea.kind, "id": f"{inside}{alinea.label}", "name": f"{name}#{alinea.label}", "old": alinea.old, "item": alinea.item,
            "mark": alinea.mark if not inside and alinea.mark and alinea.mark != alinea.label else "", "number": alinea.label.removeprefix("al"),
            "html": prose.html(alinea.words, alinea.links, to.root, day, alinea.item), "place": spot,
        }  # fmt: skip
    for part in parts:
        yield from _part(library, row, part, shown, to, day, inside)


def _part(
    library: Library,
    row: ProvisionRow,
    part: ProvisionRow,
    shown: VersionRow | None,
    to: Links,
    day: str | None,
    inside: str,
) -> Iterator[Json]:
    deeper = f"{inside}{part.id.removeprefix(row.id + '/')}/"
    yield {
        "kind": "titre", "id": deeper.rstrip("/"), "level": min(6, 2 + deeper.count("/")), "name": part.id, "num": french.printed(part.num),
        "title": french.titled(part),
    }  # fmt: skip
    words = record.read(library, part.id, [shown] if shown else [])
    yield from _blocks(library, part, shown, to, words, day, deeper)


def _others(library: Library, name: str, words: Record, blocks: list[Json]) -> list[str]:
    """Fragments by which the provision is named, and parts that other versions have: each is an anchor of the page."""
    there = {block[key] for block in blocks for key in ("id", "mark") if block.get(key)}
    named = dict.fromkeys(
        [*(a.label for a in words.alineas), *library.store.fragments_of(name), *library.ruled.get(name, [])]
    )
    return sorted(piece for piece in named if piece not in there)


# -- what surrounds it -------------------------------------------------------------------------------------------


def _told(row: VersionRow) -> Json:
    return {**version(row), "said": french.in_force(version(row)), "day": row.start}


def _event(library: Library, event: EventRow, name: str, to: Links) -> Json:
    acted_on = parse_ref(event.target).provision == name
    other = event.by if acted_on else event.target
    verb = (
        french.DONE.get(event.kind, event.kind) + (" par :" if other else "")
        if acted_on
        else french.DOES.get(event.kind, event.kind) + " :"
    )
    known = other if to.has(other) else None
    return {
        "row": event,
        "verb": verb,
        "other": known,
        "words": to.name(other) if other else "",
        "said_by": event.authorities,
    }


def _fact(row: FactRow, number: int) -> Json:
    return {
        "id": row.id, "anchor": f"f{number}", "label": french.FACTS.get(row.key, row.key), "words": french.fact_value(row.key, row.value),
        "value": row.value, "said_by": row.authorities,
    }  # fmt: skip


def _same_file(library: Library, row: ProvisionRow) -> list[str]:
    """The other texts of the same file: an instruction and its annexes."""
    if row.kind != "texte" or not row.source:
        return []
    return [p.id for p in library.store.texts_in(row.source) if p.id != row.id]


def _listed(library: Library, row: ProvisionRow) -> list[tuple[str, int]]:
    """The list of what is known of a code by name only: its group and how many."""
    names = library.addresses.lists.get(row.id, []) if row.nature == "code" and row.kind == "texte" else []
    return [(row.id, len(names))] if names else []


def _legifrance(library: Library, row: ProvisionRow, shown: VersionRow | None, facts: list[FactRow]) -> str | None:
    """The page of Légifrance for an official id that is known."""
    official = shown.official if shown and row.kind == "article" else None
    if official and official.startswith("LEGIARTI"):
        return f"https://www.legifrance.gouv.fr/codes/article_lc/{official}"
    jorf = next((f.value for f in facts if f.key == "jorftext"), None)
    return f"https://www.legifrance.gouv.fr/jorf/id/{jorf}" if jorf else None


def _about(values: Json, words: Record, shown: VersionRow | None) -> str:
    """A description of the page: its validity and its first words."""
    said = french.in_force(values["version"]) if values["version"] else ""
    first = next((a.words for a, _ in words.of(shown) if a.kind == "alinea"), "")
    whole = " — ".join(p for p in (_page_title(values), said, " ".join(first.split())) if p).replace(french.NBSP, " ")
    return whole if len(whole) <= 300 else whole[:297].rsplit(" ", 1)[0] + "…"


def _digest(words: Record, shown: VersionRow | None) -> str:
    """What a print carries to be recognised by: the sha256 of the alinéas, each on a line."""
    said = "\n".join(a.words for a, _ in words.of(shown))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest() if said else ""


def _linked_data(library: Library, row: ProvisionRow, shown: VersionRow | None) -> Json:
    """The page as schema.org knows legislation. Only an end that is known is stated."""
    made: Json = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "name": title(row).replace(french.NBSP, " "),
        "identifier": row.id,
        "inLanguage": "fr",
    }
    if row.kind != "texte":
        made["isPartOf"] = {
            "@type": "Legislation",
            "identifier": row.text,
            "name": french.titled(library.rows[row.text]),
        }
    if row.signed:
        made["legislationDate"] = row.signed
    if shown and shown.start:
        made["temporalCoverage"] = (
            f"{shown.start}/{shown.end or '..'}" if shown.end or shown.end_is == "ouvert" else shown.start
        )
    if shown and shown.official:
        made["legislationIdentifier"] = shown.official
    return made


def _found(row: ProvisionRow, values: Json, words: Record, holds: list[Turn]) -> Json:
    said = french.in_force(values["version"]) if values["version"] else ""
    return {
        "id": row.id, "title": _page_title(values), "said": said.replace(french.NBSP, " "), "text": row.text,
        "words": [a.words for a in words.alineas if a.kind in ("alinea", "nota")],
        "officials": [v["official"] for v in values["versions"] if v["official"]] + [json.dumps(f["value"])[1:-1] for f in values["facts"] if f["label"] in ("NOR",) or "Légifrance" in f["label"]],
    }  # fmt: skip


def _toc(values: Json) -> list[tuple[str, str]]:
    parts = [("texte", "Texte")] if values["blocks"] or values["has_text"] else []
    parts += [
        (b["id"], f"{b['num']} {_calm(b['title'])}".strip())
        for b in values["blocks"]
        if b["kind"] == "titre" and b["level"] == 3
    ]
    sections = (("contents", "sommaire", "Sommaire"), ("parts", "contient", "Contient"), ("rules", "regles", "Règles"), ("versions", "versions", "Versions"),
                ("events", "evenements", "Événements"), ("cited_by", "cite-par", "Cité par"), ("facts", "faits", "Faits externes"))  # fmt: skip
    return parts + [(anchor, words) for key, anchor, words in sections if values[key]]


def _calm(words: str) -> str:
    return words.capitalize() if words.isupper() else words
