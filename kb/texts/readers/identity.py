"""What a document is, from its head: nature, number, day of signature, NOR, publication, title; and what of it is doubtful.

The head is what stands before the first provision. A document names itself in a line of its own (« CIRCULAIRE DSS/4B n° 98-112 du 3
mars 1998 relative à … »); its day may also stand beside a place (« Paris, le … »), above a session (« Séance du … ») or at the end
(« Fait à Paris, le … »). Days of application, of a visa, of a receipt and of cited acts are not its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from kb.ground.fault import Fault
from kb.ground.names import act_id, fold, slug
from kb.ground.span import Span
from kb.texts.files.layout import FURNITURE, ROW
from kb.texts.readers import days
from kb.texts.readers.blocks import Block
from kb.texts.readers.decided import Said
from kb.texts.readers.head import (
    CODE,
    FORMULA,
    LABEL,
    NAMED,
    NATURES,
    NUMERO,
    REFERENCES,
    SALUTATION,
    SERVICE,
    VISA,
    body_start,
)
from kb.texts.readers.marks import DASH
from kb.texts.readers.signature import century_of, published, signed, span

_OBJECT = re.compile(
    r"(?:relati(?:f|ve)s?\s+(?:à|au|aux)|portant|fixant|concernant|pris(?:e|es)?\s+(?:en|pour)|modifiant|approuvant|autorisant|instituant|compl[ée]tant|abrogeant|pour\s+l['’]application)\b",
    re.I,
)
_AMENDS = re.compile(r"(?:^|\s)(?:à\s+(?:la|l['’])|au|aux|de\s+(?:la\s+convention|l['’]accord))\b", re.I)
_CASE = re.compile(
    r"(?:n\s?°\s*)?(?:\bR\.?\s?G\.?|\bpourvoi|r[ôo]le(?:\s+g[ée]n[ée]ral)?)\s*(?:n\s?°)?\s*:?\s*([A-Z]?\s?\d[\d/.\- ]*\d)",
    re.I,
)
_OWN_NUMBER = re.compile(rf"{NUMERO}({CODE})", re.I)
_NOR = re.compile(
    r"\bNOR\s*:?\s*/?([A-Z]{3}\s?/?\s?[A-Z0-9]\s?/?\s?\d{2}\s?/?\s?\d{5}\s?/?\s?[A-Z])\b|\b([A-Z]{4}\d{7}[A-Z])\b"
)
_BOI = re.compile(r"\b(BOI-[A-Z]+(?:-[A-Z0-9]+)*?)-((?:19|20)\d{6})\b")
_FAREWELL = re.compile(
    r"je vous prie (?:d['’]agréer|de croire)|veuillez (?:agréer|recevoir)|l['’](?:expression|assurance) de (?:m|n)",
    re.I,
)
_SELF = re.compile(
    r"\b(?:la|le)\s+pr[ée]sente?\s+(circulaire|instruction|note|lettre|d[ée]cision|d[ée]lib[ée]ration|convention|avenant|accord|arr[êe]t[ée]|d[ée]cret|loi|ordonnance|protocole)",
    re.I,
)
_BY_NOR = {
    "A": "arrete",
    "C": "circulaire",
    "D": "decret",
    "L": "loi",
    "R": "ordonnance",
    "N": "note",
    "J": "instruction",
}
_BY_FORMULA = (
    ("arr", "arrete"),
    ("decr", "decret"),
    ("delib", "deliberation"),
    ("decid", "decision"),
    ("ordonn", "ordonnance"),
)


_NOTHING = Said()


class Identity(NamedTuple):
    """What a document is. ``signed`` is ``None`` where its day cannot be known, ``dated`` where it is written; ``faults`` have their
    place in the text."""

    nature: str | None
    number: str | None
    signed: date | None
    published: date | None
    nor: str | None
    title: str
    subject: str
    dated: Span | None
    faults: tuple[Fault, ...]

    @property
    def id(self) -> str:
        """Nature, day and number; the NOR where there is no number, the first words of the subject where there is neither."""
        opening = _OBJECT.match(self.subject)
        subject = self.subject[opening.end() :] if opening else self.subject
        words = slug(subject or self.title) or "document"
        if len(words) > 60:
            words = words[:60].rpartition("-")[0] or words[:60]
        return act_id(self.nature or "note", self.signed, self.number or self.nor or words)


class _Name(NamedTuple):
    """A line in which a document names itself."""

    block: int
    nature: str
    number: str | None
    day: days.Day | None
    words: str


def identify(text: str, blocks: Sequence[Block], said: Said = _NOTHING) -> Identity:
    """What the document of *blocks* is. A day or nature that is doubtful is a fault at the words that raise the doubt."""
    body = body_start(blocks)
    head = [i for i, block in enumerate(blocks[:body]) if block.words]
    faults: list[Fault] = []
    nor = _nor(text, blocks[:body])
    century = century_of(nor)
    name = _name(blocks, head, century)
    boi = next(((i, m[0]) for i in (*head, *range(len(blocks))) if (m := _BOI.search(blocks[i].words))), None)
    nature, number = (name.nature, name.number) if name else (None, None)
    if boi and (name is None or name.number is None):
        nature, number = "instruction", boi[1]
    if said.nature is None and nature is None:
        nature, sure = _nature_by_signs(text, blocks, body, nor)
        if nature and not sure:
            sentence = f"Ce document ne se nomme pas : « {nature} » se déduit de son NOR ou de ses mots."
            faults.append(Fault("nature-deduite", sentence, Span("", 0, 1), hint="--nature en décide"))
    nature, number = said.nature or nature, said.number or number
    if number and number.upper().startswith("NOR"):
        number = None  # « CIRCULAIRE NOR/INT/D/03/00077/C »: its NOR stands where a number does
    if nature == "jugement" and number is None:
        number = next((m[1].replace(" ", "") for i in head if (m := _CASE.search(blocks[i].folded))), None)
    if name and number is None:
        number = next((_clean(m[1]) for i in head if (m := _OWN_NUMBER.fullmatch(blocks[i].folded))), None)
    named = (name.block, name.day.day if name.day else None) if name else None
    if boi and (named is None or named[1] is None):
        named = (boi[0], days.first(boi[1]))  # a text of doctrine is named by its day
    day, dated, doubts = signed(blocks, body, named, century)
    if said.signed is None and not said.undated:
        faults += doubts
    if said.signed or said.undated:
        day, dated = said.signed, dated if said.signed == day else None
    place = span(blocks, name.block) if name else Span("", 0, min(len(text), 1))
    if nature is None:
        faults.append(
            Fault(
                "nature-inconnue",
                "Rien dans l'en-tête ne dit ce qu'est ce document (loi, décret, circulaire…).",
                place,
                hint="--nature le décide",
            )
        )
    title, subject = _title(blocks, head, name)
    title = said.title or title
    return Identity(nature, number, day, published(blocks, body, century), nor, title, subject, dated, tuple(faults))


# ---- the name


def _name(blocks: Sequence[Block], head: Sequence[int], century: int | None) -> _Name | None:
    """The line in which the document names itself: the first with a number or a day, an avenant before what it amends."""
    found: list[_Name] = []
    alone: list[_Name] = []
    references = False
    for i in head:
        block = blocks[i]
        key = fold(block.folded)
        if REFERENCES.match(key):
            references = not re.search(r":\s*\S", key)
            continue
        if LABEL.match(key):
            references = False
        if VISA.match(key) or block.role == FURNITURE or (block.mark and block.mark.kind == DASH) or references:
            continue
        lines = block.words.split("\n") if block.role == ROW else [block.folded]
        for k, line in enumerate(lines):
            line = re.sub(r"^(?:[#*_\s|]+|(?:objet|titre|document|texte)\s*:\s*)+", "", line, flags=re.I)
            match = NAMED.match(line)
            if match is None:
                continue
            nature = next(name for name, _ in NATURES if match[name])
            number = match["number"] or match["service"]
            after = line[match.end() : match.end() + 90]
            ends = [stop for pattern in (_OBJECT, _AMENDS) if (stop := pattern.search(after))]
            cut = min(ends, key=lambda end: end.start(), default=None)
            day = next(days.written(after[: cut.start()] if cut else after, century), None)
            if number is None and day is not None:
                beside = re.match(rf"\s*,?\s*{NUMERO}({CODE})", after[day.end :], re.I)
                number = beside[1] if beside else None
            if number is None and day is None:
                rest = (
                    "\n".join(lines[k + 1 : k + 4])
                    if block.role == ROW
                    else "\n".join(blocks[j].folded for j in head if i < j <= i + 4)
                )
                if len(line) <= len(match[0]) + 25 or _OBJECT.match(line[match.end() :].lstrip()):
                    number, day = _beside(rest, century)
                    alone.append(_Name(i, nature, number, day, line))
                continue
            found.append(_Name(i, nature, _clean(number), day, line))
    amending = [name for name in found if name.nature in ("avenant",)]
    return next(
        iter(amending or found or sorted(alone, key=lambda n: (n.number is None and n.day is None, n.block))), None
    )


def _beside(lines: str, century: int | None) -> tuple[str | None, days.Day | None]:
    """A number and a day on the lines that follow a nature alone."""
    number = re.match(rf"\s*(?:{NUMERO}({CODE})|({SERVICE})\s*$)", lines, re.M | re.I)
    day = next(
        (
            d
            for line in lines.split("\n")
            for d in days.written(line, century)
            if re.fullmatch(r"(?:du|le)?\s*", line[: d.start].strip(), re.I)
        ),
        None,
    )
    return _clean(number[1] or number[2]) if number else None, day


def _clean(number: str | None) -> str | None:
    return re.sub(r"\s*([/\-–—.])\s*", r"\1", number).strip(" .-–—") or None if number else None


def _title(blocks: Sequence[Block], head: Sequence[int], name: _Name | None) -> tuple[str, str]:
    """The title and the subject: the naming line with its object, else the object that a label states, else what stands above."""
    stated = _stated_object(blocks, head)
    if name is None:
        return stated or next((blocks[i].folded for i in head if not LABEL.match(fold(blocks[i].folded))), ""), stated
    words = name.words
    if not _OBJECT.search(words):
        after = [i for i in head if i > name.block][:2]
        follows = next((blocks[i].folded for i in after if _OBJECT.match(blocks[i].folded)), None)
        if follows:
            words = f"{words} {follows}"
    found = _OBJECT.search(words)
    if found:
        return words[:600], words[found.start() :]
    if stated:
        return f"{words} : {stated}"[:600], stated
    above = [
        blocks[i].folded
        for i in head
        if i < name.block
        and not blocks[i].aside
        and not re.match(r"(?:nor|rlr|minist|r[ée]publique|direction)", blocks[i].folded, re.I)
    ]
    subject = ", ".join(line for line in above[-3:] if not LABEL.match(fold(line)))
    return (f"{words} : {subject}" if subject else words)[:600], subject


def _stated_object(blocks: Sequence[Block], head: Sequence[int]) -> str:
    for k, i in enumerate(head):
        match = re.match(r"objet\s*:?\s*", blocks[i].folded, re.I)
        if match and re.match(r"objet\s*(?::|$)", blocks[i].folded, re.I):
            inline = blocks[i].folded[match.end() :]
            return inline or (blocks[head[k + 1]].folded if k + 1 < len(head) else "")
    # A document of doctrine is named by where it stands in its plan: « TVA - Régimes sectoriels - Spectacles ».
    return next(
        (
            blocks[i].folded
            for i in head
            if blocks[i].folded.count(" - ") >= 2 and not LABEL.match(fold(blocks[i].folded))
        ),
        "",
    )


def _nor(text: str, head: Sequence[Block]) -> str | None:
    for block in head:
        found = _NOR.search(block.words)
        if found:
            return re.sub(r"[\s/]", "", found[1] or found[2])
    return None


# ---- nature without a name


def _nature_by_signs(text: str, blocks: Sequence[Block], body: int, nor: str | None) -> tuple[str | None, bool]:
    """What the formula, the salutation, the words « la présente … » or the NOR tell of the nature, and whether that is sure."""
    formula = next(
        (fold(b.folded).strip("*_ :.") for b in reversed(blocks[:body]) if b.words and FORMULA.fullmatch(b.folded)), ""
    )
    for start, nature in _BY_FORMULA:
        if formula.startswith(start):
            return nature, True
    if "convenu" in formula or "conviennent" in formula:
        return "convention", True
    if re.search(r"\bPAR CES MOTIFS\b", text):
        return "jugement", True
    if any(SALUTATION.fullmatch(b.folded) for b in blocks[: body + 1] if b.words) and _FAREWELL.search(text):
        return "lettre", True
    if nor and nor[-1] in _BY_NOR:
        return _BY_NOR[nor[-1]], False
    match = _SELF.search(text)
    own = next((name for name, words in NATURES if match and re.fullmatch(words, match[1], re.I)), None)
    return own, False
