"""What the words of a rule say of the rule as a whole: its modality, its basis, its days, what it may not leave out.

``proof`` holds each operator and value to its words; the checks here hold the rest. Each is silent where the words do not
decide: a fault is told for a contradiction, never for a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import NamedTuple

from kb.ground.names import fold
from kb.ground.registry import Registry
from kb.ground.span import Span
from kb.rules import model as m
from kb.rules.phrases import words_of
from kb.words.limits import Limit, bounds
from kb.words.quantities import days, quantities


class Wrong(NamedTuple):
    """A contradiction between a rule and its words, as ``proof`` tells it."""

    code: str
    sentence: str
    span: Span | None
    hint: str = ""


def contradictions(rule: m.Rule, rules: Iterable[m.Rule], registry: Registry) -> Iterator[Wrong]:
    """What the words of *rule*, or the other *rules*, say against it."""
    yield from _modality(rule)
    yield from _ends(rule, rules, registry)
    for version in rule.versions:
        for bound, ending in ((version.start, False), (version.end, True)):
            if bound:
                yield from _day(bound, ending)
    for fact in rule.facts:
        yield from _default(fact)
    yield from _conflicts(rule, registry)


# Modality.

_FACULTY = re.compile(
    r"(?<!ne )(?<!n'y )\b(?:peu(?:t|vent)|pourr(?:a|ont)|pouvai(?:t|ent)|puissent|autoris(?:e|es|ee|ees|ent|ait|aient)|facultes?|facultati\w+|en droit de|permet\w*"
    r"|permis|loisible)\b"
)
_DUTY = re.compile(
    r"\b(?:doi(?:t|vent)|devr(?:a|ont)|devai(?:t|ent)|tenue?s? de|obligat\w+|appartient|est demande|ser(?:a|ont)|\w{3,}eront)\b"
)
_BAN = re.compile(r"\b(?:ne|n'en|n'y) (?:peu|pourr|doi|devr|saur|pouv)\w*|\binterdi\w+|\bprohib\w+|\ben aucun cas\b")
_INFINITIVE = re.compile(r"(?:se |s'|ne pas )?\w+(?:er|ir|re)\b")


def _modality(rule: m.Rule) -> Iterator[Wrong]:
    """``faculté``, ``obligation`` and ``interdiction`` are told by the words about what is done."""
    action, modality = fold(rule.action).strip(), fold(rule.modality)
    names_deed = _INFINITIVE.match(action) is not None
    if action and names_deed == (modality == "condition"):
        told = "un verbe à l'infinitif" if modality != "condition" else "une phrase"
        yield Wrong("modalite-mal-dite", f"« {rule.modality} » est suivie de {told} : « {rule.action} ».", rule.span)
    quotes = [fold(" ".join(evidence.quote.split())) for evidence in rule.all_evidence()]
    deed = re.sub(r"^(?:se |s'|ne pas )", "", action)[:5]
    quotes = [quote for quote in quotes if names_deed and re.search(rf"\b{re.escape(deed)}", quote)] or quotes
    faculty, duty, ban = (any(map(words.search, quotes)) for words in (_FACULTY, _DUTY, _BAN))
    if modality == "faculte" and not faculty:
        hint = "peut, est autorisé à, a la faculté de"
        yield Wrong("modalite-sans-mots", "Aucun mot cité ne dit une faculté.", rule.span, hint)
    if modality == "obligation" and faculty and not duty:
        yield Wrong("modalite-contredite", "Les mots cités disent une faculté.", rule.span, "doit, est tenu de")
    if modality == "interdiction" and not ban:
        yield Wrong("modalite-sans-mots", "Aucun mot cité ne dit une interdiction.", rule.span, "ne peut, est interdit")


# Days.

_EFFECT = r"(?:en vigueur (?:le|au|depuis le|a compter du)|a compter du|prend effet le|avec effet (?:au|du)|applicable (?:le|au))\s+$"
_ISSUE = r"(?:\bjorf|journal officiel du|\bjo|publiee? (?:le|au journal officiel du)|paru le)\s+$"


def _day(bound: m.Bound, ending: bool) -> Iterator[Wrong]:
    """The day of a bound is the one that its words state as such, where they tell it from a publication."""
    effect: set[date] = set()
    issue: set[date] = set()
    for proof in bound.proofs:
        words = " ".join((proof.quote or "").split())
        for quantity in quantities(words):
            if quantity.unit == "date" and quantity.value[0] != "-":
                before = fold(words[max(0, quantity.start - 40) : quantity.start])
                for pattern, found in ((_EFFECT, effect), (_ISSUE, issue)):
                    if re.search(pattern, before):
                        found.add(date.fromisoformat(quantity.value))
    for day, stated, what in ((bound.day, effect, "l'effet"), (bound.known, issue, "la publication")):
        if day and stated and day not in stated:
            said = ", ".join(sorted(map(str, stated)))
            yield Wrong("borne-d-un-autre-jour", f"Les mots cités disent {what} le {said}, non le {day}.", bound.span)


def _ends(rule: m.Rule, rules: Iterable[m.Rule], registry: Registry) -> Iterator[Wrong]:
    """A rule ends with the text it quotes, with its replacement, and before another version for the same cases begins."""
    last = max(rule.versions, key=lambda version: version.start.day)
    if last.end is None:
        quoted = rule.evidence[0].locator.partition("#")[0].partition("@")[0]
        held = [version for version in registry.versions if version.of == quoted]
        ends = [version.end for version in held]
        if ends and all(isinstance(end, date) for end in ends):
            end = max(end for end in ends if isinstance(end, date))
            hint = f"écrire : jusqu'au {end}, selon …"
            yield Wrong(
                "fin-absente", f"« {quoted} » a pris fin le {end} ; la règle ne finit pas.", last.start.span, hint
            )
        for other in rules:
            if any(replaced.rule == rule.id for replaced in other.replaces):
                start = min(version.start.day for version in other.versions)
                yield Wrong(
                    "fin-absente", f"« {other.id} » remplace cette règle le {start} ; elle ne finit pas.", rule.span
                )
    for one, two in combinations(rule.versions, 2):
        first, second = sorted((one, two), key=lambda version: version.start.day)
        same = (first.scope and words_of(first.scope)) == (second.scope and words_of(second.scope))
        if same and (first.end is None or first.end.day > second.start.day):
            sentence = f"Deux versions valent pour les mêmes cas le {second.start.day}."
            yield Wrong("versions-superposees", sentence, second.start.span, f"finir « {first.label} » ce jour-là")


def _default(fact: m.Fact) -> Iterator[Wrong]:
    """An amount that nobody states is nothing: any other needs words, for which a default has no place."""
    if fact.default and fact.kind.name == "montant" and fact.default.value and getattr(fact.default.value, "amount", 0):
        yield Wrong("defaut-sans-mots", f"« {fact.name} » ne peut valoir par défaut que 0 F.", fact.default.span)


def _conflicts(rule: m.Rule, registry: Registry) -> Iterator[Wrong]:
    """A rule that quotes the name of an act says what the registry holds against that act."""
    named = {day for evidence in rule.all_evidence() for day in days(evidence.quote)}
    told = {conflict.about for conflict in rule.conflicts}
    for note in registry.notes:
        about = re.fullmatch(r"[a-z-]+/(\d{4}-\d\d-\d\d)", note.about)
        if note.kind == "conflit" and about and date.fromisoformat(about[1]) in named and note.about not in told:
            sentence = f"Le registre tient un conflit sur « {note.about} », que la règle cite et ne dit pas."
            yield Wrong("conflit-tu", sentence, rule.span, f"écrire : conflit avec {note.about}")


# Quotes, read where they stand.


class Passage(NamedTuple):
    """Words of a source: the ranges of ``text`` that a ``selon`` quotes, what an ellipsis leaves out apart."""

    text: str
    parts: tuple[tuple[int, int], ...]

    def bounds(self) -> list[Limit]:
        """The bounds whose words are quoted, read with what stands before and behind them in the source."""
        begin = max(0, self.parts[0][0] - _AROUND)
        found = [
            limit._replace(start=limit.start + begin, end=limit.end + begin)
            for limit in bounds(self.text[begin : self.parts[-1][1] + _AROUND], missed=True)
        ]
        return [x for x in found if any(x.start < end and start < x.end for start, end in self.parts)]

    def cut(self) -> str | None:
        """The limit or quantity that the quote cuts in two, or ``None``.

        >>> Passage("La durée ne peut excéder 3 mois.", ((17, 32),)).cut(), Passage("Il excède 3 mois.", ((0, 17),)).cut()
        ('ne peut excéder 3 mois', None)
        """
        begin, end = self.parts[0][0], self.parts[-1][1]
        first = max(0, begin - _AROUND)
        window = self.text[first : end + _AROUND]
        spans = [(limit.start, limit.end) for limit in bounds(window)]
        spans += [(quantity.start, quantity.end) for quantity in quantities(window) if quantity.unit]
        for start, stop in spans:
            one, two = first + start, first + stop
            if one < begin < two or one < end < two:
                return " ".join(self.text[one:two].split())
        return None


_AROUND = 300  # characters read around a quote


def passage(words: str, found: m.Found, text: str) -> Passage | None:
    """Where *words* (an ellipsis stands for words left out) are in a quote that was *found* in *text*."""
    parts = [r"\s+".join(map(re.escape, part.split())) for part in re.split(r"\[?…\]?", words)]
    pattern = r"(?<!\w)" + r"\b.*?\b".join(f"({part})" for part in parts if part) + r"(?!\w)"
    match = re.search(pattern, found.quote, re.S)
    if match is None:
        return None
    ranges = [match.span(group) for group in range(1, (match.lastindex or 0) + 1)]
    return Passage(text, tuple((found.start + start, found.start + end) for start, end in ranges))


# Facts.

_STEM = 5


def named(fact: str, words: str) -> int:
    """How many of the words of a fact's name *words* have, by their stems: ``solde_débiteur`` in "un solde débiteur", 2."""
    said = {word[:_STEM] for word in re.findall(r"[a-z]{3,}", fold(words))}
    return sum(part[:_STEM] in said for part in fold(fact).split("_") if len(part) > 2)


def misnamed(fact: str, others: Iterable[str], words: str) -> str | None:
    """The fact among *others* that *words* name, where they name nothing of *fact*: two facts have changed places."""
    if named(fact, words):
        return None
    return max((other for other in others if named(other, words)), key=lambda other: named(other, words), default=None)


# "Et" and "ou".

_CHOICE = re.compile(r"\b(?:ou|soit|egalement|de meme|notamment|autres?|l'une?)\b")
_LIKEWISE = re.compile(r"^(?:il en (?:sera|est) de meme|peu\w+ egalement|ou\b)")


def alternative(words: str) -> bool:
    """Whether *words* tell of an alternative."""
    return _CHOICE.search(fold(words)) is not None


def likewise(words: str) -> bool:
    """Whether *words* open as another case of what was said before: "Il en sera de même dans le cas où …"."""
    return _LIKEWISE.match(fold(" ".join(words.split()))) is not None
