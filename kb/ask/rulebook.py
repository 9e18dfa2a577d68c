"""The rules of a knowledge base: which hold on a day, what they say of given facts, and where they say it.

Rules come from the store, proved at build; neither a grammar nor a source file is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cached_property

from kb import rules
from kb.ask import timelines
from kb.ask.answers import Json
from kb.ask.find import find
from kb.ground.fault import Misuse, Unknown
from kb.rules import Evaluation, Rule
from kb.rules.since import Since, moved
from kb.store.reading import Store
from kb.store.records import VersionRow
from kb.time.timeline import Timeline

Evaluations = list[Evaluation]


class Rulebook:
    """The rules of *base*; it is the ``World`` that evaluations ask."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read: dict[str, Rule] = {}
        self._lines: dict[str, Timeline[VersionRow] | None] = {}
        self._since: dict[str, Sequence[Since]] = {}

    # -- what evaluations ask (kb.rules.World) ----------------------------------------------------------------

    def version_at(self, provision: str, day: date) -> Json | None:
        """``{"id", "start", "end"}`` of the version in force on *day*, or ``None``."""
        name = provision.partition("#")[0]
        if name not in self._lines:
            row = self._store.provision(name)
            self._lines[name] = timelines.timeline(self._store, row) if row else None
        line = self._lines[name]
        version = line.on(day).version if line else None
        if version is None:
            return None
        name = version.official or version.id
        return {"id": name, "start": version.start, "end": version.end, "source": version.source}

    def since(self, rule: str) -> Sequence[Since]:
        """What the basis of a rule says since its source spoke."""
        if rule not in self._since:
            row = self._store.rule(rule)
            self._since[rule] = json.loads(row.since) if row else []
        return self._since[rule]

    def rules(self) -> Mapping[str, Rule]:
        """Every rule by its id."""
        return {name: self.rule(name) for name in self._ids}

    # -- questions --------------------------------------------------------------------------------------------

    @cached_property
    def _ids(self) -> list[str]:
        return self._store.rule_ids()

    def rule(self, name: str) -> Rule:
        """The rule of that id. Raises ``Misuse`` naming those near it."""
        if name not in self._read:
            row = self._store.rule(name)
            if row is None:
                near = get_close_matches(name, self._ids, 3)
                raise Unknown(f"unknown rule '{name}'{'; near it: ' + ', '.join(near) if near else ''}")
            self._read[name] = rules.from_json(json.loads(row.body))
        return self._read[name]

    def list(self, at: date | None = None, about: str | None = None, known_at: date | None = None) -> list[Json]:
        """The rules in force on *at* (all of them without a day), as known on *known_at*, that speak of *about*."""
        found = list(self.rules().values())
        if about is not None:
            wanted = find(self._store, about).id
            found = [rule for rule in found if rules.concerns(rule, wanted)]
        if at is not None or known_at is not None:
            found = [rule for rule in found if self.holds(rule, at or date.today(), known_at)]
        return [rules.summary(rule) for rule in found]

    def holds(self, rule: Rule, at: date, known_at: date | None = None) -> bool:
        """Whether a rule is in its period on *at*: not once its basis has another measure."""
        return rules.in_force(rule, at, known_at) and not moved(rule, self.since(rule.id), at)

    def apply(
        self, name: str, facts: Mapping[str, object], at: date, known_at: date | None = None
    ) -> Evaluation | Evaluations:
        """The evaluation of a rule on *facts*, or of every rule that they reach where *name* is ``all``. Raises ``Misuse``."""
        if not isinstance(facts, Mapping):
            raise Misuse("facts are a JSON object: a value for each name")
        if name == "all":
            return rules.evaluate_all(list(self.rules().values()), facts, at, world=self, known_at=known_at)
        return rules.evaluate(self.rule(name), facts, at, world=self, known_at=known_at)

    def trace(self, name: str, at: date) -> Json:
        """The audit trail of a rule; see ``kb.rules.trail``."""
        return rules.trace(self.rule(name), at, self)
