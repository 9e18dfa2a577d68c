"""The rules through the language agree with an independent reading of them, on facts and days around every boundary.

The reading below knows nothing of the language: one plain function a rule, from the table of the rules, amounts in cents.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_world import checked, corpus

from kb import rules
from kb.rules.expressions import Kind
from kb.rules.values import Duration

Facts = dict[str, Any]
Answer = tuple[bool, Facts]


def months_later(day: date, months: int) -> date:
    """Calendar months, counted one at a time by the day of the month that is wanted."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    wanted = day.day
    while True:
        try:
            return date(year, month, wanted)
        except ValueError:
            wanted -= 1


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d} FRF"


def abandon_cotisations(f: Facts, at: date) -> Answer:
    small = f["cotisations"] + f.get("majorations", 0) + f.get("penalites", 0) < 100_00
    return small and f.get("une_seule_annee", True) and f.get("compensation_et_differe_tentes", True), {}


def emission_majorations(f: Facts, at: date) -> Answer:
    return f["cotisations_payees"] and f["montant"] >= 100_00, {}


def apurement_annuel(f: Facts, at: date) -> Answer:
    accounts = {"comptes_debit": ["756"], "comptes_debit_majorations": ["467582"]}
    return f["solde_debiteur"] < 100_00 and not f["mouvement_exercice"], accounts


def validation_periodes(f: Facts, at: date) -> Answer:
    return f["abandon_opere"], {}


def differe_cotisations(f: Facts, at: date) -> Answer:
    return f["cumul_creances"] < 200_00, {"majorations_differees": True}


def cotisations_conventionnelles(f: Facts, at: date) -> Answer:
    named = "celles des cotisations légales" if f["convention_le_precise"] else "celles de la convention"
    return f["convention_le_precise"], {"modalites": named}


def abandon_csg_crds(f: Facts, at: date) -> Answer:
    return f["contribution"] in ("csg", "crds"), {}


def abandon_derniere_echeance(f: Facts, at: date) -> Answer:
    last = f.get("derniere_echeance", False) or f.get("appel_unique", False)
    return last and f["cumul_creances"] < 100_00, {}


def acquisition_definitive(f: Facts, at: date) -> Answer:
    earliest = months_later(f["date_reglement"], 12)
    booked = f.get("constatee_dans_les_ecritures", True)
    return f["trop_percu"] < 100_00 and at >= earliest and booked, {
        "compte_credit": "778",
        "au_plus_tot": earliest.isoformat(),
    }


def tolerance_30f(f: Facts, at: date) -> Answer:
    return f["ecart"] <= 30_00, {"compte": {"creance": "678", "recette": "778"}[f["sens"]], "extinction_dette": False}


def indu_rmi(f: Facts, at: date) -> Answer:
    return f["montant"] >= 500_00, {"recouvrable": f["montant"] >= 500_00}


def abandon_indus(f: Facts, at: date) -> Answer:
    sums: dict[str, int] = {}
    for indu in f["indus"]:
        if indu["type"] in ("rmi", "fns"):
            continue
        group = indu["type"] if indu["type"] in ("als", "aah") else "autres"
        sums[group] = sums.get(group, 0) + indu["montant"]
    few = [group for group in ("als", "aah", "autres") if sums.get(group, 100_00) < 100_00]
    effect = {"groupes_abandonnables": few, "comptes_debit": ["656"], "recouvrement_amiable_prealable": False}
    return bool(few) and f.get("beneficiaire", "assure") != "autre", effect


def differe_prestations(f: Facts, at: date) -> Answer:
    known = f.get("constatee_dans_les_ecritures", True) and f.get("origine", "insuffisance") != "autre"
    last = date(f["date_constat"].year, 12, 31)
    return f["montant"] < 100_00 and known and at <= last, {"au_plus_tard": last.isoformat()}


def anv_delai(f: Facts, at: date) -> Answer:
    short_from = date(1995, 2, 18) if f["nature"] == "autre" else date(1996, 3, 28)
    years = 1 if at >= short_from else 3
    earliest = months_later(f["date_depart"], 12 * years)
    return at >= earliest, {"delai": "1 an" if years == 1 else "3 ans", "au_plus_tot": earliest.isoformat()}


def anv_conditions(f: Facts, at: date) -> Answer:
    return not f["prescrite"] and f["certaine"] and (f["nature"] != "cotisation" or f["assiette_stabilisee"]), {}


def anv_insolvabilite(f: Facts, at: date) -> Answer:
    return f["garanties_prises"] and f["insolvabilite_justifiee"], {}


def anv_disparition(f: Facts, at: date) -> Answer:
    days = sorted(e["date"] for e in f.get("envois", []) if e["mention"] != "autre")
    letters = len(days) > 1 and any(months_later(a, 2) <= b for a in days for b in days)
    return f["sans_actif"] and (f.get("attestation", False) or letters or f["autre_justification"]), {}


def anv_deces(f: Facts, at: date) -> Answer:
    return f["acte_deces"] and f["sans_actif"], {}


def anv_cloture_liquidation(f: Facts, at: date) -> Answer:
    return f["jugement_cloture"] and f["mise_en_recouvrement_anterieure"], {}


def remise_procedure_collective(f: Facts, at: date) -> Answer:
    effect = {"compte_debit": "467582", "compte_credit": "46113", "admission_en_non_valeur": "exclue"}
    known = f.get("ouverture_connue", True)
    return f["nature"] != "cotisation" and f["dette_anterieure_jugement"] and known, effect


def anv_attestation_liquidateur(f: Facts, at: date) -> Answer:
    ripe = at >= months_later(f["date_exigibilite"], 24)
    most = 500_000_00 if f["nature"] == "cotisation" else 150_000_00
    return not f["jugement_cloture"] and f["attestation_avec_mention"] and ripe and f["montant"] <= most, {}


def anv_petites_creances(f: Facts, at: date) -> Answer:
    dear = f["frais"] > f["montant"] if f["nature"] == "cotisation" else f["frais"] >= 500_00
    return f["montant"] < 500_00 and dear and f.get("mises_en_demeure_sans_suite", True), {}


def anv_demande(f: Facts, at: date) -> Answer:
    return f["etat_recapitulatif"] and f["pieces_jointes"] and f["cotisations_distinguees"] and f["motivee"], {}


def anv_reprise(f: Facts, at: date) -> Answer:
    return f["admise_en_non_valeur"] and f["meilleure_fortune"], {"extinction_dette": False}


def anv_admission(f: Facts, at: date) -> Answer:
    cases = (
        anv_insolvabilite, anv_disparition, anv_deces, anv_cloture_liquidation, anv_attestation_liquidateur,
        anv_petites_creances,
    )  # fmt: skip
    holds = anv_conditions(f, at)[0] and anv_delai(f, at)[0] and any(case(f, at)[0] for case in cases)
    return holds, {"comptes_debit": ["comptes de charges", "comptes de produits"]}


def anv_avis(f: Facts, at: date) -> Answer:
    steps = [
        "depot TPG", "avis TPG", "transmission SRITEPSA", "notification avis conjoint", "decision organisme",
        "approbation administrative",
    ]  # fmt: skip
    allowed = at >= date(1997, 3, 7) and f["document_ecrit"] and f["caisses_informees"]
    return True, {"etapes": steps, "circuit_regulier": not f.get("circuit_modifie", False) or allowed}


def imputation_recouvrements(f: Facts, at: date) -> Answer:
    first = min(f["recouvre"], f["charge_organisme"])
    return True, {"organisme": money(first), "comptable": money(f["recouvre"] - first)}


def non_valeur_debet(f: Facts, at: date) -> Answer:
    return not f["recouvrable"], {}


def decharge_budget(f: Facts, at: date) -> Answer:
    return f["somme"] > 0 and f.get("titre", "decharge") != "autre", {"budget_organisme": money(f["somme"])}


def recours_comptable(f: Facts, at: date) -> Answer:
    return f["deficit_couvert_par_comptable"], {}


def notification_caution(f: Facts, at: date) -> Answer:
    return f["caution_association"] and f["debet_constate"], {}


CIRCULAR = (date(1996, 12, 27), None)
ARTICLE = (date(1993, 9, 1), date(2007, 10, 20))
VALID = {
    differe_cotisations: (date(1985, 7, 12), None),
    tolerance_30f: (date(1989, 2, 9), date(1996, 12, 27)),
    anv_delai: (date(1971, 12, 3), None),
    **dict.fromkeys(
        (imputation_recouvrements, non_valeur_debet, decharge_budget, recours_comptable, notification_caution), ARTICLE
    ),
}
MOVED = dict.fromkeys(("abandon-cotisations", "emission-majorations", "acquisition-definitive"), date(2025, 6, 28))
"""The day from which the basis has another measure, though the source never said that the rule ends."""
BASIS = {
    "abandon-cotisations": ["css/D133-1#al1", "css/L133-3"],
    "emission-majorations": ["css/D133-1#al1"],
    "differe-cotisations": ["decret/1970-10-23/70-1001", "arrete/1985-07-12"],
    "acquisition-definitive": ["css/D133-1#al2"],
    "tolerance-30f": ["circulaire/1989-02-09/7003"],
    "indu-rmi": ["decret/1988-12-12/88-1112/art-2"],
    "abandon-indus": ["css/D133-2#al1", "css/L133-3"],
    "differe-prestations": ["css/D133-2#al2"],
    "anv-delai": ["decret/1971-12-03/71-976", "decret/1996-03-21/96-251", "css/D133-2-1"],
    "remise-procedure-collective": ["code-rural-ancien/1143-2"],
    "anv-attestation-liquidateur": ["decret/1996-03-21/96-251/art-2", "css/D133-2-1"],
    "anv-petites-creances": ["css/D133-2-1", "decret/1996-03-21/96-251"],
    "imputation-recouvrements": ["css/D253-81#al5"],
    "abandon-csg-crds": ["css/L136-5"],
    "anv-admission": ["css/D133-2-1", "decret/1996-03-21/96-251"],
}
MODALITIES = {
    "faculte": "abandon-cotisations differe-cotisations abandon-derniere-echeance acquisition-definitive tolerance-30f "
    "abandon-indus differe-prestations recours-comptable",
    "obligation": "emission-majorations apurement-annuel validation-periodes remise-procedure-collective anv-avis "
    "non-valeur-debet decharge-budget notification-caution anv-reprise",
    "calcul": "imputation-recouvrements",
    "condition": "indu-rmi anv-delai anv-conditions anv-insolvabilite anv-disparition anv-deces anv-cloture-liquidation "
    "anv-attestation-liquidateur anv-petites-creances anv-demande anv-admission abandon-csg-crds cotisations-conventionnelles",
}
READINGS: dict[str, Callable[[Facts, date], Answer]] = {
    reading.__name__.replace("_", "-"): reading
    for reading in (
        abandon_cotisations, emission_majorations, apurement_annuel, validation_periodes, differe_cotisations,
        abandon_derniere_echeance, acquisition_definitive, tolerance_30f, indu_rmi, abandon_indus, differe_prestations,
        anv_delai, anv_conditions, anv_insolvabilite, anv_disparition, anv_deces, anv_cloture_liquidation,
        remise_procedure_collective, anv_attestation_liquidateur, anv_petites_creances, anv_avis,
        imputation_recouvrements, non_valeur_debet, decharge_budget, recours_comptable, notification_caution,
        cotisations_conventionnelles, abandon_csg_crds, anv_demande, anv_reprise, anv_admission,
    )
}  # fmt: skip


# Facts and days, drawn near the boundaries.

THRESHOLDS = (0, 30_00, 100_00, 200_00, 500_00, 150_000_00, 500_000_00)
AMOUNTS = st.one_of(
    st.sampled_from([max(0, t + step) for t in THRESHOLDS for step in (-1, 0, 1)]),
    st.integers(0, 120_00),
    st.integers(0, 10**9),
)
TURNS = [
    *(date(y, m, d) for y, m, d in (
        (1971, 12, 3), (1985, 7, 12), (1989, 2, 9), (1993, 9, 1), (1995, 2, 18), (1996, 3, 28), (1996, 12, 27), (1997, 3, 7),
        (2002, 1, 1), (2007, 10, 20), (1996, 2, 29), (2000, 2, 29), (1999, 12, 31),
    ))
]  # fmt: skip
DAYS = st.one_of(
    st.builds(lambda d, n: d + timedelta(days=n), st.sampled_from(TURNS), st.integers(-1, 1)),
    st.dates(date(1965, 1, 1), date(2030, 12, 31)),
)


def near(day: date) -> st.SearchStrategy[date]:
    """Days around the ends of the delays that run to *day*, and any others."""
    ends = [day - timedelta(days=days) for days in (59, 60, 62, 364, 365, 366, 730, 731, 1095, 1096, 0)]
    return st.one_of(st.builds(lambda d, n: d + timedelta(days=n), st.sampled_from(ends), st.integers(-1, 1)), DAYS)


def values(kind: Kind, at: date) -> st.SearchStrategy[Any]:
    match kind.name:
        case "montant":
            return AMOUNTS
        case "date":
            return near(at)
        case "oui ou non":
            return st.booleans()
        case "choix":
            return st.sampled_from(kind.choices)
        case "mot":
            return st.sampled_from(("als", "aah", "maladie", "vieillesse"))
    return st.lists(st.fixed_dictionaries({name: values(of, at) for name, of in kind.fields}), max_size=4)


def written(value: Any) -> Any:
    """A fact as JSON asks it."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return money(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: written(of) for name, of in value.items()}
    return [written(one) for one in value]


def ask(rule: rules.Rule, facts: Facts, at: date) -> dict[str, Any]:
    return rules.evaluate(rule, {name: written(value) for name, value in facts.items()}, at, world=corpus())


RULES = {rule.id: rule for rule in checked().rules}


def test_the_rules_are_those_of_the_table() -> None:
    assert set(RULES) == set(READINGS)
    assert {rule.id: [b.id for b in rule.all_basis()] for rule in RULES.values() if rule.all_basis()} == BASIS
    assert {rule.id: rule.modality for rule in RULES.values()} == {
        i: m for m, ids in MODALITIES.items() for i in ids.split()
    }
    for name, reading in READINGS.items():
        start, end = VALID.get(reading, CIRCULAR)
        valid = {"from": start.isoformat(), "until": end.isoformat() if end else None}
        assert rules.summary(RULES[name])["valid"] == valid


@pytest.mark.parametrize("name", sorted(READINGS))
@settings(max_examples=80, database=None, derandomize=True)
@given(st.data())
def test_the_language_agrees_with_the_reading(name: str, data: st.DataObject) -> None:
    rule, reading = RULES[name], READINGS[name]
    at = data.draw(DAYS)
    optional = {fact.name for fact in rule.facts if fact.default and not fact.once}
    facts = {
        fact.name: data.draw(values(fact.kind, at))
        for fact in rule.facts
        if fact.name not in optional or data.draw(st.booleans())
    }
    answer = ask(rule, facts, at)
    start, end = VALID.get(reading, CIRCULAR)
    if at < start or (end and at >= end) or (name in MOVED and at >= MOVED[name]):
        assert (answer["status"], answer["effect"]) == ("hors_periode", {})
        return
    holds, effect = reading(facts, at)
    assert answer["status"] == ("applicable" if holds else "non_applicable"), (facts, at, answer)
    assert not answer["missing"]
    told = answer["effect"]
    if holds:
        assert {key: told[key] for key in effect} == effect
    else:
        assert all(effect[key] == value for key, value in told.items() if key in effect)
    assert (holds, rule.versions[0].when is None) != (False, True)


@pytest.mark.parametrize("name", sorted(READINGS))
@settings(max_examples=40, database=None, derandomize=True)
@given(st.data())
def test_a_missing_fact_is_named_when_and_only_when_it_matters(name: str, data: st.DataObject) -> None:
    """What is decided without a fact stays so whatever the fact; what is undecided is decided by the facts it names."""
    rule, reading = RULES[name], READINGS[name]
    start, end = VALID.get(reading, CIRCULAR)
    end = end or MOVED.get(name)
    at = data.draw(DAYS.filter(lambda day: day >= start and (end is None or day < end)))
    whole = {fact.name: data.draw(values(fact.kind, at)) for fact in rule.facts}
    given_ = {fact: value for fact, value in whole.items() if data.draw(st.booleans())}
    answer = ask(rule, given_, at)
    defaults = {f.name for f in rule.facts if f.default and (not f.once or any(other in given_ for other in f.once))}
    others = {fact: value for fact, value in whole.items() if fact in given_ or fact not in defaults}
    if answer["status"] == "indetermine":
        assert answer["missing"] and not set(answer["missing"]) & set(given_)
    else:
        assert not answer["missing"]
        assert ask(rule, others, at)["status"] == answer["status"]
    while answer["status"] == "indetermine":
        given_ |= {fact: others[fact] for fact in answer["missing"]}
        answer = ask(rule, given_, at)
    assert answer["status"] == ask(rule, others, at)["status"]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(1996, 2, 29), 12, date(1997, 2, 28)),
        (date(1995, 2, 28), 12, date(1996, 2, 28)),
        (date(1996, 12, 31), 2, date(1997, 2, 28)),
        (date(1999, 12, 31), 2, date(2000, 2, 29)),
        (date(1996, 2, 29), 36, date(1999, 2, 28)),
        (date(1996, 2, 29), 48, date(2000, 2, 29)),
        (date(1997, 8, 31), 1, date(1997, 9, 30)),
        (date(1997, 12, 1), 1, date(1998, 1, 1)),
    ],
)
def test_delays_are_calendar_months(start: date, months: int, end: date) -> None:
    assert Duration(months, 0, "").after(start) == end == months_later(start, months)


def test_days_are_days() -> None:
    assert Duration(0, 10, "10 jours").after(date(1996, 2, 25)) == date(1996, 3, 6)
