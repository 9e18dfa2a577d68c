"""Claims become versions: the pure part of merging, contradiction by contradiction."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ground.period import Edge
from kb.ground.span import Span
from kb.texts.containers.records import REMOVED, end_bound, start_bound
from kb.time.merge import Claim, Done, Version, merge, texts
from kb.time.proof import Proof, read, written


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


OPEN, UNKNOWN = Edge.OPEN, Edge.UNKNOWN
SENTENCES = {
    "a donne à la version id1 de css/L1 une fin (1er janvier 1999) avant son début (1er janvier 2000) : jamais en vigueur.": [
        claim(1, "2000-01-01", "1999-01-01")
    ],
    "a donne à la version id1 de css/L1 une fin (1er janvier 2000) égale à son début (1er janvier 2000) : jamais en vigueur.": [
        claim(1, "2000-01-01", "2000-01-01")
    ],
    "le corpus donne à css/L1@2000-01-01 une fin (1er janvier 2000) égale à son début (1er janvier 2000) : jamais en vigueur.": [
        claim(1, "2000-01-01", "2000-01-01", own=True)._replace(official=None)
    ],
    "a fait finir la version id1 de css/L1 le 1er janvier 2003, après le début de la suivante, id2 (1er janvier 2002).": [
        claim(1, "2000-01-01", "2003-01-01"),
        claim(2, "2002-01-01", "2004-01-01"),
    ],
    "a laisse la version id1 de css/L1 sans fin, après le début de la suivante, id2 (1er janvier 2002).": [
        claim(1, "2000-01-01", None)._replace(end=OPEN),
        claim(2, "2002-01-01", "2004-01-01"),
    ],
    "a ne fixe pas encore la fin de la version id1 de css/L1, après le début de la suivante, id2 (1er janvier 2002).": [
        claim(1, "2000-01-01", None),
        claim(2, "2002-01-01", "2004-01-01"),
    ],
    "a fait finir la version id1 de css/L1 le 1er janvier 2001 et commencer la suivante, id2, le 1er janvier 2002 seulement.": [
        claim(1, "2000-01-01", "2001-01-01"),
        claim(2, "2002-01-01", "2003-01-01"),
    ],
    "a fait finir la version id1 de css/L1 le 1er janvier 2001 et commencer la suivante, id2, le inconnu seulement.": [
        claim(1, "2000-01-01", "2001-01-01"),
        claim(2, "2002-01-01", None)._replace(start=UNKNOWN),
    ],
    "css/L1@2000-01-01 : a la fait finir le 1er janvier 2003, b la laisse sans fin.": [
        claim(1, "2000-01-01", "2003-01-01"),
        claim(2, "2000-01-01", None, by="b")._replace(end=OPEN),
    ],
    "css/L1@2000-01-01 : le texte de b n'est pas celui de a, qui est montré ; les deux sont gardés.": [
        claim(1, "2000-01-01", None, source="x", words="1"),
        claim(2, "2000-01-01", None, by="b", source="y", words="2"),
    ],
    "b commence une version de css/L1 le 1er janvier 2002, au milieu de css/L1@2000-01-01 selon a.": [
        claim(1, "2000-01-01", "2003-01-01"),
        claim(2, "2002-01-01", "2003-01-01", by="b"),
    ],
}


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence[-60:])
def test_a_contradiction_is_said_in_one_sentence(sentence: str) -> None:
    assert [anomaly.sentence for anomaly in merge("css/L1", SENTENCES[sentence]).anomalies] == [sentence]


def test_versions_that_one_source_states_together() -> None:
    opened = [claim(rank, start, None)._replace(end=OPEN) for rank, start in ((1, "2000-01-01"), (2, "2001-01-01"))]
    found = {anomaly.code: anomaly.sentence for anomaly in merge("css/L1", opened).anomalies}
    assert found["versions-ouvertes"] == "a donne 2 versions sans fin à css/L1 : id1, id2."
    twins = [claim(1, "2000-01-01", "2003-01-01"), claim(2, "2000-01-01", "2003-01-01")]
    found = {anomaly.code: anomaly.sentence for anomaly in merge("css/L1", twins).anomalies}
    assert found["version-double"] == "a fait commencer deux versions de css/L1 le 1er janvier 2000 : id1 et id2."


def test_what_is_no_contradiction() -> None:
    # two files of a history, or two authorities of the corpus, that give one start
    assert codes(*(claim(rank, "2000-01-01", None, history=True)._replace(cid=f"{rank}") for rank in (1, 2))) == []
    assert codes(*(claim(rank, "2000-01-01", "2001-01-01", own=True, source="x") for rank in (1, 2))) == []
    # words that one of them does not give, and an end that one of them does not fix
    assert (
        codes(claim(1, "2000-01-01", None, source="x"), claim(2, "2000-01-01", None, by="b", source="y", words="2"))
        == []
    )
    assert codes(claim(1, "2000-01-01", "2001-01-01"), claim(2, "2000-01-01", None, by="b")) == []
    # a start inside an interval whose end the other does not fix, or on its last day
    assert codes(claim(1, "2000-01-01", None), claim(2, "2001-01-01", None, by="b")) == []
    assert codes(claim(1, "2000-01-01", "2001-01-01"), claim(2, "2001-01-01", "2002-01-01", by="b")) == []
    # a history says where its texts end by what follows; a text of the corpus leaves its end to authorities
    assert (
        codes(
            claim(1, "2000-01-01", "2001-01-01", own=True, source="x"),
            claim(2, "2002-01-01", None, own=True, source="y"),
        )
        == []
    )


SAID_BY = st.lists(st.text(max_size=4), min_size=1, max_size=2).map(tuple)
SPANS = st.builds(Span, st.text(), st.integers(), st.integers())
PROOFS = st.lists(
    st.builds(Proof, SAID_BY, st.text(min_size=1), st.none(), st.just(""))
    | st.builds(Proof, SAID_BY, st.none(), SPANS, st.text()),
    max_size=3,
)


@given(PROOFS)
def test_proofs_are_kept_as_they_are(proofs: list[Proof]) -> None:
    assert list(read(written(proofs))) == proofs
    for one in proofs:
        told = one.to_json()
        assert told["said_by"] == list(one.said_by)
        place = (told.get("source"), told.get("start"), told.get("end"))
        assert (told.get("fact"), place, told.get("quote", "")) == (one.fact, one.span or (None, None, None), one.quote)


# -- what acts add -------------------------------------------------------------------------------------------------


def done(
    kind: str, effective: str | None, published: str | None = None, source: str | None = None, note: str = ""
) -> Done:
    days = [date.fromisoformat(day) if day else None for day in (effective, published)]
    return Done(kind, "loi/1999-12-01/99-1", *days, source, (Proof(("loi",), fact=f"{kind} {effective}"),), note)


def only(claims: list[Claim], *acts: Done) -> Version:
    (version,) = merge("css/L1", claims, acts).versions
    return version


def facts(proofs: list[Proof]) -> list[str | None]:
    return [proof.fact for proof in proofs]


def test_an_act_proves_the_start_it_falls_on_and_says_when_it_was_known() -> None:
    for kind in ("cree", "modifie"):
        made = only([claim(1, "2000-01-01", None)], done(kind, "2000-01-01", "1999-12-15"))
        assert facts(made.start_proof) == ["f1", f"{kind} 2000-01-01"]
        assert made.start_known == date(1999, 12, 15)
    other_day = only([claim(1, "2000-01-01", None)], done("cree", "2000-01-02", "1999-12-15"))
    assert (facts(other_day.start_proof), other_day.start_known) == (["f1"], None)
    first = only([claim(1, "2000-01-01", None, known=date(1999, 1, 1))], done("cree", "2000-01-01", "1999-12-15"))
    assert first.start_known == date(1999, 1, 1)


def test_the_note_of_an_act_is_given_where_nothing_else_dates_the_version() -> None:
    act = done("cree", "2000-01-01", note="Publiée ce jour.")
    assert only([claim(1, "2000-01-01", None)], act).notes == []
    assert only([claim(1, "2000-01-01", None)._replace(proofs=())], act, act).notes == ["Publiée ce jour."]


def test_what_the_text_itself_says_was_published_is_known_then() -> None:
    own = [claim(1, "2000-01-01", None, source="x")]
    assert only(own, done("modifie", None, "1999-12-15", "x")).start_known == date(1999, 12, 15)
    assert only(own, done("modifie", None, "2000-01-01", "x")).start_known == date(2000, 1, 1)
    assert only(own, done("modifie", None, "2000-02-01", "x")).start_known is None
    assert only(own, done("modifie", None, "1999-12-15")).start_known is None
    told = [own[0]._replace(known=date(1999, 1, 1))]
    assert only(told, done("modifie", None, "1999-12-15", "x")).start_known == date(1999, 1, 1)


def test_an_abrogation_ends_what_nobody_ends() -> None:
    acts = [
        done("abroge", "2009-01-01", "2008-12-01"),
        done("abroge", "2005-01-01", "2004-12-01", note="Au plus tard."),
    ]
    made = only([claim(1, "2000-01-01", None)], *acts)
    assert (made.end, made.end_known, made.notes) == (date(2005, 1, 1), date(2004, 12, 1), ["Au plus tard."])
    assert facts(made.end_proof) == ["abroge 2005-01-01"]
    stated = only([claim(1, "2000-01-01", "2005-01-01")], *acts)
    assert (facts(stated.end_proof), stated.end_known) == (["f1", "abroge 2005-01-01"], date(2004, 12, 1))
    # on or before the start, or of no day, it ends nothing; nor does what only changes
    for act in (done("abroge", "2000-01-01"), done("abroge", None), done("modifie", "2005-01-01")):
        assert only([claim(1, "2000-01-01", None)], act).end is UNKNOWN
    assert only([claim(1, "2000-01-01", None)._replace(end=OPEN)], done("abroge", "2005-01-01")).end is OPEN


def test_what_one_version_says_was_done_dates_no_other() -> None:
    claims = [claim(1, "2000-01-01", "2002-01-01", source="x"), claim(2, "2002-01-01", None, source="y")]
    versions = merge("css/L1", claims, [done("abroge", "2009-01-01", source="x")]).versions
    assert versions[1].end is UNKNOWN
    assert merge("css/L1", claims, [done("abroge", "2009-01-01", source="y")]).versions[1].end == date(2009, 1, 1)
    assert merge("css/L1", claims, [done("abroge", "2009-01-01", source="elsewhere")]).versions[1].end == date(
        2009, 1, 1
    )


def test_who_says_another_end_proves_none() -> None:
    made = merge(
        "css/L1", [claim(1, "2000-01-01", "2003-01-01"), claim(2, "2000-01-01", "2004-01-01", by="b")]
    ).versions[0]
    assert (made.end, facts(made.start_proof), facts(made.end_proof)) == (date(2003, 1, 1), ["f1", "f2"], ["f1"])


def test_what_is_noted_of_a_statement_is_noted_of_its_version() -> None:
    assert only([claim(1, "2000-01-01", None, note="Selon sa signature.")]).notes == ["Selon sa signature."]


def test_a_fact_dates_versions_with_a_text_and_without() -> None:
    claims = [claim(1, "2000-01-01", "2002-01-01"), claim(2, "2002-01-01", None, source="y")]
    ends = [version.end for version in merge("css/L1", claims, [done("abroge", "2009-01-01")]).versions]
    assert ends == [date(2002, 1, 1), date(2009, 1, 1)]


def test_the_words_of_the_text_itself_are_its_first_proof() -> None:
    words = Done("cree", None, date(2000, 1, 1), None, "x", (Proof(("a",), span=Span("x", 1, 5), quote="Créé"),))
    again = words._replace(proofs=(*words.proofs, Proof(("a",), span=Span("x", 6, 9), quote="par")))
    made = only([claim(1, "2000-01-01", None, source="x")], words, again)
    assert [proof.quote or proof.fact for proof in made.start_proof] == ["Créé", "par", "f1"]


def test_the_end_of_a_version_is_known_with_the_start_of_the_next() -> None:
    known = date(2001, 12, 1)
    touching = [claim(1, "2000-01-01", "2002-01-01"), claim(2, "2002-01-01", None, known=known)]
    assert merge("css/L1", touching).versions[0].end_known == known
    apart = [claim(1, "2000-01-01", "2001-01-01"), claim(2, "2002-01-01", None, known=known)]
    assert merge("css/L1", apart).versions[0].end_known is None


def test_a_start_that_nobody_states_comes_last_and_takes_no_date() -> None:
    claims = [claim(1, "2000-01-01", None)._replace(start=UNKNOWN), claim(2, "2000-01-01", None)]
    versions = merge("css/L1", claims, [done("abroge", "2005-01-01")]).versions
    assert [(v.id, v.end) for v in versions] == [("css/L1@2000-01-01", date(2005, 1, 1)), ("css/L1@inconnu", UNKNOWN)]


def test_the_first_source_of_a_text_is_shown() -> None:
    claims = [
        claim(1, "2000-01-01", "2001-01-01", state=""),
        claim(2, "2000-01-01", "2001-01-01", by="b", source="x", state="MODIFIE", known=date(1999, 1, 1)),
        claim(3, "2000-01-01", "2001-01-01", by="c", source="y", state="VIGUEUR", known=date(1998, 1, 1)),
        claim(4, "2003-01-01", "2002-01-01", by="b", source="z"),
    ]
    merged = merge("css/L1", claims)
    (made,) = merged.versions
    assert (made.official, made.state, made.source, made.start_known) == ("id1", "MODIFIE", "x", date(1999, 1, 1))
    assert facts(made.start_proof) == facts(made.end_proof) == ["f1", "f2", "f3"]
    assert texts("css/L1", claims) == [("css/L1@2000-01-01", date(2000, 1, 1), "x")]
    assert texts("css/L1", claims[:1]) == []


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


def test_a_file_that_goes_and_comes_back_on_one_day_contradicts_nothing() -> None:
    merged = merge(
        "css/L1",
        [
            claim(1, "2000-01-01", None, history=True),
            claim(2, "2001-01-01", None, history=True, state=REMOVED),
            claim(3, "2001-01-01", None, history=True),
        ],
    )
    assert [v.start for v in merged.versions] == [date(2000, 1, 1), date(2001, 1, 1)]
    assert merged.anomalies == []


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
