"""Answers as a person reads them in a terminal: French, plain text, proofs beside what they prove."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.ask.answers import Json


STATUS = {
    "en_vigueur": "en vigueur",
    "pas_encore": "pas encore en vigueur",
    "abroge": "plus en vigueur",
    "inconnu": "statut inconnu",
}
MODALITY = {
    "faculte": "faculté",
    "obligation": "obligation",
    "interdiction": "interdiction",
    "condition": "condition",
    "calcul": "calcul",
}
OUTCOME = {
    "applicable": "applicable",
    "non_applicable": "non applicable",
    "indetermine": "indéterminé",
    "hors_periode": "hors période",
}
HOLDS = {True: "vrai  ", False: "faux  ", None: "?     "}
EVENT = {
    "cree": "créé",
    "modifie": "modifié",
    "rectifie": "rectifié",
    "abroge": "abrogé",
    "annule": "annulé",
    "perime": "périmé",
    "disjoint": "disjoint",
    "codifie": "codifié",
    "remplace": "remplacé",
    "transfere": "transféré",
    "deplace": "déplacé",
}


def shown(answer: Json) -> Iterator[str]:
    """The lines of ``renvoi show``."""
    yield f"{answer['id']} — {answer['title']}"
    yield f"{_when(answer['at'])} : {STATUS[answer['status']]}"
    version = answer["version"]
    if version:
        yield f"  version {version['id']}{' (' + version['official'] + ')' if version['official'] else ''}"
        yield f"  depuis  {_bound(version['start'], version['start_is'])}"
        yield from (f"          selon {_proof(proof)}" for proof in version["start_proof"])
        yield f"  jusqu'à {_bound(version['end'], version['end_is'])}"
        yield from (f"          selon {_proof(proof)}" for proof in version["end_proof"])
    for note in answer["notes"]:
        yield from _wrapped(note, "  note : ")
    for conflict in answer["conflicts"]:
        who = f" (dit par {', '.join(conflict['said_by'])})" if conflict["said_by"] else ""
        yield from _wrapped(f"{conflict['sentence']}{who}", f"  {conflict['kind']} : ")
    for fact in answer["facts"]:
        yield f"  {fact['key']} = {fact['value']} (dit par {', '.join(fact['said_by'])})"
    yield from _paragraphs(answer)
    if len(answer["versions"]) > 1:
        yield "\nVersions"
        for v in answer["versions"]:
            yield f"  [{_bound(v['start'], v['start_is'])}, {_bound(v['end'], v['end_is'])}) {v['official'] or ''}".rstrip()
    if answer["rules"]:
        yield "\nRègles"
        yield from (f"  {rule['id']} — {rule['title']} ({', '.join(rule['how'])})" for rule in answer["rules"])
    if answer["events"]:
        yield "\nÉvénements"
        for e in answer["events"]:
            by = f" par {e['by']}" if e["by"] else ""
            yield f"  {e['effective'] or 'sans date'} : {e['target']} {EVENT[e['kind']]}{by}, selon {_proof(e['proof'])}"
    if answer.get("contents"):
        yield "\nTable des matières"
        yield from (
            f"  {'  ' * line['depth']}{line['title']}{'  ' + line['id'] if line['kind'] == 'article' else ''}"
            for line in answer["contents"]
        )
    elif answer["children"]:
        yield "\nContient"
        yield from (f"  {child['id']} — {child['title']}" for child in answer["children"])
    yield from cited(answer["cites"], "\nCite", "target")
    yield from cited(answer["cited_by"], "\nCité par", "from")


def told(answer: Json) -> Iterator[str]:
    """The lines of ``renvoi history``: each version, who made it, who says so."""
    yield f"{answer['id']} — {answer['title']}"
    for v in answer["versions"]:
        yield f"\n[{_bound(v['start'], v['start_is'])}, {_bound(v['end'], v['end_is'])}) {v['official'] or ''}".rstrip()
        known = f", publié le {v['start_known']}" if v["start_known"] else ""
        yield from (f"  {EVENT[act['kind']]} par {act['by'] or 'un acte non nommé'}{known}" for act in v["by"])
        yield from (f"  abrogé par {act['by'] or 'un acte non nommé'}" for act in v["ended_by"])
        yield from (
            f"  selon {said['by']} : {_stated(said)}{'' if said['source'] else ' (dates seules)'}" for said in v["said"]
        )
        yield from (f"  note : {note}" for note in v["notes"])
    if answer["aside"]:
        yield "\nSans effet (jamais en vigueur, ou retrait)"
        yield from (
            f"  [{s['start'] or '?'}, {s['end'] or '?'}) {s['official'] or ''} {s['state']} selon {s['by']}"
            for s in answer["aside"]
        )


def _stated(said: Json) -> str:
    """What a source states of a version: the fact that holds it, or its own words."""
    return ", ".join(_proof(proof) for proof in said["proof"]) or "ses propres mots"


def differed(answer: Json, *, colour: bool) -> Iterator[str]:
    """The lines of ``renvoi diff``: words gone and new marked in place, or the articles of a text."""
    yield f"{answer['id']} — {answer['title']}"
    yield from (
        f"  {answer[side]['at']} : {STATUS[answer[side]['status']]}, version {answer[side]['version'] or 'aucune'}"
        for side in ("from", "to")
    )
    if answer["same"]:
        yield "  aucun changement"
        return
    if "changes" in answer:
        marks = {"same": ("", ""), "gone": ("\x1b[31m[-", "-]\x1b[0m"), "new": ("\x1b[32m{+", "+}\x1b[0m")}
        if not colour:
            marks = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
        text = "".join(f"{marks[c['op']][0]}{c['words']}{marks[c['op']][1]}" for c in answer["changes"])
        for line in text.split("\n\n"):
            yield ""
            yield from textwrap.wrap(" ".join(line.split()), 110, initial_indent="  ", subsequent_indent="  ")
        return
    for key, title in (("new", "Nouveaux"), ("gone", "Disparus"), ("changed", "Modifiés")):
        if answer[key]:
            yield f"\n{title} ({len(answer[key])})"
            yield from textwrap.wrap(
                ", ".join(answer[key]), 110, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
            )


def searched(answer: Json) -> Iterator[str]:
    """The lines of ``renvoi search``."""
    yield f"{answer['total']} disposition{'s' if answer['total'] > 1 else ''}{' au ' + answer['at'] if answer['at'] else ''}"
    for hit in answer["hits"]:
        yield f"\n{hit['version']} — {hit['title']}"
        marked, at = [], 0
        for start, end in hit["marks"]:
            marked += [hit["excerpt"][at:start], "«", hit["excerpt"][start:end], "»"]
            at = end
        yield from _wrapped("… " + "".join([*marked, hit["excerpt"][at:]]).strip() + " …", "  ")


def _paragraphs(answer: Json) -> Iterator[str]:
    for paragraph in answer["paragraphs"]:
        if paragraph["kind"] == "lien":
            continue
        yield ""
        yield from _wrapped(" ".join(paragraph["text"].split()), "  ")
        yield f"    [{paragraph['id'].partition('#')[2]} · {paragraph['source']} {paragraph['start']}-{paragraph['end']}]"


def cited(citations: list[Json], title: str, key: str) -> Iterator[str]:
    """The lines of a list of citations: the other end, the words, the place."""
    if citations:
        yield title
    for c in citations:
        end = c[key] or f"({c['status']} : {', '.join(c['candidates']) or 'rien'})"
        yield f"  {end} — « {' '.join(c['quote'].split())} » [{c['source']} {c['start']}-{c['end']}]"


def found(citations: list[Json]) -> Iterator[str]:
    """The lines of ``renvoi cite``: place, words, target, status."""
    for c in citations:
        target = c["target"] or ", ".join(c["candidates"]) or "?"
        yield f"{c['start']}-{c['end']}\t{' '.join(c['quote'].split())}\t{target}\t{c['status']}"


def bounded(limits: list[Json]) -> Iterator[str]:
    """The lines of ``renvoi limits``: place, words, operator, value, unit."""
    for limit in limits:
        said = f"{limit['operator']} {limit['value']} {limit['unit']}".rstrip()
        yield f"{limit['start']}-{limit['end']}\t{' '.join(limit['quote'].split())}\t{said}"


def followed(answer: Json) -> Iterator[str]:
    """The lines of ``renvoi follow``: an indented tree of links."""
    arrow = "<-" if answer["direction"] == "in" else "->"
    yield answer["id"]
    for link in answer["links"]:
        ends = (link["target"], link["from"]) if answer["direction"] == "in" else (link["from"], link["target"])
        yield f"{'  ' * link['depth']}{ends[0]} {arrow} {ends[1]} « {' '.join(link['quote'].split())} »"


def listed(rules: list[Json]) -> Iterator[str]:
    """The lines of ``renvoi rules``."""
    for rule in rules:
        until = f" au {rule['valid']['until']}" if rule["valid"]["until"] else ""
        yield f"{rule['id']} — {rule['title']} ({MODALITY[rule['modality']]}, du {rule['valid']['from']}{until})"


def evaluated(answers: Json | list[Json]) -> Iterator[str]:
    """The lines of ``renvoi apply``."""
    for answer in answers if isinstance(answers, list) else [answers]:
        yield f"{answer['rule']} au {answer['at']} : {OUTCOME[answer['status']]} ({MODALITY[answer['modality']]})"
        for condition in answer["because"]:
            yield f"  {HOLDS[condition['holds']]} {condition['condition']}   [{condition['value']}]"
        yield from (f"  manque : {name}" for name in answer["missing"])
        yield from (f"  {name} = {_plain(value)}" for name, value in answer["effect"].items())
        for evidence in answer["evidence"]:
            yield from _wrapped(f"« {' '.join(evidence['quote'].split())} »", "  selon ")
            yield f"        [{evidence['provision']} · {evidence['source']} {evidence['start']}-{evidence['end']}]"
        for basis in answer["basis"]:
            then, now = basis["version_at_source"], basis["version_at_date"]
            yield f"  fondement {basis['id']} : {now or 'version inconnue'}" + (
                f" (la source parlait de {then})" if basis["changed"] else ""
            )
        for conflict in answer["conflicts"]:
            yield from _wrapped(conflict["sentence"], f"  {conflict['kind']} : ")
        for note in answer["notes"]:
            yield from _wrapped(note, "  note : ")


def traced(trail: Json) -> Iterator[str]:
    """The lines of ``renvoi trace``."""
    if "citation" in trail:
        yield from _traced_citation(trail)
        return
    yield f"{trail['rule']} — {trail['title']} ({MODALITY[trail['modality']]} : {trail['action']})"
    yield f"  règle écrite dans {trail['file']['path']}"
    for version in trail["versions"]:
        until = f" au {version['until']['day']}" if version["until"] else ""
        yield f"\nDu {version['from']['day']}{until}{' : ' + version['label'] if version['label'] else ''}"
        if version["scope"]:
            yield f"  pour {version['scope']}"
        yield f"  si {version['condition']}" if version["condition"] else "  dans tous les cas"
        yield from (f"  alors {name} = {_plain(value)}" for name, value in version["effects"].items())
        for bound in filter(None, (version["from"], version["until"])):
            yield from (f"  {bound['day']} selon {_proof(proof)}" for proof in bound["proofs"])
    yield "\nMots qui la tiennent"
    for evidence in trail["evidence"]:
        yield from _wrapped(f"« {' '.join(evidence['quote'].split())} »", "  ")
        yield f"    {evidence['provision']}"
        yield f"    {evidence['path']} {evidence['start']}-{evidence['end']}, sha256 {evidence['sha256']}"
    if trail["basis"]:
        yield "\nFondement"
        yield from (
            f"  {b['id']} : {b['version_at_source'] or '?'} quand la source parle, {b['version_at_date'] or '?'} le {trail['at']}"
            for b in trail["basis"]
        )
    if trail["lineage"]:
        yield f"\nLignée\n  {trail['lineage']['line']}"
    for conflict in trail["conflicts"]:
        yield from _wrapped(conflict["sentence"], f"  {conflict['kind']} : ")
    for note in trail["notes"]:
        yield from _wrapped(note, "  note : ")


def _traced_citation(trail: Json) -> Iterator[str]:
    citation, file = trail["citation"], trail["file"]
    yield f"citation {citation['id']} : « {' '.join(citation['quote'].split())} » → {citation['target'] or citation['status']}"
    yield f"  dans {citation['from']}"
    yield f"  {file['path']}:{file['line']}:{file['column']}, caractères {file['start']}-{file['end']}"
    yield f"  sha256 {file['sha256']}"
    for version in trail["target"]["versions"] if trail["target"] else []:
        yield f"  {version['official'] or version['id']} [{_bound(version['start'], version['start_is'])}, {_bound(version['end'], version['end_is'])})"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _when(day: str | None) -> str:
    return f"Au {day}" if day else "Aujourd'hui"


def _bound(day: str | None, edge: str) -> str:
    return day or edge


def _proof(proof: Json) -> str:
    if proof.get("source"):
        quote = f" « {' '.join(proof['quote'].split())} »" if proof.get("quote") else ""
        return f"{proof['source']} {proof['start']}-{proof['end']}{quote}"
    return f"{proof['fact']} ({', '.join(proof['said_by'])})"


def _wrapped(words: str, indent: str) -> list[str]:
    return textwrap.wrap(words, 110, initial_indent=indent, subsequent_indent=" " * len(indent)) or [indent]
