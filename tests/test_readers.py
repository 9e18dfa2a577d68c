"""Promises 1 and 7: every tree tiles its source, whatever the damage; outlines and ids come out as printed."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.texts.provisions import Paragraph, outline
from kb.texts.readers import Reading, read
from kb.texts.source import Source
from kb.texts.tree import FURNITURE, gap

CARDS = {"article_md": {"within": "css"}, "circular": {"id": "instruction/sd/essai"}}


def source_of(text: str, format: str) -> Source:
    card = {"title": "Essai", "format": format, **CARDS.get(format, {})}
    data = text.encode()
    return Source("essai", "sources/essai/essai.txt", data, text, hashlib.sha256(data).hexdigest(), card)


def paragraphs(text: str, format: str) -> list[Paragraph]:
    return outline(read(source_of(text, format)), lambda words: None).paragraphs


def joined(reading: Reading) -> str:
    text = reading.source.text
    return "".join(text[leaf.start : leaf.end] for leaf in reading.tree.leaves())


LINES = st.sampled_from(
    [
        "", " ", "\t", "# Article D1-2", "**Nota:**", "*Nota : un.[* ", "compte.*] ", "**Liens relatifs à cet article**", "\t**Créé par**:",
        "_Abrogé par_:", "  - Décret n°93-1004 du 10 août 1993", "- par priorité ;", "Le comptable paie.", "   1. Les cotisations",
        "2.4. Simple attestation", " ANNEXE N° 1 (suite)", " ANNEXE N° 1 : Circulaire n° 12 du 1er mai 1990", "CHAPITRE I - ABANDON", "Procédure :",
        "1°) - le délai", "MM. les préfets,", "suite d'une ligne", "•  puce", "\x0c", "\r", "é̀ ‮x",
    ]
)  # fmt: skip
anything = st.one_of(
    st.text(max_size=400), st.lists(LINES, max_size=25).map("\n".join), st.lists(LINES, max_size=25).map("\r\n".join)
)


@settings(max_examples=300)
@given(anything, st.sampled_from(["article_md", "circular", "inconnu"]))
def test_leaves_tile_any_text(text: str, format: str) -> None:
    reading = read(source_of(text, format))
    assert gap(reading.tree, len(text)) is None
    assert joined(reading) == text


@settings(max_examples=150)
@given(st.data())
def test_leaves_tile_the_real_documents_however_damaged(sources: dict[str, Source], data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sorted(sources.values(), key=lambda s: s.id)))
    at = data.draw(st.integers(0, len(source.text)))
    text = source.text[:at] + data.draw(anything) + source.text[at + data.draw(st.integers(0, 200)) :]
    reading = read(source_of(text, source.card["format"]))
    assert joined(reading) == text
    for paragraph in outline(reading, lambda words: None).paragraphs:
        assert text[paragraph.start : paragraph.end].strip()


def test_real_sources_tile_to_the_byte(sources: dict[str, Source]) -> None:
    assert set(sources) == {"css-d253-81", "instruction-anv-msa"}
    for source in sources.values():
        assert joined(read(source)).encode() == source.data


def test_both_counts_of_alineas(sources: dict[str, Source]) -> None:
    found = outline(read(sources["css-d253-81"]), lambda words: None).paragraphs
    alineas = [(p.label, p.old) for p in found if p.kind == "alinea"]
    assert alineas == [("al1", 1), ("al2", 2), ("al3", 3), ("al4", 4), ("al5", 5), ("al6", None), ("al7", None)]


def test_the_two_dialects_of_links_give_the_same() -> None:
    tabbed = "# Article D1\n\nUn.\n\n**Liens relatifs à cet article**\n\n\t**Créé par**:\n\n\t  - Décret n°93-1004\n"
    plain = "# Article D1\n\nUn.\n\n**Liens relatifs à cet article**\n\n_Créé par_:\n\n  - Décret n°93-1004\n"
    links = [
        [(p.relation, p.words) for p in paragraphs(text, "article_md") if p.kind == "lien"] for text in (tabbed, plain)
    ]
    assert links == [[("Créé par", "Décret n°93-1004")]] * 2


def test_broken_marks_of_a_nota_are_not_words(sources: dict[str, Source]) -> None:
    notas = [p for p in outline(read(sources["css-d253-81"]), lambda words: None).paragraphs if p.kind == "nota"]
    assert [p.words[:6] for p in notas] == ["Nota :"] * 3
    assert not any(mark in p.words for p in notas for mark in ("*", "[", "]"))


def test_running_headers_stand_in_no_alinea(sources: dict[str, Source]) -> None:
    reading = read(sources["instruction-anv-msa"])
    text = reading.source.text
    furniture = [text[leaf.start : leaf.end] for leaf in reading.tree.leaves() if leaf.kind == FURNITURE]
    assert furniture == ["ANNEXE N° 1 (suite)"] * 7
    assert not any("(suite)" in p.words for p in outline(reading, lambda words: None).paragraphs)


def test_a_page_break_inside_an_alinea_is_left_out_of_its_words() -> None:
    before = "Les caisses appliquent la loi depuis le premier jour de son entrée en vigueur.\n\n"
    text = f"ANNEXE N° 1 : Circulaire\n\n{before}La présente circulaire précise les\n ANNEXE N° 1 (suite)\n\nconditions de son application.\n"
    _, broken = [p for p in paragraphs(text, "circular") if p.kind == "alinea"]
    assert " ".join(broken.words.split()) == "La présente circulaire précise les conditions de son application."
    assert "(suite)" in text[broken.start : broken.end]


def test_an_outline_comes_out_as_printed() -> None:
    text = "\n\n".join(
        [
            "ANNEXE N° 2 : Note de service", "MM. les directeurs,", "La présente note précise les règles qui s'appliquent aux caisses depuis peu.",
            "CHAPITRE III - DES DELAIS", "1. Les délais", "Il y a deux délais, et chacun court de la notification :", "- le premier ;", "- le second.",
            "2 Les recours", "Procédure :", "Le recours est écrit et il est déposé au greffe.", "- Du dépôt", "Le dépôt est constaté par un récépissé.",
            "2.1. Des pièces", "1°) - la copie de la décision ;", "2°) - le récépissé.",
        ]
    )  # fmt: skip
    found = outline(read(source_of(text, "circular")), lambda words: None)
    root = "instruction/sd/essai/annexe-2"
    assert [p.id.removeprefix(root) for p in found.provisions] == [
        "", "/III", "/III/1", "/III/2", "/III/2/procedure", "/III/2/procedure/du-depot", "/III/2/2.1",
    ]  # fmt: skip
    assert [(p.id.removeprefix(root), p.mark, p.old) for p in found.paragraphs if p.kind == "alinea"] == [
        ("#al1", "", 1), ("/III/1#al1", "", 1), ("/III/1#al2", "", None), ("/III/1#al3", "", None), ("/III/2/procedure#al1", "", 1),
        ("/III/2/procedure/du-depot#al1", "", 1), ("/III/2/2.1#al1", "1°", None), ("/III/2/2.1#al2", "2°", None),
    ]  # fmt: skip


def test_an_unknown_format_costs_its_file_and_says_which_are_known() -> None:
    reading = read(source_of("quelque chose", "docx"))
    assert joined(reading) == "quelque chose"
    assert [fault.code for fault in reading.faults] == ["format-inconnu"]
    assert "article_md" in reading.faults[0].hint


def test_a_link_line_that_is_none_is_kept_with_a_fault() -> None:
    reading = read(source_of("# Article 1\n\nUn.\n\n**Liens relatifs à cet article**\n\nperdu\n", "article_md"))
    assert [fault.code for fault in reading.faults] == ["lien-non-lu"]
    assert "perdu" in joined(reading)


def test_real_articles_of_the_same_family(shared: Callable[[str], Path]) -> None:
    archive = shared("data/samples/3_lexlib_css/lexlib_css_2010-01-01.tar.gz")
    with tarfile.open(archive) as tar:
        files = [m for m in tar.getmembers() if m.name.endswith(".md")]
        assert len(files) > 100
        for member in files:
            stream = tar.extractfile(member)
            assert stream is not None
            reading = read(source_of(stream.read().decode(), "article_md"))
            assert joined(reading) == reading.source.text
            assert not reading.faults, (member.name, reading.faults)


@pytest.mark.parametrize("text", ["", "\n", "\n\n\n"])
@pytest.mark.parametrize("format", ["article_md", "circular"])
def test_nothing_is_read_from_nothing(text: str, format: str) -> None:
    assert paragraphs(text, format) == []
