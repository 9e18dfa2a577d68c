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
