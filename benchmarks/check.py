"""How long a draft takes to be checked, from a cold process: one of 100 pages, and folders of 100 and 1,000 documents.

    benchmarks/check.py [KB]     a knowledge base with codes in it (default: that of the packaged corpus)

The drafts cite articles of the base, drawn with a fixed seed. Medians of three runs.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from kb.ask.check import Checker
from kb.make.cache import packaged_base
from kb.store.reading import Store

ROOT = Path(__file__).resolve().parent.parent
RENVOI = [sys.executable, "-c", "import sys; from kb.cli import main; sys.exit(main())"]
PAGE = 4_000  # characters


def citations(base: Path) -> list[str]:
    """Articles of codes that the base holds, as drafts cite them."""
    store = Store(base)
    titles = {code.alias: code.title for code in store.registry().codes}
    select = "select text, num from provision where kind = 'article' and nature = 'code' and source is not null order by id limit 20000"
    return [
        f"l'article {num} du {titles[text][0].lower()}{titles[text][1:]}"
        for text, num in store.db.execute(select)
        if text in titles
    ]


def draft(cited: list[str], characters: int) -> str:
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < characters:
        words = f"La demande est examinée au regard de {random.choice(cited)}, puis de {random.choice(cited)}. "
        paragraphs.append(words + "Il est statué dans les délais prescrits, au vu des pièces du dossier. " * 4)
    return "\n\n".join(paragraphs)


def seconds(paths: list[str], base: Path) -> float:
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        command = [*RENVOI, "check", *paths, "--at", "2019-01-01", "--kb", str(base), "--json"]
        subprocess.run(command, stdout=subprocess.DEVNULL, cwd=ROOT)
        runs.append(time.perf_counter() - start)
    return statistics.median(runs)


def main() -> None:
    base = Path(sys.argv[1]) if len(sys.argv) > 1 else packaged_base()
    random.seed(1)
    cited = citations(base)
    with tempfile.TemporaryDirectory() as place:
        long = Path(place) / "long.txt"
        long.write_text(draft(cited, 100 * PAGE), encoding="utf-8")
        answer, _ = Checker(Store(base), date(2019, 1, 1)).check("long.txt", long.read_bytes())
        print(f"100 pages, {len(answer['citations'])} citations: {seconds([str(long)], base):.2f} s")
        for count in (100, 1000):
            folder = Path(place) / str(count)
            folder.mkdir()
            for rank in range(count):
                (folder / f"{rank}.txt").write_text(draft(cited, PAGE), encoding="utf-8")
            print(f"{count} documents of one page: {seconds([str(folder)], base):.2f} s")


if __name__ == "__main__":
    main()
