#!/usr/bin/env python3
"""How fast citations are found and resolved: side by side with metslesliens and with the bare scanner as floor.

usage: python benchmarks/citations.py [FILE] [--rounds N] [--share N] [--workers N]

FILE is a .jsonl or .jsonl.gz with a "text" in each line (an article), or a plain text. Without it, the Code de la
sécurité sociale beside the checkout (../shared/data/links_css.jsonl.gz) if it is there, else the two documents of the
corpus over and over. Everything runs in one process, the parties taking turns round after round; the median of each
counts, in characters per second of processor time. metslesliens, a package of others, reads every N-th article (--share), as it is slow.
The exit status is 1 when extraction is under 10 times metslesliens, resolution under 6 times, or a text ten times longer
costs more than 13 times as much.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kb.cite.find import find, forget  # noqa: E402
from kb.cite.find.scan import OVER, starts  # noqa: E402
from kb.cite.resolve import Resolver  # noqa: E402
from kb.ground.registry import Registry, read_registry  # noqa: E402

CSS = ROOT.parent / "shared" / "data" / "links_css.jsonl.gz"


def texts(path: Path | None) -> list[str]:
    """The articles of *path*, or of the text at hand."""
    path = path or (CSS if CSS.exists() else None)
    if path is None:
        seeds = [f.read_text(encoding="utf-8") for f in sorted((ROOT / "corpus" / "sources").glob("*/*.txt"))]
        return [block for text in seeds for block in text.split("\n\n")] * 40
    if ".jsonl" in path.name:
        data = path.read_bytes()
        lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8").strip().split("\n")
        return [json.loads(line)["text"] for line in lines]
    return [path.read_text(encoding="utf-8")]


def scan(text: str) -> None:
    """The floor: every place where a citation could begin, and nothing else."""
    at = 0
    while at < len(text):
        at = starts()(text, at).end()  # type: ignore[union-attr]
        if at < len(text):
            at = OVER(text, at).end()  # type: ignore[union-attr]


def resolver() -> Resolver:
    registry: Registry = read_registry(ROOT / "corpus")[0]
    return Resolver(registry)


def rate(work: Callable[[str], object], articles: list[str]) -> float:
    """Characters per second of processor time of one round."""
    forget()
    start = time.process_time()
    for text in articles:
        work(text)
    return sum(map(len, articles)) / max(1e-9, time.process_time() - start)


_mine: Resolver


def _prepare() -> None:
    global _mine
    _mine = resolver()
    find("article 1er")


def _chunk(articles: list[str]) -> int:
    total = 0
    for text in articles:
        _mine.forget()
        total += len(_mine.read(text, within="css/L111-1")[0])
    return total


def workers(articles: list[str], count: int) -> None:
    """The same work on several processes: wall time, chunks of 250 articles."""
    chunks = [articles[i : i + 250] for i in range(0, len(articles), 250)]
    size = sum(map(len, articles))
    for n in (1, count):
        with multiprocessing.Pool(n, _prepare) as pool:
            pool.map(_chunk, chunks[:n])
            start = time.perf_counter()
            found = sum(pool.imap_unordered(_chunk, chunks))
            spent = time.perf_counter() - start
        print(f"{n} worker(s)          {size / spent / 1e6:8.2f} M characters/s of wall time, {found} citations")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--share", type=int, default=12)
    parser.add_argument("--workers", type=int, default=0)
    options = parser.parse_args()
    articles = texts(options.file)
    mine = resolver()

    def resolve(text: str) -> None:
        mine.forget()
        mine.read(text, within="css/L111-1")

    parties: dict[str, tuple[Callable[[str], object], list[str]]] = {
        "scanner alone (floor)": (scan, articles),
        "find": (find, articles),
        "find and resolve": (resolve, articles),
    }
    try:
        from metslesliens import donnelescandidats
    except ImportError:
        print("metslesliens is not installed: pip install metslesliens for the comparison")
    else:
        parties["metslesliens"] = (lambda text: list(donnelescandidats(text, "structuré")), articles[:: options.share])
    rounds: dict[str, list[float]] = {name: [] for name in parties}
    for _ in range(options.rounds):
        for name, (work, some) in parties.items():
            rounds[name].append(rate(work, some))
    best = {name: statistics.median(speeds) for name, speeds in rounds.items()}
    print(f"{len(articles)} articles, {sum(map(len, articles))} characters, median of {options.rounds} rounds")
    floor = best["scanner alone (floor)"]
    peer = best.get("metslesliens")
    for name, speed in best.items():
        ratio = f"{speed / peer:6.1f} x metslesliens" if peer else ""
        print(f"{name:22} {speed / 1e6:8.2f} M characters/s {speed / floor:6.2f} x floor {ratio}")
    whole = "\n\n".join(articles)
    million = (whole * (1_000_000 // len(whole) + 1))[:1_000_000]
    short = statistics.median(1e6 / rate(find, [million]) for _ in range(5))
    long = statistics.median(1e7 / rate(find, [million * 10]) for _ in range(3))
    print(f"one text of 1 M characters {short:.2f} s, of 10 M {long:.2f} s: {long / short:.1f} times")
    if options.workers:
        workers(articles, options.workers)
    slow = peer is not None and (best["find"] < 10 * peer or best["find and resolve"] < 6 * peer)
    return 1 if slow or long > 13 * short else 0


if __name__ == "__main__":
    sys.exit(main())
