"""How long the rule language takes: reading it, one evaluation with its trace, ten thousand questions to a process.

In this process, processor time; of whole processes, wall time. Ratios are to a floor measured in turn: the same bytes cut into words by ``re`` for the reading, a bare interpreter's start
for whole processes.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kb import rules  # noqa: E402
from kb.ask.rulebook import Rulebook  # noqa: E402
from kb.store.reading import Store  # noqa: E402

RENVOI = [sys.executable, "-c", "import sys; from kb.cli import main; sys.exit(main())"]
QUESTIONS = (
    ("abandon-cotisations", {"cotisations": "60 FRF", "majorations": "39.99 FRF"}),
    ("acquisition-definitive", {"trop_percu": "15.24 EUR", "date_reglement": "1996-02-29"}),
    ("anv-delai", {"nature": "autre", "date_depart": "1996-05-31"}),
    ("abandon-indus", {"indus": [{"type": "als", "montant": "60 FRF"}, {"type": "maladie", "montant": "150 FRF"}]}),
    ("anv-avis", {}),
)
AT = date(1997, 5, 1)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def busy(work: Callable[[], object], runs: int = 1) -> float:
    """Processor time of one run in this process, the best of nine batches: others share the machine."""
    best = float("inf")
    for _ in range(9):
        start = time.process_time()
        for _ in range(runs):
            work()
        best = min(best, (time.process_time() - start) / runs)
    return best


# As installed: bytecode is kept, whatever the shell of the one who measures says.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def process(command: list[str], given: str = "", **environment: str) -> float:
    return seconds(
        lambda: subprocess.run(
            command,
            input=given,
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, **environment},
        )
    )


def main() -> None:
    median = statistics.median
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus/rules").glob("*.rule"))}
    first = seconds(lambda: rules.parse("", "x") and rules.parse("note : a", "x"))
    again = busy(lambda: [rules.parse(text, path) for path, text in texts.items()])
    floor = busy(lambda: [re.findall(r"\w+|\S", text) for text in texts.values()])
    size = sum(map(len, texts.values()))
    print(f"grammar made ready, lark imported     {first * 1e3:.0f} ms")
    print(
        f"rules read ({size} characters)       {again * 1e3:.0f} ms   (limit 100 ms; {again / floor:.0f} times cutting into words)"
    )
    with tempfile.TemporaryDirectory() as place:
        base = str(Path(place) / "made.kb")
        process([*RENVOI, "build", "-o", base])
        book = Rulebook(Store(Path(base)))
        for name, facts in QUESTIONS:
            rule = book.rule(name)
            runs = 300
            evaluated = busy(lambda: rules.evaluate(rule, facts, AT, world=book), runs)  # noqa: B023
            traced = busy(lambda: rules.trace(rule, AT, book), runs)  # noqa: B023
            print(
                f"{name:24} evaluated {evaluated * 1e6:4.0f} µs, traced {traced * 1e6:4.0f} µs, both {(evaluated + traced) * 1e6:4.0f} µs   (limit 200 µs)"
            )
        lines = "".join(
            json.dumps({"rule": name, "at": AT.isoformat(), "facts": facts}) + "\n"
            for _ in range(10_000 // len(QUESTIONS))
            for name, facts in QUESTIONS
        )
        bare = median(process([sys.executable, "-c", "pass"]) for _ in range(9))
        one = median(
            process([*RENVOI, "apply", "--kb", base, "anv-avis", "--at", "1997-05-01", "--facts", "{}", "--json"])
            for _ in range(9)
        )
        many = median(process([*RENVOI, "apply", "--kb", base, "--jsonl", "-"], lines) for _ in range(3))
        print(f"bare interpreter                      {bare * 1e3:.0f} ms")
        print(
            f"one question, cold process            {one * 1e3:.0f} ms   ({one / bare:.1f} times the bare interpreter)"
        )
        print(
            f"10,000 questions by --jsonl           {many:.2f} s   (limit 3 s; {many / bare:.0f} times the bare interpreter)"
        )


if __name__ == "__main__":
    main()
