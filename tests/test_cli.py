"""The command line: answers on stdout, one clear line on stderr and exit 2 for bad input, nothing written."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kb
from kb.cli import VERBS, _verb_parser, main
from kb.cli.examples import EXAMPLES


class Run:
    """The command line on one knowledge base, in this process."""

    def __init__(self, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.base, self.capsys = str(base), capsys

    def __call__(self, verb: str, *words: str) -> tuple[int, str, str]:
        status = main([verb, "--kb", self.base, *words])
        out, err = self.capsys.readouterr()
        return status, out, err

    def json(self, verb: str, *words: str) -> Any:
        status, out, err = self(verb, "--json", *words)
        assert status == 0, err
        return json.loads(out)


@pytest.fixture
def run(base_file: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(base_file, capsys)


SHOWN = {
    "id", "kind", "title", "at", "status", "version", "text", "paragraphs", "cites", "cited_by", "events", "rules", "notes", "conflicts",
}  # fmt: skip
CITED = {
    "start",
    "end",
    "quote",
    "target",
    "status",
    "candidates",
    "code",
    "num",
    "num_end",
    "fragment",
    "text",
    "kind",
}


def test_show_says_what_it_said_since_when_and_who_says_so(run: Run) -> None:
    answer = run.json("show", "css/D253-81", "--at", "1997-05-01")
    assert set(answer) >= SHOWN
    assert answer["status"] == "en_vigueur"
    assert (answer["version"]["start"], answer["version"]["end"]) == ("1993-09-01", "2007-10-20")
    assert any(
        "en vigueur le 1er septembre 1993" in proof.get("quote", "") for proof in answer["version"]["start_proof"]
    )
    assert any("20 octobre 2007" in proof.get("quote", "") for proof in answer["version"]["end_proof"])
    assert answer["text"].startswith("L'agent comptable qui a couvert de ses deniers")
    status, out, _ = run("show", "css/D253-81", "--at", "1997-05-01")
    assert status == 0 and "en vigueur" in out and "selon css-d253-81" in out


@pytest.mark.parametrize(
    ("day", "status"),
    [("1990-01-01", "pas_encore"), ("2010-01-01", "abroge"), ("1993-08-31", "pas_encore"), ("2007-10-20", "abroge")],
)
def test_outside_its_validity_a_text_is_not_shown_and_the_answer_says_why(run: Run, day: str, status: str) -> None:
    answer = run.json("show", "css/D253-81", "--at", day)
    assert (answer["status"], answer["version"], answer["text"]) == (status, None, None)
    assert any("en vigueur" in note for note in answer["notes"])


def test_the_abrogated_decree_says_by_what(run: Run) -> None:
    answer = run.json("show", "decret/1971-12-03/71-976", "--at", "1996-03-28")
    assert answer["status"] == "abroge"
    done = {(event["kind"], event["by"]) for event in answer["events"]}
    assert done >= {("abroge", "decret/1996-03-21/96-251"), ("remplace", "css/D133-2-1")}
    before = run.json("show", "decret/1971-12-03/71-976", "--at", "1996-03-27")
    assert (before["status"], before["version"]["end"]) == ("en_vigueur", "1996-03-28")
    assert any("signature" in note for note in before["notes"])


def test_a_provision_known_by_name_shows_its_dates_and_what_is_said_of_it(run: Run) -> None:
    answer = run.json("show", "css/D133-1", "--at", "1997-05-01")
    assert answer["version"]["official"] == "LEGIARTI000006735225"
    assert len(answer["versions"]) == 7
    assert answer["text"] is None and any("n'est pas dans cette base" in note for note in answer["notes"])
    assert any("1er alinéa" in citation["quote"] for citation in answer["cited_by"])


def test_an_alinea_and_a_printed_mark_are_references(run: Run) -> None:
    assert run.json("show", "css/D253-81#al5")["text"].startswith("Dans le cas où des recouvrements")
    answer = run.json("show", "circulaire/1996-12-27/7055/II/1#1°")
    assert [p["id"] for p in answer["paragraphs"]] == ["circulaire/1996-12-27/7055/II/1#al3"]


def test_a_reference_by_official_id_is_the_same(run: Run) -> None:
    assert run.json("show", "LEGITEXT000006073189/D253-81#al2")["id"] == "css/D253-81#al2"


def test_cite_follows_the_contract(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "texte.txt"
    file.write_text("Vu l'article L. 133-3 et le décret n° 96-251 du 21 mars 1996.", encoding="utf-8")
    found = run.json("cite", str(file), "--within", "css/D133-1")
    assert [set(citation) == CITED for citation in found] == [True, True]
    assert [citation["target"] for citation in found] == ["css/L133-3", "decret/1996-03-21/96-251"]
    assert [citation["status"] for citation in found] == ["known", "known"]


def test_follow_goes_both_ways_and_deeper(run: Run) -> None:
    out = run.json("follow", "circulaire/1996-12-27/7055/I/1", "--out")
    assert "css/D133-1#al1" in {link["target"] for link in out["links"]}
    into = run.json("follow", "css/D133-1", "--in")
    assert any(link["from"].startswith("circulaire/1996-12-27/7055") for link in into["links"])
    deep = run.json("follow", "instruction/sd/admission-non-valeur-msa", "--out", "--depth", "2")
    assert {link["depth"] for link in deep["links"]} == {1, 2}


def test_sparql_answers_in_force_on_a_day_and_cites(run: Run) -> None:
    query = """
        select distinct ?p where {
          ?v eli:realizes ?p ; rv:from ?from . optional { ?v rv:until ?until }
          ?p eli:cites <css/D253-81> .
          filter (?from <= "1997-05-01"^^xsd:date && (!bound(?until) || ?until > "1997-05-01"^^xsd:date))
        }"""
    answer = run.json("sparql", query)
    assert answer["rows"] == [{"p": "https://renvoi.example/id/css/D253-81"}]


def test_jsonl_answers_line_by_line(run: Run, tmp_path: Path) -> None:
    asked = tmp_path / "questions.jsonl"
    asked.write_text(
        '{"ref": "css/D253-81", "at": "1997-05-01"}\n{"ref": "css/D999", "at": "1997-05-01"}\n', encoding="utf-8"
    )
    status, out, _ = run("show", "--jsonl", str(asked))
    first, second = map(json.loads, out.splitlines())
    assert status == 0 and first["status"] == "en_vigueur" and "css/D999" in second["error"] and second["text"] is None


def test_workers_give_the_same_lines(run: Run, tmp_path: Path) -> None:
    asked = tmp_path / "texts.jsonl"
    rows = [
        {"id": str(i), "text": f"Vu l'article L. 133-{i} et l'article R. {i}.", "within": "css/L1"}
        for i in range(1, 200)
    ]
    asked.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    one, two = (run("cite", "--jsonl", str(asked), "--workers", n) for n in ("1", "2"))
    assert one == two and one[0] == 0 and len(one[1].splitlines()) == len(rows)


def test_a_line_separator_inside_a_question_is_no_line_end(run: Run, tmp_path: Path) -> None:
    asked = tmp_path / "texts.jsonl"
    asked.write_text('{"id": "a", "text": "Vu\u2028l\'article L. 133-3\x85"}\n', encoding="utf-8")
    status, out, _ = run("cite", "--jsonl", str(asked))
    assert status == 0 and json.loads(out)["id"] == "a"


def test_cite_marks_the_text_itself(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "texte.txt"
    file.write_text("Vu <b> l'article L. 133-3 & suite", encoding="utf-8")
    _, html, _ = run("cite", str(file), "--within", "css/L1", "--html")
    assert "Vu &lt;b&gt; l'<a " in html and ">article L. 133-3</a> &amp; suite" in html
    _, markdown, _ = run("cite", str(file), "--within", "css/L1", "--markdown")
    assert markdown.startswith("Vu <b> l'[article L. 133-3](") and markdown.endswith(") & suite")


def test_cite_reports_what_a_change_gains_and_loses(run: Run, tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    line = {
        "id": "a",
        "citations": [
            {"start": 0, "end": 3, "quote": "art", "target": "css/L1"},
            {"start": 5, "end": 7, "quote": "ab", "target": "css/L2"},
        ],
    }
    old.write_text(json.dumps(line) + "\n")
    line["citations"][0]["target"] = "css/L9"  # type: ignore[index]
    del line["citations"][1]  # type: ignore[attr-defined]
    new.write_text(json.dumps(line) + "\n")
    report = run.json("cite", "--report", str(old), str(new))
    assert [(change["old"]["target"], change["new"]["target"]) for change in report["moved"]] == [("css/L1", "css/L9")]
    assert [change["target"] for change in report["lost"]] == ["css/L2"] and report["gained"] == []


@pytest.mark.parametrize(
    "words",
    [
        ["show", "xyz//"], ["show", "css/D999"], ["show", "css/D253-81", "--at", "1997-02-30"], ["show", "css/D253-81#al99"], ["show"],
        ["show", "css/D253-81@hier"], ["follow", "css/D999"], ["follow", "css/D253-81", "--depth", "0"], ["cite", "/nowhere/at/all"], ["cite", "/"],
        ["cite", "--within", "xyz//", "-"], ["sparql", "select nothing"], ["sparql", "@/nowhere"], ["export", "docx", "x"], ["show", "--jsonl", "/nowhere"],
        ["nothing"], ["show", "css/D253-81", "--nothing"], ["build", "/nowhere", "-o", "x"], ["build", "/"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_bad_input_is_one_line_and_exit_2(
    words: list[str],
    base_file: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115
    status = main([words[0], "--kb", str(base_file), *words[1:]])
    out, err = capsys.readouterr()
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert err.startswith("renvoi: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("data", "why"), [(b"", "vide"), (b"\x00\x01", "binaire"), (b"caf\xe9", "UTF-8 invalide")])
def test_a_file_that_is_no_text_is_refused(run: Run, tmp_path: Path, data: bytes, why: str) -> None:
    file = tmp_path / "f"
    file.write_bytes(data)
    status, out, err = run("cite", str(file))
    assert (status, out) == (2, "") and why in err and err.count("\n") == 1


@pytest.mark.parametrize("words", ["no-such-file", ".", "card.toml"])
def test_what_is_no_knowledge_base_is_refused(
    words: str, corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus / "sources/css-d253-81")
    assert main(["show", "--kb", words, "css/D253-81"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_build_prints_counts_and_a_changed_source_stops_it(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "made.kb"
    assert main(["build", str(copied), "-o", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["source"] == 2
    before = target.read_bytes()
    file = next((copied / "sources/css-d253-81").glob("*.txt"))
    file.write_bytes(file.read_bytes() + b" ")
    assert main(["build", str(copied), "-o", str(target)]) == 1
    err = capsys.readouterr().err
    assert "n'est plus celui de sa carte" in err and "nothing was written" in err
    assert target.read_bytes() == before


def test_the_faults_of_rules_are_told_at_their_place_and_as_json(
    copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = copied / "rules/prestations.rule"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("montant = 500 F donne applicable", "montant = 499 F donne applicable") + "\nrègle x y\n", "utf-8"
    )
    assert main(["build", str(copied), "-o", str(tmp_path / "made.kb"), "--json"]) == 1
    shown = capsys.readouterr()
    told = {fault["code"]: fault for fault in json.loads(shown.out)["faults"]}
    assert {"syntaxe", "essai-contredit"} <= set(told)
    line = text[: text.index("donne applicable")].count("\n") + 1
    assert (told["essai-contredit"]["line"], told["essai-contredit"]["column"]) == (line, 3)
    assert f"prestations.rule:{line}:3: L'essai attend" in shown.err and "^^^^" in shown.err


def test_show_from_a_cold_process_imports_nothing_heavy(base_file: Path) -> None:
    code = (
        "import sys; from kb.cli import main; status = main(['show', '--kb', sys.argv[1], 'css/D253-81', '--at', '1997-05-01']);"
        "heavy = {'lark', 'networkx', 'rdflib', 'rich', 'mkdocs', 'importlib.metadata', 'asyncio'} & set(sys.modules);"
        "print(sorted(heavy), file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(base_file)], capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")


def test_it_says_its_version_and_which_verb_may_be_meant(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"renvoi {kb.__version__}\n")
    for word, near in (("serv", "serve"), ("chek", "check"), ("histoire", "history")):
        assert main([word]) == 2
        assert f"did you mean '{near}'?" in capsys.readouterr().err
    assert main(["zzz"]) == 2
    assert "did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_has_an_example_that_it_takes(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    example = capsys.readouterr().out.rstrip().rpartition("\nexample: ")[2]
    name, *words = shlex.split(example)
    assert (ended.value.code, name, words[0]) == (0, "renvoi", verb)
    assert _verb_parser(verb).parse_args(words[1:]).run is VERBS[verb][0]


ASKING = ("show", "follow", "diff", "history", "search", "impact", "stale", "rules", "apply", "trace", "sparql")


@pytest.mark.parametrize("verb", ASKING)
def test_the_example_of_a_question_is_answered(verb: str, run: Run) -> None:
    status, out, err = run(*shlex.split(EXAMPLES[verb])[1:])
    assert (status, err) == (0, "") and out


@pytest.mark.parametrize(
    "words", [["serve", "--port", "99999"], ["serve", "--port", "x"], ["serve", "--site", "/nowhere"], ["mcp", "more"]]
)
def test_a_door_that_cannot_open_says_why(words: list[str], run: Run) -> None:
    status, out, err = run(*words)
    assert (status, out, err.count("\n")) == (2, "", 1)
