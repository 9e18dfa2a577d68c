"""The HTTP door, on this machine only: every question of the contract as JSON, ids by what is accepted, the site.

A refusal is a status and a sentence (RFC 9457), never a traceback. Questions run on threads; drafts in processes of their own.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from kb.doors import aside
from kb.doors.contract import OPERATIONS, Operation
from kb.doors.openapi import DRAFTS, PROBLEM, document
from kb.doors.opened import Opened
from kb.ground.fault import Misuse, Unknown
from kb.ground.names import BASE

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

LARGEST = 4 << 20  # bytes of a JSON body
LARGEST_DRAFT = 16 << 20
BODY_SECONDS = 20.0  # for a body to come
ANSWER_SECONDS = 30.0  # for an answer to be made
DRAFTS_AT_ONCE, DRAFTS_WAITING = 2, 16  # checked, and held in memory
_LOCAL = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"


class Refused(Exception):
    """A status and the sentence that goes with it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def application(opened: Opened, site: Path | None = None, origins: tuple[str, ...] = ()) -> Starlette:
    """The ASGI application. *site* is the folder of a built site; pages of *origins* may read answers, ``*`` for any."""
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.responses import RedirectResponse
    from starlette.routing import BaseRoute, Mount, Route
    from starlette.staticfiles import StaticFiles

    waiting, drafts = asyncio.Semaphore(DRAFTS_WAITING), asyncio.Semaphore(DRAFTS_AT_ONCE)

    def asked(operation: Operation) -> Callable[[Request], Coroutine[object, object, Response]]:
        async def answer(request: Request) -> Response:
            if not operation.posted:
                return await _unless_same(request, opened, lambda: _ask(opened, operation, _once(request)))
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if operation.name == "check":
                if waiting.locked():
                    raise Refused(503, "many drafts are being checked: send this one again in a moment")
                async with waiting:
                    name, at, since, data = await _draft(request, kind, operation)
                    async with drafts:
                        return _json(await _aside(opened.path, (name, data, at, since)))
            if kind != "application/json":
                raise Refused(415, "the body is JSON: say so with 'Content-Type: application/json'")
            return _json(await _ask(opened, operation, await _posted(request)))

        return answer

    async def health(request: Request) -> Response:
        return _json({"status": "ok", "base": opened.path.name, "etag": opened.tag()})

    async def described(request: Request) -> Response:
        return _json(document())

    async def named(request: Request) -> Response:
        name: str = request.path_params["id"]
        accepted = _accepted(request.headers.get("accept", "*/*"))
        if accepted is None:
            raise Refused(406, "an id is given as application/json or text/html")
        page = _page(site, name) if site and accepted == "text/html" else None
        if page:
            return RedirectResponse(page, 303, headers={"Vary": "Accept"})
        answer = await _unless_same(request, opened, lambda: _ask(opened, OPERATIONS["show"], {"ref": BASE + name}))
        answer.headers["Vary"] = "Accept"
        return answer

    async def index(request: Request) -> Response:
        return _json({"questions": {name: f"/api/{name}" for name in OPERATIONS}, "openapi": "/openapi.json"})

    routes: list[BaseRoute] = [
        Route(f"/api/{name}", asked(operation), methods=["POST" if operation.posted else "GET"])
        for name, operation in OPERATIONS.items()
    ]
    routes += [Route("/api/health", health), Route("/api/", index), Route("/openapi.json", described)]
    routes.append(Route("/id/{id:path}", named))
    routes.append(Mount("/", StaticFiles(directory=site, html=True)) if site else Route("/", index))

    async def refused(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            response = _problem(error.status_code, _sentence(request, error.status_code))
            response.headers.update(error.headers or {})
            return response
        assert isinstance(error, Refused)
        return _problem(error.status, error.sentence)

    async def broken(request: Request, error: Exception) -> Response:
        return _problem(500, "this question could not be answered: that is a fault of the program")

    return Starlette(
        routes=routes,
        middleware=[
            Middleware(_OwnName),
            Middleware(
                CORSMiddleware, allow_origins=origins, allow_origin_regex=_LOCAL, allow_methods=["GET", "POST"],
                allow_headers=["Content-Type", "If-None-Match"], expose_headers=["ETag"],
            ),
        ],
        exception_handlers={Refused: refused, HTTPException: refused, Exception: broken},
    )  # fmt: skip


class _OwnName:
    """Lets in who calls this machine by its own name: a page elsewhere may have a name of its own lead here."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = next((value for name, value in scope.get("headers", ()) if name == b"host"), b"127.0.0.1")
        if scope["type"] == "http" and not re.fullmatch(rb"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?", host):
            await _problem(421, "this server answers to 127.0.0.1 and localhost only")(scope, receive, send)
        else:
            await self.app(scope, receive, send)


async def _unless_same(request: Request, opened: Opened, ask: Callable[[], Awaitable[object]]) -> Response:
    """The answer with its ETag, or 304 where the one that the client has is still so."""
    from starlette.responses import Response

    tag = opened.tag()
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if tag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    return _json(await ask(), headers)


async def _ask(opened: Opened, operation: Operation, given: Mapping[str, object]) -> object:
    """The answer to a question, made on a thread. Raises ``Refused``."""
    try:
        question = operation.read(given)
        return await asyncio.wait_for(asyncio.to_thread(operation.ask, opened(), question), ANSWER_SECONDS)
    except TimeoutError:
        raise Refused(503, f"the answer takes more than {ANSWER_SECONDS:.0f} seconds: ask for less") from None
    except Unknown as error:
        raise Refused(404, str(error)) from None
    except Misuse as error:
        raise Refused(400, str(error)) from None


async def _aside(path: Path, asked: aside.Asked) -> object:
    try:
        return await asyncio.to_thread(aside.checked, path, asked)
    except aside.TooLong:
        raise Refused(
            503, f"the draft takes more than {aside.SECONDS:.0f} seconds to check: send a part of it"
        ) from None
    except Misuse as error:
        raise Refused(422, str(error)) from None


async def _draft(request: Request, kind: str, operation: Operation) -> tuple[str, str | None, str | None, bytes]:
    """A draft with its name, the day and since when: a JSON object, or the file itself with the rest in the address."""
    from kb.base import as_day

    try:
        if kind == "application/json":
            question = operation.read(await _posted(request))
            data = question.words("text").encode("utf-8", "replace")
        elif kind in DRAFTS:
            data = await _body(request, LARGEST_DRAFT)
            question = operation.read({**_once(request), "text": "-"})
        else:
            raise Refused(415, f"a draft is JSON or one of {', '.join(DRAFTS)}: say so with 'Content-Type'")
        at, since = question.maybe("at"), question.maybe("since")
        as_day(at), as_day(since)
    except Misuse as error:
        raise Refused(400, str(error)) from None
    return question.maybe("name") or "projet.txt", at, since, data


async def _body(request: Request, largest: int) -> bytes:
    """The body, when it comes in time and is not larger than *largest* bytes. Raises ``Refused``."""
    from starlette.requests import ClientDisconnect

    data = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                data += chunk
                if len(data) > largest:
                    raise Refused(413, f"the body is larger than {largest >> 20} MiB")
    except TimeoutError:
        raise Refused(408, f"the body did not come within {BODY_SECONDS:.0f} seconds") from None
    except ClientDisconnect:
        raise Refused(400, "the body was cut short") from None
    return bytes(data)


async def _posted(request: Request) -> Mapping[str, object]:
    """The parameters of the body and of the address, each given once."""
    beside, given = _once(request), _object(await _body(request, LARGEST))
    for name in beside:
        if name in given:
            raise Refused(400, f"'{name[:60]}' is given twice")
    return {**beside, **given}


def _object(data: bytes) -> Mapping[str, object]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"the body is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Refused(400, "the body is a JSON object")
    return found


def _once(request: Request) -> Mapping[str, str]:
    """The parameters of the address, each given once."""
    given = request.query_params
    for name in given:
        if len(given.getlist(name)) > 1:
            raise Refused(400, f"'{name[:60]}' is given twice")
    return dict(given)


def _accepted(header: str) -> str | None:
    """Which of JSON and HTML is wanted more, JSON where both are; ``None`` where neither is."""
    wanted: dict[str, float] = {}
    for part in header.split(","):
        kind, *rest = (piece.strip().lower() for piece in part.split(";"))
        weight = next((piece[2:] for piece in rest if piece.startswith("q=")), "1")
        try:
            wanted[kind] = float(weight)
        except ValueError:
            wanted[kind] = 0.0

    def weight_of(kind: str) -> float:
        return next((wanted[k] for k in (kind, kind.split("/")[0] + "/*", "*/*") if k in wanted), 0.0)

    best = max(("application/json", "text/html"), key=weight_of)
    return best if weight_of(best) > 0 else None


def _page(site: Path, name: str) -> str | None:
    """The address of the page of an id in a site, its day as the page takes it; ``None`` where it has no page of its own."""
    from urllib.parse import quote

    head, _, last = name.strip("/").rpartition("/")
    for path, day in ((name.strip("/"), ""), (head, f"?le={quote(last)}")):
        place = (site / path / "index.html").resolve()
        if path and place.is_relative_to(site.resolve()) and place.is_file():
            return f"/{quote(path)}/{day}"
    return None


def _json(
    answer: object, headers: Mapping[str, str] | None = None, status: int = 200, kind: str = "application/json"
) -> Response:
    from starlette.responses import Response

    words = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    # a lone surrogate has no UTF-8: it goes out as the escape that it came in as
    return Response(words.encode("utf-8", "backslashreplace"), status, dict(headers or {}), kind)


def _problem(status: int, sentence: str) -> Response:
    return _json({"title": HTTPStatus(status).phrase, "status": status, "detail": sentence}, None, status, PROBLEM)


def _sentence(request: Request, status: int) -> str:
    match status:
        case 404:
            return "nothing is at this address: /openapi.json tells what is"
        case 405:
            return f"{request.method} is not for this address"
    return HTTPStatus(status).description or HTTPStatus(status).phrase
