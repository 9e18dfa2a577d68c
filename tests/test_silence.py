"""Silence is a fault: what is added in one place has its words, its column, its line of the documents in every other.

Each test holds one list against those that must follow it. What a list leaves out on purpose is named here, with why.
"""

from __future__ import annotations

import re
from importlib import import_module
from types import ModuleType

import pytest
from conftest import ROOT

from kb import batch
from kb.ask import check, quoted, verdicts
from kb.ask.timelines import ENDING
from kb.cli import VERBS, _verb_parser
from kb.ground.registry import Registry, read_registry
from kb.make import formats
from kb.show import checked, export, terminal
from kb.show.export import parquet, tables, terms
from kb.show.pages import french
from kb.store import kept, records
from kb.store.table import Table
from kb.texts import files, readers
from kb.texts.containers import legi_json
from kb.texts.source import Source
from kb.time import contradictions, events
from kb.time.timeline import ENDED, REASONS, STATES, STATUSES


def section(page: str, head: str) -> str:
    """What stands under a heading of a document."""
    text = (ROOT / page).read_text(encoding="utf-8")
    (found,) = re.findall(rf"^(#+) {re.escape(head)}[^\n]*\n(.*?)(?=^\1 |\Z)", text, re.M | re.S)
    return str(found[1])


def coded(text: str) -> set[str]:
    return set(re.findall(r"`([\w-]+)`", text))


def column(text: str, rank: int = 0) -> set[str]:
    """The words in code of one column of the tables of a text."""
    tables = re.findall(r"^\|[- :|]+\|\n((?:\|.*\n)+)", text, re.M)
    rows = [row.strip("| ").split(" | ") for table in tables for row in table.splitlines()]
    return set().union(*(coded(row[rank]) for row in rows))


def source_of(module: ModuleType) -> str:
    with open(str(module.__file__), encoding="utf-8") as file:
        return file.read()


# -- what acts do ------------------------------------------------------------------------------------------------------

#: kinds of event after which a provision goes on
GOES_ON = {
    "cree": "it begins",
    "modifie": "its next version begins",
    "rectifie": "its words are put right",
    "codifie": "what is codified stays what it was until it is repealed",
    "deplace": "it stands elsewhere in its code, under its number",
}


def test_every_kind_of_event_is_read_somewhere_and_no_other() -> None:
    read = {kind for kind, _ in events._SENTENCES} | set(events._RELATIONS.values()) | set(events._FACT_EVENTS.values())
    assert read == set(events.KINDS)
    assert set(legi_json.RELATIONS.values()) <= set(events.KINDS)


@pytest.mark.parametrize("words", [terminal.EVENT, french.DONE, french.DOES, terms.VERBS], ids=["terminal", "done", "does", "rdf"])  # fmt: skip
def test_every_kind_of_event_has_its_words(words: dict[str, object]) -> None:
    assert set(words) == set(events.KINDS) and len(set(words.values())) == len(words)


def test_every_kind_of_event_ends_a_provision_or_does_not() -> None:
    assert set(ENDING) == set(events.KINDS) - set(GOES_ON)


def test_what_ends_a_provision_has_words_and_a_state() -> None:
    assert set(ENDED) == set(ENDING) == {kind for kind in STATES.values() if kind}


# -- statuses and reasons ----------------------------------------------------------------------------------------------


#: as a module: its name in the package may be something else
citation = import_module("kb.cite.resolve.citation")


def constants(module: ModuleType) -> set[str]:
    """The words that a module names in capitals."""
    return {
        value for name, value in vars(module).items() if name.isupper() and name[0] != "_" and isinstance(value, str)
    }


@pytest.mark.parametrize("words", [terminal.STATUS, french.STATUS], ids=["terminal", "pages"])
def test_every_status_has_its_words(words: dict[str, str]) -> None:
    assert set(words) == set(STATUSES)


def test_every_status_and_reason_is_documented() -> None:
    text = section("docs/commands.md", "`renvoi show")
    assert set(STATUSES) <= coded(text)
    assert column(text) == set(REASONS)


def test_every_status_of_a_citation_has_its_words() -> None:
    statuses = constants(citation)
    assert "ambiguous" in statuses
    assert set(french.CITED) == statuses <= coded(section("docs/commands.md", "`renvoi cite"))


def test_every_outcome_of_a_rule_has_its_words() -> None:
    outcomes = constants(import_module("kb.rules.evaluate"))  # whose name in the package is its function
    assert "applicable" in outcomes
    assert set(terminal.OUTCOME) == outcomes <= coded(section("docs/commands.md", "`renvoi apply"))


def test_every_modality_has_its_words() -> None:
    grammar = (ROOT / "grammar" / "rule.lark").read_text(encoding="utf-8")
    (words,) = re.findall(r"^MODALITY: /\(\?:([\w|]+)\)", grammar, re.M)
    assert {word.replace("é", "e") for word in words.split("|")} == set(terminal.MODALITY) == set(french.MODALITIES)


# -- what the registry states ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read_registry(ROOT / "corpus")[0]


def test_facts_notes_and_natures_have_their_words(registry: Registry) -> None:
    assert {fact.key for fact in registry.facts} <= set(french.FACTS)
    assert {note.kind for note in registry.notes} <= set(french.NOTES)
    assert {act.nature for act in registry.acts.values()} <= set(french.NATURES)


# -- formats of law, readers, contradictions ---------------------------------------------------------------------------


def test_every_format_of_law_is_documented() -> None:
    assert column(section("docs/importing.md", "Formats")) == set(formats.NAMES)
    helped = next(a.help for a in _verb_parser("import")._actions if "--format" in a.option_strings) or ""
    told = helped.partition(", where")[0].replace(" or ", ", ").split(", ")
    assert told == list(formats.NAMES)


def test_every_reader_is_known_by_its_format() -> None:
    """The readers are the modules that read: the hint of an unknown format lists them."""
    folder = ROOT / "kb" / "texts" / "readers"
    reading = {path.stem for path in folder.glob("*.py") if re.search(r"^def read\(", path.read_text("utf-8"), re.M)}
    card = {"format": "?"}
    (fault,) = readers.read(Source("x", "x.txt", b"", "", "", card)).faults
    assert set(fault.hint.partition(" : ")[2].split(", ")) == reading - {"__init__"}


def test_every_contradiction_is_documented_and_made_by_a_test() -> None:
    codes = set(re.findall(r'"((?:version|bornes|textes|debuts)s?-[\w-]+)"', source_of(contradictions)))
    assert column(section("docs/importing.md", "What a version is made of")) == codes
    tested = (ROOT / "tests" / "test_merge.py").read_text(encoding="utf-8")
    assert not [code for code in codes if f'"{code}"' not in tested]


# -- exports and pages -------------------------------------------------------------------------------------------------


def test_every_export_format_is_documented() -> None:
    text = section("docs/commands.md", "`renvoi export").partition("```")[0]
    assert set(export.FORMATS) == coded(text)
    helped = next(a.help for a in _verb_parser("export")._actions if a.dest == "format") or ""
    assert set(re.findall(r"[a-z]+", helped.partition("(")[0])) - {"or"} == set(export.FORMATS)


def test_every_template_is_a_page() -> None:
    folder = ROOT / "site" / "templates"
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kb" / "show" / "pages").glob("*.py"))
    made = {name for name in re.findall(r'"(\w+\.html)"', code) if name not in ("404.html", "index.html")}
    made |= {
        name
        for path in folder.glob("*.html")
        for name in re.findall(r'include "(\w+\.html)"', path.read_text(encoding="utf-8"))
    }
    assert made == {path.name for path in folder.glob("*.html")} - {"macros.html"}  # macros are a part of pages


# -- tables and columns ------------------------------------------------------------------------------------------------

NOT_EXPORTED = {
    "meta": "of the file, not of the law",
    "code": "the names that texts cite a code by: citations say where they lead",
    "authority": "RDF has them",
    "rule": "a program, which is in corpus/rules as people read it",
    "rule_link": "follows from the rules",
    "measure": "what rules cover, for verify",
    "place": "what a table of contents is made of",
    "anchor": "links of editors, to measure ours against",
    "searched": "of the full text index",
}
ONLY_PARQUET = {"container": "what was imported", "witness": "what each of many sources states"}
ONLY_CSV = {"note": "sentences, for people"}
#: columns that a CSV leaves out, by table
NOT_IN_CSV = {
    "source": {"text": "the words are in the files", "card": "of the corpus folder"},
    "provision": {"nature": "in texts", "rank": "is the order of rows", "signed": "in texts", "absent_on": "decided in held"},
    "paragraph": {"label": "in its id", "rank": "is the order of rows", "words": "null where they are those of the source", "relation": "in citations"},
    "version": {"notes": "sentences about the bounds"},
    "citation": {"id": "only counts", "label": "in from", "provision": "in from", "target_provision": "in target", "act": "JSON of what code, num, target say"},
    "event": {"id": "only counts", "dated": "a place beside the proof"},
    "note": {"id": "only counts"},
    "fault": {"id": "only counts", "grave": "stops a build, so no file has one"},
}  # fmt: skip


def declared() -> dict[str, Table[tuple[object, ...]]]:
    """Every table that the store's modules declare."""
    found = [value for module in (records, kept) for value in vars(module).values() if isinstance(value, Table)]
    return {table.name: table for table in found}


def test_every_table_is_in_the_schema() -> None:
    assert {table.name for table in kept.TABLES} == set(declared()) and len(kept.TABLES) == len(declared())


def test_every_table_is_exported() -> None:
    parquets, sheets = ({c.table.name for c in s.values()} for s in (parquet.SCHEMA, tables.TABLES))
    assert parquets | sheets == set(declared()) - set(NOT_EXPORTED)
    assert (parquets - sheets, sheets - parquets) == (set(ONLY_PARQUET), set(ONLY_CSV))


@pytest.mark.parametrize("name", sorted({sheet.table.name for sheet in tables.TABLES.values()}))
def test_every_column_is_in_the_csv(name: str) -> None:
    sheets = [sheet for sheet in tables.TABLES.values() if sheet.table.name == name]
    told = {value for sheet in sheets for value in sheet.columns.values() if isinstance(value, str)}
    assert set(declared()[name].columns) - told == set(NOT_IN_CSV.get(name, {})) - told


def test_every_file_of_parquet_is_documented() -> None:
    text = section("docs/scale.md", "Parquet").partition("```")[0]
    assert set(parquet.SCHEMA) <= coded(text) and parquet.FORMAT in text


# -- drafts --------------------------------------------------------------------------------------------------------


def test_every_verdict_has_its_words_and_is_documented_with_whether_it_is_wrong() -> None:
    of_citations, of_quotations = constants(verdicts) - constants(citation), constants(quoted)
    assert set(checked.SAID) == of_citations | of_quotations
    for verb, words in (("citations", of_citations), ("quotations", of_quotations)):
        text = section("docs/checking.md", f"Verdicts on {verb}")
        assert column(text) == words
        assert {row.split("`")[1] for row in text.splitlines() if row.endswith("| × |")} == words & set(check.WRONG)


def test_every_kind_of_file_is_read_and_documented() -> None:
    assert set(files.SUFFIXES.values()) == set(files.KINDS)
    rows = re.findall(r"^\| ([a-z, ]+) \| ", section("docs/your-documents.md", "What is read"), re.M)
    assert ", ".join(rows[1:]).split(", ") == list(files.KINDS)
    readers_of = {files._MODULES.get(kind, kind) for kind in files.KINDS}
    folder = ROOT / "kb" / "texts" / "files"
    reading = {path.stem for path in folder.glob("*.py") if re.search(r"^def extract\(", path.read_text("utf-8"), re.M)}
    assert reading - {"__init__"} == readers_of


# -- commands ----------------------------------------------------------------------------------------------------------


def test_every_command_that_takes_many_questions_answers_them() -> None:
    taking = {verb for verb in VERBS if any("--jsonl" in a.option_strings for a in _verb_parser(verb)._actions)}
    assert taking == set(batch.VERBS) | set(batch.READERS)


def test_no_pattern_repeats_a_group_possessively() -> None:
    """Python before 3.11.5 matches it wrongly (CPython gh-106052), and the readers would be silent where they should read."""
    files = [*(ROOT / "grammar").glob("*.lark"), *(ROOT / "kb").rglob("*.py")]
    assert len(files) > 200
    wrong = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\}+)\+", line)
    ]
    assert not wrong
