"""What resolution speaks of: where the text is read, what a holder turned out to be, what a citation means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from kb.cite.find import Holder
from kb.ground.names import NATURES
from kb.ground.registry import Code, Registry


class Where(NamedTuple):
    """The text being read: its id, whether it is a code, the steps and fragment of the citing provision, and the day."""

    text: str | None = None
    code: Code | None = None
    path: tuple[str, ...] = ()
    fragment: tuple[str, ...] = ()
    at: date | None = None

    @property
    def act(self) -> str | None:
        return None if self.code else self.text

    @property
    def provision(self) -> str | None:
        return "/".join((self.text, *self.path)) if self.text else None


def where(within: str | None, registry: Registry) -> Where:
    """The place that the id *within* names: ``css/L111-1#I`` or ``circulaire/1996-12-27/7055/II``."""
    if not within:
        return Where()
    head, _, fragment = within.partition("#")
    steps = head.partition("@")[0].split("/")
    code = registry.code(steps[0])
    size = 1
    if code is None and steps[0] in NATURES:
        size = 3 if len(steps) > 2 and not steps[2].startswith("art-") else min(2, len(steps))
    return Where("/".join(steps[:size]), code, tuple(steps[size:]), tuple(fragment.split(",")) if fragment else ())


class Held(NamedTuple):
    """What the knowledge base says: see ``Resolver``."""

    exists: Callable[[str], bool]
    whole: Callable[[str], bool]
    between: Callable[[str, str], Iterable[str]] | None


class About(NamedTuple):
    """The nature, number and day of a text, as written and completed by what is known of it."""

    nature: str
    number: str | None
    signed: date | None

    @classmethod
    def of(cls, name: str) -> About:
        """What the id of an act says."""
        nature, day, number = (*name.split("/"), "", "")[:3]
        return cls(nature, number or None, None if day in ("", "sd") else date.fromisoformat(day))

    def to_json(self) -> dict[str, str | None]:
        return {"nature": self.nature, "num": self.number, "date": self.signed.isoformat() if self.signed else None}


class Place(NamedTuple):
    """What a holder turned out to be: ids of texts (one, several or none), and whether they are codes.

    ``status`` is said where it is not plain from ``ids``: a text known by its day only, contradicted, not covered, or one
    that is likely and not certain (``unknown`` with its id).
    """

    ids: tuple[str, ...] = ()
    code: Code | None = None
    holder: Holder | None = None
    lettered: bool = False  # ids are whole articles already
    status: str = ""
    about: About | None = None

    def article(self, text: str, num: str) -> str:
        """The id of the article *num* of *text*, one of ``ids``."""
        if self.lettered:
            return text
        return f"{text}/art-{num}" if "/" in text else f"{text}/{num}"


class Meant(NamedTuple):
    """What one citation means."""

    status: str
    kind: str
    name: str | None = None
    candidates: tuple[str, ...] = ()
    code: Code | None = None
    num: str | None = None
    fragment: tuple[str, ...] = ()
    about: About | None = None
