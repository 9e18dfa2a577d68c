"""Which measures of the sources no rule holds: amounts, delays, accounts and deontic turns, each covered or waived.

A measure is covered when it stands inside words that a rule quotes; it is waived when ``écarté`` quotes it and says why.
What is left is a hole, and ``renvoi verify`` fails on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kb.ground.fault import Fault
from kb.ground.span import Span
from kb.rules import model as m
from kb.rules.quotes import Places
from kb.words.quantities import quantities

# Measures beside amounts and delays, which ``kb.words.quantities`` reads. Words are in the order and accents of the sources;
# line ends may stand for spaces.
_TURNS = {
    "délai": r"\bfois par an\b|\bchaque (?:année civile|trimestre)\b|\bà la fin de l'exercice\b|\bdans les meilleurs délais\b",
    "compte": r"\bcomptes? \d+",
    "obligation ou faculté": r"\bne p(?:eut|euvent|ourra|ourront)\b|\bp(?:eut|euvent|ourra|ourront|ouvaient)\b"
    r"|\bd(?:oit|oivent|evra|evront)\b|\bautoris(?:e|ent|és?|ées?)\b|\b(?:est|sont) obligatoires?\b|\ben droit de\b"
    r"|\bla faculté de\b|\bfacultati(?:f|ve)s?\b|\bpermet\b|\bil (?:est demandé|appartient)\b|\bser(?:a|ont)\b|\badresseront\b"
    r"|\ben aucun cas\b",
}  # fmt: skip
_PATTERNS = {kind: re.compile(pattern.replace(" ", r"\s+"), re.I) for kind, pattern in _TURNS.items()}
KINDS = ("montant", "taux", *_TURNS)


class Measure(NamedTuple):
    """An amount, a rate, a delay, an account or a turn of duty or leave, at ``span``; ``held_by`` names the rules that quote it,
    ``waived`` gives the reason of the one who set it aside."""

    kind: str
    words: str
    span: Span
    provision: str
    held_by: tuple[str, ...]
    waived: str


def measures(places: Places) -> Iterator[tuple[str, str, Span, str]]:
    """``(kind, words, span, provision)`` of every measure of the normative paragraphs, in the order of the text."""
    for source, start, end, provision in places.normative():
        text = places.source(source).text
        found = [
            (match.start(), match.end(), kind)
            for kind, pattern in _PATTERNS.items()
            for match in pattern.finditer(text, start, end)
        ]
        for quantity in quantities(text[start:end]):
            kind = (
                "délai"
                if quantity.lasts
                else {"FRF": "montant", "EUR": "montant", "%": "taux", "fraction": "taux"}.get(quantity.unit)
            )
            if kind:
                found.append((start + quantity.start, start + quantity.end, kind))
        for at, until, kind in sorted(found):
            yield kind, " ".join(text[at:until].split()), Span(source, at, until), provision


def coverage(
    rules: Iterable[m.Rule], waivers: Iterable[m.Waiver], places: Places
) -> tuple[list[Measure], list[Measure]]:
    """The measures that are covered or waived, and the holes. *rules* and *waivers* come from ``proof.check``."""
    quoted = [(e.found, rule.id) for rule in rules for e in rule.all_evidence() if e.found]
    set_aside = [(e.found, waiver.reason) for waiver in waivers for e in waiver.quotes if e.found]
    covered: list[Measure] = []
    holes: list[Measure] = []
    spoken = {found.source for found, _ in (*quoted, *set_aside)}  # a source that no rule speaks of asks for none
    for kind, words, span, provision in measures(places):
        if span.source not in spoken:
            continue
        held_by = tuple(dict.fromkeys(rule for found, rule in quoted if _inside(span, found)))
        waived = next((reason for found, reason in set_aside if _inside(span, found)), "")
        measure = Measure(kind, words, span, provision, held_by, waived)
        (covered if held_by or waived else holes).append(measure)
    return covered, holes


def _inside(span: Span, found: m.Found) -> bool:
    return found.source == span.source and found.start <= span.start and span.end <= found.end


def faults(covered: Iterable[Measure], holes: Iterable[Measure], waivers: Iterable[m.Waiver]) -> list[Fault]:
    """The holes as faults at their places in the sources, and the waivers that waive nothing (any more)."""
    hint = "citer ces mots dans une règle, ou les écarter en disant pourquoi (corpus/rules/ecartes.rule)"
    found = [
        Fault(
            "mesure-sans-regle", f"Aucune règle ne tient ces mots de {hole.provision} ({hole.kind}).", hole.span, hint
        )
        for hole in holes
    ]
    needed = [measure for measure in covered if not measure.held_by]
    for waiver in waivers:
        for quote in waiver.quotes:
            if quote.found and not any(_inside(measure.span, quote.found) for measure in needed):
                found.append(
                    Fault(
                        "ecart-inutile",
                        "Ces mots écartés ne portent aucune mesure, ou une règle la tient.",
                        quote.span,
                        "ôter cet écart",
                    )
                )
    return found
