"""A text through time: its table of contents on a day, the history of a provision, full text as of a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import groupby
from typing import Any

from kb.ask.query import Json, KnowledgeBase, holding
from kb.ground.fault import Misuse
from kb.store import search


def contents(base: KnowledgeBase, name: str, day: date) -> list[Json]:
    """The table of contents of a code, or of a division of one, on *day*: the articles then in force, where they stood.

    Each line: ``{"id", "kind", "title", "depth", "version"}``, in the order of the text; divisions have no version.
    Where no source says where an article stood that day, it stands where it is known last.
    """
    text = name.split("/")[0]
    iso = day.isoformat()
    versions = "select provision, id, start, start_is, end, end_is, start_known, end_known from version where provision >= ? and provision < ? and (start <= ? or start is null) order by provision, start"
    header, rows = base.table(versions, text + "/", text + "0", iso)
    standing: dict[str, str] = {}
    for provision, own in groupby(rows, key=lambda row: row[0]):
        held = holding([dict(zip(header, row, strict=True)) for row in own], iso)
        if held:
            standing[provision] = held["id"]
    known = {
        id: (kind, title, parent, rank)
        for id, kind, title, parent, rank in base.table(
            "select id, kind, title, parent, rank from provision where text = ? order by rank", text
        )[1]
    }
    parents, titles = _places(base, text, iso)
    below: dict[str, list[str]] = defaultdict(list)
    seen = set()
    for id in standing:
        child = id
        while child != text and child not in seen and child in known:
            seen.add(child)
            last = known[child][2]
            told = parents.get(child)
            # A source that knows the part only says less than one that knows the chapter.
            parent = last if told is None or (last or "").startswith(told + "/") else told
            below[parent or text].append(child)
            child = parent or text
    lines: list[Json] = []
    stack = [(child, 0) for child in _ordered(below[name], known)][::-1]
    while stack:
        id, depth = stack.pop()
        kind, title, *_ = known[id]
        lines.append(
            {"id": id, "kind": kind, "title": titles.get(id, title), "depth": depth, "version": standing.get(id)}
        )
        stack += [(child, depth + 1) for child in _ordered(below.get(id, []), known)][::-1]
    return lines


def _ordered(names: list[str], known: dict[str, Any]) -> list[str]:
    return sorted(names, key=lambda name: known[name][3])


def _places(base: KnowledgeBase, text: str, iso: str) -> tuple[dict[str, str], dict[str, str]]:
    """Where each provision stood on a day, and the titles of divisions then, as far as sources say."""
    select = """select provision, parent, title from place where provision >= ? and provision < ? and (start is null or start <= ?)
    and (end is null or end > ?) order by provision, start, length(parent) - length(replace(parent, '/', ''))"""
    parents: dict[str, str] = {}
    titles: dict[str, str] = {}
    for provision, parent, title in base.table(select, text + "/", text + "0", iso, iso)[1]:
        parents[provision] = parent
        if title:
            titles[provision] = title
    return parents, titles


def history(base: KnowledgeBase, words: str) -> Json:
    """Every version of a provision: its bounds, the acts that made and ended it, and what each source states of it."""
    ref, row = base.find(words)
    acts = defaultdict(list)
    for kind, by, effective, published in base.table(
        "select distinct kind, by, effective, published from event where target = ? and kind in ('cree', 'modifie', 'abroge', 'transfere') order by effective, kind, by",
        row["id"],
    )[1]:
        acts[effective].append({"kind": kind, "by": by, "published": published})
    said: dict[str, list[Json]] = defaultdict(list)
    select = "select version, container, official, state, start, end, member, fact, source from witness where provision = ? order by id"
    aside: list[Json] = []
    for version, container, official, state, start, end, member, fact, source in base.table(select, row["id"])[1]:
        one = {
            "by": container or "corpus",
            "official": official,
            "state": state,
            "start": start,
            "end": end,
            "member": member,
            "fact": fact,
            "source": source,
        }
        (said[version] if version else aside).append(one)
    versions = []
    for v in base.versions(row["id"]):
        own = [act for act in acts[v["start"]] if act["kind"] in ("cree", "modifie", "transfere")] if v["start"] else []
        ended = [act for act in acts[v["end"]] if act["kind"] == "abroge"] if v["end"] else []
        versions.append({**v, "by": own, "ended_by": ended, "said": said[v["id"]]})
    return {
        "id": str(ref._replace(at=None)),
        "kind": row["kind"],
        "title": row["title"],
        "versions": versions,
        "aside": aside,
    }


def find(base: KnowledgeBase, asked: str, at: date | None = None, limit: int = 20) -> Json:
    """Full text: the versions that hold all the words of *asked*, best first; on the day *at* those then in force.

    Without a day, each provision is found once, in its last version that holds the words. A hit: ``{"id", "title",
    "version", "excerpt", "marks"}``, the marks being ``[start, end]`` in the excerpt. Raises ``Misuse``.
    """
    if limit < 1:
        raise Misuse(f"--limit {limit}: a number of hits from 1 on")
    iso = at.isoformat() if at else None
    when = "and (v.start is null or v.start <= ?) and (v.end is null or v.end > ?)" if at else ""
    select = f"""select s.provision, s.version, bm25(search) as score from search
    join searched s on s.id = search.rowid join version v on v.id = s.version
    where search match ? {when} order by score, s.provision, s.version desc"""
    _, rows = base.table(select, search.question(asked), *((iso, iso) if at else ()))
    hits: list[Json] = []
    seen: set[str] = set()
    latest: dict[str, str] = {}
    for provision, version, _ in rows:
        latest[provision] = max(version, latest.get(provision, ""))
    total = len(latest)
    for provision, version, _ in rows:
        if provision in seen or version != latest[provision]:
            continue
        seen.add(provision)
        if len(hits) < limit and (at is None or _stands(base, provision, version, at)):
            hits.append(_hit(base, provision, version, asked))
    return {"words": asked, "at": iso, "total": total, "hits": hits}


def _stands(base: KnowledgeBase, provision: str, version: str, day: date) -> bool:
    _, row = base.find(provision)
    held = base.status(row, day)[1]
    return held is not None and held["id"] == version


def _hit(base: KnowledgeBase, provision: str, version: str, asked: str) -> Json:
    select = """select coalesce(p.words, substr(s.text, p.start + 1, p.end - p.start)) from paragraph p join source s on s.id = p.source
    where p.provision = ? and p.version = ? and p.kind in ('alinea', 'nota') order by p.rank"""
    text = "\n".join(" ".join(row[0].split()) for row in base.table(select, provision, version)[1])
    start, end, found = search.excerpt(text, asked)
    title = base.table("select title from provision where id = ?", provision)[1][0][0]
    marks = [[a - start, b - start] for a, b in found if start <= a and b <= end]
    return {
        "id": provision,
        "title": title,
        "version": version,
        "excerpt": text[start:end].replace("\n", " "),
        "marks": marks,
    }
