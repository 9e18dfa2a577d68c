"""The simulator of the site in a browser, held against the rules in Python: the same status, the same facts that lack, or "non couvert"."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from browsing import address, browser, needs_chromium

import kb
from kb import rules
from kb.ground.fault import Misuse
from kb.rules.expressions import Kind
from kb.show.pages.simulator import simulated

__all__ = ["address", "browser"]

pytestmark = needs_chromium
CASES = 120  # of each rule


def _value(kind: Kind, random_: random.Random) -> Any:
    match kind.name:
        case "montant":
            return f"{random_.choice((0, 1, 49, 50, 99, 100, 101, 199, 200, 499, 500, 501, 999999))}.{random_.choice(('00', '01', '99'))} FRF"
        case "oui ou non":
            return random_.random() < 0.5
        case "choix":
            return random_.choice(kind.choices)
        case "date":
            return (date(1996, 12, 27) + timedelta(days=random_.randint(-2000, 2000))).isoformat()
        case "entier":
            return random_.choice((0, 1, 2, 3, 12, 60))
    return random_.choice(("csg", "als", "maladie", "vieillesse"))


def test_thousands_of_random_cases_have_one_answer(browser: Any, address: str) -> None:
    base, chance = kb.load(), random.Random(7)
    asked: list[list[Any]] = []
    wanted: list[tuple[str, set[str]]] = []
    covered = 0
    for rule in base.rulebook.rules().values():
        made = simulated(rule)
        if "non_couvert" in made:
            continue
        covered += 1
        turns = [day for v in rule.versions for day in (v.start.day, v.end.day if v.end else v.start.day)]
        for _ in range(CASES):
            facts = {fact.name: _value(fact.kind, chance) for fact in rule.facts if chance.random() < 0.75}
            day = chance.choice(turns) + timedelta(days=chance.choice((-1, 0, 0, 1, 400)))
            try:
                answer = rules.evaluate(rule, facts, day, world=base.rulebook)
            except Misuse:
                continue
            asked.append([made, facts, day.isoformat()])
            wanted.append((answer["status"], set(answer["missing"])))
    assert covered >= 10 and len(asked) > 1000
    page = browser.new_page()
    page.goto(address + "regles/")
    told = page.evaluate(
        "async ([asked, place]) => { const { evaluate } = await import(place); return asked.map(([rule, facts, day]) => { const { status, missing } = evaluate(rule, facts, day); return [status, missing] }) }",
        [asked, f"{address}assets/regle.js"],
    )
    page.close()
    given = [(status, set(missing)) for status, missing in told]
    wrong = [
        (a[0]["versions"], a[1:], w, g)
        for a, w, g in zip(asked, wanted, given, strict=True)
        if g[0] != "non couvert" and g != w
    ]
    assert not wrong, wrong[:3]
    known = [status for status, _ in given if status != "non couvert"]
    assert len(known) > 0.7 * len(given) and {"applicable", "non_applicable", "indetermine", "hors_periode"} <= set(
        known
    )


def test_a_rule_is_simulated_on_its_page(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}regles/abandon-cotisations/")
    assert "cotisations + majorations + pénalités < 100 F" in page.inner_text("#condition ~ dl").replace("\xa0", " ")
    page.get_by_label("cotisations", exact=True).fill("60")
    assert "s'applique" in page.inner_text(".reponse")
    page.get_by_label("pénalités", exact=True).fill("40,00 F")
    assert page.inner_text(".reponse") == "La règle ne s'applique pas."
    page.get_by_label("cotisations", exact=True).fill("")
    assert "il manque" in page.inner_text(".reponse")
    page.close()
