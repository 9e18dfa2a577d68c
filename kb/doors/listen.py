"""The HTTP door opened: a loopback socket, a server that waits for no one for ever, a stop that lets answers finish."""

from __future__ import annotations

import socket
import sys
from asyncio import Transport
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kb.doors.http import application
from kb.doors.opened import Opened
from kb.ground.fault import Misuse

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol

TRIED = 50  # ports after the one that is asked for
HEAD_SECONDS = 10.0  # for the head of a request to come
CONNECTIONS = 200
STOP_SECONDS = 5


def serve(path: Path, port: int, site: Path | None = None, origins: tuple[str, ...] = ()) -> int:
    """Serve the knowledge base at *path* until asked to stop. A port that is taken gives way to the next free one. Raises ``Misuse``."""
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ImportError:
        raise Misuse(
            "serve needs starlette and uvicorn, which are not installed: pip install 'renvoi[serve]'"
        ) from None
    opened = Opened(path)
    listening = _listen(port)
    config = uvicorn.Config(
        application(opened, site, origins), http=_patient(), ws="none", lifespan="off", log_level="error", access_log=False,
        limit_concurrency=CONNECTIONS, timeout_graceful_shutdown=STOP_SECONDS, server_header=False,
    )  # fmt: skip
    got = listening.getsockname()[1]
    with suppress(KeyboardInterrupt):  # the server hands on the signal that stopped it
        print(f"http://127.0.0.1:{got}/" + (f" (port {port} is taken)" if port and got != port else ""), flush=True)
        print("Ctrl-C to stop", file=sys.stderr, flush=True)
        uvicorn.Server(config).run(sockets=[listening])
    return 0


def _listen(port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise Misuse(f"--port {port}: a number from 0 to 65535")
    for tried in range(port, min(port + TRIED, 65536)):
        # named TCP, asyncio sends small answers at once; a socket that is TCP by default waits 40 ms for each
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listening.bind(("127.0.0.1", tried))
            listening.listen(128)
            return listening
        except OSError:
            listening.close()
    raise Misuse(f"no free port from {port} on: name another with --port")


def _patient() -> type[H11Protocol]:
    """uvicorn's own protocol, which closes on those who never finish the head of a request: it would wait for them for ever."""
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Patient(H11Protocol):
        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._look(None)

        def _look(self, seen: object) -> None:
            if self.transport.is_closing():
                return
            idle = self.cycle is None or self.cycle.response_complete
            if idle and seen == id(self.cycle):
                self.transport.close()
                return
            self.loop.call_later(HEAD_SECONDS, self._look, id(self.cycle) if idle else None)

    return Patient
