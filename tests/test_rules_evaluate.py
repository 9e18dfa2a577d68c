"""What an evaluation answers: its keys, three values, missing facts, dates, drift, conflicts, two clocks, bad facts."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from rules_world import corpus

from kb import rules
from kb.ground.fault import Misuse

KEYS = [
    "rule", "at", "status", "modality", "effect", "missing", "because", "evidence", "basis", "valid", "conflicts", "notes",
]  # fmt: skip


def stored(name: str) -> rules.Rule:
    """The rule as the store gives it back."""
    rule = rules.from_json(json.loads(json.dumps(rules.to_json(corpus().rules()[name]))))
    assert isinstance(rule, rules.Rule)
    return rule


def ask(name: str, at: str, known_at: str | None = None, **facts: Any) -> dict[str, Any]:
    known = date.fromisoformat(known_at) if known_at else None
    answer = rules.evaluate(stored(name), facts, date.fromisoformat(at), world=corpus(), known_at=known)
    assert list(answer) == KEYS
    json.dumps(answer)
    return answer


def told(name: str, at: str, **facts: Any) -> tuple[str, dict[str, Any], list[str]]:
    answer = ask(name, at, **facts)
    return answer["status"], answer["effect"], answer["missing"]


def test_every_answer_shows_its_words() -> None:
    for name in corpus().rules():
        for at in ("1900-01-01", "1997-05-01"):
            evidence = ask(name, at)["evidence"]
            assert evidence
            for one in evidence:
                source = corpus().source(one["source"])
                assert list(one) == ["source", "sha256", "start", "end", "quote", "provision"]
                assert source.text[one["start"] : one["end"]] == one["quote"]
                assert source.sha256 == one["sha256"]


@pytest.mark.parametrize(
    ("name", "facts", "status", "missing"),
    [
        ("anv-deces", {"acte_deces": False}, "non_applicable", []),
        ("anv-deces", {"acte_deces": True}, "indetermine", ["sans_actif"]),
        ("anv-deces", {}, "indetermine", ["acte_deces", "sans_actif"]),
        ("abandon-cotisations", {}, "indetermine", ["cotisations"]),
        ("abandon-cotisations", {"majorations": "99.99 F"}, "indetermine", ["cotisations"]),
        ("abandon-cotisations", {"majorations": "100 F"}, "non_applicable", []),
        ("abandon-cotisations", {"cotisations": None, "penalites": "1 F"}, "indetermine", ["cotisations"]),
        ("anv-disparition", {}, "indetermine", ["sans_actif", "autre_justification"]),
        ("anv-disparition", {"sans_actif": True}, "indetermine", ["autre_justification"]),
        ("anv-disparition", {"sans_actif": True, "attestation": False}, "non_applicable", []),
        ("anv-disparition", {"sans_actif": True, "autre_justification": True}, "applicable", []),
        ("anv-disparition", {"attestation": True}, "indetermine", ["sans_actif"]),
        ("anv-petites-creances", {"montant": "500 F"}, "non_applicable", []),
        ("anv-petites-creances", {"montant": "499.99 F", "nature": "autre"}, "indetermine", ["frais"]),
        ("anv-conditions", {"prescrite": False, "certaine": True, "nature": "autre"}, "applicable", []),
        ("anv-conditions", {"prescrite": False, "certaine": True, "assiette_stabilisee": True}, "applicable", []),
        ("anv-conditions", {"prescrite": False, "certaine": True, "nature": "cotisation"}, "indetermine", ["assiette_stabilisee"]),
        ("anv-avis", {"circuit_modifie": True, "document_ecrit": False}, "applicable", []),
        ("anv-avis", {"circuit_modifie": True, "document_ecrit": True}, "indetermine", ["caisses_informees"]),
        ("tolerance-30f", {"ecart": "1 F"}, "hors_periode", []),
        ("imputation-recouvrements", {"recouvre": "1 F"}, "indetermine", ["charge_organisme"]),
    ],
)  # fmt: skip
def test_only_the_facts_that_still_matter_are_missing(
    name: str, facts: dict[str, Any], status: str, missing: list[str]
) -> None:
    assert told(name, "1997-05-01", **facts)[::2] == (status, missing)


def test_because_tells_each_condition_with_what_it_saw() -> None:
    because = ask("emission-majorations", "1997-05-01", montant="99.99 F")["because"]
    assert because == [
        {"condition": "cotisations_payees", "value": "cotisations_payees = inconnu", "holds": None},
        {"condition": "montant >= 100.00 FRF", "value": "montant = 99.99 FRF", "holds": False},
    ]


def test_because_tells_the_least_that_an_amount_may_be() -> None:
    line, *_ = ask("abandon-cotisations", "1997-05-01", majorations="100 F")["because"]
    assert (line["holds"], line["value"].partition(" = ")[2]) == (False, "au moins 100.00 FRF")


def test_effects_that_hold_whatever_the_condition_are_told_without_it() -> None:
    early = told("acquisition-definitive", "1997-02-27", trop_percu="99.99 F", date_reglement="1996-02-29")
    assert early == ("non_applicable", {"au_plus_tot": "1997-02-28"}, [])
    on_time = told("acquisition-definitive", "1997-02-28", trop_percu="99.99 F", date_reglement="1996-02-29")
    assert on_time == ("applicable", {"au_plus_tot": "1997-02-28", "compte_credit": "778"}, [])
    assert told("anv-delai", "1997-01-01", nature="autre") == ("indetermine", {"delai": "1 an"}, ["date_depart"])


def test_the_versions_of_a_rule_follow_the_nature_of_the_claim() -> None:
    def delay(at: str, nature: str) -> str:
        return str(ask("anv-delai", at, nature=nature, date_depart="1990-01-01")["effect"]["delai"])

    assert [delay(at, "autre") for at in ("1995-02-17", "1995-02-18")] == ["3 ans", "1 an"]
    assert [delay(at, "cotisation") for at in ("1995-02-18", "1996-03-27", "1996-03-28")] == ["3 ans", "3 ans", "1 an"]
    assert ask("anv-delai", "1971-12-02", nature="autre")["status"] == "hors_periode"
    basis = [b["id"] for b in ask("anv-delai", "1997-01-01", nature="autre")["basis"]]
    assert basis == ["css/D133-2-1"]


def test_an_unknown_nature_matters_only_where_the_versions_differ() -> None:
    assert told("anv-delai", "1990-01-01", date_depart="1980-01-01")[0] == "applicable"
    assert told("anv-delai", "1995-06-01", date_depart="1994-05-01")[::2] == ("indetermine", ["nature"])
    assert told("anv-delai", "1995-06-01", date_depart="1995-05-01")[0] == "non_applicable"


RARE = """
règle rare : Les types que les sources de ce corpus n'emploient pas
  source css/D253-81#al2 « Les sommes allouées en décharge de responsabilité »
  en vigueur depuis le 1993-09-01, selon css/D253-81#lien2 « en vigueur le 1er septembre 1993 »
  donnée départ : date
  donnée attente : durée
  donnée rang : entier
  si rang = 2
  alors condition
    fin = départ + attente
    rang_dit = rang
"""


def test_durations_and_whole_numbers_are_facts_too() -> None:
    read = rules.parse(RARE, "rare.rule")
    assert not read.faults

    def rare(**facts: Any) -> dict[str, Any]:
        return rules.evaluate(read.rules[0], facts, date(1997, 1, 1), world=corpus())

    answer = rare(départ="1996-02-29", attente="1 an", rang=2)
    assert (answer["status"], answer["effect"]) == ("applicable", {"fin": "1997-02-28", "rang_dit": 2})
    assert rare(depart="1996-02-28", attente="2 jours", rang=2)["effect"]["fin"] == "1996-03-01"
    assert rare(rang=3)["status"] == "non_applicable"
    for wrong, says in (
        ({"attente": "an"}, "not a duration"),
        ({"attente": 1}, "a duration"),
        ({"rang": 1.5}, "whole"),
    ):
        with pytest.raises(Misuse, match=says):
            rare(**wrong)


def test_groups_of_undue_benefits() -> None:
    indus = [
        {"type": "ALS", "montant": "60 F"},
        {"type": "aah", "montant": "99.99 F"},
        {"type": "als", "montant": "40 F"},
        {"type": "maladie", "montant": "50 F"},
        {"type": "vieillesse", "montant": "49.99 F"},
    ]
    status, effect, _ = told("abandon-indus", "1997-05-01", indus=indus)
    assert (status, effect["groupes_abandonnables"]) == ("applicable", ["aah", "autres"])
    assert told("abandon-indus", "1997-05-01", indus=indus[:1] + indus[2:3]) == (
        "non_applicable",
        {"groupes_abandonnables": []},
        [],
    )
    assert told("abandon-indus", "1997-05-01", indus=[])[0] == "non_applicable"
    assert told("abandon-indus", "1997-05-01", indus=[{"type": "als"}])[2] == ["indus[0].montant"]


def test_two_letters_two_months_apart() -> None:
    def gone(first: str, second: str, mentions: tuple[str, str] = ("PSA", "NPAI")) -> str:
        letters = [{"date": day, "mention": mention} for day, mention in zip((first, second), mentions, strict=True)]
        return told("anv-disparition", "1998-01-01", sans_actif=True, envois=letters)[0]

    assert gone("1996-12-31", "1997-02-28") == "applicable"
    assert gone("1997-02-28", "1996-12-31") == "applicable"
    assert gone("1996-12-31", "1997-02-27") == "non_applicable"
    assert gone("1996-12-01", "1997-02-28", ("PSA", "autre")) == "non_applicable"
    assert gone("1997-01-01", "1997-01-01") == "non_applicable"


def test_drift_says_from_which_version_to_which_and_when() -> None:
    before, after = (ask("abandon-cotisations", at, cotisations="1 F") for at in ("2001-12-31", "2002-01-01"))
    assert not before["basis"][0]["changed"]
    assert after["status"] == "applicable"
    assert after["basis"][0] == {
        "id": "css/D133-1#al1",
        "version_at_source": "LEGIARTI000006735225",
        "version_at_date": "LEGIARTI000006735226",
        "changed": True,
    }
    note = next(note for note in after["notes"] if "css/D133-1" in note)
    assert all(words in note for words in ("LEGIARTI000006735225", "LEGIARTI000006735226", "2002-01-01"))


def test_conflicts_and_chronology_are_in_the_answer() -> None:
    (conflict,) = ask("anv-attestation-liquidateur", "1997-05-01")["conflicts"]
    assert (
        conflict["about"] == "arrete/1996-07-10" and "en dessous duquel" in conflict["sentence"] and conflict["said_by"]
    )
    assert conflict["otherwise"] is None
    (chronology,) = ask("abandon-indus", "1997-01-01")["conflicts"]
    assert chronology["kind"] == "chronologie" and "tiers" in chronology["sentence"]


def test_a_conflict_that_changes_the_answer_says_how() -> None:
    facts = {"date_exigibilite": "1990-01-01", "jugement_cloture": False, "attestation_avec_mention": True}

    def otherwise(nature: str, montant: str) -> tuple[str, str | None, bool]:
        answer = ask("anv-attestation-liquidateur", "1997-05-01", nature=nature, montant=montant, **facts)
        (conflict,) = answer["conflicts"]
        return answer["status"], conflict["otherwise"], any("arrete/1996-07-10" in note for note in answer["notes"])

    assert otherwise("cotisation", "499999.99 F") == ("applicable", None, False)
    assert otherwise("cotisation", "500000 F") == ("applicable", "non_applicable", True)
    assert otherwise("cotisation", "500000.01 F") == ("non_applicable", None, False)
    assert otherwise("autre", "150000 F") == ("applicable", None, False)


def test_unknown_ends_and_defaults_are_said() -> None:
    notes = " ".join(ask("abandon-cotisations", "1997-05-01", cotisations="1 F")["notes"])
    assert "Aucune source ne dit la fin" in notes and "majorations : 0.00 FRF par défaut" in notes
    assert "Aucune source ne dit la fin" not in " ".join(ask("decharge-budget", "1997-05-01", somme="1 F")["notes"])


def test_two_clocks() -> None:
    def status(at: str, known_at: str) -> str:
        return str(ask("decharge-budget", at, known_at, somme="1 F")["status"])

    assert status("1994-01-01", "1993-08-17") == "hors_periode"
    assert status("1994-01-01", "1993-08-18") == "applicable"
    assert status("2007-10-20", "2007-10-19") == "applicable"
    assert status("2007-10-20", "2007-10-20") == "hors_periode"
    assert ask("decharge-budget", "2005-01-01", "2005-01-01", somme="1 F")["valid"]["until"] is None
    assert ask("decharge-budget", "2005-01-01", "2008-01-01", somme="1 F")["valid"]["until"] == "2007-10-20"
    notes = ask("abandon-cotisations", "1997-05-01", "1997-01-01", cotisations="1 F")["notes"]
    assert any("publication" in note for note in notes)
    rule = stored("decharge-budget")
    assert not rules.in_force(rule, date(1994, 1, 1), date(1993, 8, 17))
    assert rules.in_force(rule, date(1994, 1, 1))


@pytest.mark.parametrize(
    ("name", "facts", "says"),
    [
        ("abandon-cotisations", {"penalite": "1 F"}, "no fact 'penalite'; perhaps 'penalites'"),
        ("abandon-cotisations", {"cotisations": 50}, "50 is not an amount"),
        ("abandon-cotisations", {"cotisations": "50"}, "currency"),
        ("abandon-cotisations", {"cotisations": "-1 FRF"}, "negative"),
        ("abandon-cotisations", {"cotisations": "1 USD"}, "'USD' is unknown"),
        ("abandon-cotisations", {"cotisations": ["1 F"]}, "not an amount"),
        ("anv-deces", {"acte_deces": "oui"}, "true or false"),
        ("anv-deces", {"acte_deces": 1}, "true or false"),
        ("anv-delai", {"nature": "cotisations"}, "perhaps 'cotisation'"),
        ("anv-delai", {"date_depart": "1997-02-29"}, "calendar"),
        ("anv-delai", {"date_depart": "29/02/1996"}, "YYYY-MM-DD"),
        ("anv-delai", {"date_depart": 19960229}, "not a day"),
        ("abandon-indus", {"indus": {"type": "als"}}, "a list of records"),
        ("abandon-indus", {"indus": [{}] * 1001}, "more than 1000"),
        ("abandon-indus", {"indus": ["als"]}, "indus\\[0\\]"),
        ("abandon-indus", {"indus": [{"genre": "als"}]}, "no field 'genre'"),
        ("abandon-indus", {"indus": [{"type": "als", "montant": "-1 F"}]}, "negative"),
        ("abandon-cotisations", {"cotisations": "1" + "0" * 40 + " F"}, "more digits"),
        ("abandon-cotisations", {"pénalités": "1 F", "penalites": "2 F"}, "given twice"),
        ("anv-delai", {"date_depart": "9999-06-01", "nature": "autre"}, "outside the years 1 to 9999"),
    ],
)
def test_bad_facts_are_refused_in_one_sentence(name: str, facts: dict[str, Any], says: str) -> None:
    with pytest.raises(Misuse, match=says) as error:
        ask(name, "1997-05-01", **facts)
    assert "\n" not in str(error.value)


def test_facts_may_be_written_with_accents() -> None:
    assert told("abandon-cotisations", "1997-05-01", cotisations="1 F", pénalités="99 F")[0] == "non_applicable"
    assert told("anv-delai", "1997-05-01", nature="Pénalité", date_départ="1997-01-01")[0] == "non_applicable"


def test_all_evaluates_what_the_facts_reach() -> None:
    every = list(corpus().rules().values())

    def reached(**facts: Any) -> set[str]:
        return {a["rule"] for a in rules.evaluate_all(every, facts, date(1997, 5, 1), world=corpus())}

    assert reached(sans_actif=True) == {"anv-disparition", "anv-deces", "anv-admission"}
    assert reached(nature="majoration") == {"anv-delai", "remise-procedure-collective"}
    assert reached() == set()
    with pytest.raises(Misuse, match="perhaps 'sans_actif'"):
        reached(sans_actifs=True)
    with pytest.raises(Misuse, match="not one of"):
        reached(nature="chose")


def test_trace_leads_to_the_file_and_to_what_came_before() -> None:
    trail = rules.trace(corpus().rules()["acquisition-definitive"], date(2003, 1, 1), corpus())
    json.dumps(trail)
    for one in trail["evidence"]:
        source = corpus().source(one["source"])
        assert (one["path"], one["sha256"]) == (source.path, source.sha256)
        assert source.text[one["start"] : one["end"]] == one["quote"]
    assert [replaced["rule"] for replaced in trail["replaces"]] == ["tolerance-30f"]
    assert trail["lineage"]["line"] == (
        "30 F (tolerance-30f, du 1989-02-09 au 1996-12-27) → 100 F (acquisition-definitive, depuis le 1996-12-27) → "
        "2,5 % du plafond mensuel de la sécurité sociale (css/D133-1, depuis le 2025-06-28)"
    )
    assert trail["basis"][0]["changed"] and trail["basis"][0]["version_at_date"] == "LEGIARTI000006735227"
    old = rules.trace(corpus().rules()["tolerance-30f"], date(1990, 1, 1), corpus())
    assert [later["rule"] for later in old["replaced_by"]] == ["acquisition-definitive"]
    assert old["lineage"] == trail["lineage"]


def test_delays_have_a_lineage_of_their_own() -> None:
    lineage = rules.trace(corpus().rules()["anv-delai"], date(1997, 1, 1), corpus())["lineage"]
    assert [step["from"]["day"] for step in lineage["steps"]] == [
        "1971-12-03",
        "1971-12-03",
        "1995-02-18",
        "1996-03-28",
    ]
    assert all(step["from"]["proofs"] for step in lineage["steps"])


def test_a_trace_rests_on_all_that_speaks_that_day() -> None:
    basis = rules.trace(corpus().rules()["anv-delai"], date(1997, 1, 1), corpus())["basis"]
    assert [one["id"] for one in basis] == ["decret/1996-03-21/96-251", "css/D133-2-1"]


def test_rules_are_found_by_what_they_quote_and_rest_on() -> None:
    def about(provision: str) -> set[str]:
        return {name for name, rule in corpus().rules().items() if rules.concerns(rule, provision)}

    assert about("css/D133-2-1") == {
        "anv-delai", "anv-attestation-liquidateur", "anv-petites-creances", "anv-admission",
    }  # fmt: skip
    assert about("css/D253-81#al4") == {"non-valeur-debet"}
    assert len(about("circulaire/1996-12-27/7055")) == 26
    assert rules.summary(corpus().rules()["tolerance-30f"])["valid"] == {"from": "1989-02-09", "until": "1996-12-27"}


def test_evaluating_a_stored_rule_loads_neither_grammar_nor_sources() -> None:
    code = "import sys, kb.rules; print([m for m in ('lark', 'dataclasses', 'inspect', 'tomllib', 'kb.texts.source') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
