"""What an import is asked and what it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from kb.ground.fault import Fault
from kb.texts.readers.decided import Said

CHUNK = 250  # versions a worker is handed at once: enough to hide what handing over costs

Progress = Callable[[str, int, int], None]


@dataclass
class Report:
    """What was done: counts, the contradictions by code, the faults met. ``stopped``: a grave one, nothing is written."""

    containers: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    anomalies: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)  # of documents, by source: the text, the file

    @property
    def stopped(self) -> bool:
        return any(fault.grave for fault in self.faults)


class Options(NamedTuple):
    """How an import runs; ``format`` names the format of every path instead of detecting it, ``within`` the code of article files;
    ``said`` is what a person decided of the one document that is imported."""

    format: str | None = None
    engine: str = "local"
    scheduler: str | None = None
    workers: int | None = None
    progress: Progress | None = None
    within: str | None = None
    said: Said = Said()


DEFAULTS = Options()
