"""Where a citation may begin. It only proposes: the grammar decides.

A test holds these starts equal, on real articles, to trying the grammar at every word.
"""

from __future__ import annotations

import re

# Where a citation may begin: first letters and what must follow soon, for every terminal that can open one. It only
# proposes; a test holds it equal, on real articles, to trying the grammar at every word. The first letter of each line
# is a set without the i flag, which the engine rejects at once.
_POINTED = (
    r"(?:artic|codes?\W|lois?\W|d[ée]cre|ordonn|arr[êe]t|circul|instr|lettre|d[ée]ci|d[ée]lib|avis|note|conv|accor|avena|proto"
    r"|r[èe]gl|direct|alin|phras|tiret|livre|titre|sous|chapi|secti|parag|parti|annex|al\.|art\.|(?-i:[IVX]+\W)|\d+\s?[°º])"
)
_PORTION = r"\s+(?:\d+\s?[°º]|(?-i:[IVX]+\W)|[a-h]\)?\W|\d{1,2}\s+(?:du|de\s+l))"
_STARTS = (
    r"[aA](?i:rt(?:icle|s?\.|\s)|lin|l\.|nnex|vant[\s-]dern|vis\s|venant|ccords?\s|rr[êe]t[ée]|ncien\s+code|ux?(?:dit|"
    + _PORTION
    + r"))",
    r"[àÀ](?i:\s*ladit)",
    r"[cC](?i:ode\s|on(?:vention|stitution)|ircul|inq|hapit|e(?:s|t|tte)?\s+" + _POINTED + ")",
    r"[dD](?i:[ée](?:cre|cis|lib)|erni|eux|ix|irect|ou[zs]|(?:u|es)(?:dit|" + _PORTION + r")|e\s*ladit)",
    r"[lL](?i:ois?\W|ivre|ettre|[ea]s?dit)",
    r"[mM](?i:[êe]mes?\s)",
    r"[nN](?i:otes?\s+de|euvi|ouveau\s+code|\s?[°ºo]\s*\d)",
    r"[oO](?i:rdonnan|nzi)",
    r"[pP](?i:r(?:[ée]sent|emi|[ée]c[ée]d|otoc)|oint|arag|hrase|arti(?:e|es)\s)",
    r"[qQ](?i:uat|uin)",
    r"[rR](?i:[èe]glem)",
    r"[sS](?i:ec(?:tion|ond)|ous-|ept|ix|ei|uivant)",
    r"[hH](?i:uit)",
    r"[vV](?i:ingt)",
    r"[tT](?i:itre|iret|roi|rei|rent|rait)",
    r"[iI](?i:nstru)",
    r"[LRDA]\s?[O.*\d]|[LRD]\s\s?\d",
    r"\d\d{0,2}(?:\s?[°º]|\s?(?i:[èe]re|er|i?[èeé]?me|[eèéª]|nde?|de)\W|\s(?:du|de|et|ou|à|bis|ter|quater)\s|,\s)",
    r"[a-zA-HIVX][IVX]{0,5}\)?(?:\s(?:du|de|et|ou|à|bis|ter|quater|-)\s|,\s|-|\s-)",
    r"§",
)
_START = "(?:" + "|".join(_STARTS) + ")"
# to the next word at which a citation may begin; over one word
NEXT = re.compile(rf"(?:(?!{_START})(?:\w++[^\w§]*+|[^\w§]++))*+").match
OVER = re.compile(r"\w++[^\w§]*+|§|\W").match

# What looks like a citation and deserves a word when it is not read: a number right after "article" or "n°" after an act
NEAR_MISS = re.compile(
    r"(?:articles?|art\.)\s+(?:[LRDA]\s?\.\s?)?\d[\w.-]*|(?:loi|décret|arrêté|ordonnance|circulaire|directive|règlement)s?\s+n\s?°\s*\S+",
    re.I,
)
