"""Claims become versions: the pure part of merging, contradiction by contradiction."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kb.ground.period import Edge
from kb.texts.containers.records import REMOVED, end_bound, start_bound
from kb.time.merge import Claim, merge
from kb.time.proof import Proof


def claim(rank: int, start: str, end: str | None, *, by: str = "a", history: bool = False, **more: object) -> Claim:
    stop = date.fromisoformat(end) if end else Edge.UNKNOWN
    return Claim(
        rank,
        by,
        history,
        f"id{rank}",
        "c",
        str(more.pop("state", "")),
        date.fromisoformat(start),
        stop,
        proofs=(Proof((by,), fact=f"f{rank}"),),
        **more,
    )  # type: ignore[arg-type]


def codes(*claims: Claim) -> list[str]:
    return [anomaly.code for anomaly in merge("css/L1", claims).anomalies]


def test_contradictions_have_their_names() -> None:
    assert codes(claim(1, "2000-01-01", "2001-01-01"), claim(2, "2001-01-01", "2002-01-01")) == []
    assert codes(claim(1, "2000-01-01", "1999-01-01")) == ["version-inversee"]
    assert codes(claim(1, "2000-01-01", "2000-01-01")) == ["version-sans-duree"]
    assert codes(claim(1, "2000-01-01", "2001-01-01"), claim(2, "2002-01-01", "2003-01-01")) == ["versions-lacune"]
    assert codes(claim(1, "2000-01-01", "2003-01-01"), claim(2, "2002-01-01", "2004-01-01")) == [
        "versions-chevauchantes"
    ]
    assert "version-double" in codes(claim(1, "2000-01-01", "2003-01-01"), claim(2, "2000-01-01", "2003-01-01"))
    assert codes(claim(1, "2000-01-01", "2003-01-01"), claim(2, "2000-01-01", "2004-01-01", by="b")) == [
        "bornes-divergentes"
    ]
    assert codes(claim(1, "2000-01-01", "2003-01-01"), claim(2, "2002-01-01", "2003-01-01", by="b")) == [
        "debuts-divergents"
    ]
    assert codes(
        claim(1, "2000-01-01", None, source="x", words="1"), claim(2, "2000-01-01", None, by="b", source="y", words="2")
    ) == ["textes-divergents"]


def test_in_a_history_the_next_one_ends_the_last() -> None:
    merged = merge(
        "css/L1",
        [
            claim(1, "2000-01-01", None, history=True),
            claim(2, "2001-01-01", None, history=True),
            claim(3, "2002-01-01", None, history=True, state=REMOVED),
        ],
    )
    assert [(v.start, v.end) for v in merged.versions] == [
        (date(2000, 1, 1), date(2001, 1, 1)),
        (date(2001, 1, 1), date(2002, 1, 1)),
    ]
    assert [proof.fact for proof in merged.versions[1].end_proof] == ["f3"]
    assert merged.of == {1: "css/L1@2000-01-01", 2: "css/L1@2001-01-01"}


def test_an_end_that_is_stated_outweighs_one_that_follows() -> None:
    merged = merge(
        "css/L1",
        [
            claim(1, "2000-01-01", None, history=True),
            claim(2, "2001-01-01", None, history=True),
            claim(3, "2000-01-01", "2000-06-01", by="b"),
        ],
    )
    assert merged.versions[0].end == date(2000, 6, 1)
    assert [a.code for a in merged.anomalies] == ["bornes-divergentes"]


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40), st.sampled_from("ab"), st.booleans()), max_size=8),
    st.randoms(),
)
def test_any_claims_make_an_ordered_line_of_versions(rows: list[tuple[int, int, str, bool]], random: object) -> None:
    claims = [
        claim(
            rank,
            date.fromordinal(730000 + start).isoformat(),
            date.fromordinal(730000 + end).isoformat() if end else None,
            by=by,
            history=history,
        )
        for rank, (start, end, by, history) in enumerate(rows, 1)
    ]
    merged = merge("css/L1", claims)
    starts = [v.start for v in merged.versions]
    assert starts == sorted(starts) and len(set(starts)) == len(starts)  # type: ignore[type-var]
    assert all(not isinstance(v.end, date) or v.end > v.start for v in merged.versions)  # type: ignore[operator]
    assert all(v.start_proof for v in merged.versions)
    assert all(v.end_proof for v in merged.versions if isinstance(v.end, date))


def test_the_contradictions_of_legi_are_counted_as_an_independent_count_does(shared: Callable[[str], Path]) -> None:
    counted = json.loads(gzip.decompress(shared("data/anomalies_css.json.gz").read_bytes()))
    found: Counter[str] = Counter()
    for line in gzip.decompress(shared("data/versions_css.jsonl.gz").read_bytes()).decode().splitlines():
        row = json.loads(line)
        day = lambda words: date.fromisoformat(words) if words else None  # noqa: E731
        claims = [
            Claim(
                rank,
                "legi",
                False,
                v["id"],
                row["cid"],
                v["etat"],
                start_bound(day(v["start"])),
                end_bound(day(v["end"] or "2999-01-01")),
                proofs=(Proof(("legi",), fact="f"),),
            )
            for rank, v in enumerate(row["versions"])
        ]
        found.update(anomaly.code for anomaly in merge(row["num"], claims).anomalies)
    names = {
        "version-inversee": "inverted",
        "version-sans-duree": "zero_length",
        "versions-chevauchantes": "overlap",
        "versions-lacune": "gap",
        "versions-ouvertes": "several_open",
    }
    assert {code: found[code] for code in names} == {code: len(counted[name]) for code, name in names.items()}
