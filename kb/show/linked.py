"""A text with its citations as links, otherwise unchanged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import NamedTuple

from kb.cite.resolve.citation import Citation
from kb.ground.names import iri

Link = Callable[[str], str]
#: A citation, or its JSON.
Cited = Citation | Mapping[str, object]


class _Linked(NamedTuple):
    start: int
    end: int
    target: str | None
    status: str


def _linked(cited: Cited) -> _Linked:
    found = cited.to_json() if isinstance(cited, Citation) else cited
    start, end, target, status = (found[name] for name in _Linked._fields)
    assert isinstance(start, int) and isinstance(end, int) and isinstance(status, str)
    return _Linked(start, end, target if isinstance(target, str) else None, status)


def to_html(text: str, citations: Iterable[Cited], href: Link = iri) -> str:
    """*text* as HTML: escaped, each citation an ``<a class="renvoi">``.

    *citations* are ``Citation`` or their JSON, *href* makes an address of an id. Without tags and escapes the result is
    *text*. What several citations share is a link to the first; one without a target is a ``<span>`` with its status.
    """
    pieces: list[str] = []
    for words, citation in _cut(text, citations):
        shown = escape(words, quote=False)
        if citation is None:
            pieces.append(shown)
            continue
        target, status = citation.target, escape(citation.status)
        if target:
            address = escape(href(target))
            pieces.append(
                f'<a class="renvoi" href="{address}" title="{escape(target)}" data-status="{status}">{shown}</a>'
            )
        else:
            pieces.append(f'<span class="renvoi" data-status="{status}">{shown}</span>')
    return "".join(pieces)


def to_markdown(text: str, citations: Iterable[Cited], href: Link = iri) -> str:
    """*text* with each citation that has a target as ``[words](address)``; the rest is not touched."""
    pieces: list[str] = []
    for words, citation in _cut(text, citations):
        target = citation.target if citation else None
        if not target:
            pieces.append(words)
            continue
        shown = re.sub(r"([\[\]\\])", r"\\\1", words)
        address = href(target).replace("(", "%28").replace(")", "%29").replace(" ", "%20")
        pieces.append(f"[{shown}]({address})")
    return "".join(pieces)


def _cut(text: str, citations: Iterable[Cited]) -> Iterator[tuple[str, _Linked | None]]:
    """*text* in pieces that tile it, each with its citation or ``None``; overlapping ones end where the next begins."""
    ordered = sorted(map(_linked, citations), key=lambda c: (c.start, c.end))
    starts = [c.start for c in ordered]
    at = 0
    for i, citation in enumerate(ordered):
        start, end = starts[i], citation.end
        if i + 1 < len(ordered) and start < starts[i + 1] < end:
            end = starts[i + 1]
        if start < at or end > len(text):
            continue
        if start > at:
            yield text[at:start], None
        # white space that only led to the next citation stays outside the link
        inner = text[start:end].rstrip()
        yield inner, citation
        at = start + len(inner)
    if at < len(text):
        yield text[at:], None
