"""What a person decided of a document, in its card or on the command line: it outweighs what the document says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from kb.ground import names
from kb.ground.fault import Misuse
from kb.ground.names import parse_ref
from kb.ground.period import parse_day


class Said(NamedTuple):
    """What a person decided of a document, or ``None``: it outweighs what its head says. ``undated``: its id says ``sd``."""

    nature: str | None = None
    number: str | None = None
    signed: date | None = None
    id: str | None = None
    title: str | None = None
    undated: bool = False

    @property
    def decides(self) -> bool:
        return self != Said()

    def or_else(self, other: Said) -> Said:
        """What this says, and where it says nothing what *other* does."""
        return Said(
            self.nature or other.nature,
            self.number or other.number,
            self.signed or other.signed,
            self.id or other.id,
            self.title or other.title,
            self.undated or other.undated,
        )


def said(
    nature: str | None = None,
    id: str | None = None,
    signed: str | date | None = None,
    number: str | None = None,
    title: str | None = None,
) -> Said:
    """What a person decided, from the words of a card or of the command line. Raises ``Misuse``."""
    if nature is not None and nature not in names.NATURES:
        raise Misuse(f"no nature '{nature}': one of {', '.join(names.NATURES)}")
    try:
        day = parse_day(signed) if isinstance(signed, str) else signed
    except ValueError as error:
        raise Misuse(f"signed: {error}") from None
    if id is None:
        return Said(nature, number, day, None, title)
    ref = parse_ref(id)
    steps = ref.text.split("/")
    if steps[0] not in names.NATURES or ref.path:
        raise Misuse(
            f"'{id}' does not name an act: write nature/date/number, for instance circulaire/2015-02-06/2015-12"
        )
    stated = None if steps[1] == "sd" else date.fromisoformat(steps[1])
    if (day and stated and day != stated) or (nature and nature != steps[0]):
        raise Misuse(f"'{id}' is not of that nature or day")
    return Said(steps[0], number, day or stated, id, title, stated is None and day is None)


def said_by_card(card: Mapping[str, object]) -> Said:
    """What a card decides of its document: its id names the act, and only ``signed`` settles a doubt about its day. Raises ``Misuse``."""
    words = {key: value for key in ("nature", "id", "number", "title") if isinstance(value := card.get(key), str)}
    signed = card.get("signed")
    day = signed if isinstance(signed, str | date) else None
    decided = said(words.get("nature"), words.get("id"), day, words.get("number"), words.get("title"))
    return decided if day else decided._replace(signed=None, undated=False)
