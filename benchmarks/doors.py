"""All doors, one answer: every bound of every version of a knowledge base, the day before and the day after.

usage: doors.py KB [--questions N] [--links N]

Asked: ``said``, ``show``, the rules' basis, the graph and the exported intervals on every bound (or *N* of them, by chance), the
table of contents of every code at the bounds most met, and what cites the *N* provisions most cited. Prints the differences and
their number; exit 1 when there is one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import date
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import doors

import kb
from kb.store.records import CITATION, CODE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kb", type=Path)
    parser.add_argument("--questions", type=int, default=1 << 30)
    parser.add_argument("--links", type=int, default=200)
    o = parser.parse_args()
    base = kb.load(o.kb)
    start = time.perf_counter()
    every = list(doors.questions(base))
    asked = doors.sample(every, o.questions)
    met: Counter[date] = Counter(day for _, day in every)
    codes = [row.alias for row in base.store.stream(CODE) if base.store.parts(row.alias)]
    most: Counter[str] = Counter(
        c.target_provision
        for c in base.store.stream(CITATION, where="target_provision is not null")
        if c.target_provision
    )
    bounds = dict(every)
    cited = [(name, bounds.get(name, date(2000, 1, 1))) for name, _ in most.most_common(o.links)]
    parts = {
        "versions": doors.held(base, asked),
        "tables of contents": doors.texts(base, codes, [day for day, _ in met.most_common(12)]),
        "links": doors.links(base, cited),
    }
    found = 0
    for name, lines in parts.items():
        first = time.perf_counter()
        differences = list(lines)
        found += len(differences)
        print(f"{len(differences)} differences, {name} ({time.perf_counter() - first:.0f} s)", flush=True)
        for line in chain(differences[:10]):
            print("   ", line)
    print(
        f"{found} differences, {len(asked)} of {len(every)} questions, {len(codes)} codes, {len(cited)} cited provisions, {time.perf_counter() - start:.0f} s"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
