"""What a reference names: a provision of the knowledge base, or one clear sentence that says why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kb.ground.fault import Misuse
from kb.ground.names import Ref, parse_ref
from kb.store.reading import Store
from kb.store.records import ParagraphRow, ProvisionRow


class Named(NamedTuple):
    """What a reference names: ``ref`` with the provision's own id, and its record."""

    ref: Ref
    row: ProvisionRow

    @property
    def id(self) -> str:
        """The id without a day: ``css/D253-81#al5``."""
        return str(self.ref._replace(at=None))


def find(store: Store, words: str) -> Named:
    """The provision that *words* name, ``css/D253-81#al5`` or by the LEGI id of its code. Raises ``Misuse`` when there is none."""
    ref = parse_ref(words)
    row = store.provision(ref.provision) or _official(store, ref)
    if row is None:
        raise Misuse(f"unknown reference '{words}': {_nearest(store, ref)}")
    if row.id != ref.provision:
        ref = parse_ref(str(ref._replace(text=row.text)).replace(ref.provision, row.id, 1))
    if ref.fragment and row.source and not within(store.labelled(row.id), ref.fragment):
        raise Misuse(f"unknown reference '{words}': {row.id} has no '{','.join(ref.fragment)}'")
    return Named(ref, row)


def within(paragraphs: Iterable[ParagraphRow], fragment: tuple[str, ...]) -> list[ParagraphRow]:
    """The paragraphs that a fragment names, by label (``al5``) or by printed mark (``1°``); all of them without one."""
    return [p for p in paragraphs if not fragment or fragment[0] in (p.label, p.mark)]


def _official(store: Store, ref: Ref) -> ProvisionRow | None:
    alias = store.alias(ref.text)
    return store.provision("/".join((alias, *ref.path))) if alias else None


def _nearest(store: Store, ref: Ref) -> str:
    text = store.provision(ref.text)
    if text is None:
        return f"no text '{ref.text}' is known to this knowledge base"
    near = store.near("/".join((ref.text, *ref.path))[:-1], 3)
    hint = f"; near it: {', '.join(near)}" if near else ""
    return f"nothing of that name is cited, read or stated in '{ref.text}' ({text.title}){hint}"
