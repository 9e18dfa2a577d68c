"""Rules are held by their words: the corpus proves clean, covers every measure, and no small change goes unseen."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_world import CORPUS, checked, corpus, read_rules, shown

from kb import rules
from kb.ground.data import folder
from kb.ground.fault import render
from kb.ground.parse import load
from kb.ground.span import Span
from kb.rules import cover
from kb.rules.measures import boundaries, holds
from kb.rules.proof import check


def test_the_corpus_has_no_fault() -> None:
    assert not checked().faults, shown(checked().faults)
    assert len(checked().rules) == len(read_rules().rules) == 31


def test_every_quote_is_at_its_span() -> None:
    for rule in checked().rules:
        proofs = [p for v in rule.versions for bound in (v.start, v.end) if bound for p in bound.proofs]
        for found in [one.found for one in (*rule.all_evidence(), *(p for p in proofs if p.quote))]:
            assert found is not None
            assert corpus().source(found.source).text[found.start : found.end] == found.quote
        assert all(proof.found or proof.said_by for proof in proofs)


def test_rules_survive_their_json() -> None:
    for rule in checked().rules:
        again = rules.from_json(rules.to_json(rule))
        assert rules.to_json(again) == rules.to_json(rule)
        assert again[:4] == rule[:4] and again.evidence == rule.evidence


def test_every_measure_is_covered_or_waived() -> None:
    covered, holes = rules.coverage(checked().rules, checked().waivers, corpus())
    assert not holes, "\n".join(
        render(f, corpus().source(h.span.source).text) for h, f in zip(holes, cover.faults([], holes, []), strict=True)
    )
    assert not cover.faults(covered, [], checked().waivers)
    assert {measure.kind for measure in covered} <= set(cover.KINDS)
    assert all(measure.held_by or measure.waived for measure in covered)


def test_a_rule_less_is_a_hole_and_a_waiver_too_many_a_fault() -> None:
    without = [rule for rule in checked().rules if rule.id != "indu-rmi"]
    _, holes = rules.coverage(without, checked().waivers, corpus())
    assert [(hole.kind, hole.words) for hole in holes] == [("montant", "500 F")]
    (fault,) = cover.faults([], holes, [])
    assert fault.code == "mesure-sans-regle" and fault.span == holes[0].span
    covered, _ = rules.coverage(checked().rules, checked().waivers, corpus())
    waiver = checked().waivers[0]
    idle = waiver._replace(quotes=(checked().rules[0].evidence[0],))
    assert [f.code for f in cover.faults(covered, [], [idle])] == ["ecart-inutile"]


@pytest.mark.parametrize(
    ("words", "ops"),
    [
        ("d'un montant total inférieur à 100 F", {"<"}),
        ("les créances inférieures ou égales à un montant", {"<="}),
        ("l'écart constaté n'excédait pas 30 F", {"<="}),
        ("ne dépassent pas", {"<="}),
        ("les frais atteignent 500 F", {">="}),
        ("au moins égal à 100 F", {">="}),
        ("les frais dépassent le montant", {">"}),
        ("n'atteint pas le seuil de 100 F", {"<"}),
        ("jusqu'au moment où, pour un même cotisant, la somme des créances atteint le seuil", {"<"}),
        ("jusqu'au moment où la somme atteignait le seuil", {"<"}),
        ("en deçà desquels", {"<"}),
        ("en dessous duquel", {"<"}),
        ("supérieure à 10 F", {">"}),
        ("supérieur ou égal à 10 F", {">="}),
        ("à deux mois d'intervalle", {">="}),
        ("inférieur à 10 F ou supérieur à 20 F", {"<", ">"}),
        ("la créance", set()),
    ],
)
def test_boundary_words(words: str, ops: set[str]) -> None:
    assert boundaries(words) == ops


def test_words_left_out() -> None:
    quote = "le délai minimum est ramené de 3 ans à 1 an"
    assert holds("le délai minimum … à 1 an", quote)
    assert holds("le délai minimum […] de 3 ans", quote)
    assert not holds("à 1 an … de 3 ans", quote)
    assert not holds("3 an", quote)


# Mutations: every operator, amount, delay, account, day, negation and quoted word of every rule is changed once.

_QUOTE = re.compile(r"«[^«»]*»")
_OPERATOR = re.compile(r"<=|>=|<|>")


@cache
def blocks() -> dict[str, tuple[str, str]]:
    """By rule: the proofs at the head of its file, and the block of the rule."""
    found = {}
    for path in sorted((CORPUS / "rules").glob("*.rule")):
        parts = re.split(r"(?m)^(?=règle|preuve|écarté)", path.read_text(encoding="utf-8"))
        head = "".join(part for part in parts if part.startswith("preuve"))
        for part in parts:
            if part.startswith("règle"):
                found[part.split()[1]] = head, part
    return found


def mutants(block: str) -> list[tuple[str, str]]:
    """``(what changed, the changed block)``."""
    prose = re.sub(r"(?m)^  (?:note :|essai ).*(?:\n    .*)*", lambda m: re.sub(r"[^\n]", " ", m.group()), block)
    quotes = [m.span() for m in _QUOTE.finditer(prose) if not re.search(r"(?:=|puis)\s*$", prose[: m.start()])]
    code = _QUOTE.sub(lambda m: " " * len(m.group()), prose)
    code = re.sub(
        r"(?m)^ *(?:règle|aussi|note|version|suite|alors .* :|.*par défaut).*$", lambda m: " " * len(m.group()), code
    )
    changes: list[tuple[int, int, str]] = []
    for match in _OPERATOR.finditer(code):
        changes += [(*match.span(), op) for op in ("<", "<=", ">", ">=") if op != match.group()]
    for match in re.finditer(r"\b\d+(?: \d{3})*(?= F\b)|\b\d+(?= (?:ans?|mois)\b)", code):
        changes.append((*match.span(), str(int(match.group().replace(" ", "")) + 1)))
    for match in re.finditer(r"(?<=compte )\d+|(?<=comptes )\d+", code):
        changes.append((*match.span(), match.group()[:-1] + str((int(match.group()[-1]) + 1) % 10)))
    for match in re.finditer(r"(?<![/\d])\d{4}-\d\d-\d\d(?![/\d])", code):
        day = date.fromisoformat(match.group())
        changes += [(*match.span(), (day + timedelta(days=step)).isoformat()) for step in (-1, 1, 365)]
    changes += [(*match.span(), "") for match in re.finditer(r"\bnon (?=\w+ selon)", code)]
    changes += [(*match.span(), "non ") for match in re.finditer(r"(?<=si )(?=\w+ selon)", code)]
    changes += [(*match.span(), "vrai") for match in re.finditer(r"(?<== )faux", code)]
    changes += [(*match.span(), "+") for match in re.finditer(r"(?<= )-(?= )", code)]
    changes += [(*match.span(), "-") for match in re.finditer(r"(?<= )\+(?= )", code)]
    for start, end in quotes:
        words = list(re.finditer(r"\w{2,}", block[start:end]))
        middle = words[len(words) // 2]
        changes.append((start + middle.start(), start + middle.end(), middle.group() + "x"))
    made = []
    for start, end, new in changes:
        line = block.count("\n", 0, start)
        made.append((f"line {line}: {block[start:end]!r} -> {new!r}", block[:start] + new + block[end:]))
    return made


@pytest.mark.parametrize("name", sorted(blocks()))
def test_no_change_goes_unseen(name: str) -> None:
    head, block = blocks()[name]
    others = [
        rule for rule in checked().rules if f"remplace {rule.id}" in block or f"la règle {rule.id} s'app" in block
    ]
    assert not _faults(head + block, others)
    unseen = [what for what, changed in mutants(block) if not _faults(head + changed, others)]
    assert not unseen
    assert len(mutants(block)) > 5


@pytest.mark.parametrize("head", sorted({head for head, _ in blocks().values()}), ids=lambda head: head.split()[1])
def test_no_change_of_a_shared_proof_goes_unseen(head: str) -> None:
    body = "".join(block for other, block in blocks().values() if other == head)
    others = [rule for rule in checked().rules if f"règle {rule.id} " not in body]
    assert not _faults(head + body, others)
    assert mutants(head)
    assert all(_faults(changed + body, others) for _, changed in mutants(head))


def _faults(text: str, others: list[rules.Rule]) -> list[str]:
    read = rules.parse(text, "mutant.rule")
    proved = check([*read.rules, *others], read.waivers, corpus(), corpus().registry)
    return [fault.code for fault in (*read.faults, *proved.faults)]


def test_accounts_do_not_change_sides() -> None:
    head, block = blocks()["remise-procedure-collective"]
    swapped = (
        block.replace("= compte 467582", "= compte 0")
        .replace("= compte 46113", "= compte 467582")
        .replace("= compte 0", "= compte 46113")
    )
    assert _faults(head + swapped, []) == ["mesure-sans-mots"] * 2


def test_delays_do_not_change_versions() -> None:
    head, block = blocks()["anv-delai"]
    swapped = block.replace("délai = 3 ans", "délai = 1 an")
    assert _faults(head + swapped, []) == ["mesure-sans-mots"] * 2


def test_two_rules_of_one_name() -> None:
    rule = checked().rules[0]
    assert "regle-repetee" in [f.code for f in check([rule, rule], [], corpus(), corpus().registry).faults]


# Files of errors: each says beside it, in NAME.txt, what is told of it.

CASES = Path(__file__).parent / "cases" / "rules"


@pytest.mark.parametrize("path", sorted((CASES / "bad").glob("*.rule")), ids=lambda p: p.stem)
def test_bad_files_report_all_their_errors(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    read = rules.parse(text, path.name)
    proved = check(read.rules, read.waivers, corpus(), corpus().registry)
    faults = sorted([*read.faults, *proved.faults], key=lambda f: f.span or Span("", 0, 0))
    assert faults and not proved.rules
    assert all(fault.span and fault.span.end > fault.span.start for fault in faults)
    told = "".join(f"[{fault.code}] {render(fault, text, path.name)}\n" for fault in faults)
    assert told == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((CASES / "good").glob("*.rule")), ids=lambda p: p.stem)
def test_good_files_prove(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    read = rules.parse(text, path.name)
    proved = check(read.rules, read.waivers, corpus(), corpus().registry)
    faults = [*read.faults, *proved.faults]
    assert not faults, "\n".join(render(f, text, path.name) for f in faults)
    assert proved.rules


@settings(max_examples=300, database=None, derandomize=True)
@given(st.data())
def test_no_damage_is_a_traceback(data: st.DataObject) -> None:
    """Cut, repeated and foreign characters anywhere in a file: faults with places, and rules that still prove or not."""
    head, block = blocks()[data.draw(st.sampled_from(sorted(blocks())))]
    text = head + block
    for _ in range(data.draw(st.integers(1, 4))):
        at, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 30))
        patch = data.draw(
            st.one_of(
                st.just(""),
                st.sampled_from(["«", "»", "\n", "# ", "si ", "règle ", "selon ", "(", " F", "\t", "\r"]),
                st.text(max_size=5),
            )
        )
        text = text[:at] + patch + text[at + length :]
    read = rules.parse(text, "damaged.rule")
    proved = check(read.rules, read.waivers, corpus(), corpus().registry)
    for fault in (*read.faults, *proved.faults):
        assert fault.span and 0 <= fault.span.start <= fault.span.end <= len(text)
        assert render(fault, text, "damaged.rule").startswith("damaged.rule:")


# The grammar and the page about it show real phrases.


def grammar_phrases() -> list[tuple[str, str]]:
    """``(rule, phrase)`` of each line of the grammar that ends with one."""
    found, rule = [], ""
    for line in (folder("grammar") / "rule.lark").read_text(encoding="utf-8").splitlines():
        if named := re.match(r"\??([a-z_]+):", line):
            rule = named.group(1)
        code, mark, phrase = line.partition(" // ")
        if mark and code.strip():
            found.append((rule, phrase))
    return found


@pytest.mark.parametrize(("rule", "phrase"), grammar_phrases(), ids=lambda value: value[:50])
def test_the_phrases_of_the_grammar_are_read(rule: str, phrase: str) -> None:
    load("rule", rule).parse(phrase)


def test_every_rule_of_the_grammar_has_a_phrase() -> None:
    named = set(re.findall(r"(?m)^\??([a-z_]+):", (folder("grammar") / "rule.lark").read_text(encoding="utf-8")))
    assert named - {rule for rule, _ in grammar_phrases()} == {"clause"}


def test_the_page_about_rules_shows_rules_that_hold() -> None:
    page = (CORPUS.parent / "docs" / "rules.md").read_text(encoding="utf-8")
    shown_rules = re.findall(r"(?ms)^```renvoi\n(.*?)^```", page)
    assert shown_rules
    for text in shown_rules:
        read = rules.parse(text, "rules.md")
        proved = check([*read.rules, *checked().rules], read.waivers, corpus(), corpus().registry)
        faults = [*read.faults, *(f for f in proved.faults if f.code != "regle-repetee")]
        assert not faults, "\n".join(render(f, text, "rules.md") for f in faults)
        assert read.rules or read.waivers


def test_the_page_about_rules_names_every_clause() -> None:
    page = (CORPUS.parent / "docs" / "rules.md").read_text(encoding="utf-8")
    words = set(re.findall(r'"([^\W\d_]{3,})"', (folder("grammar") / "rule.lark").read_text(encoding="utf-8")))
    assert not [word for word in words if word not in page]
