"""One promise, how many things were held against it, and what failed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Check:
    name: str
    held: int = 0
    failures: list[str] = field(default_factory=list)

    def hold(self, good: bool, failure: str) -> None:
        self.held += 1
        if not good:
            self.failures.append(failure)
