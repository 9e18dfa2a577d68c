"""What is known beforehand: codes, acts, external version dates, facts and notes, each with who says so.

Read from ``corpus/registry/*.toml``. A fact never is a text: it is a date, a number or an identifier that
someone outside the sources states (``said_by``); ``authorities.toml`` says who these are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kb.ground.data import folder
from kb.ground.fault import Fault
from kb.ground.names import fold, parse_ref
from kb.ground.period import Bound, Edge, parse_day


class CodeName(NamedTuple):
    """A name under which acts cite a code, with the days between which it meant that code."""

    words: str
    since: date | None = None
    until: date | None = None


class Code(NamedTuple):
    """A code: its LEGI id, current title, alias in ids, and the other names it is cited by."""

    legitext: str
    title: str
    alias: str
    names: tuple[CodeName, ...] = ()
    short: tuple[str, ...] = ()


class Known(NamedTuple):
    """A text that holds articles and is no code, as texts cite it: a treaty, a charter, an act with a short name.

    ``id`` is an alias (``cedh``) or the id of an act; ``phrase`` is words that cite it with the target that they give.
    """

    id: str
    title: str
    kind: str
    signed: date | None
    number: str | None
    names: tuple[str, ...]
    short: tuple[str, ...]
    phrase: tuple[str, str]
    said_by: tuple[str, ...]


class Convention(NamedTuple):
    """A collective agreement by its IDCC."""

    idcc: int
    title: str
    signed: date | None


class Budget(NamedTuple):
    """A finance law of a year; ``kind`` is ``finances`` or ``financement`` (of social security), with " rectificative" where it amends one."""

    kind: str
    year: int
    id: str


class Court(NamedTuple):
    """Who decides: full names, abbreviations, formations that stand for it, and the shape of its numbers (a pattern)."""

    id: str
    title: str
    names: tuple[str, ...]
    numbers: str
    phrase: tuple[str, str]


class Act(NamedTuple):
    """An act that is not a code, as it is named: ``title`` is what a page shows."""

    id: str
    nature: str
    title: str
    signed: date | None
    number: str | None


class Fact(NamedTuple):
    """``about`` has ``key`` = ``value``, as ``said_by`` state. ``id`` is ``about`` + ``?`` + ``key`` (and a rank)."""

    id: str
    about: str
    key: str
    value: str
    said_by: tuple[str, ...]


class ExternalVersion(NamedTuple):
    """An interval of validity stated outside the sources; the text itself is not here."""

    of: str
    id: str | None
    start: Bound
    end: Bound
    said_by: tuple[str, ...]


class Note(NamedTuple):
    """A sentence for jurists about a provision; ``kind`` is ``note``, ``conflit``, ``chronologie`` or ``anomalie``."""

    about: str
    kind: str
    sentence: str
    said_by: tuple[str, ...]


@dataclass(slots=True)
class Registry:
    """Everything the registry states. Codes are found by alias or by LEGI id."""

    codes: list[Code] = field(default_factory=list)
    acts: dict[str, Act] = field(default_factory=dict)
    versions: list[ExternalVersion] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    holders: list[Known] = field(default_factory=list)
    conventions: list[Convention] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)
    courts: list[Court] = field(default_factory=list)
    authorities: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, Code] = field(default_factory=dict)

    def code(self, name: str) -> Code | None:
        """The code of an alias or a LEGI id."""
        if not self._codes:
            self._codes = {key: code for code in self.codes for key in (code.alias, code.legitext)}
        return self._codes.get(name)

    def named(self, title: str) -> Code | None:
        """The code of that current title, whatever its case and accents."""
        return next((code for code in self.codes if fold(code.title) == fold(title.strip())), None)

    def holder(self, name: str) -> Known | Convention | None:
        """The treaty, charter or agreement of an alias that is neither a code nor an act: ``cedh``, ``idcc-1486``."""
        if name.startswith("idcc-"):
            return next((each for each in self.conventions if f"idcc-{each.idcc}" == name), None)
        return next((each for each in self.holders if each.id == name), None)

    def note(self, about: str) -> list[Note]:
        return [note for note in self.notes if note.about == about]


FILES = ("codes", "acts", "versions", "facts", "notes", "authorities", "holders", "conventions", "courts", "budgets")


def read_registry(corpus: Path) -> tuple[Registry, list[Fault]]:
    """The registry of a corpus folder. An entry that does not hold costs itself only, and gives a fault."""
    registry, faults = Registry(), []
    for name in FILES:
        path = corpus / "registry" / f"{name}.toml"
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(Fault("registre-illisible", f"registry/{name}.toml ne se lit pas : {error}."))
            continue
        for rank, entry in enumerate(_entries(data), 1):
            try:
                _READ[name](registry, _table(entry))
            except (KeyError, TypeError, ValueError) as error:
                what = f"il manque {error}" if isinstance(error, KeyError) else str(error)
                faults.append(Fault("registre-entree", f"registry/{name}.toml, entrée {rank} : {what}."))
    faults += _unknown_authorities(registry)
    return registry, faults


@cache
def packaged() -> Registry:
    """The registry that is shipped: its names are the words of the citation grammar (``kb.ground.vocabulary``)."""
    return read_registry(folder("corpus"))[0]


_Entry = Mapping[str, object]


def _entries(data: _Entry) -> Iterator[object]:
    for name, table in data.items():
        if name in ("said_by", "unlisted"):  # who says all of a file; names that are words only
            continue
        yield from table if isinstance(table, list) else [table]


def _read_code(registry: Registry, entry: _Entry) -> None:
    names = entry.get("names", [])
    if not isinstance(names, list):
        raise ValueError("« names » doit être une liste")
    cited = tuple(CodeName(_words(n, "words"), _day(n, "since"), _day(n, "until")) for n in map(_table, names))
    registry.codes.append(
        Code(_words(entry, "legitext"), _words(entry, "title"), _words(entry, "alias"), cited, _some(entry, "short"))
    )


def _read_holder(registry: Registry, entry: _Entry) -> None:
    ref = parse_ref(_words(entry, "id"))
    steps = ref.text.split("/")
    signed = _day(entry, "signed") or (parse_day(steps[1]) if len(steps) > 1 else None)
    number = _number(entry) or (steps[2] if len(steps) > 2 else None)
    registry.holders.append(
        Known(
            ref.text, _words(entry, "title"), _words(entry, "kind"), signed, number, _list(entry, "names"), _some(entry, "short"),
            _phrase(entry), _said_by(entry),
        )
    )  # fmt: skip


def _read_convention(registry: Registry, entry: _Entry) -> None:
    idcc = entry["idcc"]
    if not isinstance(idcc, int):
        raise ValueError("« idcc » doit être un nombre")
    registry.conventions.append(Convention(idcc, _words(entry, "title"), _day(entry, "signed")))


def _read_budget(registry: Registry, entry: _Entry) -> None:
    year = entry["year"]
    if not isinstance(year, int):
        raise ValueError("« year » doit être un nombre")
    registry.budgets.append(Budget(_words(entry, "kind"), year, parse_ref(_words(entry, "id")).text))


def _read_court(registry: Registry, entry: _Entry) -> None:
    names = (*_list(entry, "names"), *_some(entry, "short"), *_some(entry, "heads"))
    registry.courts.append(
        Court(_words(entry, "id"), _words(entry, "title"), names, _words(entry, "numbers"), _phrase(entry))
    )


def _read_act(registry: Registry, entry: _Entry) -> None:
    ref = parse_ref(_words(entry, "id"))
    steps = ref.text.split("/")
    signed = None if steps[1] == "sd" else parse_day(steps[1])
    number = _number(entry) or (steps[2] if len(steps) > 2 and signed else None)
    registry.acts[ref.text] = Act(ref.text, steps[0], _words(entry, "title"), signed, number)


def _read_version(registry: Registry, entry: _Entry) -> None:
    of, start, end = _words(entry, "of"), _bound(entry, "start"), _bound(entry, "end")
    if isinstance(start, date) and isinstance(end, date) and end <= start:
        raise ValueError(f"{of} finit le {end}, avant de commencer ({start})")
    official = _words(entry, "id") if "id" in entry else None
    registry.versions.append(ExternalVersion(of, official, start, end, _said_by(entry)))


def _read_fact(registry: Registry, entry: _Entry) -> None:
    about, said_by = _words(entry, "about"), _said_by(entry)
    for key, value in entry.items():
        if key not in ("about", "said_by"):
            words = value.isoformat() if isinstance(value, date) else str(value)
            registry.facts.append(Fact(f"{about}?{key}", about, key, words, said_by))


def _read_note(registry: Registry, entry: _Entry) -> None:
    for name in _list(entry, "about") if isinstance(entry["about"], list) else (_words(entry, "about"),):
        registry.notes.append(Note(name, _words(entry, "kind"), _words(entry, "sentence"), _said_by(entry)))


def _read_authority(registry: Registry, entry: _Entry) -> None:
    registry.authorities[_words(entry, "id")] = _words(entry, "title")


# What an entry holds, as it must be.


def _table(value: object) -> _Entry:
    if not isinstance(value, dict):
        raise ValueError("une table est attendue")
    return value


def _words(entry: _Entry, key: str) -> str:
    value = entry[key]
    if not isinstance(value, str):
        raise ValueError(f"« {key} » doit être un texte")
    return value


def _list(entry: _Entry, key: str) -> tuple[str, ...]:
    value = entry[key]
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"« {key} » doit être une liste de textes")
    return tuple(value)


def _some(entry: _Entry, key: str) -> tuple[str, ...]:
    return _list(entry, key) if key in entry else ()


def _day(entry: _Entry, key: str) -> date | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, date):
        raise ValueError(f"« {key} » doit être une date")
    return value


def _number(entry: _Entry) -> str | None:
    return _words(entry, "number") if "number" in entry else None


def _bound(entry: _Entry, key: str) -> Bound:
    value = entry[key]
    return value if isinstance(value, date) else Edge(value)


def _phrase(entry: _Entry) -> tuple[str, str]:
    words, target = _list(entry, "phrase")
    return words, target


def _said_by(entry: _Entry) -> tuple[str, ...]:
    said_by = _list(entry, "said_by")
    if not said_by:
        raise ValueError("« said_by » doit nommer au moins une autorité")
    return said_by


def _unknown_authorities(registry: Registry) -> list[Fault]:
    stated: list[ExternalVersion | Fact | Note | Known] = [
        *registry.versions, *registry.facts, *registry.notes, *registry.holders,
    ]  # fmt: skip
    unknown = {who for entry in stated for who in entry.said_by} - set(registry.authorities)
    return [
        Fault("autorite-inconnue", f"« {who} » n'est pas dans registry/authorities.toml.") for who in sorted(unknown)
    ]


_READ = {
    "codes": _read_code,
    "acts": _read_act,
    "versions": _read_version,
    "facts": _read_fact,
    "notes": _read_note,
    "authorities": _read_authority,
    "holders": _read_holder,
    "conventions": _read_convention,
    "courts": _read_court,
    "budgets": _read_budget,
}
