"""What a reference names: a provision of the knowledge base, or one clear sentence that says why there is none."""

from __future__ import annotations

from typing import NamedTuple

from kb.ground.fault import Misuse, Unknown
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
    """The provision that *words* name: an id (``css/D253-81#al5``), or any other writing of one (``kb.ask.writings``).

    Raises ``Misuse`` when there is none.
    """
    try:
        ref = parse_ref(words)
        row = store.provision(ref.provision) or _official(store, ref)
        wrong: Misuse | None = None if row else Unknown(f"unknown reference '{words}': {_nearest(store, ref)}")
    except Misuse as error:
        row, wrong = None, error
    if row is None:
        from kb.ask.writings import known_as  # late: ids do without

        other = known_as(store, words) if isinstance(words, str) else None
        if other is None or other == words:
            raise wrong or Unknown(f"unknown reference '{words}'")
        return find(store, other)
    if row.id != ref.provision:
        ref = parse_ref(str(ref._replace(text=row.text)).replace(ref.provision, row.id, 1))
    if ref.fragment and row.source and not _has(store, row.id, ref.fragment):
        raise Unknown(f"unknown reference '{words}': {row.id} has no '{','.join(ref.fragment)}'")
    return Named(ref, row)


def _has(store: Store, name: str, fragment: tuple[str, ...]) -> bool:
    """Whether some version of a provision has such a part."""
    by_version: dict[str, list[ParagraphRow]] = {}
    for row in store.labelled(name):
        by_version.setdefault(row.version, []).append(row)
    return any(within(store, rows, fragment) for rows in by_version.values())


def within(store: Store, paragraphs: list[ParagraphRow], fragment: tuple[str, ...]) -> list[ParagraphRow]:
    """The paragraphs of one version that a fragment names, by label (``al5``, ``al-1``) or by what is printed (``I,2°,b``);
    all of them without one."""
    if not fragment:
        return paragraphs
    named = [p for p in paragraphs if fragment == (p.label,)]
    if named:
        return named
    from kb.ground.fragments import within as ranks  # late: most questions name a label or nothing

    spoken = store.spoken(paragraphs)
    found = ranks([p.label for p, _ in spoken], [words for _, words in spoken], fragment)
    return [spoken[rank].row for rank in found] or [p for p in paragraphs if fragment == (p.mark,)]


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
