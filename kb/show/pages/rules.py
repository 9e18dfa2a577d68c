"""The pages of the rules: what each says as it is written, the words it rests on, its validity. None where there is no rule."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kb.ask.answers import Json
from kb.rules.codec import from_json
from kb.show.pages import french
from kb.show.pages.library import Library
from kb.show.pages.links import Links
from kb.show.pages.provision import Leaf
from kb.show.pages.simulator import simulated
from kb.store.records import RULE


def leaves(library: Library) -> Iterator[Leaf]:
    """The list of rules and a page for each."""
    if not library.rules:
        return
    groups: dict[str, list[Json]] = {}
    for rule in library.rules.values():
        groups.setdefault(rule["modality"], []).append(rule)
    named = [(name, french.MODALITIES.get(name, (name, name))[1], rules) for name, rules in groups.items()]
    about = "Ce que les textes lus permettent, obligent ou calculent, écrit de façon qu'une machine l'évalue."
    yield Leaf(
        "regles", "Règles", "rules.html", Links(library, "regles"), {"groups": named, "said": said}, [(m, words) for m, words, _ in named],
        menu="regles", about=about,
    )  # fmt: skip
    for row in library.store.stream(RULE, "rank, id"):
        yield _rule(library, library.rules[row.id], row.body)


def said(rule: Json) -> str:
    """The validity of a rule in one sentence."""
    start, end = rule["valid"]["from"], rule["valid"]["until"]
    return french.in_force({"start": start, "end": end, "end_is": "date" if end else "inconnu"}).replace(
        "En vigueur", "Applicable"
    )


def _rule(library: Library, rule: Json, body: str) -> Leaf:
    path = f"regles/{rule['id']}"
    trail = library.trail(rule["id"])
    bounds = [
        (name, bound)
        for version in trail.get("versions", [])
        for name, bound in (("Début", version["from"]), ("Fin", version["until"]))
        if bound
    ]
    quotes = [e["quote"] for e in trail.get("evidence", [])] + [rule["title"] or "", rule.get("action") or ""]
    values: Json = {
        "spelt": lambda words: french.rule_words(str(words), quotes), "rule": rule, "trail": trail, "bounds": bounds, "said": said(rule),
        "modality": french.MODALITIES.get(rule["modality"], (rule["modality"], ""))[0],
        "lineage": [step | {"said": french.step(step)} for step in (trail.get("lineage") or {}).get("steps", [])],
    }  # fmt: skip
    toc = [
        ("condition", "Ce qu'elle dit"),
        ("simuler", "Simuler"),
        ("mots", "Mots qui la portent"),
        ("fondement", "Fondement"),
        ("validite", "Validité"),
    ]
    title = rule["title"] or rule["id"]
    about = f"{title} — {values['modality']} : {rule.get('action') or ''}. {values['said']}".replace(french.NBSP, " ")
    found = [{"id": path, "title": f"Règle : {title}", "said": values["said"].replace(french.NBSP, " "), "text": "regles",
              "words": [title, rule.get("action") or "", *(e["quote"] for e in trail.get("evidence", []))], "officials": []}]  # fmt: skip
    files = {"regle.json": simulated(from_json(json.loads(body)))}
    return Leaf(path, title, "rule.html", Links(library, path), values, toc, "regles", about, files=files, found=found)
