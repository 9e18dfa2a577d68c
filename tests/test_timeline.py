"""Promise 11: what held on a day, as known on a day, by a timeline and by a reading of every version in turn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ask.timelines import ENDING
from kb.store.records import VersionRow
from kb.time.proof import Proof
from kb.time.timeline import (
    IN_FORCE,
    NOT_YET,
    REASONS,
    REPEALED,
    STATES,
    STATUSES,
    UNKNOWN,
    Act,
    Around,
    Reason,
    Stillborn,
    Timeline,
)

FIRST = date(2000, 1, 1)


def day(n: int) -> date:
    return FIRST + timedelta(n)


def version(
    start: int | None, end: int | None, *, open_: bool = False, known: int | None = None, end_known: int | None = None, state: str = ""
) -> VersionRow:  # fmt: skip
    """A version from day *start* to day *end* (``None``: not stated)."""
    iso = [day(n).isoformat() if n is not None else None for n in (start, end, known, end_known)]
    is_ = "date" if end is not None else "ouvert" if open_ else "inconnu"
    return VersionRow(
        f"x/1@{iso[0]}", "x/1", iso[0], "date" if iso[0] else "inconnu", iso[1], is_, iso[2], iso[3], None, state, "s", "[]", "[]", "[]"
    )  # fmt: skip


def held(versions: list[VersionRow], asked: int, known: int | None = None) -> VersionRow | None:
    """The version in force by the words of the definition, each taken by itself."""
    iso, seen = day(asked).isoformat(), day(known).isoformat() if known is not None else "9999"
    begun = [v for v in versions if v.start and v.start <= iso and (v.start_known or v.start) <= seen]
    ended = [v for v in begun if v.end and v.end <= iso and (v.end_known or v.end) <= seen]
    holding = [v for v in begun if v not in ended]
    firm = [
        v for v in holding if v.end or v.end_is == "ouvert" or not any((w.start or "") > (v.start or "") for w in begun)
    ]
    return max(firm, key=lambda v: v.start or "", default=None)


LINES = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(1, 6)), st.booleans(), st.one_of(st.none(), st.integers(-2, 2)), st.integers(-2, 2)),
    max_size=5, unique_by=lambda row: row[0],
)  # fmt: skip


def line(rows: list[tuple[int, int | None, bool, int | None, int]]) -> list[VersionRow]:
    return [
        version(
            a,
            a + length if length else None,
            open_=open_,
            known=None if early is None else a + early,
            end_known=a + length + late if length else None,
        )
        for a, length, open_, early, late in sorted(rows, key=lambda row: row[0])
    ]


@given(LINES, st.integers(-1, 20), st.one_of(st.none(), st.integers(-3, 20)))
def test_the_version_in_force_is_the_last_begun_that_lasts(
    rows: list[tuple[int, int | None, bool, int | None, int]], asked: int, known: int | None
) -> None:
    versions = line(rows)
    found = Timeline(versions).on(day(asked), None if known is None else day(known))
    wanted = held(versions, asked, known)
    assert found.version == wanted
    assert (found.status == IN_FORCE) == (wanted is not None)
    assert found.status in STATUSES and all(reason.kind in REASONS and reason.sentence for reason in found.reasons)
    if found.version is None:
        assert found.reasons
    if known is not None and wanted is not None and wanted.end:
        assert found.end_hidden == ((wanted.end_known or wanted.end) > day(known).isoformat())


@given(LINES)
def test_spans_say_what_on_says_on_every_day(rows: list[tuple[int, int | None, bool, int | None, int]]) -> None:
    timeline = Timeline(line(rows))
    spans = [(v.id, start, end) for v, start, end in timeline.spans()]
    assert all(end is None or start < end for _, start, end in spans)
    assert [start for _, start, _ in spans] == sorted(start for _, start, _ in spans)
    for n in range(-1, 25):
        iso = day(n).isoformat()
        told = [name for name, start, end in spans if start <= iso and (end is None or iso < end)]
        own = timeline.on(day(n)).version
        assert told == ([own.id] if own else [])


def only(timeline: Timeline[VersionRow], asked: int, known: int | None = None) -> tuple[str, Reason]:
    found = timeline.on(day(asked), None if known is None else day(known))
    assert len(found.reasons) == 1, found.reasons
    return found.status, found.reasons[0]


PROOF = Proof(("loi",), fact="f")


def test_why_nothing_holds() -> None:
    repealed = Timeline(
        [version(0, 5, state="ABROGE")],
        around=lambda: Around((Act("abroge", "loi/2000-01-02/2000-1", day(5).isoformat(), (PROOF,)),)),
    )
    status, reason = only(repealed, 5)
    assert (status, reason.kind, reason.by, reason.day) == (
        REPEALED,
        "abroge",
        "loi/2000-01-02/2000-1",
        day(5).isoformat(),
    )
    assert (
        reason.sentence
        == "N'est plus en vigueur depuis le 6 janvier 2000 : abrogé par la loi n° 2000-1 du 2 janvier 2000."
    )
    moved = Timeline(
        [version(0, 5, state="TRANSFERE")],
        around=lambda: Around(renumbered=(Act("transfere", "css/L2", day(5).isoformat(), (PROOF,)),)),
    )
    status, reason = only(moved, 9)
    assert (status, reason.kind, reason.successor, reason.proofs) == (REPEALED, "transfere", "css/L2", (PROOF,))
    assert reason.sentence.endswith(": transféré ; devenu css/L2.")
    replaced = Around(
        (
            Act("abroge", "loi/2000-01-02/2000-1", day(5).isoformat(), ()),
            Act("remplace", "css/L9", None, ()),
            Act("remplace", "loi/2000-01-02/2000-1", None, ()),
        )
    )
    _, reason = only(Timeline([version(0, 5)], around=lambda: replaced), 6)
    assert (reason.by, reason.successor) == ("loi/2000-01-02/2000-1", "loi/2000-01-02/2000-1")
    assert "abrogé et remplacé par la loi" in reason.sentence
    for state, kind in (("PERIME", "perime"), ("ANNULE", "annule"), ("DISJOINT", "disjoint"), ("DEPLACE", "transfere")):
        assert only(Timeline([version(0, 5, state=state)]), 5)[1].kind == kind


def test_a_gap_is_no_repeal() -> None:
    gap = Timeline([version(0, 3, state="MODIFIE"), version(6, None, open_=True, state="VIGUEUR")])
    status, reason = only(gap, 4)
    assert (status, reason.kind) == (REPEALED, "lacune")
    assert "une nouvelle version commence le 7 janvier 2000" in reason.sentence
    assert only(Timeline([version(0, 3, state="MODIFIE")]), 4)[1].kind == "fini"


def test_what_never_was_born_is_said_by_whoever_says_it() -> None:
    never = Timeline[VersionRow](
        [],
        around=lambda: Around(
            stillborn=(Stillborn("LEGIARTI1", day(5).isoformat(), day(5).isoformat(), "MODIFIE_MORT_NE", (PROOF,)),)
        ),
    )
    assert [only(never, n)[0] for n in (4, 5)] == [NOT_YET, REPEALED]
    assert only(never, 5)[1].kind == "mort_ne" and only(never, 5)[1].proofs == (PROOF,)
    assert only(Timeline[VersionRow]([]), 5) == (
        UNKNOWN,
        Reason("sans_date", "Aucune source ni aucun fait externe ne donne ses dates."),
    )


def test_what_was_seen_absent_has_an_end_between_two_days() -> None:
    absent = Timeline([version(0, None)], day(9).isoformat())
    assert [(only(absent, n)[0], only(absent, n)[1].kind) for n in (3, 8, 9)] == [
        (UNKNOWN, "absent"),
        (UNKNOWN, "absent"),
        (REPEALED, "absent"),
    ]
    assert list(absent.spans()) == []
    assert only(Timeline[VersionRow]([], day(9).isoformat()), 9)[0] == REPEALED
    assert Timeline([version(0, None, open_=True)], day(9).isoformat()).on(day(9)).status == IN_FORCE


def test_two_versions_of_one_day_are_said() -> None:
    both = Timeline([version(0, 9), version(3, 6)])
    found = both.on(day(4))
    assert found.version and found.version.start == day(3).isoformat()
    assert [(reason.kind, reason.version) for reason in found.reasons] == [("deux_versions", both.versions[0].id)]
    assert both.on(day(6)).version == both.versions[0] and both.on(day(6)).reasons == ()
    touching = Timeline([version(0, 3), version(3, 6)])
    assert touching.on(day(3)).reasons == ()


def test_what_could_be_known() -> None:
    timeline = Timeline([version(0, 5, known=-3, end_known=2)])
    assert timeline.on(day(6), day(1)).status == IN_FORCE and timeline.on(day(6), day(1)).end_hidden
    assert [reason.kind for reason in timeline.on(day(6), day(1)).reasons] == ["fin_ignoree"]
    assert timeline.on(day(6), day(2)).status == REPEALED
    assert timeline.on(day(1), day(-4)).status == NOT_YET
    assert timeline.on(day(1), day(-4)).reasons[0].kind == "non_publie"
    silent = Timeline([version(0, None)])
    assert [reason.kind for reason in silent.on(day(1), day(1)).reasons] == ["debut_ignore", "fin_inconnue"]


def test_a_start_that_nobody_states() -> None:
    assert only(Timeline([version(None, None)]), 3)[1].kind == "debut_inconnu"
    assert only(Timeline([version(2, None, open_=True)]), 1)[1].kind == "pas_encore"


@pytest.mark.parametrize("kind", [kind for kind in STATES.values() if kind])
def test_every_reason_of_a_state_has_its_words(kind: str) -> None:
    assert REASONS[kind] and kind in ENDING
