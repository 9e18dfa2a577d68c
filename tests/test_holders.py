"""Every holder, court and abbreviation of the registry is read by the phrase that it brings, and opens the citation it names."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT
from law_samples import article, repository

import kb
from kb.cite.resolve import Citation, Resolver
from kb.cite.resolve.numbering import fits
from kb.ground.data import folder
from kb.ground.registry import packaged
from kb.make.build import build
from kb.make.named import SERIES, named
from kb.make.verify import verify
from kb.show.pages import french

REGISTRY = packaged()
PHRASES = [(each.id, *each.phrase) for each in (*REGISTRY.holders, *REGISTRY.courts)]
SHORT = [(code.alias, short) for code in REGISTRY.codes for short in code.short]
NAMES = [(holder.id, name) for holder in REGISTRY.holders for name in holder.names]


def cited(text: str, at: date | None = None) -> list[Citation]:
    return Resolver(REGISTRY).read(text, at=at)[0]


@pytest.mark.parametrize(("name", "words", "target"), PHRASES)
def test_the_phrase_of_a_holder_is_read(name: str, words: str, target: str) -> None:
    (citation,) = cited(f"Selon {words}, il en va ainsi.")
    assert (citation.target, citation.status) == (target, "known")
    assert citation.end - citation.start >= len(words) - len("l'")


@pytest.mark.parametrize(("alias", "short"), SHORT)
def test_an_abbreviation_is_read_before_and_after_its_article(alias: str, short: str) -> None:
    number = next(
        n for n in ("L. 111-1", "L. 1111-1", "1143-2", "L. 12") if fits(alias, n.replace(" ", "").replace(".", ""))
    )
    target = f"{alias}/{number.replace('. ', '')}"
    for words in (f"{short}, art. {number}", f"art. {number} {short}", f"l'article {number} du {short}"):
        (citation,) = cited(f"(voir {words})")
        assert (citation.target, citation.status) == (target, "known"), words


@pytest.mark.parametrize(("name", "words"), NAMES)
def test_a_name_is_read_whole(name: str, words: str) -> None:
    (citation,) = cited(f"en vertu de l'article 5 de la {words}.")
    assert citation.target is not None
    assert citation.target.startswith(f"{name}/")
    assert citation.quote.endswith(words)


def test_an_abbreviation_alone_is_no_citation() -> None:
    assert cited("le CPC, la CEDH et le CSS de la page, C. civ. et C. trav.") == []


@pytest.mark.parametrize(
    "holder",
    [
        "la déclaration de Rio", "l'accord national interprofessionnel", "la convention collective", "le code de déontologie médicale",
        "le traité de Lisbonne", "le contrat", "les statuts", "le code civil suisse", "la charte du cotisant",
    ],
)  # fmt: skip
def test_a_holder_that_is_named_and_not_known_stops_inheritance(holder: str) -> None:
    of = holder.replace("la ", "de la ").replace("le ", "du ").replace("les ", "des ").replace("l'", "de l'")
    first, *rest = cited(f"l'article 14 du code civil et l'article 6 {of}, puis l'article 7.")
    assert first.target == "cciv/14"
    assert [c.target for c in rest if c.num in ("6", "7")] == [None, None]
    assert all(c.status in ("unknown", "not_covered") for c in rest if c.num)
    assert not any(c.code for c in rest if c.num == "6")


def test_an_agreement_is_found_by_its_number_or_by_its_day_and_title() -> None:
    words = (
        "convention collective nationale du commerce de détail et de gros à prédominance alimentaire du 12 juillet 2001"
    )
    assert [c.target for c in cited(f"l'article 15.5 de la {words}")] == ["idcc-2216/15.5"]
    assert [c.target for c in cited(f"la {words} (IDCC 2216)")] == ["idcc-2216"]
    assert [c.target for c in cited("IDCC : 1486")] == ["idcc-1486"]
    other = cited("la convention collective nationale des cirques du 12 juillet 2001")
    assert [(c.target, c.status) for c in other] == [("convention/2001-07-12", "date_only")]


def test_no_two_holders_share_a_name() -> None:
    owner: dict[str, str] = {}
    for name, words in [*NAMES, *((h.id, s) for h in REGISTRY.holders for s in h.short)]:
        assert owner.setdefault(words.lower(), name) == name, words


def test_what_has_an_alias_is_named_where_it_is_cited() -> None:
    """A treaty, an agreement or an official id that is cited is a text of the base: every link has an end."""
    registry = REGISTRY
    resolver = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kb" / "cite" / "resolve").glob("*.py"))
    assert set(re.findall(r"\bf\"([a-z]+)-\{", resolver)) == set(SERIES)
    names = [each.id for each in registry.holders if "/" not in each.id] + [f"{series}-81" for series in SERIES]
    assert len(names) > 15
    for name in [*names, *(f"idcc-{each.idcc}" for each in registry.conventions), "JORFTEXT000031740394"]:
        made = named(f"{name}/107", registry)
        assert [row.id for row in made] == [name, f"{name}/107"], name
        assert made[0].kind == "texte" and made[0].title and made[0].nature in french.NATURES, name
    assert named("nulle-part/107", registry) == []


def test_a_treaty_cited_by_imported_law_is_known_at_every_door(tmp_path: Path) -> None:
    body = (
        "L'article 107 du traité sur le fonctionnement de l'Union européenne et la convention collective (IDCC 1944)."
    )
    law = repository(tmp_path / "law", [("1992-03-28", {"Article D999-1.md": article("D999-1", body)})])
    assert not build(folder("corpus"), tmp_path / "a.kb", [law]).stopped
    base = kb.load(tmp_path / "a.kb")
    assert {c["target"]: c["status"] for c in base.show("css/D999-1", at="2000-01-01")["cites"]} == {
        "tfue/107": "known", "idcc-1944": "known",
    }  # fmt: skip
    assert base.show("tfue/107")["kind"] == "article"
    assert [c["from"].partition("#")[0] for c in base.follow("tfue/107", into=True)["links"]] == ["css/D999-1"]
    assert [check.name for check in verify(base.store).checks if check.failures] == []
