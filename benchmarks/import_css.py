"""How long it takes to import the Code de la sécurité sociale, and how the cost grows.

usage: import_css.py [--legi-data PATH] [--git REPOSITORY] [--scale 1,2,4,8] [--engine local|dask] [--workers N]

PATH is the code as the npm package @socialgouv/legi-data gives it (LEGITEXT000006073189.json, or the package); REPOSITORY a clone of
lexlib/code-de-la-securite-sociale. Each import is a process of its own. Aims: legi-data with citations resolved under 15 s
and 1 GiB on 2 processors, the history of 1,771 commits under 2 min, costs linear in the number of codes.

Memory is what the process and its workers hold of their own at the peak; pages of the file that SQLite maps are not counted.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from _process import RENVOI, spent

CSS = "LEGITEXT000006073189"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--legi-data", type=Path)
    parser.add_argument("--git", type=Path)
    parser.add_argument("--scale", default="")
    parser.add_argument("--engine", default="local")
    parser.add_argument("--workers", default="2")
    o = parser.parse_args()
    engine = ["--engine", o.engine, "--workers", o.workers]
    good = True
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "a.kb"
        if o.legi_data:
            good &= told("legi-data", run([str(o.legi_data), "-o", str(target), *engine]), 15, 1024)
        if o.git:
            target.unlink(missing_ok=True)
            good &= told("git history", run([str(o.git), "-o", str(target), *engine]), 120, 1024)
            good &= told("git history, again", run([str(o.git), "-o", str(target), *engine]), 5, 1024)
        if o.scale:
            good &= scale(o.legi_data, [int(n) for n in o.scale.split(",")], Path(place), engine)
    return 0 if good else 1


def run(words: list[str]) -> dict[str, float]:
    """Seconds, peak MiB, MiB on disk and rows of one import."""
    seconds, peak, out = spent([*RENVOI, "import", "--json", *words])
    answer = json.loads(out)
    size = Path(answer["path"]).stat().st_size / (1 << 20)
    counts = {name: answer["counts"][name] for name in ("version", "paragraph", "citation")}
    return {"seconds": seconds, "peak": peak, "size": size, **counts}


def told(what: str, figures: dict[str, float], seconds: float | None = None, memory: float | None = None) -> bool:
    good = (seconds is None or figures["seconds"] < seconds) and (memory is None or figures["peak"] < memory)
    limits = f"  (at most {seconds} s, {memory} MiB)" if seconds else ""
    counts = ", ".join(f"{int(figures[k])} {k}s" for k in ("version", "paragraph", "citation"))
    print(
        f"{'ok ' if good else 'LATE'} {what}: {figures['seconds']:.1f} s, {figures['peak']:.0f} MiB, file of {figures['size']:.0f} MiB, {counts}{limits}",
        flush=True,
    )
    return good


def scale(path: Path, sizes: list[int], place: Path, engine: list[str]) -> bool:
    """The same code under several names, imported together: the cost of each must not grow."""
    file = path if path.suffix == ".json" else next(path.rglob(f"{CSS}.json"))
    text = file.read_text(encoding="utf-8")
    each = []
    for size in sizes:
        folder = place / f"codes-{size}"
        folder.mkdir()
        for n in range(size):
            name = f"LEGITEXT{900000000000 + n:012d}"
            (folder / f"{name}.json").write_text(
                text.replace(CSS, name).replace('"title":"Code de la sécurité sociale"', f'"title":"Code {n}"'),
                encoding="utf-8",
            )
        figures = run([str(folder), "-o", str(place / f"{size}.kb"), *engine])
        told(f"{size} codes' worth", figures)
        each.append(figures["seconds"] / size)
        for left in (*folder.iterdir(), place / f"{size}.kb"):
            left.unlink()
    growth = each[-1] / each[0]
    print(
        f"{'ok ' if growth < 1.3 else 'LATE'} seconds a code: {', '.join(f'{s:.1f}' for s in each)}; {growth:.2f} times as much at {sizes[-1]} as at {sizes[0]} (at most 1.3)"
    )
    return growth < 1.3


if __name__ == "__main__":
    sys.exit(main())
