"""What changed between two days, and what rests on it: rules, provisions that cite what is gone, documents of one's own.

What holds on each day comes from ``held``, made by the timelines; another version with the same words is no change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from kb import rules
from kb.ask import timelines
from kb.ask.contents import contents
from kb.ask.find import Named, find, within
from kb.ask.rulebook import Rulebook
from kb.ground.fault import Misuse
from kb.ground.names import parse_ref
from kb.store.kept import RULE_LINK
from kb.store.reading import Store
from kb.store.records import EVENT, ProvisionRow

if TYPE_CHECKING:
    from kb.ask.reports import Impact, MovedAnswer, MovingAnswer, RuleTouched, StaleAnswer

NEW, GONE, CHANGED, UNREAD = CHANGES = ("new", "gone", "changed", "unread")
SAID = {
    NEW: "entré en vigueur",
    GONE: "plus en vigueur",
    CHANGED: "mots changés",
    UNREAD: "autre version, mots non tenus",
}
RULES = "rules"


class Moved(NamedTuple):
    """A provision whose version is another on the second day; ``None`` where none is in force."""

    row: ProvisionRow
    before: str | None
    after: str | None
    change: str


def impact(store: Store, rulebook: Rulebook, first: date, second: date, on: str | None = None) -> Impact:
    """What changed from *first* to *second* and what rests on it; *on* is ``rules``, or a reference that it is limited to.

    Provisions cite what is gone; of one provision (*on*), what changed too. Raises ``Misuse``.
    """
    named = find(store, on) if on and on != RULES else None
    changed = {moved.row.id: moved for moved in moves(store, first, second, named)}
    if on == RULES:
        rested = (_above(changed, link.provision) for link in store.rows(RULE_LINK))
        kept = {moved.row.id for moved in rested if moved}
        changed = {name: moved for name, moved in changed.items() if name in kept}
    made: Impact = {
        "from": first.isoformat(), "to": second.isoformat(), "on": named.id if named else on, "summary": {}, "changes": list(_told(store, changed)),
        "rules": list(_rules(store, rulebook, changed, first, second, named)), "provisions": [], "documents": [], "unread": [],
    }  # fmt: skip
    if on != RULES:
        told = {change["id"]: change for change in made["changes"]}
        made["provisions"] = list(_citing(store, told, second, named))
    return counted(made)


def on_documents(store: Store, first: date, second: date, on: str, documents: Iterable[tuple[str, bytes]]) -> Impact:
    """The *documents* (name, bytes) of which a citation or quotation has another verdict on *second* than on *first*."""
    from kb.ask.check import Checker  # late: it reads with grammars
    from kb.ask.touched import touched
    from kb.texts.files import Unreadable

    _in_order(first, second)
    then, now = Checker(store, first), Checker(store, second, since=first)
    made: Impact = {
        "from": first.isoformat(), "to": second.isoformat(), "on": on, "summary": {}, "changes": [], "rules": [], "provisions": [],
        "documents": [], "unread": [],
    }  # fmt: skip
    for name, data in documents:
        try:
            found = list(touched(then.check(name, data)[0], now.check(name, data)[0]))
        except Unreadable as error:
            made["unread"].append(f"{name}: {error}")
            continue
        if found:
            made["documents"].append({"file": name, "touched": found})
    return counted(made)


def counted(made: Impact) -> Impact:
    """An answer with the counts of what is in it."""
    counts = {kind: sum(change["change"] == kind for change in made["changes"]) for kind in CHANGES}
    touched = sum(len(document["touched"]) for document in made["documents"])
    made["summary"] = counts | {
        "rules": len(made["rules"]),
        "provisions": len(made["provisions"]),
        "documents": touched,
    }
    return made


# -- what changed ----------------------------------------------------------------------------------------------------


def moves(store: Store, first: date, second: date, named: Named | None = None) -> Iterator[Moved]:
    """What is new, gone or in other words on *second*, in order; of *named* and its parts only where one is given.

    An act of which no words are held counts when it is gone, not when it is new. Raises ``Misuse``.
    """
    _in_order(first, second)
    inside = _inside(store, named, (first, second)) if named else None
    for row, before, after in store.moved(first, second):
        if inside is not None and row.id not in inside and not _below(row.id, named):
            continue
        if before and after:
            fragment = named.ref.fragment if named and named.row.id == row.id else ()
            old, new = (_words(store, row.id, version, fragment) for version in (before, after))
            if old is None or new is None:
                yield Moved(row, before, after, UNREAD)
            elif old != new:
                yield Moved(row, before, after, CHANGED)
        elif before or row.source:
            yield Moved(row, before, after, GONE if before else NEW)


def _in_order(first: date, second: date) -> None:
    if second < first:
        raise Misuse(f"the second day, {second}, is before the first, {first}")


def _inside(store: Store, named: Named, days: tuple[date, date]) -> set[str]:
    """The articles of a division of a code, on either day: its id is not in theirs."""
    if named.row.kind != "division" or "/" in named.row.text:
        return set()
    return {line["id"] for day in days for line in contents(store, named.row.id, day)}


def _below(name: str, named: Named | None) -> bool:
    return named is not None and (name == named.row.id or name.startswith(named.row.id + "/"))


def _words(store: Store, name: str, version: str, fragment: tuple[str, ...]) -> str | None:
    """The words of a version, or of a part of it, as they are compared: spacing and marks apart; ``None`` where they are not held."""
    paragraphs = [p for p in store.paragraphs(name, version) if p.kind == "alinea"]
    if not paragraphs:
        return None
    spoken = store.spoken(within(store, paragraphs, fragment))
    return re.sub(r"\W+", "", "".join(text for _, text in spoken)).lower()


def _told(store: Store, changed: dict[str, Moved]) -> Iterator[MovedAnswer]:
    """Each change with its day and what did it: of what is gone as its timeline says, else the acts dated that day."""
    versions = {v.id: v for found in store.versions_of(changed).values() for v in found}
    lines = timelines.timelines(store, [name for name, moved in changed.items() if moved.change == GONE])
    acts: dict[tuple[str, str | None], list[str]] = {}
    for event in store.among(EVENT, "target", changed, "target, id"):
        if event.by and event.kind in ("cree", "modifie"):
            acts.setdefault((event.target, event.effective), []).append(event.by)
    for name, (row, before, after, change) in changed.items():
        day = versions[after].start if after else versions[before].end if before else None
        by, successor = acts.get((name, day), []), None
        if change == GONE and day:
            reason = next(iter(lines[name].on(date.fromisoformat(day)).reasons), None)
            by, successor = [reason.by] if reason and reason.by else [], reason.successor if reason else None
        yield {
            "id": name, "title": row.title, "change": change, "before": before, "after": after, "day": day, "by": list(dict.fromkeys(by)),
            "successor": successor,
        }  # fmt: skip


# -- what rests on it ------------------------------------------------------------------------------------------------


def _rules(
    store: Store, rulebook: Rulebook, changed: dict[str, Moved], first: date, second: date, named: Named | None
) -> Iterator[RuleTouched]:
    """The rules that quote or rest on what changed, in the very part that they name, or that begin or end to hold."""
    reasons: dict[str, list[MovingAnswer]] = {}
    for link in store.rows(RULE_LINK):
        moved = _above(changed, link.provision)
        if moved and _part_moved(store, moved, link.provision):
            day = _day(store, moved)
            sentence = f"{link.provision} ({link.how}) : {SAID[moved.change]}" + (f" le {day}." if day else ".")
            told: MovingAnswer = {
                "id": link.provision,
                "how": link.how,
                "change": moved.change,
                "day": day,
                "sentence": sentence,
            }
            reasons.setdefault(link.rule, []).append(told)
    for name, rule in rulebook.rules().items():
        before, after = (rulebook.holds(rule, day) for day in (first, second))
        own = reasons.get(name, [])
        if named is None or rules.concerns(rule, named.row.id):
            own = [*own, *_measures(rulebook, name, first, second)]
            if before != after:
                said = "commence à valoir" if after else "cesse de valoir"
                own.append(
                    {
                        "id": name,
                        "how": "regle",
                        "change": NEW if after else GONE,
                        "day": None,
                        "sentence": f"La règle {said} entre les deux jours.",
                    }
                )
        if own:
            yield {"id": name, "title": rule.title, "before": before, "after": after, "reasons": own}


def _measures(rulebook: Rulebook, rule: str, first: date, second: date) -> Iterator[MovingAnswer]:
    """The thresholds of its basis that moved between the two days."""
    for change in rulebook.since(rule):
        if first.isoformat() < change["from"] <= second.isoformat():
            words = f"« {change['was']} » n'y est plus ; " if change["lost"] else ""
            sentence = (
                f"{change['basis']} (seuil) : {words}depuis le {change['from']}, {change['measure'] or 'aucun seuil'}."
            )
            yield {
                "id": change["basis"],
                "how": "seuil",
                "change": CHANGED,
                "day": change["from"],
                "sentence": sentence,
            }


def _above(changed: dict[str, Moved], name: str) -> Moved | None:
    """What changed that a provision or part of that name is, or stands in: a division of a circular holds as long as its text."""
    name = name.partition("#")[0]
    while name:
        if name in changed:
            return changed[name]
        name = name.rpartition("/")[0]
    return None


def _part_moved(store: Store, moved: Moved, name: str) -> bool:
    ref = parse_ref(name)
    if moved.change != CHANGED or not ref.fragment or not (moved.before and moved.after):
        return True
    old, new = (_words(store, moved.row.id, version, ref.fragment) for version in (moved.before, moved.after))
    return old != new


def _day(store: Store, moved: Moved) -> str | None:
    versions = {version.id: version for version in store.versions(moved.row.id)}
    return versions[moved.after].start if moved.after else versions[moved.before].end if moved.before else None


def _citing(store: Store, told: dict[str, MovedAnswer], day: date, named: Named | None) -> Iterator[StaleAnswer]:
    """The citations, in words in force on *day*, of what is gone; of what changed too where one provision is asked about."""
    for name, change in told.items():
        if change["change"] != GONE and (named is None or named.row.id != name or change["change"] == NEW):
            continue
        for row in store.cited(name, into=True, day=day):
            own = row.provision == name or row.provision.startswith(name + "/")
            if row.relation or own or (named and named.ref.fragment and row.target != named.id):
                continue
            why = "abroge" if change["change"] == GONE else "modifie"
            by = next(iter(change["by"]), None)
            sentence = f"{name} : {SAID[change['change']]}" + (f" depuis le {change['day']}." if change["day"] else ".")
            yield {
                "id": row.id or 0, "from": f"{row.provision}#{row.label}", "version": row.version, "source": row.source, "start": row.start,
                "end": row.end, "quote": row.quote, "target": row.target or "", "why": why, "since": change["day"], "by": by,
                "successor": change["successor"], "sentence": sentence,
            }  # fmt: skip
