"""One sentence for a clause that does not read: what was not expected, what was, and what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from kb.ground.fault import Fault
from kb.ground.names import fold
from kb.ground.span import Span

if TYPE_CHECKING:
    from lark import Lark, UnexpectedInput

NAMES = {
    "source": "source", "validity": "en vigueur depuis le", "when": "si", "scope": "pour", "then": "alors",
    "always": "dans tous les cas", "also": "aussi", "basis": "fondement", "fact": "donnée", "let": "soit",
    "version": "version", "conflict": "conflit", "replaces": "remplace", "sequel": "suite", "note": "note",
    "unless": "sauf si", "derogates": "par dérogation à", "essai": "essai", "parameter": "paramètre", "worth": "valeur",
    "rule": "règle", "evidence": "preuve", "waiver": "écarté",
}  # fmt: skip


# What the grammar's terminals are called in a sentence; the others are keywords and stand for themselves.
_TERMINALS = {
    "NAME": "un nom de donnée", "LOCATOR": "un lieu (css/D253-81#al5)", "QUOTE": "des mots cités « … »", "SLUG": "un identifiant",
    "TEXT": "quelques mots", "PROSE": "une phrase", "DAY": "un jour (1996-12-27)", "AMOUNT": "un montant (100 F)",
    "DURATION": "une durée (12 mois)", "NUMBER": "un nombre", "ACCOUNT": "un numéro de compte", "RATIO": "une part (2,5 %, un quart)", "PHRASE": "quelques mots", "OP": "une comparaison (<, <=, >=, >, =)", "SIMPLE": "un type de donnée",
    "MODALITY": "faculté, obligation, interdiction, condition ou calcul", "TRUTH": "vrai ou faux", "TODAY": "« ce jour »",
    "_OF": "« de »", "_KNOWN": "« connu le »", "_UNTIL": "« jusqu'au »", "_SINCE": "« depuis le »", "_SAYS": "« qui dit »", "_BY_DEFAULT": "« par défaut »",
    "_WITHIN": "« dans la limite de »", "_EXISTS": "« il existe »", "_SUCH_THAT": "« tels que »",
    "STATUS": "applicable, non applicable, indéterminé ou hors période", "UNIT": "une unité (année, mois entamé, jour ouvrable)",
    "ROUNDED": "un arrondi (arrondi à l'euro supérieur)", "PERIOD_END": "« fin de l'année de »", "EXTREME": "« le plus élevé de »", "LIMIT": "« jusqu'à »",
    "_COUNT": "« nombre de »", "_TOTAL": "« somme de »", "_AGE": "« âge de »", "_ELAPSED": "« durée écoulée de »", "_GIVES": "« donne »", "_NO_FACT": "« sans donnée »",
    "_THE_RULE": "« la règle »", "_FROM_RULE": "« selon la règle »", "_APPLIES": "« s'applique »", "_BY_ANY_MEANS": "« par tout moyen »", "_BEYOND": "« au-delà »",
    "_DIVIDED": "« divisé par »", "_UNLESS": "« sauf si »", "_DEROGATES": "« par dérogation à »", "_ACCORDING": "« d'après »", "_BY_SLICES": "« par tranches »", "_MORE": "«  , »",
    "FILLED": "« n'est pas vide »", "_IN_FORCE": "« en vigueur depuis le »", "_IN_ANY_CASE": "« dans tous les cas »",
}  # fmt: skip


_LIMIT = re.compile("inferieur|superieur|egal|attei|depass|exced|≤|≥|n'attei|n'exced")
_LIMITS = "une limite s'écrit : < (inférieur à), <= (inférieur ou égal à), >= (au moins égal à, atteint), > (dépasse)"


def told(error: UnexpectedInput, text: str, clause: Span, parser: Lark) -> Fault:
    """The fault of a clause of *text* that *parser* did not read."""
    token = getattr(error, "token", None)
    named = (getattr(error, name, None) for name in ("accepts", "allowed", "expected"))
    expected: set[str] = set(next((found for found in named if found), ()))
    at = clause.start + (error.pos_in_stream or 0)
    if at >= clause.end or (token is not None and token.type == "$END"):
        return _fault("clause-inachevee", f"Cette clause s'arrête trop tôt : {_expected(expected, parser)}.", clause)
    match = re.match(r"«[^»]*»?|[\w'’-]+|\S", text[at : clause.end])
    assert match is not None
    word, span = match.group(), Span(clause.source, at, at + match.end())
    if at == clause.start:
        return _fault("clause-inconnue", f"« {word} » n'ouvre aucune clause.", span, nearest(word, _openers()))
    shown = "cette citation" if word.startswith("«") else f"« {word} »"
    hint = _LIMITS if _LIMIT.match(fold(word)) else ""
    return _fault("syntaxe", f"On n'attend pas {shown} ici : {_expected(expected, parser)}.", span, hint)


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names what *word* may have been meant to be."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1, 0.6)
    return f"peut-être « {near[0]} »" if near else ""


def _fault(code: str, sentence: str, span: Span, hint: str = "") -> Fault:
    return Fault(code, sentence, span, hint, grave=True)


@cache
def _openers() -> tuple[str, ...]:
    return tuple(name.split()[0] for name in NAMES.values())


def _expected(terminals: set[str], parser: Lark) -> str:
    patterns = {t.name: t.pattern for t in parser.terminals}
    names = sorted(terminals - {"$END"})
    shown = [_TERMINALS.get(n) or f"« {patterns[n].value} »" for n in names if n in _TERMINALS or n in patterns]
    if len(shown) > 8:
        shown = [*shown[:8], "…"]
    return f"on attend {', '.join(shown)}" if shown else "la clause devrait finir"
