"""Ask what held on a day: every answer of the site, the command line, the Python API and SPARQL starts here.

Answers are plain dictionaries, the JSON of the public interface. Only SQLite is read: no grammar, no graph.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.ground.fault import Misuse
from kb.ground.names import Ref, parse_ref
from kb.ground.period import Edge, in_french
from kb.ground.span import line_column
from kb.store.file import reading

if TYPE_CHECKING:
    from kb.ground.registry import Registry

Json = dict[str, Any]

IN_FORCE, NOT_YET, REPEALED, UNKNOWN = "en_vigueur", "pas_encore", "abroge", "inconnu"


_PARAGRAPHS = """select p.*, coalesce(p.words, substr(s.text, p.start + 1, p.end - p.start)) as text
from paragraph p join source s on s.id = p.source"""


class KnowledgeBase:
    """One knowledge base file, open for questions."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = reading(path)

    def _all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self._db.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
        return row

    # -- what a reference names -------------------------------------------------------------------------------

    def find(self, words: str) -> tuple[Ref, sqlite3.Row]:
        """The provision that *words* name, ``css/D253-81#al5`` or by LEGI id. Raises ``Misuse`` when there is none."""
        ref = parse_ref(words)
        row = self._one("select * from provision where id = ?", ref.provision) or self._official(ref)
        if row is None:
            raise Misuse(f"unknown reference '{words}': {self._nearest(ref)}")
        ref = (
            parse_ref(str(ref._replace(text=row["text"])).replace(ref.provision, row["id"], 1))
            if row["id"] != ref.provision
            else ref
        )
        if ref.fragment and row["source"] and not self._labelled(row["id"], ref):
            raise Misuse(f"unknown reference '{words}': {row['id']} has no '{','.join(ref.fragment)}'")
        return ref, row

    def _official(self, ref: Ref) -> sqlite3.Row | None:
        code = self._one("select alias from code where legitext = ?", ref.text)
        if code is None:
            return None
        return self._one("select * from provision where id = ?", "/".join((code["alias"], *ref.path)))

    def _nearest(self, ref: Ref) -> str:
        text = self._one("select title from provision where id = ?", ref.text)
        if text is None:
            return f"no text '{ref.text}' is known to this knowledge base"
        stem = "/".join((ref.text, *ref.path))[:-1]
        near = self._all(
            "select id from provision where id > ? and id < ? order by length(id), id limit 3",
            stem,
            stem + "\U0010ffff",
        )
        hint = f"; near it: {', '.join(row['id'] for row in near)}" if near else ""
        return f"nothing of that name is cited, read or stated in '{ref.text}' ({text['title']}){hint}"

    def _labelled(self, provision: str, ref: Ref) -> list[sqlite3.Row]:
        """The paragraphs a fragment names, in any version: by label (``al5``), or by printed mark (``1°``)."""
        return self._all(
            f"{_PARAGRAPHS} where p.provision = ? and ? in (label, mark) order by rank", provision, ref.fragment[0]
        )

    # -- versions and status ----------------------------------------------------------------------------------

    def versions(self, provision: str) -> list[Json]:
        """Every version of a provision, in order, with bounds and proofs: its own, or those of the nearest one above it."""
        return [_version(row) for row in self._timeline(provision)]

    def _timeline(self, provision: str) -> list[sqlite3.Row]:
        name: str | None = provision
        while name:
            rows = self._all("select * from version where provision = ? order by start", name)
            if rows:
                return rows
            above = self._one("select parent from provision where id = ?", name)
            name = above["parent"] if above else None
        return []

    def status(self, row: sqlite3.Row, day: date, known: date | None = None) -> tuple[str, Json | None, list[str]]:
        """Status on *day*, the version in force then, and the notes that say what the answer rests on.

        With *known*, as it could be known on that day: bounds that were published later do not count yet.
        """
        return self._status(row, self._timeline(row["id"]), day.isoformat(), known.isoformat() if known else None)

    def _status(
        self, row: sqlite3.Row, versions: list[sqlite3.Row], day: str, known: str | None
    ) -> tuple[str, Json | None, list[str]]:
        absent = row["absent_on"]
        if not versions:
            if absent and day >= absent:
                return (
                    REPEALED,
                    None,
                    [f"Absent du code au {_day(absent)} ; la date de sa fin n'est dans aucune source."],
                )
            return UNKNOWN, None, ["Aucune source ni aucun fait externe ne donne ses dates."]
        row_held = holding(versions, day, known)
        if row_held is not None:
            held, notes = _as_known(row_held, known)
            if held["end_is"] != Edge.UNKNOWN.value:
                return IN_FORCE, held, notes
            if absent and day >= absent:
                return (
                    REPEALED,
                    None,
                    [f"Absent du code au {_day(absent)} ; la date de sa fin n'est dans aucune source."],
                )
            if absent:
                return (
                    UNKNOWN,
                    None,
                    [
                        f"En vigueur depuis le {_day(held['start'])}, absent du code au {_day(absent)} : la date de sa fin, entre les deux, est inconnue."
                    ],
                )
            return (
                IN_FORCE,
                held,
                [*notes, "Aucune source ne dit sa fin : la réponse suppose qu'il n'a pas pris fin avant cette date."],
            )
        begun = [
            v
            for v in versions
            if v["start"] and v["start"] <= day and not (known and (v["start_known"] or v["start"]) > known)
        ]
        coming = next(
            (
                v
                for v in versions
                if v["start"] and v["start"] > day and not (known and (v["start_known"] or v["start"]) > known)
            ),
            None,
        )
        ends = [v["end"] for v in begun if v["end"]]
        if ends:
            again = f" ; une nouvelle version commence le {_day(coming['start'])}" if coming else ""
            return REPEALED, None, [f"N'est plus en vigueur depuis le {_day(max(ends))}{again}."]
        if coming and not any(v["start"] is None for v in versions):
            return NOT_YET, None, [f"Pas encore en vigueur : entre en vigueur le {_day(coming['start'])}."]
        if known and versions[0]["start"]:
            return NOT_YET, None, [f"Rien n'en était publié au {_day(known)}."]
        return UNKNOWN, None, ["Sa date d'entrée en vigueur n'est pas connue."]

    # -- the questions ----------------------------------------------------------------------------------------

    def show(self, words: str, at: date | None = None, known: date | None = None) -> Json:
        """What a text, provision or alinéa is and says.

        On the day *at* (or the reference's own ``@day``), its status and its text if it was in force; with *known*, as
        it could be known on that day. Without a day, its status today, and the text in force today or else the last
        one known. Raises ``Misuse``.
        """
        ref, row = self.find(words)
        day = at or ref.at
        versions = self._timeline(row["id"])
        status, version, notes = self._status(
            row, versions, (day or date.today()).isoformat(), known.isoformat() if known else None
        )
        shown = version or (_version(versions[-1]) if day is None and versions else None)
        paragraphs = self._paragraphs(row, ref, shown["id"]) if shown and shown["source"] else []
        if shown and not paragraphs and row["kind"] == "article":
            notes.append("Son texte n'est pas dans cette base de connaissances.")
        if shown:
            notes += shown.pop("notes")
        stated = self._all("select * from note where about = ? order by id", row["id"])
        notes += [note["sentence"] for note in stated if note["kind"] == "note"]
        return {
            "id": str(ref._replace(at=None)),
            "kind": row["kind"],
            "title": row["title"],
            "at": day.isoformat() if day else None,
            "status": status,
            "version": shown,
            "text": "\n\n".join(p["text"] for p in paragraphs if p["kind"] == "alinea") or None,
            "paragraphs": paragraphs,
            "cites": [_citation(c) for c in self._citations_of(row, ref, shown["id"] if shown else None)],
            "cited_by": [_citation(c) for c in self._citations_to(row, ref, day)],
            "events": [
                _event(e)
                for e in self._all(
                    "select * from event where target = ? or by = ? order by coalesce(effective, '9'), id",
                    row["id"],
                    row["id"],
                )
            ],
            "rules": self._rules_of(row["id"], ref),
            "notes": notes,
            "conflicts": [_note(note) for note in stated if note["kind"] != "note"] + self._contradictions(row["id"]),
            "versions": [{k: v[k] for k in ("id", "start", "start_is", "end", "end_is", "official")} for v in versions],
            "facts": [
                _fact(fact)
                for fact in self._all(
                    "select * from fact where about = ? and key not in ('version', 'acte') order by id", row["id"]
                )
            ],
            "parent": row["parent"],
            "children": [
                {"id": c["id"], "kind": c["kind"], "title": c["title"]}
                for c in self._all("select * from provision where parent = ? order by rank", row["id"])
            ],
        }

    def said(self, words: str, day: date, known: date | None = None) -> Json:
        """What a provision said on a day, and nothing else: ``{"id", "at", "status", "version", "text", "notes"}``."""
        ref, row = self.find(words)
        status, version, notes = self._status(
            row, self._timeline(row["id"]), day.isoformat(), known.isoformat() if known else None
        )
        paragraphs = self._paragraphs(row, ref, version["id"]) if version and version["source"] else []
        text = "\n\n".join(p["text"] for p in paragraphs if p["kind"] == "alinea") or None
        return {
            "id": str(ref._replace(at=None)),
            "at": day.isoformat(),
            "status": status,
            "version": version,
            "text": text,
            "notes": notes,
        }

    def _contradictions(self, name: str) -> list[Json]:
        """What its sources contradict one another on, or themselves."""
        rows = self._all("select code, sentence from fault where about = ? and source is null order by id", name)
        return [{"kind": "anomalie", "sentence": row["sentence"], "said_by": [], "code": row["code"]} for row in rows]

    def _paragraphs(self, row: sqlite3.Row, ref: Ref, version: str) -> list[Json]:
        rows = self._all(
            "select * from paragraph where provision = ? and version = ? order by rank", row["id"], version
        )
        texts = {name: self.source(name)["text"] for name in {p["source"] for p in rows}}
        wanted = (p for p in rows if not ref.fragment or ref.fragment[0] in (p["label"], p["mark"]))
        return [
            _paragraph(p, texts[p["source"]][p["start"] : p["end"]] if p["words"] is None else p["words"])
            for p in wanted
        ]

    def _rules_of(self, name: str, ref: Ref) -> list[Json]:
        """The rules that quote a provision (``how`` source) or rest on it (fondement), its parts included."""
        values: tuple[str, ...]
        inside = "l.provision = ? or (l.provision > ? and l.provision < ?) or (l.provision > ? and l.provision < ?)"
        if ref.fragment:
            inside, values = "l.provision = ?", (str(ref._replace(at=None)),)
        else:
            values = (name, name + "#", name + "$", name + "/", name + "0")
        rows = self._all(
            f"select r.summary, group_concat(distinct l.how) as how from rule_link l join rule r on r.id = l.rule where {inside} group by r.id order by r.rank",
            *values,
        )
        return [{**_rule(json.loads(row["summary"])), "how": sorted(row["how"].split(","))} for row in rows]

    def _citations_of(self, row: sqlite3.Row, ref: Ref, version: str | None) -> list[sqlite3.Row]:
        """The citations written in the version shown, or in every version where none is."""
        of_version = "and version = ?" if version else "and ? is null"
        rows = self._all(
            f"select * from citation where provision = ? {of_version} and relation <> 'Cité par' order by id",
            row["id"],
            version,
        )
        if not ref.fragment:
            return rows
        labels = {p["label"] for p in self._labelled(row["id"], ref)}
        return [c for c in rows if c["label"] in labels]

    def _citations_to(self, row: sqlite3.Row, ref: Ref, day: date | None) -> list[sqlite3.Row]:
        """Citations of this provision: on *day* those of the versions then in force, else those of each last version."""
        if day:
            found = self._all(
                """select c.* from citation c join version v on v.id = c.version where c.target_provision = ? and c.provision <> ?
                and (v.start is null or v.start <= ?) and (v.end is null or v.end > ?) order by c.id""",
                row["id"], row["id"], day.isoformat(), day.isoformat(),
            )  # fmt: skip
        else:
            found = self._all(
                "select * from citation where target_provision = ? and provision <> ? order by id", row["id"], row["id"]
            )
            last: dict[str, str] = {}
            for c in found:
                last[c["provision"]] = max(c["version"], last.get(c["provision"], ""))
            found = [c for c in found if c["version"] == last[c["provision"]]]
        if ref.fragment:
            wanted = str(ref._replace(at=None))
            return [c for c in found if c["target"] == wanted]
        return found

    def follow(self, words: str, *, into: bool = False, depth: int = 1, at: date | None = None) -> Json:
        """The citation links from a provision (or *into* it), breadth first, down to *depth* steps.

        On the day *at*, only links whose citing version was in force then. Each link: ``{"depth", "from", "to", …}``.
        """
        _, row = self.find(words)
        start = row["id"]
        if depth < 1:
            raise Misuse(f"--depth {depth}: a number of steps from 1 on")
        seen, frontier, links = {start}, [start], []
        for step in range(1, depth + 1):
            following: list[str] = []
            for name in frontier:
                for citation in self._steps(name, into):
                    if at and not self._cited_on(citation["provision"], at):
                        continue
                    other = citation["provision"] if into else citation["target_provision"]
                    links.append({"depth": step, **_citation(citation)})
                    if other and other not in seen:
                        seen.add(other)
                        following.append(other)
            frontier = following
        return {
            "id": start,
            "direction": "in" if into else "out",
            "at": at.isoformat() if at else None,
            "depth": depth,
            "links": links,
        }

    def _steps(self, name: str, into: bool) -> list[sqlite3.Row]:
        """Citations from or to a provision and, for a text or division, everything inside it."""
        column = "target_provision" if into else "provision"
        inside = f"({column} = ? or ({column} > ? and {column} < ?))"
        return self._all(
            f"select * from citation where {inside} and relation <> 'Cité par' order by id",
            name,
            name + "/",
            name + "0",
        )

    def _cited_on(self, provision: str, day: date) -> bool:
        row = self._one("select * from provision where id = ?", provision)
        return row is not None and self.status(row, day)[0] == IN_FORCE

    def held(self) -> frozenset[str]:
        """The ids of everything whose text is here: provisions, and their alinéas as ``id#label``."""
        provisions = self._all("select id from provision where source is not null")
        labels = self._all("select provision || '#' || label as id from paragraph")
        return frozenset(row["id"] for row in [*provisions, *labels])

    def registry(self) -> Registry:
        """The codes and acts of this knowledge base, as a resolver needs them."""
        return registry_of(self._db)

    def trace_citation(self, rank: int) -> Json:
        """The audit trail of a citation: its words, paragraph, file, characters, line and sha256; its target and its versions."""
        row = self._one("select * from citation where id = ?", rank)
        if row is None:
            raise Misuse(f"no citation {rank}: they are numbered from 1 to {self.counts()['citation']}")
        source = self.source(row["source"])
        line, column = line_column(source["text"], row["start"])
        words = self._one(
            f"{_PARAGRAPHS} where p.provision = ? and version = ? and label = ?",
            row["provision"],
            row["version"],
            row["label"],
        )
        return {
            "citation": _citation(row),
            "paragraph": _paragraph(words, words["text"]) if words else None,
            "version": next((v for v in self.versions(row["provision"]) if v["id"] == row["version"]), None),
            "file": {
                "source": source["id"],
                "path": source["path"],
                "sha256": source["sha256"],
                "start": row["start"],
                "end": row["end"],
                "line": line,
                "column": column,
            },
            "target": {"id": row["target"], "versions": self.versions(row["target_provision"])}
            if row["target_provision"]
            else None,
        }

    def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        tables = ("source", "provision", "paragraph", "version", "citation", "event", "fact", "note", "rule", "fault")
        return {table: self._db.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}

    def table(self, sql: str, *values: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The header and rows of a query, for exports."""
        cursor = self._db.execute(sql, values)
        return [column[0] for column in cursor.description], [tuple(row) for row in cursor]

    def batches(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, *size* at a time: for exports of what does not fit into memory."""
        cursor = self._db.execute(sql)
        while rows := cursor.fetchmany(size):
            yield [tuple(row) for row in rows]

    def faults(self) -> Iterator[Json]:
        """The faults that the build met, in order."""
        for row in self._all("select * from fault order by id"):
            yield {key: row[key] for key in ("code", "sentence", "source", "start", "end", "hint", "grave")}

    def source(self, name: str) -> sqlite3.Row:
        row = self._one("select * from source where id = ?", name)
        if row is None:
            raise Misuse(f"no source '{name}'")
        return row


def registry_of(db: sqlite3.Connection) -> Registry:
    """The codes and acts that a store knows, as a resolver needs them."""
    from kb.ground.registry import Act, Code, CodeName, Registry

    registry = Registry()
    for alias, legitext, title, stated in db.execute("select alias, legitext, title, names from code order by alias"):
        names = tuple(
            CodeName(words, *(date.fromisoformat(d) if d else None for d in days))
            for words, *days in json.loads(stated)
        )
        registry.codes.append(Code(legitext, title, alias, names))
    acts = "select id, nature, title, signed, num from provision where kind = 'texte' and nature <> 'code' order by id"
    for name, nature, title, signed, number in db.execute(acts):
        registry.acts[name] = Act(name, nature, title, date.fromisoformat(signed) if signed else None, number or None)
    return registry


def holding(versions: Sequence[Mapping[str, Any] | sqlite3.Row], day: str, known: str | None = None) -> Any:
    """The row in force on *day* (ISO), in a timeline by start: of several the last to begin; ``None`` when none is.

    With *known*, only what was published by then counts. An unknown end does not outlast a later beginning.
    """
    later = False
    for row in reversed(versions):
        start, end = row["start"], row["end"]
        if start is None or start > day or (known and (row["start_known"] or start) > known):
            continue
        if (end is None or day < end or (known and (row["end_known"] or end) > known)) and not (
            later and row["end_is"] == Edge.UNKNOWN.value
        ):
            return row
        later = True
    return None


def _as_known(row: sqlite3.Row, known: str | None) -> tuple[Json, list[str]]:
    """A version as it could be known on a day, and the notes that say what was not known then."""
    version, notes = _version(row), []
    if known:
        if row["start_known"] is None:
            notes.append(
                "Aucune source ne dit quand son début a été publié : il est tenu pour connu à l'entrée en vigueur."
            )
        if row["end"] and (row["end_known"] or row["end"]) > known:
            published = f" : elle a été publiée le {_day(row['end_known'])}" if row["end_known"] else ""
            notes.append(f"Sa fin, le {_day(row['end'])}, n'était pas connue au {_day(known)}{published}.")
            version |= {"end": None, "end_is": Edge.OPEN.value, "end_proof": []}
    return version, notes


def _version(row: sqlite3.Row) -> Json:
    keys = ("id", "start", "end", "start_is", "end_is", "start_known", "end_known", "official", "source")
    loaded = {key: json.loads(row[key]) for key in ("start_proof", "end_proof", "notes")}
    return {**{key: row[key] for key in keys}, **loaded}


def _paragraph(row: sqlite3.Row, text: str) -> Json:
    return {
        "id": f"{row['provision']}#{row['label']}", "text": text, "source": row["source"], "start": row["start"], "end": row["end"],
        "kind": row["kind"], "mark": row["mark"], "old_count": row["old"], "relation": row["relation"],
    }  # fmt: skip


def _citation(row: sqlite3.Row) -> Json:
    return {
        "id": row["id"], "from": f"{row['provision']}#{row['label']}", "source": row["source"], "start": row["start"], "end": row["end"],
        "quote": row["quote"], "target": row["target"], "status": row["status"], "candidates": json.loads(row["candidates"]),
        "code": row["code"], "num": row["num"], "num_end": row["num_end"], "fragment": row["fragment"],
        "text": json.loads(row["act"]) if row["act"] else None, "kind": row["kind"], "relation": row["relation"],
    }  # fmt: skip


def _event(row: sqlite3.Row) -> Json:
    proof: Json = (
        {"source": row["source"], "start": row["start"], "end": row["end"]} if row["source"] else {"fact": row["fact"]}
    )
    proof["said_by"] = json.loads(row["said_by"])
    return {**{key: row[key] for key in ("kind", "target", "by", "effective", "published", "note")}, "proof": proof}


def _fact(row: sqlite3.Row) -> Json:
    return {"id": row["id"], "key": row["key"], "value": row["value"], "said_by": json.loads(row["said_by"])}


def _rule(summary: Json) -> Json:
    return {key: summary[key] for key in ("id", "title", "modality", "valid")}


def _note(row: sqlite3.Row) -> Json:
    return {"kind": row["kind"], "sentence": row["sentence"], "said_by": json.loads(row["said_by"])}


def _day(iso: str | None) -> str:
    return in_french(date.fromisoformat(iso)) if iso else "date inconnue"
