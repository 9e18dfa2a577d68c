"""Full text as of a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kb.ground.fault import Misuse
from kb.store import search as index
from kb.store.reading import Store

if TYPE_CHECKING:
    from kb.ask.answers import HitAnswer, Searched


def search(store: Store, asked: str, at: date | None = None, limit: int = 20) -> Searched:
    """The versions that hold all the words of *asked*, best first; on the day *at* those then in force.

    Without a day, each provision is found once, in its last version that holds the words. Raises ``Misuse``.
    """
    if limit < 1:
        raise Misuse(f"--limit {limit}: a number of hits from 1 on")
    found = store.found(index.question(asked), at)
    latest: dict[str, str] = {}
    for provision, version in found:
        latest[provision] = max(version, latest.get(provision, ""))
    best = dict.fromkeys((provision, version) for provision, version in found if version == latest[provision])
    hits = [_hit(store, provision, version, asked) for provision, version in list(best)[:limit]]
    return {"words": asked, "at": at.isoformat() if at else None, "total": len(latest), "hits": hits}


def _hit(store: Store, provision: str, version: str, asked: str) -> HitAnswer:
    spoken = store.spoken([p for p in store.paragraphs(provision, version) if p.kind in ("alinea", "nota")])
    text = "\n".join(" ".join(words.split()) for _, words in spoken)
    start, end, found = index.excerpt(text, asked)
    row = store.provision(provision)
    marks = [[a - start, b - start] for a, b in found if start <= a and b <= end]
    excerpt = text[start:end].replace("\n", " ")
    return {"id": provision, "title": row.title if row else "", "version": version, "excerpt": excerpt, "marks": marks}
