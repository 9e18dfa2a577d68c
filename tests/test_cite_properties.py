"""What holds on any text: true spans, no crash, cost linear in length, the same targets under other white space."""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path

import cite_cases
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.cite.find import find
from kb.cite.resolve import Citation, Resolver
from kb.ground.registry import read_registry

REGISTRY = read_registry(cite_cases.ROOT / "corpus")[0]
CASES = [
    case
    for path in sorted((Path(__file__).parent / "cases" / "cite").glob("good/*.txt"))
    for case in cite_cases.read(path)
]
PIECES = st.sampled_from(
    [
        "article",
        "articles",
        "art.",
        "L.",
        "133-3",
        "R.",
        "*",
        "911-3",
        "5",
        "226-13",
        "1er",
        "du",
        "de",
        "l'",
        "la",
        "des",
        "même",
        "code",
        "du",
        "travail",
        "présent",
        "ledit",
        "décret",
        "n°",
        "96-251",
        "du",
        "21",
        "mars",
        "1996",
        "au",
        "2°",
        "I",
        "bis",
        "alinéa",
        "premier",
        "et",
        ",",
        ";",
        "(",
        ")",
        "à",
        "loi",
        "annexe",
        "1",
        "point",
        "II-3",
        "précité",
        "§",
        "\n",
        "\n\n",
        "\u202f",
        "\u200e",
        "é",
        "é",
        "L",
        "A.",
        "I.-",
        "code",
        "rural",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=40).map("".join)
)


def read(text: str, within: str | None = "css/L111-1", internal: bool = True) -> list[Citation]:
    return Resolver(REGISTRY, internal=internal).read(text, within=within)[0]


@given(TEXTS)
@settings(max_examples=300)
def test_spans_are_true_on_any_text(text: str) -> None:
    found = read(text)
    for c in found:
        assert 0 <= c.start < c.end <= len(text)
        assert text[c.start : c.end] == c.quote
        assert (c.target is not None) == (c.status in ("resolved", "known"))
        assert c.status != "ambiguous" or len(c.candidates) > 1
    for start, end, sentence in find(text).faults:
        assert 0 <= start < end <= len(text)
        assert sentence


@given(TEXTS, TEXTS)
@settings(max_examples=150)
def test_paragraphs_are_read_one_by_one(one: str, other: str) -> None:
    """A blank line ends what is written: two alinéas together say what they say apart."""
    apart = [(w.start, w.end) for w in find(one).written]
    shift = len(one) + 3
    apart += [(w.start + shift, w.end + shift) for w in find(other).written]
    together = [(w.start, w.end) for w in find(f"{one} \n\n{other}").written]
    kept = [span for span in together if span[1] <= len(one) or span[0] >= shift]
    assert len(kept) == len(together) or "\n" in one + other or not set(together) <= set(apart)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\n", "  ", " \n ", "\u200b ", "\u2009"])
def test_white_space_changes_no_target(case: cite_cases.Case, space: str) -> None:
    day = date.fromisoformat(case.options["at"]) if "at" in case.options else None

    def targets(text: str) -> list[tuple[str | None, str, str]]:
        resolver = Resolver(REGISTRY, internal="internal" in case.options)
        found, _ = resolver.read(text, within=case.options.get("within"), at=day)
        return [(c.target, c.status, c.kind) for c in found]

    text = case.text.replace("-\n", "-").replace("\n", " ")
    assert targets(text.replace(" ", space)) == targets(text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.where)
def test_composed_or_not_the_words_are_the_same(case: cite_cases.Case) -> None:
    import unicodedata

    apart = unicodedata.normalize("NFD", case.text)
    plain = [unicodedata.normalize("NFC", case.text[w.start : w.end]) for w in find(case.text).written]
    assert [unicodedata.normalize("NFC", apart[w.start : w.end]) for w in find(apart).written] == plain


def seconds(text: str) -> float:
    start = time.process_time()
    found, _ = Resolver(REGISTRY, internal=True).read(text, within="css/L111-1")
    spent = time.process_time() - start
    for c in found[:: max(1, len(found) // 50)]:
        assert text[c.start : c.end] == c.quote
    return spent


HOSTILE = {
    "articles": lambda n: "les articles " + ", ".join(f"L. {100 + i % 900}-{i}" for i in range(n)) + " du code du travail",
    "bare articles": lambda n: "les articles " + ", ".join(str(i + 1) for i in range(n)) + " du code civil",
    "one long line": lambda n: "a" * (20 * n),
    "one long number": lambda n: "article L. 1" + "-1" * (6 * n),
    "digits": lambda n: "1" * (20 * n),
    "spaces": lambda n: "article" + " " * (20 * n) + "L. 133-3",
    "blank lines": lambda n: "article\n" * (4 * n),
    "parentheses": lambda n: "article L. 1 " + "(" * (10 * n),
    "nested parentheses": lambda n: "article L. 133-3 " + "(1° " * (4 * n),
    "portions": lambda n: "au 1° " * (4 * n) + "de l'article L. 1",
    "portion chain": lambda n: "premier alinéa du I du 1° " * n + "de l'article L. 1",
    "portion list": lambda n: "aux " + ", ".join(f"{i % 900}°" for i in range(n)) + " des articles L. 1 et L. 2",
    "ordinals": lambda n: "premier, " * (3 * n) + "alinéas",
    "two ordinals": lambda n: "premier, deuxième, " * (2 * n) + "alinéas de l'article 3",
    "romans behind": lambda n: "article 5, " + "I, " * (7 * n),
    "marks behind": lambda n: "article 5 (" + ", ".join(f"{i % 900}°" for i in range(3 * n)) + ")",
    "headings": lambda n: "Article 5\n" * (2 * n),
    "numbers of a decision": lambda n: "Cass. soc., n° 21-14.490" + ", 21-14.490" * (2 * n),
    "decisions": lambda n: "Cass. soc., 11 mai 2022, " * n,
    "holders": lambda n: "C. trav., art. L. 1 ; " * n,
    "wordings": lambda n: "article 5, dans sa rédaction issue de la " * n,
    "ands": lambda n: "article 5 et " * (2 * n),
    "commas": lambda n: "article 5" + ",, , et" * (3 * n),
    "acts": lambda n: "loi n° 96-1 du 1er mars 1996, " * n,
    "act numbers": lambda n: "lois n° 96-1" + " et n° 96-2" * (2 * n),
    "authorities": lambda n: "arrêté du ministre de la santé et du travail et des " * n,
    "agreements": lambda n: "convention collective nationale des métiers de " * n,
    "services": lambda n: "circulaire " + "DAS/" * (6 * n),
    "divisions": lambda n: "titre II du livre III du " * n,
    "control": lambda n: "article\x00 L.\x0133-3\x1b " * n,
    "right to left": lambda n: "article\u200f L.\u200e 133-3\u202e " * n,
    "accents": lambda n: "de\u0301cret n° 96-1 du 1er mars 1996 " + "e\u0301" * (8 * n),
    "marks": lambda n: "\u0301" * (10 * n) + "article 5",
    "apostrophes": lambda n: "l'" * (10 * n) + "article 5",
    "degrees": lambda n: "1° " * (7 * n),
    "romans": lambda n: "I, " * (7 * n) + "de l'article 5",
    "letters": lambda n: "a, " * (7 * n) + "du 1°",
    "codes": lambda n: "code du travail, " * n,
    "same": lambda n: "du même code du même article " * n,
    "dashes": lambda n: "article 5-" * (3 * n),
    "words": lambda n: " ".join(random.Random(7).choices(["de", "la", "loi", "article", "code", "du", "décret", "12", "L.", "5", "et", "ou", "à", "2°", "I"], k=5 * n)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_cost_no_more_than_their_length(name: str) -> None:
    short, long = HOSTILE[name](500), HOSTILE[name](5000)
    seconds(short)
    spent, more = min(seconds(short) for _ in range(2)), seconds(long)
    # ten times longer may cost ten times as much, with room for a busy machine; quadratic time would cost a hundred times
    assert more < max(0.4, 40 * spent), f"{spent:.4f} s, then {more:.4f} s"


def test_a_list_of_five_thousand_articles_is_read_whole() -> None:
    found = read(HOSTILE["articles"](5000), internal=False)
    assert len(found) == 5000
    assert {c.code for c in found} == {"LEGITEXT000006072050"}


def test_memory_does_not_grow_with_the_articles_read() -> None:
    resolver = Resolver(REGISTRY)
    for rank in range(300):
        resolver.forget()
        resolver.read(
            f"l'article L. {rank}-1 du code du travail et la loi n° 96-{rank} du 1er mars 1996", within=f"css/L{rank}"
        )
    assert len(resolver._where_of) <= 65
    memory = resolver._memory
    assert len(memory.acts.days) + len(memory.acts.numbers) + len(memory.holder_of) < 10
