"""Members of a folder or of a tar archive, one at a time, never unpacked to disk.

What could write elsewhere or fill the memory is refused by name: a member that is a link or a device, whose path is
absolute or climbs with ``..``, or that is too large. A truncated or corrupt archive ends with a grave
fault: what was read of it must not pass for the whole.
"""

from __future__ import annotations

import hashlib
import tarfile
import zlib
from collections.abc import Callable, Iterator
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from kb.ground.fault import Fault, Misuse

LARGEST = 256 << 20  # bytes of one member; the largest code of LEGI takes 60 MB


class Member(NamedTuple):
    """A file inside a container: its path there, its time in seconds, its bytes."""

    name: str
    time: int
    data: bytes


def members(path: Path, wanted: Callable[[str], bool], largest: int = LARGEST) -> Iterator[Member | Fault]:
    """The members of *path* whose name is *wanted*, of *largest* bytes at most, as they are stored (a folder: by name)."""
    if path.is_dir():
        yield from _folder(path, wanted, largest)
        return
    try:
        with tarfile.open(path, "r|*") as archive:
            yield from _stream(archive, path.name, wanted, largest)
    except (tarfile.TarError, EOFError, OSError, zlib.error, LZMAError) as error:
        yield Fault("archive-illisible", f"L'archive « {path.name} » est tronquée ou endommagée : {error}.", grave=True)


def is_archive(path: Path) -> bool:
    """Whether *path* is a tar archive, by its first bytes."""
    try:
        with tarfile.open(path, "r|*") as archive:
            return archive.next() is not None
    except (tarfile.TarError, EOFError, OSError, zlib.error, LZMAError):
        return False


def names(path: Path, limit: int) -> list[str]:
    """The first *limit* names of an archive: enough to tell what it is. Damage ends the list."""
    found: list[str] = []
    try:
        with tarfile.open(path, "r|*") as archive:
            for info in archive:
                found.append(info.name)
                if len(found) >= limit:
                    break
    except (tarfile.TarError, EOFError, OSError, zlib.error, LZMAError):
        pass
    return found


def sha256(path: Path) -> str:
    """The digest of a file, or of a folder's files in order of name. Raises ``Misuse`` when it cannot be read."""
    digest = hashlib.sha256()
    try:
        if path.is_file():
            with path.open("rb") as file:
                _update(digest.update, file)
            return digest.hexdigest()
        for each in sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink()):
            digest.update(f"{each.relative_to(path).as_posix()}\n".encode())
            with each.open("rb") as file:
                _update(digest.update, file)
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from None
    return digest.hexdigest()


def _update(update: Callable[[bytes], None], file: IO[bytes]) -> None:
    while piece := file.read(1 << 20):
        update(piece)


def _stream(
    archive: tarfile.TarFile, name: str, wanted: Callable[[str], bool], largest: int
) -> Iterator[Member | Fault]:
    for info in archive:
        archive.members = []  # type: ignore[attr-defined]  # what was passed is never asked for again: memory stays bounded
        if info.isdir():
            continue
        refused = _refused(info, largest)
        if refused:
            yield Fault("membre-refuse", f"« {info.name} », dans {name}, est refusé : {refused}.")
            continue
        if not wanted(info.name):
            continue
        file = archive.extractfile(info)
        assert file is not None
        yield Member(info.name, int(info.mtime), file.read())


def _refused(info: tarfile.TarInfo, largest: int) -> str:
    path = PurePosixPath(info.name)
    if path.is_absolute() or ".." in path.parts:
        return "son chemin sort de l'archive"
    if not info.isfile():
        return "c'est un lien ou un fichier spécial"
    if info.size > largest:
        return f"{info.size} octets, plus que les {largest} admis"
    return ""


def _folder(path: Path, wanted: Callable[[str], bool], largest: int) -> Iterator[Member | Fault]:
    root = path.resolve()
    for each in sorted(path.rglob("*")):
        name = each.relative_to(path).as_posix()
        if each.is_dir() or not wanted(name):
            continue
        try:
            if not each.resolve().is_relative_to(root) or not each.is_file():
                yield Fault(
                    "membre-refuse", f"« {name} » est refusé : c'est un lien hors du dossier ou un fichier spécial."
                )
                continue
            status = each.stat()
            if status.st_size > largest:
                yield Fault(
                    "membre-refuse", f"« {name} » est refusé : {status.st_size} octets, plus que les {largest} admis."
                )
                continue
            yield Member(name, int(status.st_mtime), each.read_bytes())
        except OSError as error:
            yield Fault("membre-illisible", f"« {name} » ne se lit pas : {error.strerror}.")
