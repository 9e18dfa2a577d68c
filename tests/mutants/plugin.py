"""A plugin of pytest: which test runs which line (with coverage), or only the tests that are asked for, in that order.

``MUTANTS_MAP`` names the file into which the first is written, ``MUTANTS_TESTS`` the one from which the second is read;
``MUTANTS_SECONDS`` are the seconds of processor time that the second may take: how busy the machine is does not count.

What a fixture that outlives a test runs is told apart from what the test runs: every test that uses it counts as running it.
What importing and collecting a file runs counts for all its tests. A process that a test starts says for which one it runs.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# the same examples every time, nothing remembered, and no time spent on the smallest one
settings.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)


class Map:
    """Writes, for each test that passes, its seconds and the contexts that count for it."""

    def __init__(self, path: Path) -> None:
        from coverage import Coverage

        self.path = path
        self.coverage = Coverage.current()
        self.contexts: list[str] = []
        self.tests: dict[str, tuple[float, list[str]]] = {}
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def enter(self, context: str) -> None:
        self.contexts.append(context)
        self._switch()

    def leave(self) -> None:
        self.contexts.pop()
        self._switch()

    def _switch(self) -> None:
        context = self.contexts[-1] if self.contexts else ""
        os.environ["MUTANTS_CONTEXT"] = context  # read by the coverage of a process that the test starts
        if self.coverage:
            self.coverage.switch_context(context)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        self.enter(collector.nodeid.partition("::")[0])
        report = yield
        self.leave()
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.enter(item.nodeid)
        done = yield
        self.leave()
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        self.enter(f"fixture {fixturedef.argname}")
        try:
            return (yield)
        finally:
            self.leave()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if not report.passed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        for item in session.items:
            if item.nodeid not in self.failed:
                used = [f"fixture {name}" for name in getattr(item, "fixturenames", ())]
                own = [item.nodeid, item.nodeid.partition("::")[0], *used]
                self.tests[item.nodeid] = (self.seconds.get(item.nodeid, 0.0), own)
        self.path.write_text(json.dumps(self.tests), encoding="utf-8")


class Only:
    """Runs the tests that are asked for, in that order."""

    def __init__(self, path: Path) -> None:
        self.order = {name: i for i, name in enumerate(json.loads(path.read_text(encoding="utf-8")))}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order), key=lambda item: self.order[item.nodeid]
        )


def pytest_configure(config: pytest.Config) -> None:
    if path := os.environ.get("MUTANTS_MAP"):
        config.pluginmanager.register(Map(Path(path)))
    if seconds := os.environ.get("MUTANTS_SECONDS"):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    if path := os.environ.get("MUTANTS_TESTS"):
        config.pluginmanager.register(Only(Path(path)))
