"""Every door asked the same question: which version of a provision was in force on a day, and what cited it then.

Asked at every bound of every version, the day before and the day after. What differs comes back as lines.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from kb.ask import timelines
from kb.ask.contents import contents
from kb.base import Base
from kb.store import records as r

Question = tuple[str, date]
Asked = Mapping[str, str | bool]


def questions(base: Base, names: Iterable[str] | None = None) -> Iterator[Question]:
    """Each provision that has versions of its own, on each bound of them, the day before and the day after."""
    wanted = set(names) if names is not None else None
    days: dict[str, set[date]] = defaultdict(set)
    for version in base.store.stream(r.VERSION):
        if wanted is None or version.provision in wanted:
            for iso in (version.start, version.end):
                if iso:
                    bound = date.fromisoformat(iso)
                    days[version.provision] |= {bound + timedelta(n) for n in (-1, 0, 1)}
    for name in sorted(days):
        yield from ((name, day) for day in sorted(days[name]))


def held(base: Base, asked: Iterable[Question]) -> Iterator[str]:
    """``said``, ``show``, ``rules``, ``diff``, the graph and what the exports hold, against the timeline."""
    spans: dict[str, list[r.HeldRow]] = defaultdict(list)
    for row in base.store.stream(r.HELD):
        spans[row.provision].append(row)
    edges = _edges(base)
    for name, day in asked:
        row = base.store.provision(name)
        assert row
        line = timelines.timeline(base.store, row).on(day)
        own = line.version.id if line.version else None
        said, shown = base.said(name, day), base.show(name, day)
        stored = [each.version for each in spans[name] if _holds(each.start, each.end, day)]
        rules = base.rulebook.version_at(name, day)
        official = line.version and (line.version.official or line.version.id)
        doors = {
            "said": said["version"] and said["version"]["id"],
            "show": shown["version"] and shown["version"]["id"],
            "held": stored[0] if len(stored) == 1 else stored or None,
            "graph": next((v for v, start, end in edges.get(name, ()) if _holds(start, end, day)), None),
        }
        yield from (f"{name} {day}: {own} but {door} says {found}" for door, found in doors.items() if found != own)
        if (rules and rules["id"]) != official:
            yield f"{name} {day}: {official} but rules says {rules}"
        if said["status"] != line.status or shown["status"] != line.status:
            yield f"{name} {day}: {line.status}, said {said['status']}, show {shown['status']}"


def _edges(base: Base) -> dict[str, list[tuple[str, str, str | None]]]:
    found: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
    for name, version, data in base.graph.edges(data=True):
        if data["kind"] == "regne":
            found[name].append((version, data["start"], data["end"]))
    return found


def _holds(start: str | None, end: str | None, day: date) -> bool:
    iso = day.isoformat()
    return start is not None and start <= iso and (end is None or iso < end)


def texts(base: Base, names: Iterable[str], days: Iterable[date]) -> Iterator[str]:
    """The tables of contents of texts on days: each article with the version that its own timeline gives, none missing."""
    for text in names:
        rows = [row for row in base.store.parts(text) if row.kind == "article"]
        lines = timelines.timelines(base.store, (row.id for row in rows))
        for day in days:
            listed = {
                line["id"]: line["version"] for line in contents(base.store, text, day) if line["kind"] == "article"
            }
            for row in rows:
                version = lines[row.id].on(day).version
                if (version and version.id) != listed.get(row.id):
                    yield f"{row.id} {day}: {version and version.id} but contents says {listed.get(row.id)}"


def links(base: Base, asked: Iterable[Question]) -> Iterator[str]:
    """What cites a provision on a day: the same from ``show``, ``follow`` and the timelines of what cites it."""
    for name, day in asked:
        every = base.store.citing(name)
        lines = timelines.timelines(base.store, (c.provision for c in every))
        owner = {c.version: c.version.rpartition("@")[0] for c in every}
        lines.update(timelines.timelines(base.store, owner.values()))
        true = {c.id for c in every if c.relation != "Cité par" and _in_force(lines, owner[c.version], c.version, day)}
        shown = base.show(name, day)["cited_by"]
        told = {c["id"] for c in shown}
        followed = {
            c["id"]
            for c in base.follow(name, into=True, at=day)["links"]
            if c["target"] and c["target"].partition("#")[0] == name and not c["from"].startswith(name + "#")
        }
        if told != true or followed != true:
            yield f"{name} {day}: {len(true)} cite it, show {len(told)}, follow {len(followed)}"
        for answer in shown:
            version = answer["on"]["version"]
            mine = base.said(name, day)["version"]
            if version != (mine and mine["id"]):
                yield f"{name} {day}: citation {answer['id']} leads to {version}, the text of that day is {mine and mine['id']}"


def answers(base: Base, asked: Iterable[Question]) -> Iterator[tuple[str, Asked, object]]:
    """What other doors are asked, and what they have to answer, as JSON, field by field: what a provision is and says, what cites it,
    the rules on it."""
    for name, day in asked:
        on: Asked = {"ref": name, "at": day.isoformat()}
        yield "show", on, _as_json(base.show(name, day))
        yield "follow", {**on, "into": True}, _as_json(base.follow(name, into=True, at=day))
        yield "rules", {"about": name, "at": day.isoformat()}, _as_json(base.rules(day, name))


def _as_json(answer: object) -> object:
    return json.loads(json.dumps(answer))


def _in_force(lines: timelines.Lines, name: str, version: str, day: date) -> bool:
    found = lines[name].on(day).version if name in lines else None
    return found is not None and found.id == version


def sample(asked: list[Question], size: int, seed: int = 1) -> list[Question]:
    return asked if len(asked) <= size else random.Random(seed).sample(asked, size)
