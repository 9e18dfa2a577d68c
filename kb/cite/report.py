"""The citations gained and lost between two runs over a corpus: what a change of grammar or resolution does.

A run is what ``renvoi cite --jsonl -`` prints: one ``{"id", "citations": [...]}`` a line.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from kb.ground.fault import Misuse


class Change(NamedTuple):
    """A citation of one run: ``text`` is the id of the text it stands in, ``target`` ``?`` where none was found."""

    text: str
    start: int
    end: int
    target: str
    quote: str


class Report(NamedTuple):
    """``moved`` pairs the old and the new reading of the same words; they are in neither of the other lists."""

    gained: list[Change]
    lost: list[Change]
    moved: list[tuple[Change, Change]]
    kept: int

    def to_json(self) -> dict[str, Any]:
        """``{"gained", "lost", "moved", "kept"}``: changes as objects, ``moved`` as ``{"old", "new"}``."""
        moved = [{"old": old._asdict(), "new": new._asdict()} for old, new in self.moved]
        return {
            "gained": [c._asdict() for c in self.gained],
            "lost": [c._asdict() for c in self.lost],
            "moved": moved,
            "kept": self.kept,
        }


def gained_lost(old: Iterable[str], new: Iterable[str]) -> Report:
    """Compare two runs, line by line. Raises ``Misuse`` for a line that is not of a run."""
    before, after = _read(old, "first"), _read(new, "second")
    lost = sorted((before - after).elements())
    gained = sorted((after - before).elements())
    kept = sum((before & after).values())
    old_words = {(c.text, c.start, c.end): c for c in lost}
    moved = [(old_words[c[:3]], c) for c in gained if c[:3] in old_words]
    twice = {c for pair in moved for c in pair}
    return Report([c for c in gained if c not in twice], [c for c in lost if c not in twice], moved, kept)


def _read(lines: Iterable[str], which: str) -> Counter[Change]:
    found: Counter[Change] = Counter()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry: dict[str, Any] = json.loads(line)
            for c in entry["citations"]:
                target = c.get("target") or "|".join(c.get("candidates") or ()) or "?"
                found[Change(str(entry["id"]), int(c["start"]), int(c["end"]), target, str(c["quote"]))] += 1
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Misuse(
                f"line {number} of the {which} run is not an answer of 'renvoi cite --jsonl': {error}"
            ) from None
    return found


def render(report: Report) -> str:
    """The report as a terminal shows it, one citation a line, the sums last."""
    lines = [f"+ {_line(c)}" for c in report.gained]
    lines += [f"- {_line(c)}" for c in report.lost]
    lines += [f"~ {_line(new)} (avant : {old.target})" for old, new in report.moved]
    lines.append(
        f"{len(report.gained)} gagnées, {len(report.lost)} perdues, {len(report.moved)} résolues autrement, {report.kept} inchangées"
    )
    return "\n".join(lines)


def _line(c: Change) -> str:
    return f"{c.text} [{c.start}:{c.end}] « {' '.join(c.quote.split())} » -> {c.target}"
