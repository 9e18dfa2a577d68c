"""Everything as one networkx ``MultiDiGraph`` with two clocks.

Nodes are ids: provisions (``kind`` texte, division, article) and versions (``kind`` version). Edges carry a ``kind``:

* ``contient``   from a provision to its parts;
* ``version``    from a provision to each of its versions;
* ``regne``      from a provision to a version, for the days ``[start, end)`` on which it is the one in force;
* ``cite``       from the citing provision to the cited one, with the place of the words;
* what an act does (``kb.time.events.KINDS``: ``cree``, ``abroge``…): from the acting provision to the one acted on.

Valid time is ``start``/``end`` (ISO, ``None`` with ``start_is``/``end_is`` saying ``ouvert`` or ``inconnu``); known time is
``start_known``/``end_known``.
"""

from __future__ import annotations

import networkx as nx

from kb.store import records as r
from kb.store.reading import Store

_CLOCKS = ("start", "start_is", "end", "end_is", "start_known", "end_known")


def graph(store: Store) -> nx.MultiDiGraph:
    """The graph of a knowledge base; a new one at every call."""
    made = nx.MultiDiGraph()
    for row in store.stream(r.PROVISION, "text, rank, id"):
        made.add_node(row.id, kind=row.kind, text=row.text, title=row.title, held=row.source is not None)
        if row.parent:
            made.add_edge(row.parent, row.id, kind="contient")
    for v in store.stream(r.VERSION):
        clocks = {name: getattr(v, name) for name in _CLOCKS}
        made.add_node(v.id, kind="version", provision=v.provision, official=v.official, **clocks)
        made.add_edge(v.provision, v.id, kind="version")
    for held in store.stream(r.HELD):
        made.add_edge(held.provision, held.version, kind="regne", start=held.start, end=held.end)
    for c in store.stream(r.CITATION, where="target is not null"):
        ends = (c.target_provision, c.provision) if c.relation == "Cité par" else (c.provision, c.target_provision)
        made.add_edge(
            *ends, kind="cite", citation=c.id, label=c.label, version=c.version, target=c.target, status=c.status,
            relation=c.relation, source=c.source, span=(c.start, c.end), quote=c.quote,
        )  # fmt: skip
    for e in store.stream(r.EVENT, where="by is not null"):
        made.add_edge(e.by, e.target, kind=e.kind, effective=e.effective, published=e.published, fact=e.fact)
    return made
