"""References in every writing that people paste: official ids, addresses, and the words of a citation.

``css/D253-81`` is what ids are; here what is none of them becomes one.
"""

from __future__ import annotations

import re
from datetime import date

from kb.ground.fault import Misuse
from kb.ground.names import OFFICIAL, from_iri
from kb.store.reading import Store

_NOR = re.compile(r"[A-Z]{4}\d{7}[A-Z]")


def known_as(store: Store, words: str, at: date | None = None) -> str | None:
    """The id that *words* name in another writing; ``None`` where they are none that is read.

    An IRI of ours, a Légifrance address or an official id (``LEGIARTI…``, ``LEGITEXT…``, ``JORFTEXT…``) inside one, a NOR,
    "article D. 253-81 du code de la sécurité sociale". An official id of a version gives that version. Raises ``Misuse``
    where the words name several things.
    """
    words = words.strip()
    if named := from_iri(words):
        return named
    official = re.search(OFFICIAL, words)
    if official and (words == official.group() or "//" in words):
        return _by_official(store, official.group())
    if _NOR.fullmatch(words):
        return store.by_fact("nor", words)
    return _cited(store, words, at) if " " in words else None


def _by_official(store: Store, official: str) -> str | None:
    found = store.by_official(official)
    if found:
        provision, version = found
        return version if version and version[-1].isdigit() else provision
    alias = store.alias(official)
    return alias or store.by_fact("jorftext", official) or store.by_fact("legiarti", official)


def _cited(store: Store, words: str, at: date | None) -> str | None:
    """What a citation names, when the words are one and nothing else."""
    from kb.cite.resolve import Resolver  # late: only these words need a grammar

    found, _ = Resolver(store.registry(), exists=lambda name: store.provision(name) is not None).read(words, at=at)
    targets = {citation.target for citation in found if citation.target}
    if len(targets) > 1 or (found and not targets and any(citation.candidates for citation in found)):
        named = sorted(targets or {name for citation in found for name in citation.candidates})
        raise Misuse(f"'{words}' names several things: {', '.join(named[:5])}")
    return next(iter(targets), None)
