"""The site as files: every address opens, nothing comes from elsewhere, two builds are equal, a killed one harms nothing."""

from __future__ import annotations

import filecmp
import re
import signal
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from asked import rows

import kb
from kb.ground.fault import Misuse
from kb.ground.names import BASE, iri
from kb.show.pages import build_site, french, press, prose

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """Anchors, links, loads, and the words of each element that has an id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.words: dict[str, str] = {}
        self._open: list[tuple[str, str | None, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(found["id"] or "")
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")
        if tag == "link" and found.get("rel") not in ("prev", "next", "canonical"):
            self.loads.append(found.get("href") or "")
        self.loads += [value for name in ("src", "srcset", "poster", "data") if (value := found.get(name))]
        if tag not in VOID:
            self._open.append((tag, found.get("id"), tag == "p"))

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if any(paragraph for _, _, paragraph in self._open):
            for _, name, _ in self._open:
                if name:
                    self.words[name] = self.words.get(name, "") + data


@pytest.fixture(scope="module")
def base() -> kb.base.Base:
    return kb.load()


@pytest.fixture(scope="module")
def site(base: kb.base.Base, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(base, tmp_path_factory.mktemp("site") / "site")


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Every page by its address: ``css/D253-81/``."""
    found = {
        path.relative_to(site).as_posix().removesuffix("index.html"): path for path in sorted(site.rglob("index.html"))
    }
    return {address: Page(path.read_text(encoding="utf-8")) for address, path in found.items()}


def test_every_link_of_every_page_opens_at_its_anchor(site: Path, pages: dict[str, Page]) -> None:
    lost = []
    for address, page in pages.items():
        for link in page.links:
            if link.startswith(("javascript:", "mailto:", "http://", "https://")):
                lost.append((address, link))
                continue
            target, _, anchor = (
                unquote(urljoin(f"http://site/{address}", link)).removeprefix("http://site/").partition("#")
            )
            if target in pages:
                lost += [(address, link)] if anchor and anchor not in pages[target].ids else []
            elif not (site / target).is_file():
                lost.append((address, link))
    assert not lost


def test_every_iri_is_the_address_of_a_page(base: kb.base.Base, pages: dict[str, Page]) -> None:
    named = rows(
        base,
        "select id from provision union select id from version union select target from citation where target is not null",
    )
    names = [str(name) for (name,) in named]
    names += [f"{p}#{label}" for p, label in rows(base, "select provision, label from paragraph")]
    assert len(names) > 200
    for name in names:
        path, _, anchor = unquote(iri(name)).removeprefix(BASE).partition("#")
        assert f"{path}/" in pages, name
        assert not anchor or anchor in pages[f"{path}/"].ids, name


def test_paragraphs_say_the_words_of_their_source(base: kb.base.Base, pages: dict[str, Page]) -> None:
    query = "select p.provision, p.label, coalesce(p.words, substr(s.text, p.start + 1, p.end - p.start)) from paragraph p join source s on s.id = p.source"
    for provision, label, words in rows(base, query):
        shown = pages[f"{provision}/"].words[label]
        assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", words), (provision, label)


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    outside = [
        (address, load) for address, page in pages.items() for load in page.loads if re.match(r"(?:https?:)?//", load)
    ]
    styles = [
        (path.name, load)
        for path in site.rglob("*.css")
        for load in re.findall(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')]+)", path.read_text(encoding="utf-8"))
    ]
    assert not outside and not styles


def test_two_builds_are_the_same_bytes(base: kb.base.Base, site: Path, tmp_path: Path) -> None:
    again = build_site(base, tmp_path / "again")
    files = sorted(p.relative_to(site) for p in site.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    _, different, missing = filecmp.cmpfiles(site, again, [str(f) for f in files], shallow=False)
    assert not different and not missing
    assert not list(site.glob("sitemap*"))


def test_a_build_that_fails_leaves_the_former_site_whole(
    base: kb.base.Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = build_site(base, tmp_path / "site")
    before = {p: p.read_bytes() for p in place.rglob("*") if p.is_file()}
    (tmp_path / ".site.999999999.part").mkdir()

    def fail(config: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(press, "mkdocs_build", fail)
    with pytest.raises(KeyboardInterrupt):
        build_site(base, place)
    assert {p: p.read_bytes() for p in place.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_folder_that_holds_something_else_is_not_replaced(base: kb.base.Base, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("à garder", encoding="utf-8")
    with pytest.raises(Misuse, match="something else"):
        build_site(base, tmp_path)
    with pytest.raises(Misuse, match="it is a file"):
        build_site(base, tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "à garder"


def test_the_site_goes_where_a_relative_path_says(
    base: kb.base.Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    build_site(base, Path("build/site"))
    assert (tmp_path / "build" / "site" / "css" / "D253-81" / "index.html").is_file()


def test_serve_prints_its_address_takes_a_free_port_and_stops_cleanly(base: kb.base.Base, site: Path) -> None:
    import socket
    from urllib.error import HTTPError
    from urllib.request import urlopen

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "kb.cli",
            "site",
            "serve",
            "--kb",
            str(base.store.path),
            "-o",
            str(site),
            "--port",
            str(port),
        ]
        # A job in the background of a shell inherits an ignored Ctrl-C: it must end all the same.
        ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        finally:
            signal.signal(signal.SIGINT, ignored)
        try:
            assert process.stdout and process.stderr
            line = process.stdout.readline()
            address = line.split()[0]
            assert f":{port}/" not in address and f"port {port} is taken" in line
            assert "Renvoi" in urlopen(f"{address}css/D253-81/", timeout=10).read().decode()
            with pytest.raises(HTTPError) as lost:
                urlopen(f"{address}css/D999/", timeout=10)
            assert lost.value.code == 404 and "Page inconnue" in lost.value.read().decode()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=10) == 0
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()
            process.communicate()


def test_page_furniture_inside_a_paragraph_is_left_out() -> None:
    text = "zz le seuil de\n\n ANNEXE N° 1 (suite)\n\n200 F fixé\nlà. zz"
    words = "le seuil de\n200 F fixé\nlà."
    ranges = prose.kept(text, 3, len(text) - 3, words)
    assert "".join(text[a:b] for a, b in ranges) == words
    assert prose.kept(text, 3, 10, None) == [(3, 10)]


def test_of_overlapping_citations_the_longest_is_the_link() -> None:
    spans = [(0, 9), (4, 30), (28, 35), (40, 44)]
    citations = [{"id": n, "start": a, "end": b} for n, (a, b) in enumerate(spans)]
    assert [(c["start"], c["end"]) for c in prose.chosen(citations)] == [(4, 30), (40, 44)]


@pytest.mark.parametrize(
    ("start", "end", "end_is", "said"),
    [
        ("1993-09-01", "2007-10-20", "date", "En vigueur du 1er septembre 1993 au 19 octobre 2007 inclus"),
        ("2025-06-28", None, "ouvert", "En vigueur depuis le 28 juin 2025, sans fin fixée"),
        ("1996-12-27", None, "inconnu", "En vigueur depuis le 27 décembre 1996 ; fin inconnue"),
        (None, None, "inconnu", "Dates d'entrée en vigueur et de fin inconnues"),
    ],
)
def test_bounds_are_said_to_jurists(start: str | None, end: str | None, end_is: str, said: str) -> None:
    assert french.in_force({"start": start, "end": end, "end_is": end_is}).replace(french.NBSP, " ") == said
