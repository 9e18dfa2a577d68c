"""Importing law: each format, what the sources agree and disagree on, what is done again, what is refused."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import tarfile
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT
from law_samples import (
    CSS,
    add,
    archive,
    article,
    digits,
    git,
    json_article,
    json_code,
    json_section,
    repository,
    xml_article,
)

from kb.base import Base
from kb.ground.fault import Misuse
from kb.make.build import build, import_law
from kb.make.report import Options

PART = "01. Partie législative"
OPEN = "2999-01-01"
ONE = Options(workers=1)


def history(folder: Path) -> Path:
    return repository(
        folder,
        [
            ("1985-12-21", {f"{PART}/Article L101 - 100.md": article("L101", "Le seuil est fixé à 100 F."), f"{PART}/Article L102 - 200.md": article("L102", "Voir l'article L. 101.", Abrogé_par="Décret n°93-1004 du 10 août 1993 - art. 1 () JORF 18 août 1993 en vigueur le 1er septembre 1993")}),
            ("1992-03-28", {f"{PART}/Article L101 - 100.md": article("L101", "Le seuil est fixé à 200 F.", Modifié_par="Décret n°92-283 du 20 mars 1992 - art. 1 () JORF 28 mars 1992")}),
            ("2002-01-01", {f"{PART}/Article L101 - 100.md": article("L101", "Le seuil est fixé à 16 euros."), f"{PART}/Article L103 - 300.md": article("L103", "Nouveau.")}),
            ("2002-01-01 00:00:01 +0100", {f"{PART}/Article L103 - 300.md": None}),
            ("2008-01-01", {f"{PART}/Article L101 - 100.md": None}),
        ],
    )  # fmt: skip


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a store, ids that only count left out."""
    db = sqlite3.connect(path)
    tables = [
        row[0]
        for row in db.execute(
            "select name from sqlite_master where type = 'table' and name not like 'search_%' and name not like 'sqlite_%' and name <> 'search'"
        )
    ]
    counted = {"citation", "event", "fault", "note", "witness", "searched", "measure"}
    return {
        t: sorted(tuple(row[1:] if t in counted else row) for row in db.execute(f"select * from {t}")) for t in tables
    }


# -- git -----------------------------------------------------------------------------------------------------------


def test_a_git_history_answers_for_any_day(tmp_path: Path) -> None:
    report = import_law([history(tmp_path / "css")], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")
    said = {
        day: base.show("css/L101", at=day)["text"]
        for day in ("1985-12-20", "1985-12-21", "1992-03-27", "1992-03-28", "2007-12-31", "2008-01-01")
    }
    assert said == {
        "1985-12-20": None,
        "1985-12-21": "Le seuil est fixé à 100 F.",
        "1992-03-27": "Le seuil est fixé à 100 F.",
        "1992-03-28": "Le seuil est fixé à 200 F.",
        "2007-12-31": "Le seuil est fixé à 16 euros.",
        "2008-01-01": None,
    }
    assert report.anomalies == {"version-sans-duree": 1}
    assert base.show("css/L102", at="1993-08-31")["status"] == "en_vigueur"
    assert base.show("css/L102", at="1993-09-01")["status"] == "abroge"
    assert base.show("css/L103", at="2002-01-01")["text"] is None
    cited = base.show("css/L101", at="1990-01-01")["cited_by"]
    assert [(c["from"], c["status"]) for c in cited] == [("css/L102#al1", "resolved")]
    assert base.show("css/L101", at="1994-01-01")["cited_by"] == []


def test_every_bound_has_its_proof_and_the_day_it_could_be_known(tmp_path: Path) -> None:
    import_law([history(tmp_path / "css")], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")
    version = base.show("css/L101", at="1995-01-01")["version"]
    assert (version["start"], version["end"], version["start_known"]) == ("1992-03-28", "2002-01-01", "1992-03-28")
    assert any("28 mars 1992" in proof.get("quote", "") for proof in version["start_proof"])
    assert version["end_proof"]
    db = sqlite3.connect(tmp_path / "a.kb")
    for start_proof, end_proof, end_is in db.execute("select start_proof, end_proof, end_is from version"):
        assert json.loads(start_proof)
        assert json.loads(end_proof) or end_is == "inconnu"
        for proof in (*json.loads(start_proof), *json.loads(end_proof)):
            assert "source" in proof or db.execute("select 1 from fact where id = ?", (proof["fact"],)).fetchone()
    known = base.show("css/L102", at="1993-09-02", known_at="1993-08-17")
    assert (known["status"], known["version"]["end"], known["version"]["end_is"]) == ("en_vigueur", None, "ouvert")
    assert base.show("css/L102", at="1993-09-02", known_at="1993-08-18")["status"] == "abroge"


def test_a_second_import_reads_only_what_is_new_and_gives_the_same_rows(tmp_path: Path) -> None:
    folder = history(tmp_path / "css")
    import_law([folder], tmp_path / "step.kb", ONE)
    assert import_law([folder], tmp_path / "step.kb", ONE).containers == []
    repository(
        folder,
        [
            (
                "2010-01-01",
                {
                    f"{PART}/Article L104 - 400.md": article("L104", "Voir l'article L. 102."),
                    f"{PART}/Article L102 - 200.md": article("L102", "Voir l'article L. 104."),
                },
            )
        ],
    )
    again = import_law([folder], tmp_path / "step.kb", ONE)
    assert again.counts["versions read"] == 2
    import_law([folder], tmp_path / "whole.kb", ONE)
    step, whole = dump(tmp_path / "step.kb"), dump(tmp_path / "whole.kb")
    for table in whole:
        if table not in ("meta",):
            assert step[table] == whole[table], table


def test_a_history_that_was_rewritten_is_told(tmp_path: Path) -> None:
    folder = history(tmp_path / "css")
    import_law([folder], tmp_path / "a.kb", ONE)
    git(folder, "reset", "-q", "--hard", "HEAD~1")
    repository(folder, [("2011-01-01", {f"{PART}/Article L109 - 900.md": article("L109", "x")})])
    with pytest.raises(Misuse, match="not in its history any more"):
        import_law([folder], tmp_path / "a.kb", ONE)


def test_one_code_a_file_in_both_dialects(tmp_path: Path) -> None:
    front = f'---\ntitle: "Code de la sécurité sociale"\nidentifier: "{CSS}"\n---\n# Code de la sécurité sociale\n\n'
    plain = (
        front
        + "Partie législative\n\nTitre I : Dispositions générales\n\nArticle L101\n\nUn seuil de 100 F.\n\nArticle L102\n\nArticle 5 du décret.\nAutre alinéa.\n"
    )
    marked = (
        front
        + "## Partie législative\n\n### Titre I : Dispositions générales\n\n##### Article L101\n\nUn seuil de 100 F.\n\n##### Article L103\n\nNouveau.\n"
    )
    folder = repository(
        tmp_path / "fr", [("1990-01-01", {f"fr/{CSS}.md": plain}), ("2000-01-01", {f"fr/{CSS}.md": marked})], "Lois"
    )
    import_law([folder], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")
    assert (
        base.show("css/L101", at="1995-01-01")["version"]["id"]
        == base.show("css/L101", at="2005-01-01")["version"]["id"]
        == "css/L101@1990-01-01"
    )
    assert [p["text"] for p in base.show("css/L102", at="1995-01-01")["paragraphs"]] == [
        "Article 5 du décret.",
        "Autre alinéa.",
    ]
    assert base.show("css/L102", at="2000-01-01")["status"] == "abroge"
    lines = base.show("css", at="2005-01-01")["contents"]
    assert [(line["depth"], line["title"]) for line in lines] == [
        (0, "Partie législative"),
        (1, "Titre I : Dispositions générales"),
        (2, "Article L101"),
        (2, "Article L103"),
    ]


# -- legi-data -----------------------------------------------------------------------------------------------------

CREATED = {
    "linkType": "CREE",
    "linkOrientation": "cible",
    "natureText": "DECRET",
    "dateSignaTexte": "2020-12-01",
    "datePubliTexte": "2020-12-05",
    "textTitle": "Décret n°2020-1500 du 1er décembre 2020 - art. 2",
    "articleNum": "2",
}


def code() -> str:
    l1 = json_article(
        "L101", "LEGIARTI000000000100",
        [("LEGIARTI000000000100", "1985-12-21", "2021-01-01", "MODIFIE"), ("LEGIARTI000000000101", "2021-06-01", "2021-05-01", "MODIFIE_MORT_NE"), ("LEGIARTI000000000102", "2021-01-01", OPEN, "VIGUEUR")],
        '<p>Voir <a href="/x?idArticle=LEGIARTI000000000200">L. 102</a>.</p><p>1&deg; seuil &lt; 50&nbsp;% ;<br/>2&deg; autre.</p>', "<p>Nota bene.</p>", [CREATED],
    )  # fmt: skip
    l2 = json_article(
        "L102",
        "LEGIARTI000000000200",
        [
            ("LEGIARTI000000000200", "1985-12-21", "2000-01-01", "ABROGE"),
            ("LEGIARTI000000000201", "2010-01-01", "2222-02-22", "ABROGE_DIFF"),
        ],
        "<table><tr><td>a</td><td>b</td></tr></table>",
    )
    return json_code([json_section("Partie législative", [json_section("Livre Ier : Dispositions", [l1, l2])])])


def test_legi_data_gives_versions_links_and_contradictions(tmp_path: Path) -> None:
    path = tmp_path / f"{CSS}.json"
    path.write_text(code(), encoding="utf-8")
    report = import_law([path], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")
    shown = base.show("css/L101", at="2022-01-01")
    assert [p["text"] for p in shown["paragraphs"]] == ["Voir L. 102.", "1° seuil < 50 % ;", "2° autre.", "Nota bene."]
    assert (shown["version"]["end_is"], shown["version"]["start_known"], shown["version"]["official"]) == (
        "ouvert",
        "2020-12-05",
        "LEGIARTI000000000102",
    )
    assert shown["facts"] == []  # what is stated of versions and acts is told with these
    assert {(e["kind"], e["by"], e["effective"]) for e in shown["events"]} == {
        ("cree", "decret/2020-12-01/2020-1500/art-2", "2021-01-01")
    }
    assert report.anomalies == {"version-inversee": 1, "versions-lacune": 1}
    assert [c["code"] for c in shown["conflicts"]] == ["version-inversee"]
    assert base.show("css/L102", at="2005-01-01")["status"] == "abroge"
    assert base.show("css/L102", at="2012-01-01")["version"]["end_is"] == "inconnu"
    assert base.show("css/L102", at="2012-01-01")["text"] == "a | b"
    early = base.show("css/L101", at="1990-01-01")
    assert (early["status"], early["text"]) == ("en_vigueur", None)
    assert "Son texte n'est pas dans cette base de connaissances." in early["notes"]
    db = sqlite3.connect(tmp_path / "a.kb")
    assert db.execute(
        "select substr(s.text, a.start + 1, a.end - a.start), official from anchor a join source s on s.id = a.source"
    ).fetchall() == [("L. 102", "LEGIARTI000000000200")]


def test_the_package_is_read_from_its_folder_and_its_archive_alike(tmp_path: Path) -> None:
    data = tmp_path / "package" / "data"
    data.mkdir(parents=True)
    (data / f"{CSS}.json").write_text(code(), encoding="utf-8")
    (data / "index.json").write_text("[]")
    with tarfile.open(tmp_path / "p.tgz", "w:gz") as tar:
        tar.add(tmp_path / "package", "package")
    import_law([tmp_path / "p.tgz"], tmp_path / "a.kb", ONE)
    import_law([tmp_path / "package"], tmp_path / "b.kb", ONE)
    a, b = dump(tmp_path / "a.kb"), dump(tmp_path / "b.kb")
    assert [row[1] for row in a["paragraph"]] == [row[1] for row in b["paragraph"]] != []


# -- merging -------------------------------------------------------------------------------------------------------


def test_sources_meet_agree_and_disagree(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "css",
        [
            ("1985-12-21", {f"{PART}/Article L101 - 100.md": article("L101", "Ancien.")}),
            (
                "2021-01-01",
                {f"{PART}/Article L101 - 100.md": article("L101", "Voir L. 102.\n\n1° seuil < 50 % ;\n\n2° autre.")},
            ),
        ],
    )
    path = tmp_path / f"{CSS}.json"
    path.write_text(code(), encoding="utf-8")
    report = import_law([folder, path], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")
    assert base.show("css/L101", at="1990-01-01")["text"] == "Ancien."
    now = base.show("css/L101", at="2022-01-01")["version"]
    assert {who for proof in now["start_proof"] for who in proof["said_by"]} == set(report.containers)
    assert "textes-divergents" not in report.anomalies
    path.write_text(
        code().replace("2° autre", "2° encore autre").replace("2&deg; autre", "2&deg; encore autre"), encoding="utf-8"
    )
    report = import_law([path], tmp_path / "a.kb", ONE)
    assert report.anomalies["textes-divergents"] == 1
    told = Base(tmp_path / "a.kb").history("css/L101")
    assert len([said for said in told["versions"][-1]["said"] if said["source"]]) == 3


def test_the_corpus_stands_on_imported_law(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "css",
        [
            (
                "1992-03-28",
                {
                    "03. Décrets/Article D133-1 - 6735225.md": article(
                        "D133-1",
                        "Le montant est fixé à 100 F.\n\nIl en est de même du second.",
                        Créé_par="Décret n°92-283 du 20 mars 1992 - art. 1 () JORF 28 mars 1992",
                    )
                },
            )
        ],
    )
    build(ROOT / "corpus", tmp_path / "a.kb", [folder], ONE)
    shown = Base(tmp_path / "a.kb").show("css/D133-1", at="1997-05-01")
    assert (shown["status"], shown["text"], shown["version"]["official"]) == (
        "en_vigueur",
        "Le montant est fixé à 100 F.\n\nIl en est de même du second.",
        "LEGIARTI000006735225",
    )
    assert any(
        c["from"].startswith("circulaire/1996-12-27/7055") and c["status"] == "resolved" for c in shown["cited_by"]
    )
    assert shown["rules"]


# -- LEGI archives -------------------------------------------------------------------------------------------------

ACT = {
    "cid": "JORFTEXT000000558797",
    "nature": "DECRET",
    "title": "Décret n°96-251 du 21 mars 1996",
    "number": "96-251",
    "signed": "1996-03-21",
    "published": "1996-03-28",
}
LINKS = (
    '<LIEN cidtexte="JORFTEXT000000754945" datesignatexte="1998-07-08" id="LEGIARTI000006600924" naturetexte="LOI" nortexte="" num="1" numtexte="98-565" sens="source" typelien="CREATION">Loi n°98-565 du 8 juillet 1998 - art. 1 (V) JORF 9 juillet 1998</LIEN>'
    '<LIEN cidtexte="" datesignatexte="2999-01-01" id="" naturetexte="CODE" nortexte="" num="L102" numtexte="" sens="cible" typelien="CITATION">Code - art. L102</LIEN>'
)


def full(path: Path) -> Path:
    return archive(
        path,
        [
            xml_article("LEGIARTI000000000100", "L101", "1998-07-10", "2007-01-01", "MODIFIE", "<p>Un.<br/>Deux.</p>", crumbs=["Partie législative", "Titre Ier : Un"], links=LINKS),
            xml_article("LEGIARTI000000000101", "L101", "2007-01-01", "2006-12-08", "MODIFIE_MORT_NE", "<p>Jamais.</p>", first="LEGIARTI000000000100"),
            xml_article("LEGIARTI000000000102", "L101", "2007-01-01", OPEN, "VIGUEUR", "<p>Trois, voir l'article L. 102.</p>", first="LEGIARTI000000000100", crumbs=["Partie législative", "Titre Ier : Un"]),
            xml_article("LEGIARTI000000000200", "L102", "2222-02-22", OPEN, "VIGUEUR_DIFF", "<p>Plus tard.</p>"),
            xml_article("LEGIARTI000006771034", "1", "1996-03-28", OPEN, "VIGUEUR", "<p>Il est admis.</p>", **ACT),
        ],
    )  # fmt: skip


def test_a_full_and_a_daily_archive(tmp_path: Path) -> None:
    first = full(tmp_path / "Freemium_legi_global_20250713-140000.tar.gz")
    report = import_law([first], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")
    assert base.show("css/L101", at="2000-01-01")["text"] == "Un.\n\nDeux."
    assert base.show("css/L101", at="2000-01-01")["version"]["start_known"] == "1998-07-09"
    assert {(e["kind"], e["by"]) for e in base.show("css/L101")["events"]} == {("cree", "loi/1998-07-08/98-565/art-1")}
    assert base.show("css/L101", at="2010-01-01")["version"]["end_is"] == "ouvert"
    assert base.show("css/L102", at="2010-01-01")["status"] == "inconnu"
    assert base.show("decret/1996-03-21/96-251/art-1", at="1997-01-01")["text"] == "Il est admis."
    assert report.anomalies == {"version-inversee": 1}
    daily = archive(
        tmp_path / "LEGI_20250714-210000.tar.gz",
        [xml_article("LEGIARTI000000000102", "L101", "2007-01-01", "2025-07-14", "MODIFIE", "<p>Trois, voir l'article L. 102.</p>", first="LEGIARTI000000000100"), xml_article("LEGIARTI000000000103", "L101", "2025-07-14", OPEN, "VIGUEUR", "<p>Quatre.</p>", first="LEGIARTI000000000100")],
        drops=[f"legi/global/code_et_TNC_en_vigueur/code_en_vigueur/{digits(CSS)}/article/{digits('LEGIARTI000000000200')}"],
    )  # fmt: skip
    report = import_law([daily], tmp_path / "a.kb", ONE)
    assert report.counts["withdrawn"] == 1
    base = Base(tmp_path / "a.kb")
    assert [base.show("css/L101", at=day)["text"] for day in ("2025-07-13", "2025-07-14")] == [
        "Trois, voir l'article L. 102.",
        "Quatre.",
    ]
    assert base.show("css/L102", at="2030-01-01")["text"] is None
    assert [c["target"] for c in base.show("css/L101", at="2020-01-01")["cites"]] == ["css/L102"]
    assert base.search("plus tard")["total"] == 0
    assert import_law([first], tmp_path / "a.kb", ONE).containers == []


def test_of_two_files_with_one_id_the_newest_wins(tmp_path: Path) -> None:
    path = tmp_path / "LEGI_20250714-210000.tar.gz"
    name, xml = xml_article("LEGIARTI000000000100", "L101", "1998-07-10", OPEN, "VIGUEUR", "<p>Vieux.</p>")
    with tarfile.open(path, "w:gz") as tar:
        add(
            tar,
            "x/" + name.replace("code_en_vigueur", "code_non_vigueur"),
            xml.replace("Vieux", "Neuf").encode(),
            1_700_000_000,
        )
        add(tar, "x/" + name, xml.encode(), 1_600_000_000)
    import_law([path], tmp_path / "a.kb", ONE)
    assert Base(tmp_path / "a.kb").show("css/L101", at="2000-01-01")["text"] == "Neuf."


BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><ARTICLE>&c;</ARTICLE>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><ARTICLE/>'


@pytest.mark.parametrize(
    "xml", [BOMB, OUTSIDE, "<ARTICLE>", "<AUTRE/>", "<ARTICLE/>", "", "<a>" * 50_000 + "</a>" * 50_000, "\0"]
)
def test_a_bad_member_costs_itself(tmp_path: Path, xml: str) -> None:
    good = xml_article("LEGIARTI000000000100", "L101", "1998-07-10", OPEN, "VIGUEUR", "<p>Bon.</p>")
    path = archive(
        tmp_path / "LEGI_20250714-210000.tar.gz", [(f"legi/article/{digits('LEGIARTI000000000999')}.xml", xml), good]
    )
    report = import_law([path], tmp_path / "a.kb", ONE)
    assert [fault.code for fault in report.faults] == ["xml-illisible"]
    assert Base(tmp_path / "a.kb").show("css/L101", at="2000-01-01")["text"] == "Bon."


def test_members_that_reach_out_are_refused(tmp_path: Path) -> None:
    link = tarfile.TarInfo("x/LEGIARTI000000000001.xml")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    climbing = tarfile.TarInfo("../LEGIARTI000000000002.xml")
    good = xml_article("LEGIARTI000000000100", "L101", "1998-07-10", OPEN, "VIGUEUR", "<p>Bon.</p>")
    path = archive(tmp_path / "LEGI_20250714-210000.tar.gz", [good], extra=[link, climbing])
    report = import_law([path], tmp_path / "a.kb", ONE)
    assert [fault.code for fault in report.faults] == ["membre-refuse", "membre-refuse"]


def test_a_truncated_archive_writes_nothing(tmp_path: Path) -> None:
    path = full(tmp_path / "LEGI_20250713-140000.tar.gz")
    import_law([path], tmp_path / "a.kb", ONE)
    before = (tmp_path / "a.kb").read_bytes()
    cut = tmp_path / "LEGI_20250714-140000.tar.gz"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    report = import_law([cut], tmp_path / "a.kb", ONE)
    assert report.stopped
    assert (tmp_path / "a.kb").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [path.name, cut.name, "a.kb"]


# -- bad input, kills, engines ----------------------------------------------------------------------------------------


def test_what_is_no_law_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.tgz").write_bytes(b"\x1f\x8b garbage")
    (tmp_path / "x.json").write_text('{"type": "other"}')
    (tmp_path / "bad.json").write_text("{")
    bare = repository(tmp_path / "repo", [("2000-01-01", {"a.txt": "x"})])
    for path, words in (
        ("absent", "no such file"), ("empty", "no format that is known"), ("x.tgz", "no format that is known"),
        ("x.json", "nothing of format legi-data"), ("bad.json", "nothing of format legi-data"), (bare.name, "without a file"),
    ):  # fmt: skip
        with pytest.raises(Misuse, match=words):
            import_law([tmp_path / path], tmp_path / "a.kb", ONE)
        assert not (tmp_path / "a.kb").exists()
    with pytest.raises(Misuse, match="no format 'pdf'"):
        import_law([tmp_path / "x.json"], tmp_path / "a.kb", Options(format="pdf"))
    (tmp_path / "not.kb").write_text("hello")
    with pytest.raises(Misuse, match="not a knowledge base"):
        import_law([history(tmp_path / "css")], tmp_path / "not.kb", ONE)


def test_a_killed_import_leaves_the_old_file_and_a_rerun_completes(tmp_path: Path) -> None:
    folder = history(tmp_path / "css")
    import_law([folder], tmp_path / "a.kb", ONE)
    before = (tmp_path / "a.kb").read_bytes()
    days = [
        (
            f"{2011 + n // 12}-{n % 12 + 1:02d}-01",
            {f"{PART}/Article L{n + 210} - {n + 1000}.md": article(f"L{n + 210}", f"Voir l'article L. {n + 209}.")},
        )
        for n in range(12)
    ]
    repository(folder, days)
    program = "import sys, time; from pathlib import Path; from kb.make import build, report, spread\nkeep = spread.keep\ndef slow(*a):\n    keep(*a); print('half', flush=True); time.sleep(60)\nspread.keep = slow\nbuild.import_law([Path(sys.argv[1])], Path(sys.argv[2]), report.Options(workers=1))"
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder), str(tmp_path / "a.kb")], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout and process.stdout.readline() == b"half\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert (tmp_path / "a.kb").read_bytes() == before
    assert list(tmp_path.glob(".a.kb.*.part"))
    import_law([folder], tmp_path / "a.kb", ONE)
    assert not list(tmp_path.glob(".a.kb.*.part"))
    assert Base(tmp_path / "a.kb").show("css/L220", at="2015-01-01")["cites"][0]["status"] == "resolved"


def test_readers_of_the_old_file_are_undisturbed(tmp_path: Path) -> None:
    folder = history(tmp_path / "css")
    import_law([folder], tmp_path / "a.kb", ONE)
    base = Base(tmp_path / "a.kb")
    repository(folder, [("2010-01-01", {f"{PART}/Article L104 - 400.md": article("L104", "x")})])
    import_law([folder], tmp_path / "a.kb", ONE)
    assert base.show("css/L101", at="1990-01-01")["text"] == "Le seuil est fixé à 100 F."
    with pytest.raises(Misuse):
        base.show("css/L104")


def wide(folder: Path) -> Path:
    """Enough articles for several chunks."""
    files = {
        f"{PART}/Article L{n} - {n}.md": article(
            f"L{n}",
            f"Voir les articles L. {n + 1} et L. {n + 2} du présent code.\n\n1° le décret n° 96-{n} du 21 mars 1996.",
        )
        for n in range(100, 1100)
    }
    return repository(folder, [("1990-01-01", files)])


def test_one_process_and_several_give_the_same_bytes(tmp_path: Path) -> None:
    folder = wide(tmp_path / "css")
    import_law([folder], tmp_path / "one.kb", ONE)
    import_law([folder], tmp_path / "two.kb", Options(workers=2))
    assert (tmp_path / "one.kb").read_bytes() == (tmp_path / "two.kb").read_bytes()


def test_a_dask_cluster_that_loses_a_worker_gives_the_same_bytes(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    folder = wide(tmp_path / "css")
    import_law([folder], tmp_path / "one.kb", ONE)
    context = multiprocessing.get_context("spawn")
    assert context
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        killed = []

        def kill(name: str, done: int, total: int) -> None:
            if name == "citations" and not killed:
                worker = next(iter(cluster.workers.values()))
                os.kill(worker.pid, signal.SIGKILL)
                killed.append(worker.pid)

        import_law(
            [folder], tmp_path / "dask.kb", Options(engine="dask", scheduler=cluster.scheduler_address, progress=kill)
        )
    assert killed
    assert (tmp_path / "one.kb").read_bytes() == (tmp_path / "dask.kb").read_bytes()


def test_no_scheduler_is_one_clear_line(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra 'dask' is not installed")
    with pytest.raises(Misuse, match="no dask scheduler answers"):
        import_law([wide(tmp_path / "css")], tmp_path / "a.kb", Options(engine="dask", scheduler="tcp://127.0.0.1:1"))


def test_tables_for_other_engines(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra 'parquet' is not installed")
    from kb.show.export import write
    from kb.show.export.parquet import FORMAT, SCHEMA

    import_law([history(tmp_path / "css")], tmp_path / "a.kb", ONE)
    for name in ("one", "two"):
        write(Base(tmp_path / "a.kb").store, "parquet", tmp_path / name)
    assert {p.stem for p in (tmp_path / "one").iterdir()} == set(SCHEMA)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        table = parquet.read_table(path)
        assert table.column_names == list(SCHEMA[path.stem].types)
        assert table.schema.metadata[b"renvoi"] == FORMAT.encode()
    versions = parquet.read_table(tmp_path / "one" / "versions.parquet").to_pylist()
    assert [v["start"] for v in versions if v["provision"] == "css/L101"] == [
        date(1985, 12, 21),
        date(1992, 3, 28),
        date(2002, 1, 1),
    ]


def test_imported_law_is_proved_again_and_damage_is_seen(tmp_path: Path) -> None:
    from kb.make.verify import verify

    build(ROOT / "corpus", tmp_path / "a.kb", [history(tmp_path / "css")], ONE)
    assert verify(Base(tmp_path / "a.kb").store).failures == []
    for damage in (
        "update source set text = replace(text, '100 F', '100 G') where id like 'git-%'",
        "update citation set start = start + 1 where source like 'git-%'",
        "update version set end = '1991-01-01' where id = 'css/L101@1985-12-21'",
        "update witness set version = 'css/L101@1900-01-01' where version is not null and container is not null",
        "delete from container",
    ):
        copy = tmp_path / "damaged.kb"
        copy.write_bytes((tmp_path / "a.kb").read_bytes())
        with sqlite3.connect(copy) as db:
            db.execute(damage)
        db.close()
        assert verify(Base(copy).store).failures, damage


def test_more_documents_like_the_two_seeds(tmp_path: Path) -> None:
    articles, circulars = tmp_path / "articles", tmp_path / "circulaires"
    articles.mkdir()
    circulars.mkdir()
    seeds = {path.parent.name: path for path in (ROOT / "corpus/sources").glob("*/*.txt")}
    (articles / "D253-81.md").write_bytes(seeds["css-d253-81"].read_bytes())
    (articles / "L101.md").write_text("Article L101\n----\nUn alinéa.\n\nUn autre.\n", encoding="utf-8")
    (articles / "notes.md").write_text("rien\n", encoding="utf-8")
    (circulars / "anv.txt").write_bytes(seeds["instruction-anv-msa"].read_bytes())
    with pytest.raises(Misuse, match="add --within"):
        import_law([articles], tmp_path / "a.kb", ONE)
    report = import_law([articles], tmp_path / "a.kb", ONE._replace(within="css"))
    assert [fault.code for fault in report.faults] == ["titre-absent"]
    import_law([circulars], tmp_path / "a.kb", ONE._replace(format="circular"))
    base = Base(tmp_path / "a.kb")
    shown = base.show("css/D253-81", at="1997-05-01")
    assert (shown["status"], shown["version"]["start"], shown["version"]["end"]) == (
        "en_vigueur",
        "1993-09-01",
        "2007-10-20",
    )
    assert base.show("css/L101")["version"]["start_is"] == "inconnu"
    packaged = Base(tmp_path / "b.kb") if build(ROOT / "corpus", tmp_path / "b.kb", [], ONE) else None
    assert packaged
    for name in ("circulaire/1996-12-27/7055/I/1", "circulaire/1996-12-27/7055/II/2/2.4"):
        assert [p["text"] for p in base.show(name)["paragraphs"]] == [
            p["text"] for p in packaged.show(name)["paragraphs"]
        ]
    assert any(c["from"].startswith("circulaire/1996-12-27/7055") for c in base.show("css/D253-81")["cited_by"]) == any(
        c["from"].startswith("circulaire/1996-12-27/7055") for c in packaged.show("css/D253-81")["cited_by"]
    )


def test_a_disk_that_fills_is_one_clear_line_and_leaves_the_old_file(tmp_path: Path) -> None:
    folder = wide(tmp_path / "css")
    import_law([history(tmp_path / "other")], tmp_path / "a.kb", ONE)
    before = (tmp_path / "a.kb").read_bytes()
    limit = len(before) + 200_000
    program = f"import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); from kb.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", program, "import", str(folder), "-o", str(tmp_path / "a.kb"), "--workers", "1"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "cannot write" in done.stderr
    assert (tmp_path / "a.kb").read_bytes() == before
    assert not list(tmp_path.glob(".a.kb.*"))


def test_the_commands_of_the_importing_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from kb.cli import main

    folder = repository(
        tmp_path / "css",
        [
            ("1992-03-28", {"03. Décrets/Article D133-1 - 6735225.md": article("D133-1", "Fixé à 100 F.\n\nDe même.")}),
            (
                "2002-01-01",
                {"03. Décrets/Article D133-1 - 6735225.md": article("D133-1", "Fixé à 16 euros.\n\nDe même.")},
            ),
        ],
    )
    target = str(tmp_path / "a.kb")
    assert main(["build", "--with", str(folder), "-o", target, "--workers", "1"]) == 0
    assert main(["show", "css/D133-1", "--at", "1997-05-01", "--kb", target]) == 0
    assert main(["diff", "css/D133-1", "1997-05-01", "2002-02-01", "--kb", target]) == 0
    assert main(["history", "css/D133-1", "--kb", target]) == 0
    assert main(["import", str(folder), "-o", target]) == 0
    out = capsys.readouterr().out
    assert "Fixé à 100 F." in out and "[-100 F-]{+16 euros+}" in out and "nothing new" in out
