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
    DELAY = auto()  # dans un délai de
    FIXED = auto()  # dans la limite de, jusqu'à: never denied


class Denial(NamedTuple):
    """Whether the comparator is denied; ``start`` is where the denial begins, ``end`` where the bound it governs ends."""

    denied: bool
    start: int
    end: int = 0


_BACK = 260  # characters looked back at most, so that the cost stays linear
_SENTENCE = re.compile(r"[;:]|(?<![LRDA])(?<!\bal)(?<!\bart)(?<!\bp)(?<!\bn)\.(?=\s)|(?<=[.;:,])\s*\n|\n\s*\n")
_SUCH = re.compile(r"\bsans\s+(?:\w+\s+)?qu(?:e\b|['’])([^,;]*)$", re.I)
_RIGHT_BEFORE = re.compile(r"\s*(?:(?:encore|strictement|d'|de)\s*)?")
_WITHOUT = re.compile(r"\bsans\s+(?:\w+\s+){0,2}$", re.I)
_NE = re.compile(r"\bne\b|\bn['’]", re.I)
_ASIDE = re.compile(r",[^,]*,")
_DENIAL = re.compile(
    r"\b(?:ne\b|n['’]|sans\s+(?:\w+\s+)?qu(?:e\b|['’])|sans\b(?=\s+(?:\w+\s+){0,2}?\w+(?:er|ir|re)\b)|ni\b|non\b(?!\s+plus)|pas\b|jamais\b|interdi\w+|interdiction\b|prohib\w+)",
    re.I,
)
# relatives, conjunctions and present participles open a clause that the denial does not reach
_CLOSED = re.compile(
    r"\b(?:que?|qui|dont|ou(?=\s+(?:la|le|les|il|elle))|lequel|laquelle|lesquels|lesquelles|auxquel\w+|duquel|desquel\w+|si|s'il\w*|lorsqu\w*|quand"
    r"|sauf|hormis|excepte|des lors|tant|puisqu\w*|afin|mais|toutefois(?= [a-z]+ [a-z]+ est)"
    r"|ayant|etant|comptant|employant|occupant|justifiant|representant|beneficiant|comportant|disposant|percevant|exercant|detenant|relevant|(?<!etre )(?<!ete )(?<!pas )agee?s?)\b|\bqu'"
)
_MODAL = re.compile(
    r"(?:l[ae]s?\s+|lui\s+|leur\s+|en\s+|y\s+|s['’]|se\s+)*(?:peu\w+|pui\w+|pour(?:ra|ront|rait|raient)\b|pouvant|pouvai\w+|saur\w+|doi\w+|dev(?:ra|ront|rait|raient|ant|ai\w+)\b"
    r"|(?:a|ont|ait|aient|aura|auront)\s+pas\s+pour\s+(?:effet|objet|cons[ée]quence)\b|condui\w+\s+pas\b|perme\w+\s+pas\b)",
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
    Kind.ADVERB: rf"(?:\w+\s+){{1,2}}?{_NOT}\s+(?:(?!aux?\b|des?\b|du\b|les?\b|la\b|d'|l')\w+\s+){{0,3}}?{_ADVERBS}(?:(?:de|d'|a|pendant|pour|durant|depuis|par)\s*)?",
    Kind.LEAST: rf"(?:\w+\s+){{1,2}}?{_NOT}\s+(?:(?:ete\s+)?\w+[eius]e?s?\s+)?{_ADVERBS}(?:(?:de|d'|a|pendant|depuis|par)\s*)?",
    Kind.MOMENT: rf"(?:\w+\s+){{1,2}}?{_NOT}\s+(?:\w+(?:er|ir|re|[ei]e?s?|us?|ues?)\s+)?{_ADVERBS}",
}
_PLAIN_RULES = {kind: re.compile(words) for kind, words in _PLAIN.items()}
# "n'est pas d'une durée supérieure à", "ne justifie pas d'une ancienneté supérieure à"
_MEASURES = (
    r"(?:duree|delai|periode|montant|somme|taux|nombre|prix|valeur|superficie|surface|indemnite|pension|remuneration|salaire|pourcentage"
    r"|proportion|fraction|part|effectif|age|date|amende|penalite|quotite|coefficient|niveau|seuil|plafond|total|capital|majoration"
    r"|reduction|temperature|intervalle|frequence|distance|hauteur|poids|capacite|puissance|volume|tarif|anciennete|revenu|cotisation"
    r"|allocation|prestation|ressource|rente|horaire|quantite|dose|teneur|concentration|longueur|largeur|vitesse|incapacite|marge|ecart|remise"
    r"|depense|charge|perte|temps|rang|degre|interruption|nuitees?)"
)
_MEASURED = re.compile(
    rf"\b(?:(?:d')?(?:une?|aucune?)\s+[a-z-]+\s+(?:(?:(?:de|en)\s+|d'|a\s+l')?[a-z-]+\s+){{0,3}}|(?:d')?une?\s+{_MEASURES}\s[^,]*|(?:l[ae]\s+|l'|de\s+|du\s+){_MEASURES}\s+(?:[a-z-]+\s+){{0,3}})$"
)
_OF_MEASURE = re.compile(
    rf"{_NOT}\s+(?:\w+e?s?\s+)?(?:d'une?|des?|une?|l[ae]|l')\s*{_MEASURES}s?\s+(?:[a-z]+\s+){{0,2}}(?:d'|de\s+)?$"
)
# "ne comportent pas de couloir supérieur à dix mètres"
_NONE_SUCH = re.compile(rf"\b{_NOT}\s+(?:\w+\s+)?d(?:e\s+|')[\w-]+\s+(?:[a-z]+\s+)?$")
_BEING = re.compile(
    r"\b(?:etre|demeurer|rester|devenir|soi(?:t|ent)|ni|puisse\s+etre|plus|non)\s+(?:(?:ni|strictement|elle-meme|egalement|globalement)\s+)*$"
)
# "aux salariés de plus de 25 ans": the bound belongs to the noun, unless that noun is a measure or the word before compares
_OF_NOUN = re.compile(r"(\w+)\s+d(?:e\s+|')$")
_COMPARES = re.compile(
    rf"(?:{_MEASURES}s?|titre|cours|raison|occasion|egard|sein|aupres|profit|faveur|benefice|moyen|nom|validation|attribution|versement|paiement|octroi|recrutement|embauche|acquisition|cession|\w*(?:erieure?s?|etre|soit|excede|depasse)|reduite?s?|augmente\w*|majore\w*|minore\w*|diminue\w*|\w+er)$"
)
# "les contrats conclus avant le": the participle belongs to the noun, but not that of "être conclus"
_ATTACHED = re.compile(r"\b(\w+)\s+\w+(?:[éiu]e?s?|(?:ver|fai|di|cri|mi|fer)te?s?|ant|ants)\s+$")
_GOVERNED = re.compile(r"(?:être|avoir|été|soit|soient|pas|peut|peuvent|y|en|se|ni)$")
# verbs that take "de": "disposer dans la société de plus d'un vingtième des voix"
_TAKES_OF = re.compile(
    r"\b(?:dispos|benefici|apparten|membre|partie|jouir|jouiss|compos|justifi|faire\s+l'objet|fass\w+\s+l'objet|s'ecart|s'eloign|reduire|augmenter|majorer|diminuer|minorer|etre\s+\w)\w*(?:(?!\bd(?:e\b|')).)*\bd(?:e\s+|')$"
)
_NOBODY = re.compile(r"\b(?:nul|nulle|aucune?|personne|rien|jamais)\b")
# "à moins que le montant n'excède": this "ne" denies nothing
_EMPTY = re.compile(r"\b(?:a moins qu\w*|avant qu\w*|de peur qu\w*|de crainte qu\w*|s'ils?|si)\b[^,]*$")
_JOINED = re.compile(r"^[^.;:]{0,70}?(?:\b(?:ou|ni|et)|,)\s*(?:(?:de|d'|a|en|pour|etre|pendant)\s*)?$")


def denied(text: str, at: int, kind: Kind) -> bool:
    """Whether the comparator of *kind* at *at* is denied by the words before it."""
    return denial(text, at, kind, None).denied


def no_longer(text: str, at: int) -> bool:
    """Whether the "plus" at *at* is that of "ne bénéficie plus d'une indemnité", not that of "ne reçoit plus d'une part"."""
    clause = _flat(_clause(text, at))
    found = re.search(r"\bn(?:e\s+|')(?:l[ae]s?\s+|l'|lui\s+|y\s+|en\s+)?(?:\w+\s+)$", clause)
    return (
        found is not None
        and not _MODAL.match(clause[found.start() :].removeprefix("ne ").removeprefix("n'"))
        and not (_NOBODY.search(clause[: found.start()]))
    )


def denial(text: str, at: int, kind: Kind, last: Denial | None) -> Denial:
    """What the words before *at* do to a comparator of *kind*; *last* is what was said of the bound before."""
    if kind is Kind.FIXED:
        return Denial(False, at)
    clause = _clause(text, at)
    begin = at - len(clause)
    if kind is Kind.INFINITIVE and (without := _WITHOUT.search(clause)) is not None:
        return Denial(True, begin + without.start())
    found = _last(_DENIAL, clause)
    if found is None:
        return Denial(False, at)
    if last and last.denied and begin <= last.start and begin + found.start() <= last.end:
        joined = _flat(text[last.end : at])
        if _JOINED.search(joined) and not _CLOSED.search(joined):
            return Denial(True, at)
    if _flat(found.group()) in ("pas", "jamais"):
        found = _ne_before(clause, found.start()) or found
    word, before, after = _flat(found.group()), clause[: found.start()], clause[found.end() :]
    if word in ("ne", "n'"):
        such = _SUCH.search(before)
        if such is not None and not _CLOSED.search(_flat(such[1])):
            # the "ne" of "sans que la durée ne puisse" denies nothing more
            return Denial(_reached(clause[such.start(1) :], kind, True), begin + such.start())
        modal = _MODAL.match(after.lstrip())
        if modal is None:
            denied = _plain(_flat(before), _flat(after), kind, _follows(text, at, kind))
        else:
            denied = _reached(after.lstrip()[modal.end() :], kind, False)
    elif word in ("non", "pas", "jamais"):
        denied = kind is not Kind.MOMENT and _RIGHT_BEFORE.fullmatch(_flat(after)) is not None
    elif word == "ni":
        denied = _reached("ni " + after.lstrip(), kind, False)
    else:
        denied = _reached(after, kind, word.startswith("sans") and "qu" in word)
    return Denial(denied, begin + found.start())


def _clause(text: str, at: int) -> str:
    window = text[max(0, at - _BACK) : at]
    cut = 0
    for match in _SENTENCE.finditer(window):
        cut = match.end()
    return window[cut:]


def _flat(words: str) -> str:
    return re.sub(r"\s+", " ", fold(words))


def _last(pattern: re.Pattern[str], words: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(words):
        found = match
    return found


def _ne_before(clause: str, at: int) -> re.Match[str] | None:
    """The "ne" that a "pas" completes, a few words before it."""
    found = _last(_NE, clause[:at])
    return found if found is not None and len(clause[found.end() : at].split()) <= 5 else None


def _follows(text: str, at: int, kind: Kind) -> bool:
    """Whether "pas" stands right behind the verb at *at*."""
    return (
        kind in (Kind.VERB, Kind.PARTICIPLE)
        and re.match(r"\w+\s+(?:pas|point|jamais|plus|gu[èe]re|aucun\w*|ni)\b(?!\s+d[eu']\b)", text[at : at + 40])
        is not None
    )


def _reached(words: str, kind: Kind, finite: bool) -> bool:
    """Whether a denial of what can, may or must be reaches the comparator over *words*; *finite* after "sans que"."""
    between = _ASIDE.sub(" ", _flat(words))
    if _CLOSED.search(between):
        return False
    if kind is Kind.INFINITIVE:
        return True
    if kind is Kind.VERB:
        return finite or between.strip() in ("", "ni")
    if kind is Kind.PARTICIPLE:
        return _MEASURED.search(between) is not None
    if kind is Kind.ADJECTIVE:
        return (
            _BEING.search(between) is not None or _MEASURED.search(between) is not None or between.strip() in ("ni", "")
        )
    if kind is Kind.LEAST:
        return _BEING.search(between) is not None
    if kind is Kind.MOMENT:
        attached = _ATTACHED.search(words.lower())
        return attached is None or _GOVERNED.search(attached[1]) is not None
    noun = _OF_NOUN.search(between)
    return noun is None or _COMPARES.search(noun[1]) is not None or _TAKES_OF.search(between) is not None


def _plain(before: str, between: str, kind: Kind, follows: bool) -> bool:
    """Whether "ne … pas" without a modal verb reaches the comparator: only right before it."""
    between = _ASIDE.sub(" ", between).lstrip()
    if _CLOSED.search(between.partition(" ")[2]):  # the first word is the verb that is denied
        return False
    full = re.search(rf"\b{_NOT}\b", between) is not None or follows
    if not full:
        if _EMPTY.search(before):
            return False
        if kind in (Kind.VERB, Kind.PARTICIPLE) and between.strip() == "":
            return True
        return (
            _NOBODY.search(before) is not None
            and re.fullmatch(r"\s*(?:\w+\s+){1,2}(?:(?:de|d'|a|pendant)\s*)?", between) is not None
        )
    if _PLAIN_RULES[kind].fullmatch(re.sub(r" +", " ", between)):
        return True
    if kind is Kind.ADJECTIVE and _NONE_SUCH.search(between):
        return True
    return kind in (Kind.ADJECTIVE, Kind.PARTICIPLE, Kind.LEAST) and _OF_MEASURE.search(between) is not None
