"""``renvoi impact``, ``stale``, ``watch``: what changed is told with what rests on it, and nothing else."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from datetime import date
from pathlib import Path

import pytest
from asked import rows
from conftest import ROOT
from law_samples import article, repository

import kb
from kb.ask.check import Checker
from kb.ask.reports import CheckAnswer, CitationChecked, QuotationChecked
from kb.ask.touched import touched, worse
from kb.ask.watch import Kept, read, watch
from kb.base import Base
from kb.cli import main
from kb.ground.fault import Misuse
from kb.make.build import build, import_law
from kb.make.report import Options
from kb.show.feed import atom

PART = "01. Partie législative"
ATOM = "{http://www.w3.org/2005/Atom}"
CITING = "Selon l'article L. 910-2 et le deuxième alinéa de l'article L. 910-1, il est statué.\n\nL'article L. 910-3 et l'article L. 910-4 s'appliquent."
NOTE = "L'article L. 910-1 du code de la sécurité sociale vaut.\n\nL'article L. 910-2 du même code aussi.\n\nL'article L. 910-3 du même code aussi.\n"


def file(num: str) -> str:
    return f"{PART}/Article {num} - {num.replace('-', '')}.md"


COMMITS: list[tuple[str, dict[str, str | None]]] = [
    ("1990-01-01", {
        **{file(f"L920-{n}"): article(f"L920-{n}", "Sans objet.") for n in range(1, 51)},
        file("L910-1"): article("L910-1", "Premier.\n\nSecond."), file("L910-2"): article("L910-2", "Rien."), file("L910-3"): article("L910-3", "Tout."),
        file("L910-4"): article("L910-4", "Même."), file("L910-9"): article("L910-9", CITING, Anciens_textes="Code de la sécurité sociale - art. L910-2 (Ab)"), file("L136-5"): article("L136-5", "Remise."),
    }),
    ("2005-01-01", {file("L910-2"): None, file("L910-1"): article("L910-1", "Premier et seul."), file("L910-4"): article("L910-4", "Même  .")}),
    ("2010-01-01", {file("L910-5"): article("L910-5", "Nouveau."), file("L136-5"): article("L136-5", "Remise entière.")}),
]  # fmt: skip


OWN = [f"css/L910-{n}" for n in range(1, 10)]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("law") / "css", COMMITS)


@pytest.fixture(scope="module")
def law(history: Path) -> Base:
    build(ROOT / "corpus", history.parent / "law.kb", [history], Options(workers=1))
    return kb.load(history.parent / "law.kb")


def test_stale_tells_what_is_gone_and_the_part_that_is_lost(law: Base) -> None:
    answer = law.stale("css", "2006-01-01")
    told = [(c["from"], c["target"], c["why"], c["since"]) for c in answer["citations"]]
    assert told == [
        ("css/L910-9#al1", "css/L910-2", "abroge", "2005-01-01"),
        ("css/L910-9#al1", "css/L910-1#al2", "fragment_absent", "2005-01-01"),
    ]
    assert answer["summary"] == {"abroge": 1, "fragment_absent": 1}
    for c in answer["citations"]:
        assert law.store.source(c["source"]).text[c["start"] : c["end"]] == c["quote"]
    assert law.stale("css", "2004-12-31")["citations"] == []
    assert law.stale("css/L910-9", "2006-01-01") == {**answer, "id": "css/L910-9"}
    assert law.stale("css/L910-3", "2006-01-01")["total"] == 0


def test_stale_is_paged_with_its_count(law: Base) -> None:
    whole = law.stale(at="2006-01-01")
    paged = [law.stale(at="2006-01-01", limit=1, offset=n) for n in range(whole["total"])]
    assert [c for page in paged for c in page["citations"]] == whole["citations"]
    assert {page["total"] for page in paged} == {whole["total"]} and whole["total"] >= 2
    with pytest.raises(Misuse, match="--offset"):
        law.stale(at="2006-01-01", offset=-1)


def test_stale_is_what_each_citation_says_of_itself(law: Base) -> None:
    """The door of one citation and the register of all agree, on every day that anything begins or ends."""
    days = {str(day) for (day,) in rows(law, "select start from held union select end from held where end is not null")}
    for day in [*sorted(days)[::12], "2006-01-01", "2012-01-01"]:
        told = {c["id"] for c in law.stale(at=day)["citations"] if c["why"] == "abroge"}
        followed = {
            link["id"]
            for (name,) in rows(law, "select distinct provision from citation where relation = ''")
            for link in law.follow(str(name), at=day)["links"]
            if link["relation"] == "" and link["on"]["status"] == "abroge" and link["from"].partition("#")[0] == name
        }
        assert told == followed


def test_impact_tells_what_changed_and_no_version_of_the_same_words(law: Base) -> None:
    changes = {c["id"]: c for c in law.impact("2000-01-01", "2012-01-01", "css")["changes"]}
    assert {name: c["change"] for name, c in changes.items() if name in ("css/L136-5", *OWN)} == {
        "css/L136-5": "changed", "css/L910-1": "changed", "css/L910-2": "gone", "css/L910-5": "new",
    }  # fmt: skip
    assert [changes[f"css/L910-{n}"]["day"] for n in (1, 2, 5)] == ["2005-01-01", "2005-01-01", "2010-01-01"]
    assert not {c["id"] for c in law.impact("2005-01-01", "2009-12-31", "css")["changes"]} & {"css/L136-5", *OWN}
    with pytest.raises(Misuse, match="before the first"):
        law.impact("2012-01-01", "2000-01-01")


def test_impact_reaches_rules_and_what_cites_what_is_gone(law: Base) -> None:
    answer = law.impact("2000-01-01", "2012-01-01")
    reasons = {rule["id"]: [(r["id"], r["how"], r["change"]) for r in rule["reasons"]] for rule in answer["rules"]}
    assert ("css/L136-5", "fondement", "changed") in reasons["abandon-csg-crds"]
    assert [(p["from"], p["target"], p["why"]) for p in answer["provisions"] if p["target"].startswith("css/L910")] == [
        ("css/L910-9#al1", "css/L910-2", "abroge")
    ]
    one = law.impact("2000-01-01", "2012-01-01", "css/L910-1")
    assert [(p["from"], p["target"], p["why"]) for p in one["provisions"]] == [
        ("css/L910-9#al1", "css/L910-1#al2", "modifie")
    ]
    assert [c["id"] for c in one["changes"]] == ["css/L910-1"] and one["rules"] == []
    rules = law.impact("2000-01-01", "2012-01-01", "rules")
    assert rules["rules"] == answer["rules"] and rules["provisions"] == []
    assert {c["id"] for c in rules["changes"]} < {c["id"] for c in answer["changes"]}
    assert "css/L910-2" not in {c["id"] for c in rules["changes"]}
    ended = next(rule for rule in rules["rules"] if rule["id"] == "decharge-budget")
    assert (ended["before"], ended["after"]) == (True, False)


def test_a_part_that_stayed_is_no_change(law: Base) -> None:
    assert [c["id"] for c in law.impact("2000-01-01", "2006-01-01", "css/L910-1#al2")["changes"]] == ["css/L910-1"]
    assert law.impact("2000-01-01", "2006-01-01", "css/L910-3#al1")["changes"] == []


def test_the_feed_is_atom(law: Base) -> None:
    answer = law.impact("2000-01-01", "2012-01-01")
    answer["changes"][0]["title"] = "Article <1> & « 2 »\x07"
    feed = ElementTree.fromstring(atom(answer))
    entries = feed.findall(f"{ATOM}entry")
    assert feed.tag == f"{ATOM}feed" and len(entries) == sum(answer["summary"].values()) > 5
    for each in (feed, *entries):
        assert all(each.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    assert "Article <1> & « 2 »" in (entries[0].findtext(f"{ATOM}content") or "")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Renvoi"


def test_impact_on_documents_gives_lines(law: Base, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "note.txt").write_text(NOTE, encoding="utf-8")
    (tmp_path / "faux.pdf").write_bytes(b"x")
    feed = tmp_path / "feed.xml"
    words = ["impact", "2000-01-01", "2012-01-01", "--on", str(tmp_path), "--kb", str(law.store.path), "--json"]
    assert main([*words, "--atom", str(feed)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [d["file"] for d in answer["documents"]] == ["note.txt"] and answer["unread"][0].startswith("faux.pdf")
    told = [(t["place"], t["target"], t["before"], t["after"]) for t in answer["documents"][0]["touched"]]
    assert told == [
        ("ligne 1", "css/L910-1", "en_vigueur", "modifie"),
        ("ligne 3", "css/L910-2", "en_vigueur", "abroge"),
    ]
    assert len(ElementTree.parse(feed).findall(f"{ATOM}entry")) == 1
    assert (
        main(["impact", "2000-01-01", "2012-01-01", "--on", str(tmp_path / "faux.pdf"), "--kb", str(law.store.path)])
        == 2
    )
    assert "faux.pdf" in capsys.readouterr().err


def test_watch_tells_what_an_import_touched(
    history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    own = repository(tmp_path / "css", COMMITS)
    base, notes = tmp_path / "law.kb", tmp_path / "notes"
    notes.mkdir()
    (notes / "a.txt").write_text(NOTE, encoding="utf-8")
    (notes / "b.txt").write_text("L'article L. 910-3 du code de la sécurité sociale.\n", encoding="utf-8")
    import_law([own], base, Options(workers=1))

    def look(status: int) -> dict[str, object]:
        assert main(["watch", str(notes), "--kb", str(base), "--at", "2021-01-01", "--json"]) == status
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    first = look(0)
    assert (first["since"], first["documents"], first["touched"], first["new"]) == (None, 2, [], ["a.txt", "b.txt"])
    assert sorted(p.name for p in notes.iterdir()) == ["a.txt", "b.txt"]
    again = look(0)
    assert (again["touched"], again["new"], again["imported"], again["since"]) == ([], [], [], "2021-01-01")

    repository(own, [("2020-06-01", {file("L910-3"): None, file("L910-1"): article("L910-1", "Premier, encore.")})])
    (notes / "b.txt").write_text(
        "L'article L. 910-3 du code de la sécurité sociale. L'article L. 910-1 du même code.\n", encoding="utf-8"
    )
    import_law([own], base, Options(workers=1))
    after = look(1)
    assert len(after["imported"]) == 1 and after["rewritten"] == ["b.txt"]  # type: ignore[arg-type]
    told = [(d["file"], t["target"], t["before"], t["after"]) for d in after["touched"] for t in d["touched"]]  # type: ignore[attr-defined]
    assert told == [
        ("a.txt", "css/L910-1", "en_vigueur", "en_vigueur"),
        ("a.txt", "css/L910-3", "en_vigueur", "abroge"),
        ("b.txt", "css/L910-3", "en_vigueur", "abroge"),
        ("b.txt", "css/L910-1", None, "en_vigueur"),
    ]
    (notes / "a.txt").unlink()
    assert look(0)["gone"] == ["a.txt"]

    kept = next((tmp_path / "cache" / "renvoi" / "watch").glob("*.json"))
    kept.write_text("{", encoding="utf-8")
    assert main(["watch", str(notes), "--kb", str(base)]) == 2
    assert "remove it" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["stale", "css/L999999"], ["stale", "--at", "2020-13-01"], ["stale", "--limit", "-1"], ["impact", "2020-01-01", "2019-01-01"],
        ["impact", "2019-01-01", "x"], ["impact", "2019-01-01", "2020-01-01", "--on", "no such thing"], ["watch", "no-such-folder"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_bad_input_is_one_line(law: Base, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--kb", str(law.store.path)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("renvoi: ") and err.count("\n") == 1


def test_the_terminal_says_it_in_french(law: Base, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["stale", "css", "--at", "2006-01-01", "--limit", "1"],
        ["impact", "2000-01-01", "2012-01-01", "--limit", "1"],
    ):
        assert main([*words, "--kb", str(law.store.path)]) == 0
    out = capsys.readouterr().out
    assert "css au 2006-01-01 : 2 renvois à ce qui n'est plus (1 à un texte, 1 à une partie perdue)" in out
    assert "1 à 1 sur 2" in out and "Mots changés (" in out and "Règles touchées (" in out
    assert date(2005, 1, 1).isoformat() in out or "1er janvier 2005" in out


RULE = """\
règle differe : Report des petites créances
  source css/D999-1@1992-03-28#al1
    « peuvent différer le recouvrement des créances d'un montant inférieur à 100 F »
  en vigueur depuis le 1992-03-28, selon registre css/D999-1@1992-03-28
  donnée montant : montant
  si montant < 100 F selon « d'un montant inférieur à 100 F »
  alors faculté : différer le recouvrement
"""


def test_a_threshold_that_moved_is_told_and_ends_its_rule(tmp_path: Path) -> None:
    said = "Les organismes {}peuvent différer le recouvrement des créances d'un montant inférieur à {}."
    versions = [
        ("1992-03-28", said.format("", "100 F")), ("1995-01-01", said.format("", "100 F") + "\n\nAjouté."),
        ("1998-01-01", said.format("eux-mêmes ", "100 F")), ("2002-01-01", said.format("", "16 euros")),
    ]  # fmt: skip
    folder = repository(tmp_path / "law", [(day, {file("D999-1"): article("D999-1", body)}) for day, body in versions])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "mine.rule").write_text(RULE, encoding="utf-8")
    made = build(ROOT / "corpus", tmp_path / "a.kb", [folder], rules=[tmp_path / "mine"])
    assert not made.stopped, made.faults
    base = kb.load(tmp_path / "a.kb")

    def reasons(first: str, second: str) -> tuple[bool, bool, list[tuple[str, str, str | None]]]:
        rule = next(rule for rule in base.impact(first, second, "css/D999-1")["rules"] if rule["id"] == "differe")
        return rule["before"], rule["after"], [(r["how"], r["change"], r["day"]) for r in rule["reasons"]]

    assert base.impact("1993-01-01", "1996-01-01", "css/D999-1")["changes"][0]["change"] == "changed"
    assert base.impact("1993-01-01", "1996-01-01", "css/D999-1")["rules"] == []  # the alinéa that it quotes stayed
    assert reasons("1996-01-01", "1999-01-01") == (True, True, [("source", "changed", "1998-01-01")])
    moved = [("source", "changed", "2002-01-01"), ("seuil", "changed", "2002-01-01"), ("regle", "gone", None)]
    assert reasons("1999-01-01", "2003-01-01") == (True, False, moved)


# -- what did it, and the parts that come and go -------------------------------------------------------------------

TWO, ALONE = "Un.\n\nDeux.", "Un seul."
ENDED_BY = "Loi n°99-1 du 1er juin 1999 - art. 3 () JORF 2 juin 1999 en vigueur le 1er janvier 2000"
MADE_BY = "Décret n°99-2 du 2 juin 1999 - art. 1 () JORF 3 juin 1999 en vigueur le 1er janvier 2000"


@pytest.fixture(scope="module")
def acts(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """L101 is changed by a decree, L102 made by it, L103 ended by a law; L104 has a second alinéa by turns; L109 cites them all."""
    citing = "Voir l'article L. 101, l'article L. 103 et le deuxième alinéa de l'article L. 104.\n\nL'article L. 109 est tel."
    place = tmp_path_factory.mktemp("acts")
    days: list[tuple[str, dict[str, str | None]]] = [
        ("1990-01-01", {
            file("L101"): article("L101", "Avant."), file("L103"): article("L103", "Fini.", Abrogé_par=ENDED_BY), file("L104"): article("L104", TWO),
            file("L109"): article("L109", citing),
        }),
        ("2000-01-01", {
            file("L101"): article("L101", "Après.", Modifié_par=MADE_BY), file("L102"): article("L102", "Neuf.", Créé_par=MADE_BY), file("L103"): None,
            file("L104"): article("L104", ALONE),
        }),
        ("2010-01-01", {file("L104"): article("L104", TWO)}),
        ("2015-01-01", {file("L104"): article("L104", ALONE)}),
    ]  # fmt: skip
    import_law([repository(place / "css", days)], place / "a.kb", Options(workers=1))
    return Base(place / "a.kb")


def test_each_change_is_told_with_what_did_it(acts: Base) -> None:
    answer = acts.impact("1999-12-31", "2000-01-01")
    law, decree = "loi/1999-06-01/99-1/art-3", "decret/1999-06-02/99-2/art-1"

    def change(num: str, kind: str, before: bool, after: bool, *by: str) -> dict[str, object]:
        name = f"css/{num}"
        return {
            "id": name, "title": f"Article {num}", "change": kind, "before": f"{name}@1990-01-01" if before else None,
            "after": f"{name}@2000-01-01" if after else None, "day": "2000-01-01", "by": list(by), "successor": None,
        }  # fmt: skip

    own = [c for c in answer["changes"] if c["id"].startswith("css/")]
    assert own == [
        change("L101", "changed", True, True, decree), change("L102", "new", False, True, decree), change("L103", "gone", True, False, law),
        change("L104", "changed", True, True),
    ]  # fmt: skip
    assert answer["summary"] == {"new": 1, "gone": 1, "changed": 2, "unread": 0, "rules": 0, "provisions": 1, "documents": 0}  # fmt: skip
    (cited,) = answer["provisions"]
    quote = "article L. 103"
    start = acts.store.source(cited["source"]).text.index(quote)
    assert cited == {
        "id": cited["id"], "from": "css/L109#al1", "version": "css/L109@1990-01-01", "source": cited["source"], "start": start,
        "end": start + len(quote), "quote": quote, "target": "css/L103", "why": "abroge", "since": "2000-01-01", "by": law, "successor": None,
        "sentence": "css/L103 : plus en vigueur depuis le 2000-01-01.",
    }  # fmt: skip
    assert acts.impact("1999-12-31", "2000-01-01", "css/L102")["provisions"] == []
    assert [c["id"] for c in acts.impact("1999-12-31", "2000-01-01", "css/L102")["changes"]] == ["css/L102"]
    assert [p["target"] for p in acts.impact("1999-12-31", "2000-01-01", "css/L104#al2")["provisions"]] == [
        "css/L104#al2"
    ]
    assert acts.impact("1999-12-31", "2000-01-01", "css/L104#al1")["provisions"] == []
    # what the day before had already is no change; the same day twice neither
    assert acts.impact("2000-01-01", "2000-01-01")["changes"] == []


def test_a_part_is_lost_since_the_last_version_that_had_it(acts: Base) -> None:
    def lost(day: str) -> list[tuple[str, str | None]]:
        return [(c["target"], c["since"]) for c in acts.stale("css", day)["citations"] if c["why"] == "fragment_absent"]

    assert [lost(day) for day in ("1999-12-31", "2006-01-01", "2012-01-01", "2016-01-01")] == [
        [], [("css/L104#al2", "2000-01-01")], [], [("css/L104#al2", "2015-01-01")],
    ]  # fmt: skip
    (gone, part) = acts.stale("css", "2006-01-01")["citations"]
    assert (gone["from"], gone["target"], gone["by"]) == ("css/L109#al1", "css/L103", "loi/1999-06-01/99-1/art-3")
    assert gone["sentence"].endswith("abrogé par l'article 3 de la loi n° 99-1 du 1er juin 1999.")
    assert part["sentence"] == "Cette partie n'est plus dans ses mots depuis le 1er janvier 2000."
    assert (part["by"], part["successor"], part["version"]) == (None, None, "css/L109@1990-01-01")
    assert acts.store.source(part["source"]).text[part["start"] : part["end"]] == part["quote"]


def test_a_rule_says_what_of_its_basis_moved(law: Base) -> None:
    rules = {rule["id"]: rule for rule in law.impact("2000-01-01", "2012-01-01")["rules"]}
    assert rules["anv-delai"] == {
        "id": "anv-delai", "title": "Délai minimum avant l'admission en non-valeur", "before": True, "after": True,
        "reasons": [{
            "id": "css/D133-2-1", "how": "fondement", "change": "unread", "day": "2008-08-23",
            "sentence": "css/D133-2-1 (fondement) : autre version, mots non tenus le 2008-08-23.",
        }],
    }  # fmt: skip
    ended = [r for r in rules["decharge-budget"]["reasons"] if r["how"] == "regle"]
    assert ended == [{
        "id": "decharge-budget", "how": "regle", "change": "gone", "day": None,
        "sentence": "La règle cesse de valoir entre les deux jours.",
    }]  # fmt: skip
    begun = {rule["id"]: rule for rule in law.impact("1980-01-01", "2000-01-01")["rules"]}["decharge-budget"]
    assert (begun["before"], begun["after"]) == (False, True)
    assert [(r["change"], r["sentence"]) for r in begun["reasons"] if r["how"] == "regle"] == [
        ("new", "La règle commence à valoir entre les deux jours.")
    ]


# -- one document, twice -------------------------------------------------------------------------------------------


def looked(sha: str, *found: tuple[int, str, str | None, str, str | None], quotes: tuple[str, ...] = ()) -> CheckAnswer:
    """A check of a document: citations by (start, words, target, verdict, version), and the verdicts of quotations."""
    citations: list[CitationChecked] = [
        {
            "start": start, "end": start + len(words), "quote": words, "target": target, "verdict": verdict, "since": f"since {verdict}",
            "by": None, "successor": "css/L9" if verdict == "abroge" else None, "version": version, "note": f"note {verdict}",
            "place": f"ligne {start}", "candidates": [],
        }
        for start, words, target, verdict, version in found
    ]  # fmt: skip
    quotations: list[QuotationChecked] = [
        {"start": n, "end": n + 5, "quote": "mots", "target": "css/L1", "verdict": verdict, "version": None, "note": "", "place": ""}
        for n, verdict in enumerate(quotes)
    ]  # fmt: skip
    return {
        "file": "a",
        "sha256": sha,
        "at": "2020-01-01",
        "citations": citations,
        "quotations": quotations,
        "summary": {},
    }


def told(before: CheckAnswer, after: CheckAnswer, versions: bool = False) -> list[tuple[object, ...]]:
    return [(t["kind"], t["start"], t["before"], t["after"], t["versions"]) for t in touched(before, after, versions=versions)]  # fmt: skip


def test_what_became_of_a_citation_is_told_whole() -> None:
    before = looked("x", (3, "article L. 1", "css/L1", "en_vigueur", "v1"), (30, "article L. 2", None, "ambigu", None))
    after = looked("x", (3, "article L. 1", "css/L1", "abroge", "v2"), (30, "article L. 2", None, "ambigu", None))
    assert list(touched(before, after)) == [{
        "kind": "citation", "place": "ligne 3", "start": 3, "end": 15, "quote": "article L. 1", "target": "css/L1", "before": "en_vigueur",
        "after": "abroge", "versions": ["v1", "v2"], "since": "since abroge", "by": None, "successor": "css/L9", "note": "note abroge",
    }]  # fmt: skip
    assert list(touched(before, before, versions=True)) == []


def test_another_version_is_told_where_it_is_asked() -> None:
    one, two = (looked("x", (3, "article L. 1", "css/L1", "en_vigueur", v)) for v in ("v1", "v2"))
    assert told(one, two) == []
    assert told(one, two, versions=True) == [("citation", 3, "en_vigueur", "en_vigueur", ["v1", "v2"])]


def test_in_the_same_words_a_finding_is_its_place_in_others_what_it_says() -> None:
    one = looked("x", (3, "article  L. 1", "css/L1", "en_vigueur", "v"), (40, "article L. 1", "css/L1", "abroge", "v"))
    moved = looked("y", (9, "article L. 1", "css/L1", "en_vigueur", "v"), (80, "article L. 1", "css/L1", "abroge", "v"))
    assert told(one, moved) == []  # the first of those words is the first still
    same = {**moved, "sha256": "x"}
    assert [(row[1], row[2], row[3]) for row in told(one, same)] == [  # type: ignore[arg-type]
        (3, "en_vigueur", None), (9, None, "en_vigueur"), (40, "abroge", None), (80, None, "abroge"),
    ]  # fmt: skip
    other = looked("y", (3, "article L. 1", "css/L9", "en_vigueur", "v"))
    assert {row[2:4] for row in told(one, other)} == {("en_vigueur", None), ("abroge", None), (None, "en_vigueur")}
    assert told(looked("x", quotes=("exacte", "proche")), looked("x", quotes=("exacte", "perdue"))) == [
        ("quotation", 1, "proche", "perdue", [None, None])
    ]


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ("en_vigueur", "abroge", True), ("abroge", "abroge", False), ("abroge", "en_vigueur", False), ("modifie", "abroge", False), ("en_vigueur", "identite_seule", False),
    ],
)  # fmt: skip
def test_worse_is_what_was_not_wrong_before(before: str, after: str, wrong: bool) -> None:
    one, two = (looked("x", (3, "article L. 1", "css/L1", verdict, "v")) for verdict in (before, after))
    assert worse([{"file": "a", "touched": list(touched(one, two, versions=True))}]) is wrong


def test_a_look_at_a_folder_is_told_whole(acts: Base) -> None:
    store = acts.store
    good, other = "L'article L. 101 du code de la sécurité sociale.", "L'article L. 103 du code de la sécurité sociale."

    def look(day: date, kept: Kept | None, **documents: str) -> tuple[dict[str, object], Kept]:
        files = [(f"{name}.{'pdf' if words == 'x' else 'txt'}", words.encode()) for name, words in documents.items()]
        answer, left = watch(store, Checker(store, day), "dossier", files, kept)
        return {**answer}, left

    first, kept = look(date(1999, 1, 1), None, a=good, b=other)
    assert first == {
        "folder": "dossier", "at": "1999-01-01", "since": None, "imported": [], "documents": 2, "summary": {"non_couvert": 2},
        "new": ["a.txt", "b.txt"], "gone": [], "rewritten": [], "unread": [], "touched": [],
    }  # fmt: skip
    assert read(json.dumps(kept), "f") == kept and (kept["folder"], kept["at"]) == ("dossier", "1999-01-01")
    made = dict(kept["base"])
    assert list(made) == [row[0] for row in rows(acts, "select id from container order by rank")]
    older: Kept = {**kept, "base": {name: f"{state}?" for name, state in made.items()}}
    again, left = look(date(2001, 1, 1), older, a=good + " Vu.", c=good, b="x")
    assert again == {
        "folder": "dossier", "at": "2001-01-01", "since": "1999-01-01", "imported": again["imported"], "documents": 2,
        "summary": {"non_couvert": 2}, "new": ["c.txt"], "gone": ["b.txt"], "rewritten": ["a.txt"], "unread": again["unread"],
        "touched": [],
    }  # fmt: skip
    assert len(again["imported"]) == len(made) and all(again["imported"])  # type: ignore[arg-type, call-overload]
    (unread,) = again["unread"]  # type: ignore[misc]
    assert unread.startswith("b.pdf: ") and len(unread) > 12
    assert sorted(left["documents"]) == ["a.txt", "c.txt"] and left["base"] == made
    # what was kept of a document that cannot be read any more stays
    stays, last = look(date(2001, 1, 1), {**left, "documents": {**left["documents"], "b.pdf": left["documents"]["a.txt"]}}, b="x")  # fmt: skip
    assert stays["gone"] == ["a.txt", "c.txt"] and list(last["documents"]) == ["b.pdf"]
    for words in ("{", "[]", json.dumps({**kept, "form": 2}), json.dumps({**kept, "documents": []}), '{"form": 1}'):
        with pytest.raises(Misuse, match=r"^f: not what 'watch' keeps"):
            read(words, "f")
