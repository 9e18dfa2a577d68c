"""The promises of ARCHITECTURE.md that no other test keeps by itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from asked import rows
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from law_samples import article, git, repository

import kb
from kb.base import Base
from kb.cite.find import Written, find
from kb.cite.resolve import Citation
from kb.cli import main
from kb.ground.fault import Misuse
from kb.make.build import build, import_law
from kb.make.report import Options
from kb.show.export import FORMATS, write
from kb.texts.source import Source

# -- 2. spans never lie ------------------------------------------------------------------------------------------


def test_every_stored_quote_stands_at_its_span(base: Base, sources: dict[str, Source]) -> None:
    found = rows(base, "select source, start, end, quote from citation")
    assert len(found) > 80
    for source, start, end, quote in found:
        assert sources[source].text[start:end] == quote


@settings(max_examples=60)
@given(st.data())
def test_spans_hold_on_damaged_law(base: Base, sources: dict[str, Source], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(sorted(s.text for s in sources.values())))
    start = data.draw(st.integers(0, len(text) - 1))
    text = text[start : start + 600] + data.draw(st.text(max_size=20)) + text[start : start + 100]
    for citation in base.cite(text, within="css/D253-81", at="1997-01-01"):
        assert text[citation["start"] : citation["end"]] == citation["quote"]


# -- 3. written is not meant -------------------------------------------------------------------------------------


def test_what_is_written_and_what_is_meant_are_two_types() -> None:
    written = find("l'article L. 133-3 du code de la sécurité sociale").written
    assert [type(one) for one in written] == [Written]
    assert not {"target", "status", "candidates"} & set(Written._fields)
    assert {"target", "status", "candidates"} <= set(Citation._fields)


def test_an_ambiguous_citation_lists_its_candidates_and_has_no_target(base: Base) -> None:
    found = base.cite(
        "Vu l'arrêté du 12 juillet 1985 et l'article 3 du code forestier", within="css/L1", at="2020-01-01"
    )
    for citation in found:
        assert (citation["target"] is None) == (citation["status"] in ("ambiguous", "unknown"))
        assert citation["status"] != "ambiguous" or len(citation["candidates"]) > 1


# -- 4. nothing without proof ------------------------------------------------------------------------------------


def test_every_dated_bound_and_event_has_a_proof(base: Base) -> None:
    facts = {row[0] for row in rows(base, "select id from fact")}
    for start_is, end_is, start_proof, end_proof in rows(
        base, "select start_is, end_is, start_proof, end_proof from version"
    ):
        for edge, proofs in ((start_is, json.loads(start_proof)), (end_is, json.loads(end_proof))):
            assert edge == "inconnu" or proofs
            for proof in proofs:
                assert proof["said_by"]
                assert proof.get("quote") or proof["fact"] in facts
    for source, fact, said_by in rows(base, "select source, fact, said_by from event"):
        assert json.loads(said_by) and (source or fact in facts)


# -- 8. same input, same bytes -----------------------------------------------------------------------------------


def test_two_builds_and_their_exports_have_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from kb.make.build import build; from kb.store.reading import Store; from kb.show.export import write;"
        "corpus, out = map(pathlib.Path, sys.argv[1:]); build(corpus, out / 'made.kb');"
        "[write(Store(out / 'made.kb'), form, out / form) for form in ('csv', 'turtle', 'rdf')]"
    )
    for name, seed in (("one", "1"), ("two", "2")):
        (tmp_path / name).mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-c", code, str(corpus), str(tmp_path / name)], check=True, env=environment, cwd=ROOT
        )
    one = sorted(p for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert len(one) > 8
    for path in one:
        twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.read_bytes() == twin.read_bytes(), path.name


# -- 10. a build is atomic ---------------------------------------------------------------------------------------


def test_a_failed_build_leaves_the_previous_base_whole(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "made.kb"
    build(copied, target)
    before = target.read_bytes()
    monkeypatch.setattr("kb.make.rules._row", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build(copied, target)
    assert target.read_bytes() == before
    assert [p.name for p in target.parent.iterdir()] == ["made.kb"]


def test_a_killed_build_leaves_the_previous_base_whole(copied: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / "made.kb"
    build(copied, target)
    before = target.read_bytes()
    code = (
        "import sys, time, pathlib, kb.make.build, kb.make.rules as b;"
        "row = b._row; b._row = lambda *a: (print('writing', flush=True), time.sleep(60), row(*a))[2];"
        "kb.make.build.build(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(copied), str(target)], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout and process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert target.read_bytes() == before
    assert kb.load(target).show("css/D253-81", at="1997-05-01")["status"] == "en_vigueur"


@pytest.mark.parametrize("form", FORMATS)
def test_every_export_format_writes_something(base: Base, tmp_path: Path, form: str) -> None:
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="the extra 'parquet' is not installed")
    written = write(base.store, form, tmp_path / "out")
    assert written and all(path.stat().st_size > 0 for path in written)


# -- 15. nothing goes out, nothing runs --------------------------------------------------------------------------


def test_no_question_makes_a_request(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Python none at all; of what is not Python, none to a server that each question names."""

    def refused(*_: object) -> None:
        raise AssertionError("a request")

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                requests.append(connection.recv(100))
                connection.close()

    requests: list[bytes] = []
    made, draft = tmp_path / "made.kb", tmp_path / "draft.txt"
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        there = f"http://127.0.0.1:{server.getsockname()[1]}/"
        for name in ("connect", "connect_ex", "sendto"):
            monkeypatch.setattr(socket.socket, name, refused)
        monkeypatch.setattr(socket, "getaddrinfo", refused)
        build(corpus, made)
        draft.write_text(
            f"Vu l'article D. 253-81 du CSS <img src='{there}'> et {there}css/D253-81.\n", encoding="utf-8"
        )
        asked = {
            ("show", f"{there}css/D253-81"): 2,
            ("show", "css/D253-81"): 0,
            ("cite", "--html", str(draft)): 0,
            ("check", "--html", str(tmp_path / "out.html"), str(draft)): 0,
            ("search", there): 0,
            ("apply", "indu-rmi", "--facts", f'{{"montant": "{there}"}}'): 2,
            ("sparql", f"select ?s {{ service <{there}> {{ ?s ?p ?o }} }}"): 2,
            ("sparql", f"select ?s from <{there}> {{ ?s ?p ?o }} limit 1"): 0,
            ("sparql", f"load <{there}>"): 2,
            ("verify",): 0,
            ("export", "csv", str(tmp_path / "csv")): 0,
            ("export", "turtle", str(tmp_path / "ttl")): 0,
        }
        assert {words: main([*words, "--kb", str(made)]) for words in asked} == asked
    assert requests == []


@pytest.mark.parametrize(
    "query",
    [
        "ask{SERVICE<http://x/>{}}",
        "ask { service silent ?s { } }",
        "ask { filter(1<2)service<http://x/>{} filter(3>2) }",
        r"ask { s\u0065rvice <http://x/> {} }",
        r"ask { ?s ?p rv:a\'b . service <http://x/> {} . ?s ?p rv:a\'b }",
        "ask { ?s ?p 'a', \"b\" # it's\n service <http://x/> {} # it's\n }",
        "ask { ?s ?p <http://x/#it's> service <http://x/> {} }",
        "ask { ?s ?p '''it's''' service <http://x/> {} ?s ?p '''it's''' }",
    ],
)
def test_a_service_is_refused_however_it_is_written(base: Base, query: str) -> None:
    with pytest.raises(Misuse, match="no other server is asked"):
        base.sparql(query)


@pytest.mark.parametrize(
    "query",
    [
        "ask { ?service ?p 'le service public' }",
        "ask { ?s rv:service \"service\", '''the service''' } # service",
        "ask { ?s <http://x/service#service> ?service . filter(?s != <service>) }",
    ],
)
def test_the_word_service_is_not_the_keyword(base: Base, query: str) -> None:
    assert base.sparql(query)["boolean"] is False


def test_no_setting_of_a_repository_runs_a_program(tmp_path: Path) -> None:
    folder = repository(tmp_path / "css", [("1990-01-01", {"01. L/Article L101 - 100.md": article("L101", "Un.")})])
    # a signed commit, which a repository may ask to be shown by a program of its own
    commit = git(folder, "cat-file", "commit", "HEAD").replace("\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1)  # fmt: skip
    (tmp_path / "commit").write_text(commit, encoding="utf-8")
    git(
        folder, "update-ref", "HEAD", git(folder, "hash-object", "-t", "commit", "-w", str(tmp_path / "commit")).strip()
    )
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n", encoding="utf-8")
    program.chmod(0o755)
    settings = (
        "core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.smudge",
        "gpg.program", "credential.helper",
    )  # fmt: skip
    for name in settings:
        git(folder, "config", name, str(program))
    git(folder, "config", "log.showSignature", "true")
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "attributes").write_text("*.md diff=evil filter=evil\n", encoding="utf-8")
    git(folder, "log", "-p", "--ext-diff")
    assert (tmp_path / "ran").exists(), "the repository is not as hostile as it should be"
    (tmp_path / "ran").unlink()
    import_law([folder], tmp_path / "a.kb", Options(workers=1))
    assert kb.load(tmp_path / "a.kb").show("css/L101", at="1995-01-01")["text"] == "Un."
    assert not (tmp_path / "ran").exists()
