"""The pages that gather: home, texts, what disagrees, what was not read, sources and their lines, external facts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from markupsafe import Markup, escape

from kb.ask.answers import Json
from kb.ground.names import fold, parse_ref, slug
from kb.show.pages import french, prose
from kb.show.pages.library import Library
from kb.show.pages.links import Links, fact_anchor, path_of
from kb.show.pages.provision import Leaf


def leaves(library: Library) -> Iterator[Leaf]:
    """Every page that is neither a provision's nor a rule's."""
    yield _home(library)
    yield _texts(library)
    yield _conflicts(library)
    yield _faults(library)
    yield _sources(library)
    for source in library.sources.values():
        yield _source(library, source)
    yield _facts(library)


def _texts_of(library: Library) -> list[Json]:
    return [row for row in library.provisions.values() if row["kind"] == "texte"]


def _home(library: Library) -> Leaf:
    to = Links(library, "")
    read: list[Json] = []
    for row in library.provisions.values():
        above = library.provisions.get(row["parent"] or "")
        if row["source"] and not (above and above["source"]):
            version = library.version_shown(row["id"])
            said = french.in_force(version) if version else "Dates inconnues"
            nature = french.NATURES.get(row["nature"], row["nature"])
            name = to.name(row["id"], False) if row["kind"] == "article" else row["title"]
            read.append(
                {
                    "id": row["id"],
                    "title": name,
                    "said": said,
                    "nature": library.provisions[row["text"]]["title"] if row["kind"] == "article" else nature,
                }
            )
    counts = {
        "provision": len(library.provisions), "held": sum(1 for row in library.provisions.values() if row["source"]),
        "citation": len(library.citations), "rule": len(library.rules), "fact": sum(len(facts) for facts in library.facts.values()),
    }  # fmt: skip
    conflicts = sum(len(notes) for _, notes in _disagreements(library))
    return Leaf(
        "",
        "Accueil",
        "home.html",
        to,
        {"read": read[:60], "counts": counts, "conflicts": conflicts, "faults": len(library.faults)},
        [("lus", "Textes lus"), ("lire", "Comment lire une page"), ("doutes", "Ce dont il faut se méfier")],
    )


def _texts(library: Library) -> Leaf:
    natures: dict[str, list[Json]] = {}
    for row in _texts_of(library):
        parts = library.children.get(row["id"], [])
        articles = [part for part in parts if part["kind"] == "article"]
        entry = {**row, "parts": len(articles), "read_parts": sum(1 for part in articles if part["source"])}
        natures.setdefault(french.NATURES.get(row["nature"], row["nature"].capitalize()), []).append(entry)
    order = sorted(natures.items(), key=lambda item: (item[0] != "Code", fold(item[0])))
    groups = [(nature, sorted(texts, key=lambda t: (t["source"] is None, t["id"]))) for nature, texts in order]
    return Leaf(
        "textes",
        "Textes et codes",
        "texts.html",
        Links(library, "textes"),
        {"natures": groups},
        [(slug(n), f"{n}s") for n, _ in groups],
        [("", "Textes et codes", "")],
    )


def _disagreements(library: Library) -> list[tuple[str, list[Json]]]:
    """The notes that flag a disagreement, each once with all it is about, by kind."""
    found: dict[str, dict[str, Json]] = {}
    for notes in library.notes.values():
        for note in sorted(notes, key=lambda n: int(n["id"])):
            if note["kind"] != "note":
                entry = found.setdefault(note["kind"], {}).setdefault(note["sentence"], {**note, "abouts": []})
                entry["abouts"].append(note["about"])
    order = ("conflit", "chronologie", "anomalie")
    return [
        (kind, sorted(found[kind].values(), key=lambda n: int(n["id"])))
        for kind in sorted(found, key=lambda k: (order.index(k) if k in order else 9, k))
    ]


def _conflicts(library: Library) -> Leaf:
    groups = _disagreements(library)
    found = [("", "Ce qui ne concorde pas", " ".join(note["sentence"] for _, notes in groups for note in notes))]
    return Leaf(
        "conflits",
        "Ce qui ne concorde pas",
        "conflicts.html",
        Links(library, "conflits"),
        {"groups": groups},
        found=found,
    )


def _faults(library: Library) -> Leaf:
    groups: dict[str, list[Json]] = {}
    for fault in library.faults:
        place = fault if fault["source"] in library.sources and fault["end"] else None
        words = " ".join(library.words(fault["source"], fault["start"], fault["end"]).split())[:200] if place else ""
        groups.setdefault(fault["code"], []).append({**fault, "place": place, "words": words})
    return Leaf(
        "fautes",
        "Ce qui n'a pas été lu",
        "faults.html",
        Links(library, "fautes"),
        {"groups": sorted(groups.items())},
        found=[("", "Ce qui n'a pas été lu", "")],
    )


def _sources(library: Library) -> Leaf:
    cards = [
        {**s, "lines": len(s["text"].splitlines()), "characters": len(s["text"])} for s in library.sources.values()
    ]
    return Leaf(
        "sources", "Sources", "sources.html", Links(library, "sources"), {"sources": cards}, found=[("", "Sources", "")]
    )


def _source(library: Library, source: Json) -> Leaf:
    """Every line of a file, as it is, with its citations marked and linked."""
    name = source["id"]
    path = path_of(f"sources/{name}")
    read = library.read_from.get(name, [])
    to = Links(library, path, read[0]["id"] if read else None)
    texts = [row["id"] for row in read if row["kind"] == "texte" or library.provisions[row["parent"]]["source"] is None]
    values = {"source": source, "texts": texts, "lines": _lines(library, source, to)}
    return Leaf(
        path,
        f"Source {name}",
        "source.html",
        to,
        values,
        found=[("", f"Source {name}", f"{source['title']} {source['path']}")],
    )


def _lines(library: Library, source: Json, to: Links) -> list[Json]:
    text, starts = source["text"], library.lines(source["id"])
    citations = prose.chosen(library.written_in.get(source["id"], []))
    lines, rest = [], 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        at, out = start, Markup()
        stop = end - 1 if text[start:end].endswith("\n") else end
        while rest < len(citations) and citations[rest]["end"] <= start:
            rest += 1
        for citation in islice(citations, rest, None):
            if citation["start"] >= end:
                break
            first, last = max(start, citation["start"]), min(stop, citation["end"])
            if first < last and first >= at:
                out += escape(text[at:first]) + to.citation(citation, escape(text[first:last]))
                at = last
        lines.append({"start": start, "html": out + escape(text[at:stop])})
    if text.endswith("\n"):
        lines.pop()
    return lines


def _facts(library: Library) -> Leaf:
    groups = [
        (
            about,
            [
                {
                    **fact,
                    "anchor": fact_anchor(fact["id"]),
                    "label": french.FACTS.get(fact["key"], fact["key"]),
                    "words": french.fact_value(fact["key"], fact["value"]),
                }
                for fact in facts
            ],
        )
        for about, facts in sorted(
            library.facts.items(), key=lambda item: (parse_ref(item[0]).text if "/" in item[0] else item[0], item[0])
        )
    ]
    return Leaf(
        "faits",
        "Faits externes",
        "facts.html",
        Links(library, "faits"),
        {"groups": groups},
        found=[("", "Faits externes", "")],
    )
