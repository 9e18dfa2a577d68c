"""How long the packaged corpus takes to build from nothing, and a cold question to be answered.

Whole processes, medians; the question as a ratio to a bare interpreter's start, measured in turn with it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RENVOI = [sys.executable, "-c", "import sys; from kb.cli import main; sys.exit(main())"]
RUNS = 15


def seconds(command: list[str], **environment: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, **environment})
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        base = str(Path(place) / "made.kb")
        fresh = [seconds([*RENVOI, "build", "-o", base], XDG_CACHE_HOME=f"{place}/{run}") for run in range(5)]
        again = [seconds([*RENVOI, "build", "-o", base], XDG_CACHE_HOME=f"{place}/0") for _ in range(5)]
        bare, show, cite = [], [], []
        for _ in range(RUNS):
            bare.append(seconds([sys.executable, "-c", "pass"]))
            show.append(seconds([*RENVOI, "show", "--kb", base, "css/D253-81", "--at", "1997-05-01"]))
            cite.append(
                seconds(
                    [*RENVOI, "cite", "--kb", base, str(ROOT / "corpus/registry/notes.toml")],
                    XDG_CACHE_HOME=f"{place}/0",
                )
            )
        median = statistics.median
        print(f"build, grammars compiled too     {median(fresh):.2f} s   (limit 1 s)")
        print(f"build, grammars compiled before  {median(again):.2f} s")
        print(f"bare interpreter                 {median(bare) * 1000:.0f} ms")
        for name, runs in (("show", show), ("cite", cite)):
            ratio = median(run / floor for run, floor in zip(runs, bare, strict=True))
            print(
                f"cold {name}                        {median(runs) * 1000:.0f} ms, {ratio:.1f} bare starts"
                + ("   (limit 5)" if name == "show" else "")
            )


if __name__ == "__main__":
    main()
