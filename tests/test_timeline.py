"""Promise 11: what held on a day, as known on a day, by a timeline and by a reading of every version in turn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.store.records import VersionRow
from kb.time.proof import Proof, written
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


#: start, length (``None``: no end stated), whether the end is open, days after each bound on which it was published
Row = tuple[int, int | None, bool, int | None, int | None]
LINES = st.lists(
    st.tuples(st.integers(0, 12), st.one_of(st.none(), st.integers(1, 6)), st.booleans(), st.one_of(st.none(), st.integers(-2, 2)), st.one_of(st.none(), st.integers(-2, 2))),
    max_size=5, unique_by=lambda row: row[0],
)  # fmt: skip


def line(rows: list[Row]) -> list[VersionRow]:
    return [
        version(
            a,
            a + length if length else None,
            open_=open_,
            known=None if early is None else a + early,
            end_known=a + length + late if length and late is not None else None,
        )
        for a, length, open_, early, late in sorted(rows, key=lambda row: row[0])
    ]


@given(LINES, st.integers(-1, 20), st.one_of(st.none(), st.integers(-3, 20)))
def test_the_version_in_force_is_the_last_begun_that_lasts(rows: list[Row], asked: int, known: int | None) -> None:
    versions = line(rows)
    found = Timeline(versions).on(day(asked), None if known is None else day(known))
    wanted = held(versions, asked, known)
    assert found.version == wanted
    assert (found.status == IN_FORCE) == (wanted is not None)
    assert found.status in STATUSES and all(reason.kind in REASONS and reason.sentence for reason in found.reasons)
    if found.version is None:
        assert found.reasons
    knowable = wanted.end_known or wanted.end if wanted else None
    assert found.end_hidden is bool(known is not None and knowable and knowable > day(known).isoformat())
    kinds = {reason.kind for reason in found.reasons}
    assert ("fin_ignoree" in kinds) == found.end_hidden
    assert ("fin_inconnue" in kinds) == bool(wanted and wanted.end_is == "inconnu")
    assert ("debut_ignore" in kinds) == bool(wanted and known is not None and wanted.start_known is None)


@given(LINES)
def test_spans_say_what_on_says_on_every_day(rows: list[Row]) -> None:
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
    assert (
        reason.sentence
        == "N'est plus en vigueur depuis le 4 janvier 2000 : aucune version n'est connue pour cette période ; une nouvelle version commence le 7 janvier 2000."
    )
    assert only(Timeline([version(0, 3, state="MODIFIE")]), 4)[1].kind == "fini"


def never(start: int, end: int, official: str | None = "LEGIARTI1") -> Timeline[VersionRow]:
    days = [day(n).isoformat() for n in (start, end)]
    return Timeline[VersionRow](
        [], around=lambda: Around(stillborn=(Stillborn(official, days[0], days[1], "MODIFIE_MORT_NE", (PROOF,)),))
    )


def test_what_never_was_born_is_said_by_whoever_says_it() -> None:
    same_day, inverted = never(5, 5), never(5, 3)
    assert [only(same_day, n)[0] for n in (4, 5)] == [NOT_YET, REPEALED]
    assert [only(inverted, n)[0] for n in (2, 3)] == [NOT_YET, REPEALED]
    reason = only(inverted, 5)[1]
    assert (reason.kind, reason.day, reason.proofs) == ("mort_ne", "2000-01-06", (PROOF,))
    assert (
        reason.sentence
        == "Jamais en vigueur : sa seule version (LEGIARTI1) finit le 4 janvier 2000, au plus tard le jour où elle commence (6 janvier 2000)."
    )
    assert "sa seule version (2000-01-06) finit" in only(never(5, 3, None), 5)[1].sentence
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
    assert [only(Timeline[VersionRow]([], day(9).isoformat()), n)[0] for n in (8, 9)] == [UNKNOWN, REPEALED]
    assert only(absent, 3)[1].sentence == (
        "En vigueur depuis le 1er janvier 2000, absent du code au 10 janvier 2000 : la date de sa fin, entre les deux, est inconnue."
    )
    seen = only(absent, 9)[1]
    assert (seen.day, seen.sentence) == (
        "2000-01-10",
        "Absent du code au 10 janvier 2000 ; la date de sa fin n'est dans aucune source.",
    )
    # an end that is stated, or that nobody sets, is what the source says
    assert only(Timeline([version(0, 5)], day(9).isoformat()), 5)[1].kind == "fini"
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
    (hidden,) = timeline.on(day(6), day(1)).reasons
    assert (hidden.kind, hidden.day, hidden.version) == ("fin_ignoree", "2000-01-06", "x/1@2000-01-01")
    assert (
        hidden.sentence
        == "Sa fin, le 6 janvier 2000, n'était pas connue au 2 janvier 2000 : elle a été publiée le 3 janvier 2000."
    )
    assert timeline.on(day(6), day(2)).status == REPEALED
    assert timeline.on(day(1), day(-3)).status == IN_FORCE
    status, reason = only(timeline, 1, -4)
    assert (status, reason.kind, reason.day) == (NOT_YET, "non_publie", "1999-12-29")
    assert reason.sentence == "Rien n'en était publié au 28 décembre 1999."
    silent = Timeline([version(0, None)])
    assert [(reason.kind, reason.version) for reason in silent.on(day(1), day(1)).reasons] == [
        ("debut_ignore", "x/1@2000-01-01"), ("fin_inconnue", "x/1@2000-01-01"),
    ]  # fmt: skip
    # an end whose publication nobody states counts as known when it comes
    unsaid = Timeline([version(0, 5, known=0)])
    assert [unsaid.on(day(5), day(n)).end_hidden for n in (4, 5)] == [True, False]
    assert (
        unsaid.on(day(4), day(4)).reasons[0].sentence
        == "Sa fin, le 6 janvier 2000, n'était pas connue au 5 janvier 2000."
    )


def test_a_start_that_nobody_states() -> None:
    assert only(Timeline([version(None, None)]), 3) == (
        UNKNOWN, Reason("debut_inconnu", "Sa date d'entrée en vigueur n'est pas connue."),
    )  # fmt: skip
    assert only(Timeline([version(None, None)]), 3, 3)[1].kind == "debut_inconnu"
    # one version that begins on an unknown day, and one that comes: which holds before is unknown
    both = Timeline([version(None, None), version(5, None, open_=True)])
    assert only(both, 3)[1].kind == "debut_inconnu" and both.on(day(5)).status == IN_FORCE


def test_what_is_to_come_is_said_with_its_day() -> None:
    coming = Timeline([version(2, 4), version(4, None, open_=True)])
    status, reason = only(coming, 1)
    assert (status, reason.kind, reason.day, reason.version) == (NOT_YET, "pas_encore", "2000-01-03", "x/1@2000-01-03")
    assert reason.sentence == "Pas encore en vigueur : entre en vigueur le 3 janvier 2000."
    # published before it begins, it is known to come; else nothing is known of it
    told = Timeline([version(2, None, open_=True, known=0)])
    assert [only(told, 1, n)[1].kind for n in (-1, 0)] == ["non_publie", "pas_encore"]


def test_what_took_the_place_of_what_ended() -> None:
    """Its new number before what replaced it, the act that ended it before others, then where it was codified."""
    end = day(5).isoformat()
    law, decree = "loi/2000-01-02/2000-1", "decret/2000-01-03/2000-2"
    repealed = Act("abroge", law, end, ())
    renumbered = (Act("transfere", "css/L9", end, (PROOF,)), Act("transfere", "css/L8", day(6).isoformat(), ()))
    replacing = (Act("remplace", decree, None, ()), Act("remplace", None, None, ()), Act("remplace", law, None, ()))
    codified = (Act("codifie", None, None, ()), Act("codifie", "css/L7", None, ()))

    def ended(*acts: Act, renumbered: tuple[Act, ...] = ()) -> Reason:
        return only(Timeline([version(0, 5)], around=lambda: Around(acts, renumbered=renumbered)), 6)[1]

    assert ended(repealed, *replacing, *codified, renumbered=renumbered).successor == "css/L9"
    assert ended(repealed, *replacing, *codified, renumbered=renumbered[1:]).successor == law
    assert ended(repealed, *replacing[:2], *codified).successor == decree
    assert ended(repealed, *codified).successor == "css/L7"
    assert ended(repealed).successor is None
    said = "N'est plus en vigueur depuis le 6 janvier 2000 : abrogé par la loi n° 2000-1 du 2 janvier 2000"
    assert ended(repealed, *replacing[:1]).sentence == f"{said} ; remplacé par le décret n° 2000-2 du 3 janvier 2000."
    assert ended(repealed, *codified).sentence == f"{said} ; devenu css/L7."
    assert ended(repealed, renumbered=renumbered).proofs == (PROOF,)


def test_who_ended_it_did_so_on_that_day() -> None:
    law, other = "loi/2000-01-02/2000-1", "loi/2000-01-03/2000-2"
    end, later = day(5).isoformat(), day(6).isoformat()

    def ended(state: str, *acts: Act) -> Reason:
        return only(Timeline([version(0, 5, state=state)], around=lambda: Around(acts)), 6)[1]

    assert ended("", Act("abroge", law, later, ()), Act("abroge", other, end, ())).by == other
    # an abrogation of no day may be of another time; what nobody dates at all is of this end
    assert (ended("", Act("abroge", law, None, ())).kind, ended("", Act("abroge", law, None, ())).by) == ("fini", None)
    assert ended("TRANSFERE", Act("transfere", law, None, ())).by == law
    assert ended("PERIME", Act("abroge", law, end, ())).by is None
    assert ended("ABROGE", Act("abroge", None, end, ()), Act("abroge", law, end, ())).by == law
    assert ended("REMPLACE", Act("remplace", law, end, ())).sentence.endswith(
        ": remplacé par la loi n° 2000-1 du 2 janvier 2000."
    )


def test_the_proofs_of_an_end_are_those_of_its_version() -> None:
    proved = version(0, 5)._replace(end_proof=written([PROOF]))
    assert only(Timeline([proved]), 5)[1].proofs == (PROOF,)
    start = version(5, None, open_=True)._replace(start_proof=written([PROOF]))
    assert only(Timeline([start]), 1)[1].proofs == (PROOF,)
    overlapping = Timeline([version(0, 9)._replace(end_proof=written([PROOF])), version(3, 6)])
    (twice,) = overlapping.on(day(4)).reasons
    assert (twice.day, twice.proofs) == ("2000-01-01", (PROOF,))
    assert (
        twice.sentence
        == "Une autre version, du 1er janvier 2000 au 10 janvier 2000 exclu, couvre aussi ce jour : la dernière commencée est montrée."
    )


def test_after_two_ends_the_last_is_told() -> None:
    assert only(Timeline([version(0, 9), version(3, 6)]), 9)[1].version == "x/1@2000-01-01"
    assert only(Timeline([version(0, 3), version(3, 6)]), 9)[1].version == "x/1@2000-01-04"


WENT_ON = ("", "VIGUEUR", "VIGUEUR_DIFF", "VIGUEUR_ETEN", "VIGUEUR_NON_ETEN", "MODIFIE", "MODIFIE_MORT_NE")


@pytest.mark.parametrize(
    ("states", "kind", "words"),
    [
        (WENT_ON, "fini", ""),
        (("ABROGE", "ABROGE_DIFF", "DENONCE"), "abroge", " : abrogé"),
        (("TRANSFERE", "DEPLACE"), "transfere", " : transféré"),
        (("REMPLACE",), "remplace", " : remplacé"),
        (("PERIME",), "perime", " : périmé"),
        (("ANNULE",), "annule", " : annulé"),
        (("DISJOINT",), "disjoint", " : disjoint"),
    ],
)
def test_what_ended_it_is_what_its_state_says(states: tuple[str, ...], kind: str, words: str) -> None:
    for state in states:
        assert state in STATES
        status, reason = only(Timeline([version(0, 5, state=state)]), 5)
        assert (status, reason.kind, reason.day, reason.version) == (REPEALED, kind, "2000-01-06", "x/1@2000-01-01")
        assert reason.sentence == f"N'est plus en vigueur depuis le 6 janvier 2000{words}."


def test_every_state_of_legi_is_known() -> None:
    assert set(STATES) - set(WENT_ON) == {
        "REMPLACE", "DENONCE", "DEPLACE", "TRANSFERE", "ABROGE", "ABROGE_DIFF", "PERIME", "ANNULE", "DISJOINT",
    }  # fmt: skip
