"""Which act is meant: by its number, its day, what was named before, and what the registry knows; contradictions are said."""

from __future__ import annotations

import re
from datetime import date

from kb.cite.find import Holder
from kb.cite.resolve.citation import AMBIGUOUS, CONTRADICTED, DATE_ONLY, KNOWN, UNKNOWN
from kb.cite.resolve.codes import key
from kb.cite.resolve.meant import About, Place
from kb.cite.resolve.memory import Acts, Memory
from kb.ground.names import NATURES, act_id
from kb.ground.registry import Convention, Registry, packaged

# natures whose numbers are given once: the year, a dash, a rank
_UNIQUE = ("loi", "ordonnance", "decret")
_YEARLY = re.compile(r"(?:19|20)?(\d\d)-\d+").fullmatch
# agreements carry numbers and days that others share
_AGREEMENTS = ("convention", "accord", "avenant", "protocole", "traite")
_UNION = ("reglement-ue", "directive-ue", "decision-ue")


class ActNames:
    """Acts by number, day and year of budget. What the shipped registry states is certain; a base knows other acts from
    what cites them, and never all of a day."""

    def __init__(self, registry: Registry) -> None:
        self._told, self._met = Acts(), Acts()
        self._budgets: dict[str, tuple[str, ...]] = {}
        told = packaged()
        for act in told.acts.values():
            self._told.learn(act.nature, act.signed, act.number, act.id)
        for known in told.holders:
            nature = known.id.partition("/")[0]
            if nature in NATURES:
                self._told.learn(nature, None, known.number, known.id)
                if known.signed and not known.names:
                    self._told.dated(nature, known.signed, known.id)
        for law in told.budgets:
            named = f"{law.kind} {law.year}"
            self._budgets[named] = (*self._budgets.get(named, ()), law.id)
            nature, _, number = law.id.split("/")
            self._told.learn(nature, None, number, law.id)
        for act in registry.acts.values():
            if act.id not in told.acts:
                self._met.learn(act.nature, act.signed, act.number, act.id)
        self._idcc = {str(each.idcc): each for each in told.conventions}
        self._conventions: dict[date, list[Convention]] = {}
        for each in told.conventions:
            if each.signed:
                self._conventions.setdefault(each.signed, []).append(each)

    def place(self, holder: Holder, memory: Memory) -> Place:
        """The act that the number, the day or the year of *holder* names."""
        nature = holder.nature or (memory.nature if memory.nature not in (*_AGREEMENTS, *_UNION) else "")
        about = About(nature, holder.number, holder.signed)
        if not nature:
            return Place(holder=holder)
        if holder.registered is not None:
            return self._registered(holder, about)
        if nature in _AGREEMENTS:
            return self._agreement(holder, about)
        if holder.number is not None:
            return self._by_number(holder, about, memory)
        if holder.signed is not None:
            return self._by_day(holder, about, memory)
        year = budget(holder.words) if holder.year else ""
        named = memory.budgets.get(year)
        names = (named,) if named else self._budgets.get(year, ())
        return Place(names, None, holder, about=_filled(about, names[0]) if len(names) == 1 else about)

    def _registered(self, holder: Holder, about: About) -> Place:
        kind, number = holder.registered or ("", "")
        if kind == "idcc":
            known = self._idcc.get(number)
            signed = about.signed or (known.signed if known else None)
            return Place((f"idcc-{number}",), None, holder, about=About(about.nature, f"IDCC {number}", signed))
        about = about._replace(number=holder.number or number)
        return Place((act_id(about.nature, about.signed, about.number),), None, holder, about=about)

    def _agreement(self, holder: Holder, about: About) -> Place:
        if about.nature == "convention" and holder.signed is not None:
            alike = [each for each in self._conventions.get(holder.signed, ()) if _alike(each.title, holder.words)]
            if len(alike) == 1:
                return Place((f"idcc-{alike[0].idcc}",), None, holder, about=about)
        if holder.signed is None and holder.number is None:
            return Place(holder=holder, about=about)
        name = act_id(about.nature, holder.signed, holder.number)
        return Place((name,), None, holder, status=DATE_ONLY if holder.signed else UNKNOWN, about=about)

    def _by_number(self, holder: Holder, about: About, memory: Memory) -> Place:
        nature, number, signed = about.nature, holder.number or "", holder.signed
        act = (nature, number)
        names = memory.acts.numbers.get(act) or self._told.numbers.get(act) or self._met.numbers.get(act, [])
        known = names[0] if len(names) == 1 else None
        name = act_id(nature, signed, number)
        if known is not None and (signed is None or f"/{signed.isoformat()}" in known):
            return Place((known,), None, holder, about=_filled(about, known))
        yearly = _YEARLY(number) if nature in _UNIQUE else None
        if known is not None and yearly and "/sd/" not in known:
            return Place((known, name), None, holder, status=CONTRADICTED, about=about)
        if yearly and signed is not None and _off(int(yearly[1]), signed):
            return Place((name,), None, holder, status=CONTRADICTED, about=about)
        certain = signed is not None or yearly or nature in _UNION or len(number) > 5
        return Place((name,), None, holder, status=KNOWN if certain else UNKNOWN, about=about)

    def _by_day(self, holder: Holder, about: About, memory: Memory) -> Place:
        assert holder.signed is not None
        day = (about.nature, holder.signed)
        names = tuple(dict.fromkeys((*memory.acts.days.get(day, ()), *self._told.days.get(day, ()))))
        certain = bool(names)
        names = names or tuple(self._met.days.get(day, ())) or (act_id(about.nature, holder.signed, None),)
        if len(names) > 1:
            return Place(names, None, holder, status=AMBIGUOUS, about=about)
        return Place(names, None, holder, status=KNOWN if certain else DATE_ONLY, about=_filled(about, names[0]))


def budget(words: str) -> str:
    """The key of a finance law: its kind and its year; "" where it is none.

    >>> budget("loi de financement de la sécurité sociale pour 2006"), budget("de finances rectificative pour 2012")
    ('financement 2006', 'finances rectificative 2012')
    >>> budget("LFSS 2020"), budget("L. fin. rect. 2012")
    ('financement 2020', 'finances rectificative 2012')
    """
    said = key(words)
    social = re.search(r"financement|lfr?ss|sec soc", said)
    year = re.search(r"pour (?:annee )?(\d{4})|(\d{4})$", said)
    if year is None or not (social or re.search(r"finances|lfr?|fin", said)):
        return ""
    kind = "financement" if social else "finances"
    amended = " rectificative" if re.search(r"rect|lfr", said) else ""
    return f"{kind}{amended} {year[1] or year[2]}"


def _filled(about: About, name: str | None) -> About:
    """What is said of an act, completed by its id."""
    steps = name.split("/") if name else []
    signed = about.signed
    if len(steps) > 1 and steps[1] != "sd" and signed is None:
        signed = date.fromisoformat(steps[1])
    return About(about.nature, about.number or (steps[2] if len(steps) > 2 else None), signed)


def _off(year: int, signed: date) -> bool:
    """Whether a number of that year cannot be of an act signed that day; the turn of the year is left open."""
    away = (signed.year - year) % 100
    near = (away == 1 and signed.month == 1) or (away == 99 and signed.month == 12)
    return away != 0 and not near


def _alike(title: str, words: str) -> bool:
    """Whether the words of an agreement's name are in its title."""
    said = set(key(words).split()) - {"collective", "nationale", "regionale", "departementale", "travail", "convention"}
    told = set(key(title).split())
    return bool(said) and len(said & told) >= 0.6 * len(said)
