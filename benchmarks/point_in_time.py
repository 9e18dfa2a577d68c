"""How long a point-in-time answer takes: in process, and from a cold process, over a knowledge base with a whole code.

usage: point_in_time.py KB [--questions N]

an answer under 0.2 ms in process; a cold process within 5 bare interpreter starts.
"""

from __future__ import annotations

import argparse
import compileall
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import kb
from kb.store.records import PROVISION

FIRST, DAYS = date(1986, 1, 1), 14_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kb", type=Path)
    parser.add_argument("--questions", type=int, default=2000)
    o = parser.parse_args()
    base = kb.load(o.kb)
    names = [row.id for row in base.store.stream(PROVISION, where="kind = 'article' and source is not null")]
    chance = random.Random(1)
    asked = [(chance.choice(names), FIRST + timedelta(chance.randrange(DAYS))) for _ in range(o.questions)]
    print(
        f"{len(names)} articles with text, {base.store.counts()['version']} versions, {base.store.counts()['citation']} citations"
    )
    good = told(
        "what it said (status, version, text)", [spent(lambda n=n, d=d: base.said(n, d)) for n, d in asked], 0.2
    )
    told("the whole answer (renvoi show)", [spent(lambda n=n, d=d: base.show(n, d)) for n, d in asked], None)
    told(
        "citation links into it",
        [spent(lambda n=n, d=d: base.follow(n, into=True, at=d)) for n, d in asked[:200]],
        None,
    )
    told("full text of a day", [spent(lambda d=d: base.search("pension de réversion", d)) for _, d in asked[:50]], None)
    told("table of contents of a day", [spent(lambda d=d: base.show("css", d)) for _, d in asked[:5]], None)
    compileall.compile_dir(Path(kb.__file__).parent, quiet=1)  # as an installed command finds it
    bare = min(process([sys.executable, "-c", "pass"]) for _ in range(7))
    cold = min(
        process(
            [
                sys.executable,
                "-c",
                "import sys; from kb.cli import run; sys.exit(run())",
                "show",
                names[len(names) // 2],
                "--at",
                "1997-05-01",
                "--kb",
                str(o.kb),
            ]
        )
        for _ in range(7)
    )
    fast = cold < 5 * bare
    print(
        f"{'ok ' if fast else 'LATE'} cold process {cold * 1000:.0f} ms, {cold / bare:.1f} bare interpreter starts of {bare * 1000:.0f} ms (at most 5)"
    )
    return 0 if good and fast else 1


def spent(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def process(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def told(what: str, times: list[float], limit: float | None) -> bool:
    middle, late = statistics.median(times) * 1000, sorted(times)[int(len(times) * 0.95)] * 1000
    good = limit is None or middle < limit
    verdict = "" if limit is None else f" (at most {limit} ms)"
    print(f"{'ok ' if good else 'LATE'} {what}: median {middle:.3f} ms, 95 in 100 under {late:.3f} ms{verdict}")
    return good


if __name__ == "__main__":
    sys.exit(main())
