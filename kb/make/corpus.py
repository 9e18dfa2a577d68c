"""One corpus, as far as its stages have come: what the build fills and the rows are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from kb.cite.resolve.citation import Citation
from kb.ground.fault import Fault
from kb.ground.registry import Registry
from kb.ground.span import Span
from kb.rules import Rule
from kb.rules.cover import Measure
from kb.texts.provisions import Outline, Paragraph, Provision
from kb.texts.readers import Reading
from kb.texts.source import Source
from kb.time.events import Event
from kb.time.versions import Version


class Cited(NamedTuple):
    """A citation with the paragraph it stands in."""

    citation: Citation
    paragraph: Paragraph


@dataclass
class Corpus:
    """Everything read from a corpus folder, before it is written."""

    folder: Path
    registry: Registry
    sources: list[Source] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    outlines: list[Outline] = field(default_factory=list)
    provisions: dict[str, Provision] = field(default_factory=dict)
    cited: list[Cited] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    covered: list[Measure] = field(default_factory=list)
    holes: list[Measure] = field(default_factory=list)
    rule_texts: dict[str, str] = field(default_factory=dict)
    signed: dict[str, date] = field(default_factory=dict)
    dated: dict[str, Span] = field(default_factory=dict)
