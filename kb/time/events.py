"""What happened to a provision: created, modified, abrogated, codified, replaced; by what, when, and who proves it.

Events are read from the links of a consolidated article ("Créé par", "Abrogé par") and from sentences that say so of
what they cite ("codifié à", "se substituent aux", "DISPOSITIONS ABROGEES"), and taken from external facts.
The verbs follow ELI's: what Renvoi calls abrogation is ``eli:repeals``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from kb.cite.resolve.citation import Citation
from kb.ground.names import fold
from kb.ground.period import stated_days
from kb.ground.registry import Fact
from kb.ground.span import Span
from kb.texts.provisions import Paragraph


class Event(NamedTuple):
    """*by* does *kind* to *target*, from *effective* on; ``None`` where the sources do not say.

    Proved by ``span`` (words of a source) or by ``fact`` (the id of an external fact), said by ``said_by``; ``dated`` is
    where the day stands when the words of ``span`` do not hold it.
    """

    kind: str
    target: str
    by: str | None
    effective: date | None
    published: date | None
    span: Span | None = None
    fact: str | None = None
    said_by: tuple[str, ...] = ()
    note: str = ""
    dated: Span | None = None


#: What an act may do. Whatever reads events gives one of these; whatever tells them has words for each.
KINDS = (
    "cree",
    "modifie",
    "rectifie",
    "abroge",
    "annule",
    "perime",
    "disjoint",
    "codifie",
    "remplace",
    "transfere",
    "deplace",
)
_RELATIONS = {f"{kind} par": kind for kind in KINDS if kind != "remplace"}
# A circular repeals circulars; of the décrets it lists it only reports that they are repealed.
LISTED_NOTE = "Au plus tard à cette date : l'acte figure dans la liste des dispositions abrogées."
PUBLICATION_NOTE = "Date de publication au Journal officiel : le lien ne dit pas d'entrée en vigueur."


def of_link(link: Paragraph, citations: Iterable[Citation]) -> Iterator[Event]:
    """The events that a link of an article states: the cited act acts on the article."""
    kind = _RELATIONS.get(fold(link.relation))
    if kind is None:
        return
    span = Span(link.source, link.start, link.end)
    tail = stated_days(" ".join(link.words.split()))
    for citation in citations:
        if citation.target is None or citation.kind == "gazette":  # where an act was published does nothing
            continue
        # The days end the link, whatever stands between them and the act that is read ("art. 4 2° JORF …").
        published = citation.published[0] if citation.published else tail[0]
        effective = citation.effective[0] if citation.effective else tail[1]
        note = PUBLICATION_NOTE if published and not effective else ""
        yield Event(kind, link.provision, citation.target, effective or published, published, span, note=note)


# Sentences, each citation masked as «n»: the words between two citations say what one does to the other.
_OF = r"(?:aux |à |de |les |des )?(?:dispositions )?(?:du |de |des )?(?:l['’])?\s*"
_SUBJECTS = r"(?P<by>«\d+»(?:\s*(?:,|et)\s*(?:du |de |à )?(?:l['’])?«\d+»)*)"
_SENTENCES = (
    (
        "codifie",
        re.compile(
            r"(?P<by>«\d+»)\s*,?\s+(?:est\s+|a\s+été\s+)?codifiée?s?\s+(?:à|aux|sous)\s+(?:l['’])?(?P<target>«\d+»)"
        ),
    ),
    ("remplace", re.compile(_SUBJECTS + rf"\s+se\s+substitue(?:nt)?\s+{_OF}(?P<target>«\d+»)")),
    ("abroge", re.compile(_SUBJECTS + rf"\s+abroge(?:nt)?\s+{_OF}(?P<target>«\d+»)")),
    (
        "abroge",
        re.compile(
            r"(?P<target>«\d+»)(?:\s+(?:relati|portant|fixant|concernant)[^«».;:]{0,160})?(?:\s*,\s+qui)?\s+(?:est|sont)\s+abrogée?s?(?!\s+par)"
        ),
    ),
    (
        "abroge",
        re.compile(r"^(?:annule|abroge)(?:\s+et\s+remplace)?\s*:?\s+(?:la |le |l['’]|les )?(?P<target>«\d+»)", re.I),
    ),
    (
        "abroge",
        re.compile(r"(?P<target>«\d+»)\s*,?\s+(?:est\s+|sont\s+)?abrogée?s?\s+par\s+(?:le |la |l['’])?(?P<by>«\d+»)"),
    ),
)
# One of these stands in every sentence above: most paragraphs end there.
_SAYS = re.compile(r"codifi|substitu|[Aa]brog|[Aa]nnule")
_REPEALED_HEADING = re.compile(r"(dispositions|textes) abroges?|abrogees")


def of_sentence(
    paragraph: Paragraph,
    text: str,
    citations: Sequence[Citation],
    heading: str,
    act: str,
    day: date | None,
    dated: Span | None,
) -> Iterator[Event]:
    """The events that a paragraph states of what it cites.

    *text* is the source's text; *heading* the title of the division it stands in; *act*, *day* and *dated* the citing text,
    its date and where that is written, for a list under a heading such as "DISPOSITIONS ABROGEES".
    """
    inside = [c for c in citations if c.target and paragraph.start <= c.start and c.end <= paragraph.end]
    listed = bool(_REPEALED_HEADING.search(fold(heading))) if heading else False
    if not inside or not (listed or _SAYS.search(text, paragraph.start, paragraph.end)):
        return
    masked = _masked(text, paragraph, inside)
    if listed:
        first = inside[0]
        assert first.target
        own = act if _nature(act) == _nature(first.target) else None
        yield Event(
            "abroge",
            first.target,
            own,
            day,
            None,
            Span(paragraph.source, first.start, first.end),
            note=LISTED_NOTE,
            dated=dated,
        )
    for kind, pattern in _SENTENCES:
        for match in pattern.finditer(masked):
            target = inside[int(match["target"][1:-1])]
            actors = [inside[int(n)] for n in re.findall(r"«(\d+)»", match.groupdict().get("by") or "")]
            span = _span(paragraph, [target, *actors])
            repealed = kind == "remplace" and re.match(
                r"\s*(?:,\s*)?qui\s+(?:est|sont)\s+abrogée?s?", masked[match.end() :]
            )
            assert target.target
            # An act that says no more than "is repealed" repeals acts of its own nature; of others it reports it.
            itself = kind == "abroge" and "/" in act and _nature(act) == _nature(target.target)
            for by in [actor.target for actor in actors] or [act if itself else None]:
                yield Event(kind, target.target, by, None, None, span)
                if repealed and by and _nature(by) == _nature(target.target):
                    yield Event("abroge", target.target, by, None, None, span)


def _nature(name: str) -> str:
    """What an id names: only an act repeals an act of its own nature; an article of a code may replace one."""
    return name.split("/")[0]


def _masked(text: str, paragraph: Paragraph, citations: Sequence[Citation]) -> str:
    pieces, at = [], paragraph.start
    for rank, citation in enumerate(citations):
        if citation.start >= at:
            pieces += [text[at : citation.start], f"«{rank}»"]
            at = citation.end
    return " ".join("".join([*pieces, text[at : paragraph.end]]).split())


def _span(paragraph: Paragraph, citations: Sequence[Citation]) -> Span:
    return Span(paragraph.source, min(c.start for c in citations), max(c.end for c in citations))


_FACT_EVENTS = {"created": "cree", "modified": "modifie", "abrogated": "abroge", "codified": "codifie"}


def of_facts(stated: Iterable[Fact]) -> Iterator[Event]:
    """The events that external facts state: pairs of ``abrogated_by`` and ``abrogated_on``."""
    facts: dict[tuple[str, str], Fact] = {(fact.about, fact.key): fact for fact in stated}
    for word, kind in _FACT_EVENTS.items():
        for (about, key), fact in facts.items():
            if key == f"{word}_on":
                by = facts.get((about, f"{word}_by"))
                published = facts.get((by.value, "published")) if by else None
                days = (date.fromisoformat(fact.value), date.fromisoformat(published.value) if published else None)
                yield Event(kind, about, by.value if by else None, *days, fact=fact.id, said_by=fact.said_by)
