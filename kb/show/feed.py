"""The impact of a change as an Atom feed (RFC 4287): an entry for each provision that changed, and for each thing that rests on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from kb.ask.impact import SAID
from kb.ground.names import iri

if TYPE_CHECKING:
    from kb.ask.reports import Impact

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Entry(NamedTuple):
    """``about`` is an id of the knowledge base; ``kind`` makes the entry's own IRI another than that of what it is about."""

    about: str
    kind: str
    title: str
    day: str
    lines: tuple[str, ...]
    opens: bool = True


def atom(answer: Impact) -> str:
    """The feed, as XML. The same answer gives the same feed: its times are those of the changes, not of its making."""
    first, last, on = answer["from"], answer["to"], answer["on"]
    own = iri(f"impact/{first}/{last}" + (f"/{on}" if on else ""))
    title = f"Renvoi : ce qui a changé du {first} au {last}" + (f", sur {on}" if on else "")
    head = (
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">',
        f"<id>{_text(own)}</id><title>{_text(title)}</title><updated>{last}T00:00:00Z</updated><author><name>Renvoi</name></author>",
    )
    return "\n".join((*head, *map(_entry, _entries(answer)), "</feed>\n"))


def _entries(answer: Impact) -> Iterator[Entry]:
    last = answer["to"]
    for c in answer["changes"]:
        by = f"par {', '.join(c['by'])}" if c["by"] else ""
        successor = f"successeur : {c['successor']}" if c["successor"] else ""
        day = c["day"] if c["day"] and c["day"] <= last else last
        yield Entry(
            c["id"],
            f"{c['change']}-{day}",
            f"{c['id']} : {SAID[c['change']]}",
            day,
            (c["title"], by, successor),
        )
    for rule in answer["rules"]:
        days = [reason["day"] for reason in rule["reasons"] if reason["day"]]
        said = tuple(reason["sentence"] for reason in rule["reasons"])
        yield Entry(
            f"rule/{rule['id']}",
            f"touched-{last}",
            f"Règle {rule['id']} : {rule['title']}",
            max(days, default=last),
            said,
        )
    for p in answer["provisions"]:
        title = f"{p['from']} cite {p['target']}"
        yield Entry(
            p["from"].partition("#")[0],
            f"citation-{p['id']}-{last}",
            title,
            p["since"] or last,
            (f"« {p['quote']} »", p["sentence"]),
        )
    for document in answer["documents"]:
        lines = tuple(
            f"{t['place']} : « {t['quote']} » : {t['before']} → {t['after']}. {t['note']}" for t in document["touched"]
        )
        yield Entry(
            f"document/{document['file']}", f"touched-{last}", f"Document {document['file']}", last, lines, False
        )


def _entry(entry: Entry) -> str:
    about = iri(entry.about)
    link = f'<link rel="alternate" href={quoteattr(about)}/>' if entry.opens else ""
    body = "\n".join(filter(None, (" ".join(line.split()) for line in entry.lines)))
    return (
        f"<entry><id>{_text(about)}#{_text(entry.kind)}</id><title>{_text(entry.title)}</title><updated>{entry.day}T00:00:00Z</updated>"
        f'{link}<content type="text">{_text(body)}</content></entry>'
    )


def _text(words: str) -> str:
    """Words as XML takes them: what it knows no character for is left out."""
    return escape(_NOT_XML.sub("", words))
