"""What the id of an act says by itself: its day of signature, and what a jurist calls it."""

from __future__ import annotations

from datetime import date

from kb.ground.names import parse_ref
from kb.ground.period import in_french

_NATURES = {
    "decret": "Décret", "arrete": "Arrêté", "loi": "Loi", "circulaire": "Circulaire", "lettre": "Lettre",
    "ordonnance": "Ordonnance", "decision": "Décision", "deliberation": "Délibération",
}  # fmt: skip


def signature(name: str) -> date | None:
    """The day of signature that the id of an act, or of a part of one, bears."""
    steps = name.split("/")
    try:
        return date.fromisoformat(steps[1])
    except (IndexError, ValueError):
        return None


def act_title(text: str) -> str:
    """The title of an act that is known by its id only.

    >>> act_title("decret/1993-10-14/93-1167"), act_title("lettre/sd/note")
    ('Décret n° 93-1167 du 14 octobre 1993', 'Lettre n° note sans date')
    """
    nature, _, *number = text.split("/")
    signed = signature(text)
    words = [_NATURES.get(nature, nature.capitalize())]
    words += [f"n° {number[0]}"] if number else []
    words += [f"du {in_french(signed)}"] if signed else ["sans date"]
    return " ".join(words)


def spoken(name: str) -> str:
    """What a sentence calls an act or an article of one; the id itself where it is of a code.

    >>> spoken("decret/2007-10-18/2007-1500/art-2"), spoken("css/D133-1")
    ("l'article 2 du décret n° 2007-1500 du 18 octobre 2007", 'css/D133-1')
    """
    ref = parse_ref(name)
    if "/" not in ref.text:
        return ref.provision
    title = act_title(ref.text)
    title = title[0].lower() + title[1:]
    feminine = ref.text.startswith(
        ("loi", "ordonnance", "circulaire", "lettre", "decision", "deliberation", "instruction")
    )
    elided = title[0] in "aeiouyéè"
    the = "l'" if elided else "la " if feminine else "le "
    of = "de l'" if elided else "de la " if feminine else "du "
    article = ref.path[-1].removeprefix("art-") if ref.path and ref.path[-1].startswith("art-") else ""
    return f"l'article {article} {of}{title}" if article else f"{the}{title}"
