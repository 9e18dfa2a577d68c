"""The words of the pages: days, bounds, statuses and names as jurists write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from kb.ask.answers import Json
from kb.ground.names import fold
from kb.ground.period import in_french
from kb.store.records import ProvisionRow

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
    "deliberation": "Délibération", "avis": "Avis", "note": "Note", "convention": "Convention", "accord": "Accord", "avenant": "Avenant",
    "protocole": "Protocole", "traite": "Traité", "reglement-ue": "Règlement (UE)", "directive-ue": "Directive (UE)",
    "decision-ue": "Décision (UE)", "charte": "Charte", "declaration": "Déclaration", "texte": "Texte",
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
    "debuts-divergents": "Débuts qui diffèrent d'une source à l'autre",
    "textes-divergents": "Textes qui diffèrent d'une source à l'autre",
    "version-double": "Versions dites deux fois",
    "version-inversee": "Versions qui finissent avant de commencer",
    "version-sans-duree": "Versions sans durée",
    "versions-lacune": "Périodes sans version",
    "versions-ouvertes": "Plusieurs versions sans fin",
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
_NATURE = re.compile(r"^([A-Za-z]+(?:-ue)?) (?=n°|du |sans )")
_JOINED = re.compile(r"(?<=[IVXLC\d])(bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies)\b")
_ACCENTS = {
    "legislative": "législative", "reglementaire": "réglementaire", "decrets": "décrets", "decret": "décret", "etat": "État",
    "deuxieme": "deuxième", "troisieme": "troisième", "quatrieme": "quatrième", "cinquieme": "cinquième", "sixieme": "sixième",
    "septieme": "septième", "huitieme": "huitième", "neuvieme": "neuvième", "dixieme": "dixième", "premiere": "première",
    "preliminaire": "préliminaire", "arretes": "arrêtés", "arrete": "arrêté", "generales": "générales", "en": "en", "d": "d’",
}  # fmt: skip
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


def titled(row: ProvisionRow) -> str:
    """The title of a text or division as it is written; one made from an id, which has no accents, in words: "Chapitre II bis"."""
    if row.kind == "texte":
        return _NATURE.sub(lambda m: NATURES.get(m[1].lower(), m[1]) + " ", row.title, count=1)
    if row.kind != "division" or row.title != row.id.rpartition("/")[2]:
        return row.title
    words = _JOINED.sub(r" \1", row.title).split("-")
    said = " ".join(_ACCENTS.get(word.lower(), word) for word in words)
    return said[:1].upper() + said[1:]


def short(text: ProvisionRow) -> str:
    """The title of a text down to its date: "Décret n° 95-164 du 15 février 1995"; one without a date down to its comma."""
    title = titled(text)
    if "/" in text.id and not text.signed:
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
    found = re.fullmatch(r"\[([\w-]+), ([\w-]+)\)(?: (\w+))?(?: \w+)?", value) if key == "version" else None
    if not found:
        return day(value)
    start, end, official = found.groups()
    until = f"au {day(end)} exclu" if end[0].isdigit() else f"fin {'ouverte' if end == 'ouvert' else 'inconnue'}"
    return f"{f'{official} : ' if official else ''}du {day(start)}{' ' if end[0].isdigit() else ', '}{until}"


def rule_words(words: str, quotes: Iterable[str]) -> str:
    """A rule as it is compiled, in the spelling of the words it rests on: accents, amounts, signs."""
    spelt = {fold(word): word.lower() for quote in quotes for word in re.findall(r"[^\W\d_]+", quote)}
    shown = re.sub(r"[a-z]+(?=[a-z_]*)", lambda m: spelt.get(m.group(), m.group()), words)
    shown = re.sub(r"(\d+)\.00 FRF\b", r"\1 F", shown).replace(" FRF", " F").replace("<=", "≤").replace(">=", "≥")
    return re.sub(r"(?<=\d)\.(?=\d\d F\b)", ",", shown)


def step(found: Json) -> str:
    """A step of a lineage in one sentence: a measure and the days on which it holds."""
    start, end = ((found[key] or {}).get("day") for key in ("from", "until"))
    return (
        in_force({"start": start, "end": end, "end_is": "date" if end else "ouvert"})
        .replace("En vigueur", "")
        .replace(", sans fin fixée", "")
        .strip()
    )


def fragment(words: str) -> str:
    """A fragment as it is read: "al2" is "2e alinéa"."""
    return ", ".join(
        _LABEL.sub(lambda m: f"{m[2]}{'er' if m[2] == '1' else 'e'} {_LABELS[m[1]]}", step) for step in words.split(",")
    )


def count(number: int) -> str:
    """A number with the spaces that jurists put: 303 342."""
    return f"{number:,}".replace(",", NBSP)


def _eve(iso: str) -> str:
    return (date.fromisoformat(iso) - timedelta(days=1)).isoformat()
