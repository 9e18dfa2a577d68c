"""``renvoi check``: each planted fault gets its verdict, what is good none; the draft comes back in every form."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import paper
import pytest
from conftest import ROOT
from law_samples import article, repository

from kb.ask.check import CheckAnswer, Checker
from kb.cli import main
from kb.make.build import build
from kb.make.report import Options
from kb.show import checked
from kb.store.reading import Store

PART = "01. Partie législative"
OLD = "La pension est liquidée à soixante ans, sur demande de l'assuré.\n\nElle est versée chaque mois."
NEW = "La pension est liquidée à soixante-deux ans, sur demande de l'assuré.\n\nElle est versée chaque mois."
DRAFT = [
    "Note sur les pensions",
    "La pension est régie par l'article L. 910-1 du code de la sécurité sociale, qui dispose : « La pension est liquidée à soixante-deux ans ».",
    "L'article L. 910-2 du même code est cité à tort.",
    "L'article L. 910-99 du code de la sécurité sociale n'a jamais existé.",
    "Le neuvième alinéa de l'article L. 910-1 du code de la sécurité sociale n'existe pas.",
    "L'article L. 910-3 du code de la sécurité sociale viendra plus tard.",
    "L'article L. 910-1 du code de la sécurité sociale, dans sa rédaction en vigueur au 1er janvier 1999, disait « liquidée à soixante ans, sur demande ».",
    "Le décret n° 71-976 du 8 décembre 1971 est mal daté, le décret n° 71-976 du 3 décembre 1971 ne l'est pas.",
    "La loi du 8 août 2016 en porte d'autres ; l'article 1984 du code civil n'est pas ici.",
    "Selon l'article L. 910-1 du code de la sécurité sociale, « la pension est liquidée à soixante-cinq ans, sur demande de l'assuré ».",
    "Aux termes de l'article L. 910-1 du code de la sécurité sociale, « nul ne peut percevoir deux rentes de veuvage en même temps ».",
    "La prime dite « transport vert du personnel navigant » est due.",
]
#: What is wrong in it, in its order: words of the draft, verdict.
WRONG = [
    ("article L. 910-2", "abroge"), ("article L. 910-99", "inexistant"), ("neuvième alinéa", "fragment_absent"), ("article L. 910-3", "pas_encore"),
    ("article L. 910-1", "modifie"), ("liquidée à soixante ans", "autre_version"), ("décret n° 71-976 du 8", "date_contredite"), ("loi du 8 août", "date_seule"),
    ("la pension est liquidée à soixante-cinq", "proche"), ("nul ne peut percevoir", "perdue"),
]  # fmt: skip
DAY = date(2015, 6, 1)


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("law")
    filler = {f"{PART}/Article L920-{n} - 7{n}.md": article(f"L920-{n}", "Sans objet.") for n in range(1, 61)}
    commits = [
        ("1990-01-01", {**filler, f"{PART}/Article L910-1 - 1.md": article("L910-1", OLD), f"{PART}/Article L910-2 - 2.md": article("L910-2", "Rien.")}),
        ("2005-01-01", {f"{PART}/Article L910-2 - 2.md": None}),
        ("2010-01-01", {f"{PART}/Article L910-1 - 1.md": article("L910-1", NEW)}),
        ("2020-01-01", {f"{PART}/Article L910-3 - 3.md": article("L910-3", "À venir.")}),
    ]  # fmt: skip
    folder = repository(place / "css", commits)
    build(ROOT / "corpus", place / "law.kb", [folder], Options(workers=1))
    return place / "law.kb"


def checked_draft(law: Path, name: str, data: bytes, since: date | None = None) -> tuple[CheckAnswer, str]:
    answer, found = Checker(Store(law), DAY, since).check(name, data)
    return answer, found.text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", "\n\n".join(DRAFT).encode()), ("a.html", paper.html(DRAFT)), ("a.docx", paper.docx(DRAFT)), ("a.odt", paper.odt(DRAFT)),
        ("a.pdf", paper.pdf(DRAFT, 1, 40)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_each_planted_fault_is_found_and_nothing_else(law: Path, name: str, data: bytes) -> None:
    answer, text = checked_draft(law, name, data)
    wrong = [
        (" ".join(c["quote"].split()), c["verdict"]) for c in checked.findings(answer) if c["verdict"] in checked.WRONG
    ]
    assert [(words in quote, verdict) for (words, _), (quote, verdict) in zip(WRONG, wrong, strict=True)] == [
        (True, verdict) for _, verdict in WRONG
    ]
    for c in checked.findings(answer):
        assert text[c["start"] : c["end"]] == c["quote"] and c["place"]
    good = {c["verdict"] for c in checked.findings(answer)} - {verdict for _, verdict in WRONG}
    assert good == {"en_vigueur", "identite_seule", "non_couvert", "exacte"}


def test_what_a_verdict_rests_on(law: Path) -> None:
    answer, _ = checked_draft(law, "a.txt", "\n\n".join(DRAFT).encode())
    by = {c["verdict"]: c for c in answer["citations"]}
    assert by["abroge"]["since"] == "2005-01-01" and by["pas_encore"]["since"] == "2020-01-01"
    assert by["date_contredite"]["successor"] == "decret/1971-12-03/71-976"
    quoted = {q["verdict"]: q for q in answer["quotations"]}
    assert quoted["autre_version"]["version"] == "css/L910-1@1990-01-01"
    assert "« cinq » au lieu de « deux »" in quoted["proche"]["note"] or "soixante-cinq" in quoted["proche"]["note"]


def test_since_tells_what_changed(law: Path) -> None:
    words = "L'article L. 910-1 du code de la sécurité sociale et l'article L. 920-4 du même code.".encode()
    assert [c["verdict"] for c in checked_draft(law, "a.txt", words)[0]["citations"]] == ["en_vigueur", "en_vigueur"]
    since = checked_draft(law, "a.txt", words, date(2009, 1, 1))[0]["citations"]
    assert [c["verdict"] for c in since] == ["modifie", "en_vigueur"]


def test_a_draft_comes_back_in_every_form(law: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = tmp_path / "note.docx"
    draft.write_bytes(
        paper.docx([*DRAFT, "<script>alert(1)</script> selon l'article L. 910-2 du code de la sécurité sociale."])
    )
    asked = ["check", str(draft), "--at", "2015-06-01", "--kb", str(law)]
    assert main([*asked, "--docx", str(tmp_path / "out.docx"), "--html", str(tmp_path / "out.html")]) == 1
    out = capsys.readouterr().out
    assert out.index("n'existe pas") < out.index("abrogé") < out.index("citation approchée") and "paragraphe 5" in out
    comments = zipfile.ZipFile(BytesIO((tmp_path / "out.docx").read_bytes())).read("word/comments.xml").decode()
    assert comments.count("<w:comment ") == len(WRONG) + 1 and "71-976" in comments
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "<script>" not in page and page.count('class="wrong"') == len(WRONG) + 1
    assert main([*asked, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["summary"]["abroge"] == 2
    assert main([*asked, "--sarif"]) == 1
    run = json.loads(capsys.readouterr().out)["runs"][0]
    assert len(run["results"]) == len(WRONG) + 1 and run["results"][0]["locations"]
    assert main([*asked, "--fail-on", "ambigu"]) == 0


def test_bad_drafts_are_one_line_and_a_folder_goes_on(
    law: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "faux.pdf").write_bytes(b"rien")
    (tmp_path / "bon.txt").write_text("Voir l'article L. 910-1 du code de la sécurité sociale.", encoding="utf-8")
    for words in (
        ["faux.pdf"],
        ["absent.txt"],
        ["bon.txt", "--at", "hier"],
        ["bon.txt", "--fail-on", "rien"],
        ["bon.txt", "--docx", "x.docx"],
    ):
        assert main(["check", str(tmp_path / words[0]), *words[1:], "--kb", str(law)]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
    assert main(["check", str(tmp_path), "--at", "2015-06-01", "--kb", str(law)]) == 1
    out, err = capsys.readouterr()
    assert "bon.txt au 2015-06-01 : 0 à revoir, sur 1" in out and "faux.pdf" in err
