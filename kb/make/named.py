"""What a name supposes to be there: the text, what stands above the provision, the provision itself."""

from __future__ import annotations

import re

from kb.ground.acts import act_title, signature
from kb.ground.fault import Misuse
from kb.ground.names import parse_ref
from kb.ground.registry import Registry
from kb.store.records import ProvisionRow

_DIVISION = re.compile(r"((sous-)*(section|paragraphe)|livre|titre|chapitre|partie|annexe)\b")


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
        return []
    act = registry.acts.get(ref.text)
    signed = None if code else signature(ref.text)
    title = code.title if code else act.title if act else act_title(ref.text)
    number = (act and act.number) or (ref.text.split("/")[2] if ref.text.count("/") == 2 else "")
    found = [provision(ref.text, ref.text, None, "texte", number, title, signed.isoformat() if signed else None)]
    for step in ref.path:
        above = found[-1].id
        article = not _DIVISION.match(step) if code else step.startswith("art-")
        num = step.removeprefix("art-")
        kind, words = ("article", f"Article {num}") if article else ("division", step)
        found.append(provision(f"{above}/{step}", ref.text, above, kind, num, words))
    return found
