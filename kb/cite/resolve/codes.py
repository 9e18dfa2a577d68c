"""Which code a name or an abbreviation meant on a day, for an article of that number."""

from __future__ import annotations

import re
from datetime import date

from kb.cite.find.values import abbreviated
from kb.cite.resolve.numbering import fits
from kb.ground.names import fold
from kb.ground.registry import Code, Registry, packaged

_TAX = "code general des impots"
_ROMAN = {"1": "i", "2": "ii", "3": "iii", "4": "iv"}
_CONSTITUTIONS = {"1946": "constitution-du-27-octobre-1946", "1848": "constitution-du-4-novembre-1848"}


def key(words: str) -> str:
    """The key of a name: its words without case, accents, articles and hyphens."""
    return " ".join(
        re.sub(r"(?<!\w)(?:l'|d'|de|des|du|la|le|les|et|a|en)(?!\w)|[-,.()]", " ", fold(words))
        .replace("'", " ")
        .split()
    )


class Codes:
    """The codes of the registry, found by the words that name them."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._short: dict[str, Code] = {}
        for told in packaged().codes:
            own_code = registry.code(told.alias)
            if own_code:
                self._short |= {abbreviated(short): own_code for short in told.short}
        self._names: dict[str, list[tuple[Code, date | None, date | None]]] = {}
        for code in registry.codes:
            own = re.sub(r" \((?:nouveau|ancien|1807)\)$", "", code.title)
            said = {name.words: (name.since, name.until) for name in code.names}
            said.setdefault(own[0].lower() + own[1:], (None, None))
            if own != code.title:
                said.setdefault(code.title[0].lower() + code.title[1:], (None, None))
            for words, (since, until) in said.items():
                for each in {" ".join(fold(words).split()), key(words)}:
                    self._names.setdefault(each, []).append((code, since, until))
        self._found: dict[tuple[str, str, date | None], tuple[Code, ...]] = {}

    def named(self, words: str, num: str, at: date | None) -> tuple[Code, ...]:
        """The codes that *words* named on the day *at*, for an article of this number (or none)."""
        shape = (words, re.sub(r"\d", "0", num.partition("-")[0]), at)
        known = self._found.get(shape)
        if known is not None:
            return known
        if len(self._found) > 4096:
            self._found.clear()
        self._found[shape] = found = tuple(self._named(words, num, at))
        return found

    def _named(self, words: str, num: str, at: date | None) -> list[Code]:
        name, _, annex = words.partition(", annexe ")
        if annex and name != _TAX:
            code = self.tax_annex(annex, at) if self.named(name, "", at)[:1] == self.named(_TAX, "", at)[:1] else None
            return [code] if code else []
        words = f"{name}, annexe {_ROMAN.get(annex, annex)}" if annex else name
        if words in self._short:
            return [self._short[words]]
        entries = self._names.get(words) or self._names.get(key(words), [])
        every = list(dict.fromkeys(code for code, _, _ in entries))
        found = list(dict.fromkeys(code for code, since, until in entries if _holds(at, since, until))) or every
        if not num or len(every) < 2:
            return found
        # the form of the number outweighs the day: a new code is built beside the old one
        alike = [code for code in every if fits(code.alias, num)]
        return [code for code in alike if code in found] or alike or found

    def tax_annex(self, num: str, at: date | None) -> Code | None:
        """The annexes of the general tax code are codes of their own."""
        codes = self.named(f"{_TAX}, annexe {_ROMAN.get(num, num.lower())}", "", at)
        return codes[0] if len(codes) == 1 else None

    def constitution(self, words: str) -> Code | None:
        year = re.search(r"1946|1848", words)
        return self._registry.code(_CONSTITUTIONS[year.group()] if year else "constitution")


def _holds(at: date | None, since: date | None, until: date | None) -> bool:
    if at is None:
        return until is None
    return (since is None or since <= at) and (until is None or at < until)
