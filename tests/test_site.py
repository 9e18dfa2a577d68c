"""The site as files: every address opens, nothing comes from elsewhere, two builds are equal, a killed one harms nothing."""

from __future__ import annotations

import filecmp
import json
import re
import signal
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin

import pytest
from asked import rows
from law_samples import article, json_article, json_code, json_section, repository

import kb
from kb.ask.contents import contents
from kb.ground.fault import Misuse
from kb.ground.names import BASE, iri
from kb.make.build import import_law
from kb.show.pages import build_site, finder, frame, french, lost, outline, prose
from kb.show.pages.library import Library

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
        if tag == "link" and found.get("rel") not in ("prev", "next", "canonical", "alternate describedby"):
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
    return read_pages(site)


def lost_links(site: Path, pages: dict[str, Page]) -> list[tuple[str, str]]:
    """Links to no page or anchor of the site. Only Légifrance, where an official id leads, is elsewhere."""
    found = []
    for address, page in pages.items():
        for link in page.links:
            if link.startswith("https://www.legifrance.gouv.fr/"):
                continue
            whole = urljoin(f"http://site/{address}", link)
            if not whole.startswith("http://site/"):
                found.append((address, link))
                continue
            target, _, anchor = whole.removeprefix("http://site/").partition("#")
            target, anchor = unquote(target.partition("?")[0]), unquote(anchor)
            if target in pages:
                found += [(address, link)] if anchor and anchor not in pages[target].ids else []
            elif not (site / target).is_file():
                found.append((address, link))
    return found


def read_pages(site: Path) -> dict[str, Page]:
    """Every page by its address: ``css/D253-81/``."""
    found = {
        path.relative_to(site).as_posix().removesuffix("index.html"): path for path in sorted(site.rglob("index.html"))
    }
    return {address: Page(path.read_text(encoding="utf-8")) for address, path in found.items()}


def test_every_link_of_every_page_opens_at_its_anchor(site: Path, pages: dict[str, Page]) -> None:
    assert not lost_links(site, pages)


def test_every_iri_is_the_address_of_a_page(base: kb.base.Base, site: Path, pages: dict[str, Page]) -> None:
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
        # what is known by name only is a line of a list, to which a page of its own leads
        known = "suite" in pages[f"{path}/"].ids
        assert not anchor or known or anchor in pages[f"{path}/"].ids, name


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
    assert "/css/D253-81/" in (site / "sitemap.xml").read_text(encoding="utf-8")


def test_a_build_that_fails_leaves_the_former_site_whole(
    base: kb.base.Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = build_site(base, tmp_path / "site")
    before = {p: p.read_bytes() for p in place.rglob("*") if p.is_file()}
    (tmp_path / ".site.999999999.part").mkdir()

    def fail(config: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(frame, "mkdocs_build", fail)
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


class Spot(NamedTuple):
    id: int
    start: int
    end: int


def test_of_overlapping_citations_the_longest_is_the_link() -> None:
    spans = [(0, 9), (4, 30), (28, 35), (40, 44)]
    citations = [Spot(n, a, b) for n, (a, b) in enumerate(spans)]
    assert [(c.start, c.end) for c in prose.chosen(citations)] == [(4, 30), (40, 44)]


def test_words_are_laid_out_with_their_citations_where_they_stand() -> None:
    text = "zz voir n° 70-\n1001 et\n\n ANNEXE (suite)\n\nl'article 3. zz"
    words = "voir n° 70-\n1001 et\nl'article 3."
    cited = [Spot(1, text.index("n° 70"), text.index(" et")), Spot(2, text.index("article 3"), text.index(". zz"))]
    shown, placed = prose.laid(text, 3, len(text) - 3, words, cited)
    assert shown == "voir n° 70-1001 et\nl'article 3."
    assert [(shown[a:b], c.id) for a, b, c in placed] == [("n° 70-1001", 1), ("article 3", 2)]


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


# -- imported law ------------------------------------------------------------------------------------------------

OPEN = "2999-01-01"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> kb.base.Base:
    """A code with a history in git and a state in legi-data: articles that change, move, end and name what is not here."""
    folder = tmp_path_factory.mktemp("law")
    old, new = (
        "L'article D. 2 et l'article L. 9.\n\nUn second alinéa.",
        "L'article D. 2 du présent code.\n\nUn second alinéa.\n\nUn troisième, voir le décret n° 95-164 du 15 février 1995.",
    )
    history = repository(folder / "css-git", [
        ("1990-01-01", {"Article D1.md": article("D1", old), "Article D2.md": article("D2", "Texte du second.")}),
        ("2000-06-01", {"Article D1.md": article("D1", new)}),
        ("2010-01-01", {"Article D2.md": None}),
    ])  # fmt: skip
    chapter = json_section("Chapitre 1", [
        json_article("D1", "LEGIARTI000000000001", [("LEGIARTI000000000001", "1990-01-01", "2000-06-01", "MODIFIE"), ("LEGIARTI000000000002", "2000-06-01", OPEN, "VIGUEUR")], f"<p>{new}</p>"),
        json_article("D3", "LEGIARTI000000000003", [("LEGIARTI000000000003", "2015-01-01", OPEN, "VIGUEUR")], "<p>Ce que dit l'article D. 1.</p>"),
    ])  # fmt: skip
    package = folder / "package" / "data"
    package.mkdir(parents=True)
    (package / "LEGITEXT000006073189.json").write_text(json_code([json_section("Partie", [chapter])]), encoding="utf-8")
    import_law([history, package.parent], folder / "law.kb")
    return kb.load(folder / "law.kb")


@pytest.fixture(scope="module")
def imported_site(imported: kb.base.Base, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(imported, tmp_path_factory.mktemp("imported") / "site")


def test_every_link_opens_on_imported_law(imported_site: Path) -> None:
    pages = read_pages(imported_site)
    assert not lost_links(imported_site, pages)
    sources = [link for page in pages.values() for link in page.links if "/sources/" in link and "#s" in link]
    assert len(sources) >= 5


def test_a_site_without_room_for_small_pages_links_to_none_of_them(
    imported: kb.base.Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost, "MOST", 0)
    site = build_site(imported, tmp_path / "site")
    pages = read_pages(site)
    assert not any(re.search(r"/\d{4}-\d\d-\d\d/$", address) for address in pages)
    assert not lost_links(site, pages)


def test_a_file_keeps_each_alinea_once_and_what_holds_on_every_day(imported: kb.base.Base, imported_site: Path) -> None:
    data = json.loads((imported_site / "css" / "D1" / "texte.json").read_text(encoding="utf-8"))
    words = [(a["l"], a["t"]) for a in data["alineas"]]
    assert len(words) == len(set(words)) and words.count(("al2", "Un second alinéa.")) == 1
    for day in ("1989-12-31", "1990-01-01", "2000-05-31", "2000-06-01", "2030-01-01"):
        said = imported.said("css/D1", day)
        _, at, status, _ = [turn for turn in data["jours"] if turn[0] <= day][-1]
        assert status == said["status"]
        text = (
            "\n\n".join(data["alineas"][n]["t"] for n in data["versions"][at]["al"] if "k" not in data["alineas"][n])
            if at >= 0
            else None
        )
        assert text == said["text"], day


def test_a_citation_keeps_the_citing_day(site: Path, imported_site: Path) -> None:
    page = (
        site / "circulaire/1996-12-27/7055/I/1/procedure/abandon-du-recouvrement-des-cotisations/index.html"
    ).read_text(encoding="utf-8")
    assert "css/D133-1/?le=1996-12-27#al1" in page
    # a code is read on the day that is asked: in force on the last day known, its citations name none
    assert 'href="../../css/D2/" data-carte' in (imported_site / "css/D1/index.html").read_text(encoding="utf-8")


def test_the_contents_of_a_code_are_on_every_day_what_is_asked_of_it(imported: kb.base.Base) -> None:
    library = Library(imported.store)
    below = outline._standing(library, "css")
    for day in ("1989-01-01", "1990-01-01", "2005-01-01", "2010-01-01", "2015-01-01"):
        wanted = {line["id"] for line in contents(imported.store, "css", date.fromisoformat(day))}
        held = {
            name
            for parts in below.values()
            for name, spans in parts.items()
            if any(start <= day and (end is None or day < end) for start, end in spans)
        }
        assert held == wanted, day


def test_what_does_not_change_is_not_written_again(imported: kb.base.Base, tmp_path: Path) -> None:
    site = build_site(imported, tmp_path / "site")
    before = {path.relative_to(site): path.stat().st_ino for path in site.rglob("texte.json")}
    build_site(imported, site)
    assert {path.relative_to(site): path.stat().st_ino for path in site.rglob("texte.json")} == before


def test_no_text_stands_under_a_heading_that_is_not_its_own(site: Path) -> None:
    page = (site / "circulaire/1996-12-27/7055/index.html").read_text(encoding="utf-8")
    abrogated, preamble = page.index('id="dispositions-abrogees"'), page.index('id="al3"')
    between = page[abrogated:preamble]
    assert "division suite" in between and "(suite)" in between


def test_nothing_is_said_by_the_clock(site: Path) -> None:
    for path in [*site.rglob("*.js"), *(site / "css").rglob("index.html")]:
        text = path.read_text(encoding="utf-8")
        if "javascripts" not in path.parts:
            assert "new Date()" not in text and "Date.now" not in text, path
    page = (site / "css/D133-1/index.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "données à jour au 28 juin 2025" in page


@pytest.mark.parametrize(
    ("title", "shown"),
    [("chapitre-IIbis", "Chapitre II bis"), ("partie-legislative", "Partie législative"), ("annexe-I", "Annexe I")],
)
def test_titles_made_of_ids_have_their_accents(base: kb.base.Base, title: str, shown: str) -> None:
    row = base.store.provision("circulaire/1996-12-27/7055/annexe-I")
    assert row and french.titled(row._replace(id=f"css/{title}", title=title)) == shown


def test_the_words_of_the_index_are_those_of_the_search(site: Path) -> None:
    index = json.loads((site / "recherche" / "index.json").read_text(encoding="utf-8"))
    assert index["finales"] == finder.ENDINGS and index["vides"] == finder.STOPS
    assert max(path.stat().st_size for path in (site / "recherche").rglob("*.json")) < 100_000
