"""The page of a text, division or article, and of each of its versions: what it says, since when, and who says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from kb.ask.answers import Json
from kb.ground.names import parse_ref
from kb.show.pages import french, prose, timeline
from kb.show.pages.library import Library
from kb.show.pages.links import Links, path_of

# A text or division of at most so many characters is shown whole on its page, its parts included.
WHOLE = 80_000


@dataclass
class Leaf:
    """One page, before its template: ``path`` is its address, ``toc`` its headings, ``found`` what a search finds on it."""

    path: str
    title: str
    template: str
    links: Links
    values: Json
    toc: list[tuple[str, str]] = field(default_factory=list)
    found: list[tuple[str, str, str]] = field(default_factory=list)


def leaves(library: Library) -> Iterator[Leaf]:
    """The pages of every provision, and of every version of it."""
    for name, row in library.provisions.items():
        yield provision(library, row)
        for version in library.versions[name]:
            yield provision(library, row, version)


def provision(library: Library, row: Json, version: Json | None = None) -> Leaf:
    """The page of *row*; of one *version* of it when that is given."""
    name = row["id"]
    dated = version is not None
    path = path_of(version["id"] if version else name)
    to = Links(library, path, name)
    version = version or library.version_shown(name)
    blocks = list(_blocks(library, row, version, to))
    labels = {block["id"] for block in blocks}
    events = [_event(library, event, name, to) for event in library.events_of(name)]
    notes = library.notes.get(name, [])
    values = {
        "row": row, "dated": dated, "title": title(row), "nature": nature(library, row), "held": row["source"] is not None,
        "crumbs": [(step["id"], _step(step)) for step in library.ancestors(name)],
        "version": version, "owner": library.owner(name), "versions": library.versions[name],
        "ours": version is not None and library.owner(name) == name, "timeline": timeline.drawn(library.versions[name], version),
        "blocks": blocks, "parts": [] if _whole(row) else library.children.get(name, []),
        "others": [f for f in library.fragments.get(name, []) if f not in labels],
        "status": _status_now(library, name), "cited_by": _cited_by(library, name, row["source"] is None, to),
        "cites": _cites(library, name, version, to), "events": events,
        "notes": [n for n in notes if n["kind"] == "note"], "conflicts": [n for n in notes if n["kind"] != "note"],
        "version_notes": [n for n in dict.fromkeys(version["notes"] if version else []) if n not in {e["note"] for e in events}], "facts": _facts(library, name),
        "rules": library.rules_of(name), "neighbours": library.neighbours.get(name, []), "same_file": _same_file(library, row),
    }  # fmt: skip
    leaf = Leaf(path, _page_title(values, version if dated else None), "provision.html", to, values, _toc(values))
    if not dated:
        leaf.found = list(_found(library, row, values, version))
    return leaf


def title(row: Json) -> str:
    if row["kind"] == "article":
        return french.number(row["title"])
    words = french.typeset(str(row["title"])).rstrip(".")
    num = french.printed(row["num"]) if row["kind"] == "division" else ""
    return f"{num}{'' if num.endswith('.') else '.'} {words}" if num else words


def nature(library: Library, row: Json) -> str:
    text = library.provisions.get(row["text"])
    if row["kind"] == "texte":
        return french.NATURES.get(str(row["nature"]), str(row["nature"]).capitalize())
    if row["kind"] == "division":
        return "Division"
    return f"Article · {french.short(text)}" if text else "Article"


def _step(row: Json) -> str:
    if row["kind"] == "texte":
        return french.short(row)
    return french.number(row["title"]) if row["kind"] == "article" else french.printed(row["num"]) or str(row["title"])


def _page_title(values: Json, version: Json | None) -> str:
    row, crumbs = values["row"], values["crumbs"]
    end = f" — {crumbs[0][1]}" if crumbs else ""
    when = f", version du {french.day(version['start'])}" if version and version["start"] else ""
    return f"{values['title'] if row['kind'] != 'texte' else french.short(row)}{when}{end}".replace(french.NBSP, " ")


def _whole(row: Json) -> bool:
    return row["source"] is not None and row["end"] - row["start"] <= WHOLE


# -- the words ---------------------------------------------------------------------------------------------------


def _blocks(library: Library, row: Json, version: Json | None, to: Links, inside: str = "") -> Iterator[Json]:
    """Headings and paragraphs in the order of the source; parts of the provision come whole when it is short enough."""
    name = row["id"]
    said = library.said(name, version)
    parts = [c for c in library.children.get(name, []) if c["source"]] if _whole(row) else []
    text = library.sources[row["source"]]["text"] if row["source"] else ""
    group: tuple[str, str] | None = None
    for item in sorted([*said, *parts], key=lambda i: int(i["start"])):
        if "label" not in item:
            deeper = f"{inside}{item['id'].removeprefix(name + '/')}/"
            depth = min(6, 2 + deeper.count("/"))
            yield {
                "kind": "titre",
                "id": deeper.rstrip("/"),
                "level": depth,
                "name": item["id"],
                "num": french.printed(item["num"]),
                "title": item["title"],
                "place": item,
            }
            yield from _blocks(library, item, version, to, deeper)
            continue
        if item["kind"] in ("nota", "lien") and (item["kind"], item["relation"]) != group:
            first = group is None or group[0] != item["kind"]
            group = (item["kind"], item["relation"])
            yield {
                "kind": "groupe",
                "id": "",
                "title": "Nota" if item["kind"] == "nota" else "Liens relatifs à cet article" if first else "",
                "relation": item["relation"],
            }
        citations = [
            c for c in library.cites.get(name, []) if c["version"] == item["version"] and c["label"] == item["label"]
        ]
        anchors = [f for f in library.fragments.get(name, []) if f == item["mark"]] if not inside else []
        yield {
            "kind": item["kind"], "id": f"{inside}{item['label']}", "name": f"{name}#{item['label']}", "label": item["label"], "old": item["old"],
            "item": item["kind"] == "alinea" and item["old"] is None, "mark": item["mark"], "anchors": anchors,
            "html": prose.shown(text, item, citations, to), "place": item, "number": item["label"].removeprefix("al"),
        }  # fmt: skip


# -- what surrounds it -------------------------------------------------------------------------------------------


def _cited_by(library: Library, name: str, full: bool, to: Links) -> list[Json]:
    """The citing provisions with their words: the whole paragraph where nothing else is known of the cited one."""
    found: dict[str, list[Json]] = {}
    for citation in library.cited_by.get(name, []):
        if citation["provision"] == name:
            continue
        paragraph = _paragraph_of(library, citation)
        text = library.sources[citation["source"]]["text"]
        words = (
            _quoted(library, text, paragraph, citation, to) if full else prose.excerpt(text, paragraph, citation, to)
        )
        piece = parse_ref(citation["target"]).fragment
        found.setdefault(citation["provision"], []).append(
            {"from": f"{citation['provision']}#{citation['label']}", "label": citation["label"], "words": words, "place": citation,
             "fragment": french.fragment(",".join(piece)) if piece else ""}
        )  # fmt: skip
    return [
        {"id": citing, "name": to.name(citing), "quotes": quotes, "day": library.citing_day(citing)}
        for citing, quotes in found.items()
    ]


def _quoted(library: Library, text: str, paragraph: Json, citation: Json, to: Links) -> Markup:
    beside = [
        c
        for c in library.cites.get(citation["provision"], [])
        if c["version"] == paragraph["version"] and c["label"] == paragraph["label"]
    ]
    return prose.shown(text, paragraph, beside, to, only=citation["id"])


def _paragraph_of(library: Library, citation: Json) -> Json:
    return next(
        p
        for p in library.paragraphs[citation["provision"]]
        if p["label"] == citation["label"] and p["version"] == citation["version"]
    )


def _cites(library: Library, name: str, version: Json | None, to: Links) -> list[Json]:
    """What the provision cites: each target once, with every place where it does."""
    found: dict[tuple[str, ...], Json] = {}
    for citation in library.cites.get(name, []):
        if version and citation["version"] != version["id"]:
            continue
        key = tuple(
            [citation["target"]] if to.has(citation["target"]) else citation["candidates"] or [citation["quote"]]
        )
        entry = found.setdefault(
            key,
            {
                "targets": [t for t in key if to.has(t)],
                "quote": citation["quote"],
                "status": citation["status"],
                "places": [],
            },
        )
        entry["places"].append(citation)
    return list(found.values())


def _event(library: Library, event: Json, name: str, to: Links) -> Json:
    acted_on = parse_ref(event["target"]).provision == name
    other = event["by"] if acted_on else event["target"]
    kind = str(event["kind"])
    verb = french.DONE.get(kind, kind) + (" par :" if other else "") if acted_on else french.DOES.get(kind, kind) + " :"
    return {**event, "verb": verb, "other": other if to.has(other) else None, "words": to.name(other) if other else ""}


def _facts(library: Library, name: str) -> list[Json]:
    return [
        {
            **fact,
            "label": french.FACTS.get(fact["key"], fact["key"]),
            "words": french.fact_value(fact["key"], fact["value"]),
        }
        for fact in library.facts.get(name, [])
        if fact["key"] != "version"
    ]


def _status_now(library: Library, name: str) -> list[str]:
    """What must be said of a provision whose end lies between two known days, or that no authority dates."""
    if library.provisions[name]["nature"] == "code" and library.provisions[name]["kind"] == "texte":
        return []
    return (
        []
        if library.versions[library.owner(name)] and not library.provisions[name]["absent_on"]
        else [each.sentence for each in library.on(name, date(9999, 1, 1)).reasons]
    )


def _same_file(library: Library, row: Json) -> list[str]:
    """The other texts of the same file: an instruction and its annexes."""
    if row["kind"] != "texte" or not row["source"]:
        return []
    return [p["id"] for p in library.read_from[row["source"]] if p["kind"] == "texte" and p["id"] != row["id"]]


def _toc(values: Json) -> list[tuple[str, str]]:
    parts = [("texte", "Texte")] if values["blocks"] or not values["held"] else []
    parts += [
        (b["id"], f"{b['num']} {_calm(b['title'])}".strip())
        for b in values["blocks"]
        if b["kind"] == "titre" and b["level"] == 3
    ]
    sections = (("parts", "contient", "Contient"), ("rules", "regles", "Règles"), ("versions", "versions", "Versions"), ("events", "evenements", "Événements"),
                ("cited_by", "cite-par", "Cité par"), ("cites", "cite", "Cite"), ("facts", "faits", "Faits externes"))  # fmt: skip
    return parts + [
        (anchor, words)
        for key, anchor, words in sections
        if values[key] and not (key == "cited_by" and values["dated"])
    ]


def _calm(words: str) -> str:
    return words.capitalize() if words.isupper() else words


def _found(library: Library, row: Json, values: Json, version: Json | None) -> Iterator[tuple[str, str, str]]:
    """What a search finds: the page by its name and dates, then each of its own paragraphs."""
    text = library.provisions.get(row["text"])
    end = f" — {french.short(text)}" if text and row["kind"] != "texte" else ""
    said = french.in_force(version) if version else "Dates inconnues"
    absent = "" if values["held"] or row["kind"] == "texte" else " Texte absent de cette base."
    yield "", f"{values['title']}{end}", f"{row['id']} · {said}.{absent}"
    for paragraph in library.said(row["id"], version):
        if paragraph["kind"] in ("alinea", "nota"):
            words = paragraph["words"] or library.words(paragraph["source"], paragraph["start"], paragraph["end"])
            yield paragraph["label"], f"{french.fragment(paragraph['label'])}, {_step(row)}", " ".join(words.split())
