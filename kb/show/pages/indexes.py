"""The pages that gather: home, texts, what is known by name only, what disagrees, what was not read, sources, external facts.

Every list is cut into pages of bounded size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from kb.ask.answers import Json
from kb.ground.names import fold, slug
from kb.show.pages import french
from kb.show.pages.address import LISTED, list_path
from kb.show.pages.library import Library
from kb.show.pages.links import Links, fact_anchor
from kb.show.pages.provision import Leaf
from kb.store.records import CITATION, FACT, FAULT, NOTE, FaultRow, ProvisionRow

T = TypeVar("T")
_ORDER = ("conflit", "chronologie", "anomalie")
_CITING = 8  # citing provisions named in a line of a list


def leaves(library: Library) -> Iterator[Leaf]:
    """Every page that is neither a provision's, nor a rule's, nor a source's."""
    yield _home(library)
    yield _texts(library)
    for group in library.addresses.lists:
        yield from _known(library, group)
    yield from _conflicts(library)
    yield from _faults(library)
    yield from _facts(library)


def _paged(path: str, entries: Sequence[T], size: int = LISTED) -> Iterator[tuple[str, Json, Sequence[T]]]:
    """The pages of a list: path, what leads to the others, entries."""
    count = max(1, -(-len(entries) // size))
    for n in range(1, count + 1):
        own = path if n == 1 else f"{path}/{n}"
        yield own, {"path": path, "n": n, "count": count}, entries[(n - 1) * size : n * size]


def _home(library: Library) -> Leaf:
    to = Links(library, "")
    read = []
    for row in library.rows.values():
        above = library.rows.get(row.parent or "")
        if row.source and row.nature != "code" and (row.kind == "texte" or not (above and above.source)):
            read.append(_read(library, to, row))
    codes: list[Json] = []
    for row in _texts_of(library):
        if row.nature == "code":
            count = library.store.count_read(row.id)
            if count:
                day = library.day_of(row.id)
                codes.append(
                    {"id": row.id, "title": row.title, "count": count, "day": day.isoformat() if day else None}
                )
    few = (
        [_read(library, to, row) for row in library.rows.values() if row.kind == "article" and row.source]
        if sum(c["count"] for c in codes) <= 12
        else []
    )
    counts = {
        "provision": len(library.rows), "held": len(library.addresses.paged), "citation": library.store.count(CITATION),
        "rule": len(library.rules), "fact": library.store.count(FACT),
    }  # fmt: skip
    conflicts = sum(1 for note in library.store.stream(NOTE) if note.kind != "note")
    values = {
        "read": [*read[:40], *few],
        "codes": codes,
        "counts": counts,
        "conflicts": conflicts,
        "faults": library.store.count(FAULT),
    }
    about = "Quelle règle s'appliquait ce jour-là, et où est-ce écrit ? Base de connaissances de textes juridiques français."
    toc = [("lus", "Textes lus"), ("lire", "Comment lire une page"), ("doutes", "Ce dont il faut se méfier")]
    return Leaf("", "Accueil", "home.html", to, values, toc, "", about)


def _read(library: Library, to: Links, row: ProvisionRow) -> Json:
    shown = library.shown(row.id)
    article = row.kind == "article"
    return {
        "id": row.id, "title": to.name(row.id, False) if article else row.title, "nature": to.name(row.text) if article else french.NATURES.get(row.nature, row.nature),
        "said": french.in_force({"start": shown.start, "end": shown.end, "end_is": shown.end_is}) if shown else "Dates inconnues",
    }  # fmt: skip


def _texts_of(library: Library) -> list[ProvisionRow]:
    return [row for row in library.rows.values() if row.kind == "texte"]


def _texts(library: Library) -> Leaf:
    natures: dict[str, list[Json]] = defaultdict(list)
    for row in _texts_of(library):
        if row.id in library.addresses.paged:
            natures[french.NATURES.get(row.nature, row.nature.capitalize())].append(
                {"row": row, "read": library.store.count_read(row.id)}
            )
    order = sorted(natures.items(), key=lambda item: (item[0] != "Code", fold(item[0])))
    groups = [(nature, sorted(texts, key=lambda t: (not t["read"], t["row"].id))) for nature, texts in order]
    lists = [
        (group, _group_title(library, group), len(names)) for group, names in sorted(library.addresses.lists.items())
    ]
    values = {"natures": groups, "lists": lists, "list_path": list_path}
    about = "Les codes et les textes de cette base de connaissances, et les listes de ce qu'elle ne connaît que de nom."
    toc = [(slug(n), f"{n}s") for n, _ in groups] + ([("connus", "Connus de nom")] if lists else [])
    return Leaf("textes", "Textes et codes", "texts.html", Links(library, "textes"), values, toc, "textes", about)


def _group_title(library: Library, group: str) -> str:
    code = library.rows.get(group)
    return french.short(code) if code else french.NATURES.get(group, group.capitalize())


def _known(library: Library, group: str) -> Iterator[Leaf]:
    """What is known of a code, or of the acts of a nature, by name only: a line each, under its id."""
    title = f"{_group_title(library, group)} : connus de nom seulement"
    names = library.addresses.lists[group]
    for path, pages, some in _paged(list_path(group, 1), names):
        to = Links(library, path)
        entries = [_known_line(library, to, name) for name in some]
        values = {"title": title, "entries": entries, "pages": pages}
        numbered = title + (f", page {pages['n']}" if pages["n"] > 1 else "")
        found = [{"id": e["id"], "title": e["title"], "said": "Connu de nom seulement : son texte n'est pas dans cette base.", "text": library.rows[e["id"]].text,
                  "words": [], "officials": e["officials"]} for e in entries]  # fmt: skip
        yield Leaf(
            path,
            numbered,
            "known.html",
            to,
            values,
            menu="textes",
            about=f"{numbered}. De {entries[0]['title']} à {entries[-1]['title']}.",
            found=found,
        )


def _known_line(library: Library, to: Links, name: str) -> Json:
    row = library.rows[name]
    citing = list(dict.fromkeys(c.provision for c in library.store.citing(name)))
    facts = library.store.facts(name)
    events = [e for e in library.store.events(name) if e.target == name or e.effective][:12]
    day = library.day_of(name)
    versions = library.store.versions(name)
    said = [french.in_force({"start": v.start, "end": v.end, "end_is": v.end_is}) for v in versions[:6]]
    return {
        "id": name, "title": french.titled(row) if row.kind == "texte" else to.name(name), "said": said, "facts": [
            {"anchor": fact_anchor(f.id), "label": french.FACTS.get(f.key, f.key), "words": french.fact_value(f.key, f.value), "said_by": f.authorities} for f in facts if f.key not in ("version", "acte")
        ], "stated": [fact_anchor(f.id) for f in facts if f.key in ("version", "acte")],
        "events": [(french.day(e.effective), french.DONE.get(e.kind, e.kind), to.name(e.by) if e.by else "") for e in events if e.target == name],
        "does": [(french.day(e.effective), french.DOES.get(e.kind, e.kind), to.name(e.target), to(e.target, e.effective)) for e in events if e.by == name],
        "citing": [(to.name(c), to(c, library.signed(c))) for c in citing[:_CITING]], "more": max(0, len(citing) - _CITING),
        "rules": library.rules_of(name), "notes": library.store.notes(name), "officials": [f.value for f in facts if f.key in ("nor", "jorftext", "legiarti", "jorfarti")],
        "status": "" if versions or not day else " ".join(r.sentence for r in library.on(name, day).reasons),
    }  # fmt: skip


def _conflicts(library: Library) -> Iterator[Leaf]:
    """The notes that flag a disagreement, each once with all it is about, by kind; and what sources contradict."""
    found: dict[tuple[str, str], Json] = {}
    for note in library.store.stream(NOTE):
        if note.kind != "note":
            entry = found.setdefault(
                (note.kind, note.sentence),
                {"kind": note.kind, "sentence": note.sentence, "said_by": note.authorities, "abouts": []},
            )
            entry["abouts"].append(note.about)
    ordered = sorted(found.values(), key=lambda e: _ORDER.index(e["kind"]) if e["kind"] in _ORDER else 9)
    for row in library.store.stream(FAULT):
        if row.about:
            ordered.append({"kind": row.code, "sentence": row.sentence, "said_by": (), "abouts": [row.about]})
    for path, pages, some in _paged("conflits", ordered):
        groups: dict[str, list[Json]] = defaultdict(list)
        for entry in some:
            groups[entry["kind"]].append(entry)
        about = (
            "Conflits, chronologies et anomalies : ce sur quoi les sources ne s'accordent pas, signalé et non tranché."
        )
        yield _list(
            library,
            path,
            "Ce qui ne concorde pas",
            "conflicts.html",
            {"groups": list(groups.items()), "pages": pages},
            about,
        )


def _faults(library: Library) -> Iterator[Leaf]:
    rows = [row for row in library.store.stream(FAULT) if not row.about]
    for path, pages, some in _paged("fautes", rows):
        groups: dict[str, list[Json]] = defaultdict(list)
        for row in some:
            groups[row.code].append({"row": row, **_fault_place(library, row)})
        about = "Ce que la lecture des sources n'a pas compris, mot à mot."
        yield _list(
            library,
            path,
            "Ce qui n'a pas été lu",
            "faults.html",
            {"groups": sorted(groups.items()), "pages": pages},
            about,
        )


def _fault_place(library: Library, row: FaultRow) -> Json:
    if row.source not in library.lines or row.start is None or not row.end:
        return {"place": None, "words": ""}
    text = library.text(row.source).row.text
    return {"place": (row.source, row.start, row.end), "words": " ".join(text[row.start : row.end].split())[:200]}


def _facts(library: Library) -> Iterator[Leaf]:
    """External facts, by what they are about; those of versions are on the page of their article."""
    groups: dict[str, list[Json]] = defaultdict(list)
    for row in library.store.stream(FACT, "about, id", "key not in ('version', 'acte')"):
        groups[row.about].append({
            "id": row.id, "anchor": fact_anchor(row.id), "label": french.FACTS.get(row.key, row.key), "words": french.fact_value(row.key, row.value),
            "value": row.value, "said_by": row.authorities,
        })  # fmt: skip
    for path, pages, some in _paged("faits", list(groups.items()), 60):
        about = "Les faits qui ne viennent pas des textes lus : identifiants, dates, et qui les dit."
        yield _list(library, path, "Faits externes", "facts.html", {"groups": some, "pages": pages}, about)


def _list(library: Library, path: str, title: str, template: str, values: Json, about: str) -> Leaf:
    n = values["pages"]["n"]
    numbered = title + (f", page {n}" if n > 1 else "")
    return Leaf(
        path,
        numbered,
        template,
        Links(library, path),
        {"title": title, **values},
        menu=values["pages"]["path"],
        about=numbered + ". " + about,
    )
