#!/usr/bin/env python3
"""Limits in words: how fast they are read, beside bare regular expressions as floor, and how well, by form.

usage: python benchmarks/limits.py [FILE] [--rounds N] [--phrases FILE] [--write]

FILE is a .jsonl or .jsonl.gz with a "text" in each line; without it, the Code de la sécurité sociale beside the checkout
(../shared/data/links_css.jsonl.gz). Everything runs in one process, the parties taking turns; the median of each counts,
in characters per second of processor time. --phrases (default: ../shared/gold/limits.jsonl) holds annotated phrases,
{"text", "form", "doubt", "limits": [{"start", "end", "operator", "value", "unit"}]}; --write puts their table into
docs/limits.md. The exit status is 1 when a limit is reversed, or an operator is wrong more than 5 times in 100.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kb.words.limits import _START, Limit, limits  # noqa: E402
from kb.words.quantities import quantities  # noqa: E402

SHARED = ROOT.parent / "shared"
PAGE = ROOT / "docs" / "limits.md"
MARKS = "<!-- figures -->", "<!-- end of figures -->"
# what one would write by hand: comparator, a few words, a number; a "ne" in the twenty characters before
CRUDE = re.compile(
    r"(\bn[e'’][^.;]{0,20})?\b(?:inférieure?s?|supérieure?s?|excèd\w+|excéd\w+|dépass\w+|attei\w+|au moins|au plus|plus de|moins de"
    r"|jusqu'|avant|après|à compter|à partir|dans la limite|maxim\w+|minim\w+|dans un délai)[^.;\d]{0,40}?\d[\d ]*",
    re.I,
)


def texts(path: Path) -> list[str]:
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8").strip().split("\n")
    return [json.loads(line)["text"] for line in lines]


def speed(all_: list[str], rounds: int) -> dict[str, float]:
    """Characters per second of each party."""
    parties: dict[str, Callable[[str], object]] = {
        "limits": limits,
        "quantities": quantities,
        "scanner alone": lambda text: sum(1 for _ in _START.finditer(text)),
        "crude regex": lambda text: sum(1 for _ in CRUDE.finditer(text)),
    }
    size = sum(map(len, all_))
    took: dict[str, list[float]] = defaultdict(list)
    for party in parties.values():
        party(all_[0])  # grammars are loaded before the clock runs
    for _ in range(rounds):
        for name, party in parties.items():
            start = time.process_time()
            for text in all_:
                party(text)
            took[name].append(size / (time.process_time() - start))
    return {name: statistics.median(values) for name, values in took.items()}


def same(value: str, other: str) -> bool:
    try:
        return Fraction(value) == Fraction(other)
    except ValueError:
        return value == other


SIDE = {"<": -1, "<=": -1, "=": 0, ">=": 1, ">": 1}


def figures(path: Path) -> dict[str, Counter[str]]:
    """By form: phrases, limits, found, operator right, reversed, value and unit right, false."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for line in path.read_text(encoding="utf-8").splitlines():
        phrase: dict[str, Any] = json.loads(line)
        if phrase["doubt"]:
            continue
        count = forms[phrase["form"]]
        read = [limit for limit in limits(phrase["text"]) if limit.operator != "=" or "est égal" in limit.quote]
        count["phrases"] += 1
        for wanted in phrase["limits"]:
            count["limits"] += 1
            meeting = [x for x in read if x.start < wanted["end"] and wanted["start"] < x.end]
            best: Limit | None = max(meeting, key=lambda x: same(x.value, wanted["value"]), default=None)
            if best is None:
                continue
            read.remove(best)
            units = {wanted["unit"], *wanted.get("unit_also", ())}
            count["found"] += 1
            count["right"] += best.operator == wanted["operator"]
            count["reversed"] += SIDE[best.operator] * SIDE[wanted["operator"]] < 0
            count["value"] += same(best.value, wanted["value"]) and best.unit in units
        count["false"] += sum(x.operator != "=" for x in read)
    return forms


COLUMNS = ("phrases", "limits", "found", "right", "reversed", "value", "false")


def table(forms: dict[str, Counter[str]]) -> str:
    total = sum(forms.values(), Counter())
    rows = [*sorted(forms.items()), ("**all**", total)]
    head = "| form | phrases | limits | found | operator right | reversed | value and unit right | too many |\n"
    head += "| --- |" + " ---: |" * len(COLUMNS) + "\n"
    return head + "".join(f"| {name} | " + " | ".join(str(c[k]) for k in COLUMNS) + " |\n" for name, c in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=SHARED / "data" / "links_css.jsonl.gz")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--phrases", type=Path, default=SHARED / "gold" / "limits.jsonl")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.file.exists():
        for name, rate in speed(texts(options.file), options.rounds).items():
            print(f"{name:14} {rate / 1e6:6.2f} M characters/s")
    if not options.phrases.exists():
        return 0
    forms = figures(options.phrases)
    print(table(forms))
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, after = page.partition(MARKS[0])[0], page.partition(MARKS[1])[2]
        PAGE.write_text(f"{before}{MARKS[0]}\n{table(forms)}{MARKS[1]}{after}", encoding="utf-8")
    total = sum(forms.values(), Counter())
    return int(total["reversed"] > 0 or total["right"] < 0.95 * total["limits"])


if __name__ == "__main__":
    sys.exit(main())
