#!/usr/bin/env python3
"""Change the rules of the corpus one word at a time, and report which changes no check sees.

usage: python benchmarks/rule_mutants.py [--kind NAME] [--show N] [--asked PERCENT]

Each mutant is one change in one rule file, of a kind that a tired author makes: an operator, an amount, a unit, a day; a
condition dropped, "et" for "ou", two facts swapped; another modality, basis or default; an end, a conflict or a
replacement removed; steps in another order; another day's words; a quote cut short. A mutant is caught when reading,
proof or coverage tells a fault that the untouched corpus does not have. The exit status is 1 when less than --asked
(default: 95) in a hundred are caught.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from rules_world import CORPUS, Corpus  # noqa: E402

from kb import rules  # noqa: E402
from kb.ground.registry import read_registry  # noqa: E402
from kb.rules import cover  # noqa: E402
from kb.rules.proof import check  # noqa: E402
from kb.words.limits import limits  # noqa: E402

Change = tuple[int, int, str]


class Mutant(NamedTuple):
    kind: str
    file: str
    line: int
    what: str
    text: str


def masked(text: str) -> str:
    """*text* with quotes, comments, notes, trials and titles blanked: what is left is code, at the same offsets."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"\S", " ", match.group())

    code = re.sub(r"«[^«»]*»", blank, text)
    code = re.sub(r"(?m)^\s*#.*$|^  (?:note :|essai ).*(?:\n    .*)*|^  suite [^:]*:.*(?:\n    .*)*", blank, code)
    return re.sub(r"(?m)(?<=^règle ).*$|^ *aussi .*$|(?<=^  version ).*$", blank, code)


def each(pattern: str, code: str, new: Callable[[re.Match[str]], list[str]], flags: int = re.M) -> Iterator[Change]:
    for match in re.finditer(pattern, code, flags):
        for words in new(match):
            if words != match.group():
                yield match.start(), match.end(), words


def operators(text: str, code: str) -> Iterator[Change]:
    yield from each(r"(?<=\s)(?:<=|>=|<|>)(?=\s)", code, lambda m: ["<", "<=", ">", ">="])


def amounts(text: str, code: str) -> Iterator[Change]:
    number = r"\b\d+(?: \d{3})*(?= F\b)|\b\d+(?= (?:ans?|mois|jours?)\b)|(?<=comptes )\d+|(?<=compte )\d+"
    yield from each(
        number, code, lambda m: [str(int(m.group().replace(" ", "")) + 1), str(int(m.group().replace(" ", "")) * 10)]
    )


def units(text: str, code: str) -> Iterator[Change]:
    other = {"F": ["€"], "an": ["mois"], "ans": ["mois"], "mois": ["jours", "ans"], "jours": ["mois"]}
    yield from each(r"(?<=[1-9] )(?:ans?|mois|jours?)\b|(?<=00 )F\b", code, lambda m: other[m.group()])


def days(text: str, code: str) -> Iterator[Change]:
    def moved(match: re.Match[str]) -> list[str]:
        day = date.fromisoformat(match.group())
        return [(day + timedelta(days=step)).isoformat() for step in (-1, 1, 366)]

    yield from each(r"(?<![/\d])\d{4}-\d\d-\d\d(?![/\d])", code, moved)


def conditions(text: str) -> Iterator[tuple[int, int]]:
    """``si`` clauses and the cases of values: where "et" and "ou" join parts."""
    for match in re.finditer(r"(?m)^ {2,4}si .*\n(?: {4,}.*\n)*", text):
        yield match.span()


def dropped(text: str, code: str) -> Iterator[Change]:
    """One part of a condition, with the fact that nothing else uses."""
    for start, end in conditions(text):
        joins = [m.span() for m in re.finditer(r"\s(?:et|ou)\s", code[start:end])]
        edges = [2 + text[start:].index("si ") + 1, *(e for _, e in joins)], [*(s for s, _ in joins), end - start]
        for i, (a, b) in enumerate(zip(*edges, strict=True)):
            part = text[start + a : start + b]
            if len(joins) == 0 or part.count("(") != part.count(")"):
                continue
            cut = (joins[i - 1][0], b) if i else (a, joins[0][1])
            yield start + cut[0], start + cut[1], "" if i else " "


def joined(text: str, code: str) -> Iterator[Change]:
    for start, end in conditions(text):
        for match in re.finditer(r"(?<=\s)(?:et|ou)(?=\s)", code[start:end]):
            yield start + match.start(), start + match.end(), "ou" if match.group() == "et" else "et"


def facts(text: str, code: str) -> Iterator[Change]:
    """Two facts of one type change places in the whole of a condition."""
    for block in re.finditer(r"(?m)^règle .*\n(?:(?!règle ).*\n)*", text):
        kinds = defaultdict(list)
        for fact in re.finditer(r"(?m)^  donnée (\w+) : ([\w ]+?)(?:,|$)", block.group()):
            kinds[fact[2]].append(fact[1])
        for start, end in conditions(block.group()):
            words, plain = block.group()[start:end], code[block.start() + start : block.start() + end]
            for names in kinds.values():
                used = [name for name in names if re.search(rf"\b{name}\b", plain)]
                for one, two in pairwise(used):
                    if re.search(rf"\b{one}\b(?: \+ \w+)* \+ {two}\b", plain):
                        continue  # the terms of a sum
                    yield block.start() + start, block.start() + end, swapped(words, plain, one, two)


def swapped(words: str, plain: str, one: str, two: str) -> str:
    made, at = [], 0
    for match in re.finditer(rf"\b(?:{one}|{two})\b", plain):
        made += [words[at : match.start()], two if match.group() == one else one]
        at = match.end()
    return "".join([*made, words[at:]])


def modalities(text: str, code: str) -> Iterator[Change]:
    every = ["faculté", "obligation", "interdiction", "condition"]
    yield from each(r"(?<=^  alors )(?:faculté|obligation|interdiction|condition|calcul)\b", code, lambda m: every)


def bases(text: str, code: str) -> Iterator[Change]:
    def other(match: re.Match[str]) -> list[str]:
        plain = match.group().partition("#")[0]
        return [f"{plain}#al99", "css/D133-2" if plain != "css/D133-2" else "css/D133-1"]

    for clause in re.finditer(r"(?m)^ +fondement .*$", code):
        for start, end, new in each(r"[a-z][a-z-]*/[^\s,]+", clause.group(), other):
            yield clause.start() + start, clause.start() + end, new


def defaults(text: str, code: str) -> Iterator[Change]:
    yield from each(r"(?<=, )0 F(?= par défaut)", code, lambda m: ["100 F"])
    yield from each(r"(?<=, )faux(?= par défaut)", code, lambda m: ["vrai"])
    yield from each(r", (?:0 F|faux|vide) par défaut", code, lambda m: [""])


def removed(pattern: str) -> Callable[[str, str], Iterator[Change]]:
    def change(text: str, code: str) -> Iterator[Change]:
        for match in re.finditer(pattern, text, re.M):
            yield match.start(), match.end(), ""

    return change


def steps(text: str, code: str) -> Iterator[Change]:
    for match in re.finditer(r"(«[^«»]*»)(\s+puis\s+)(«[^«»]*»)", text):
        yield match.start(), match.end(), match[3] + match[2] + match[1]


def proofs(text: str, code: str) -> Iterator[Change]:
    """A bound proved by the words of another bound of the file, and a start moved to another day of its own words."""
    names = re.findall(r"(?m)^preuve ([\w-]+)", text)
    for match in re.finditer(r"(?m)(?<=selon )[a-z0-9-]+(?=$|\s)", code):
        if match.group() in names:
            yield from ((*match.span(), name) for name in names if name != match.group())
    yield from each(r"(?<=depuis le )1993-09-01", code, lambda m: ["1993-08-18"])
    yield from each(r"(?<=connu le )1993-08-18", code, lambda m: ["1993-09-01"])


def quotes(text: str, code: str) -> Iterator[Change]:
    """A quote that begins behind a denial or ends within a limit of its own."""
    for match in re.finditer(r"«([^«»]*)»", text):
        for limit in limits(match[1]):
            denial = re.match(r"(?:n['’]|ne\s+\w+\s+|sans\s+)", limit.quote)
            if denial:
                yield match.start() + 1, match.start() + 1 + limit.start + denial.end(), " "
            if len(limit.quote.split()) > 1:
                yield (
                    match.start() + 1 + limit.start + limit.quote.rindex(limit.quote.split()[-1]),
                    match.end() - 1,
                    " ",
                )


KINDS: dict[str, Callable[[str, str], Iterator[Change]]] = {
    "operator": operators,
    "amount": amounts,
    "unit": units,
    "day": days,
    "condition dropped": dropped,
    "et for ou": joined,
    "facts swapped": facts,
    "modality": modalities,
    "basis": bases,
    "default": defaults,
    "end removed": removed(r"\n +jusqu'au [^\n]*(?:\n {6,}[^\n]*)*"),
    "conflict removed": removed(r"^  (?:conflit|chronologie) avec .*\n"),
    "replacement removed": removed(r"^  remplace .*\n"),
    "steps": steps,
    "another day's words": proofs,
    "quote cut": quotes,
}


def mutants(kinds: list[str]) -> Iterator[Mutant]:
    for path in sorted((CORPUS / "rules").glob("*.rule")):
        text = path.read_text(encoding="utf-8")
        code = masked(text)
        for kind in kinds:
            seen = set()
            for start, end, new in KINDS[kind](text, code):
                changed = text[:start] + new + text[end:]
                if changed in seen or changed == text:
                    continue
                seen.add(changed)
                what = f"{' '.join(text[start:end].split())[:70]!r} -> {' '.join(new.split())[:70]!r}"
                yield Mutant(kind, path.name, text.count("\n", 0, start) + 1, what, changed)


def told(texts: dict[str, str], corpus: Corpus) -> Counter[tuple[str, str]]:
    """The faults of these rule files: code and place."""
    read = [rules.parse(text, name) for name, text in texts.items()]
    every = [rule for one in read for rule in one.rules]
    proved = check(every, [w for one in read for w in one.waivers], corpus, corpus.registry)
    covered, holes = rules.coverage(proved.rules, proved.waivers, corpus)
    faults = [*(f for one in read for f in one.faults), *proved.faults, *cover.faults(covered, holes, proved.waivers)]
    return Counter(fault.code for fault in faults)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--show", type=int, default=200)
    parser.add_argument("--asked", type=float, default=95)
    options = parser.parse_args()
    corpus = Corpus()
    corpus.registry = read_registry(CORPUS)[0]
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted((CORPUS / "rules").glob("*.rule"))}
    before = told(texts, corpus)
    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for mutant in mutants(options.kind or list(KINDS)):
        made[mutant.kind] += 1
        if told({**texts, mutant.file: mutant.text}, corpus) - before:
            caught[mutant.kind] += 1
        elif made[mutant.kind] - caught[mutant.kind] <= options.show:
            print(f"survives: {mutant.kind}: {mutant.file}:{mutant.line}: {mutant.what}")
    print(f"\n{'kind':22}{'mutants':>8}{'caught':>8}")
    for kind, count in made.items():
        print(f"{kind:22}{count:8}{caught[kind]:8}")
    share = 100 * caught.total() / max(1, made.total())
    print(f"{'all':22}{made.total():8}{caught.total():8}  {share:.1f} %")
    return int(share < options.asked)


if __name__ == "__main__":
    sys.exit(main())
