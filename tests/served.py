"""Open doors for tests: ``renvoi serve`` on a free port, asked over real HTTP, and ``renvoi mcp``, asked by the SDK's own client."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from conftest import ROOT

from kb.doors.contract import OPERATIONS

if TYPE_CHECKING:
    from mcp import Client


class Answered(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """A running server: its process and its port."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout
        self.url = process.stdout.readline().split()[0]
        self.port = int(self.url.rstrip("/").rpartition(":")[2])

    def ask(
        self, method: str, address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answered:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, address, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answered(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, address: str, **headers: str) -> Answered:
        return self.ask("GET", address, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def question(self, name: str, given: Mapping[str, Any]) -> Answered:
        """A question of the contract, as HTTP asks it."""
        if OPERATIONS[name].posted:
            body = json.dumps(given).encode()
            return self.ask("POST", f"/api/{name}", body, {"Content-Type": "application/json"})
        words = {key: str(value).lower() if isinstance(value, bool) else value for key, value in given.items()}
        return self.get(f"/api/{name}?{urlencode(words)}")


@contextmanager
def serving(base: Path, *words: str, before: str = "") -> Iterator[Server]:
    """``renvoi serve`` on a free port; *before* is Python that runs first."""
    code = f"import sys; from kb.cli import main\n{before}\nif __name__ == '__main__': sys.exit(main())"
    command = [sys.executable, "-c", code, "serve", "--port", "0", "--kb", str(base), *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield Server(process)
    finally:
        process.terminate()
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err) == (0, "", "Ctrl-C to stop\n"), err


@asynccontextmanager
async def assistant(base: Path) -> AsyncIterator[Client]:
    """The SDK's client on ``renvoi mcp``."""
    from mcp import Client, StdioServerParameters

    words = ["-c", "import sys; from kb.cli import main; sys.exit(main())", "mcp", "--kb", str(base)]
    async with Client(StdioServerParameters(command=sys.executable, args=words, cwd=str(ROOT))) as client:
        yield client
