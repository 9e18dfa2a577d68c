"""The twelve questions of docs/rdf.md give what the other doors give, on the packaged corpus and on imported law."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from conftest import ROOT
from test_rdf import any_base, law  # noqa: F401 - fixtures

from kb.base import Base
from kb.ground.names import from_iri
from kb.store import records as r

PAGE = (ROOT / "docs" / "rdf.md").read_text(encoding="utf-8")
QUERIES = dict(re.findall(r"^### ([^\n]+)\n(?:(?!^#).)*?^```sparql\n(.*?)^```", PAGE, re.M | re.S))
DAYS = ("1980-06-01", "1990-01-01", "1993-09-01", "1997-05-01", "2002-01-01", "2012-01-01")


def replaced(base: Base, title: str, pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    query = QUERIES[title]
    for old, new in pairs:
        assert old in query
        query = query.replace(old, new)
    rows: list[dict[str, str]] = base.sparql(query)["rows"]
    return rows


def ids(rows: list[dict[str, str]], name: str) -> set[str]:
    return {from_iri(row[name]) or row[name].partition("/data/")[2].partition("/")[2] for row in rows}


def cited(base: Base) -> list[str]:
    """Articles that are cited."""
    rows = base.store.stream(r.CITATION, where="target_provision is not null")
    found = {row.target_provision for row in rows if row.target_provision and not row.target_provision.count("/") > 1}
    return sorted(name for name in found if (p := base.store.provision(name)) and p.kind == "article")[:6]


def articles(base: Base) -> list[str]:
    return sorted({row.provision for row in base.store.stream(r.VERSION) if row.provision.startswith("css/")})[:12]


def test_the_page_has_twelve() -> None:
    assert len(QUERIES) == 12


def test_in_force_and_citing(any_base: Base) -> None:  # noqa: F811
    found = 0
    for name in cited(any_base):
        for day in DAYS:
            rows = replaced(any_base, "In force on a day, and citing", [("css/D133-1", name), ("1997-05-01", day)])
            links = {str(link["id"]) for link in any_base.follow(name, into=True, at=day)["links"]}
            assert ids(rows, "citation") == links
            found += len(links)
    assert found > 5


def test_who_says_so(any_base: Base) -> None:  # noqa: F811
    found = 0
    for name in articles(any_base):
        for version in any_base.store.versions(name):
            if version.start is None:
                continue
            pairs = [("css/D253-81/1993-09-01", version.id.replace("@", "/"))]
            rows = {(row["side"], row["who"].rpartition("/")[2]) for row in replaced(any_base, "Who says so", pairs)}
            sides = (("start", version.start_proofs), ("end", version.end_proofs))
            assert rows == {(side, who) for side, proofs in sides for proof in proofs for who in proof.said_by}
            found += len(rows)
    assert found


def test_changed_between_two_days(any_base: Base) -> None:  # noqa: F811
    found = 0
    for first, second in [("1993-01-01", "2010-01-01"), *pairwise(DAYS)]:
        pairs = [("1993-01-01", first), ("2010-01-01", second)]
        told = any_base.diff("css", first, second)
        wanted = {*told["new"], *told["gone"], *told["changed"]}
        assert ids(replaced(any_base, "Changed between two days", pairs), "provision") == wanted
        found += len(wanted)
    assert found


def test_the_rules_on_a_provision(any_base: Base) -> None:  # noqa: F811
    names = ["css/D133-1", "css/D133-2-1", "circulaire/1996-12-27/7055", "decret/1971-12-03/71-976", "css"]
    found = 0
    for name in names:
        rows = replaced(any_base, "The rules that quote it or rest on it", [("css/D133-1", name)])
        wanted = {rule["id"] for rule in any_base.rules(about=name)}
        assert ids(rows, "rule") == wanted
        found += len(wanted)
    assert found > 10


def test_the_path_of_citations(any_base: Base) -> None:  # noqa: F811
    found = 0
    for name in ("css/D253-81", "lettre/1997-03-07/44-courrier-nsr-anv", *articles(any_base)):
        rows = replaced(any_base, "The path of citations", [("css/D253-81", name)])
        links = any_base.follow(name, depth=50)["links"]
        wanted = {str(link["target"]).partition("#")[0] for link in links if link["target"]}
        assert ids(rows, "reached") == wanted
        found += len(wanted)
    assert found


def test_repealed_yet_cited(any_base: Base) -> None:  # noqa: F811
    found = 0
    for day in DAYS:
        rows = replaced(any_base, "Repealed, yet cited", [("2012-01-01", day)])
        every = {c.target_provision for c in any_base.store.stream(r.CITATION) if c.target_provision}
        wanted = set()
        for name in every:
            citing = any_base.follow(name, into=True, at=day)["links"]
            own = [link for link in citing if link["target"] and link["target"].partition("#")[0] == name]
            ended = any(v.end and v.end <= day for v in any_base.store.versions(name))
            if own and ended and any_base.said(name, day)["status"] == "abroge":
                wanted.add(name)
        assert ids(rows, "repealed") == wanted
        found += len(wanted)
    assert found


def test_what_a_rule_rests_on_has_changed(any_base: Base) -> None:  # noqa: F811
    changed = {
        (row["rule"].rpartition("/")[2], from_iri(row["basis"]))
        for row in replaced(any_base, "What a rule rests on has changed since", [])
    }
    wanted = set()
    for rule in any_base.rulebook.rules().values():
        for basis in rule.all_basis():
            name = basis.id.partition("#")[0]
            for version in rule.versions:
                began = version.start.day.isoformat()
                if (
                    began < "2012-01-01"
                    and any(
                        began < held.start <= "2012-01-01"
                        for held in any_base.store.rows(r.HELD, "provision = ?", name)
                    )
                    and "#" not in basis.id
                ):
                    wanted.add((rule.id, basis.id))
    assert changed == wanted


def test_the_text_in_force(any_base: Base) -> None:  # noqa: F811
    found = 0
    for name in articles(any_base):
        for day in DAYS:
            rows = replaced(any_base, "The text in force", [("css/D253-81", name), ("1997-05-01", day)])
            text = any_base.said(name, day)["text"]
            assert [row["text"] for row in rows] == ([text] if text is not None else [])
            found += text is not None
    assert found > 2


def test_what_does_not_agree(any_base: Base) -> None:  # noqa: F811
    names = {note.about for note in any_base.store.rows(r.NOTE)} | {"css/D253-81", "css/D133-1"}
    names |= {
        fault.about for fault in any_base.store.rows(r.FAULT, "about is not null and source is null") if fault.about
    }
    found = 0
    for name in sorted(names):
        rows = replaced(any_base, "What does not agree", [("css/D253-81", name)])
        wanted = sorted(conflict["sentence"] for conflict in any_base.show(name)["conflicts"])
        assert sorted(row["sentence"] for row in rows) == wanted
        found += len(wanted)
    assert found


def test_as_known_on_a_day(any_base: Base) -> None:  # noqa: F811
    differ = 0
    for name in ("css/D253-81", "css/L133-2", *articles(any_base)[:3]):
        for day in DAYS[1:4]:
            for known in ("1985-01-01", "1993-08-17", "1993-08-18"):
                pairs = [("css/D253-81", name), ("1994-01-01", day), ("1993-08-01", known)]
                version = any_base.said(name, day, known)["version"]
                assert ids(replaced(any_base, "As known on a day", pairs), "version") == (
                    {version["id"]} if version else set()
                )
                plain = any_base.said(name, day)["version"]
                differ += (version and version["id"]) != (plain and plain["id"])
    assert differ


def test_in_which_alinea(any_base: Base) -> None:  # noqa: F811
    found = 0
    for name in cited(any_base):
        for day in DAYS:
            rows = replaced(any_base, "In which alinéa", [("css/D133-1", name), ("1997-05-01", day)])
            wanted = set()
            for citation in any_base.show(name, day)["cited_by"]:
                provision, _, label = citation["from"].partition("#")
                wanted.add(f"{provision}@{citation['version'].rpartition('@')[2]}#{label}")
            assert ids(rows, "alinea") == wanted
            found += len(wanted)
    assert found > 5


def test_from_an_official_id(any_base: Base) -> None:  # noqa: F811
    found = [row for row in any_base.store.stream(r.VERSION) if row.official and row.official.startswith("LEGIARTI")]
    for row in found[:20]:
        rows = replaced(any_base, "From an official id", [("LEGIARTI000006735962", row.official or "")])
        assert ids(rows, "provision") == {any_base.show(row.official or "")["id"]}
    assert found
