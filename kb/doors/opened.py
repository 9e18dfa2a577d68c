"""A knowledge base that stays open while it may be made anew: who serves it follows the file."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from kb import __version__
from kb.base import Base
from kb.ground.fault import Misuse
from kb.store.file import FORMAT

State = tuple[int, int, int]


class Opened:
    """The knowledge base at *path*, opened again once another file has taken its place. Raises ``Misuse`` when there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._held: tuple[State, Base] = self._open()

    def __call__(self) -> Base:
        """The knowledge base that is there now."""
        try:
            if self._state() != self._held[0]:
                self._held = self._open()
        except (OSError, Misuse):  # the file is gone, or none that is read: what was opened still answers
            pass
        return self._held[1]

    def tag(self) -> str:
        """What changes when answers may: the format, the file, this program, and the day, which is the default of questions."""
        self()
        words = f"{FORMAT} {__version__} {self._held[0]} {date.today()}"
        return f'"{hashlib.sha256(words.encode()).hexdigest()[:32]}"'

    def _open(self) -> tuple[State, Base]:
        base = Base(self.path)
        return self._state(), base

    def _state(self) -> State:
        found = self.path.stat()
        return found.st_ino, found.st_mtime_ns, found.st_size
