"""``renvoi serve``: every question over real HTTP, typed as OpenAPI says, and no request that takes the server down."""

from __future__ import annotations

import json
import re
import shutil
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import product
from pathlib import Path

import pytest
from served import Server, serving

from kb.base import Base
from kb.doors.contract import OPERATIONS
from kb.doors.openapi import document

pytest.importorskip("uvicorn", reason="an extra")
DAY = "1997-05-01"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def server(base_file: Path) -> Iterator[Server]:
    with serving(base_file) as made:
        yield made


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_example_is_answered_as_its_schema_says(name: str, server: Server, base: Base) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    operation = OPERATIONS[name]
    answer = server.question(name, operation.example)
    assert answer.status == 200, answer.body
    assert answer.json == json.loads(json.dumps(operation.ask(base, operation.read(operation.example))))
    told = server.get("/openapi.json").json
    method = told["paths"][f"/api/{name}"]["post" if operation.posted else "get"]
    wanted = method["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**wanted, "components": told["components"]}).validate(answer.json)


def test_the_document_is_that_of_the_contract(server: Server) -> None:
    told = server.get("/openapi.json").json
    assert told == json.loads(json.dumps(document()))
    assert {f"/api/{name}" for name in OPERATIONS} < set(told["paths"])
    assert "code points" in json.dumps(told["components"]["schemas"]["CheckAnswer"])


REFUSED: list[tuple[str, str, bytes | None, dict[str, str], int]] = [
    ("GET", "/api/show?ref=css/D253-8", None, {}, 404),
    ("GET", "/api/show?ref=%00", None, {}, 400),
    ("GET", "/api/show?ref=" + "a" * 3000, None, {}, 400),
    ("GET", "/api/show", None, {}, 400),
    ("GET", "/api/show?ref=css/D253-81&ref=css/D133-1", None, {}, 400),
    ("GET", "/api/show?ref=css/D253-81&at=hier", None, {}, 400),
    ("GET", "/api/show?ref=css/D253-81&at=1997-02-30", None, {}, 400),
    ("GET", "/api/show?ref=css/D253-81&day=1997-05-01", None, {}, 400),
    ("GET", "/api/follow?ref=css/D133-1&depth=99999999999999999999", None, {}, 400),
    ("GET", "/api/follow?ref=css/D133-1&into=peut-etre", None, {}, 400),
    ("GET", "/api/search?words=%22", None, {}, 400),
    ("GET", "/api/trace?id=%C2%B2", None, {}, 404),
    ("GET", "/api/trace?id=999999999", None, {}, 404),
    ("GET", "/../../../etc/passwd", None, {}, 404),
    ("GET", "/id/..%2f..%2fetc%2fpasswd", None, {}, 400),
    ("GET", "/id/css/nulle-part", None, {}, 404),
    ("GET", "/id/css/D253-81", None, {"Accept": "image/png"}, 406),
    ("GET", "/nulle/part", None, {}, 404),
    ("POST", "/api/show?ref=css/D253-81", b"", {}, 405),
    ("GET", "/api/cite", None, {}, 405),
    ("POST", "/api/cite", b"text=x", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ("POST", "/api/cite", b"", JSON, 400),
    ("POST", "/api/cite", b"[" * 100_000, JSON, 400),
    ("POST", "/api/cite", b"[]", JSON, 400),
    ("POST", "/api/cite", b'{"text": 3}', JSON, 400),
    ("POST", "/api/cite", b'{"text": "\xff"}', JSON, 400),
    ("POST", "/api/cite", b'{"text": "' + b"x" * (5 << 20) + b'"}', JSON, 413),
    ("POST", "/api/apply", b'{"rule": "indu-rmi", "facts": {"montant": "beaucoup"}}', JSON, 400),
    ("POST", "/api/apply", b'{"rule": "indu-rmi", "facts": []}', JSON, 400),
    ("POST", "/api/apply", b'{"rule": "indu"}', JSON, 404),
    ("POST", "/api/verify_quote", b'{"ref": "css/D253-81", "quote": "..."}', JSON, 400),
    ("POST", "/api/check", b"x=1", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
    ("POST", "/api/check?at=hier", b"mots", {"Content-Type": "text/plain"}, 400),
    ("POST", "/api/check?name=a.pdf", b"%PDF-1.7 ce n'en est pas", {"Content-Type": "application/pdf"}, 422),
    ("POST", "/api/check?name=a.docx", b"PK\x03\x04word/", {"Content-Type": "application/octet-stream"}, 422),
    ("POST", "/api/check", b"x" * (17 << 20), {"Content-Type": "text/plain"}, 413),
    ("GET", "/api/health", None, {"Host": "renvoi.example"}, 421),
]  # fmt: skip


@pytest.mark.parametrize(("method", "address", "body", "headers", "status"), REFUSED)
def test_what_cannot_be_taken_is_refused_in_a_sentence(
    method: str, address: str, body: bytes | None, headers: dict[str, str], status: int, server: Server
) -> None:
    try:
        answer = server.ask(method, address, body, headers)
    except (BrokenPipeError, ConnectionResetError):  # refused before all of a large body was taken
        assert status == 413
    else:
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer.body
        assert answer.json["status"] == status and len(answer.json["detail"]) > 10
        assert b"Traceback" not in answer.body and b".py" not in answer.body
    assert server.get("/api/health").json["status"] == "ok"


def test_noise_is_no_request(server: Server) -> None:
    for noise in (
        b"\x16\x03\x01\x02\x00\x01",
        b"\x00" * 50 + b"\r\n\r\n",
        b"GET /" + b"a" * 200_000,
        b"POST /api/cite HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
            answer = b""
            with suppress(OSError):  # closed on before its end
                line.sendall(noise)
                line.shutdown(socket.SHUT_WR)
                answer = line.recv(4096)
            assert b" 200 " not in answer
    assert server.get("/api/health").status == 200


def test_an_answer_that_is_known_is_not_sent_again(server: Server) -> None:
    address = f"/api/said?ref=css/D253-81&at={DAY}"
    first = server.get(address)
    again = server.get(address, If_None_Match=first.headers["etag"])
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert server.get(address, If_None_Match='"another"').body == first.body
    assert server.ask("HEAD", address).body == b""


def test_a_base_made_anew_is_served_with_another_tag(base_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.kb"
    shutil.copy(base_file, path)
    with serving(path) as made:
        before = made.get("/api/health").json["etag"]
        shutil.copy(base_file, tmp_path / "b.kb")
        (tmp_path / "b.kb").replace(path)
        assert made.get("/api/health").json["etag"] != before
        (tmp_path / "c.kb").write_bytes(b"SQLite format 3\0, cut short")
        (tmp_path / "c.kb").replace(path)
        assert made.get("/api/health").status == 200
        path.unlink()
        assert made.get(f"/api/said?ref=css/D253-81&at={DAY}").json["status"] == "en_vigueur"


def test_pages_of_this_machine_may_read_and_others_when_they_are_named(server: Server, base_file: Path) -> None:
    allowed = "access-control-allow-origin"
    assert server.get("/api/health", Origin="http://localhost:3000").headers[allowed] == "http://localhost:3000"
    for stranger in ("https://renvoi.example", "http://localhost.example", "https://127.0.0.1.example"):
        assert allowed not in server.get("/api/health", Origin=stranger).headers
    with serving(base_file, "--origin", "https://renvoi.example") as made:
        assert made.get("/api/health", Origin="https://renvoi.example").headers[allowed] == "https://renvoi.example"
        asked = {
            "Origin": "https://renvoi.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        assert made.ask("OPTIONS", "/api/cite", headers=asked).status == 200


def test_an_id_is_data_or_a_page_by_what_is_accepted(
    server: Server, base_file: Path, base: Base, tmp_path: Path
) -> None:
    shown = server.get(f"/id/css/D253-81/{DAY}", Accept="text/html")  # there is no site
    assert shown.json == json.loads(json.dumps(base.show("css/D253-81", DAY)))
    assert server.get("/id/arrete/1985-07-12").json["id"] == "arrete/1985-07-12"
    (tmp_path / "css" / "D253-81").mkdir(parents=True)
    (tmp_path / "index.html").write_text("accueil", encoding="utf-8")
    (tmp_path / "css" / "D253-81" / "index.html").write_text("la page", encoding="utf-8")
    with serving(base_file, "--site", str(tmp_path)) as made:
        page = made.get("/id/css/D253-81", Accept="text/html,application/xml;q=0.9,*/*;q=0.8")
        assert (page.status, page.headers["location"]) == (303, "/css/D253-81/")
        dated = made.get(f"/id/css/D253-81/{DAY}", Accept="text/html")
        assert (dated.status, dated.headers["location"]) == (303, f"/css/D253-81/?le={DAY}")
        assert made.get("/id/css/D133-1", Accept="text/html").json["id"] == "css/D133-1"  # no page of its own
        assert made.get("/id/../index.html", Accept="text/html").status in (400, 404)
        assert made.get("/css/D253-81/").body.decode() == "la page"
        assert made.get("/id/css/D253-81", Accept="application/json").json["id"] == "css/D253-81"
        assert made.get("/id/css/D253-81").headers["vary"].startswith("Accept")
        assert made.get("/").body.decode() == "accueil"
        assert made.get("/..%2f..%2fetc/passwd").status == 404
    assert server.get("/").json["openapi"] == "/openapi.json"


def test_a_draft_is_checked_as_a_file_or_as_words(server: Server) -> None:
    draft = "L'article D. 253-81 du code de la sécurité sociale dit que l'agent « a couvert de ses deniers le montant du déficit »."
    sent = server.ask("POST", f"/api/check?at={DAY}", draft.encode(), {"Content-Type": "text/plain; charset=utf-8"})
    told = server.question("check", {"text": draft, "at": DAY})
    assert sent.status == 200 and sent.json == told.json
    assert [each["verdict"] for each in sent.json["quotations"]] == ["exacte"]
    for found in sent.json["citations"]:
        assert draft[found["start"] : found["end"]] == found["quote"]


def test_many_at_once_get_what_one_gets(server: Server) -> None:
    asked = [(name, OPERATIONS[name].example) for name in ("said", "cite", "limits", "apply", "search", "follow")] * 10
    alone = {name: server.question(name, given).body for name, given in asked[:6]}
    with ThreadPoolExecutor(16) as pool:
        for (name, _), answer in zip(asked, pool.map(lambda each: server.question(*each), asked), strict=True):
            assert answer.body == alone[name]


def test_who_is_slow_does_not_keep_the_others_waiting(base_file: Path) -> None:
    quick = "import kb.doors.http as h, kb.doors.listen as l; h.BODY_SECONDS = l.HEAD_SECONDS = 1.0"
    with serving(base_file, before=quick) as made:
        head = (
            b"POST /api/cite HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n"
        )
        with socket.create_connection(("127.0.0.1", made.port), timeout=20) as slow:
            slow.sendall(head)
            began = time.monotonic()
            assert made.get("/api/health").status == 200
            assert slow.recv(4096) == b""  # closed: the head never ended
            assert time.monotonic() - began < 15
        with socket.create_connection(("127.0.0.1", made.port), timeout=20) as slow:
            slow.sendall(head + b'\r\n{"text": "')
            assert b" 408 " in slow.recv(4096)


def test_more_drafts_than_fit_are_sent_away_and_the_others_answered(base_file: Path) -> None:
    with serving(base_file, before="import kb.doors.http as h; h.DRAFTS_WAITING = 3") as made, ExitStack() as kept:
        head = b"POST /api/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n"
        lines = [kept.enter_context(socket.create_connection(("127.0.0.1", made.port), timeout=60)) for _ in range(3)]
        for line in lines:
            line.sendall(head + b"m")
        assert made.get("/api/health").status == 200
        answer = made.ask("POST", "/api/check", b"mots", {"Content-Type": "text/plain"})
        assert answer.status == 503 and "moment" in answer.json["detail"]
        for line in lines:
            line.sendall(b"ots")
        assert all(b" 200 OK" in line.recv(4096) for line in lines)
        assert made.ask("POST", "/api/check", b"mots", {"Content-Type": "text/plain"}).status == 200


def test_asked_to_stop_it_stops(base_file: Path) -> None:
    with serving(base_file) as made:
        keeping = socket.create_connection(("127.0.0.1", made.port))
        keeping.sendall(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert keeping.recv(4096)
        began = time.monotonic()
        made.process.terminate()
        assert made.process.wait(20) == 0
        assert time.monotonic() - began < 15
        keeping.close()


def test_a_port_that_is_taken_gives_way(base_file: Path, server: Server) -> None:
    with serving(base_file, "--port", str(server.port)) as made:
        assert server.port < made.port <= server.port + 50
        assert made.get("/api/health").status == 200


def test_its_own_document_holds_under_fuzzing(server: Server) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="an extra")
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi import checks

    api = schemathesis.openapi.from_dict(server.get("/openapi.json").json)
    api.config.update(base_url=server.url)
    tried = 0
    for found, mode in product(api.get_all_operations(), GenerationMode):
        operation = found.ok()

        @settings(
            max_examples=10,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def run(case: object) -> None:
            nonlocal tried
            tried += 1
            # no schema tells which ids there are: what is well formed may still be refused
            case.call_and_validate(timeout=60, excluded_checks=[checks.positive_data_acceptance])  # type: ignore[attr-defined]

        with suppress(Unsatisfiable):  # nothing can be wrong in a question without parameters
            run()
    assert tried > 100
    assert re.fullmatch(r'"[0-9a-f]{32}"', server.get("/api/health").json["etag"])
