"""The words that each form of the language needs: a rounding is held by words that round, a count by words that count.

Amounts, delays and operators are proved in ``proof``; here is what the other forms say. Patterns are on folded words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

from kb.ground.names import fold
from kb.rules import expressions as x
from kb.rules.phrases import words_of


class Need(NamedTuple):
    """Words that a form must be held by: a pattern on folded words, and what they are called."""

    node: x.Node
    pattern: re.Pattern[str]
    called: str


_UNIT = {
    "année": r"\b(?:ans?|annees?|annuel\w*)\b", "année entamée": r"\bannees? (?:entamee|commencee)|fraction d'annee",
    "année au prorata des mois": r"\b(?:ans?|annees?)\b.*(?:proportion|prorata|\bmois\b)|(?:proportion|prorata).*\b(?:ans?|annees?)\b",
    "mois": r"\bmois\b|\bmensuel", "mois entamé": r"\bmois (?:entame|commence)|\bfraction de mois|\bmois ou fraction",
    "jour": r"\bjours?\b", "jour ouvrable": r"\bjours?\b.*\bouvrables?\b", "jour ouvré": r"\bjours?\b.*\bouvres?\b",
}  # fmt: skip
_STEP = {
    "à l'euro": r"\beuros?\b", "à la dizaine d'euros": r"\bdizaine\b", "au franc": r"\bfrancs?\b", "au centime": r"\bcentimes?\b",
    "à l'unité": r"\bunite\b|\bentier", "au nombre entier": r"\bentier",
}  # fmt: skip
_WAY = {"supérieur": "superieur", "inférieur": "inferieur", "le plus proche": r"plus proche|0,50?\b"}
_ARITH = {
    "-": (r"\b(?:surplus|reste|solde|difference|excedent|diminu\w*|suivante?s?|au-dela|en sus|supplementaires?|dedui\w+|deduction|moins)\b", "un reste"),
    "fois": (r"\bfois\b|\bmultipli|\bpar\b|\bpour ch|\bchacun", "une multiplication"),
    "divisé par": (r"\bdivis|\bmoyenne|\bquotient|\bproportion|\brapport|ieme\b|\bpartage", "une division"),
}  # fmt: skip
_PERIOD = {
    "année": r"\bfin de (?:l'|cet |chaque )?(?:exercice|annee)\b", "trimestre": r"\bfin d\w+ trimestre\b|fin de chaque trimestre",
    "mois": r"\bfin d\w+ mois\b",
}  # fmt: skip
_LEAST = r"\bmoins eleve|\bplus faible|\binferieur|\blimite\b|\bexced|\bplus court"
_MOST = r"\bplus (?:eleve|favorable|avantageu|tardi|long|important)|\bsuperieur|\bmaximum|\bau moins\b|\binferieur"

NEEDS: dict[type, Callable[[x.Node], tuple[str, str]]] = {
    x.Arith: lambda node: _ARITH.get(cast(x.Arith, node).op, ("", "")),
    x.Per: lambda node: (_UNIT[cast(x.Per, node).unit], "l'unité de temps"),
    x.Units: lambda node: (_UNIT[cast(x.Units, node).unit], "l'unité de temps"),
    x.Age: lambda node: (r"\bages?\b|\bans\b", "un âge"),
    x.Elapsed: lambda node: (r"compter|depuis|\bentre\b|\bduree|\banciennete|\bdelai|\bretard|\becoule|\bpend", "une durée"),
    x.Extreme: lambda node: (_MOST if cast(x.Extreme, node).greatest else _LEAST, "ce choix du plus ou du moins"),
    x.Count: lambda node: (r"\bnombre\b|\bpar\b|\bchaque\b|\bchacun|\bdeux\b|\btrois\b|\bieme\b|\bplusieurs\b", "un compte"),
    x.Total: lambda node: (r"\bsomme|\btotal|\bcumul|\bensemble\b|\bglobal", "une somme"),
    x.PeriodEnd: lambda node: (_PERIOD[cast(x.PeriodEnd, node).period], "la fin de la période"),
    x.Rounded: lambda node: (
        rf"(?=.*\b(?:arrondi|porte)).*(?=.*(?:{_STEP[cast(x.Rounded, node).unit]})).*(?:{_WAY[cast(x.Rounded, node).way]})",
        "cet arrondi",
    ),
    x.Unless: lambda node: (
        r"\bsauf\b|\bexcept|\bhormis\b|\btoutefois\b|\ba moins\b|\bn'|\bne\b|\bexclu|\baucun|\bsans\b", "une exception",
    ),
    x.Open: lambda node: (r"\btout(?:e|s)? (?:moyen|autre|document)|\bnotamment\b|\bpar exemple\b", "une liste ouverte"),
}  # fmt: skip


_DEADLINE = re.compile(r"\bau plus tard\b|\bdates? limites?\b|\bdans les delais\b")
_LAPSED = re.compile(r"\bprescri\w+ par\b")
_REACHED = re.compile(r"\b(?:compt|justifi)\w+\b.*\banciennete\b")


def implied(words: str) -> set[str]:
    """The operator of words that bound without a comparator.

    A deadline kept or missed, a prescription that has run, a seniority that is reached.

    >>> implied("au plus tard à la fin de l'année"), implied("versées aux dates limites"), implied("se prescrivent par trois ans")
    ({'<='}, {'<='}, {'>'})
    """
    flat = fold(words)
    if _DEADLINE.search(flat):
        return {">"} if re.search(r"\bn'|\bne\b", flat) else {"<="}
    if _LAPSED.search(flat):
        return {">"}
    return {">="} if _REACHED.search(flat) else set()


def needs(node: x.Node) -> Iterator[Need]:
    """What *node* and the expressions in it need to be said, the conditions in it left out."""
    for part in x.walk(node, leaves=False):
        pattern, called = NEEDS[type(part)](part) if type(part) in NEEDS else ("", "")
        if pattern:
            yield Need(part, re.compile(pattern, re.S), called)


def sentence(need: Need) -> str:
    """What is wrong where the words do not say it."""
    return f"Aucun mot cité ne dit {need.called} : « {words_of(need.node)} »."
