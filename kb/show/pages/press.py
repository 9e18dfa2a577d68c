"""Pages into a folder, one after the other: all or nothing, and what has not changed is not written again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from html import escape
from itertools import chain
from pathlib import Path

import jinja2

from kb.ground.data import folder
from kb.ground.fault import Misuse
from kb.ground.names import iri, slug
from kb.show.pages import finder, french, indexes, lost, provision, rules, sources
from kb.show.pages.frame import Frame, Stamp, json_for_html
from kb.show.pages.library import Library
from kb.show.pages.provision import Leaf

MARK = ".renvoi-site"
_BLANK = re.compile(r"\n\s*")  # what templates leave between tags; the words of a source keep their lines
_SITEMAP = 40_000  # addresses of one sitemap


def print_site(library: Library, output: Path, key: str) -> None:
    """Write the site of *library* to *output*, which keeps its former content until the new one is whole.

    *key* is kept in the folder and says what the site was made from. Raises ``Misuse`` when *output* holds something else.
    """
    output = output.absolute()  # mkdocs reads a relative one from its own folder
    _refuse(output)
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        _sweep(output)
        part.mkdir()
        _print(library, Folder(part, output))
        (part / MARK).write_text(key + "\n", encoding="utf-8")
        _replace(part, output)
    except OSError as error:
        raise Misuse(f"cannot write {output}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def key_of(base: Path) -> str:
    """What a site is made from: the knowledge base, the theme and this code, as one digest."""
    digest = hashlib.sha256()
    with base.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    for place in (folder("site"), Path(__file__).parent):
        for path in sorted(p for p in place.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            digest.update(f"{path.relative_to(place).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Folder:
    """A folder that is being filled: a file that is in *former* as it is to be is linked, not written."""

    def __init__(self, part: Path, former: Path) -> None:
        self.part, self.former = part, former
        self.written = self.kept = 0

    def put(self, path: str, text: str) -> None:
        data, place, old = text.encode("utf-8", "surrogatepass"), self.part / path, self.former / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if old.is_file() and old.stat().st_size == len(data) and old.read_bytes() == data:
            try:
                os.link(old, place)
                self.kept += 1
                return
            except OSError:  # a file system without links
                pass
        place.write_bytes(data)
        self.written += 1


def _refuse(output: Path) -> None:
    if output.exists() and not output.is_dir():
        raise Misuse(f"cannot write {output}: it is a file")
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        raise Misuse(f"cannot write {output}: it holds something else than a site of Renvoi")


def _replace(part: Path, output: Path) -> None:
    """Put *part* in the place of *output*: between two renames only, there is none."""
    old = output.with_name(f".{output.name}.{os.getpid()}.old")
    if output.exists():
        output.rename(old)
    part.rename(output)
    shutil.rmtree(old, ignore_errors=True)


def _sweep(output: Path) -> None:
    """Drop what builds that were killed left beside *output*."""
    for left in output.parent.glob(f".{output.name}.*"):
        _, _, tail = left.name.rpartition(f".{output.name}.")
        pid, _, kind = tail.partition(".")
        if pid.isdigit() and kind in ("part", "old") and not _alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _print(library: Library, out: Folder) -> None:
    nav = [("Accueil", ""), ("Textes et codes", "textes"), *([("Règles", "regles")] if library.rules else []),
           ("Ce qui ne concorde pas", "conflits"), ("Ce qui n'a pas été lu", "fautes"), ("Sources", "sources"), ("Faits externes", "faits")]  # fmt: skip
    frame, templates = Frame(out.part, nav), _templates(library)
    index = finder.Index()
    paths: list[str] = []
    for leaf in _leaves(library):
        out.put(f"{leaf.path}/index.html" if leaf.path else "index.html", _page(frame, templates, leaf))
        for name, value in leaf.files.items():
            out.put(f"{leaf.path}/{name}", _json(value))
        for found in leaf.found:
            index.add(found, leaf.links.address(found["id"]) or f"{leaf.path}/")
        paths.append(leaf.path)
    for name, value in index.files():
        out.put(name, _json(value))
    for path, html in lost.pages(library, len(paths)):
        out.put(path, html)
    for name, text in _sitemap(paths):
        out.put(name, text)


def _leaves(library: Library) -> Iterator[Leaf]:
    return chain(indexes.leaves(library), rules.leaves(library), provision.leaves(library), sources.leaves(library))


def _page(frame: Frame, templates: jinja2.Environment, leaf: Leaf) -> str:
    html = templates.get_template(leaf.template).render(to=leaf.links, **leaf.values)
    if "<pre" not in html:
        html = _BLANK.sub("\n", html)
    address = iri(leaf.path) if leaf.path else iri("")
    head = [
        f'<meta name="description" content="{escape(leaf.about or leaf.title)}">',
        f'<link rel="canonical" href="{escape(leaf.links.page(leaf.path))}">',
    ]
    if leaf.data is not None:
        head.append(f'<script type="application/ld+json">{json_for_html(leaf.data | {"@id": address})}</script>')
    if "texte.json" in leaf.files:
        head.append('<link rel="alternate describedby" type="application/json" href="texte.json">')
    title = leaf.title if leaf.path else "Quelle règle s'appliquait ce jour-là ?"
    return frame.page(leaf.path, Stamp(title, leaf.toc, "\n".join(head), html), leaf.menu)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sitemap(paths: list[str]) -> Iterator[tuple[str, str]]:
    """The addresses of the pages under the base of ids: whoever hosts a site elsewhere puts another in its place."""
    pieces = [paths[at : at + _SITEMAP] for at in range(0, len(paths), _SITEMAP)]
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    for n, piece in enumerate(pieces, 1):
        urls = "".join(f"<url><loc>{escape(iri(path) + '/' if path else iri(''))}</loc></url>\n" for path in piece)
        name = "sitemap.xml" if len(pieces) == 1 else f"sitemap-{n}.xml"
        yield name, f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {space}>\n{urls}</urlset>\n'
    if len(pieces) > 1:
        maps = "".join(
            f"<sitemap><loc>{escape(iri(f'sitemap-{n}.xml'))}</loc></sitemap>\n" for n in range(1, len(pieces) + 1)
        )
        yield "sitemap.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {space}>\n{maps}</sitemapindex>\n'


def _templates(library: Library) -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder("site") / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    found.globals["library"] = library
    found.filters.update(
        jour=french.day, typo=french.typeset, en_vigueur=french.in_force, debut=french.start_of, fin=french.end_of,
        fragment=french.fragment, slug=slug, plier=lambda words: " ".join(words.split()), nombre=french.count,
        autorite=lambda name: library.containers[name].name if name in library.containers else french.AUTHORITIES.get(name, name), sujet=lambda about: french.SUBJECTS.get(about, about),
        modalite=lambda name: french.MODALITIES.get(name, (name, name))[0].lower(),
        nom_note=lambda kind: french.NOTES.get(kind, french.FAULTS.get(kind, kind)), nom_faute=lambda code: french.FAULTS.get(code, code),
    )  # fmt: skip
    return found
