"""The built site on localhost, by the standard library's server."""

from __future__ import annotations

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from kb.fault import Misuse

TRIED = 50


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}  # noqa: RUF012

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line."""


def serve(site: Path, port: int) -> int:
    """Serve *site* until Ctrl-C. A port that is taken gives way to the next free one. Raises ``Misuse`` when none is."""
    server = _server(site, port)
    taken = f" (port {port} is taken)" if server.server_port != port and port else ""
    print(f"http://127.0.0.1:{server.server_port}/{taken}", flush=True)
    print("Ctrl-C to stop", file=sys.stderr, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


def _server(site: Path, port: int) -> ThreadingHTTPServer:
    if not 0 <= port <= 65535:
        raise Misuse(f"--port {port}: a number from 0 to 65535")
    for tried in range(port, min(port + TRIED, 65536)):
        try:
            return ThreadingHTTPServer(("127.0.0.1", tried), partial(_Quiet, directory=str(site)))
        except OSError:
            continue
    raise Misuse(f"no free port from {port} on: name another with --port")
