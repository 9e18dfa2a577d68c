"""Does a quotation stand in what it is attributed to? In force that day, in another version, nearly, or nowhere.

White space, case, apostrophes, quotation marks and dashes are set aside. Words attributed to nothing are not judged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from kb.ask import timelines
from kb.ground.names import parse_ref
from kb.store import records as r
from kb.store.reading import Store

if TYPE_CHECKING:
    from kb.ask.draft import Cited, Passage, Quotation
    from kb.ask.verdicts import Verdict

EXACT, NEAR, OTHER, LOST = "exacte", "proche", "autre_version", "perdue"
CLOSE = 0.75  # of the words of a quotation, in order, that make it near
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3})\s*")
_PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "‐": "-",
        "\u00ad": None,
        "º": "°",
        "œ": "oe",
        "æ": "ae",
    }
)
_SAYS = re.compile(
    r"(?:dispose|disposent|pr[ée]voi\w*|[ée]nonce\w*|pr[ée]cise\w*|stipule\w*|selon|aux termes|termes|vise\w*|parl\w+|r[ée]dig\w+|d[ée]fini\w*|indique\w*|exige\w*|[ée]crit\w*|mots?|formule|conform\w+|ainsi|rappelle\w*|impose\w*|dit|lit)\b",
    re.I,
)
_INTRODUCED = re.compile(r"\s*:\s*[«“\"]?\s*")  # all that stands between a citation and the words that it introduces


class Judged(NamedTuple):
    """What became of a quotation; ``target`` is what it is attributed to."""

    quotation: Quotation
    target: str
    verdict: str
    version: str | None = None
    note: str = ""


def judge(
    store: Store,
    day: date,
    passages: Sequence[Passage],
    quotations: Iterator[Quotation],
    cited: Sequence[tuple[Cited, Verdict]],
) -> Iterator[Judged]:
    """The verdict on each quotation that is attributed to something that is held here."""
    reader = Reader(store, day)
    for quotation in quotations:
        made = _judge(reader, passages, quotation, cited)
        if made:
            yield made


def _judge(
    reader: Reader, passages: Sequence[Passage], quotation: Quotation, cited: Sequence[tuple[Cited, Verdict]]
) -> Judged | None:
    near: list[tuple[float, str, str, str]] = []
    claimed = None
    for target, certain in _attributed(passages, quotation, cited):
        verdict, version, share, note = reader.compare(target, quotation.words)
        if verdict in (EXACT, OTHER):
            return Judged(quotation, target, verdict, version, note)
        if verdict and certain and claimed is None:
            claimed = target
        if share:
            near.append((share, target, version or "", note))
    best = max(near, default=None)
    if best and best[0] >= CLOSE:
        return Judged(quotation, best[1], NEAR, best[2] or None, best[3])
    return (
        Judged(quotation, claimed, LOST, None, "Ces mots ne sont dans aucune version tenue ici.") if claimed else None
    )


def _attributed(
    passages: Sequence[Passage], quotation: Quotation, cited: Sequence[tuple[Cited, Verdict]]
) -> Iterator[tuple[str, bool]]:
    """What a quotation may be attributed to, the likeliest first, and whether the draft says so: a parenthesis behind it, the last
    citation before it, the others of its passage, the last of the passage before."""
    here = [(c, v) for c, v in cited if c.passage == quotation.passage]
    words = passages[quotation.passage].words
    after = [(c, v) for c, v in here if c.citation.start >= quotation.end]
    before = [(c, v) for c, v in here if c.citation.end <= quotation.start]
    seen: set[str] = set()
    ordered: list[tuple[Cited, Verdict, bool]] = []
    if after and re.fullmatch(r"\s*[»”\"]?\s*[,.]?\s*\([^()]{0,40}", words[quotation.end : after[0][0].citation.start]):
        ordered.append((*after[0], True))
    for c, v in reversed(before):
        between = words[c.citation.end : quotation.start]
        around = words[max(0, c.citation.start - 40) : quotation.start]
        ordered.append((c, v, bool(_INTRODUCED.fullmatch(between) or (len(between) < 160 and _SAYS.search(around)))))
    ordered += [(c, v, False) for c, v in after]
    if not before:
        earlier = [(c, v) for c, v in cited if c.passage == quotation.passage - 1]
        ordered += [(c, v, False) for c, v in reversed(earlier)]
    for _, verdict, certain in ordered:
        target = verdict.target and verdict.target.partition("#")[0]
        if target and target not in seen:
            seen.add(target)
            yield target, certain


class Reader:
    """Compares words with the versions of provisions, each read once."""

    def __init__(self, store: Store, day: date) -> None:
        self.store, self.day = store, day
        self._known: dict[str, tuple[str | None, list[tuple[r.VersionRow, str, str]]]] = {}

    def compare(self, target: str, quote: str) -> tuple[str, str | None, float, str]:
        """``(verdict, version, share of its words, note)``; an empty verdict where nothing of the target is held."""
        now, texts = self._texts(target)
        if not texts:
            return "", None, 0.0, ""
        parts = parts_of(quote)
        for version, _, plain in sorted(texts, key=lambda each: (each[0].id != now, each[0].start or "")):
            if _in_order(parts, plain):
                if version.id == now:
                    return EXACT, version.id, 1.0, ""
                until = f"jusqu'au {version.end} exclu" if version.end else "sans fin connue"
                return OTHER, version.id, 1.0, f"Ces mots sont ceux de la version du {version.start}, {until}."
        found = [(*_share(quote, words), version) for version, words, _ in texts]
        share, difference, version = max(found, key=lambda each: (round(each[0], 3), each[2].id == now))
        return LOST, version.id, share, difference

    def _texts(self, target: str) -> tuple[str | None, list[tuple[r.VersionRow, str, str]]]:
        if target not in self._known:
            self._known[target] = self._fetched(target)
        return self._known[target]

    def _fetched(self, target: str) -> tuple[str | None, list[tuple[r.VersionRow, str, str]]]:
        row = self.store.provision(parse_ref(target).provision)
        if row is None:
            return None, []
        line = timelines.timeline(self.store, row)
        held = line.on(self.day).version
        made = []
        for version in line.versions:
            if version.source is None:
                continue
            spoken = self.store.spoken(
                [p for p in self.store.paragraphs(row.id, version.id) if p.kind in ("alinea", "nota")]
            )
            words = "\n".join(text for _, text in spoken)
            if words:
                made.append((version, words, flat(words)))
        return held.id if held else None, made


def plain(words: str) -> str:
    """Words without white space, case and typography."""
    return re.sub(r"[\s\"*_]+", "", unicodedata.normalize("NFC", words).lower().translate(_PLAIN))


def flat(words: str) -> str:
    """Words as they are compared: plain, without the marks at both ends."""
    return plain(words).strip(".,;:")


def parts_of(quote: str) -> list[str]:
    """The parts of a quotation between its ellipses, as they are compared."""
    return [part for part in map(flat, _ELLIPSIS.split(quote)) if part]


def _in_order(parts: Sequence[str], plain: str) -> bool:
    at = 0
    for part in parts:
        at = plain.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return bool(parts)


def _share(quote: str, words: str) -> tuple[float, str]:
    """The share of the words of *quote* that stand in *words* in order and close together, and how they differ."""
    mine, theirs = _words(quote), _words(words)
    matcher = SequenceMatcher(None, theirs, mine, autojunk=False)
    anchor = matcher.find_longest_match()
    if not anchor.size:
        return 0.0, ""
    first = max(0, anchor.a - anchor.b - 3)
    window = theirs[first : anchor.a + len(mine) - anchor.b + 3]
    near = SequenceMatcher(None, window, mine, autojunk=False)
    same = sum(block.size for block in near.get_matching_blocks())
    return same / max(len(mine), 1), _difference(window, mine, near)


def _difference(window: list[str], mine: list[str], matcher: SequenceMatcher[str]) -> str:
    told = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or (kind == "delete" and (c == 0 or c == len(mine))):
            continue
        written, meant = " ".join(mine[c:d]), " ".join(window[a:b])
        told.append(f"« {written or '…'} » au lieu de « {meant or '…'} »")
    return " ; ".join(told[:4])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’-]\w+)*|[%°§]", unicodedata.normalize("NFC", text).lower().translate(_PLAIN))
