"""A draft of a stranger is checked in a process of its own: what it breaks, eats or delays there is lost with that process."""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from kb.ground.fault import Misuse

if TYPE_CHECKING:
    from kb.ask.reports import CheckAnswer

SECONDS = 60.0
Asked = tuple[str, bytes, str | None, str | None]


class TooLong(Exception):
    """The answer did not come in time."""


def checked(path: Path, asked: Asked, seconds: float = SECONDS) -> CheckAnswer:
    """The answer on a draft (its name, its bytes, the day, since when). Raises ``Misuse``, or ``TooLong`` after *seconds*."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_check, args=(theirs, path, asked), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise TooLong
        answer: CheckAnswer | str = ours.recv()
    except EOFError:
        raise Misuse(f"{asked[0]}: it could not be read") from None
    finally:
        process.kill()
        process.join()
        ours.close()
    if isinstance(answer, str):
        raise Misuse(answer)
    return answer


def _check(answers: Connection, path: Path, asked: Asked) -> None:
    from kb.base import Base
    from kb.doors.contract import checked

    try:
        answer: CheckAnswer | str = checked(Base(path), *asked)
    except Misuse as error:
        answer = str(error)
    answers.send(answer)
