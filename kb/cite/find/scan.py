"""Where a citation may begin. It only proposes: the grammar decides.

The patterns say, by first letter, how the terminals that can open a citation begin and what must follow them soon; what
the names of the registry need beside them is added when the first text is read. Tests hold these starts equal to trying
the grammar at every word, on every phrase of the grammar and on real articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache

from kb.ground import vocabulary
from kb.ground.data import folder

_NUMBERED = r"\s+(?:[IVXLC\d]|pr[ée]l|uni|l[ée]g|r[ée]g)"
_POINTED = (
    r"(?:même\s+)?(?:artic|codes?(?!\w)|lois?(?!\w)|d[ée]cre|ordonn|arr[êe]t|circul|instr|lettre|d[ée]ci|d[ée]lib|avis|note|conv"
    r"|accor|avena|proto|r[èe]gl|direct|alin|phras|tiret|livre|titre|sous|chapi|secti|parag|parti|annex|al\.|art\."
    r"|[IVX]+(?!\w)|\d+\s?[°º])"
)
_PORTION = r"\s+(?:\d+\s?[°º]|[IVX]+(?!\w)|[a-hA-H]\)?(?!\w)|\d{1,2}(?:\s+(?:bis|ter|quater))?\s+(?:du|de\s+l))"
# a day or a place in a row: "1er janvier", "dernier jour"
_DAY = r"(?!\s(?:jan|f[ée]v|mar|avr|mai|jui|ao|sept|oct|nov|d[ée]c|jour))"
_COUNTED = r"\s+(?:premi|derni)"
# behind the noun of an act: a number, a day, an authority, a service, an adjective of its kind, or "précité"
_ACT = (
    r"[\w-]*,?\s+(?:n|\d|du\s|de\s|des\s|d['’]|en\s+date|\(|[A-Z]|orga|cons|loca|inter|mini|pr[ée]|roya|imp|conj|comm|rect|vali"
    r"|modi|sus|d[ée]l|tech|cadr|coll|r[ée]g|d[ée]p|euro|sur\s|rela|ment|vis[ée]|cit[ée]|ci-|sign|circ|fisc|bila|franco|judi|g[ée]n|dite?s?\s|port|«|en\s[cC]|intp|pr[ée]f)"
)
_DOT = r"\.\s?(?:n|\(|\d|[uc]e)"
# each alternative opens with a letter or a set of letters: the engine passes over those at a glance
_WORDS = {
    "a": r"rt(?:icle|s?\.|s?\s)|rr[êe]ts?\s+(?:de|du|rend|n)|rr\.\s|lin[ée]a|l\.|nn(?:exe|\.\s)|vant[\s-]derni|v(?:is|enant)" + _ACT + "|ccord" + _ACT + "|rr[êe]t[ée]" + _ACT + r"|nc(?:ien|\.)\s+(?:code|art)|ux?(?:dit|" + _PORTION + ")",
    "à": r"\s*ladit",
    "c": r"ode\s|our\s+(?:d['’]app|de\s+cass|adm|de\s+just|europ)|onseil\s+(?:d['’]\s?[ée]tat|const|de\s+prud)|irc\.\s|onvention" + _ACT + r"|onstitution|irculaire" + _ACT + r"|inq(?:ui[èe]me|" + _COUNTED + ")|hapitres?" + _NUMBERED + r"|e(?:s|t|tte)?\s+" + _POINTED,
    "d": r"[ée]cr?" + _DOT + "|ir" + _DOT + "|" + _DOT + r"|[ée](?:cret|cision|lib[ée]ration)" + _ACT + "|irective" + _ACT + r"|erni[èe]re?s?" + _DAY + r"[\s,]|eux(?:i[èe]me|" + _COUNTED + r")|ix(?:i[èe]me|-(?:sept|huit|neuv)i[èe]me)"
    r"|ouzi[èe]me|u(?:dit|" + _PORTION + r")|es(?:dit|" + _PORTION + r")|e\s*ladit",
    "h": r"ttps?:|uit(?:i[èe]me|" + _COUNTED + ")",
    "i": r"nstr(?:\.\s|uction" + _ACT + r")",
    "j": r"ugements?\s+(?:de|du|rend|n)|ournal\s+off",
    "e": r"li\/[a-z]",
    "l": r"ois?\W|\.\s?n|\.\s[\d«\"“]|\.\s?fin|eurs?\s+art|ivres?(?:" + _NUMBERED + r"|\s+des\s+proc)|ettre" + _ACT + r"|[ea]s?dite?s?\s",
    "m": r"[êe]mes?\s+" + _POINTED,
    "n": r"\s?[°ºo]\s*(?:de\s+pourvoi|rg)|ote(?:s?\s+d|\s+(?:(?-i:[A-Z]{3})|minist|interm|techn|n))|euvi[èe]me|ouveau\s+code|\s?[°ºo]\s*\d",
    "o": r"rd(?:\.\s|onnance" + _ACT + ")" + r"|nzi[èe]me",
    "p": r"ourvois?\s+n|ar\.\s?\d|r(?:[ée]sente?s?\s|emi(?:er|[èe]re)s?" + _DAY + r"[\s,]|[ée]c[ée]dente?s?\s|otocole" + _ACT + r")|oints?\s|aragraphes?\s|hrases?\s|arties?" + _NUMBERED,
    "q": r"uestions?\s+(?:[ée]c|or|au|n|pa|po)|uat(?:ri[èe]me|orzi[èe]me|re" + _COUNTED + ")|uinzi[èe]me",
    "r": r"[èée]gl(?:\.\s|ement" + _ACT + r")|[ée]p(?:\.\s|onses?\s+min)|escrits?\s",
    "s": r"es\s+art|on\s+art|ec(?:tions?" + _NUMBERED + r"|onde?s?\s)|ous-(?:sect|parag|titre)|ept(?:i[èe]me|" + _COUNTED + r")|ix(?:i[èe]me|" + _COUNTED + ")"
    r"|eizi[èe]me|uivante?s?\s+(?:alin|phrase|tiret)",
    "t": r"ribunal\s+(?:adm|jud|de\s+gr|de\s+co|des\s+con|de\s+l['’])|itres?" + _NUMBERED + r"|irets?\s|roi(?:si[èe]me|s" + _COUNTED + r")|reizi[èe]me|renti[èe]me|rait[ée]\s",
    "v": r"ingt(?:-|\s|i[èe]me)",
}  # fmt: skip
# identifiers and abbreviations, in capitals
_CAPITALS = (
    r"LFR?(?:SS)?\s|ANI\s|CCNT?\s|B\.?O\.?(?:\W|EN|CC|D)|RM\s|Rescrit|ECLI:|CELEX\W|NOR\W|IDCC\W|BOI-|BOSS\W|RES\s|R\.?G\W|(?:LEGI|JORF|KALI)(?:TEXT|ARTI|SCTA|CONT)|J\.?O\.?(?:\W|RF|UE|CE|NC|AN)"
    r"|R[ée]p\.|Q\.?E\.?\s|QOSD"
)
# a mark that opens an item ("1° Les …") is no portion of an article
_ITEM = r"(?!\s\n?[LPCIRUFMGJHVlpcirufmgjhv])"


def _start(names: Mapping[str, Collection[str]]) -> tuple[str, str]:
    """How a start looks whose first letter is small, and any other; *names* are openings by their first letter, without it."""
    small = "|".join(f"{letter}(?:{'|'.join((words, *names.get(letter, ())))})" for letter, words in _WORDS.items())
    large = "".join(f"{letter}(?:{'|'.join(rests)})|" for letter, rests in names.items() if letter not in _WORDS)
    other = (
        r"[LRDA]\s?[O.*\d]|[LRD]\s\s?\d",
        r"\d{1,3}(?:\s?[°º]" + _ITEM + r"|\s?(?i:[èe]?re|er|i?[èeé]?me|[eèéª]|nde?|de)" + _DAY + r"\W|\s(?:du|de|et|ou|à|bis|ter|quater)\s|,\s)|\d{5}[A-Z]",
        r"[a-zA-HIVX](?![a-zà-ÿ])[IVX]{0,5}\)?(?:\s(?:du|de|et|ou|à|bis|ter|quater|quinquies|sexies|septies|octies|nonies|decies|-|§)\s|,\s|-|\s-)",
        "§",
        f"(?=[A-ZÀÉ])(?:{_CAPITALS}|{large}(?i:{small}))",
    )  # fmt: skip
    return small, "|".join((small, *other))


@cache
def starts() -> Callable[[str, int], re.Match[str] | None]:
    """A match from a place to the next word at which a citation may begin; made when the first text is read."""
    proposed = re.compile(_start({})[1]).match
    names: dict[str, set[str]] = {}
    for words in vocabulary.openings(folder("corpus") / "registry"):
        if not proposed(words + ", n"):
            names.setdefault(words[0], set()).add(_opening(words)[1:])
    small, start = _start({letter: sorted(rests) for letter, rests in sorted(names.items())})
    # most words are in small letters, and the engine rejects them fastest letter by letter
    word = rf"(?!{small})[a-zà-ÿ]{{2}}\w*+[^\w§]*+"
    return re.compile(rf"(?:{word}|(?![a-zà-ÿ]{{2}})(?!{start})(?:\w++[^\w§]*+|[^\w§]++))*").match


def _opening(words: str) -> str:
    """The first two words of a name; of "C. trav." the letter, its point and another word."""
    first = " ".join(words.split()[:2])
    if len(first.split()[0]) > 2 or "." not in first:
        return vocabulary.pattern(first) + r"(?!\w)"
    return rf"{first[0]}\s?\.\s?\w"


#: over one word
OVER = re.compile(r"\w++[^\w§]*+|§|\W").match

# What looks like a citation and deserves a word when it is not read: a number after "article", "n°" after an act
NEAR_FIRST = frozenset("aAlLdDoOcCrR")
NEAR_MISS = re.compile(
    r"(?:articles?|art\.)\s+(?:[LRDA]\s?\.\s?)?\d[\w.-]*"
    r"|(?:(?<!projet\sde\s)(?<!proposition\sde\s)loi|décret|arrêté|ordonnance|circulaire|directive|règlement)s?\s+n\s?°\s*\S+",
    re.I,
).match
