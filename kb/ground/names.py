"""Which: the ids of texts, provisions and versions, and how article numbers are compared.

Ids are paths in the spirit of ELI: ``css/D253-81@1993-09-01#al5``. The grammar of an id, the natures
of acts and the normalisation of numbers are design decisions of Renvoi (see ARCHITECTURE.md, "Names").
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from kb.ground.fault import Misuse
from kb.ground.period import parse_day

ROOT = "https://renvoi.example/"
BASE = ROOT + "id/"

# Natures of acts that are named by date (and number). A code is named by its alias instead.
NATURES = (
    "loi", "ordonnance", "decret", "arrete", "circulaire", "instruction", "lettre", "decision",
    "deliberation", "avis", "note", "convention", "accord", "avenant", "protocole", "jugement", "reglement",
    "reglement-ue", "directive-ue", "decision-ue", "traite",
)  # fmt: skip
# What is named by an identifier of someone else's, kept as it is written: "ecli/ECLI:FR:CCASS:2022:SO00654", "nor/SPSS9301537D".
IDENTIFIERS = ("ecli", "celex", "nor", "jo", "bo", "bofip", "boss", "rescrit", "question", "eli", "legifrance")
# An identifier that the DILA gives (its kind, what of it, a number); a pattern, see below.
OFFICIAL = r"(?:LEGI|JORF|KALI)(?:TEXT|ARTI|SCTA|CONT)\d{12}"

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−―"), "-")
_LATIN = (
    "bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies|undecies|duodecies|terdecies|"
    "quaterdecies|quindecies|sexdecies|septdecies|octodecies|novodecies|vicies|unvicies|duovicies|"
    "tervicies|quatervicies|quinvicies|sexvicies|septvicies|octovicies|novovicies|tricies|untricies|"
    "duotricies"
)
# Patterns are words, not compiled here: re compiles and keeps them when first used, a cold start does without.
_PREFIX = r"(?i)^(lo|l|r|d|a)(?=\d)"
_LATIN_SUFFIX = rf"(?i)(?<=\d)({_LATIN})(?![a-z])"
_LETTER_SUFFIX = r"(?i)(?<=[\d-])([a-z]{1,2})(?=$|-)"
_SLUG = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
_SEGMENT = r"[^\s/@#]+"


def article_number(words: str) -> str:
    """The number of an article as ids write it.

    >>> [article_number(n) for n in ("L. 111-1", "R.* 123", "LO 111-3", "199 SEXDECIES", "1er", "L. 114-1 A")]
    ['L111-1', 'R123', 'LO111-3', '199sexdecies', '1', 'L114-1A']
    """
    if re.fullmatch(r"[LRDA]?\d+(-\d+)*", words):  # written as ids are: nothing to do, and nothing to compile
        return words
    # "15.5" of an agreement keeps its point
    number = re.sub(r"[\s*\u00a0\u202f]+|(?<!\d)\.|\.(?!\d)", "", words.translate(_DASHES))
    if re.fullmatch(r"(?i)1er|ier|premier", number):
        return "1"
    if re.fullmatch(r"(?i)pr[ée]liminaire", number):
        return "preliminaire"
    number = re.sub(_PREFIX, lambda m: m.group().upper(), number)
    latin = re.sub(_LATIN_SUFFIX, lambda m: m.group().lower(), number)
    return re.sub(_LETTER_SUFFIX, lambda m: m.group().upper(), latin)


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key under which ids sort as a reader counts: ``D133-2`` before ``D133-2-1`` before ``D133-10``."""
    return tuple((0, int(piece)) if piece.isdigit() else (1, piece) for piece in re.findall(r"\d+|\D+", name))


def slug(words: str) -> str:
    """Words as one path step: lower case, accents folded, every other run of characters a dash.

    >>> slug("Procédure :"), slug("44/Courrier/NSR-ANV")
    ('procedure', '44-courrier-nsr-anv')
    """
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")


def fold(words: str) -> str:
    """Lower case without accents or ligatures: the key under which words are compared.

    >>> fold("Décret de l'Œuvre")
    "decret de l'oeuvre"
    """
    import unicodedata

    lower = words.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFD", lower) if not unicodedata.combining(c))


class Ref(NamedTuple):
    """A parsed id: the text, the steps down to a provision, a day and a fragment.

    ``text`` is ``"css"`` or ``"decret/1996-03-21/96-251"``; ``path`` is ``("D253-81",)``, ``("art-2",)``,
    ``("II", "2", "2.4")``; ``fragment`` goes from the outside in: ``("al5",)``, ``("I", "2°", "b")``.
    """

    text: str
    path: tuple[str, ...] = ()
    at: date | None = None
    fragment: tuple[str, ...] = ()

    @property
    def provision(self) -> str:
        """The id without day and fragment."""
        return "/".join((self.text, *self.path))

    def __str__(self) -> str:
        at = f"@{self.at.isoformat()}" if self.at else ""
        fragment = "#" + ",".join(self.fragment) if self.fragment else ""
        return f"{self.provision}{at}{fragment}"


def parse_ref(words: str) -> Ref:
    """Read an id. Article numbers may be written loosely (``css/D. 253-81``).

    >>> parse_ref("css/D253-81@1993-09-01#al5")
    Ref(text='css', path=('D253-81',), at=datetime.date(1993, 9, 1), fragment=('al5',))
    >>> parse_ref("decret/1996-03-21/96-251/art-2").path
    ('art-2',)

    Raises ``Misuse`` with one sentence that says what is wrong and shows a good id.
    """
    if not isinstance(words, str):
        raise Misuse(f"reference {words!r}: a string is wanted, for instance css/D253-81")
    head, _, fragment = words.strip().partition("#")
    head, at_sign, day = head.partition("@")
    if "#" in words and not fragment:
        raise _bad(words, "nothing follows '#'")
    try:
        at = parse_day(day) if at_sign else None
    except ValueError as error:
        raise Misuse(f"reference '{words}': {error}") from None
    steps = head.split("/")
    if not all(steps):
        raise _bad(words, "a step between '/' is empty")
    if steps[0] in NATURES:
        if len(steps) < 2 or not (steps[1] == "sd" or _is_day(steps[1])):
            raise _bad(words, f"'{steps[0]}' is followed by a date of signature, or 'sd' where it is unknown")
        size = 3 if len(steps) > 2 and not steps[2].startswith("art-") else 2
        text, path = "/".join(steps[:size]), tuple(steps[size:])
    elif steps[0] in IDENTIFIERS:
        text, path = "/".join(steps[:2]), tuple(steps[2:])
    elif re.fullmatch(_SLUG, steps[0]) or re.fullmatch(r"(LEGI|JORF)TEXT\d{12}", steps[0]):
        text = steps[0]
        path = (article_number(steps[1]), *steps[2:]) if len(steps) > 1 else ()
    else:
        raise _bad(words, f"'{steps[0]}' names neither a code nor a kind of act")
    if not all(re.fullmatch(_SEGMENT, step) for step in path):
        raise _bad(words, "a step holds a space, '@' or '#'")
    return Ref(text, path, at, tuple(fragment.split(",")) if fragment else ())


def _is_day(step: str) -> bool:
    try:
        parse_day(step)
    except ValueError:
        return False
    return True


def _bad(words: str, why: str) -> Misuse:
    return Misuse(f"reference '{words}' does not parse: {why} (a good one: css/D253-81#al5)")


def act_id(nature: str, day: date | None, number: str | None) -> str:
    """The id of an act: ``act_id("decret", date(1996, 3, 21), "96-251")``; no date is ``sd``."""
    steps = [nature, day.isoformat() if day else "sd"]
    if number:
        steps.append(number if re.fullmatch(r"[\d-]+", number) else slug(number))
    return "/".join(steps)


_PLACES = {
    "LEGIARTI": "codes/article_lc",
    "LEGITEXT": "codes/texte_lc",
    "JORFTEXT": "jorf/id",
    "JORFARTI": "jorf/article_jo",
}


def legifrance(official: str | None) -> str | None:
    """The address of an official id on Légifrance; ``None`` where it has none there.

    >>> legifrance("LEGIARTI000006735962")
    'https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000006735962'
    """
    place = _PLACES.get((official or "")[:8])
    return f"https://www.legifrance.gouv.fr/{place}/{official}" if place else None


def iri(name: str, base: str = BASE) -> str:
    """The IRI of an id: its ``@date`` is a path step, its fragment the anchor, so that every IRI opens."""
    from urllib.parse import quote

    head, hash_, fragment = name.partition("#")
    return base + quote(head.replace("@", "/"), safe="/") + hash_ + quote(fragment, safe=",")


def from_iri(words: str, base: str = BASE) -> str | None:
    """The id of an IRI, ``None`` where it is none of *base*: the inverse of ``iri``.

    The IRI of a version whose beginning nobody states gives its provision.

    >>> from_iri(BASE + "css/L136-1/2024-01-01#al5"), from_iri(BASE + "arrete/1985-07-12")
    ('css/L136-1@2024-01-01#al5', 'arrete/1985-07-12')
    """
    from urllib.parse import unquote

    if not words.startswith(base):
        return None
    head, hash_, fragment = words.removeprefix(base).partition("#")
    steps = unquote(head).rstrip("/").split("/")
    own = 2 if steps[0] in NATURES else 1  # an act known by its date only ends with a day that is no version's
    day = ""
    if len(steps) > own and (steps[-1] == "inconnu" or re.fullmatch(r"\d{4}-\d{2}-\d{2}", steps[-1])):
        day = steps.pop()
    at = f"@{day}" if day and day != "inconnu" else ""
    return "/".join(steps) + at + hash_ + unquote(fragment)
