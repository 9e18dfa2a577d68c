"""The proof of a rule: every quote stands in its source, and every operator, amount, delay, account and date in a quote.

``check`` gives the rules back with the places of their quotes, and a fault at its place in the ``.rule`` file for whatever
the words do not hold. Limits, amounts, delays and days are read in the words by ``kb.words``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from kb.ground.fault import Fault, Misuse
from kb.ground.names import parse_ref
from kb.ground.period import to_json as iso
from kb.ground.registry import Registry
from kb.ground.span import Span
from kb.rules import essais, grounds, links
from kb.rules import expressions as x
from kb.rules import model as m
from kb.rules.conditions import Conditions
from kb.rules.measures import BOUNDARY_HINT, boundaries, says
from kb.rules.phrases import reread, words_of
from kb.rules.quotes import Places, fault, locate
from kb.words.quantities import days


def check(rules: Sequence[m.Rule], waivers: Sequence[m.Waiver], places: Places, registry: Registry) -> Checked:
    """Prove *rules* (those of the whole corpus together) against the sources.

    Rules come back with the places of their quotes; a rule with a fault does not come back.
    """
    faults: list[Fault] = []
    ids: dict[str, m.Rule] = {}
    for rule in rules:
        if rule.id in ids:
            faults.append(fault("regle-repetee", f"Une autre règle porte le nom « {rule.id} ».", rule.span))
        ids[rule.id] = rule
    linked, wrong = links.link(rules)
    faults += wrong
    proved = []
    for rule in linked:
        checker = _Checker(rule, ids, places, registry)
        made = checker.rule()
        faults += checker.faults
        if not checker.faults:
            proved.append(made)
    if not wrong:
        faults += essais.contradicted(proved)
    located = []
    for waiver in waivers:
        quotes = tuple(locate(quote, places, faults) for quote in waiver.quotes)
        located.append(waiver._replace(quotes=quotes))
    return Checked(proved, located, faults)


class Checked(NamedTuple):
    """Proved rules and located waivers, with the faults of the others."""

    rules: list[m.Rule]
    waivers: list[m.Waiver]
    faults: list[Fault]


class _Checker:
    """One rule, its words against its quotes."""

    def __init__(self, rule: m.Rule, ids: dict[str, m.Rule], places: Places, registry: Registry) -> None:
        self.given, self.ids, self.places, self.registry = rule, ids, places, registry
        self.faults: list[Fault] = []
        self.periods: list[m.Evidence] = []

    def wrong(self, code: str, sentence: str, span: Span | None, hint: str = "") -> None:
        self.faults.append(fault(code, sentence, span, hint))

    def rule(self) -> m.Rule:
        rule = self.given
        evidence = self._evidence(rule.evidence)
        parameters = tuple(self._parameter(parameter) for parameter in rule.parameters)
        self.periods = [period.evidence for parameter in parameters for period in parameter.periods]
        versions = tuple(self._version(version, evidence) for version in rule.versions)
        for wrong in grounds.contradictions(rule, self.ids.values(), self.registry):
            self.wrong(*wrong)
        quoted = {one.locator.partition("#")[0] for one in rule.all_evidence()}
        for basis in rule.all_basis():
            if not self._known(basis.id.partition("#")[0]):
                hint = "l'ajouter au registre, ou corriger l'identifiant"
                self.wrong("fondement-inconnu", f"La base ne connaît pas « {basis.id} ».", basis.span, hint)
            elif basis.id.partition("#")[0] in quoted and not self.places.span(basis.id):
                self.wrong("fondement-inconnu", f"Le texte cité n'a pas « {basis.id} ».", basis.span)
        return rule._replace(
            evidence=evidence,
            versions=versions,
            conflicts=tuple(self._conflict(conflict) for conflict in rule.conflicts),
            replaces=tuple(self._replaced(replaced) for replaced in rule.replaces),
            sequels=tuple(s._replace(bound=self._bound(s.bound)) for s in rule.sequels),
            parameters=parameters,
            derogates=tuple(d._replace(proof=d.proof and self._proof(d.proof)) for d in rule.derogates),
        )

    def _parameter(self, parameter: m.Parameter) -> m.Parameter:
        periods = []
        for period in parameter.periods:
            (evidence,) = self._evidence([period.evidence])
            if not says(evidence.quote, period.value):
                sentence = f"Ces mots ne disent pas « {words_of(period.value)} »."
                self.wrong("mesure-sans-mots", sentence, period.value.span)
            end = period.end and self._bound(period.end, ending=True)
            periods.append(period._replace(evidence=evidence, start=self._bound(period.start), end=end))
        return parameter._replace(periods=tuple(periods))

    def _known(self, id: str) -> bool:
        """Whether a basis can be: of an act that is known by name only, no article can be ruled out."""
        try:
            ref = parse_ref(id)
        except Misuse:
            return False
        return self.places.exists(id) or (
            bool(ref.path) and ref.path[0].startswith("art-") and ref.text in self.registry.acts
        )

    def _evidence(self, evidence: Iterable[m.Evidence]) -> tuple[m.Evidence, ...]:
        located = tuple(locate(one, self.places, self.faults) for one in evidence)
        for one in located:
            if one.found:
                text = self.places.source(one.found.source).text
                self._whole(grounds.Passage(text, ((one.found.start, one.found.end),)), one.span)
        return located

    def _whole(self, passage: grounds.Passage, span: Span | None) -> None:
        """A quote that cuts a limit in two, or leaves its denial out, says something else than its source."""
        whole = passage.cut()
        if whole:
            self.wrong("citation-coupee", "Ces mots coupent une limite en deux.", span, f"citer « {whole} » en entier")

    def _version(self, version: m.Version, shared: Iterable[m.Evidence]) -> m.Version:
        evidence = self._evidence(version.evidence)
        held = self._held_by([*shared, *evidence, *self.periods])
        for effect in (*version.lets, *version.always, *version.effects):
            held.value(effect.value, effect.name)
        for condition in (version.scope, version.when):
            if condition:
                held.condition(condition)
        return version._replace(
            evidence=evidence,
            start=self._bound(version.start),
            end=version.end and self._bound(version.end, ending=True),
        )

    def _held_by(self, evidence: Sequence[m.Evidence]) -> Conditions:
        return Conditions(self.given, evidence, self.places, self.wrong)

    # Bounds.

    def _bound(self, bound: m.Bound, ending: bool = False) -> m.Bound:
        proofs = tuple(self._proof(proof) for proof in bound.proofs)
        proved = {day for proof in proofs for day in self._days(proof)}
        for day in (bound.day, bound.known):
            if day and day not in proved:
                hint = f"les preuves disent : {', '.join(sorted(map(str, proved))) or 'aucun jour'}"
                self.wrong("borne-sans-preuve", f"Aucune preuve ne porte le {day}.", bound.span, hint)
        return bound._replace(proofs=proofs)

    def _proof(self, proof: m.Proof) -> m.Proof:
        if proof.quote is not None:
            return locate(proof, self.places, self.faults)
        stated = self._stated(proof.locator)
        if stated is None:
            self.wrong("fait-inconnu", f"Le registre n'a pas de fait « {proof.locator} ».", proof.span)
            return proof
        return proof._replace(said_by=stated[1])

    def _stated(self, name: str) -> tuple[set[str], tuple[str, ...]] | None:
        """The values of a fact, or the bounds of a version (``css/D133-1?version=LEGIARTI…`` of the registry,
        ``css/D133-1@1992-03-28`` of those held), and who says so."""
        about, _, official = name.partition("?version=")
        for version in self.registry.versions:
            if official and (version.of, version.id) == (about, official):
                return {day for day in (iso(version.start), iso(version.end)) if day}, version.said_by
        for fact in self.registry.facts:
            if fact.id == name:
                return {fact.value}, fact.said_by
        return self.places.bounds(name)

    def _days(self, proof: m.Proof) -> set[date]:
        if proof.quote is not None:
            return days(proof.quote)
        stated = self._stated(proof.locator)
        return (
            {date.fromisoformat(value) for value in stated[0] if re.fullmatch(r"\d{4}-\d\d-\d\d", value)}
            if stated
            else set()
        )

    def _conflict(self, conflict: m.Conflict) -> m.Conflict:
        for note in self.registry.notes:
            if (note.about, note.kind) == (conflict.about, conflict.kind):
                self._reading(conflict.reading, note.sentence)
                return conflict._replace(sentence=note.sentence, said_by=note.said_by)
        sentence = f"Le registre n'a pas de note de {conflict.kind} sur « {conflict.about} »."
        self.wrong("conflit-inconnu", sentence, conflict.span, "l'écrire dans registry/notes.toml")
        return conflict

    def _reading(self, reading: x.Compare | None, sentence: str) -> None:
        """The other text's comparison stands against one of the rule's, and the registry's note says it."""
        if reading is None:
            return
        conditions = [version.when for version in self.given.versions if version.when]
        if all(reread(condition, reading) == condition for condition in conditions):
            hint = "reprendre les deux côtés d'une comparaison de la règle, avec une autre limite"
            self.wrong("conflit-sans-objet", "Aucune comparaison de la règle ne s'y oppose.", reading.span, hint)
        if reading.op not in boundaries(sentence):
            self.wrong(
                "limite-contredite", f"La note du registre ne dit pas {reading.op}.", reading.span, BOUNDARY_HINT
            )
        note = self._held_by(())
        for lit in x.literals(reading):
            note.literal(lit, x.Held(sentence, None))

    def _replaced(self, replaced: m.Replaced) -> m.Replaced:
        if replaced.rule not in self.ids:
            self.wrong("regle-inconnue", f"Aucune règle ne porte le nom « {replaced.rule} ».", replaced.span)
        return replaced._replace(proof=self._proof(replaced.proof))
