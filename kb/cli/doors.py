"""The commands that keep a door open: HTTP for programs, tools for assistants."""

from __future__ import annotations

import argparse
from pathlib import Path

from kb.cli.common import Arguments, open_base
from kb.ground.fault import Misuse


def serve_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=int, default=8000, help="on this machine only (default: 8000; 0 for any)")
    command.add_argument("--site", type=Path, metavar="DIR", help="a site made by 'renvoi site build', served beside")
    command.add_argument(
        "--origin", action="append", default=[], metavar="URL", help="pages of it may read answers too; * for any page"
    )


def serve(arguments: Arguments) -> int:
    from kb.doors.listen import serve

    site = arguments.site
    if site is not None and not (site / "index.html").is_file():
        raise Misuse(f"--site {site}: no site there: make it with 'renvoi site build -o {site}'")
    return serve(open_base(arguments).store.path, arguments.port, site, tuple(arguments.origin))


def mcp_arguments(command: argparse.ArgumentParser) -> None:
    """Nothing beside --kb."""


def mcp(arguments: Arguments) -> int:
    from kb.doors.mcp import serve

    return serve(open_base(arguments).store.path)
