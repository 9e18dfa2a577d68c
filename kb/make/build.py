"""Conduct the journey, from files to a knowledge base; the only module that knows its order.

A corpus folder and imported law go the same way. *Collect* reads every container once and keeps what it states (``witness``)
and the texts (``source``). *Harvest* maps the text of each version that is new to its paragraphs, citations and events, on
any engine. *Settle* makes the versions of every provision that was touched, names what is cited, and says what contradicts.
Then rules are proved against all that is held. Each pass is bounded in memory by what it works on, not by the size of the
law. The new file takes the place of the old one at the end.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kb.ground.acts import act_title
from kb.ground.data import folder as packaged
from kb.ground.fault import Fault
from kb.ground.registry import Registry, read_registry
from kb.make import corpus as own
from kb.make import registry as keep
from kb.make.collect import Collector
from kb.make.corpus import Corpus
from kb.make.formats import Format, Opened, detect
from kb.make.report import DEFAULTS, Options, Report
from kb.make.rules import keep_rules, renew, rule_files
from kb.make.settle import settle_touched
from kb.make.spread import harvest_new
from kb.store import records as r
from kb.store.file import writing
from kb.store.importing import Import
from kb.store.reading import registry_of

Found = Sequence[tuple[Path, Format]]


class _Stop(Exception):
    """Leave without writing."""


@dataclass
class Built:
    """What a build read and what was wrong; *texts* are those of the files that faults stand in, by source."""

    corpus: Corpus
    report: Report
    faults: list[Fault] = field(default_factory=list)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def stopped(self) -> bool:
        """Whether a grave fault kept anything from being written."""
        return any(fault.grave for fault in self.faults)


def build(
    folder: Path, target: Path, law: Iterable[Path] = (), options: Options = DEFAULTS, rules: Iterable[Path] = ()
) -> Built:
    """Read the corpus in *folder*, the law in *law* and the rule files in *rules*, and write the knowledge base to *target* as
    one file.

    Raises ``Misuse`` when something cannot be read; when a grave fault stops the build, nothing is written.
    """
    found = [(path, detect(path, options.format)) for path in law]
    corpus = own.read_corpus(folder)
    files = rule_files(folder, rules)
    built = Built(corpus, Report(), list(corpus.faults))
    built.texts.update({source.id: (source.text, str(folder / source.path)) for source in corpus.sources})
    if built.stopped:
        return built
    try:
        with _uncollected(), writing(target) as db:
            write(Import(db), built, found, options, files)
            if built.stopped:
                raise _Stop
    except _Stop:
        pass
    return built


def write(
    law: Import, built: Built, found: Found = (), options: Options = DEFAULTS, files: Mapping[str, Path] | None = None
) -> None:
    """Write a corpus that was read, law beside it and the rules in *files* (those of the corpus) into an open store."""
    corpus = built.corpus
    registry, report = corpus.registry, built.report
    law.put(r.META, [r.Meta("corpus", corpus.place)])
    with law.indexed_after():
        keep.keep_codes(law, registry)
        keep.keep_statements(law, registry)
        collector = Collector(law, registry, report)
        collector.take(corpus.folder, Opened(corpus.container, own.records(corpus)))
        _fold(law, collector, registry, found, options)
    built.faults += report.faults
    rule_faults = list(built.faults)
    built.texts |= keep_rules(law, files or rule_files(corpus.folder, ()), registry, rule_faults)
    more = rule_faults[len(built.faults) :]
    built.faults += more
    law.put(r.FAULT, [r.fault(each, None) for each in (*corpus.faults, *more)])
    built.texts |= {name: text for name, text in report.texts.items() if name not in built.texts}
    built.faults += law.read_faults({*(source.id for source in corpus.sources), *report.texts})


def import_law(paths: Iterable[Path], target: Path, options: Options = DEFAULTS) -> Report:
    """Add the law in *paths* to the knowledge base at *target*, or to a new one that knows the codes by name.

    Raises ``Misuse`` for what cannot be imported; then, and after a grave fault, nothing is written.
    """
    found = [(path, detect(path, options.format)) for path in paths]
    report = Report()
    try:
        with _uncollected(), writing(target, add=True) as db:
            law = Import(db)
            if law.empty:
                keep.keep_codes(law, read_registry(packaged("corpus"))[0])
            registry = _registry(law)
            with law.indexed_after():
                _fold(law, Collector(law, registry, report), registry, found, options)
            renew(law)
            report.faults += law.read_faults(report.texts)
            if not report.containers:
                raise _Stop  # all of it was imported before: the file stays as it is
    except _Stop:
        pass
    return report


def _fold(law: Import, collector: Collector, registry: Registry, found: Found, options: Options) -> None:
    """Fold containers into an open store. Raises ``Misuse``; a grave fault is in the report and stops it."""
    report = collector.report
    for path, format in found:
        opened = format.open(path, options, registry, law.state)
        if opened:
            collector.take(path, opened, options.progress)
        if report.stopped:
            raise _Stop
    harvest_new(law, registry, report, options)
    settle_touched(law, registry, report)
    report.counts["provisions"] += law.count_touched()


def _registry(law: Import) -> Registry:
    """The codes, and the acts of which something more than a citation is known: what an earlier import cited decides nothing."""
    registry = registry_of(law.db)
    registry.acts = {name: act for name, act in registry.acts.items() if act.title != act_title(name)}
    return registry


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cycle collector: an import makes millions of records and no cycles worth a look at each."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
