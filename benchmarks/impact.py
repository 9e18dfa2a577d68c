"""How long the questions about change take, from a cold process: stale citations of each code and of all, a year's impact.

    benchmarks/impact.py [KB] [DAY]     a knowledge base with codes in it (default: that of the packaged corpus, 2019-01-01)

Medians of three runs.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from kb.make.cache import packaged_base
from kb.store.reading import Store

ROOT = Path(__file__).resolve().parent.parent
RENVOI = [sys.executable, "-c", "import sys; from kb.cli import main; sys.exit(main())"]


def asked(base: Path, *words: str) -> tuple[float, str]:
    """The median of the seconds that a command takes, and its answer."""
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(
            [*RENVOI, *words, "--kb", str(base), "--json"], stdout=subprocess.PIPE, cwd=ROOT, check=True, text=True
        )
        runs.append(time.perf_counter() - start)
    return statistics.median(runs), done.stdout


def main() -> None:
    base = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else packaged_base()
    day = date.fromisoformat(sys.argv[2]) if len(sys.argv) > 2 else date(2019, 1, 1)
    for code in (*sorted(Store(base).held_codes()), ""):
        took, answer = asked(base, "stale", *filter(None, [code]), "--at", day.isoformat())
        print(f"stale {code or 'everything'} on {day}: {took:.2f} s, {json.loads(answer)['summary']}")
    took, answer = asked(base, "impact", day.replace(year=day.year - 1).isoformat(), day.isoformat())
    print(f"impact of the year before {day}: {took:.2f} s, {json.loads(answer)['summary']}")


if __name__ == "__main__":
    main()
