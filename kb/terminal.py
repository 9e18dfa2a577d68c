"""Answers as a person reads them in a terminal: French, plain text, proofs beside what they prove."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from kb.query import Json

STATUS = {"en_vigueur": "en vigueur", "pas_encore": "pas encore en vigueur", "abroge": "plus en vigueur", "inconnu": "statut inconnu"}
EVENT = {"cree": "créé", "modifie": "modifié", "abroge": "abrogé", "codifie": "codifié", "remplace": "remplacé", "transfere": "transféré"}


def shown(answer: Json) -> Iterator[str]:
    """The lines of ``renvoi show``."""
    yield f"{answer['id']} — {answer['title']}"
    yield f"{_when(answer['at'])} : {STATUS[answer['status']]}"
    version = answer["version"]
    if version:
        yield f"  version {version['id']}{' (' + version['official'] + ')' if version['official'] else ''}"
        yield f"  depuis  {_bound(version['start'], version['start_is'])}"
        yield from (f"          selon {_proof(proof)}" for proof in version["start_proof"])
        yield f"  jusqu'à {_bound(version['end'], version['end_is'])}"
        yield from (f"          selon {_proof(proof)}" for proof in version["end_proof"])
    for note in answer["notes"]:
        yield from _wrapped(note, "  note : ")
    for conflict in answer["conflicts"]:
        yield from _wrapped(f"{conflict['sentence']} (dit par {', '.join(conflict['said_by'])})", f"  {conflict['kind']} : ")
    for fact in answer["facts"]:
        yield f"  {fact['key']} = {fact['value']} (dit par {', '.join(fact['said_by'])})"
    yield from _paragraphs(answer)
    if len(answer["versions"]) > 1:
        yield "\nVersions"
        for v in answer["versions"]:
            yield f"  [{_bound(v['start'], v['start_is'])}, {_bound(v['end'], v['end_is'])}) {v['official'] or ''}".rstrip()
    if answer["events"]:
        yield "\nÉvénements"
        for e in answer["events"]:
            by = f" par {e['by']}" if e["by"] else ""
            yield f"  {e['effective'] or 'sans date'} : {e['target']} {EVENT.get(e['kind'], e['kind'])}{by}, selon {_proof(e['proof'])}"
    if answer["children"]:
        yield "\nContient"
        yield from (f"  {child['id']} — {child['title']}" for child in answer["children"])
    yield from cited(answer["cites"], "\nCite", "target")
    yield from cited(answer["cited_by"], "\nCité par", "from")


def _paragraphs(answer: Json) -> Iterator[str]:
    for paragraph in answer["paragraphs"]:
        if paragraph["kind"] == "lien":
            continue
        yield ""
        yield from _wrapped(" ".join(paragraph["text"].split()), "  ")
        yield f"    [{paragraph['id'].partition('#')[2]} · {paragraph['source']} {paragraph['start']}-{paragraph['end']}]"


def cited(citations: list[Json], title: str, key: str) -> Iterator[str]:
    """The lines of a list of citations: the other end, the words, the place."""
    if citations:
        yield title
    for c in citations:
        end = c[key] or f"({c['status']} : {', '.join(c['candidates']) or 'rien'})"
        yield f"  {end} — « {' '.join(c['quote'].split())} » [{c['source']} {c['start']}-{c['end']}]"


def found(citations: list[Json]) -> Iterator[str]:
    """The lines of ``renvoi cite``: place, words, target, status."""
    for c in citations:
        target = c["target"] or ", ".join(c["candidates"]) or "?"
        yield f"{c['start']}-{c['end']}\t{' '.join(c['quote'].split())}\t{target}\t{c['status']}"


def followed(answer: Json) -> Iterator[str]:
    """The lines of ``renvoi follow``: an indented tree of links."""
    arrow = "<-" if answer["direction"] == "in" else "->"
    yield answer["id"]
    for link in answer["links"]:
        ends = (link["target"], link["from"]) if answer["direction"] == "in" else (link["from"], link["target"])
        yield f"{'  ' * link['depth']}{ends[0]} {arrow} {ends[1]} « {' '.join(link['quote'].split())} »"


def _when(day: str | None) -> str:
    return f"Au {day}" if day else "Aujourd'hui"


def _bound(day: str | None, edge: str) -> str:
    return day or edge


def _proof(proof: Json) -> str:
    if proof.get("source"):
        quote = f" « {' '.join(proof['quote'].split())} »" if proof.get("quote") else ""
        return f"{proof['source']} {proof['start']}-{proof['end']}{quote}"
    return f"{proof['fact']} ({', '.join(proof['said_by'])})"


def _wrapped(words: str, indent: str) -> list[str]:
    return textwrap.wrap(words, 110, initial_indent=indent, subsequent_indent=" " * len(indent)) or [indent]
