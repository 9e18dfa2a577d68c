"""Where a citation may begin. It only proposes: the grammar decides.

The patterns say, by first letter, how the terminals that can open a citation begin and what must follow them soon. A
test holds these starts equal, on real articles, to trying the grammar at every word.
"""

from __future__ import annotations

import re

_NUMBERED = r"\s+(?:[IVXLC\d]|pr[ée]l|uni|l[ée]g|r[ée]g)"
_POINTED = (
    r"(?:même\s+)?(?:artic|codes?\W|lois?\W|d[ée]cre|ordonn|arr[êe]t|circul|instr|lettre|d[ée]ci|d[ée]lib|avis|note|conv"
    r"|accor|avena|proto|r[èe]gl|direct|alin|phras|tiret|livre|titre|sous|chapi|secti|parag|parti|annex|al\.|art\."
    r"|[IVX]+\W|\d+\s?[°º])"
)
_PORTION = r"\s+(?:\d+\s?[°º]|[IVX]+\W|[a-hA-H]\)?\W|\d{1,2}(?:\s+(?:bis|ter|quater))?\s+(?:du|de\s+l))"
_COUNTED = r"\s+(?:premi|derni)"
# behind the noun of an act: a number, a day, an authority, a service, an adjective of its kind, or "précité"
_ACT = (
    r"[\w-]*,?\s+(?:n|\d|du\s|de\s|des\s|d['’]|en\s+date|\(|[A-Z]|orga|cons|loca|inter|mini|pr[ée]|roya|imp|conj|comm|rect|vali"
    r"|modi|sus|d[ée]l|tech|cadr|coll|r[ée]g|d[ée]p|euro|sur\s|rela|ment|vis[ée]|cit[ée]|ci-|sign)"
)
_WORDS = {
    "a": r"rt(?:icle|s?\.|\s)|lin[ée]a|l\.|nnexe|vant[\s-]derni|(?:vis|venant|ccord|rr[êe]t[ée])" + _ACT + r"|ncien\s+code|ux?(?:dit|" + _PORTION + ")",
    "à": r"\s*ladit",
    "c": r"ode\s|onvention" + _ACT + r"|onstitution|irculaire" + _ACT + r"|inq(?:ui[èe]me|" + _COUNTED + ")|hapitres?" + _NUMBERED + r"|e(?:s|t|tte)?\s+" + _POINTED,
    "d": r"(?:[ée](?:cret|cision|lib[ée]ration)|irective)" + _ACT + r"|erni[èe]re?s?\s|eux(?:i[èe]me|" + _COUNTED + r")|ix(?:i[èe]me|-(?:sept|huit|neuv)i[èe]me)"
    r"|ouzi[èe]me|(?:u|es)(?:dit|" + _PORTION + r")|e\s*ladit",
    "h": r"uit(?:i[èe]me|" + _COUNTED + ")",
    "i": r"nstruction" + _ACT,
    "l": r"ois?\W|eurs?\s+art|ivres?(?:" + _NUMBERED + r"|\s+des\s+proc)|ettre" + _ACT + r"|[ea]s?dite?s?\s",
    "m": r"[êe]mes?\s",
    "n": r"otes?\s+de|euvi[èe]me|ouveau\s+code|\s?[°ºo]\s*\d",
    "o": r"rdonnance" + _ACT + r"|nzi[èe]me",
    "p": r"r(?:[ée]sente?s?\s|emi(?:er|[èe]re)s?\s|[ée]c[ée]dente?s?\s|otocole" + _ACT + r")|oints?\s|aragraphes?\s|hrases?\s|arties?" + _NUMBERED,
    "q": r"uat(?:ri[èe]me|orzi[èe]me|re" + _COUNTED + ")|uinzi[èe]me",
    "r": r"[èe]glement" + _ACT,
    "s": r"(?:es|on)\s+art|ec(?:tions?" + _NUMBERED + r"|onde?s?\s)|ous-(?:sect|parag|titre)|ept(?:i[èe]me|" + _COUNTED + r")|ix(?:i[èe]me|" + _COUNTED + ")"
    r"|eizi[èe]me|uivante?s?\s+(?:alin|phrase|tiret)",
    "t": r"itres?" + _NUMBERED + r"|irets?\s|roi(?:si[èe]me|s" + _COUNTED + r")|reizi[èe]me|renti[èe]me|rait[ée]\s",
    "v": r"ingt(?:-|\s|i[èe]me)",
}  # fmt: skip
_ANY = "|".join(f"{letter}(?:{words})" for letter, words in _WORDS.items())
_START = "|".join(
    (
        # most words are in lower case: the engine rejects them fastest letter by letter, without the i flag
        _ANY,
        r"[LRDA]\s?[O.*\d]|[LRD]\s\s?\d",
        r"\d{1,3}(?:\s?[°º]|\s?(?i:[èe]re|er|i?[èeé]?me|[eèéª]|nde?|de)\W|\s(?:du|de|et|ou|à|bis|ter|quater)\s|,\s)",
        r"[a-zA-HIVX][IVX]{0,5}\)?(?:\s(?:du|de|et|ou|à|bis|ter|quater|-)\s|,\s|-|\s-)",
        "§",
        f"(?=[A-ZÀÉ])(?i:{_ANY})",
    )
)
#: to the next word at which a citation may begin
NEXT = re.compile(rf"(?:(?!{_START})(?:\w++[^\w§]*+|[^\w§]++))*+").match
#: over one word
OVER = re.compile(r"\w++[^\w§]*+|§|\W").match

# What looks like a citation and deserves a word when it is not read: a number after "article", "n°" after an act
NEAR_MISS = re.compile(
    r"(?:articles?|art\.)\s+(?:[LRDA]\s?\.\s?)?\d[\w.-]*"
    r"|(?:loi|décret|arrêté|ordonnance|circulaire|directive|règlement)s?\s+n\s?°\s*\S+",
    re.I,
).match
