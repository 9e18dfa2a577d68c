"""``renvoi impact``, ``stale`` and ``watch``: what changed, what rests on it, what is good no more."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kb.cli.check import drafts
from kb.cli.common import Arguments, answer_out, open_base
from kb.ground.fault import Misuse


def impact_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("first", metavar="D1")
    command.add_argument("second", metavar="D2")
    command.add_argument(
        "--on",
        metavar="WHAT",
        help="'rules', a document or a folder of them, or a REF (default: everything in the base)",
    )
    command.add_argument("--atom", type=Path, metavar="OUT", help="write it as an Atom feed too")
    command.add_argument(
        "--limit", type=int, default=20, metavar="N", help="how many of each kind the terminal shows (default: 20)"
    )


def impact(arguments: Arguments) -> int:
    from kb.show.moved import impact as lines

    base, on = open_base(arguments), arguments.on
    if on and on != "rules" and Path(on).exists():
        from kb.ask.impact import on_documents
        from kb.base import as_day

        first, second = (as_day(day) or date.today() for day in (arguments.first, arguments.second))
        paths = drafts([Path(on)])
        answer = on_documents(base.store, first, second, on, Documents(paths, Path(on)))
        if len(paths) == len(answer["unread"]) == 1:
            raise Misuse(answer["unread"][0])
    else:
        answer = base.impact(arguments.first, arguments.second, on)
    if arguments.atom:
        from kb.show.feed import atom

        _write(arguments.atom, atom(answer))
    return answer_out(arguments, answer, lambda a: lines(a, arguments.limit))


def stale_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "ref", nargs="?", metavar="TEXT", help="a text, division or article (default: everything in the base)"
    )
    command.add_argument("--at", metavar="DAY", help="the day asked about (default: today)")
    command.add_argument("--limit", type=int, default=100, metavar="N", help="how many are listed (default: 100)")
    command.add_argument("--offset", type=int, default=0, metavar="N", help="from which one on")


def stale(arguments: Arguments) -> int:
    from kb.show.moved import stale as lines

    answer = open_base(arguments).stale(arguments.ref, at=arguments.at, limit=arguments.limit, offset=arguments.offset)
    return answer_out(arguments, answer, lines)


def watch_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="DIR", help="a folder of documents")
    command.add_argument("--at", metavar="DAY", help="the day on which they are looked at (default: today)")


def watch(arguments: Arguments) -> int:
    from kb.ask.check import Checker
    from kb.ask.touched import worse
    from kb.ask.watch import read
    from kb.ask.watch import watch as look
    from kb.base import as_day
    from kb.show.moved import watched

    folder: Path = arguments.folder
    if not folder.is_dir():
        raise Misuse(f"{folder}: no such folder")
    base = open_base(arguments)
    place = _place(folder, base.store.path)
    kept = read(place.read_text(encoding="utf-8"), str(place)) if place.exists() else None
    checker = Checker(base.store, as_day(arguments.at) or date.today())
    answer, now = look(base.store, checker, str(folder), Documents(drafts([folder]), folder), kept)
    _write(place, json.dumps(now, ensure_ascii=False))
    answer_out(arguments, answer, watched)
    return 1 if worse(answer["touched"]) else 0


class Documents:
    """Documents by their names in *folder*, with their bytes; what cannot be opened is told, and the rest goes on."""

    def __init__(self, paths: list[Path], folder: Path) -> None:
        self._paths, self._folder = paths, folder

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for path in self._paths:
            try:
                data = path.read_bytes()
            except OSError as error:
                print(f"renvoi: {path}: {error.strerror}", file=sys.stderr)
                continue
            yield str(path.relative_to(self._folder)) if path != self._folder else str(path), data


def _place(folder: Path, base: Path) -> Path:
    """Where what a folder cites is kept: in the user's cache, one file for each folder and knowledge base."""
    import hashlib  # late, as all that a verb alone needs

    from kb.make.cache import cache_folder

    asked = f"{folder.resolve()}\n{base.resolve()}".encode()
    return cache_folder() / "watch" / f"{hashlib.sha256(asked).hexdigest()[:24]}.json"


def _write(path: Path, words: str) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(words, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from None
