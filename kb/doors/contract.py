"""Every question that a door may ask: its parameters, its answer's type, an example. HTTP, OpenAPI and the assistants' tools read it.

An answer is that of ``kb.base.Base``, whatever the door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from kb.ask import answers as a
from kb.ask import reports as r
from kb.ask.proved import Verified, verify
from kb.ask.reports import CheckAnswer
from kb.base import Base, as_day
from kb.ground.fault import Misuse
from kb.rules import Evaluation
from kb.words.limits import Limit

WORDS = 1 << 20  # characters of a text that is read
QUOTE = 10_000  # and of a quotation that is compared


class Parameter(NamedTuple):
    """What a question takes. ``kind`` is ``string``, ``day``, ``boolean``, ``integer`` or ``object``; *least* and *most* bound a number,
    *most* the characters of a string."""

    name: str
    about: str
    kind: str = "string"
    required: bool = False
    default: int | bool | None = None
    least: int = 0
    most: int = 2_000

    def schema(self) -> dict[str, object]:
        made: dict[str, object] = {"type": "string" if self.kind == "day" else self.kind, "description": self.about}
        match self.kind:
            case "string":
                made |= {"minLength": int(self.required), "maxLength": self.most}
            case "day":
                made |= {"format": "date"}
            case "integer":
                made |= {"minimum": self.least, "maximum": self.most}
        return made if self.default is None else made | {"default": self.default}


class Question:
    """The parameters of one question, read."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def words(self, name: str) -> str:
        return str(self._values[name])

    def maybe(self, name: str) -> str | None:
        value = self._values.get(name)
        return None if value is None else str(value)

    def number(self, name: str) -> int:
        value = self._values[name]
        assert isinstance(value, int)
        return value

    def facts(self, name: str) -> Mapping[str, object]:
        value = self._values.get(name, {})
        assert isinstance(value, Mapping)
        return value


class Operation(NamedTuple):
    """A question: over HTTP ``posted`` with a JSON body or else asked by its address; *answer* is its type."""

    name: str
    about: str
    parameters: tuple[Parameter, ...]
    answer: object
    ask: Callable[[Base, Question], object]
    example: Mapping[str, object]
    posted: bool = False

    def read(self, given: Mapping[str, object]) -> Question:
        """The question that *given* asks; strings stand for what they say. Raises ``Misuse``."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise Misuse(f"unknown parameter '{name[:60]}': {self.name} takes {', '.join(known)}")
        values: dict[str, object] = {}
        for name, parameter in known.items():
            value = given.get(name)
            if value is not None:
                values[name] = _read(parameter, value)
            elif parameter.required:
                raise Misuse(f"{self.name} needs '{name}': {parameter.about}")
            elif parameter.default is not None:
                values[name] = parameter.default
        return Question(values)


def _read(parameter: Parameter, value: object) -> object:
    name, kind = parameter.name, parameter.kind
    if kind == "object" and isinstance(value, Mapping):
        return value
    if kind == "boolean":
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
    if kind == "integer" and (isinstance(value, int | str) and not isinstance(value, bool)):
        words = str(value)
        if not (words.isascii() and words.isdigit() and parameter.least <= int(words[:9]) <= parameter.most):
            raise Misuse(f"'{name}' is a number from {parameter.least} to {parameter.most}")
        return int(words)
    if kind in ("string", "day") and isinstance(value, str):
        if len(value) > parameter.most:
            raise Misuse(f"'{name}' is longer than {parameter.most} characters")
        if not value and parameter.required:
            raise Misuse(f"'{name}' is empty")
        return value
    wanted = {"object": "a JSON object", "boolean": "true or false", "integer": "a number"}.get(kind, "a string")
    raise Misuse(f"'{name}' is {wanted}")


def _limits(base: Base, q: Question) -> object:
    from kb.words.limits import limits

    return [limit._asdict() for limit in limits(q.words("text"))]


def _check(base: Base, q: Question) -> object:
    text = q.words("text").encode("utf-8", "replace")
    return checked(base, q.maybe("name") or "projet.txt", text, q.maybe("at"), q.maybe("since"))


def checked(base: Base, name: str, data: bytes, at: str | None, since: str | None) -> CheckAnswer:
    """The answer on a draft, of which nothing is kept. Raises ``Misuse``, for a file that cannot be read too."""
    from kb.ask.check import Checker
    from kb.texts.files import Unreadable

    try:
        answer, _ = Checker(base.store, as_day(at) or date.today(), as_day(since)).check(name, data)
    except Unreadable as error:
        raise Misuse(f"{name}: {error}") from None
    return answer


def _verify_quote(base: Base, q: Question) -> object:
    return verify(base.store, q.words("ref"), q.words("quote"), as_day(q.maybe("at")) or date.today())


_REF = Parameter("ref", "a text, provision or alinéa: css/D253-81#al5, LEGIARTI…, a Légifrance address", required=True)
_AT = Parameter("at", "the day asked about, YYYY-MM-DD (default: today)", "day")
_DAYS = (
    Parameter("from", "the first day, YYYY-MM-DD", "day", True),
    Parameter("to", "the second day, YYYY-MM-DD", "day", True),
)
_KNOWN = Parameter("known_at", "as it could be known that day: only what was published by then", "day")
_TEXT = Parameter("text", "any text in French", required=True, most=WORDS)
_ARTICLE = {"ref": "css/D253-81", "at": "1997-05-01"}
_DRAFT = "L'article D. 253-81 du code de la sécurité sociale dispose que l'agent « a couvert de ses deniers le montant du déficit »."

OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (
        Operation(
            "show",
            "A text, provision or alinéa on a day: status, text, bounds with proofs, links.",
            (_REF, _AT, _KNOWN),
            a.Shown,
            lambda base, q: base.show(q.words("ref"), q.maybe("at"), q.maybe("known_at")),
            _ARTICLE,
        ),
        Operation(
            "said",
            "What a provision said on a day, and nothing else: the quickest question.",
            (_REF, _AT, _KNOWN),
            a.Said,
            lambda base, q: base.said(q.words("ref"), q.maybe("at"), q.maybe("known_at")),
            _ARTICLE,
        ),
        Operation(
            "history",
            "Every version of a provision, who made it and who says so.",
            (_REF,),
            a.History,
            lambda base, q: base.history(q.words("ref")),
            {"ref": "css/D253-81"},
        ),
        Operation(
            "diff",
            "What changed between two days.",
            (_REF, *_DAYS),
            a.Diffed,
            lambda base, q: base.diff(q.words("ref"), q.words("from"), q.words("to")),
            {"ref": "css/D253-81", "from": "1993-08-31", "to": "1993-09-01"},
        ),
        Operation(
            "impact",
            "What changed between two days, and what rests on it: provisions, rules.",
            (*_DAYS, Parameter("on", "rules, or a reference that it is limited to")),
            r.Impact,
            lambda base, q: base.impact(q.words("from"), q.words("to"), q.maybe("on")),
            {"from": "2007-10-19", "to": "2007-10-20", "on": "rules"},
        ),
        Operation(
            "stale",
            "The citations in a text, or in everything, that on a day lead to what is no longer in force, or to a part that is lost.",
            (
                _REF._replace(required=False),
                _AT,
                Parameter("limit", "how many are given", "integer", default=100, least=1, most=1_000),
                Parameter("offset", "how many are passed over", "integer", default=0, most=100_000_000),
            ),
            r.Stale,
            lambda base, q: base.stale(
                q.maybe("ref"), q.maybe("at"), limit=q.number("limit"), offset=q.number("offset")
            ),
            {"at": "2010-01-01"},
        ),
        Operation(
            "follow",
            "The citation links out of a provision, or into it.",
            (
                _REF,
                Parameter("into", "what cites it, rather than what it cites", "boolean", default=False),
                Parameter("depth", "how many steps", "integer", default=1, least=1, most=5),
                Parameter("at", "only links whose citing version was in force that day", "day"),
            ),
            a.Followed,
            lambda base, q: base.follow(
                q.words("ref"), into=bool(q.number("into")), depth=q.number("depth"), at=q.maybe("at")
            ),
            {"ref": "css/D133-1", "into": True, "at": "1997-05-01"},
        ),
        Operation(
            "search",
            'Full text in French: accents optional, words found by their stems, "words side by side" between quotes.',
            (
                Parameter("words", "the words to find", required=True),
                Parameter("at", "only what was in force that day", "day"),
                Parameter("limit", "how many are given", "integer", default=20, least=1, most=200),
            ),
            a.Searched,
            lambda base, q: base.search(q.words("words"), q.maybe("at"), q.number("limit")),
            {"words": "remises gracieuse", "at": "1997-05-01"},
        ),
        Operation(
            "rules",
            "The rules in force on a day (all of them without one).",
            (
                _AT._replace(about="only those in force that day, YYYY-MM-DD"),
                Parameter("about", "only those that quote or rest on it: css/D133-1"),
                _KNOWN,
            ),
            list[a.RuleSummary],
            lambda base, q: base.rules(q.maybe("at"), q.maybe("about"), q.maybe("known_at")),
            {"at": "1997-05-01", "about": "css/D133-1"},
        ),
        Operation(
            "trace",
            "The audit trail of a rule, or of a citation by its number, down to file, characters and sha256.",
            (
                Parameter("id", "a rule's id, or a citation's number", required=True),
                Parameter("at", "the day at which a rule's basis is looked at (default: today)", "day"),
            ),
            a.Traced | a.Json,
            lambda base, q: base.trace(q.words("id"), q.maybe("at")),
            {"id": "indu-rmi", "at": "1997-05-01"},
        ),
        Operation(
            "apply",
            "Evaluate a rule on facts; rule 'all' evaluates every rule that the facts reach.",
            (
                Parameter("rule", "a rule's id, or all", required=True),
                Parameter("facts", 'a value for each name: {"montant": "499.99 F"}', "object"),
                _AT,
                _KNOWN,
            ),
            Evaluation | list[Evaluation],
            lambda base, q: base.apply(q.words("rule"), q.facts("facts"), q.maybe("at"), q.maybe("known_at")),
            {"rule": "indu-rmi", "facts": {"montant": "499.99 FRF"}, "at": "1997-01-15"},
            posted=True,
        ),
        Operation(
            "cite",
            "The citations in any text, and what they mean.",
            (
                _TEXT,
                Parameter("within", "the provision the text stands in: its code is the default one"),
                Parameter("at", "the day at which names are to be understood", "day"),
            ),
            list[a.FoundAnswer],
            lambda base, q: base.cite(q.words("text"), q.maybe("within"), q.maybe("at")),
            {"text": "l'article L. 133-3 et ledit code", "within": "css/D133-1"},
            posted=True,
        ),
        Operation(
            "limits",
            "The limits that words set, in any text.",
            (_TEXT,),
            list[Limit],
            _limits,
            {"text": "un montant total inférieur à 100 F"},
            posted=True,
        ),
        Operation(
            "check",
            "The citations and quotations of a draft, each with a verdict on a day. Nothing of it is kept.",
            (
                _TEXT._replace(about="the draft"),
                Parameter("name", "its file name, which tells Markdown from plain text", most=200),
                _AT,
                Parameter("since", "words that changed since that day are told", "day"),
            ),
            CheckAnswer,
            _check,
            {"text": _DRAFT, "at": "1997-05-01"},
            posted=True,
        ),
        Operation(
            "verify_quote",
            "Does a quotation stand in a provision on a day? exacte, proche, autre_version, perdue, non_couvert; and where it stands.",
            (_REF, Parameter("quote", "the words quoted", required=True, most=QUOTE), _AT),
            Verified,
            _verify_quote,
            {"ref": "css/D253-81", "quote": "couvert de ses deniers", "at": "1997-05-01"},
            posted=True,
        ),
    )
}
