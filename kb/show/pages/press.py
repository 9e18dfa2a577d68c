"""Pages into a folder: our templates inside the theme's frame, the search index, all or nothing."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from kb.ground.data import folder
from kb.ground.fault import Misuse
from kb.ground.names import slug
from kb.show.pages import french, indexes, provision, rules
from kb.show.pages.library import Library
from kb.show.pages.provision import Leaf

MARK = ".renvoi-site"
NAVIGATION = ("", "textes", "conflits", "fautes", "sources", "faits", "regles")


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
        with tempfile.TemporaryDirectory() as empty:
            _print(library, part, empty)
        (part / MARK).write_text(key + "\n", encoding="utf-8")
        _replace(part, output)
    except OSError as error:
        raise Misuse(f"cannot write {output}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def key_of(base: Path) -> str:
    """What a site is made from: the knowledge base, the theme and this code, as one digest."""
    digest = hashlib.sha256(base.read_bytes())
    for place in (folder("site"), Path(__file__).parent):
        for path in sorted(p for p in place.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            digest.update(f"{path.relative_to(place).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


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


def _print(library: Library, output: Path, empty: str) -> None:
    config = load_config(str(folder("site") / "mkdocs.yml"), docs_dir=empty, site_dir=str(output))
    leaves = [*indexes.leaves(library), *rules.leaves(library), *provision.leaves(library)]
    if library.rules:
        (config.nav or []).insert(2, {"Règles": "regles.md"})
    config.plugins["renvoi"] = _Press(leaves, _templates(library))
    quiet = logging.getLogger("mkdocs")
    level = quiet.level
    quiet.setLevel(logging.WARNING)
    try:
        mkdocs_build(config)
    finally:
        quiet.setLevel(level)
    _index(leaves, output / "search" / "search_index.json")
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (output / name).unlink(missing_ok=True)


def _templates(library: Library) -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder("site") / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["library"] = library
    found.filters.update(
        jour=french.day, typo=french.typeset, en_vigueur=french.in_force, debut=french.start_of, fin=french.end_of,
        fragment=french.fragment, slug=slug, plier=lambda words: " ".join(words.split()), cite=lambda status: french.CITED[status],
        autorite=lambda name: french.AUTHORITIES.get(name, name), sujet=lambda about: french.SUBJECTS.get(about, about),
        modalite=lambda name: french.MODALITIES.get(name, (name, name))[0].lower(),
        nom_note=lambda kind: french.NOTES.get(kind, kind), nom_faute=lambda code: french.FAULTS.get(code, code),
    )  # fmt: skip
    return found


class _Press(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Hands our pages to mkdocs, whose Markdown they do not need."""

    def __init__(self, leaves: Iterable[Leaf], templates: jinja2.Environment) -> None:
        self.leaves, self.templates = leaves, templates

    def on_files(self, files: Any, config: Any) -> Any:
        for leaf in self.leaves:
            inclusion = InclusionLevel.INCLUDED if leaf.path in NAVIGATION else InclusionLevel.NOT_IN_NAV
            file = File.generated(config, f"{leaf.path or 'index'}.md", content="", inclusion=inclusion)
            _Sheet(leaf, self.templates, file, config)
            files.append(file)
        assets = folder("site") / "assets"
        for path in sorted(p for p in assets.iterdir() if p.is_file()):
            place = "assets/javascripts/workers/" if path.name == "recherche.js" else "assets/"
            files.append(File.generated(config, place + path.name, content=path.read_bytes()))
        return files


class _Sheet(Page):
    """A page whose HTML comes from our templates."""

    def __init__(self, leaf: Leaf, templates: jinja2.Environment, file: File, config: Any) -> None:
        super().__init__(leaf.title, file, config)
        self.leaf, self.templates = leaf, templates

    def read_source(self, config: Any) -> None:
        self.markdown = ""
        self.meta = {"search": {"exclude": True}, "hide": [] if self.leaf.toc else ["toc"]}

    def render(self, config: Any, files: Any) -> None:
        leaf = self.leaf
        self.content = self.templates.get_template(leaf.template).render(to=leaf.links, **leaf.values)
        self.toc = TableOfContents([AnchorLink(escape(words), anchor, 2) for anchor, words in leaf.toc])

    def validate_anchor_links(self, *, files: Any, log_level: int) -> None:
        """Links are ours; the tests follow every one of them."""


def _index(leaves: Iterable[Leaf], path: Path) -> None:
    """The documents a search looks through, in the form of the theme's own search."""
    config = json.loads(path.read_text(encoding="utf-8"))["config"]
    config["fields"] = {"title": {"boost": 3.0}, "text": {"boost": 1.0}, "tags": {"boost": 1.0}}
    docs = [
        {
            "location": (quote(leaf.path) + "/" if leaf.path else "")
            + (f"#{quote(anchor, safe=',')}" if anchor else ""),
            "title": escape(title, quote=False),
            "text": escape(words, quote=False),
        }
        for leaf in leaves
        for anchor, title, words in leaf.found
    ]
    path.write_text(
        json.dumps({"config": config, "docs": docs}, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
