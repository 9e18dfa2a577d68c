"""An answer in French sentences, each with the words of a source that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TypedDict, cast

from kb.ground.names import fold
from kb.ground.period import in_french
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.evaluate import Evaluation
from kb.rules.phrases import words_of

_STATUS = {
    "applicable": "s'applique", "non_applicable": "ne s'applique pas", "indetermine": "ne peut être dite applicable ou non",
    "hors_periode": "n'est pas en vigueur",
}  # fmt: skip
_MODALITY = {
    "faculte": "il est permis de", "obligation": "il faut", "interdiction": "il est interdit de", "condition": "",
    "calcul": "il y a lieu de",
}  # fmt: skip
_MET = {True: "c'est le cas", False: "ce n'est pas le cas", None: "on ne le sait pas"}


class Said(TypedDict):
    """A sentence, and the words that it rests on with their place; no words where it rests on the question alone."""

    sentence: str
    quote: str | None
    provision: str | None


def said(rule: m.Rule, answer: Evaluation) -> list[Said]:
    """What *answer* says of *rule*: its outcome, each condition met, each effect, and what is missing."""
    return list(_sentences(rule, answer))


def _sentences(rule: m.Rule, answer: Evaluation) -> Iterator[Said]:
    versions = [v for v in rule.versions if v.start.day.isoformat() == answer["valid"]["from"]] or rule.versions
    day = in_french(date.fromisoformat(answer["at"]))
    outcome = f"Le {day}, la règle « {rule.title} » {_STATUS[answer['status']]}"
    if answer["status"] == "applicable" and rule.action:
        outcome += f" : {_act(rule)}"
    yield _with(f"{outcome}.", rule.evidence[0].quote if rule.evidence else None, rule)
    for line in answer["because"]:
        held = _condition_words(rule).get(line["condition"])
        stated = f"Le texte dit « {held} »" if held else f"Il faut savoir si {line['condition']}"
        yield _with(f"{stated} : {_MET[line['holds']]} ({line['value']}).", held, rule)
    for name, value in answer["effect"].items():
        held = _effect_words(versions, name, value)
        yield _with(f"{name} : {_value(value)}{f', selon « {held} »' if held else ''}.", held, rule)
    if answer["missing"]:
        yield _with(f"Pour répondre, il manque : {', '.join(answer['missing'])}.", None, rule)


def _act(rule: m.Rule) -> str:
    """The action of a rule with what its modality makes of it, elided before a vowel."""
    turn = _MODALITY[rule.modality]
    if turn.endswith("de"):
        return f"{turn[:-1]}'{rule.action}" if fold(rule.action[0]) in "aeiouh" else f"{turn} {rule.action}"
    return f"{turn} {rule.action}".strip()


def _effect_words(versions: Sequence[m.Version], name: str, value: object) -> str | None:
    """The words that hold an effect of one of *versions*: those of the case that gave *value*, where it has cases."""
    for version in versions:
        for effect in (*version.always, *version.effects):
            if effect.name != name:
                continue
            upheld = [part for part in x.walk(effect.value, leaves=False) if isinstance(part, x.Upheld)]
            for part in upheld:
                if len(upheld) == 1 or words_of(part.value).split()[-1] == str(value):
                    return part.held.words
            if isinstance(effect.value, x.Leaf) and effect.value.held:
                return effect.value.held.words
    return None


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "rien"
    day = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    return in_french(date.fromisoformat(value)) if day and isinstance(value, str) else str(value)


def _with(sentence: str, words: str | None, rule: m.Rule) -> Said:
    """*sentence* with the quote of *rule* that has *words*."""
    if words is None:
        return {"sentence": sentence, "quote": None, "provision": None}
    quotes: Mapping[str, tuple[str, str]] = _places(rule)
    quote, provision = quotes.get(words, (words, None))
    return {"sentence": sentence, "quote": quote, "provision": provision}


@m.once_a_rule
def _condition_words(rule: m.Rule) -> dict[str, str]:
    """The words that hold each condition, by what ``because`` calls it."""
    words: dict[str, str] = {}
    for version in rule.versions:
        for node in version.expressions():
            for part in x.walk(node):
                if isinstance(part, x.Leaf) and part.held:
                    words.setdefault(words_of(part.test), part.held.words)
    return words


@m.once_a_rule
def _places(rule: m.Rule) -> dict[str, tuple[str, str]]:
    """The quote, as it stands in its source, and the provision of each run of words that holds something."""
    nodes = [node for version in rule.versions for node in version.expressions()]
    held = [part.words for node in nodes for part in _helds(node)]
    places: dict[str, tuple[str, str]] = {}
    for evidence in rule.all_evidence():
        found = evidence.found
        quote, provision = (found.quote, found.provision) if found else (evidence.quote, evidence.locator)
        flat = " ".join(quote.split())
        for words in held:
            first = re.split(r"\[?…\]?", words)[0].strip()
            if words not in places and first in flat:
                places[words] = flat, provision
        places.setdefault(evidence.quote, (flat, provision))
    return places


def _helds(node: x.Node) -> Iterator[x.Held]:
    for part in x.walk(node):
        yield from (field for field in cast(tuple[object, ...], part) if isinstance(field, x.Held))
        if isinstance(part, x.Scale):
            yield from (bracket.held for bracket in part.brackets if bracket.held)
