"""What the site of a knowledge base costs and weighs: pages, bytes, memory, time; dead links; what a search finds first and reads.

    python benchmarks/site.py FILE.kb [OUTPUT]

Builds the site (unless OUTPUT holds one of this base), then counts. With Chromium and playwright it also asks the search, for 500
articles, a number in one of many writings, and tells how often the article is first, how long that takes and how much is read.
"""

from __future__ import annotations

import random
import re
import resource
import shutil
import sys
import threading
import time
from functools import partial
from html.parser import HTMLParser
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin

import kb
from kb.show.pages import build_site
from kb.show.pages.press import MARK
from kb.show.pages.serve import _Quiet

LAST = re.compile(r"^(LO|[LRDA](?=\d))?(.+)$")
WRITINGS = (
    "{l}{n}",
    "{l}. {n}",
    "art. {l}.{n}",
    "article {l} {n}",
    "{l}.{n} css",
    "{low}{n}",
    "article {l}. {n} du code de la sécurité sociale",
    "{l}.* {n}",
)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(found["id"] or "")
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")


def weigh(site: Path) -> None:
    pages = bytes_ = files = largest = 0
    for path in site.rglob("*"):
        if path.is_file():
            size = path.stat().st_size
            files, bytes_ = files + 1, bytes_ + size
            if path.suffix == ".html":
                pages, largest = pages + 1, max(largest, size)
    print(f"{pages} pages, {files} files, {bytes_ / 1e6:.0f} MB, largest page {largest / 1e3:.0f} kB")


def crawl(site: Path) -> None:
    """Every link of every page: one pass for the anchors, one for the links, so that only names are kept."""
    ids: dict[str, frozenset[str]] = {}
    for path in site.rglob("index.html"):
        ids[path.parent.relative_to(site).as_posix()] = frozenset(Page(path.read_text(encoding="utf-8")).ids)
    links = dead = 0
    for address in ids:
        page = Page((site / address / "index.html").read_text(encoding="utf-8"))
        here = "http://s/" + ("" if address == "." else address + "/")
        for link in page.links:
            whole = urljoin(here, link)
            if not whole.startswith("http://s/"):
                continue
            links += 1
            target, _, anchor = whole.removeprefix("http://s/").partition("#")
            name = unquote(target.partition("?")[0]).rstrip("/") or "."
            if name not in ids:
                dead += not (site / name).is_file()
            elif anchor and unquote(anchor) not in ids[name]:
                dead += 1
    print(f"{links} links, {dead} dead")


def search(site: Path, count: int = 500) -> None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    chromium = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if chromium is None:
        return
    articles = sorted(
        path.parent.name for path in (site / "css").glob("*/texte.json") if re.search(r"\d", path.parent.name)
    )
    if not articles:
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    chosen = random.Random(1).sample(articles, min(count, len(articles)))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        read = [0]
        page.on(
            "response",
            lambda answer: (
                read.append(int(answer.headers.get("content-length", 0))) if "/recherche/" in answer.url else None
            ),
        )
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.click(".md-search__input")
        page.wait_for_timeout(800)
        worker = page.workers[0]
        asked = "async words => { const start = performance.now(), by = await directory(); const hits = [...await byNumber(words, by), ...await byWords(words, by)]; return [hits[0]?.address ?? '', performance.now() - start] }"
        first, times = 0, []
        for at, name in enumerate(chosen):
            letter, number = LAST.match(name).groups()  # type: ignore[union-attr]
            form = WRITINGS[at % len(WRITINGS)] if letter else "article {n}"
            words = form.format(l=letter or "", n=number, low=(letter or "").lower())
            address, took = worker.evaluate(asked, words)
            times.append(took)
            good = unquote(address.split("?")[0]) == f"css/{name}/"
            first += good
            if not good:
                print(f"   {words!r} -> {address}")
        print(f"numbers: first in {first} of {len(chosen)}, median {sorted(times)[len(times) // 2]:.0f} ms")
        for words in (
            "recouvrement des cotisations",
            "pension de réversion conjoint survivant",
            '"médecin traitant"',
            "affiliation des travailleurs indépendants",
        ):
            read.clear()
            before = sum(read)
            _, took = worker.evaluate(asked, words)
            page.wait_for_timeout(200)
            print(f"{words}: {took:.0f} ms, {(sum(read) - before) / 1e3:.0f} kB of index")
        browser.close()
    server.shutdown()


def main(base: Path, output: Path) -> None:
    if not (output / MARK).is_file():
        start, cpu = time.perf_counter(), time.process_time()
        build_site(kb.load(base), output)
        used = time.process_time() - cpu
        print(
            f"built in {time.perf_counter() - start:.0f} s, {used:.0f} s of processor, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"
        )
    weigh(output)
    crawl(output)
    search(output)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path("build") / "site-benchmark")
