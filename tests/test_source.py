"""A source is untouched bytes with a card; what is wrong with one costs that one, a changed file stops the build."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.ground.fault import Fault, Misuse
from kb.ground.registry import read_registry
from kb.texts.source import Source, decode, read_sources


def codes(corpus: Path) -> list[str]:
    return [found.code for found in read_sources(corpus) if isinstance(found, Fault)]


def kept(corpus: Path) -> list[str]:
    return [found.id for found in read_sources(corpus) if isinstance(found, Source)]


def test_the_packaged_corpus_has_no_fault(corpus: Path) -> None:
    assert codes(corpus) == []
    assert kept(corpus) == ["css-d253-81", "instruction-anv-msa"]


def test_one_changed_character_is_a_grave_fault(copied: Path) -> None:
    file = next((copied / "sources/css-d253-81").glob("*.txt"))
    file.write_bytes(file.read_bytes().replace("déficit".encode(), b"deficit"))
    (fault,) = [found for found in read_sources(copied) if isinstance(found, Fault)]
    assert fault.code == "empreinte" and fault.grave


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda folder: (folder / "card.toml").unlink(), "carte-absente"),
        (lambda folder: (folder / "card.toml").write_text("title = "), "carte-illisible"),
        (lambda folder: (folder / "card.toml").write_text('title = "x"'), "carte-incomplete"),
        (lambda folder: (folder / "second.txt").write_text("x"), "source-incomplete"),
        (lambda folder: next(folder.glob("*.txt")).unlink(), "source-incomplete"),
    ],
)
def test_a_half_written_folder_costs_its_own_part_only(copied: Path, damage: object, code: str) -> None:
    damage(copied / "sources/css-d253-81")  # type: ignore[operator]
    assert codes(copied) == [code]
    assert kept(copied) == ["instruction-anv-msa"]


@pytest.mark.parametrize(("data", "why"), [(b"", "vide"), (b"a\0b", "binaire"), (b"caf\xe9", "UTF-8 invalide")])
def test_what_is_no_text_says_what_it_is(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        decode(data)


def test_the_packaged_registry_has_no_fault(corpus: Path) -> None:
    registry, faults = read_registry(corpus)
    assert faults == []
    assert registry.code("css") is registry.code("LEGITEXT000006073189")
    assert len({code.alias for code in registry.codes}) == len(registry.codes)


@pytest.mark.parametrize(
    ("file", "words", "sentence"),
    [
        (
            "versions",
            '[[version]]\nof = "css/L1"\nstart = 2001-01-01\nend = 2000-01-01\nsaid_by = ["LEGI"]',
            "avant de commencer",
        ),
        ("versions", '[[version]]\nof = "css/L1"\nstart = 2001-01-01\nsaid_by = ["LEGI"]', "il manque 'end'"),
        ("facts", '[[fact]]\nabout = "css/L1"\nnor = "X"\nsaid_by = []', "said_by"),
        ("facts", '[[fact]]\nabout = "css/L1"\nnor = "X"\nsaid_by = ["un voisin"]', "un voisin"),
        ("acts", '[[act]]\nid = "decret/hier/1"\ntitle = "x"', "does not parse"),
        ("codes", "[[code", "ne se lit pas"),
        ("codes", '[[code]]\nlegitext = 1\ntitle = "x"\nalias = "x"', "« legitext » doit être un texte"),
        ("codes", '[[code]]\nlegitext = "x"\ntitle = "x"\nalias = "x"\nnames = ["x"]', "une table est attendue"),
        ("conventions", '[[convention]]\nidcc = "1486"\ntitle = "x"', "« idcc » doit être un nombre"),
        ("conventions", '[[convention]]\nidcc = 9999\ntitle = "x"\nsigned = "1987"', "« signed » doit être une date"),
        ("notes", '[[note]]\nabout = [1]\nkind = "note"\nsentence = "x"\nsaid_by = ["LEGI"]', "liste de textes"),
    ],
)
def test_a_bad_entry_costs_itself_and_says_why(copied: Path, file: str, words: str, sentence: str) -> None:
    path = copied / "registry" / f"{file}.toml"
    before = len(read_registry(copied)[0].notes)
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")
    registry, faults = read_registry(copied)
    assert [sentence in fault.sentence for fault in faults] == [True]
    assert len(registry.notes) == before


def test_misuse_is_a_value_error() -> None:
    assert issubclass(Misuse, ValueError)
