"""Is a citation good, on a day? The verdict, with since when, by what and what took its place."""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import NamedTuple

from kb.ask import timelines
from kb.ask.draft import Cited
from kb.cite.resolve.citation import AMBIGUOUS, CONTRADICTED, Citation
from kb.ground.acts import signature
from kb.ground.names import NATURES, Ref, parse_ref
from kb.ground.period import in_french
from kb.store import records as r
from kb.store.reading import Store
from kb.time import timeline as t

IN_FORCE, CHANGED, REPEALED, NOT_YET, NONE, NO_FRAGMENT, WRONG_DATE, IDENTITY, DATE_ONLY, DOUBTFUL, NOT_COVERED = (
    "en_vigueur", "modifie", "abroge", "pas_encore", "inexistant", "fragment_absent", "date_contredite", "identite_seule", "date_seule",
    "ambigu", "non_couvert",
)  # fmt: skip
FAULTS = (CHANGED, REPEALED, NOT_YET, NONE, NO_FRAGMENT, WRONG_DATE, DATE_ONLY, DOUBTFUL)
_ENDING = ("Abrogé par", "Transféré par", "Liens")  # relations of links that may tell what ended a version
_BY_DATE_ONCE = date(1945, 1, 1)  # before, acts had no numbers: their day names them


class Verdict(NamedTuple):
    verdict: str
    target: str | None = None
    since: str | None = None
    by: str | None = None
    successor: str | None = None
    version: str | None = None
    note: str = ""
    candidates: tuple[str, ...] = ()


class Judge:
    """Gives verdicts on citations, as of *day*; with *since*, words that changed since then count as changed."""

    def __init__(self, store: Store, day: date, since: date | None = None) -> None:
        self.store, self.day, self.since = store, day, since
        self._codes: dict[str, str] = {}

    def judge(self, cited: Cited) -> Verdict:
        citation = cited.citation
        if citation.status == AMBIGUOUS:
            return self._among(citation.candidates)
        if citation.status == CONTRADICTED:
            return self._contradicted(citation)
        if citation.target is None:
            return self._unnamed(citation)
        ref = parse_ref(citation.target)
        if "/" not in ref.text:
            return self._of_code(ref, cited.speaks_of or self.since)
        return self._of_act(ref, citation, cited.speaks_of or self.since)

    # -- what names no one text ---------------------------------------------------------------------------------------

    def _among(self, candidates: tuple[str, ...]) -> Verdict:
        held = tuple(name for name in candidates if self._holds(name))
        if len(held) == 1:
            return self._of_code(parse_ref(held[0]), self.since)
        if not held:
            return Verdict(NOT_COVERED, note="Aucun des textes possibles n'est dans cette base.", candidates=candidates)
        return Verdict(DOUBTFUL, note=f"Plusieurs textes possibles : {', '.join(held)}.", candidates=held)

    def _contradicted(self, citation: Citation) -> Verdict:
        """A number and a day that do not go together: the act that has the number."""
        act = citation.text or {}
        other = next(iter(citation.candidates), None)
        note = f"Le numéro {act.get('num')} est celui d'un texte du {_day(other.split('/')[1])}." if other else ""
        target = f"{act.get('nature')}/{act.get('num')}"
        return Verdict(WRONG_DATE, target, successor=other and parse_ref(other).text, note=note)

    def _holds(self, name: str) -> bool:
        row = self.store.provision(parse_ref(name).provision)
        return row is not None and timelines.timeline(self.store, row).on(self.day).version is not None

    def _unnamed(self, citation: Citation) -> Verdict:
        """A number without a code: in doubt where several codes held here have it that day."""
        if citation.num and re.match(r"[LRD]O?\d", citation.num) and citation.code is None and citation.text is None:
            named = tuple(
                f"{code}/{citation.num}" for code in sorted(self.held_codes) if self._holds(f"{code}/{citation.num}")
            )
            if len(named) > 1:
                return Verdict(
                    DOUBTFUL,
                    note=f"Aucun code n'est nommé ici, et plusieurs ont ce numéro : {', '.join(named)}.",
                    candidates=named,
                )
        return Verdict(NOT_COVERED, note="Ce que ces mots désignent n'est pas couvert par cette base.")

    # -- codes --------------------------------------------------------------------------------------------------------

    @cached_property
    def held_codes(self) -> dict[str, bool]:
        """The codes whose articles are here, and whether with their history."""
        return self.store.held_codes()

    def _of_code(self, ref: Ref, speaks_of: date | None) -> Verdict:
        target = str(ref._replace(at=None))
        row = self.store.provision(ref.provision)
        if not ref.path:
            known = ref.text in self.held_codes
            return Verdict(IN_FORCE if known else NOT_COVERED, target)
        if ref.text not in self.held_codes:
            return Verdict(NOT_COVERED, target, note="Ce code n'est pas dans cette base.")
        line = timelines.timeline(self.store, row) if row else None
        if row is None or line is None or not line.versions:
            held = line.on(self.day) if line else None
            if held and held.status == t.REPEALED:
                return self._ended(target, held.reasons)
            return self._unheld(ref, target)
        held = line.on(self.day)
        if held.status == t.NOT_YET:
            start = held.reasons[0].day if held.reasons else None
            return Verdict(NOT_YET, target, since=start, note=_note(held.reasons))
        if held.version is None:
            if held.status == t.REPEALED or any(v.end for v in line.versions):
                return self._ended(target, held.reasons, row)
            return Verdict(IDENTITY, target, note=_note(held.reasons))
        gone = self._gone(row, held.version, target)
        if gone:
            return gone
        lacking = self._lacking(row.id, held.version, ref)
        if lacking:
            return Verdict(NO_FRAGMENT, target, version=held.version.id, note=lacking)
        if speaks_of and speaks_of < self.day:
            changed = self._changed(row.id, line, held.version, speaks_of)
            if changed:
                return Verdict(CHANGED, target, since=held.version.start, version=held.version.id, note=changed)
        return Verdict(IN_FORCE, target, since=held.version.start, version=held.version.id)

    def _ended(self, target: str, reasons: tuple[t.Reason, ...], row: r.ProvisionRow | None = None) -> Verdict:
        reason = reasons[0] if reasons else t.Reason("fini", "N'est plus en vigueur.")
        by, successor = reason.by, reason.successor
        last = next((v for v in self.store.versions(row.id) if v.id == reason.version), None) if row else None
        if row and last and not (by and successor):  # the links of its last version may say more
            acts, moved = self._links(row, last)
            by, successor = by or next(iter(acts), None), successor or next(iter(moved), None)
        return Verdict(REPEALED, target, reason.day, by, successor, reason.version, reason.sentence)

    def _unheld(self, ref: Ref, target: str) -> Verdict:
        """A number that a code here does not have: of an earlier numbering, gone, or never given; else nobody here knows."""
        number = ref.path[0]
        for pattern, day, by in self.store.former_numbers(ref.text):
            if re.fullmatch(pattern, number) and self.day >= day:
                note = f"Numéro de l'ancienne partition du code, abrogée le {in_french(day)}."
                return Verdict(REPEALED, target, day.isoformat(), by, note=note)
        if not re.match(r"[LRDA]?O?\d", number):
            return Verdict(IDENTITY, target, note="Cet article n'est pas parmi ceux qui sont tenus ici.")
        if self.held_codes[ref.text]:
            return Verdict(NONE, target, note="Ce code, tenu ici avec son histoire, n'a jamais eu cet article.")
        return self._by_numbering(ref, target)

    def _by_numbering(self, ref: Ref, target: str) -> Verdict:
        """A number that a code, held as of today, does not have: what others name of its chapter tells whether it is gone or never was."""
        stem, _, last = ref.path[0].rpartition("-")
        near = self.store.numbered(ref.text, stem + "-") if stem else {}
        main = {int(each): held for each, held in near.items() if each.isdigit()}
        named_itself = last in near
        if not last.isdigit() or not stem:
            return Verdict(IDENTITY, target, note="Cet article n'est pas parmi ceux qui sont tenus ici.")
        gone = main and not any(main.values()) and int(last) <= max(main)
        if (named_itself or gone) and not self.store.citing(f"{ref.text}/{ref.path[0]}", self.day):
            note = "D'autres textes le nomment, lui ou son chapitre, et il n'est plus dans le code d'aujourd'hui ; le jour de sa fin n'est dans aucune source."
            return Verdict(REPEALED, target, note=note)
        base = self.store.provision(f"{ref.text}/{stem}")
        if any(main.values()) and int(last) > max(main):
            note = f"Aucune source tenue ici ne le nomme ; son chapitre va jusqu'à {stem}-{max(main)}."
            return Verdict(NONE, target, note=note)
        if not main and base is not None and base.source is not None:
            return Verdict(NONE, target, note=f"Aucune source tenue ici ne le nomme, ni aucun article {stem}-1.")
        return Verdict(IDENTITY, target, note="Cet article n'est pas parmi ceux qui sont tenus ici.")

    def _gone(self, row: r.ProvisionRow, version: r.VersionRow, target: str) -> Verdict | None:
        """A version whose end no source dates, of an article that the whole code of another source lacks today, and whose own links
        say that it was repealed or moved: gone since its new place begins, or since the act that did it."""
        if version.end is not None or version.end_is != "inconnu" or self.store.stated_today(row.id):
            return None
        acts, moved = self._links(row, version)
        successor = moved[-1] if moved else None
        since = self._begun(successor) if successor else None
        if since and version.start and since <= version.start:
            since = None
        signed = [day for act in acts if (day := signature(act))]
        begun = since or (max(signed).isoformat() if signed else None)
        if begun is None or begun > self.day.isoformat():
            return None
        note = "Absent du code entier que tient une autre source"
        note += f" ; ses liens le disent {'devenu ' + successor if successor else 'abrogé'}."
        return Verdict(REPEALED, target, since, acts[-1] if acts else None, successor, version.id, note)

    def _links(self, row: r.ProvisionRow, version: r.VersionRow) -> tuple[list[str], list[str]]:
        """The acts that the links of a version say ended it, and what took its place."""
        acts: list[str] = []
        moved: list[str] = []
        paragraphs = [
            p
            for p in self.store.paragraphs(row.id, version.id)
            if p.relation in _ENDING or p.relation == "Nouveaux textes"
        ]
        ending = {
            p.label
            for p, words in self.store.spoken(paragraphs)
            if p.relation != "Liens" or re.match(r"\W*(?:TRANSF|ABROG|P[EÉ]RIM|DISJ)", words)
        }
        for citation in self.store.cites(row.id, version.id):
            if citation.relation == "Nouveaux textes" and citation.target:
                moved.append(citation.target)
            elif citation.relation in _ENDING and citation.target and citation.label in ending:
                act = parse_ref(citation.target).text
                acts += [act] if "/" in act else []
        return acts, moved

    def _begun(self, name: str) -> str | None:
        row = self.store.provision(parse_ref(name).provision)
        found = timelines.versions(self.store, row) if row else []
        return found[0].start if found else None

    def _lacking(self, name: str, version: r.VersionRow, ref: Ref) -> str:
        """What of a fragment the version in force does not have; empty when it has all of it, or when its text is not here."""
        if not ref.fragment or version.source is None:
            return ""
        spoken = self.store.spoken([p for p in self.store.paragraphs(name, version.id) if p.kind == "alinea"])
        words = "\n".join(text for _, text in spoken)
        for step in ref.fragment:
            number = re.fullmatch(r"al(-?\d+)", step)
            if number:
                if abs(int(number[1])) > len(spoken) and len(ref.fragment) == 1:
                    return (
                        f"Cet article a {len(spoken)} alinéa{'s' * (len(spoken) > 1)}, et non {number[1].lstrip('-')}."
                    )
            elif not step.startswith("ph") and not re.search(_opening(step), words):
                return f"Cet article n'a pas de « {step} »."
        return ""

    def _changed(self, name: str, line: t.Timeline[r.VersionRow], now: r.VersionRow, then: date) -> str:
        before = line.on(then).version
        if before is None:
            return f"N'était pas en vigueur le {in_french(then)} : ses mots datent du {_day(now.start)}."
        if before.id == now.id:
            return ""
        old, new = (self._words(name, version) for version in (before, now))
        if old and new and old == new:
            return ""
        return f"Ses mots ont changé depuis le {in_french(then)} : la version en vigueur commence le {_day(now.start)}."

    def _words(self, name: str, version: r.VersionRow) -> str:
        if version.source is None:
            return ""
        spoken = self.store.spoken([p for p in self.store.paragraphs(name, version.id) if p.kind == "alinea"])
        return re.sub(r"\W+", "", "".join(text for _, text in spoken)).lower()

    # -- acts ---------------------------------------------------------------------------------------------------------

    def _of_act(self, ref: Ref, citation: Citation, speaks_of: date | None) -> Verdict:
        target = str(ref._replace(at=None))
        nature, day, *number = ref.text.split("/")
        row = self.store.provision(ref.provision)
        if row is not None and row.source is not None:
            verdict = self._held_act(row, ref, target, speaks_of)
            if verdict:
                return verdict
        if nature not in NATURES or nature.endswith("-ue") or nature in ("traite", "convention", "accord"):
            return Verdict(NOT_COVERED, target, note="Cette sorte de texte n'est pas couverte par cette base.")
        signed = signature(ref.text)
        stated = (citation.text or {}).get("num")
        if number and stated:
            other = self._other_day(nature, number[0], signed)
            if other:
                note = f"Le numéro {number[0]} est celui d'un texte du {_day(other.split('/')[1])}."
                return Verdict(WRONG_DATE, f"{nature}/{number[0]}", successor=other, note=note)
            return Verdict(IDENTITY, target, note="L'identité de ce texte est certaine ; ses mots ne sont pas ici.")
        if signed and signed >= _BY_DATE_ONCE:
            named = tuple(self.store.acts_of(nature, signed))
            note = "Plusieurs textes de cette nature peuvent porter cette date : ajoutez son numéro."
            if named:
                note += f" Connus ici : {', '.join(named[:5])}."
            return Verdict(DATE_ONLY, f"{nature}/{day}", note=note, candidates=named)
        return Verdict(IDENTITY if signed else NOT_COVERED, target)

    def _held_act(self, row: r.ProvisionRow, ref: Ref, target: str, speaks_of: date | None) -> Verdict | None:
        line = timelines.timeline(self.store, row)
        held = line.on(self.day)
        if held.status == t.REPEALED:
            return self._ended(target, held.reasons)
        if held.status == t.NOT_YET:
            return Verdict(NOT_YET, target, since=held.reasons[0].day, note=_note(held.reasons))
        return Verdict(IN_FORCE, target, since=held.version.start, version=held.version.id) if held.version else None

    def _other_day(self, nature: str, number: str, signed: date | None) -> str | None:
        """The act of that number that is known under another day, when this base knows it better."""
        counted = self.store.acts_numbered(nature, number)
        own = next((count for name, count in counted if signature(name) == signed), 0)
        other = next(((name, count) for name, count in counted if signature(name) not in (signed, None)), None)
        return other[0] if other and signed and other[1] > max(1, 3 * own) - (own == 0) else None


def _opening(step: str) -> str:
    """How a printed portion opens a line or stands in one: I. -, 2° bis, b), A., 1."""
    match = re.fullmatch(
        r"(\d+|[A-Za-z]+?)([°º]?)((?:bis|ter|quater|quinquies|sexies|septies|octies|nonies)?)", step.replace(" ", "")
    )
    number, degree, suffix = match.groups() if match else (re.escape(step), "", "")
    after = r"\s?[°º]" if degree else ""
    tail = rf"\s?{suffix}" if suffix else ""
    end = "" if degree else r"\s?(?:[.)°]|[-–—])"
    return rf"(?m)(?:^|[\s(:;.«]){number}{after}{tail}{end}"


def _note(reasons: tuple[t.Reason, ...]) -> str:
    return " ".join(reason.sentence for reason in reasons)


def _day(iso: str | None) -> str:
    try:
        return in_french(date.fromisoformat(iso or ""))
    except ValueError:
        return "date inconnue"
