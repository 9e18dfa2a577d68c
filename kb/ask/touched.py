"""What became of the citations and quotations of one document between two checks of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.ask.check import WRONG
from kb.ask.reports import CheckAnswer, CitationChecked, QuotationChecked

if TYPE_CHECKING:
    from kb.ask.reports import DocumentTouched, Touched

Found = CitationChecked | QuotationChecked
Key = tuple[str | int | None, ...]


def touched(before: CheckAnswer, after: CheckAnswer, *, versions: bool = False) -> Iterator[Touched]:
    """The findings whose verdict is another, that are new, or that are gone, in the order of the document.

    In the same words they are told apart by their place; in words that changed, by what they say and name. With *versions*,
    what is in force by another version than before is told too.
    """
    same = before["sha256"] == after["sha256"]
    old, new = (_keyed(answer, same) for answer in (before, after))
    for key in sorted(old.keys() | new.keys(), key=lambda key: (new.get(key) or old[key])["start"]):
        one, two = old.get(key), new.get(key)
        if not (one and two) or one["verdict"] != two["verdict"] or (versions and one["version"] != two["version"]):
            yield _told(str(key[0]), one, two)


def worse(documents: list[DocumentTouched]) -> bool:
    """Whether something is wrong that was not before."""
    return any(t["after"] in WRONG and t["before"] not in WRONG for each in documents for t in each["touched"])


def _keyed(answer: CheckAnswer, same: bool) -> dict[Key, Found]:
    made: dict[Key, Found] = {}
    seen: Counter[Key] = Counter()
    kinds: list[tuple[str, list[Found]]] = [
        ("citation", [*answer["citations"]]),
        ("quotation", [*answer["quotations"]]),
    ]
    for kind, found in kinds:
        for each in found:
            key: Key = (
                (kind, each["start"], each["end"]) if same else (kind, " ".join(each["quote"].split()), each["target"])
            )
            seen[key] += 1
            made[*key, seen[key]] = each
    return made


def _told(kind: str, one: Found | None, two: Found | None) -> Touched:
    last = two or one
    assert last is not None
    since, by, successor = (last.get(key) for key in ("since", "by", "successor"))
    return {
        "kind": kind, "place": last["place"], "start": last["start"], "end": last["end"], "quote": last["quote"], "target": last["target"],
        "before": one["verdict"] if one else None, "after": two["verdict"] if two else None,
        "versions": [one["version"] if one else None, two["version"] if two else None],
        "since": str(since) if since else None, "by": str(by) if by else None, "successor": str(successor) if successor else None,
        "note": last["note"],
    }  # fmt: skip
