"""What a name supposes to be there: the text, what stands above the provision, the provision itself."""

from __future__ import annotations

import re

from kb.ground.acts import act_title, signature
from kb.ground.fault import Misuse
from kb.ground.names import OFFICIAL, parse_ref
from kb.ground.registry import Known, Registry
from kb.store.records import ProvisionRow

_DIVISION = re.compile(r"((sous-)*(section|paragraphe)|livre|titre|chapitre|partie|annexe)\b")

#: Agreements that are cited by their number in a series: ``idcc-1486``, ``oit-81``.
SERIES = {
    "idcc": "Convention collective, IDCC {}",
    "oit": "Convention n° {} de l'Organisation internationale du travail",
}


def nature(text: str) -> str:
    """``code``, or the nature that the id of an act begins with."""
    return text.split("/")[0] if "/" in text else "code"


def provision(
    name: str, text: str, parent: str | None, kind: str, num: str, title: str, signed: str | None = None, rank: int = 0
) -> ProvisionRow:
    """A provision of which nothing but its name and place is known yet."""
    return ProvisionRow(name, text, parent, kind, nature(text), num, title, rank, None, None, None, signed, None)


def named(name: str, registry: Registry) -> list[ProvisionRow]:
    """The provisions that *name* supposes, from the outside in; none where it names nothing that could be there."""
    try:
        ref = parse_ref(name)
    except Misuse:
        return []
    code = registry.code(ref.text)
    if "/" not in ref.text and code is None:
        text = _aliased(ref.text, registry)
        if text is None:
            return []
        found = [text]
    else:
        act = registry.acts.get(ref.text)
        signed = None if code else signature(ref.text)
        title = code.title if code else act.title if act else act_title(ref.text)
        number = (act and act.number) or (ref.text.split("/")[2] if ref.text.count("/") == 2 else "")
        found = [provision(ref.text, ref.text, None, "texte", number, title, signed.isoformat() if signed else None)]
    for step in ref.path:
        above = found[-1].id
        article = step.startswith("art-") if "/" in ref.text else not _DIVISION.match(step)
        num = step.removeprefix("art-")
        kind, words = ("article", f"Article {num}") if article else ("division", step)
        found.append(provision(f"{above}/{step}", ref.text, above, kind, num, words))
    return found


def _aliased(name: str, registry: Registry) -> ProvisionRow | None:
    """What has an alias and is no code: a treaty, a charter, an agreement of a series; a text known by its official id alone."""
    known = registry.holder(name)
    series, _, number = name.rpartition("-")
    if known is not None:
        kind, title = known.kind if isinstance(known, Known) else "convention", known.title
    elif series in SERIES and number.isdecimal():
        kind, title = "convention", SERIES[series].format(number)
    elif re.fullmatch(OFFICIAL, name):
        kind, title = "texte", name
    else:
        return None
    signed = known.signed.isoformat() if known and known.signed else None
    return provision(name, name, None, "texte", number if series in SERIES else "", title, signed)._replace(nature=kind)
