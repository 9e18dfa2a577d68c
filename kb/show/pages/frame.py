"""The frame of every page: mkdocs-material renders it once, here it is stamped. Nothing of it is inline, so that a strict policy holds."""

from __future__ import annotations

import json
import logging
import re
import tempfile
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File

from kb.ground.data import folder

#: The page that mkdocs renders stands so deep that the way up to the root is unlike anything else in it.
_DEEP = "c/a/d/r/e/z"
_UP = "/".join([".."] * 6)
_INLINE = re.compile(r"<script>(.*?)</script>", re.S)
_PICKER = (
    '<form class="jour-choisi" method="get" action=""><label><span>Lire au</span> '
    '<input type="date" name="le" aria-label="Lire le droit au jour du" min="1539-01-01"></label></form>'
)
_CONFIG = re.compile(r'<script id="__config".*?</script>', re.S)
_ACTIVE = "md-nav__link--active"


class Stamp(NamedTuple):
    """What one page puts into the frame: its title in plain words, its contents (anchor, words), more for its head, its HTML."""

    title: str
    toc: list[tuple[str, str]]
    head: str
    html: str


class Frame:
    """The theme's assets in *output*, and its page to stamp. *nav* is the menu: words and path."""

    def __init__(self, output: Path, nav: list[tuple[str, str]]) -> None:
        with tempfile.TemporaryDirectory() as empty:
            config = load_config(str(folder("site") / "mkdocs.yml"), docs_dir=empty, site_dir=str(output))
            config.nav = [{words: f"{path or 'index'}.md"} for words, path in nav]
            config.plugins["renvoi"] = _Blank(nav)
            quiet = logging.getLogger("mkdocs")
            level = quiet.level
            quiet.setLevel(logging.WARNING)
            try:
                mkdocs_build(config)
            finally:
                quiet.setLevel(level)
        made = (output / _DEEP / "index.html").read_text(encoding="utf-8")
        self.name = str(config.site_name)
        self._sweep(output, nav)
        self._pieces = re.split(r"⟦([\w-]+)⟧", self._outside(made, output))

    def _sweep(self, output: Path, nav: list[tuple[str, str]]) -> None:
        """Of what mkdocs wrote only the assets stay."""
        import shutil

        for place in output.iterdir():
            if place.name != "assets":
                shutil.rmtree(place) if place.is_dir() else place.unlink()
        scripts = output / "assets" / "javascripts"
        for left in (*(output / "assets").rglob("*.map"), *(scripts / "workers").glob("search.*")):
            left.unlink(missing_ok=True)
        shutil.rmtree(scripts / "lunr", ignore_errors=True)  # our search has no use for it

    def _outside(self, html: str, output: Path) -> str:
        """The theme's page with nothing inline: its scripts as files, which find their way from their own address."""
        scripts = [found.strip() for found in _INLINE.findall(html)]
        first = scripts[0].replace(f'new URL("{_UP}",location)', 'new URL("../",document.currentScript.src)')
        (output / "assets" / "cadre.js").write_text(first + "\n", encoding="utf-8")
        html = _INLINE.sub(f'<script src="{_UP}/assets/cadre.js"></script>', html, count=1)
        html = self._icons(_INLINE.sub("", html), output)
        html = re.sub(r"workers/search\.\w+\.min\.js", "workers/recherche.js", html)
        html = html.replace('role="dialog">', 'role="dialog" aria-label="Recherche">', 1)
        html = re.sub(r'<a href="[^"]*" class="md-skip">', '<a href="#contenu" class="md-skip">', html)
        html = html.replace('<div class="md-content" ', '<div class="md-content" id="contenu" tabindex="-1" ')
        topic = r'(<div class="md-header__topic" data-md-component="header-topic">).*?</div>'
        html = re.sub(topic, r'\1<span class="md-ellipsis">⟦titre⟧</span></div>', html, flags=re.S)
        return self._scripted(re.sub(r">\s+<", "><", re.sub(r"\n\s*", "\n", html)), scripts[1:], output)

    def _scripted(self, html: str, scripts: list[str], output: Path) -> str:
        """The palette, the search box and the theme's settings, of use to scripts only, in one file that puts them where they stood."""
        config = _CONFIG.findall(html)[0]
        html = html.replace(config, "")
        start = html.index('<form class="md-header__option"')
        end = html.index("</nav>", html.index('<div class="md-search__output">'))
        box = (html[start:end] + config).replace(f"{_UP}/", "⟦racine⟧").replace(f'"{_UP}"', '"⟦racine⟧"')
        lines = [
            "{",
            "const here = document.currentScript, root = new URL('../', here.src).href",
            f"here.insertAdjacentHTML('beforebegin', {json.dumps(box, ensure_ascii=False)}.replaceAll('⟦racine⟧', root))",
            "}",
            *scripts,
        ]
        (output / "assets" / "entete.js").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return f'{html[:start]}{_PICKER}<script src="{_UP}/assets/entete.js"></script>{html[end:]}'

    def _icons(self, html: str, output: Path) -> str:
        """The theme's icons in one file instead of on every page."""
        drawn: list[str] = []

        def used(icon: re.Match[str]) -> str:
            if icon[1] not in drawn:
                drawn.append(icon[1])
            return f'<svg viewBox="0 0 24 24" aria-hidden="true"><use href="{_UP}/assets/icones.svg#i{drawn.index(icon[1])}"/></svg>'

        html = re.sub(
            r'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">(.*?)</svg>', used, html, flags=re.S
        )
        symbols = "".join(f'<symbol id="i{n}" viewBox="0 0 24 24">{path}</symbol>' for n, path in enumerate(drawn))
        (output / "assets" / "icones.svg").write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n', encoding="utf-8"
        )
        return html

    def page(self, path: str, stamp: Stamp, menu: str) -> str:
        """The whole page at *path*; *menu* is the path of its place in the menu. ``/`` stands for pages whose address is any."""
        root = "../" * (path.count("/") + 1) if path else "./"
        values = {
            "titre": escape(stamp.title), "tete": stamp.head, "page": stamp.html, "sans-sommaire": "" if stamp.toc else " hidden",
            "sommaire": "".join(
                f'<li class="md-nav__item"><a href="#{escape(anchor)}" class="md-nav__link"><span class="md-ellipsis">{escape(words)}</span></a></li>'
                for anchor, words in stamp.toc
            ),
        }  # fmt: skip
        # Only pieces of the frame know the deep place: what a page says is never looked through.
        out = [
            values[piece] if odd else _rooted(piece, root, menu)
            for n, piece in enumerate(self._pieces)
            for odd in (n % 2 == 1,)
        ]
        return "".join(out)


def _rooted(piece: str, root: str, menu: str) -> str:
    here = f'href="{_UP}/{menu}/" class="md-nav__link"' if menu else f'href="{_UP}" class="md-nav__link"'
    piece = piece.replace(here, here.replace('md-nav__link"', f'md-nav__link {_ACTIVE}" aria-current="true"'))
    return piece.replace(f"{_UP}/", root).replace(f'"{_UP}"', f'"{root}"')


class _Blank(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Empty pages for the menu, one at the deep place, and our assets."""

    def __init__(self, nav: list[tuple[str, str]]) -> None:
        self.nav = nav

    def on_files(self, files: Any, config: Any) -> Any:
        for path in [*(path or "index" for _, path in self.nav), _DEEP]:
            files.append(File.generated(config, f"{path}.md", content="# .\n"))
        for asset in sorted(p for p in (folder("site") / "assets").iterdir() if p.is_file()):
            place = "assets/javascripts/workers/" if asset.name == "recherche.js" else "assets/"
            files.append(File.generated(config, place + asset.name, content=asset.read_bytes()))
        return files


def json_for_html(value: object) -> str:
    """JSON that may stand in a script element: no ``<`` ends it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")
