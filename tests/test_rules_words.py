"""An operator in a rule is what its words say, denial and "ou égal" included: of four operators one builds, three are refused."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pytest
from rules_world import CORPUS

from kb import rules
from kb.ground.registry import Registry, read_registry
from kb.rules.proof import check
from kb.texts.source import Source

PHRASES = [
    ("la retenue ne peut excéder 500 F", "retenue", "500 F", "<="),
    ("la retenue n'excède pas 500 F", "retenue", "500 F", "<="),
    ("la retenue excède 500 F", "retenue", "500 F", ">"),
    ("la retenue ne peut être inférieure à cinq cents francs", "retenue", "500 F", ">="),
    ("une retenue qui n'est pas supérieure à 500 F", "retenue", "500 F", "<="),
    ("versée sans pouvoir excéder 500 F", "retenue", "500 F", "<="),
    ("une retenue égale ou supérieure à 500 F", "retenue", "500 F", ">="),
    ("une retenue qui n'est pas inférieure ou égale à 500 F", "retenue", "500 F", ">"),
    ("une retenue de moins de 500 F", "retenue", "500 F", "<"),
    ("une retenue d'au plus 15,50 euros", "retenue", "15,50 €", "<="),
    ("la retenue, inférieure, pour une même année, à 500 F", "retenue", "500 F", "<"),
    ("une retenue de 500 F au moins", "retenue", "500 F", ">="),
    ("dans la limite de 500 F", "retenue", "500 F", "<="),
    # the words that state that very bound, not another one beside it
    ("une retenue supérieure à 200 F et inférieure ou égale à 500 F", "retenue", "500 F", "<="),
    ("une retenue supérieure à 200 F et inférieure ou égale à 500 F", "retenue", "200 F", ">"),
    ("dans un délai de deux mois", "ce jour", "début + 2 mois", "<="),
    ("à l'expiration d'un délai de vingt et un jours", "ce jour", "début + 21 jours", ">="),
    ("au plus tard le 30 juin 1997", "ce jour", "1997-06-30", "<="),
    ("avant le 1er juillet 1997", "ce jour", "1997-07-01", "<"),
    ("la demande ne peut intervenir avant le 1er juillet 1997", "ce jour", "1997-07-01", ">="),
    ("lorsque la décision n'est pas prise dans un délai de deux mois", "ce jour", "début + 2 mois", ">="),
]


class OneText:
    """The places of a knowledge base that holds one sentence."""

    def __init__(self, text: str) -> None:
        data = text.encode()
        self.held = Source("texte", "texte.txt", data, text, hashlib.sha256(data).hexdigest(), {})

    def span(self, locator: str) -> tuple[str, list[tuple[int, int]]] | None:
        return ("texte", [(0, len(self.held.text))]) if locator == "css/L1" else None

    def provision_at(self, source: str, offset: int) -> str:
        return "css/L1"

    def source(self, source: str) -> Source:
        return self.held

    def exists(self, id: str) -> bool:
        return id == "css/L1"

    def normative(self) -> Iterable[tuple[str, int, int, str]]:
        return []


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read_registry(CORPUS)[0]


def told(words: str, condition: str, registry: Registry) -> list[str]:
    """The codes of the faults of a rule on *words* with that condition."""
    facts = {"retenue": "montant", "début": "date"}
    given = "".join(f"  donnée {name} : {kind}\n" for name, kind in facts.items() if name in condition)
    text = (
        f"règle essai : Un essai\n  source css/L1 « {words} »\n"
        "  en vigueur depuis le 1997-01-01, selon css/L1 « le 1er janvier 1997 »\n"
        f"{given}  si {condition} selon « {words} »\n  alors obligation : retenir\n"
    )
    read = rules.parse(text, "essai.rule")
    proved = check(
        read.rules, read.waivers, OneText(f"En vigueur le 1er janvier 1997. Il est tenu : {words}."), registry
    )
    return [fault.code for fault in (*read.faults, *proved.faults)]


@pytest.mark.parametrize(("words", "fact", "limit", "operator"), PHRASES)
def test_one_operator_is_right(words: str, fact: str, limit: str, operator: str, registry: Registry) -> None:
    assert told(words, f"{fact} {operator} {limit}", registry) == []
    for other in {"<", "<=", ">", ">="} - {operator}:
        assert told(words, f"{fact} {other} {limit}", registry) == ["limite-contredite"], other


@pytest.mark.parametrize(("words", "fact", "limit", "operator"), PHRASES)
def test_a_denied_condition_is_the_contrary(
    words: str, fact: str, limit: str, operator: str, registry: Registry
) -> None:
    contrary = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}[operator]
    assert (
        told(words, f"non ({fact} {contrary} {limit} selon « {words} »)\n    et {fact} {operator} {limit}", registry)
        == []
    )


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("la retenue ne peut excéder cinq cents francs", "retenue <= 501 F"),
        ("la retenue ne peut excéder 500 euros", "retenue <= 500 F"),
        ("dans un délai de huit jours ouvrables", "ce jour <= début + 8 jours"),
        ("dans un délai de trois mois", "ce jour <= début + 3 jours"),
        ("au plus tard le 30 juin", "ce jour <= 1997-06-30"),
    ],
)
def test_a_measure_is_what_its_words_say(words: str, wrong: str, registry: Registry) -> None:
    assert "mesure-sans-mots" in told(words, wrong, registry)


@pytest.mark.parametrize(
    ("sentence", "words", "operator"),
    [
        ("la retenue ne peut être supérieure à 500 F", "supérieure à 500 F", "<="),
        ("la retenue n'est pas inférieure ou égale à 500 F", "inférieure ou égale à 500 F", ">"),
        ("la retenue est inférieure ou égale à 500 F", "égale à 500 F", "<="),
        ("versée sans que la retenue puisse excéder 500 F", "excéder 500 F", "<="),
    ],
)
def test_words_left_out_of_a_selon_count(sentence: str, words: str, operator: str, registry: Registry) -> None:
    condition = "retenue {} 500 F selon « " + words + " » et retenue"
    assert told(sentence, f"{condition.format(operator)} {operator} 500 F", registry) == []
    for other in {"<", "<=", ">", ">="} - {operator}:
        assert "limite-contredite" in told(sentence, f"{condition.format(other)} {operator} 500 F", registry), other


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("la retenue ne peut excéder 500 F", "peut excéder 500 F"),
        ("la retenue ne peut excéder 500 F", "la retenue ne peut excéder 500"),
        ("une retenue inférieure ou égale à 500 F", "une retenue inférieure"),
    ],
)
def test_a_quote_does_not_cut_a_limit(sentence: str, quote: str, registry: Registry) -> None:
    text = (
        f"règle essai : Un essai\n  source css/L1 « {quote} »\n"
        "  en vigueur depuis le 1997-01-01, selon css/L1 « le 1er janvier 1997 »\n  alors obligation : retenir\n"
    )
    read = rules.parse(text, "essai.rule")
    proved = check(read.rules, [], OneText(f"En vigueur le 1er janvier 1997. Il est tenu : {sentence}."), registry)
    assert "citation-coupee" in [fault.code for fault in proved.faults]


def judged(words: str, clauses: str, registry: Registry, last: str = "alors obligation : retenir") -> list[str]:
    """The codes of the faults of a rule on *words* with those clauses."""
    text = (
        f"règle essai : Un essai\n  source css/L1 « {words} »\n"
        f"  en vigueur depuis le 1997-01-01, selon css/L1 « le 1er janvier 1997 »\n{clauses}  {last}\n"
    )
    read = rules.parse(text, "essai.rule")
    proved = check(read.rules, [], OneText(f"En vigueur le 1er janvier 1997. Il est tenu : {words}."), registry)
    return [fault.code for fault in (*read.faults, *proved.faults)]


@pytest.mark.parametrize(
    ("words", "modality", "code"),
    [
        ("la caisse peut retenir la somme", "faculté : retenir", ""),
        ("la caisse peut retenir la somme", "obligation : retenir", "modalite-contredite"),
        ("la caisse peut retenir la somme", "interdiction : retenir", "modalite-sans-mots"),
        ("la caisse est tenue de retenir la somme", "obligation : retenir", ""),
        ("la caisse est tenue de retenir la somme", "faculté : retenir", "modalite-sans-mots"),
        ("la caisse retient la somme", "obligation : retenir", ""),
        ("la caisse ne peut retenir la somme", "interdiction : retenir", ""),
        ("la caisse ne peut retenir la somme", "faculté : retenir", "modalite-sans-mots"),
        ("la somme est recouvrable", "condition : la somme est recouvrable", ""),
        ("la somme est recouvrable", "condition : recouvrer", "modalite-mal-dite"),
        ("la somme est recouvrable", "obligation : la somme est recouvrable", "modalite-mal-dite"),
    ],
)
def test_modality_is_what_the_words_say(words: str, modality: str, code: str, registry: Registry) -> None:
    assert judged(words, "", registry, f"alors {modality}") == ([code] if code else [])


FACTS = "  donnée actif_saisi : oui ou non\n  donnée décès : oui ou non\n"


@pytest.mark.parametrize(
    ("words", "condition", "code"),
    [
        ("l'actif est saisi et le décès prouvé", "actif_saisi selon « l'actif est saisi » et décès selon « le décès prouvé »", ""),
        ("l'actif est saisi et le décès prouvé", "décès selon « l'actif est saisi » et actif_saisi selon « le décès prouvé »", "donnee-contredite"),
        ("l'actif est saisi et le décès prouvé", "actif_saisi selon « l'actif est saisi » ou décès selon « le décès prouvé »", "alternative-sans-mots"),
        ("l'actif est saisi ou le décès prouvé", "actif_saisi selon « l'actif est saisi » ou décès selon « le décès prouvé »", ""),
    ],
)  # fmt: skip
def test_facts_and_alternatives_are_what_the_words_say(
    words: str, condition: str, code: str, registry: Registry
) -> None:
    told = judged(words, f"{FACTS}  si {condition}\n", registry)
    assert sorted(set(told)) == ([code] if code else [])


def test_one_fact_has_one_value_at_a_time(registry: Registry) -> None:
    clauses = "  donnée nature : cotisation | autre\n  si nature = autre et nature = cotisation\n"
    assert judged("la cotisation est retenue", clauses, registry) == ["condition-impossible"]
    assert judged("la cotisation est retenue", clauses.replace(" et ", " ou "), registry) == []


def test_a_basis_exists_to_its_alinea(registry: Registry) -> None:
    assert judged("la caisse retient la somme", "  fondement css/L1\n", registry) == []
    assert judged("la caisse retient la somme", "  fondement css/L1#al99\n", registry) == ["fondement-inconnu"]
