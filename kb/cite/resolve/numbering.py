"""How the articles of a code are numbered: enough to tell that a number cannot be in a code.

The table gives, for the codes most cited, how many digits the first group of a number has behind its letter
(``L. 133-3`` has three) and whether bare numbers exist. It is taken from the codes themselves as in force or as they
stood when the code was made; a code that is not in it admits every number.
"""

from __future__ import annotations

import re
from functools import lru_cache

BARE = "nus"

# alias: digits allowed behind L, R, D, LO or A; BARE where numbers without a letter exist
_SHAPES: dict[str, tuple[object, ...]] = {
    "css": (3,), "casf": (2, 3), "crpm": (1, 3), "cass": (3,), "cmut": (3,), "cch": (3,), "ccom": (3, BARE), "cmf": (3,),
    "cenv": (1, 3), "ceduc": (3,), "cja": (1, 2, 3), "crpa": (3,), "ctrav": (1, 2, 4), "cgct": (4,), "csp": (1, 2, 3, 4), "ccp": (4,),
    "cgppp": (4,), "cgfp": (1, 2, 3), "cibs": (3,), "cpcmr": (1, 2, 3), "lpf": (1, 2, 3), "cgi": (BARE,), "cciv": (BARE,),
    "cpc": (BARE,), "cpp": (1, 2, 3, BARE), "cpen": (3, BARE), "cpce": (3,), "coj": (3,), "curb": (3,), "cconso": (3,),
    "code-rural-ancien": (BARE,), "constitution": (BARE,), "code-minier": (BARE,), "code-minier-nouveau": (3,),
    "code-de-procedure-civile-1807": (BARE,), "code-des-douanes": (BARE,), "code-de-l-artisanat": (BARE,),
    "code-general-des-impots-annexe-i": (BARE,), "code-general-des-impots-annexe-ii": (BARE,),
    "code-general-des-impots-annexe-iii": (BARE,), "code-general-des-impots-annexe-iv": (BARE,),
    "code-des-marches-publics": (BARE,), "code-de-la-famille-et-de-l-aide-sociale": (BARE,),
    "code-des-transports": (4,), "code-de-la-defense": (4,), "code-forestier-nouveau": (3,),
}  # fmt: skip
# numbers that are in a code against its shape
_STRAY = {("css", "L16-10-1")}
_FIRST_GROUP = re.compile(r"(?:LO|[LRDA])?(\d+)")


@lru_cache(8192)
def fits(alias: str, num: str) -> bool:
    """Whether the code *alias* could have an article *num* (``L133-3``), going by its shape.

    >>> fits("css", "L6122-1"), fits("css", "L133-3"), fits("code-rural-ancien", "L725-3"), fits("casf", "L14-10-1")
    (False, True, False, True)
    >>> fits("ctrav", "3.1.2")  # contracts and agreements number so, no code does
    False
    """
    if "." in num:
        return False
    shapes = _SHAPES.get(alias)
    match = _FIRST_GROUP.match(num)
    if shapes is None or match is None or (alias, num) in _STRAY:
        return True
    if num[0].isdigit():
        return BARE in shapes
    return len(match[1]) in shapes
