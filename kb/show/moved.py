"""What moved, as a person reads it in a terminal: stale citations, the impact of a change, a watched folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from kb.show.checked import SAID as VERDICTS

if TYPE_CHECKING:
    from kb.ask.reports import DocumentTouched, Impact, MovedAnswer, RuleTouched, Stale, StaleAnswer, Watched

T = TypeVar("T")
CHANGE = {
    "new": "Nouveaux",
    "gone": "Plus en vigueur",
    "changed": "Mots changés",
    "unread": "Autre version, mots non tenus",
}


def stale(answer: Stale) -> Iterator[str]:
    """The lines of ``renvoi stale``."""
    count, summary = answer["total"], answer["summary"]
    where = answer["id"] or "toute la base"
    yield (
        f"{where} au {answer['at']} : {count} renvoi{'s' * (count > 1)} à ce qui n'est plus"
        f" ({summary['abroge']} à un texte, {summary['fragment_absent']} à une partie perdue)"
    )
    yield from _cited(answer["citations"])
    shown = answer["offset"] + len(answer["citations"])
    if answer["citations"] and (answer["offset"] or shown < count):
        yield f"  {answer['offset'] + 1} à {shown} sur {count}"


def impact(answer: Impact, most: int) -> Iterator[str]:
    """The lines of ``renvoi impact``, *most* of each kind."""
    yield f"Du {answer['from']} au {answer['to']}{', sur ' + answer['on'] if answer['on'] else ''}"
    for change, title in CHANGE.items():
        yield from _group(title, [c for c in answer["changes"] if c["change"] == change], most, _change)
    yield from _group("Règles touchées", answer["rules"], most, _rule)
    yield from _group("Dispositions qui les citent", answer["provisions"], most, lambda each: _cited([each]))
    yield from _group("Documents touchés", answer["documents"], most, _document)
    yield from (f"  illisible : {words}" for words in answer["unread"])
    if not any(answer["summary"].values()):
        yield "  rien n'a changé"


def watched(answer: Watched) -> Iterator[str]:
    """The lines of ``renvoi watch``."""
    yield f"{answer['folder']} au {answer['at']} : {answer['documents']} document{'s' * (answer['documents'] > 1)}"
    if answer["summary"]:
        yield "  " + ", ".join(f"{count} {VERDICTS[verdict]}" for verdict, count in answer["summary"].items())
    if answer["since"] is None:
        yield "  premier regard : ce qui est cité est gardé"
        yield from (f"  illisible : {words}" for words in answer["unread"])
        return
    yield f"  depuis le regard du {answer['since']}"
    yield from (f"  importé depuis : {title}" for title in answer["imported"])
    listed = (("nouveau", "new"), ("retiré", "gone"), ("réécrit", "rewritten"), ("illisible", "unread"))
    for said, key in listed:
        names: list[str] = answer[key]  # type: ignore[literal-required]
        yield from (f"  {said} : {name}" for name in names)
    for document in answer["touched"]:
        yield from _document(document)
    if not answer["touched"]:
        yield "  rien de ce qu'ils citent n'a changé"


def _group(title: str, every: list[T], most: int, lines: Callable[[T], Iterable[str]]) -> Iterator[str]:
    if every:
        yield f"\n{title} ({len(every)})"
    for each in islice(every, most):
        yield from lines(each)
    if len(every) > most:
        yield f"  … et {len(every) - most} autres"


def _change(change: MovedAnswer) -> Iterator[str]:
    by = f" par {', '.join(change['by'])}" if change["by"] else ""
    successor = f" → {change['successor']}" if change["successor"] else ""
    yield f"  {change['id']} — le {change['day'] or 'jour inconnu'}{by}{successor}"


def _cited(citations: Iterable[StaleAnswer]) -> Iterator[str]:
    for c in citations:
        yield f"  {c['from']} : « {' '.join(c['quote'].split())} » [{c['target']}]"
        yield f"    {c['sentence']}" + (f" → {c['successor']}" if c["successor"] else "")


def _rule(rule: RuleTouched) -> Iterator[str]:
    yield f"  {rule['id']} — {rule['title']}"
    yield from (f"    {reason['sentence']}" for reason in rule["reasons"])


def _document(document: DocumentTouched) -> Iterator[str]:
    yield f"  {document['file']}"
    for t in document["touched"]:
        quote = " ".join(t["quote"].split())[:100]
        before, after = (VERDICTS[verdict] if verdict else "absent" for verdict in (t["before"], t["after"]))
        what = f"{before} → {after}" if before != after else f"{after}, {' → '.join(v or '?' for v in t['versions'])}"
        yield f"    {t['place']} : « {quote} »{' [' + t['target'] + ']' if t['target'] else ''} : {what}"
        if t["note"] and t["after"]:
            yield f"      {t['note']}" + (
                f" → {t['successor']}" if t["successor"] and t["successor"] not in t["note"] else ""
            )
