"""Decisions of courts, official journals, bulletins and identifiers: what names itself, and its id."""

from __future__ import annotations

import re

from kb.cite.find import Holder
from kb.cite.find.values import case_number, folded
from kb.cite.resolve.citation import DATE_ONLY, KNOWN, UNKNOWN
from kb.cite.resolve.meant import About, Place
from kb.ground.names import OFFICIAL, act_id, slug
from kb.ground.registry import Court, Registry

_LEGI = re.compile(OFFICIAL)
_ELI = re.compile(r"eli/(loi|decret|arrete|ordonnance|decision)/(\d{4})/(\d{1,2})/(\d{1,2})/([A-Z0-9-]+)")
_CELEX = re.compile(r"(?<![0-9])[1-9]\d{4}[A-Z]{1,2}\d{4}")
_EU = re.compile(r"eli/(reg|dir|dec)(?:_impl|_del)?/(\d{4})/(\d{1,4})")
_EU_NATURES = {
    "reg": "reglement-ue",
    "dir": "directive-ue",
    "dec": "decision-ue",
    "R": "reglement-ue",
    "L": "directive-ue",
    "D": "decision-ue",
}


class Rulings:
    """Who decides, by the words that name a court."""

    def __init__(self, registry: Registry) -> None:
        self._courts = sorted(
            ((_spoken(words), court) for court in registry.courts for words in court.names),
            key=lambda p: -len(p[0]),
        )
        self._shapes = [(re.compile(court.numbers), court) for court in registry.courts]

    def court(self, words: str) -> tuple[Court, str] | None:
        """The court that *words* begin with, and its seat: ``("ca", "paris")`` for "cour d'appel de Paris"."""
        plain = _spoken(words)
        for name, court in self._courts:
            if plain == name or plain.startswith(f"{name} "):
                return court, re.sub(r"^(?:de la|de|d') ?", "", plain[len(name) + 1 :])
        return None

    def place(self, holder: Holder) -> Place:
        """A decision: by court and number, or by court and day only."""
        number, signed = holder.number, holder.signed
        found = self.court(holder.words)
        about = About("decision", number, signed)
        if found is None:
            alike = [court for shape, court in self._shapes if number and shape.fullmatch(number)]
            if len(alike) > 1:
                # "RG n° 18/01234": some court's
                return Place((act_id("decision", signed, number),), None, holder, status=UNKNOWN, about=about)
            if not alike:
                return Place(holder=holder, about=about)
            found = alike[0], ""
        court, seat = found
        step = "-".join(filter(None, (court.id, slug(seat), slug(number or ""))))
        status = KNOWN if number and (signed or not seat) else DATE_ONLY if signed else UNKNOWN
        return Place((act_id("decision", signed, step),), None, holder, status=status, about=about)

    def of_act(self, holder: Holder) -> Place | None:
        """A "décision" whose number or author is a court's: "décision n° 2018-768 DC du 26 juillet 2018"."""
        words = re.sub(r"^(?:du|de la|de l'|des)\s*", "", holder.words)
        by_words = self.court(words) if words else None
        constitutional = holder.number and re.search(r"(?i)(?:QPC|DC|LP|FNR|ORGA|PDR)$", holder.number)
        if by_words is None and not constitutional:
            return None
        number = case_number(holder.number) if holder.number else None
        return self.place(holder._replace(words=words if by_words else "conseil constitutionnel", number=number))


def _spoken(words: str) -> str:
    """A name without its points and commas: "C.E." and "C. E." are one, "CA Aix" and "CAA" two."""
    return " ".join(re.sub(r"[.,]", " ", folded(words)).split())


def gazette(holder: Holder) -> Place:
    """An official journal by its day: one a day of each kind."""
    kind = (
        "joue"
        if re.search(r"ue|ce|union|\bl\b|\bc\b", holder.words)
        else "joan"
        if re.search(r"an\b|assemblee|q\.", holder.words)
        else ""
    )
    kind = kind or ("senat" if "senat" in holder.words else "")
    day = holder.signed.isoformat() if holder.signed else ""
    if holder.words.startswith("b"):
        # a bulletin of one of many ministries
        return Place(
            (f"bo/{day}",) if day else (), None, holder, status=DATE_ONLY, about=About("bo", None, holder.signed)
        )
    step = f"{day}-{kind}" if kind else day
    return Place((f"jo/{step}",) if day else (), None, holder, about=About("jo", None, holder.signed))


def bulletin(holder: Holder) -> Place:
    words = " ".join(holder.words.split())
    if words.startswith("BOI-"):
        return Place((f"bofip/{words}",), None, holder, about=About("bofip", words, None))
    if words.lower().startswith("res"):
        number = re.sub(r"^\w+\s+(?:n\s?[°ºo]\s*)?", "", words, flags=re.I)
        return Place((f"rescrit/{slug(number)}",), None, holder, about=About("rescrit", number, None))
    return Place((f"boss/{slug(words[4:])}",), None, holder, about=About("boss", words, None))


def question(holder: Holder) -> Place:
    """A question or answer in Parliament: its number is one within a legislature, and its day many others': never certain."""
    numbers = re.findall(r"\d[\d .]*", holder.words)
    number = re.sub(r"[ .]", "", numbers[-1]) if numbers else None
    about = About("question", number, holder.signed)
    if number:
        return Place((f"question/{number}",), None, holder, status=UNKNOWN, about=about)
    day = holder.signed.isoformat() if holder.signed else ""
    return Place((f"question/{day}",) if day else (), None, holder, status=DATE_ONLY, about=about)


def identifier(holder: Holder) -> Place:
    """An identifier of someone else's: it names one thing, as it is written."""
    words = holder.words
    held = _LEGI.findall(words)
    if held:
        # an address names the text and the article: the article is what is meant
        name = next((each for each in held if "ARTI" in each), held[-1])
        return Place((name,), None, holder)
    national = _ELI.search(words)
    if national:
        nature, year, month, day, number = national.groups()
        step = number if re.fullmatch(r"\d{2,4}-\d+", number) else number.upper()
        return Place(
            (f"{nature}/{year}-{int(month):02}-{int(day):02}/{step if step[0].isdigit() else slug(step)}",),
            None,
            holder,
        )
    union = _EU.search(words)
    if union:
        kind, year, number = union.groups()
        return Place(
            (f"{_EU_NATURES[kind]}/sd/{year}-{number}",),
            None,
            holder,
            about=About(_EU_NATURES[kind], f"{year}/{number}", None),
        )
    celex = _CELEX.search(words)
    if celex:
        return Place((f"celex/{celex.group()}",), None, holder, about=About("celex", celex.group(), None))
    prefix = re.match(r"ECLI|NOR|IDCC|CELEX", words)
    if prefix is None:
        return Place(holder=holder, status=UNKNOWN)
    if prefix.group() == "ECLI":
        return Place((f"ecli/{words}",), None, holder, about=About("decision", words, None))
    number = re.findall(r"[A-Z]*\d+[A-Z]?", words)[-1]
    if prefix.group() == "IDCC":
        return Place((f"idcc-{int(number)}",), None, holder, about=About("convention", f"IDCC {int(number)}", None))
    return Place((f"nor/{number}",), None, holder, about=About("nor", number, None))
