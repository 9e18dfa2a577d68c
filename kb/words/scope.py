"""What a denial governs: "ne peut excéder 500 F" denies the limit, "n'est pas applicable aux salariés de plus de 25 ans" does not.

The words before a comparator are looked at, back to the beginning of its clause. The nearest denial counts; whether it
reaches the comparator depends on what stands between the two and on the kind of the comparator.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from kb.ground.names import fold


class Kind(Enum):
    """How a comparator stands in its clause."""

    INFINITIVE = auto()  # excéder
    VERB = auto()  # excède, a atteint
    PARTICIPLE = auto()  # excédant
    ADJECTIVE = auto()  # supérieur à
    ADVERB = auto()  # plus de, au-delà de
    LEAST = auto()  # au moins, au plus
    MOMENT = auto()  # avant, après
    FIXED = auto()  # dans la limite de, jusqu'à: never denied


class Denial(NamedTuple):
    """Whether the comparator is denied; ``start`` is where the denial begins, ``end`` where the bound it governs ends."""

    denied: bool
    start: int
    end: int = 0


_BACK = 260  # characters looked back at most, so that the cost stays linear
_SENTENCE = re.compile(r"[;:]|(?<![LRDA])(?<!\bal)(?<!\bart)(?<!\bp)(?<!\bn)\.(?=\s)|(?<=[.;:,])\s*\n|\n\s*\n")
_DENIAL = re.compile(
    r"\b(?:ne\b|n['’]|sans\s+qu(?:e\b|['’])|sans\b|ni\b|non\b|pas\b|interdi\w+|interdiction\b|prohib\w+)", re.I
)
# relatives, conjunctions and present participles open a clause that the denial does not reach
_CLOSED = re.compile(
    r"\b(?:que?|qui|dont|ou(?=\s+(?:la|le|les|il|elle))|lequel|laquelle|lesquels|lesquelles|auxquel\w+|duquel|desquel\w+|si|s'il\w*|lorsqu\w*|quand"
    r"|sauf|hormis|excepte|des lors|tant|puisqu\w*|afin|mais|toutefois(?= [a-z]+ [a-z]+ est)"
    r"|ayant|etant|comptant|employant|occupant|justifiant|representant|beneficiant|comportant|disposant|percevant|exercant|detenant|relevant|ages?|agees?)\b|\bqu'"
)
_MODAL = re.compile(
    r"(?:l[ae]s?\s+|lui\s+|leur\s+|en\s+|y\s+|s['’]|se\s+)*(?:peu\w+|pui\w+|pour(?:ra|ront|rait|raient)\b|pouvant|pouvai\w+|saur\w+|doi\w+|dev(?:ra|ront|rait|raient|ant|ai\w+)\b)",
    re.I,
)
_NOT = r"(?:pas|point|jamais|plus|aucun\w*|guere|nullement)"
_ADVERBS = r"(?:(?:encore|toutefois|cependant|en aucun cas|au total|globalement|ensemble|strictement|effectivement|elle-meme|lui-meme|non plus|en moyenne|deja|alors|cumule\w*)\s+)*"
_PLAIN = {
    # n'excède pas, n'a pas atteint, n'ayant pas dépassé
    Kind.VERB: rf"(?:(?:a|ont|ait|aient|aura|auront|avait|ayant)\s+(?:{_NOT}\s+)?)?{_ADVERBS}",
    Kind.PARTICIPLE: rf"(?:{_NOT}\s+)?{_ADVERBS}",
    Kind.INFINITIVE: rf"(?:{_NOT}\s+)?(?:\w+\s+)?{_ADVERBS}",
    # n'est pas inférieur, n'est pas d'un montant inférieur
    Kind.ADJECTIVE: rf"(?:\w+\s+)?{_NOT}\s+(?:ete\s+|etre\s+)?{_ADVERBS}",
    # ne travaille pas moins de, n'est pas versé au-delà de, ne compte pas plus de
    Kind.ADVERB: rf"(?:\w+\s+){{1,2}}?{_NOT}\s+(?:\w+(?:er|ir|re|[ei]e?s?|us?|ues?)\s+)?{_ADVERBS}(?:(?:de|d'|a|pendant|pour|durant|depuis|par)\s*)?",
    Kind.LEAST: rf"(?:\w+\s+){{1,2}}?{_NOT}\s+(?:\w+[ei]e?s?\s+)?{_ADVERBS}(?:(?:de|d'|a|pendant|depuis|par)\s*)?",
    Kind.MOMENT: rf"(?:\w+\s+){{1,2}}?{_NOT}\s+(?:\w+(?:er|ir|re|[ei]e?s?|us?|ues?)\s+)?{_ADVERBS}",
}
_PLAIN_RULES = {kind: re.compile(words) for kind, words in _PLAIN.items()}
# "n'est pas d'une durée supérieure à", "ne justifie pas d'une ancienneté supérieure à"
_MEASURES = (
    r"(?:duree|delai|periode|montant|somme|taux|nombre|prix|valeur|superficie|surface|indemnite|pension|remuneration|salaire|pourcentage"
    r"|proportion|fraction|part|effectif|age|date|amende|penalite|quotite|coefficient|niveau|seuil|plafond|total|capital|majoration"
    r"|reduction|temperature|intervalle|frequence|distance|hauteur|poids|capacite|puissance|volume|tarif|anciennete|revenu|cotisation"
    r"|allocation|prestation|rente|horaire|quantite|dose|teneur|concentration|longueur|largeur|vitesse|incapacite|marge|ecart|remise"
    r"|depense|charge|perte|temps|rang|degre|interruption|nuitees?)"
)
_MEASURED = re.compile(
    rf"\b(?:une?\s+|l[ae]\s+|l'|d'une?\s+|a\s+une?\s+|des\s+|de\s+|du\s+)?{_MEASURES}s?\s+(?:[a-z-]+\s+){{0,3}}$"
)
_OF_MEASURE = re.compile(rf"{_NOT}\s+(?:\w+e?s?\s+)?(?:d'une?|de|une?|l[ae]|l')\s*{_MEASURES}\s+(?:[a-z]+\s+){{0,2}}$")
_BEING = re.compile(r"\b(?:etre|demeurer|rester|devenir|soi(?:t|ent)|ni|puisse\s+etre|plus|non)\s+(?:(?:ni|strictement|elle-meme|egalement|globalement)\s+)*$")
# "aux salariés de plus de 25 ans": the bound belongs to the noun, unless that noun is a measure or the word before compares
_OF_NOUN = re.compile(r"(\w+)\s+d(?:e\s+|')$")
_COMPARES = re.compile(rf"(?:{_MEASURES}s?|\w*(?:erieure?s?|etre|soit|excede|depasse)|reduite?s?|augmente\w*|majore\w*|minore\w*|diminue\w*|\w+er)$")
_ATTACHED = re.compile(r"\b(?!(?:ete|etre|avoir|pas)\b)(\w+)\s+\w+(?:ee?s?|is?|ie?s?|ue?s?|ts?|tes?)\s+$")
_GOVERNED = re.compile(r"\b(?:etre|avoir|ete|soit|soient|pas|peut|peuvent|y|en|se|a|sauf|plus)$")
_NOBODY = re.compile(r"\b(?:nul|nulle|aucune?|personne|rien|jamais)\b")
# "à moins que le montant n'excède": this "ne" denies nothing
_EMPTY = re.compile(r"\b(?:a moins qu\w*|avant qu\w*|de peur qu\w*|de crainte qu\w*|s|si)\b[^,]*$")
_JOINED = re.compile(r"^[^.;:]{0,70}?(?:\b(?:ou|ni|et)|,)\s*(?:(?:de|d'|a|en|pour|etre|pendant)\s*)?$")


def denied(text: str, at: int, kind: Kind) -> bool:
    """Whether the comparator of *kind* at *at* is denied by the words before it."""
    return denial(text, at, kind, None).denied


def denial(text: str, at: int, kind: Kind, last: Denial | None) -> Denial:
    """What the words before *at* do to a comparator of *kind*; *last* is what was said of the bound before."""
    if kind is Kind.FIXED:
        return Denial(False, at)
    clause = _clause(text, at)
    begin = at - len(clause)
    found = None
    for found in _DENIAL.finditer(clause):
        pass
    if found is None:
        return Denial(False, at)
    start = begin + found.start()
    if last and last.denied and last.start >= begin and start <= last.end:
        joined = _flat(text[last.end : at])
        if _JOINED.search(joined) and not _CLOSED.search(joined):
            return Denial(True, at)
    word = _flat(found.group()).strip()
    if word == "pas" and (ne := _ne_before(clause, found.start())) is not None:
        found = ne
        word, start = "ne", begin + ne.start()
    if word == "ne" or word == "n'":
        before = clause[: found.start()]
        outer = re.search(r"\bsans\s+qu(?:e\b|['’])[^,;]*$", before, re.I)
        if outer is not None:  # the "ne" of "sans que … ne puisse" denies nothing more
            return Denial(_reached(_flat(clause[outer.end() - len(outer.group()) + 8 :]), kind, True), begin + outer.start())
        after = clause[found.end() :]
        modal = _MODAL.match(after.lstrip())
        between = _flat(after)
        if modal is not None:
            tail = _flat(after.lstrip()[modal.end() :])
            return Denial(_reached(tail, kind, False), start)
        return Denial(_plain(_flat(before), between, kind, _follows(text, at, kind)), start)
    between = _flat(clause[found.end() :])
    if word.startswith("sans qu"):
        return Denial(_reached(between, kind, True), start)
    if word in ("non", "pas"):
        return Denial(re.fullmatch(r"\s*(?:(?:encore|strictement|d'|de)\s*)?", between) is not None and kind is not Kind.MOMENT, start)
    if word == "ni":
        return Denial(_reached("ni " + between.lstrip(), kind, False), start)
    return Denial(_reached(between, kind, False), start)


def _clause(text: str, at: int) -> str:
    window = text[max(0, at - _BACK) : at]
    cut = 0
    for match in _SENTENCE.finditer(window):
        cut = match.end()
    return window[cut:]


def _flat(words: str) -> str:
    return re.sub(r"\s+", " ", fold(words))


def _ne_before(clause: str, at: int) -> re.Match[str] | None:
    """The "ne" that a "pas" completes, a few words before it."""
    found = None
    for match in re.finditer(r"\bne\b|\bn['’]", clause[:at], re.I):
        found = match
    return found if found is not None and len(clause[found.end() : at].split()) <= 5 else None


def _follows(text: str, at: int, kind: Kind) -> bool:
    """Whether "pas" stands right behind the verb at *at*."""
    return kind is Kind.VERB and re.match(r"\w+\s+(?:pas|point|jamais|plus|gu[èe]re|aucun\w*)\b(?!\s+d[eu']\b)", text[at : at + 40]) is not None


def _reached(between: str, kind: Kind, finite: bool) -> bool:
    """Whether a denial of what can, may or must be reaches the comparator over *between*; *finite* after "sans que"."""
    if _CLOSED.search(between):
        return False
    if kind is Kind.INFINITIVE:
        return True
    if kind is Kind.VERB:
        return finite or between.strip() in ("", "ni")
    if kind is Kind.PARTICIPLE:
        return _MEASURED.search(between) is not None
    if kind is Kind.ADJECTIVE:
        return _BEING.search(between) is not None or _MEASURED.search(between) is not None or between.strip() in ("ni", "")
    if kind is Kind.LEAST:
        return _BEING.search(between) is not None
    if kind is Kind.MOMENT:
        attached = _ATTACHED.search(between)
        return attached is None or _GOVERNED.search(between[: attached.end(1)]) is not None
    noun = _OF_NOUN.search(between)
    return noun is None or _COMPARES.search(noun[1]) is not None


def _plain(before: str, between: str, kind: Kind, follows: bool) -> bool:
    """Whether "ne … pas" without a modal verb reaches the comparator: only right before it."""
    if _CLOSED.search(between):
        return False
    full = re.search(rf"\b{_NOT}\b", between) is not None or follows
    if not full:
        if _EMPTY.search(before):
            return False
        if kind in (Kind.VERB, Kind.PARTICIPLE) and between.strip() == "":
            return True
        return _NOBODY.search(before) is not None and re.fullmatch(r"\s*(?:\w+\s+){1,2}(?:(?:de|d'|a|pendant)\s*)?", between) is not None
    if _PLAIN_RULES[kind].fullmatch(between.lstrip()):
        return True
    return kind in (Kind.ADJECTIVE, Kind.PARTICIPLE) and _OF_MEASURE.search(between) is not None
