"""What a question costs beside the SQL it cannot do without, in one run, over a knowledge base with a whole code.

usage: questions.py KB [--day YYYY-MM-DD] [--text CODE] [--questions N]

Each line: ours and the bare SQL in milliseconds, and their ratio (at most 3). The bare SQL fetches the rows of the answer
from the same file and makes nothing of them.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import kb
from kb.store import search

AT_MOST = 3.0
IN_FORCE = "h.start <= ? and (h.end is null or h.end > ?)"
CITING = f"exists (select 1 from held h where h.version = citation.version and {IN_FORCE})"
INTO = f"select * from citation where (target_provision = ? or (target_provision > ? and target_provision < ?)) and {CITING}"
NAMED = ("select * from provision where id = ?", "select * from version where provision = ? order by start")
WORDS = ("pension de réversion", "sécurité sociale", "article décret", "plafond", "mise en demeure")
CONTENTS = (
    f"select provision, version from held h where provision >= ? and provision < ? and {IN_FORCE}",
    "select id, parent, kind, title, rank from provision where id >= ? and id < ?",
    "select provision, parent, title from place h where provision >= ? and provision < ? "
    "and (start is null or start <= ?) and (end is null or end > ?) order by provision, start",
)
FOUND = "select rowid from search where search match ? order by bm25(search) limit 20"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kb", type=Path)
    parser.add_argument("--day", type=date.fromisoformat, default=date(2020, 1, 1))
    parser.add_argument("--text", default="css")
    parser.add_argument("--questions", type=int, default=1000)
    o = parser.parse_args()
    base, day, iso = kb.load(o.kb), o.day, o.day.isoformat()
    sql = base.store.db

    def bare(select: str, *values: str) -> Callable[[], object]:
        return lambda: sql.execute(select, values).fetchall()

    def into(name: str) -> Callable[[], object]:
        asked = [bare(select, name) for select in NAMED]
        asked.append(bare(INTO, name, name + "/", name + "0", iso, iso))
        return lambda: [ask() for ask in asked]

    most = "select target_provision from citation where target_provision is not null group by 1 order by count(*) desc limit 120"
    cited = [name for (name,) in sql.execute(most)]
    articles = [
        name for (name,) in sql.execute("select id from provision where kind = 'article' and source is not null")
    ]
    some = random.Random(1).sample(articles, min(o.questions, len(articles)))
    good = [
        told(
            "follow --in, the 20 most cited",
            [(lambda n=n: base.follow(n, into=True, at=day), into(n)) for n in cited[:20]],
        ),
        told(
            "follow --in, the 100 next", [(lambda n=n: base.follow(n, into=True, at=day), into(n)) for n in cited[20:]]
        ),
        told("follow --in, any article", [(lambda n=n: base.follow(n, into=True, at=day), into(n)) for n in some]),
        told("show, the 20 most cited", [(lambda n=n: base.show(n, day), into(n)) for n in cited[:20]]),
    ]
    bounds = (o.text + "/", o.text + "0")
    parts = [bare(CONTENTS[0], *bounds, iso, iso), bare(CONTENTS[1], *bounds), bare(CONTENTS[2], *bounds, iso, iso)]
    good.append(told("contents of a code", [(lambda: base.show(o.text, day), lambda: [part() for part in parts])]))
    good.append(
        told(
            "search, two words or common ones",
            [(lambda w=w: base.search(w), bare(FOUND, search.question(w))) for w in WORDS],
        )
    )
    return 0 if all(good) else 1


def told(what: str, pairs: list[tuple[Callable[[], object], Callable[[], object]]]) -> bool:
    """One line: medians, 95th centiles, and the ratio of the sums."""
    ours, bare = [[best(ask) for ask in asked] for asked in zip(*pairs, strict=True)]
    ratio = sum(ours) / sum(bare)
    good = ratio <= AT_MOST
    print(
        f"{'ok  ' if good else 'LATE'} {what:34} median {statistics.median(ours):8.3f} ms (bare {statistics.median(bare):8.3f})"
        f"   p95 {late(ours):8.3f} ({late(bare):8.3f})   {ratio:5.1f} times (at most {AT_MOST:.0f})"
    )
    return good


def late(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, round(len(times) * 0.95))]


def best(ask: Callable[[], object]) -> float:
    """Milliseconds, the better of three."""
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - start) * 1000)
    return min(spent)


if __name__ == "__main__":
    sys.exit(main())
