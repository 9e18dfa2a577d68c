"""Everything as one networkx ``MultiDiGraph`` with two clocks.

Nodes are ids: provisions (``kind`` texte, division, article) and versions (``kind`` version). Edges carry a ``kind``:

* ``contient``   from a provision to its parts;
* ``version``    from a provision to each of its versions;
* ``cite``       from the citing provision to the cited one, with the place of the words;
* ``cree``, ``modifie``, ``abroge``, ``codifie``, ``remplace``: from the acting provision to the one acted on.

Valid time is ``start``/``end`` (ISO, ``None`` with ``start_is``/``end_is`` saying ``ouvert`` or ``inconnu``); known time is
``start_known``/``end_known``.
"""

from __future__ import annotations

import networkx as nx

from kb.ask.query import KnowledgeBase


def graph(base: KnowledgeBase) -> nx.MultiDiGraph:
    """The graph of a knowledge base; a new one at every call."""
    made = nx.MultiDiGraph()
    for name, text, parent, kind, title, source in base.table(
        "select id, text, parent, kind, title, source from provision order by rank"
    )[1]:
        made.add_node(name, kind=kind, text=text, title=title, held=source is not None)
        if parent:
            made.add_edge(parent, name, kind="contient")
    times = ("start", "start_is", "end", "end_is", "start_known", "end_known")
    for name, provision, official, *clock in base.table(
        f"select id, provision, official, {', '.join(times)} from version order by id"
    )[1]:
        made.add_node(
            name, kind="version", provision=provision, official=official, **dict(zip(times, clock, strict=True))
        )
        made.add_edge(provision, name, kind="version")
    columns = "id, provision, label, target_provision, target, source, start, end, quote, status, relation"
    for rank, provision, label, to, target, source, start, end, quote, status, relation in base.table(
        f"select {columns} from citation where target is not null order by id"
    )[1]:
        ends = (to, provision) if relation == "Cité par" else (provision, to)
        place = {"source": source, "span": (start, end), "quote": quote}
        made.add_edge(
            *ends, kind="cite", citation=rank, label=label, target=target, status=status, relation=relation, **place
        )
    for kind, target, by, effective, published, fact in base.table(
        "select kind, target, by, effective, published, fact from event where by is not null order by id"
    )[1]:
        made.add_edge(by, target, kind=kind, effective=effective, published=published, fact=fact)
    return made
