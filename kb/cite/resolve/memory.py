"""What one document has named so far: it is what "ledit décret", "même code" and an act without its number point at."""

from __future__ import annotations

from datetime import date

from kb.cite.find import Holder
from kb.cite.resolve.meant import Place
from kb.ground.registry import Code


class Acts:
    """Acts by number and by day of signature."""

    def __init__(self) -> None:
        self.days: dict[tuple[str, date], list[str]] = {}
        self.numbers: dict[tuple[str, str], list[str]] = {}

    def learn(self, nature: str, signed: date | None, number: str | None, name: str) -> None:
        if number:
            names = self.numbers.setdefault((nature, number), [])
            if name not in names:
                names.append(name)
        if signed and number:
            self.dated(nature, signed, name)

    def dated(self, nature: str, signed: date, name: str) -> None:
        names = self.days.setdefault((nature, signed), [])
        if name not in names:
            names.append(name)


class Memory:
    """Everything named since the document began; made new for each one."""

    def __init__(self) -> None:
        self.code: Code | None = None
        self.place: Place | None = None
        self.article: str | None = None
        self.nature = ""
        self.acts = Acts()
        self.last_of: dict[str, Place] = {}  # the last act of each nature
        self.several: set[str] = set()  # natures of which more than one act was named
        self.budgets: dict[str, str] = {}  # finance laws by their year
        self.holder_of: dict[str, Place] = {}  # the text under which a number was named
        self.books: dict[str, Place] = {}  # the code of a number's first digits, "L46"
        self.here: dict[str, Code] = {}  # codes named in the alinéa being read
        self.codes: dict[str, Code] = {}  # codes named in the document

    def turn(self) -> None:
        """Another alinéa begins."""
        self.here = {}

    def met_code(self, code: Code, place: Place) -> None:
        self.code, self.place = code, place
        self.here[code.alias] = self.codes[code.alias] = code

    def met_act(self, holder: Holder, place: Place, budget: str) -> None:
        """The act *place* has been named by *holder*; *budget* is the key of a finance law."""
        (name,) = place.ids
        nature = self.nature = holder.nature or self.nature
        before = self.last_of.get(nature)
        if before is not None and before.ids != place.ids:
            self.several.add(nature)
        self.last_of[nature] = self.place = place
        self.acts.learn(nature, holder.signed, holder.number, name)
        if budget:
            self.budgets[budget] = name

    def met_unknown(self, *, code: bool) -> None:
        """A holder that nobody knows: what follows is not of the one before it."""
        self.place = None
        if code:
            self.code = None
