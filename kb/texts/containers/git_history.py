"""A git repository of dated consolidations, read straight from its objects, each commit once.

Two layouts: one article a file (``Article D133-1 - 6735225.md``, the number being the article's LEGI id), and one code
a file (``LEGITEXT….md``, see ``kb.texts.containers.legalize_md``). A commit states the consolidation of one day. A file that
changes that day begins a version, a file that goes ends one; that a file stays proves nothing, many repealed articles
are never removed. A later import reads only the commits after the one it is given.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, NamedTuple

from kb.ground.fault import Fault, Misuse
from kb.ground.period import Edge, parse_day
from kb.ground.registry import Registry
from kb.texts.containers import legalize_md
from kb.texts.containers.archive import LARGEST
from kb.texts.containers.records import REMOVED, Division, Done, Record, Records, Statement, Text

_ARTICLE = re.compile(r"(?:^|/)Article[ _](?P<num>[^/]*?)\s*(?:\s-\s(?P<cid>\d{1,12}))?\.md$")
_CODE = re.compile(r"(?:^|/)(?P<cid>LEGITEXT\d{12})\.md$")
_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_TITLE = re.compile(r"#\s+Article\s+(\S.*)")
# Of the repository's own settings none may run a program or reach the network.
_SAFE = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.quotepath=false",
    "-c",
    "log.showSignature=false",
    "-c",
    "protocol.allow=never",
)
_ENV = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}


class Commit(NamedTuple):
    """A commit of the first-parent line: the day it consolidates, its author and subject, and the files it changes."""

    sha: str
    day: date
    author: str
    subject: str
    changes: tuple[tuple[str, str, str], ...]  # (A, M or D; blob; path)


def looks_so(path: Path) -> bool:
    """Whether *path* is a git repository, with a work tree or bare."""
    return path.is_dir() and (
        (path / ".git").exists() or all((path / name).exists() for name in ("HEAD", "objects", "refs"))
    )


def identity(path: Path) -> tuple[str, str]:
    """The first commit, by which a repository is known wherever it lies, and the last one. Raises ``Misuse``."""
    last = _git(path, "rev-parse", "--verify", "HEAD^{commit}").strip()
    roots = _git(path, "rev-list", "--max-parents=0", "--first-parent", "HEAD").split()
    return roots[-1], last


def layout(path: Path) -> str:
    """``article`` or ``code``. Raises ``Misuse`` when the last commit holds neither kind of file."""
    listed = _git(path, "ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0")
    if any(_CODE.search(name) for name in listed):
        return "code"
    if any(_ARTICLE.search(name) for name in listed):
        return "article"
    raise Misuse(f"{path}: a git repository, but without a file 'Article N.md' or 'LEGITEXT….md' in its last commit")


def title(path: Path) -> str:
    """What the repository says it is: the first heading of its README, else the name of its folder."""
    for name in ("README.md", "Readme.md", "readme.md"):
        done = subprocess.run(_command(path, "show", f"HEAD:{name}"), capture_output=True, env=_environment())
        found = re.search(r"^#\s+(.+)$", done.stdout.decode("utf-8", "replace"), re.M)
        if found:
            return found.group(1).strip()
    return path.resolve().name.removesuffix(".git")


def read(path: Path, registry: Registry, since: str | None = None) -> Records:
    """The records of the commits after *since* (all of them if ``None``). Raises ``Misuse`` when git cannot read it."""
    kind = layout(path)
    reader = _articles if kind == "article" else _codes
    last = yield from reader(path, registry, since)
    yield Done(last or since or "")


def commits(path: Path, since: str | None) -> Iterator[Commit]:
    """The commits of the first-parent line after *since*, oldest first."""
    if since:
        done = subprocess.run(
            _command(path, "merge-base", "--is-ancestor", since, "HEAD"), capture_output=True, env=_environment()
        )
        if done.returncode:
            raise Misuse(
                f"{path}: commit {since[:12]}, where the last import stopped, is not in its history any more: import it into a new file"
            )
    form = "--format=%x01%H%x02%ad%x02%an%x02%s%x02%(trailers:key=Source-Date,valueonly,separator=%x20)"
    span = [f"{since}..HEAD"] if since else ["HEAD"]
    command = _command(
        path, "log", "--first-parent", "--reverse", "--raw", "--no-renames", "--no-abbrev", "--no-textconv", "--no-ext-diff",
        "--diff-merges=first-parent", "--date=short", "-z", form, *span,
    )  # fmt: skip
    with _running(path, command) as out:
        head: list[str] | None = None
        changes: list[tuple[str, str, str]] = []
        meta = ""
        for piece in _pieces(out):
            if piece.startswith(("\x01", "\n\x01")):
                if head:
                    yield _commit(head, changes)
                head, changes = piece.lstrip("\n")[1:].split("\x02"), []
            elif piece.lstrip("\n").startswith(":"):
                meta = piece.lstrip("\n")
            elif meta:
                fields = meta.split()
                changes.append((fields[4][0], fields[3], piece))
                meta = ""
        if head:
            yield _commit(head, changes)


def _commit(head: list[str], changes: list[tuple[str, str, str]]) -> Commit:
    sha, written, author, subject, stated = head
    for words in (stated, subject, written):
        found = _DAY.search(words)
        if found:
            try:
                return Commit(sha, parse_day(found.group(1)), author, subject.strip(), tuple(changes))
            except ValueError:
                continue
    raise Misuse(f"commit {sha[:12]} has no day")


def _articles(path: Path, registry: Registry, since: str | None) -> Generator[Record, None, str | None]:
    """One article a file. Returns the last commit read."""
    name = title(path)
    code = registry.named(name)
    key = code.legitext if code else name
    yield Text(key, "code", code.title if code else name)
    last = None
    folders: set[str] = set()
    with _Blobs(path) as blobs:
        for commit in commits(path, since):
            last = commit.sha
            for status, blob, file in commit.changes:
                found = _ARTICLE.search(file)
                if found is None:
                    continue
                folder = file.rpartition("/")[0]
                if folder and folder not in folders:
                    folders.add(folder)
                    rank = re.match(r"(?:.*/)?(\d+)\.\s", folder)
                    yield Division(key, _folders(file), Edge.UNKNOWN, Edge.UNKNOWN, int(rank.group(1)) if rank else 0)
                said = f"commit {commit.sha} du {commit.day}, « {commit.subject} », auteur « {commit.author} »"
                member = f"{commit.sha}:{file}"
                cid = f"LEGIARTI{int(found['cid']):012d}" if found["cid"] else file
                titles = _folders(file)
                if status == "D":
                    yield Statement(
                        key,
                        found["num"],
                        commit.day,
                        Edge.UNKNOWN,
                        None,
                        cid,
                        REMOVED,
                        None,
                        "",
                        member,
                        titles,
                        said=said,
                    )
                    continue
                body = blobs.text(blob)
                if isinstance(body, Fault):
                    yield body._replace(sentence=f"« {member} » : {body.sentence}")
                    continue
                heading = _TITLE.search(body)
                num = heading.group(1).strip() if heading else found["num"]
                yield Statement(
                    key, num, commit.day, Edge.UNKNOWN, None, cid, "", body, "article_md", member, titles, said=said
                )
    return last


def _codes(path: Path, registry: Registry, since: str | None) -> Generator[Record, None, str | None]:
    """One code a file: what a commit changes in it begins and ends versions. Returns the last commit read."""
    last = None
    states: dict[str, legalize_md.State] = {}
    with _Blobs(path) as blobs:
        if since:
            states = dict(_states(path, since, blobs))
        for commit in commits(path, since):
            last = commit.sha
            said = f"commit {commit.sha} du {commit.day}, « {commit.subject} »"
            for status, blob, file in commit.changes:
                found = _CODE.search(file)
                if found is None:
                    continue
                body = "" if status == "D" else blobs.text(blob)
                if isinstance(body, Fault):
                    yield body._replace(sentence=f"« {commit.sha}:{file} » : {body.sentence}")
                    continue
                state = states.setdefault(file, legalize_md.State())
                yield from state.change(found["cid"], body, commit.day, f"{commit.sha}:{file}", said)
    return last


def _states(path: Path, commit: str, blobs: _Blobs) -> Iterator[tuple[str, legalize_md.State]]:
    """What every code said at *commit*: what later commits are held against."""
    for line in _git(path, "ls-tree", "-r", "-z", commit).split("\0"):
        meta, _, name = line.partition("\t")
        if meta and _CODE.search(name):
            body = blobs.text(meta.split()[2])
            if not isinstance(body, Fault):
                state = legalize_md.State()
                state.take(body)
                yield name, state


def _folders(file: str) -> tuple[str, ...]:
    """The divisions that a path names: "01. Partie législative/…" is in "Partie législative"."""
    return tuple(re.sub(r"^\d+\.\s+", "", step) for step in file.split("/")[:-1])


class _Blobs:
    """One ``git cat-file --batch`` that answers for the text of blobs, one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> _Blobs:
        self.process = subprocess.Popen(
            _command(self.path, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.communicate()

    def text(self, blob: str) -> str | Fault:
        """The decoded text of a blob, or the fault that says why there is none."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(blob.encode() + b"\n")
        self.process.stdin.flush()
        head = self.process.stdout.readline().split()
        if len(head) != 3:
            return Fault("objet-absent", f"l'objet {blob[:12]} manque au dépôt.")
        size = int(head[2])
        if size > LARGEST:
            self._skip(size + 1)
            return Fault("membre-refuse", f"{size} octets, plus que les {LARGEST} admis.")
        data = self.process.stdout.read(size + 1)[:size]
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            return Fault("source-illisible", f"UTF-8 invalide à l'octet {error.start}.")

    def _skip(self, size: int) -> None:
        assert self.process.stdout
        while size:
            size -= len(self.process.stdout.read(min(size, 1 << 20))) or size


def _pieces(out: IO[bytes]) -> Iterator[str]:
    """The parts of a ``-z`` output."""
    rest = b""
    while block := out.read(1 << 16):
        *whole, rest = (rest + block).split(b"\0")
        yield from (piece.decode("utf-8", "replace") for piece in whole)
    if rest.strip():
        yield rest.decode("utf-8", "replace")


def _command(path: Path, *words: str) -> list[str]:
    return ["git", *_SAFE, "-C", str(path), *words]


def _environment() -> dict[str, str]:
    return {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")}, **_ENV}


def _git(path: Path, *words: str) -> str:
    try:
        done = subprocess.run(_command(path, *words), capture_output=True, env=_environment())
    except OSError:
        raise Misuse("git is needed to read a git repository, and is not there") from None
    if done.returncode:
        raise Misuse(f"{path}: git cannot read it: {_reason(done.stderr)}")
    return done.stdout.decode("utf-8", "replace")


def _reason(stderr: bytes) -> str:
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[0].removeprefix("fatal: ") if lines else "no reason given"


@contextmanager
def _running(path: Path, command: list[str]) -> Iterator[IO[bytes]]:
    """The output of a command; a failure at its end is a ``Misuse``."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=_environment())
        assert process.stdout
        try:
            yield process.stdout
            process.stdout.close()
            if process.wait():
                errors.seek(0)
                raise Misuse(f"{path}: git cannot read it: {_reason(errors.read())}")
        finally:
            process.kill()
            process.wait()
