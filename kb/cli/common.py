"""What every command shares: the knowledge base it asks, and the forms of input and output."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.ground.fault import Misuse

if TYPE_CHECKING:
    from kb.base import Base

Arguments = argparse.Namespace


def open_base(arguments: Arguments) -> Base:
    import kb

    return kb.load(arguments.kb)


def lines_out(lines: Iterable[str]) -> int:
    sys.stdout.writelines(line + "\n" for line in lines)
    return 0


def answer_out(arguments: Arguments, answer: Any, lines: Callable[[Any], Iterable[str]]) -> int:
    return lines_out([json.dumps(answer, ensure_ascii=False)] if arguments.json else lines(answer))


def text_of(name: str) -> str:
    """The text of a file or of standard input. Raises ``Misuse`` saying why it cannot be read."""
    from kb.texts.source import decode

    try:
        return decode(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())
    except IsADirectoryError:
        raise Misuse(f"{name}: it is a directory") from None
    except OSError as error:
        raise Misuse(f"{name}: {error.strerror}") from None
    except ValueError as error:
        raise Misuse(f"{'standard input' if name == '-' else name}: {error}") from None


def many(arguments: Arguments, verb: str) -> int:
    """Answer every question of a file or of standard input, a line each; lines that are none are answered so, and told at the end."""
    from kb import batch

    name = arguments.jsonl
    lines: Iterable[str] = sys.stdin if name == "-" else text_of(name).split("\n")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(write_through=False)  # many small writes, even where Python is told not to buffer
    base = None if verb in batch.READERS else open_base(arguments)
    unread = 0
    for answer in batch.answers(base, verb, lines, arguments.workers):
        unread += answer.startswith(batch.UNREAD)
        sys.stdout.write(answer)
    sys.stdout.flush()
    if unread:
        raise Misuse(f"{unread} lines are no questions: each is answered by what is wrong with it")
    return 0


def jsonl_arguments(command: argparse.ArgumentParser, question: str) -> None:
    command.add_argument("--jsonl", metavar="FILE", help=f"questions {question}, one a line; - for standard input")
    command.add_argument(
        "--workers", type=int, default=1, metavar="N", help="how many processes answer --jsonl (default: 1)"
    )


def progress() -> Callable[[str, int, int], None] | None:
    """A line on stderr that says which source is read, where a person watches."""
    if not sys.stderr.isatty():
        return None

    def show(name: str, done: int, total: int) -> None:
        if not total:
            print(f"\r\x1b[K{done} {name}", end="", file=sys.stderr, flush=True)
            return
        bar = "█" * (20 * (done + 1) // total)
        print(
            f"\r\x1b[K{bar:<20} {done + 1}/{total} {name}",
            end="\n" if done + 1 == total else "",
            file=sys.stderr,
            flush=True,
        )

    return show
