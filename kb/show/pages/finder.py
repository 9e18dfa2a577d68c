"""What a search of the site asks: words by their stems, numbers as jurists write them, in files of bounded size.

``recherche/index.json`` says where each word is; a question reads a file for each of its words and one for each answer it shows.
``site/assets/recherche.js`` asks; both sides cut words by the same table of endings, which is in that first file.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache

from kb.ask.answers import Json
from kb.ground.names import fold

SHARD = 40_000  # characters of one file of words
DOCUMENTS = 16  # documents of one file
NUMBERS = 256  # files of numbers, by the digest of a number

ENDINGS = [
    "issements",
    "issement",
    "atrices",
    "ateurs",
    "atrice",
    "ateur",
    "ations",
    "ation",
    "itions",
    "ition",
    "ements",
    "ement",
    "ments",
    "ment",
    "ances",
    "ance",
    "ences",
    "ence",
    "iteurs",
    "iteur",
    "ieres",
    "iere",
    "iers",
    "ier",
    "ites",
    "ite",
    "ives",
    "ive",
    "ifs",
    "if",
    "euses",
    "euse",
    "eurs",
    "eur",
    "iques",
    "ique",
    "ables",
    "able",
    "ibles",
    "ible",
    "ales",
    "ale",
    "aux",
    "als",
    "al",
    "elles",
    "elle",
    "els",
    "el",
    "ions",
    "ion",
    "ees",
    "ee",
    "aient",
    "ait",
    "ants",
    "ant",
    "ents",
    "ent",
    "es",
    "er",
    "ez",
    "e",
    "s",
    "x",
]
STOPS = [
    "a",
    "ainsi",
    "alors",
    "au",
    "aucun",
    "aucune",
    "aussi",
    "autre",
    "autres",
    "aux",
    "avant",
    "avec",
    "ayant",
    "ce",
    "ceci",
    "cela",
    "celle",
    "celles",
    "celui",
    "ces",
    "cet",
    "cette",
    "ceux",
    "chaque",
    "comme",
    "d",
    "dans",
    "de",
    "depuis",
    "des",
    "deux",
    "dont",
    "du",
    "elle",
    "elles",
    "en",
    "entre",
    "est",
    "et",
    "etaient",
    "etait",
    "etant",
    "ete",
    "etre",
    "eux",
    "il",
    "ils",
    "j",
    "l",
    "la",
    "le",
    "les",
    "leur",
    "leurs",
    "lors",
    "lorsque",
    "lui",
    "m",
    "mais",
    "meme",
    "memes",
    "n",
    "ne",
    "ni",
    "non",
    "nos",
    "notre",
    "nous",
    "on",
    "ont",
    "ou",
    "par",
    "pas",
    "peut",
    "peuvent",
    "plus",
    "pour",
    "qu",
    "quand",
    "que",
    "quel",
    "quelle",
    "quelles",
    "quels",
    "qui",
    "s",
    "sa",
    "sans",
    "sauf",
    "se",
    "selon",
    "ses",
    "si",
    "soit",
    "son",
    "sont",
    "sous",
    "sur",
    "t",
    "tel",
    "telle",
    "telles",
    "tels",
    "tous",
    "tout",
    "toute",
    "toutes",
    "un",
    "une",
    "y",
]
_NUMBER = re.compile(r"\b(lo|[lrda])\s?\.?\s?\*?\s?(\d+(?:-\d+)*)")
_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)")
_TOKEN = re.compile(r"(?:lo|[lrda])?\d+(?:-\d+)+[a-z]*|[a-z0-9]+")
_DAY = r"\d{4}-\d\d-\d\d"
_STOPS = frozenset(STOPS)
_SAID_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def tokens(text: str) -> list[str]:
    """The words of *text* as the index knows them: folded, numbers whole, what says nothing left out.

    >>> tokens("Les créances de l'article L. 133-3 : 500 000 F")
    ['creanc', 'articl', 'l133-3', '500000', 'f']
    """
    folded = fold(_GROUPED.sub("", text.translate(_SAID_DASHES)))
    joined = _NUMBER.sub(r"\1\2", folded)
    return [stem(word) for word in _TOKEN.findall(joined) if word not in _STOPS]


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """A word without its endings; what is left has four letters at least.

    >>> [stem(w) for w in ("recouvrement", "recouvrer", "sociaux", "sociale", "indemnites")]
    ['recouvr', 'recouvr', 'soci', 'soci', 'indemn']
    """
    if not word.isalpha():
        return word
    while cut := next((ending for ending in ENDINGS if word.endswith(ending) and len(word) - len(ending) >= 4), ""):
        word = word[: -len(cut)]
    return word


def digest(key: str) -> int:
    """In which file of numbers *key* is."""
    found = 0
    for character in key:
        found = (found * 31 + ord(character)) & 0xFFFFFFFF
    return found % NUMBERS


class Index:
    """What a search finds, gathered page by page."""

    def __init__(self) -> None:
        self._documents: list[list[str]] = []
        self._words: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._numbers: dict[str, list[list[object]]] = defaultdict(list)

    def add(self, found: Json, address: str) -> None:
        """A document: its id, title, what is said of it, its paragraphs, its official ids; *address* from the root of the site."""
        head = found["title"].partition(" — ")[0]
        known = bool(found["words"])
        for key in _keys(found["id"]):
            self._number(key, address, found, 2 if known else 1)
        for official in found["officials"]:
            self._number(fold(official), address, found, 3)
        if not known and "/" in found["id"] and not found["id"].startswith("regles/"):
            return  # found by its number
        words = [" ".join(piece.split()) for piece in found["words"]]
        titled = set(tokens(head))
        counts = Counter(token for piece in (*words, found["title"]) for token in tokens(piece))
        own, ruled = len(self._documents), found["text"] == "regles"  # the words of a rule are a text's own
        for word, times in counts.items():
            weight = 0 if ruled else (2 if word in titled else 0) + (times > 2)
            self._words[word].append(own * 4 + weight)
        first = next((w for w in words if w), "")
        self._documents.append(
            [
                address,
                found["title"],
                found["said"],
                first if len(first) < 200 else first[:200].rsplit(" ", 1)[0] + " …",
            ]
        )

    def _number(self, key: str, address: str, found: Json, rank: int) -> None:
        self._numbers[key].append([address, found["title"], found["said"], rank])

    def files(self) -> Iterator[tuple[str, Json]]:
        """The files of the index by their paths."""
        shards = self._shards()
        first = []
        for n, words in enumerate(shards):
            first.append(next(iter(words)))
            yield f"recherche/mots/{n}.json", words
        for n in range(0, len(self._documents), DOCUMENTS):
            yield f"recherche/documents/{n // DOCUMENTS}.json", {"d": self._documents[n : n + DOCUMENTS]}
        by_file: dict[int, Json] = defaultdict(dict)
        for key in sorted(self._numbers):
            entries = sorted(
                self._numbers[key], key=lambda entry: (-int(str(entry[3])), len(str(entry[0])), str(entry[0]))
            )
            by_file[digest(key)][key] = entries[:20]
        for n in range(NUMBERS):
            yield f"recherche/numeros/{n}.json", by_file.get(n, {})
        yield "recherche/index.json", {
            "documents": len(self._documents), "par": DOCUMENTS, "numeros": NUMBERS, "premiers": first, "finales": list(ENDINGS), "vides": list(STOPS),
        }  # fmt: skip
        # what the theme reads before it starts our worker
        yield "search/search_index.json", {"config": {"lang": ["fr"], "separator": "\\s+", "pipeline": []}, "docs": []}

    def _shards(self) -> list[dict[str, list[int]]]:
        """Words in their order, each with its documents as steps from one to the next."""
        shards: list[dict[str, list[int]]] = []
        room = 0
        for word in sorted(self._words):
            steps, before = [], 0
            for each in self._words[word]:
                steps.append(each - before)
                before = each
            size = len(word) + sum(len(str(step)) + 1 for step in steps)
            if not shards or room + size > SHARD:
                shards.append({})
                room = 0
            shards[-1][word] = steps
            room += size
        return shards


def _keys(name: str) -> list[str]:
    """The numbers under which something is looked for: its id, its last step, the number without its letter."""
    steps = fold(name).split("/")
    last = steps[-1].removeprefix("art-")
    found = [fold(name)]
    if len(steps) in (2, 3) and re.fullmatch(_DAY, steps[1]):  # an act, by its day
        found += [f"{steps[0]}/{steps[1]}", steps[1]]
    if any(character.isdigit() for character in last) and not re.fullmatch(_DAY, last):
        found.append(last)
        bare = re.sub(r"^(?:lo|[lrda])(?=\d)", "", last)
        if bare != last:
            found.append(bare)
    close = re.sub(r"[^a-z0-9]", "", last)
    if (
        len(steps) == 2 and close != last and re.match("annexe|tableau|etat", close)
    ):  # "Annexe II : tableau n° 26", however it is spaced
        found.append(close)
    return list(dict.fromkeys(found))
