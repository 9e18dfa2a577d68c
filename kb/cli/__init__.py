"""One command per verb. Exit 0 = answered, 1 = a check failed, 2 = bad input: one clear line on stderr, nothing written."""

from __future__ import annotations

import argparse
import gc
import io
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from kb import __version__
from kb.cli import ask, check, doors, impact, make
from kb.cli.common import Arguments
from kb.cli.examples import EXAMPLES
from kb.ground.fault import Misuse

# What each verb runs, says of itself and takes, beside --json and --kb.
VERBS: dict[str, tuple[Callable[[Arguments], int], str, Callable[[argparse.ArgumentParser], None]]] = {
    "build": (
        make.build,
        "read a corpus folder, write a knowledge base, print counts and faults",
        make.build_arguments,
    ),
    "new": (make.new, "start a corpus folder of one's own, with an example that builds", make.new_arguments),
    "import": (make.import_, "add legal data in other formats to a knowledge base", make.import_arguments),
    "show": (ask.show, "a text, provision or version: status, text, bounds with proofs, links", ask.show_arguments),
    "cite": (ask.cite, "find citations in any text", ask.cite_arguments),
    "limits": (ask.limits, "find the limits that words set, in any text", ask.limits_arguments),
    "check": (check.check, "the citations and quotations of a draft, each with a verdict", check.check_arguments),
    "impact": (impact.impact, "what changed between two days, and what rests on it", impact.impact_arguments),
    "stale": (impact.stale, "the citations to what is no longer in force", impact.stale_arguments),
    "watch": (impact.watch, "what became of what a folder of documents cites", impact.watch_arguments),
    "follow": (ask.follow, "the citation links", ask.follow_arguments),
    "diff": (ask.diff, "what changed between two days", ask.diff_arguments),
    "history": (ask.history, "every version of a provision, who made it and who says so", ask.history_arguments),
    "search": (ask.search, "full text in French", ask.search_arguments),
    "rules": (ask.rules, "the rules in force on a day", ask.rules_arguments),
    "apply": (ask.apply, "evaluate a rule on facts", ask.apply_arguments),
    "trace": (ask.trace, "the audit trail of a rule or citation", ask.trace_arguments),
    "verify": (
        make.verify,
        "re-prove every promise from the sources on disk; exit 1 on any failure",
        make.verify_arguments,
    ),
    "sparql": (ask.sparql, "ask the RDF view", ask.sparql_arguments),
    "export": (make.export, "write the knowledge base in a public format", make.export_arguments),
    "dossier": (make.dossier, "a sealed answer that a stranger verifies without Renvoi", make.dossier_arguments),
    "site": (make.site, "the browsable site", make.site_arguments),
    "serve": (doors.serve, "every question over HTTP on this machine, as JSON", doors.serve_arguments),
    "mcp": (doors.mcp, "the questions as tools for assistants, over standard input and output", doors.mcp_arguments),
}


class _Parser(argparse.ArgumentParser):
    """argparse, with its errors on one line."""

    def error(self, message: str) -> NoReturn:
        raise Misuse(f"{message} (see '{self.prog} --help')")


def run() -> int:
    """The command as a process of its own."""
    status = main()
    gc.freeze()  # Python's last collection, over everything that was imported, would be a seventh of a short answer's time
    return status


def main(argv: list[str] | None = None) -> int:
    """Run one command; the value is the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal cannot write is escaped, as JSON would
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = _parse(sys.argv[1:] if argv is None else argv)
        run: Callable[[Arguments], int] = arguments.run
        with suppress(
            ValueError
        ):  # in the main thread only: being asked to end ends as Ctrl-C does, nothing half written left
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        return run(arguments)
    except Misuse as error:
        print(f"renvoi: {_one_line(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("renvoi: interrupted", file=sys.stderr)
        return 130


def _one_line(words: str, most: int = 1000) -> str:
    """A message as one line that a person can read, whatever was quoted in it."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most // 2]} … {line[-most // 2 :]}"


def _parse(argv: list[str]) -> Arguments:
    """The arguments of one command. Only the parser of the verb that is asked is made: the others cost time at each start."""
    if argv and argv[0] in VERBS:
        return _verb_parser(argv[0]).parse_args(argv[1:])
    if argv and not argv[0].startswith("-"):
        raise Misuse(f"no command '{argv[0]}'{_nearest(argv[0])} (see 'renvoi --help')")
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {name:<{width}}  {help}" for name, (_, help, _) in VERBS.items())
    parser = _Parser(
        prog="renvoi",
        usage="renvoi COMMAND …",
        description=f"Which rule applied on that day, and where exactly does it say so?\n\ncommands:\n{verbs}",
        epilog="An example of each: renvoi COMMAND --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"renvoi {__version__}")
    parser.parse_args(argv)
    raise Misuse("a command is wanted (see 'renvoi --help')")


def _nearest(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, VERBS, 1)
    return f": did you mean '{near[0]}'?" if near else ""


def _verb_parser(name: str) -> argparse.ArgumentParser:
    run, help, add_arguments = VERBS[name]
    # A formatter with a width spares argparse a look at the terminal for every argument.
    command = _Parser(
        prog=f"renvoi {name}",
        description=help,
        epilog=f"example: {EXAMPLES[name]}" if name in EXAMPLES else None,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=100),
    )
    command.set_defaults(run=run)
    command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    command.add_argument(
        "--kb", metavar="PATH", type=Path, help="the knowledge base to ask (default: the packaged corpus)"
    )
    add_arguments(command)
    return command
