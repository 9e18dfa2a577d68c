"""The words of the pages: days, bounds, statuses and names as jurists write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kb.ask.answers import Json
from kb.ground.period import in_french

STATUS = {
    "en_vigueur": "en vigueur",
    "pas_encore": "pas encore en vigueur",
    "abroge": "plus en vigueur",
    "inconnu": "statut inconnu",
}
DONE = {
    "cree": "Créé", "modifie": "Modifié", "abroge": "Abrogé", "codifie": "Codifié", "remplace": "Remplacé",
    "transfere": "Transféré", "deplace": "Déplacé", "rectifie": "Rectifié", "annule": "Annulé", "perime": "Périmé", "disjoint": "Disjoint",
}  # fmt: skip
DOES = {
    "cree": "Crée", "modifie": "Modifie", "abroge": "Abroge", "codifie": "Codifie", "remplace": "Remplace",
    "transfere": "Transfère", "deplace": "Déplace", "rectifie": "Rectifie", "annule": "Annule", "perime": "Périme", "disjoint": "Disjoint",
}  # fmt: skip
NATURES = {
    "code": "Code", "loi": "Loi", "ordonnance": "Ordonnance", "decret": "Décret", "arrete": "Arrêté",
    "circulaire": "Circulaire", "instruction": "Instruction", "lettre": "Lettre", "decision": "Décision",
}  # fmt: skip
FACTS = {
    "signed": "Signature", "published": "Publication au Journal officiel", "in_force": "Entrée en vigueur", "nor": "NOR",
    "jorftext": "Identifiant Légifrance du texte", "legiarti": "Identifiant Légifrance de l'article",
    "legitext": "Identifiant Légifrance du texte", "jorfarti": "Identifiant Légifrance de l'article",
    "eli": "ELI", "absent_on": "Absent du code au", "abrogated_by": "Abrogé par", "abrogated_on": "Abrogé au",
    "created_by": "Créé par", "created_on": "Créé au", "modified_by": "Modifié par", "modified_on": "Modifié au",
    "codified_as": "Codifié sous", "codified_on": "Codifié au", "codified_by": "Codifié par",
    "recodified_by": "Recodifié par", "recodified_on": "Recodifié au", "former_numbers": "Numéros de l'ancienne partition",
    "codified_by_number": "Codifié par", "not_before": "Pas antérieur au", "threshold": "Seuil", "rate": "Parité",
    "regulation": "Règlement", "counted_since": "Compté ainsi depuis le", "circular": "Circulaire",
    "version": "Version",
}  # fmt: skip
AUTHORITIES = {
    "seed": "la source elle-même", "hist": "historique git", "secondary": "sources secondaires", "public": "notoriété publique",
}  # fmt: skip
SUBJECTS = {"alineas": "Le compte des alinéas", "euro": "L'euro"}
MODALITIES = {
    "faculte": ("Faculté", "Facultés"), "obligation": ("Obligation", "Obligations"), "interdiction": ("Interdiction", "Interdictions"),
    "condition": ("Condition", "Conditions"), "calcul": ("Calcul", "Calculs"),
}  # fmt: skip
NOTES = {"conflit": "Conflit", "chronologie": "Chronologie", "anomalie": "Anomalie", "note": "Note"}
FAULTS = {
    "citation-non-lue": "Mots qui ressemblent à une citation et n'ont pas été lus",
    "bornes-divergentes": "Bornes qui diffèrent d'une autorité à l'autre",
    "versions-chevauchantes": "Versions qui se chevauchent",
    "provision-double": "Dispositions lues deux fois",
}
CITED = {
    "resolved": "Texte présent dans cette base",
    "known": "Texte absent de cette base",
    "unknown": "Renvoi dont la cible n'est pas établie",
    "ambiguous": "Renvoi ambigu : plusieurs cibles possibles",
    "date_only": "Acte connu par sa seule date, que d'autres peuvent porter",
    "absent": "Aucun article de ce numéro dans ce code, que cette base tient entier",
    "contradicted": "Le numéro et la date de cet acte ne vont pas ensemble",
    "not_covered": "Document qu'une base de droit ne tient pas : contrat, statuts, droit étranger",
}
NBSP = "\u00a0"
_CODE_NUMBER = re.compile(r"\b(LO|[LRDA])(?:\. ?)?(?=\d{2})")
_DATED = re.compile(r"^.*?\bdu \d{1,2}(?:er)? \w+ \d{4}")
_TIGHT = re.compile(r" (?=[;:?!»%])|(?<=«) |(?<=\bn°) |(?<=\bNº) |(?<=\d) (?=\d{3}\b)")
_LABELS = {
    "al": "alinéa",
    "nota": "nota",
    "lien": "lien",
    "tete": "mention d'en-tête",
    "signature": "ligne de signature",
}
_LABEL = re.compile(rf"^({'|'.join(_LABELS)})(\d+)$")
_PRINTED = re.compile(r"[IVXLC]+|[\d.]+°?|[A-Z]")


def day(iso: str | None) -> str:
    """``1993-09-01`` as "1er septembre 1993"; anything else as it is."""
    try:
        return in_french(date.fromisoformat(iso or "")).replace(" ", NBSP)
    except ValueError:
        return iso or "date inconnue"


def number(words: str) -> str:
    """Article numbers as jurists print them: "D253-81" is "D. 253-81"."""
    return _CODE_NUMBER.sub(rf"\1.{NBSP}", words)


def typeset(words: str) -> str:
    """Our own sentences and titles with the spaces that must not break; never the words of a text."""
    return number(_TIGHT.sub(NBSP, words))


def printed(num: str) -> str:
    """The number of a division where it was printed, and not made from its title."""
    return num if _PRINTED.fullmatch(num) else ""


def short(text: Json) -> str:
    """The title of a text down to its date: "Décret n° 95-164 du 15 février 1995"; one without a date down to its comma."""
    title = str(text["title"])
    if "/" in text["id"] and not text["signed"]:
        return typeset(title.partition(",")[0])
    found = _DATED.match(title)
    return typeset(found.group() if found else title)


def in_force(version: Json) -> str:
    """The validity of a version in one sentence; ends that nobody states are said to be unknown."""
    start, end = version["start"], version["end"]
    if start and end:
        return f"En vigueur du {day(start)} au {day(_eve(end))} inclus"
    if start and version["end_is"] == "ouvert":
        return f"En vigueur depuis le {day(start)}, sans fin fixée"
    if start:
        return f"En vigueur depuis le {day(start)}{NBSP}; fin inconnue"
    if end:
        return f"Début inconnu{NBSP}; en vigueur jusqu'au {day(_eve(end))} inclus"
    return "Dates d'entrée en vigueur et de fin inconnues"


def end_of(version: Json) -> str:
    """The end of a version: its first day out of force, or why there is none."""
    if version["end"]:
        return f"{day(version['end'])}, premier jour où elle n'est plus en vigueur"
    return (
        "ouverte : une autorité déclare qu'aucune fin n'est fixée"
        if version["end_is"] == "ouvert"
        else "inconnue : aucune source ne la dit"
    )


def start_of(version: Json) -> str:
    return day(version["start"]) if version["start"] else "inconnu : aucune source ne le dit"


def fact_value(key: str, value: str) -> str:
    """The value of a fact; a version's interval is said in words."""
    found = re.fullmatch(r"\[([\w-]+), ([\w-]+)\)(?: (\w+))?", value) if key == "version" else None
    if not found:
        return day(value)
    start, end, official = found.groups()
    until = f"au {day(end)} exclu" if end[0].isdigit() else f"fin {'ouverte' if end == 'ouvert' else 'inconnue'}"
    return f"{f'{official} : ' if official else ''}du {day(start)}{' ' if end[0].isdigit() else ', '}{until}"


def fragment(words: str) -> str:
    """A fragment as it is read: "al2" is "2e alinéa"."""
    return ", ".join(
        _LABEL.sub(lambda m: f"{m[2]}{'er' if m[2] == '1' else 'e'} {_LABELS[m[1]]}", step) for step in words.split(",")
    )


def _eve(iso: str) -> str:
    return (date.fromisoformat(iso) - timedelta(days=1)).isoformat()
