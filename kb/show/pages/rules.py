"""The pages of the rules: what each says, the words it rests on, its validity. None where a knowledge base holds no rule."""

from __future__ import annotations

from collections.abc import Iterator

from kb.ask.answers import Json
from kb.show.pages import french
from kb.show.pages.library import Library
from kb.show.pages.links import Links
from kb.show.pages.provision import Leaf


def leaves(library: Library) -> Iterator[Leaf]:
    """The list of rules and a page for each."""
    if not library.rules:
        return
    groups: dict[str, list[Json]] = {}
    for rule in library.rules.values():
        groups.setdefault(rule["modality"], []).append(rule)
    named = [
        (modality, french.MODALITIES.get(modality, (modality, modality))[1], rules)
        for modality, rules in groups.items()
    ]
    yield Leaf(
        "regles",
        "Règles",
        "rules.html",
        Links(library, "regles"),
        {"groups": named, "said": said},
        [(m, words) for m, words, _ in named],
        [("", "Règles", "")],
    )
    for rule in library.rules.values():
        yield _rule(library, rule)


def said(rule: Json) -> str:
    """The validity of a rule in one sentence."""
    start, end = rule["valid"]["from"], rule["valid"]["until"]
    return french.in_force({"start": start, "end": end, "end_is": "date" if end else "inconnu"}).replace(
        "En vigueur", "Applicable"
    )


def _rule(library: Library, rule: Json) -> Leaf:
    path = f"regles/{rule['id']}"
    trail = library.trail(rule["id"])
    bounds = [
        (name, bound)
        for version in trail.get("versions", [])
        for name, bound in (("Début", version["from"]), ("Fin", version["until"]))
        if bound
    ]
    values = {
        "rule": rule, "trail": trail, "bounds": bounds, "said": said(rule),
        "modality": french.MODALITIES.get(rule["modality"], (rule["modality"], ""))[0],
    }  # fmt: skip
    toc = [
        ("condition", "Ce qu'elle dit"),
        ("mots", "Mots qui la portent"),
        ("fondement", "Fondement"),
        ("validite", "Validité"),
    ]
    found = [("", rule["title"] or rule["id"], f"{values['modality']} · {rule.get('action') or ''}")]
    return Leaf(path, rule["title"] or rule["id"], "rule.html", Links(library, path), values, toc, found)
