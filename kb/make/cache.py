"""Where the knowledge base of the packaged corpus lives: built on first use into the user's cache folder."""

from __future__ import annotations

import os
import time
import zlib
from pathlib import Path

from kb.ground.data import folder


def cache_folder() -> Path:
    """``$XDG_CACHE_HOME/renvoi``, or ``~/.cache/renvoi``."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "renvoi"


def default_path() -> Path:
    """The file of the packaged corpus' knowledge base, named by what it is made from: a change makes another file."""
    return cache_folder() / f"{_key()}.kb"


def _key() -> str:
    """A checksum of the names, sizes and times of the files a build reads: cheap enough for every start."""
    seen = []
    for place in (folder("corpus"), folder("grammar"), Path(__file__).parent.parent):
        for path, folders, files in os.walk(place):
            folders[:] = sorted(f for f in folders if f not in ("__pycache__", "_data"))
            for name in sorted(files):
                status = os.stat(os.path.join(path, name))
                seen.append(f"{path}/{name}:{status.st_size}:{status.st_mtime_ns}")
    words = "\n".join(seen).encode()
    return f"{zlib.crc32(words):08x}{zlib.adler32(words):08x}"


def packaged_base() -> Path:
    """The knowledge base of the packaged corpus, built now if it is not there yet. Raises ``Misuse`` if it cannot be."""
    path = default_path()
    if not path.exists():
        from kb.ground.fault import Misuse, render
        from kb.make.build import build

        built = build(folder("corpus"), path)
        grave = [fault for fault in built.faults if fault.grave]
        if grave:
            raise Misuse(f"the packaged corpus does not build: {render(grave[0])}")
        _prune(path.parent)
    return path


_KEPT_SECONDS = 30 * 24 * 3600


def _prune(place: Path) -> None:
    """Drop files of earlier states of the corpus that nothing rebuilt for a month."""
    import shutil  # brings every compressor there is, which a start need not wait for

    for old in place.glob("*.kb"):
        if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
            old.unlink(missing_ok=True)
            shutil.rmtree(f"{old}.rdf", ignore_errors=True)
