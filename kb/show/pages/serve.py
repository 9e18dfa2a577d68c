"""The built site on localhost, by the standard library's server."""

from __future__ import annotations

import signal
import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from kb.ground.fault import Misuse

TRIED = 50
_TYPES = {".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | _TYPES

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own page where an address leads nowhere."""
        lost = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not lost.is_file():
            return super().send_error(code, message, explain)
        body = lost.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line."""


def serve(site: Path, port: int) -> int:
    """Serve *site* until Ctrl-C. A port that is taken gives way to the next free one. Raises ``Misuse`` when none is."""
    server = _server(site, port)
    taken = f" (port {port} is taken)" if server.server_port != port and port else ""
    print(f"http://127.0.0.1:{server.server_port}/{taken}", flush=True)
    print("Ctrl-C to stop", file=sys.stderr, flush=True)
    # Said aloud: a shell's background jobs inherit an ignored Ctrl-C. Being asked to end is no error either.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
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
