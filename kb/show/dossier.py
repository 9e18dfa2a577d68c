"""A dossier: one answer with everything that proves it, sealed, which a stranger verifies without Renvoi (promise 14).

It holds the answer (``renvoi show``, or ``renvoi trace`` of a rule or citation), the whole text of every source that the answer quotes
with its sha256, every fact that it rests on with who says so, the seal of the base, and the sha256 of the script that verifies
it (``kb.show.stranger``, written beside it). ``sha256`` is of all the rest, as JSON with sorted keys and no spaces, in UTF-8.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kb.ask.rulebook import Rulebook
from kb.ask.show import show
from kb.ask.trace import trace_citation
from kb.ground.fault import Misuse
from kb.show import stranger
from kb.store import records as r
from kb.store.file import FORMAT
from kb.store.kept import AUTHORITY, CONTAINER
from kb.store.reading import Store
from kb.store.seal import kept, seal

if TYPE_CHECKING:
    from kb.ask.answers import Json


def dossier(store: Store, ref: str, at: date | None, known: date | None = None) -> Json:
    """The dossier of a provision, a rule or a citation (by its number). Raises ``Misuse`` for what is none of these."""
    answer = _answer(store, ref, at, known)
    found = list(stranger.walk(answer))
    facts = _facts(store, sorted({str(each["fact"]) for _, each in found if each.get("fact")}))
    sources = sorted(
        {str(each["source"]) for _, each in found if each.get("source") and isinstance(each.get("start"), int)}
    )
    said = {who for _, each in found for who in each.get("said_by") or ()} | {
        who for fact in facts for who in fact["said_by"]
    }
    beside = kept(store.path)
    made: Json = {
        "dossier": 1,
        "asked": {"id": ref, "at": at and at.isoformat(), "known_at": known and known.isoformat()},
        "base": {"format": FORMAT, "seal": (beside or seal(store)).root},
        "answer": answer,
        "sources": [_source(store, name) for name in sources],
        "facts": facts,
        "authorities": {row.id: row.title for row in store.among(AUTHORITY, "id", sorted(said), "id")},
        "verifier_sha256": hashlib.sha256(_script()).hexdigest(),
    }
    return {**made, "sha256": stranger.digest(stranger.canonical(made))}


def write(made: Json, target: Path) -> list[Path]:
    """Write a dossier, and the script that verifies it beside it. Raises ``Misuse``."""
    script = target.with_name(f"{target.name}.verify.py")
    try:
        target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
        script.write_bytes(_script())
    except (OSError, UnicodeError) as error:
        raise Misuse(f"cannot write {target}: {error}") from None
    return [target, script]


def _script() -> bytes:
    return Path(stranger.__file__).read_bytes()


def _answer(store: Store, ref: str, at: date | None, known: date | None) -> Json:
    number = ref.removeprefix("citations/")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return {**trace_citation(store, int(number))}
    if store.rule(ref):
        traced: Json = Rulebook(store).trace(ref, at or date.today())
        return traced
    return {**show(store, ref, at, known)}


def _facts(store: Store, names: list[str]) -> list[Json]:
    return [
        {"id": row.id, "about": row.about, "key": row.key, "value": row.value, "said_by": list(row.authorities)}
        for row in store.among(r.FACT, "id", names, "id")
    ]


def _source(store: Store, name: str) -> Json:
    """A text whole, and what it was read in: ``sha256`` is of the text (UTF-8), ``file_sha256`` of the bytes of its file."""
    row = store.source(name)
    card = json.loads(row.card)
    container = store.row(CONTAINER, "id = ?", row.container)
    return {
        "id": row.id, "title": row.title, "container": row.container, "container_title": container.title if container else "",
        "container_sha256": container.sha256 if container else "", "member": row.path, "sha256": row.sha256,
        "file_sha256": str(card.get("file_sha256") or card.get("sha256") or ""), "text": row.text,
    }  # fmt: skip
