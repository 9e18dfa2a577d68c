"""Verify a dossier of Renvoi without Renvoi: Python's standard library is enough (3.8 or later).

    python -I FILE.verify.py FILE [--file PATH ...]

Checks that the dossier is the one that was sealed; that each text it quotes has its sha256; that each quotation stands, to the
character, where the answer says; that each date is in the words or in the fact that prove it, and each fact in the dossier with
who says so; that the version given was in force on the day asked. With --file, that a file of yours is one of the sources.
Exit 0: all of it holds. 1: something does not. 2: no dossier. Offsets count Unicode code points from 0, ends are exclusive.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

Json = Any  # what a dossier holds is not known until it is checked

MONTHS = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
]
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: Json) -> bytes:
    """JSON with one spelling: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def plain(words: str) -> str:
    """Words without accents, case and line ends."""
    found = unicodedata.normalize("NFD", words.lower().replace("\u00a0", " "))
    return " ".join("".join(c for c in found if not unicodedata.combining(c)).split())


def writes(words: str, day: str) -> bool:
    """Whether *words* write a day: 1993-09-01, 01/09/1993, 1er septembre 1993."""
    year, month, number = day.split("-")
    said = plain(words)
    short = number.lstrip("0")
    shapes = [re.escape(day), f"{number}[/.-]{month}[/.-]{year}"]
    shapes.append(rf"0?{short}(?:\s?er)? {MONTHS[int(month) - 1]} {year}")
    return any(re.search(rf"(?<!\d)(?:{shape})(?!\d)", said) for shape in shapes)


def inside(words: str, found: str) -> bool:
    """Whether *words* are *found*, but for what page furniture takes out of it."""
    characters = iter(found)
    return all(any(character == other for other in characters) for character in words)


def walk(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every object of the answer, with where it is."""
    if isinstance(value, dict):
        yield path or "/", value
        for key in value:
            yield from walk(value[key], f"{path}/{key}")
    elif isinstance(value, list):
        for rank, each in enumerate(value):
            yield from walk(each, f"{path}/{rank}")


def check(dossier: Json, script: bytes | None = None) -> Iterator[tuple[bool, str]]:
    """Every ``(holds, what)`` that was checked."""
    sealed = {key: value for key, value in dossier.items() if key != "sha256"}
    yield digest(canonical(sealed)) == dossier["sha256"], "the dossier is the one that was sealed"
    if script is not None:
        yield digest(script) == dossier["verifier_sha256"], "this script is the one that came with it"
    texts = {}
    for source in dossier["sources"]:
        name, text = source["id"], source["text"]
        texts[name] = text
        yield digest(text.encode("utf-8", "surrogatepass")) == source["sha256"], f"{name}: its text has its sha256"
    facts = {fact["id"]: fact for fact in dossier["facts"]}
    for name, fact in facts.items():
        yield bool(fact["said_by"]), f"fact {name}: somebody says so"
    for path, found in walk(dossier["answer"]):
        yield from quoted(path, found, texts)
        if found.get("fact"):
            yield found["fact"] in facts, "{}: the fact {} is in the dossier".format(path, found["fact"])
        for side in ("start", "end"):
            if isinstance(found.get(side + "_proof"), list):
                yield from bound(path, found, side, facts)
    yield from on_the_day(dossier["answer"])


def quoted(path: str, found: Json, texts: dict[str, str]) -> Iterator[tuple[bool, str]]:
    """What stands at a place of a source."""
    name, start, end = found.get("source"), found.get("start"), found.get("end")
    if not isinstance(name, str) or not isinstance(start, int) or not isinstance(end, int):
        return
    if name not in texts:
        yield False, f"{path}: the source {name} is in the dossier"
        return
    words = texts[name][start:end]
    where = f"{path}: {name} {start}-{end}"
    yield 0 <= start < end <= len(texts[name]), f"{where} is a place"
    if isinstance(found.get("quote"), str):
        yield words == found["quote"], f"{where} holds the words quoted"
    elif isinstance(found.get("text"), str):
        yield inside(found["text"], words), f"{where} holds the text given"


def bound(path: str, found: Json, side: str, facts: dict[str, Json]) -> Iterator[tuple[bool, str]]:
    """A bound is said by one of its proofs; that it is open or unknown is said by a fact, or by nobody."""
    day, proofs = found.get(side), found[side + "_proof"]
    said = [
        proof["quote"] if "quote" in proof else facts.get(proof.get("fact"), {}).get("value", "") for proof in proofs
    ]
    if day:
        yield any(writes(words, day) for words in said), f"{path}: one of its proofs says {side} {day}"
    elif found.get(side + "_is") == "ouvert" and proofs:
        yield any("ouvert" in words for words in said), f"{path}: one of its proofs says that the {side} is open"


def on_the_day(answer: Json) -> Iterator[tuple[bool, str]]:
    """The version of an answer was in force on its day, or the answer says that none was."""
    day, version = answer.get("at"), answer.get("version")
    if not day or "status" not in answer:
        return
    if answer["status"] == "en_vigueur":
        held = bool(version) and (version["start"] or "") <= day and (version["end"] is None or day < version["end"])
        yield held, f"the version given was in force on {day}"


def of_file(dossier: Json, path: str) -> list[str]:
    """The sources whose very file, or text, *path* is."""
    with open(path, "rb") as file:
        data = file.read()
    wanted = {digest(data)}
    for encoding in ENCODINGS:
        with contextlib.suppress(UnicodeError, ValueError):
            wanted.add(digest(data.decode(encoding).encode("utf-8")))
    return [s["id"] for s in dossier["sources"] if {s["sha256"], s["file_sha256"], s["container_sha256"]} & wanted]


def main(arguments: list[str]) -> int:
    if not arguments or (len(arguments) > 1 and arguments[1] != "--file"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[0], "rb") as file:
            dossier = json.loads(file.read().decode("utf-8"))
        with open(__file__, "rb") as file:
            checked = list(check(dossier, file.read()))
        checked += [(bool(of_file(dossier, path)), f"{path} is one of the sources") for path in arguments[2:]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"what is given cannot be read: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    wrong = [what for holds, what in checked if not holds]
    for what in wrong:
        print(f"WRONG  {what}")
    if not wrong:
        print(f"holds: {len(checked)} checks, {len(dossier['sources'])} texts, {len(dossier['facts'])} facts")
        print(f"asked: {json.dumps(dossier['asked'], ensure_ascii=False)}; base sealed {dossier['base']['seal']}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
