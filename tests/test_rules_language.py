"""What the language can say, on sentences written for it: each form read, typed, proved by its words, evaluated and told."""

from __future__ import annotations

import inspect
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_paper import Paper, shown

from kb import rules
from kb.ground.data import folder
from kb.ground.fault import Misuse
from kb.rules import codec, essais, forms, kinds, reckon, trees, typed
from kb.rules import expressions as x
from kb.rules.calendar import counts, days_after, days_between, easter, holidays
from kb.rules.compiled import Compiler
from kb.rules.phrases import words_of
from kb.rules.values import ROUNDINGS, UNITS, Duration, Lapse, add, divide, multiply, order, parse_duration, rounded

LAW = {
    "loi/jour": "Elle entre en vigueur le 1er janvier 2010. Le plafond change le 1er janvier 2012 et le 1er janvier 2014.",
    "loi/taux": "Le montant est fixé à 2,5 % du plafond, arrondi à l'euro supérieur. L'aide est d'un quart du salaire par année "
    "jusqu'à 10 ans et d'un tiers du salaire au-delà. La majoration est de 0,2 % des sommes dues par mois ou fraction de mois écoulé, à "
    "compter de l'échéance. Le reste est dû. L'aide est égale à douze fois la base. Elle est divisée par le nombre de parts.",
    "loi/plafond": "Le montant vaut 3 000 € en 2010, puis 3 100 € en 2012.",
    "loi/enfants": "Le nombre d'enfants à charge, la somme des ressources, l'âge de l'enfant. Le plus élevé des deux montants, "
    "dans la limite du plafond. Au plus tard à la fin du mois, à la fin du trimestre, à la fin de l'année.",
    "loi/bareme": "Ce taux est de 10 % pour les revenus inférieurs ou égaux à 1 000 €, de 20 % au-delà. La durée du retard.",
    "loi/sauf": "Sauf en cas de faute grave. Il justifie par tout moyen, notamment par une attestation ou un courrier.",
    "loi/delai": "Le délai est de 5 jours ouvrables, de 8 jours francs. Il y a trois rangs, puis deux. Par lettre recommandée ou remise en main propre.",
}  # fmt: skip

HEAD = """
preuve debut : loi/jour « le 1er janvier 2010 »
preuve hausse : loi/jour « le 1er janvier 2012 »
preuve terme : loi/jour « le 1er janvier 2014 »

paramètre plafond : montant en euros
  valeur 3000 € d'après loi/plafond « 3 000 € en 2010 » depuis le 2010-01-01, selon debut jusqu'au 2012-01-01, selon hausse
  valeur 3100 € d'après loi/plafond « 3 100 € en 2012 » depuis le 2012-01-01, selon hausse jusqu'au 2014-01-01, selon terme
"""


def rule(name: str, body: str) -> str:
    quotes = "".join(f"\n  aussi {place} « {words} »" for place, words in LAW.items())
    return f"""
règle {name} : {name}
  source loi/jour « Elle entre en vigueur »{quotes}
  en vigueur depuis le 2010-01-01, selon debut{body}
"""


EVERY = HEAD + rule("base", """
  donnée majeur : oui ou non
  si majeur
  alors condition : majeur
    rang = 3
""") + rule("formes", """
  donnée salaire : montant en euros
  donnée sommes : montant en euros
  donnée parts : nombre, 1 par défaut
  donnée embauche : date
  donnée échéance : date
  donnée taux_propre : taux
  donnée faute_grave : oui ou non, faux par défaut
  donnée autre_moyen : oui ou non
  donnée attestation : oui ou non
  donnée nature : als (allocation de logement sociale, logement) | aah | autre
  donnée enfants : liste de (naissance : date, ressources : montant en euros), vide par défaut
  soit ancienneté = durée écoulée de embauche à ce jour
  soit mineurs = nombre d'enfants tels que (âge de naissance au 2012-01-01 < 18 ans selon « l'âge de l'enfant »)
  soit retard = nombre de mois entamés de (durée écoulée de échéance à ce jour)
  si salaire n'est pas nul et nature parmi als, aah
    et par tout moyen autre_moyen, notamment (attestation selon « notamment par une attestation »)
    et il existe a, b parmi enfants tels que (naissance de a = naissance de b)
    et non nature = aah selon « n'existe pas »
    et la règle base s'applique
  sauf si faute_grave selon « Sauf en cas de faute grave »
  alors calcul : tout compter
    seuil = 2,5 % du plafond arrondi à l'euro supérieur selon « 2,5 % du plafond, arrondi à l'euro supérieur »
    aide = barème par tranches d'ancienneté : un quart du salaire par année jusqu'à 10 ans ; un tiers du salaire par année au-delà
    majoration = 0,2 % des sommes par mois entamé de (durée écoulée de échéance à ce jour)
    taux = barème de salaire : 10 % jusqu'à 1000 € selon « inférieurs ou égaux à 1 000 € » ; 20 % au-delà
    due = taux de salaire + taux_propre de salaire
    reste = salaire - seuil selon « Le reste »
    base_annuelle = 12 fois salaire
    part = salaire divisé par parts
    ressources_enfants = somme des ressources parmi enfants tels que (ressources n'est pas nul)
    plus_haut = le plus élevé de (salaire, sommes)
    borné = sommes dans la limite de plafond selon « dans la limite du plafond »
    fin_mois = fin du mois de échéance
    avant = fin de l'année d'embauche + 5 jours ouvrables
    voie = « lettre recommandée » ou « remise en main propre »
    compte = compte 10 quand parts = 1 ; compte 20 sinon
    suite = « avis » puis « décision »
    rang_de_base = rang selon la règle base
    enfants_mineurs = mineurs
    mois = retard
    groupes_faibles = parts
""")  # fmt: skip


def parsed(text: str) -> dict[str, rules.Rule]:
    book = rules.parse(text, "papier.rule")
    assert not book.faults, shown(book.faults, text)
    return {made.id: made for made in book.rules}


def expressions() -> set[str]:
    """The classes of the expressions that the file above and the corpus hold."""
    from rules_world import checked

    every = [*parsed(EVERY).values(), *checked().rules]
    return {
        type(part).__name__
        for made in every
        for version in made.versions
        for node in version.expressions()
        for part in x.walk(node)
    }


# Silence is a fault: what one place knows every place knows.

CLASSES = {
    cls.__name__: cls
    for _, cls in inspect.getmembers(x, inspect.isclass)
    if issubclass(cls, tuple) and getattr(cls, "_fields", ())[-1:] == ("span",)
}


def test_every_expression_is_listed() -> None:
    assert set(CLASSES.values()) == {*x.EXPRESSIONS, *x.PARTS}


@pytest.mark.parametrize("name", sorted(cls.__name__ for cls in x.EXPRESSIONS))
def test_every_expression_has_its_type_its_closure_and_its_phrase(name: str) -> None:
    assert callable(getattr(typed.Typing, f"_{name.lower()}", None)), f"kinds: no type for {name}"
    assert callable(getattr(Compiler, f"_{name.lower()}", None)), f"compiled: no closure for {name}"
    assert codec.CLASSES[name] is CLASSES[name]
    assert name in expressions(), f"no rule of the tests or the corpus says a {name}"


def test_every_expression_has_words_that_read_back() -> None:
    for made in parsed(EVERY).values():
        for version in made.versions:
            for node in version.expressions():
                for part in x.walk(node):
                    assert words_of(part)
    with pytest.raises(TypeError):
        words_of(x.Held("rien", None))  # type: ignore[arg-type]


def test_every_operator_is_known_wherever_one_is() -> None:
    computed = {op for op, _ in reckon.ARITHMETIC}
    assert set(kinds.ARITHMETIC) == computed == {"+", "-", "fois", "divisé par"}
    with pytest.raises(KeyError):
        Compiler(typed.Typing({}, {}, [], set()), None)._arith(  # type: ignore[arg-type]
            x.Arith("modulo", x.Lit("entier", 1, None), x.Lit("entier", 1, None), None)
        )
    assert set(UNITS) == set(forms._UNIT)
    assert set(reckon.STEPS) == set(forms._STEP)
    assert set(ROUNDINGS) == set(forms._WAY)


def test_every_form_of_the_grammar_is_read() -> None:
    """Each name that the grammar gives to a form of an expression has its case."""
    grammar = (folder("grammar") / "rule.lark").read_text(encoding="utf-8")
    ladder = grammar[grammar.index("?value: or_") : grammar.index("// Trials")] + grammar[grammar.index("?or_:") :]
    named = set(re.findall(r"-> (\w+)", ladder)) - {"open_"}
    code = inspect.getsource(trees)
    assert not [name for name in named if f'"{name}"' not in code]


def test_every_rule_comes_back_from_json() -> None:
    for made in parsed(EVERY).values():
        again = rules.from_json(json.loads(json.dumps(rules.to_json(made))))
        assert rules.to_json(again) == rules.to_json(made)


# What the forms give.


def paper(*bodies: str) -> Paper:
    made = Paper(LAW)
    text = HEAD + "".join(rule(f"r{rank}" if len(bodies) > 1 else "r", body) for rank, body in enumerate(bodies))
    read = made.read(text)
    assert not read.faults, shown(read.faults, text)
    return made


def faults(body: str, *others: str) -> list[str]:
    text = HEAD + rule("r", body) + "".join(others)
    return [fault.code for fault in Paper(LAW).read(text).faults]


def effect(body: str, at: str = "2012-06-01", **facts: object) -> dict[str, object]:
    answer = paper(body).ask("r", at, **facts)
    assert answer["status"] == "applicable", answer
    return answer["effect"]


def test_a_rate_of_a_dated_parameter_rounded_up() -> None:
    body = """
  alors calcul
    seuil = 2,5 % du plafond arrondi à l'euro supérieur
"""
    assert effect(body, "2011-12-31") == {"seuil": "75.00 EUR"}
    assert effect(body, "2012-01-01") == {"seuil": "78.00 EUR"}
    unknown = paper(body).ask("r", "2014-01-01")
    assert (unknown["status"], unknown["missing"]) == ("indetermine", ["plafond"])
    assert any("« plafond » le 2014-01-01" in note for note in unknown["notes"])
    assert effect(body, "2014-01-01", plafond="4000 EUR") == {"seuil": "100.00 EUR"}


def test_the_evidence_of_an_answer_has_the_words_of_the_parameter_that_day() -> None:
    body = "\n  alors calcul\n    seuil = 2,5 % du plafond\n"
    quotes = [[e["quote"] for e in paper(body).ask("r", day)["evidence"]] for day in ("2011-01-01", "2013-01-01")]
    assert "3 000 € en 2010" in quotes[0] and "3 100 € en 2012" not in quotes[0]
    assert "3 100 € en 2012" in quotes[1]


@pytest.mark.parametrize(
    ("start", "end", "paid"),
    [
        ("2000-06-01", "2012-06-01", "6800.00 EUR"),
        ("2002-06-01", "2012-05-31", "5400.00 EUR"),
        ("2012-06-01", "2012-06-01", "0.00 EUR"),
    ],
)
def test_slices_of_a_duration(start: str, end: str, paid: str) -> None:
    body = """
  donnée salaire : montant en euros
  donnée embauche : date
  soit ancienneté = durée écoulée de embauche à ce jour
  alors calcul
    aide = barème par tranches d'ancienneté : un quart du salaire par année jusqu'à 10 ans ; un tiers du salaire par année au-delà
"""
    given_ = effect(body, end, salaire="2400 €", embauche=start)
    years = int(end[:4]) - int(start[:4]) - (end[5:] < start[5:])
    expected = 600 * min(years, 10) + 800 * max(0, years - 10)
    assert given_ == {"aide": f"{expected}.00 EUR"}
    assert paid.endswith("EUR")


def test_a_whole_scale_and_slices_of_an_amount() -> None:
    body = """
  donnée revenu : montant en euros
  alors calcul
    taux = barème de revenu : 10 % jusqu'à 1000 € selon « inférieurs ou égaux à 1 000 € » ; 20 % au-delà
    impôt = barème par tranches de revenu : 10 % jusqu'à 1000 € ; 20 % au-delà
"""
    for revenue, rate, tax in (
        ("1000 €", "10 %", "100.00"),
        ("1000.01 €", "20 %", "100.00"),
        ("3000 €", "20 %", "500.00"),
    ):
        assert effect(body, revenu=revenue) == {"taux": rate, "impot": f"{tax} EUR"}


def test_begun_months_whole_numbers_and_the_rest() -> None:
    body = """
  donnée échéance : date
  donnée sommes : montant en euros
  donnée parts : entier
  soit retard = durée écoulée de échéance à ce jour
  alors calcul
    mois = nombre de mois entamés de retard
    majoration = 0,2 % des sommes par mois entamé de retard
    deux = parts fois 2 + 1
    part = sommes divisé par parts
    reste = sommes - part selon « Le reste »
"""
    told = effect(body, échéance="2012-03-15", sommes="1000 €", parts=3)
    assert told == {"mois": 3, "majoration": "6.00 EUR", "deux": 7, "part": "333.33 EUR", "reste": "666.67 EUR"}
    assert effect(body, échéance="2012-03-01", sommes="0 €", parts=1)["mois"] == 3
    assert effect(body, échéance="2013-03-01", sommes="0 €", parts=1)["mois"] == 0
    with pytest.raises(Misuse, match="rule r: division by zero: parts = 0"):
        effect(body, échéance="2012-03-15", sommes="1000 €", parts=0)


def test_counts_sums_and_ages_in_lists() -> None:
    body = """
  donnée enfants : liste de (naissance : date, ressources : montant en euros)
  alors calcul
    mineurs = nombre d'enfants tels que (âge de naissance < 18 ans selon « l'âge de l'enfant »)
    total = somme des ressources parmi enfants tels que (ressources n'est pas nul)
    tous = nombre d'enfants
"""
    children: list[object] = [
        {"naissance": "1994-06-01", "ressources": "10 €"}, {"naissance": "1994-06-02", "ressources": "5 €"},
    ]  # fmt: skip
    assert "limite-contredite" in faults(body)  # « l'âge de l'enfant » says no limit
    plain = {r.id: r for r in rules.parse(HEAD + rule("r", body), "x").rules}["r"]
    told = rules.evaluate(plain, {"enfants": children}, date(2012, 6, 1), world=Paper(LAW))["effect"]
    assert told == {"mineurs": 1, "total": "15.00 EUR", "tous": 2}
    lacking = rules.evaluate(plain, {"enfants": [{"ressources": "1 €"}]}, date(2012, 6, 1), world=Paper(LAW))
    assert (lacking["status"], lacking["missing"]) == ("indetermine", ["enfants[0].naissance"])


def test_exceptions_alternatives_open_lists_and_synonyms() -> None:
    body = """
  donnée faute_grave : oui ou non, faux par défaut
  donnée autre_moyen : oui ou non
  donnée attestation : oui ou non, faux par défaut
  donnée nature : als (allocation de logement sociale) | aah
  si nature = als
    et par tout moyen autre_moyen, notamment (attestation selon « notamment par une attestation »)
  sauf si faute_grave selon « Sauf en cas de faute grave »
  alors condition
    voie = « lettre recommandée » ou « remise en main propre »
    compte = compte 10 quand attestation ; compte 8 sinon
""".replace("compte 10", "« dix »").replace("compte 8", "« huit »")
    made = paper(body)

    def status(**facts: object) -> tuple[str, list[str]]:
        answer = made.ask("r", "2012-01-01", **facts)
        return answer["status"], answer["missing"]

    assert status(nature="Allocation de logement sociale") == ("indetermine", ["autre_moyen"])
    assert status(nature="als", attestation=True) == ("applicable", [])
    assert status(nature="als", autre_moyen=True) == ("applicable", [])
    assert status(nature="als", autre_moyen=False) == ("non_applicable", [])
    assert status(nature="als", attestation=True, faute_grave=True) == ("non_applicable", [])
    with pytest.raises(Misuse, match="'apl' is not one of als, aah"):
        status(nature="apl")
    told = made.ask("r", "2012-01-01", nature="als", attestation=True)["effect"]
    assert told == {"voie": ["lettre recommandée", "remise en main propre"], "compte": "dix"}


SPECIAL = """
  par dérogation à r0
  donnée age_minimum : oui ou non
  donnée agricole : oui ou non
  si agricole
  alors condition
    rang = 2
""".replace("  donnée age_minimum : oui ou non\n", "")


def test_a_rule_gives_way_to_the_one_that_derogates_from_it() -> None:
    made = paper("\n  donnée dû : oui ou non\n  si dû\n  alors condition\n    rang = 1\n", SPECIAL)
    assert made.proved["r0"].derogated_by == ("r1",)
    assert made.ask("r0", "2012-01-01", dû=True, agricole=False)["status"] == "applicable"
    special = made.ask("r0", "2012-01-01", dû=True, agricole=True)
    assert special["status"] == "non_applicable" and any("r1" in note for note in special["notes"])
    unsaid = made.ask("r0", "2012-01-01", dû=True)
    assert (unsaid["status"], unsaid["missing"]) == ("indetermine", ["agricole"])
    assert made.ask("r0", "2012-01-01", dû=False)["status"] == "non_applicable"


def test_a_rule_asks_whether_another_applies_and_takes_its_result() -> None:
    first = "\n  donnée dû : oui ou non\n  donnée échéance : date\n  si dû\n  alors condition\n    rang = 3\n    fin_mois = fin du mois d'échéance\n"
    second = """
  donnée dû : oui ou non
  si la règle r0 s'applique
  alors calcul
    double = 2 fois (rang selon la règle r0)
    fin = fin_mois selon la règle r0
"""
    made = paper(first, second)
    assert [fact.name for fact in made.proved["r1"].facts] == ["du", "echeance"]
    told = made.ask("r1", "2012-01-01", dû=True, échéance="2012-02-03")
    assert (told["status"], told["effect"]) == ("applicable", {"double": 6, "fin": "2012-02-29"})
    assert told["because"][0]["condition"] == "la règle r0 s'applique"
    assert made.ask("r1", "2012-01-01", dû=False)["status"] == "non_applicable"
    assert made.ask("r1", "2012-01-01", dû=True)["missing"] == ["echeance"]


# What is refused.


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("\n  donnée x : montant\n  alors calcul\n    y = x + 2,5 %\n", ["taux-sans-base"]),
        ("\n  donnée x : montant\n  si x > 2,5 % selon « Le reste »\n  alors calcul\n", ["taux-sans-base"]),
        ("\n  donnée x : montant\n  alors calcul\n    y = x divisé par 0\n", ["division-par-zero"]),
        ("\n  donnée x : date\n  alors calcul\n    y = x fois 3\n", ["type"]),
        ("\n  donnée x : montant\n  alors calcul\n    y = x arrondi au centime inférieur\n", ["forme-sans-mots"]),
        ("\n  donnée x : montant\n  alors calcul\n    y = 7 % de x\n", ["mesure-sans-mots"]),
        ("\n  donnée x : montant\n  alors calcul\n    y = 0,2 % de x par mois\n", ["type"]),
        ("\n  si la règle inconnue s'applique\n  alors calcul\n", ["regle-inconnue"]),
        ("\n  si la règle r s'applique\n  alors calcul\n", ["regles-en-cercle"]),
        ("\n  par dérogation à r\n  alors calcul\n", ["regles-en-cercle"]),
        ("\n  donnée x : oui ou non\n  si x\n  sauf si x selon « Le reste »\n  alors calcul\n", ["forme-sans-mots"]),
        ("\n  donnée x : durée\n  alors calcul\n    y = x dans la limite de 3 € selon « dans la limite »\n", ["type"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(body: str, codes: list[str]) -> None:
    assert [code for code in faults(body) if code not in ("mesure-sans-mots",) or code in codes][: len(codes)] == codes


def test_two_rules_that_wait_for_each_other() -> None:
    one = "\n  donnée a : oui ou non\n  si a et la règle s s'applique\n  alors calcul\n"
    two = rule("s", "\n  donnée a : oui ou non\n  si a et la règle r s'applique\n  alors calcul\n")
    assert "regles-en-cercle" in faults(one, two)


def test_a_parameter_without_a_value_when_the_rule_begins() -> None:
    text = HEAD.replace(
        "  valeur 3000 € d'après loi/plafond « 3 000 € en 2010 » depuis le 2010-01-01, selon debut jusqu'au 2012-01-01, selon hausse\n",
        "",
    ) + rule("r", "\n  alors calcul\n    y = 2,5 % du plafond\n")
    (fault,) = Paper(LAW).read(text).faults
    assert fault.code == "parametre-sans-valeur" and "2010-01-01" in fault.sentence and fault.span


def test_a_gap_between_the_values_of_a_parameter() -> None:
    text = HEAD.replace(
        "3 100 € en 2012 » depuis le 2012-01-01, selon hausse", "3 100 € en 2012 » depuis le 2013-01-01, selon hausse"
    )
    assert "parametre-sans-valeur" in [fault.code for fault in Paper(LAW).read(text).faults]


# Numbers and days.

NUMBERS = st.one_of(st.integers(-(10**6), 10**6), st.decimals(-(10**9), 10**9, places=4), st.fractions(-1000, 1000))


@settings(deadline=None, max_examples=200)
@given(NUMBERS, NUMBERS)
def test_arithmetic_is_exact(left: int | Decimal | Fraction, right: int | Decimal | Fraction) -> None:
    a, b = Fraction(left), Fraction(right)
    assert Fraction(add(left, right)) == a + b
    assert Fraction(multiply(left, right)) == a * b
    if right:
        assert Fraction(divide(left, right)) == a / b


@settings(deadline=None, max_examples=200)
@given(NUMBERS, st.sampled_from([1, Decimal("0.01"), Decimal("6.55957")]))
def test_rounding_stays_within_a_step(value: int | Decimal | Fraction, step: int | Decimal) -> None:
    up, down, near = (Fraction(rounded(value, step, way)) for way in ("supérieur", "inférieur", "le plus proche"))
    exact, width = Fraction(value), Fraction(step)
    assert down <= exact <= up and up - down in (0, width)
    assert near in (up, down) and abs(near - exact) <= width / 2


def test_holidays_are_the_eleven_of_the_law() -> None:
    assert [easter(year).isoformat() for year in (1997, 2008, 2024, 2025, 2038)] == [
        "1997-03-30", "2008-03-23", "2024-03-31", "2025-04-20", "2038-04-25",
    ]  # fmt: skip
    assert sorted(day.isoformat()[5:] for day in holidays(2024)) == [
        "01-01", "04-01", "05-01", "05-08", "05-09", "05-20", "07-14", "08-15", "11-01", "11-11", "12-25",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "days", "counted", "end"),
    [
        ("2024-05-07", 1, "ouvrables", "2024-05-10"),  # the 8th is a holiday, the 9th is Ascension
        ("2024-05-10", 1, "ouvrables", "2024-05-11"),
        ("2024-05-10", 1, "ouvrés", "2024-05-13"),
        ("2024-05-13", -1, "ouvrés", "2024-05-10"),
        ("2024-03-04", 8, "francs", "2024-03-13"),
        ("2024-03-06", 2, "francs", "2024-03-11"),  # the 9th is a Saturday
    ],
)
def test_days_that_count(day: str, days: int, counted: str, end: str) -> None:
    assert days_after(date.fromisoformat(day), days, counted).isoformat() == end
    assert Duration(0, days, "", counted).after(date.fromisoformat(day)).isoformat() == end


@settings(deadline=None, max_examples=100)
@given(st.dates(date(1980, 1, 1), date(2040, 1, 1)), st.integers(1, 60), st.sampled_from(["ouvrables", "ouvrés"]))
def test_a_delay_in_working_days_counts_that_many(day: date, days: int, counted: str) -> None:
    end = days_after(day, days, counted)
    assert counts(end, counted) and days_between(day, end, counted) == days


@settings(deadline=None, max_examples=200)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 12000))
def test_a_lapse_is_the_longest_delay_that_has_run(start: date, days: int) -> None:
    end = start + timedelta(days)
    lapse = Lapse.between(start, end)
    assert Duration(lapse.months, 0, "").after(start) + timedelta(lapse.days) == end
    assert Duration(lapse.months + 1, 0, "").after(start) > end
    assert order(lapse, Duration(0, days, "")) == 0
    assert order(Duration(lapse.months, 0, ""), lapse) <= 0 < order(Duration(lapse.months + 1, 0, ""), lapse)


def test_durations_have_an_order_or_say_that_they_have_none() -> None:
    assert order(parse_duration("1 an"), parse_duration("12 mois")) == 0
    assert order(parse_duration("1 mois"), parse_duration("40 jours")) < 0
    assert order(parse_duration("1 an et 6 mois"), parse_duration("15 mois 20 jours")) > 0
    with pytest.raises(ValueError, match="no order"):
        order(parse_duration("1 mois"), parse_duration("30 jours"))
    with pytest.raises(ValueError, match="same days"):
        order(parse_duration("8 jours francs"), parse_duration("8 jours"))


# Trials.

TRIED = """
  donnée dû : montant en euros
  donnée taxé : oui ou non, vrai par défaut
  si dû <= 1000 € selon « inférieurs ou égaux à 1 000 € » et taxé selon « Ce taux »
  alors calcul
    impôt = 10 % du dû
"""
TRIALS = (
    "  essai au 2012-01-01 : dû = 1000 € donne applicable, impôt = 100 €\n",
    "  essai au 2012-01-01 : dû = 1000,01 € donne non applicable\n",
    "  essai au 2012-01-01 : dû = 10 €, taxé = faux donne non applicable\n",
    "  essai : dû = 0,01 € donne applicable\n",
    "  essai au 2009-12-31 : sans donnée donne hors période\n",
)


def tried(*trials: str) -> list[str]:
    made = paper(TRIED + "".join(trials))
    return [gap.change for gap in essais.unnoticed(list(made.proved.values()))]


def test_trials_that_notice_every_change() -> None:
    assert tried(*TRIALS) == []


@pytest.mark.parametrize("rank", range(len(TRIALS)))
def test_a_trial_less_is_a_gap(rank: int) -> None:
    assert tried(*TRIALS[:rank], *TRIALS[rank + 1 :])


def test_without_trials_every_change_goes_unnoticed() -> None:
    gaps = tried()
    for words in (
        "et non <=",
        "toujours vrai",
        "sans défaut",
        "faux par défaut",
        "10 % +1",
        "« ou » pour « et »",
        "début le",
    ):
        assert any(words in gap for gap in gaps), words
    assert all(essais.gap_fault(essais.Gap("r", gap, None)).sentence for gap in gaps)


@pytest.mark.parametrize(
    ("trial", "says"),
    [
        ("dû = 1000 € donne non applicable", "la règle répond « applicable »"),
        ("dû = 1000 € donne applicable, impôt = 101 €", "la règle donne 100.00 EUR"),
        ("dû = 1000 € donne applicable, impot_dû = 1 €", "la règle donne rien"),
        ("sans donnée donne indéterminé, manque taxé", "il manque : du"),
        ("dûs = 1000 € donne applicable", "no fact 'dus'; perhaps 'du'"),
        ("dû = vrai donne applicable", "an amount in words"),
    ],
)
def test_a_trial_that_contradicts_its_rule_is_a_fault_at_its_place(trial: str, says: str) -> None:
    text = HEAD + rule("r", f"{TRIED}  essai au 2012-01-01 : {trial}\n")
    (fault,) = Paper(LAW).read(text).faults
    assert fault.code == "essai-contredit" and says in fault.sentence and fault.grave
    assert fault.span and fault.span.of(text) == f"essai au 2012-01-01 : {trial}"


def test_trials_of_lists_words_and_steps() -> None:
    body = """
  donnée nature : als (allocation de logement sociale) | aah
  donnée enfants : liste de (naissance : date, ressources : montant en euros), vide par défaut
  alors calcul
    total = somme des ressources parmi enfants
    suite = « avis » puis « décision »
    nature_dite = nature
  essai au 2012-01-01 : nature = als, enfants = (naissance = 2001-01-01, ressources = 3 €) et (ressources = 4 €)
    donne applicable, total = 7 €, suite = « avis » puis « décision », nature_dite = als
  essai au 2012-01-01 : nature = aah, enfants = vide donne applicable, total = 0 €
"""
    assert len(paper(body).proved["r"].essais) == 2


# In French sentences.


def test_an_answer_in_sentences_with_their_quotes() -> None:
    made = paper(TRIED + "".join(TRIALS))
    answer = made.ask("r", "2012-01-01", dû="1000 €")
    told = rules.said(made.proved["r"], answer)
    assert [one["sentence"] for one in told] == [
        "Le 1er janvier 2012, la règle « r » s'applique.",
        "Le texte dit « inférieurs ou égaux à 1 000 € » : c'est le cas (du = 1000.00 EUR).",
        "Le texte dit « Ce taux » : c'est le cas (taxe = vrai).",
        "impot : 100.00 EUR.",
    ]
    assert told[1]["provision"] == "loi/bareme" and "1 000 €" in (told[1]["quote"] or "")
    lacking = rules.said(made.proved["r"], made.ask("r", "2012-01-01"))
    assert lacking[-1]["sentence"] == "Pour répondre, il manque : du."
    assert "on ne le sait pas" in lacking[1]["sentence"]


def test_every_answer_of_the_corpus_can_be_said() -> None:
    from rules_world import corpus

    for name, made in corpus().rules().items():
        for essai in made.essais:
            answer = rules.evaluate(made, json.loads(essai.facts), essai.at, world=corpus())
            told = rules.said(made, answer)
            assert told[0]["sentence"].startswith("Le ") and len(told) > len(answer["because"]), name
            quotes = {" ".join(e["quote"].split()) for e in answer["evidence"]}
            assert all(one["quote"] in quotes for one in told if one["quote"] and answer["status"] != "hors_periode"), (
                name
            )


@pytest.mark.parametrize(
    ("words", "ops"),
    [
        ("au plus tard à la fin de l'exercice", {"<="}),
        ("qui n'ont pas été versées aux dates limites d'exigibilité", {">"}),
        ("se prescrivent par trois ans à compter de la fin de l'année", {">"}),
        ("alors qu'il compte 8 mois d'ancienneté", {">="}),
        ("s'il justifie d'une ancienneté de deux ans", {">="}),
        ("la date d'exigibilité", set()),
    ],
)
def test_words_that_bound_without_a_comparator(words: str, ops: set[str]) -> None:
    assert forms.implied(words) == ops
