"""A corpus of one's own: the folder that ``renvoi new`` makes, and the cards that ``renvoi import --card`` puts into it.

The folder holds an example that builds and verifies: a card whose keys are explained, a registry, a rule held by its quote.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from kb.ground.data import folder
from kb.ground.fault import Misuse, render
from kb.ground.names import slug
from kb.texts import files
from kb.texts.readers.blocks import blocks
from kb.texts.readers.decided import Said
from kb.texts.readers.identity import Identity, identify
from kb.texts.source import CARD


def new(target: Path) -> list[Path]:
    """Make the corpus folder *target*; the files it holds. Raises ``Misuse`` when something is there already."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Misuse(f"{target}: there already: give the name of a folder to make")
    try:
        shutil.copytree(folder("starter"), target, dirs_exist_ok=True)
        shutil.copyfile(folder("corpus") / "registry" / "codes.toml", target / "registry" / "codes.toml")
    except OSError as error:
        raise Misuse(f"{target}: {error.strerror}") from None
    return sorted(path for path in target.rglob("*") if path.is_file())


def put(path: Path, corpus: Path, said: Said) -> tuple[Path, list[str]]:
    """Put the document *path* into the sources of *corpus* with its card; the card, and what is doubtful of it.

    Raises ``Misuse``: not a corpus folder, not a document, of no nature that is known, or a source of that name is there.
    """
    if not (corpus / "sources").is_dir():
        raise Misuse(f"{corpus}: not a corpus folder, it has no sources/ ('renvoi new {corpus}' makes one)")
    try:
        data = path.read_bytes()
        kind, found = files.extract(path.name, data)
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from None
    except files.Unreadable as error:
        raise Misuse(f"{path}: {error}") from None
    is_ = identify(found.text, blocks(found.text, found.layout), said)
    if is_.nature is None:
        raise Misuse(f"{path}: nothing in it says what it is: add --nature, for instance --nature circulaire")
    name = said.id or is_.id
    place = corpus / "sources" / slug(name)
    try:
        place.mkdir()
    except FileExistsError:
        raise Misuse(f"{place}: there already: a source is never replaced") from None
    (place / path.name).write_bytes(data)
    card = place / CARD
    card.write_text(_card(path.name, kind, name, data, found.text, is_, said), encoding="utf-8")
    return card, [render(fault, found.text, str(path)) for fault in is_.faults]


def _card(file: str, kind: str, name: str, data: bytes, text: str, is_: Identity, said: Said) -> str:
    """The card of a document, its doubts as comments above what a person may decide."""
    decided = [f"signed = {is_.signed.isoformat()}"] if said.signed and is_.signed else []
    stated = {"number": is_.number, "nor": is_.nor}
    lines = [
        f"# La carte de « {file} » ({kind}), écrite par « renvoi import --card ». Ce qu'une personne y change est gardé.",
        f"title = {_quoted(is_.title or file)}",
        'origin = "à compléter : d\'où vient ce fichier"',
        'licence = "à compléter : à quel titre il peut être gardé et montré"',
        f"obtained = {_quoted(f'Fichier « {file} », octets inchangés')}",
        'format = "document"',
        f'sha256 = "{hashlib.sha256(data).hexdigest()}"',
        f'text_sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"  # du texte extrait',
        "",
        *(f"# à décider : {fault.sentence}" for fault in is_.faults),
        f"id = {_quoted(name)}",
        *decided,
        *(f"{key} = {_quoted(value)}" for key, value in stated.items() if value),
    ]
    return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    """A TOML string: JSON's is one."""
    return json.dumps(words, ensure_ascii=False)
