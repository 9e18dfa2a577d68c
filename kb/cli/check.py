"""``renvoi check``: drafts with their verdicts, in the terminal and as JSON, SARIF, HTML, Word."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from kb.cli.common import Arguments, lines_out, open_base
from kb.ground.fault import Misuse
from kb.ground.period import parse_day


def check_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="drafts (txt, md, html, docx, odt, pdf, eml), or folders of them",
    )
    command.add_argument("--at", metavar="DAY", help="the day on which citations must be good (default: today)")
    command.add_argument("--since", metavar="DAY", help="words that changed since that day are told")
    command.add_argument(
        "--fail-on",
        metavar="VERDICTS",
        help="the verdicts that make the status 1, parted by commas (default: all that are wrong)",
    )
    command.add_argument(
        "--html", type=Path, metavar="OUT", help="the draft with its citations as links and marks in the margin"
    )
    command.add_argument("--docx", type=Path, metavar="OUT", help="a copy of a Word draft with comments")
    command.add_argument("--sarif", action="store_true", help="SARIF on stdout, for code hosts")


def check(arguments: Arguments) -> int:
    from kb.ask.check import WRONG, Checker
    from kb.ask.reports import CheckAnswer
    from kb.show import checked
    from kb.texts import files

    day, since = _day(arguments.at) or date.today(), _day(arguments.since)
    fatal = _verdicts(arguments.fail_on, WRONG)
    paths = drafts(arguments.files)
    if (arguments.html or arguments.docx) and len(paths) != 1:
        raise Misuse("--html and --docx write one draft: give one FILE")
    checker = Checker(open_base(arguments).store, day, since)
    answers: list[CheckAnswer] = []
    unread = 0
    for path in paths:
        try:
            data = path.read_bytes()
            answer, found = checker.check(str(path), data)
        except (OSError, files.Unreadable) as error:
            words = f"{path}: {error.strerror if isinstance(error, OSError) else error}"
            if len(paths) == 1:
                raise Misuse(words) from None
            print(f"renvoi: {words}", file=sys.stderr)
            unread += 1
            continue
        answers.append(answer)
        if arguments.html:
            arguments.html.write_text(checked.html(answer, found.text), encoding="utf-8")
        if arguments.docx:
            arguments.docx.write_bytes(checked.docx(answer, found, data))
    if arguments.sarif:
        lines_out([json.dumps(checked.sarif(answers), ensure_ascii=False)])
    elif arguments.json:
        lines_out([json.dumps(answers[0] if len(paths) == 1 else {"files": answers}, ensure_ascii=False)])
    else:
        lines_out(line for answer in answers for line in checked.lines(answer))
    wrong = any(c["verdict"] in fatal for a in answers for c in (*a["citations"], *a["quotations"]))
    return 1 if wrong or unread else 0


def _day(words: str | None) -> date | None:
    try:
        return parse_day(words) if words else None
    except ValueError as error:
        raise Misuse(str(error)) from None


def _verdicts(words: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    if words is None:
        return known
    asked = tuple(filter(None, words.split(",")))
    unknown = [each for each in asked if each not in known]
    if unknown:
        raise Misuse(f"--fail-on {unknown[0]}: not one of {', '.join(known)}")
    return asked


def drafts(paths: list[Path]) -> list[Path]:
    """The documents among *paths*, and in the folders among them, in order. Raises ``Misuse`` where there is none."""
    from kb.texts.files import SUFFIXES

    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        elif path.exists():
            found.append(path)
        else:
            raise Misuse(f"{path}: no such file or folder")
    if not found:
        raise Misuse(f"{paths[0]}: no document in it")
    return found
