"""A few sentences as if they were law: places, and a world without history, for rules that need no corpus."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from rules_world import CORPUS

from kb import rules
from kb.ground.fault import Fault, render
from kb.ground.registry import Registry, read_registry
from kb.rules.proof import Checked, check
from kb.rules.since import Since
from kb.texts.source import Source


class Paper:
    """The places of *law*: sentences by the id of what says them."""

    def __init__(self, law: Mapping[str, str]) -> None:
        self.law = law
        self.registry: Registry = read_registry(CORPUS)[0]
        self.proved: dict[str, rules.Rule] = {}

    def span(self, locator: str) -> tuple[str, list[tuple[int, int]]] | None:
        return (locator, [(0, len(self.law[locator]))]) if locator in self.law else None

    def provision_at(self, source: str, offset: int) -> str:
        return source

    def source(self, source: str) -> Source:
        text = self.law[source]
        return Source(source, source, text.encode(), text, hashlib.sha256(text.encode()).hexdigest(), {})

    def exists(self, id: str) -> bool:
        return id in self.law

    def bounds(self, version: str) -> None:
        return None

    def normative(self) -> Iterable[tuple[str, int, int, str]]:
        return ()

    def since(self, rule: str) -> list[Since]:
        return []

    def version_at(self, provision: str, day: date) -> None:
        return None

    def rules(self) -> Mapping[str, rules.Rule]:
        return self.proved

    def read(self, text: str) -> Checked:
        """The rules of *text* proved on this law; the faults of every stage together."""
        book = rules.parse(text, "papier.rule")
        made = check(book.rules, book.waivers, self, self.registry)
        self.proved = {rule.id: rule for rule in made.rules}
        return made._replace(faults=[*book.faults, *made.faults])

    def ask(self, name: str, at: str, **facts: object) -> rules.Evaluation:
        """What a proved rule answers, as the store gives it back."""
        rule = rules.from_json(rules.to_json(self.proved[name]))
        return rules.evaluate(rule, facts, date.fromisoformat(at), world=self)


def shown(faults: Iterable[Fault], text: str) -> str:
    """Faults as a person reads them."""
    return "\n".join(render(fault, text, "papier.rule") for fault in faults)
