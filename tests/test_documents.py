"""Documents of people: any container gives the same act, outline and alinéas; hostile files are refused in one sentence."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import paper
import pytest
from conftest import ROOT
from document_cases import CASES, alineas, found, found_in, told
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.base import Base
from kb.cli import main
from kb.ground.fault import Misuse
from kb.make.build import build, import_law
from kb.make.report import Options
from kb.make.starter import new, put
from kb.make.verify import verify
from kb.texts.files import Unreadable, extract
from kb.texts.files.layout import Extraction, Layout, Piece, from_json
from kb.texts.readers import days
from kb.texts.readers.blocks import blocks
from kb.texts.readers.decided import Said, said
from kb.texts.readers.marks import mark
from kb.texts.tree import FURNITURE, gap

ONE = Options(workers=1)
PRINTERS: dict[str, Callable[[list[str]], bytes]] = {
    "html": paper.html,
    "docx": paper.docx,
    "odt": paper.odt,
    "eml": paper.eml,
    "pdf": lambda p: paper.pdf(p, 1, 24),
    "columns.pdf": lambda p: paper.pdf(p, 2, 30),
    "pages.txt": lambda p: paper.txt(p, "cp1252", "\r\n", 18),
}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_document_is_found_out(path: Path) -> None:
    reading = found_in(path.name, path.read_bytes())
    assert told(reading) == path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()


def printable(path: Path) -> list[str]:
    """The paragraphs of a case, its headings marked as such."""
    here = found_in(path.name, path.read_bytes())
    titles = {p.title.partition(" – ")[2] or p.title for p in here.outline.provisions}
    made = []
    for block in blocks(here.text, Layout()):
        if not block.words or block.aside:
            continue
        rest = block.folded[block.mark.rest :].strip() if block.mark else block.folded
        strong = bool(titles & {rest, block.folded}) and not block.folded.endswith(".")
        made.append(("## " if strong else "") + block.folded)
    return made


@pytest.mark.parametrize("printer", PRINTERS)
@pytest.mark.parametrize("path", [p for p in CASES if p.stem != "interministerielle"], ids=lambda path: path.stem)
def test_every_container_tells_the_same(path: Path, printer: str) -> None:
    written = found_in(path.name, path.read_bytes())
    printed = found_in(f"essai.{printer.rpartition('.')[2]}", PRINTERS[printer](printable(path)))
    assert [line for line in told(printed) if "published" not in line] == [
        line for line in told(written) if "published" not in line
    ]
    assert set(alineas(written)) <= set(alineas(printed))
    furniture = re.compile(rf"{paper.HEADER}|{paper.FOOTER}|^\W*\d+/\d+$|^- \d+ -$")
    assert not [p.words for p in printed.outline.paragraphs if p.kind == "alinea" and furniture.search(p.words)]


ROLES = st.sampled_from(["", "f", "n", "r", "b", "h1", "h2", "h3"])
LINES = st.sampled_from(
    [
        "", " ", "\t", "\x0c", "- 2 -", "12", "TITRE Ier", "Chapitre II : Suite", "Article 1er", "Article 2 : Objet", "Art. 3. - Le texte.", "I. - CHAMP",
        "A - Dettes", "1. Dettes", "1.1 Suite", "a) Visite", "1° Un ;", "§ 30", "- tiret ;", "Vu le code civil ;", "Arrête :", "Annexe 1 : Modèle", "Fait à Lyon, le 3 mars 2010.",
        "Le ministre,", "CIRCULAIRE n° 3 du 2 mai 1999 relative aux essais", "Une phrase assez longue pour faire un alinéa de ce texte.", "bri-", "sée en fin de ligne.",
        "## Titre", "| a | b |", "I. Notion ........ 2", "é̀ ‮x",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=30).map("\n".join) | st.text(max_size=300))
def test_leaves_tile_any_text(text: str) -> None:
    here = found(Extraction(text, Layout()))
    assert gap(here.reading.tree, len(text)) is None
    for p in here.outline.paragraphs:
        assert text[p.start : p.end].strip()
        assert not p.cuts or p.words == "".join(text[p.place(i)] for i in range(len(p.words)))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(LINES, ROLES), min_size=1, max_size=25), st.sampled_from(["line", "paragraph", "element"]))
def test_leaves_tile_any_layout(pieces: list[tuple[str, str]], unit: str) -> None:
    text, laid = "", []
    for rank, (words, role) in enumerate(pieces, 1):
        laid.append(Piece(len(text), role, 1, rank))
        text += words + "\n"
    layout = Layout(unit, tuple(laid))
    assert from_json(layout.to_json()) == layout
    here = found(Extraction(text, layout))
    assert gap(here.reading.tree, len(text)) is None
    furniture = [leaf for leaf in here.reading.tree.leaves() if leaf.kind == FURNITURE]
    for p in here.outline.paragraphs:
        for leaf in furniture:
            inside = p.start <= leaf.start and leaf.end <= p.end
            assert not inside or text[leaf.start : leaf.end].strip() not in p.words.split("\n") or p.words.count("\n")


def test_an_offset_leads_back_to_the_file() -> None:
    layout = extract("a.pdf", paper.pdf(["Un premier alinéa.", "Un second alinéa."] * 20, 1, 10))[1].layout
    assert layout.place(0) == "page 1, ligne 2" or layout.place(0).startswith("page 1, ligne")
    assert layout.place(10_000).startswith("page ")
    text, layout = extract("a.docx", paper.docx(["Un.", "Deux."]))[1][:2]
    assert layout.place(text.index("Deux")) == "paragraphe 3"


def test_hyphens_of_the_page_are_no_words() -> None:
    words = "La présente circulaire précise incontestablement les modalités administratives du recouvrement des cotisations agricoles."
    here = found_in("a.pdf", paper.pdf(["CIRCULAIRE n° 3 du 2 mai 1999 relative aux essais", words], 2, 30))
    (alinea,) = [p for p in here.outline.paragraphs if p.kind == "alinea"]
    assert "-\n" in here.text[alinea.start : alinea.end] and " ".join(alinea.words.split()) == words
    assert "".join(here.text[alinea.place(i)] for i in range(len(alinea.words))) == alinea.words


def test_days_in_every_writing() -> None:
    for words, day in (
        ("Paris, le 3 MARS 1998", (1998, 3, 3)), ("du 12/08/05", (2005, 8, 12)), ("DU 7-4-2004", (2004, 4, 7)), ("02.10.2012", (2012, 10, 2)),
        ("L'an deux mille dix-huit, le quinze novembre", (2018, 11, 15)), ("l’an mil neuf cent quatre-vingt-dix-neuf, le premier juillet", (1999, 7, 1)),
        ("le vingt-deux juin deux mille quatre", (2004, 6, 22)), ("BOI-TVA-10-20131018", (2013, 10, 18)), ("25 NOV. 2019", (2019, 11, 25)),
        ("1er août 1998", (1998, 8, 1)), ("19/10/79", (1979, 10, 19)),
    ):  # fmt: skip
        assert days.first(words) == date(*day), words
    for words in ("n° 98-112", "2.4.1.3", "30 février 2010", "dossier 12-11-2008-3", "12/08/05/2"):
        assert days.first(words) is None, words


def test_marks_that_are_none() -> None:
    for words in (
        "14 juillet 2010",
        "12/08/05",
        "2 000 euros",
        "1.5 % du montant",
        "L. 2261-7 du code",
        "A la suite de",
        "Titre de séjour",
        "15-20 personnes",
    ):
        assert mark(words) is None, words


WORD = "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>"
ENTITY = "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
BOMB = (
    "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{i} '{(f'&a{i - 1};' if i else '&a;') * 10}'>" for i in range(9))
    + "]>"
)
GOOD = [
    "Arrêté du 6 février 2015 relatif aux essais",
    "Arrête :",
    "Article 1",
    "Le texte s'applique aux essais de la maison.",
]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "vide"), ("a.txt", b" \n", "vide"), ("a.txt", bytes(range(256)) * 20, "pas du texte"), ("a.docx", paper.docx(GOOD)[:4000], "tronquée"),
        ("a.odt", paper.odt(GOOD)[:150], "tronquée"), ("a.pdf", paper.pdf(GOOD)[:300], "tronqué"), ("a.pdf", b"Bonjour", "n'en est pas"),
        ("a.pdf", paper.printed(["", ""]), "ocrmypdf"), ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "ancien Office"),
        ("a.docx", paper.zipped({"xl/workbook.xml": "<a/>"}), "pas de document Word"), ("a.docx", paper.zipped({"word/document.xml": ENTITY + WORD % "&x;"}), "type de document"),
        ("a.docx", paper.zipped({"word/document.xml": BOMB + WORD % "&a8;"}), "word/document.xml"), ("a.docx", paper.zipped({"word/document.xml": " " * (65 << 20)}), "dépasse 64 Mo"),
        ("a.docx", paper.zipped({"word/document.xml": "<a"}), "bien formé"), ("a.html", b"<script>1</script>", "rien n'y est du texte"), ("a.png", b"\x89PNG....", "image"),
        ("a.eml", b"From: a\nTo: b\nSubject: c\n\n", "pas de corps"), ("a.txt", b"mot " * 4_000_000, "12 millions"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_says_why(name: str, data: bytes, words: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreadable, match=re.escape(words)):
        extract(name, data)
    assert time.monotonic() - begun < 5


def test_too_many_pages_are_refused_and_many_are_read() -> None:
    with pytest.raises(Unreadable, match="10000 pages"):
        extract("a.pdf", paper.printed([paper._at(60, 700, "Une page.")] * 10_000))
    _, read = extract("a.pdf", paper.printed([paper._at(60, 700, f"La page {i} de ce document.") for i in range(300)]))
    assert read.text.count("La page") == 300


def test_encodings_and_line_ends() -> None:
    words = "Décret relatif à l'été, façade où\nsuite : « œuvre » d'août\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"):
        assert extract("a.txt", words.encode(encoding))[1].text == words
        assert extract("a.txt", words.replace("\n", "\r\n").encode(encoding))[1].text == words


def test_a_wrong_extension_is_no_matter_where_the_bytes_tell() -> None:
    assert extract("a.txt", paper.docx(GOOD))[0] == "docx"
    assert extract("a.docx", paper.pdf(GOOD))[0] == "pdf"
    assert extract("a.txt", paper.html(GOOD))[0] == "html"


def test_word_prints_the_numbers_that_it_does_not_store() -> None:
    namespace = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
    level = "<w:lvl w:ilvl='{}'><w:start w:val='1'/><w:numFmt w:val='{}'/><w:lvlText w:val='{}'/></w:lvl>"
    numbering = f"<w:numbering {namespace}><w:abstractNum w:abstractNumId='0'>{level.format(0, 'upperRoman', '%1.')}{level.format(1, 'decimal', '%1.%2')}</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    p = "<w:p><w:pPr><w:numPr><w:ilvl w:val='{}'/><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r><w:del><w:r><w:delText>non</w:delText></w:r></w:del></w:p>"
    body = f"<w:document {namespace}><w:body>{p.format(0, 'Un')}{p.format(1, 'Deux')}{p.format(1, 'Trois')}{p.format(0, 'Quatre')}</w:body></w:document>"
    text = extract("a.docx", paper.zipped({"word/document.xml": body, "word/numbering.xml": numbering}))[1].text
    assert text.split("\n\n")[:4] == ["I. Un", "I.1 Deux", "I.2 Trois", "II. Quatre"]


# ---- one way in


def folder(place: Path) -> Path:
    place.mkdir()
    (place / "arrete.docx").write_bytes(paper.docx(GOOD))
    (place / "faux.pdf").write_bytes(b"rien")
    (place / "circulaire.txt").write_bytes((CASES[0].parent / "degres.txt").read_bytes())
    (place / "notes.md").write_text("Une note sans nature.\n", encoding="utf-8")
    return place


def test_a_folder_is_read_and_what_cannot_be_read_costs_itself(tmp_path: Path) -> None:
    report = import_law([folder(tmp_path / "a")], tmp_path / "a.kb", ONE)
    assert sorted(fault.code for fault in report.faults) == ["nature-inconnue", "source-illisible"]
    base = Base(tmp_path / "a.kb")
    shown = base.show("circulaire/1994-10-04/31/2°")
    assert shown["title"] == "Emplacements" and shown["status"] == "en_vigueur"
    assert [e["kind"] for e in base.show("circulaire/1989-05-02/12")["events"]] == ["abroge"]
    assert verify(base.store).failures == []
    again = import_law([tmp_path / "a"], tmp_path / "a.kb", ONE)
    assert again.containers == []


def test_a_person_decides(tmp_path: Path) -> None:
    doubtful = CASES[0].parent / "deux-dates.txt"
    assert [f.code for f in import_law([doubtful], tmp_path / "a.kb", ONE).faults] == ["dates-discordantes"]
    decided = import_law([doubtful], tmp_path / "b.kb", ONE._replace(said=said(signed="2003-06-09")))
    assert (
        decided.faults == [] and Base(tmp_path / "b.kb").show("circulaire/2003-06-09/2003-77")["status"] == "en_vigueur"
    )
    (tmp_path / "notes.md").write_text("Une note sans nature.\n", encoding="utf-8")
    with pytest.raises(Misuse, match="rien n'y dit ce qu'il est"):
        import_law([tmp_path / "notes.md"], tmp_path / "c.kb", ONE)
    import_law([tmp_path / "notes.md"], tmp_path / "c.kb", ONE._replace(said=said("note", "note/sd/ma-note")))
    assert Base(tmp_path / "c.kb").show("note/sd/ma-note")["text"] == "Une note sans nature."
    for wrong in (
        {"nature": "poème"},
        {"id": "css/L1"},
        {"signed": "12/08/05"},
        {"nature": "loi", "id": "decret/sd/x"},
    ):
        with pytest.raises(Misuse):
            said(**wrong)  # type: ignore[arg-type]


def test_a_corpus_of_ones_own_builds_and_verifies(tmp_path: Path) -> None:
    new(tmp_path / "mine")
    with pytest.raises(Misuse, match="there already"):
        new(tmp_path / "mine")
    (tmp_path / "avenant.pdf").write_bytes(paper.pdf(printable(CASES[0].parent / "avenant.txt"), 2, 30))
    card, doubts = put(tmp_path / "avenant.pdf", tmp_path / "mine", Said())
    assert card.parent.name == "avenant-2010-03-03-12" and doubts == []
    with pytest.raises(Misuse, match="never replaced"):
        put(tmp_path / "avenant.pdf", tmp_path / "mine", Said())
    built = build(tmp_path / "mine", tmp_path / "mine.kb", options=ONE)
    assert built.faults == []
    base = Base(tmp_path / "mine.kb")
    assert verify(base.store).failures == []
    assert base.apply("petites-creances", {"montant_du": "29 EUR"}, at="2021-01-01")["status"] == "applicable"
    (alinea,) = base.show("avenant/2010-03-03/12/art-1")["paragraphs"]
    assert "1 402 euros" in " ".join(alinea["text"].split())
    (card.parent / "avenant.pdf").write_bytes(b"%PDF-1.4 autre")
    assert any(fault.code == "empreinte" for fault in build(tmp_path / "mine", tmp_path / "x.kb", options=ONE).faults)


def test_a_corpus_that_keeps_the_packaged_registry_verifies(tmp_path: Path) -> None:
    new(tmp_path / "mine")
    for path in (ROOT / "corpus" / "registry").glob("*.toml"):
        (tmp_path / "mine" / "registry" / path.name).write_bytes(path.read_bytes())
    build(tmp_path / "mine", tmp_path / "mine.kb", options=ONE)
    assert verify(Base(tmp_path / "mine.kb").store).failures == []


@pytest.mark.parametrize(
    ("change", "words"),
    [(("id = ", "# id = "), "ne dit pas : id"), (("circulaire/2020", "poeme/2020"), "ne se comprend pas"), (('title = "', '# "'), "ne dit pas : title")],
)  # fmt: skip
def test_a_card_that_does_not_do_says_what_it_lacks(
    change: tuple[str, str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new(tmp_path / "mine")
    card = tmp_path / "mine" / "sources" / "exemple" / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace(*change, 1), encoding="utf-8")
    assert main(["build", str(tmp_path / "mine"), "-o", str(tmp_path / "a.kb")]) == 1
    assert words in capsys.readouterr().err and not (tmp_path / "a.kb").exists()


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine"]) == 0
    (tmp_path / "sans.txt").write_bytes((CASES[0].parent / "sans-date.txt").read_bytes())
    assert main(["import", "sans.txt", "--card", "mine"]) == 0
    out, err = capsys.readouterr()
    assert (
        "circulaire-sd-bornes-de-recharge-des-bateaux-electriques" in out
        and "sans.txt:1:1: Aucune date de signature" in err
    )
    assert main(["import", "sans.txt", "-o", "a.kb", "--signed", "2019-05-06"]) == 0
    assert main(["show", "circulaire/2019-05-06/bornes-de-recharge-des-bateaux-electriques", "--kb", "a.kb"]) == 0
    capsys.readouterr()
    for words in (
        ["import", "absent.pdf", "-o", "b.kb"],
        ["import", "sans.txt", "-o", "b.kb", "--nature", "x"],
        ["import", "sans.txt", "--card", "nulle-part"],
    ):
        assert main(words) == 2
        _, err = capsys.readouterr()
        assert len(err.splitlines()) == 1 and not os.path.exists("b.kb")
