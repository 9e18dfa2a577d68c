"""``verify_quote``: words that stand in a version are found there, at characters of a file that say them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ask import proved, quoted
from kb.base import Base
from kb.ground.fault import Misuse
from kb.ground.names import legifrance
from kb.store import records as r


@pytest.fixture(scope="module")
def said(base: Base) -> list[tuple[r.VersionRow, str]]:
    """The paragraphs of every version that begins on a day."""
    found = []
    for version in base.store.stream(r.VERSION):
        if version.start and version.source:
            rows = [p for p in base.store.paragraphs(version.provision, version.id) if p.kind == "alinea"]
            found += [(version, text) for _, text in base.store.spoken(rows)]
    assert len(found) > 15
    return found


@given(data=st.data())
def test_any_words_of_a_version_are_found_in_it(
    data: st.DataObject, base: Base, said: list[tuple[r.VersionRow, str]]
) -> None:
    version, text = data.draw(st.sampled_from(said))
    words = text.split()
    first = data.draw(st.integers(0, len(words) - 1))
    quote = " ".join(words[first : first + data.draw(st.integers(1, 20))])
    if not quoted.parts_of(quote):
        return
    day = date.fromisoformat(version.start or "")
    changed = data.draw(
        st.sampled_from([str, str.upper, lambda w: w.replace(" ", "\n  "), lambda w: w.replace("'", "’")])
    )
    told = proved.verify(base.store, version.provision, changed(quote), day)
    assert (told["verdict"], told["version"]) == (quoted.EXACT, version.id)
    before = proved.verify(base.store, version.provision, quote, day - timedelta(1))
    assert before["verdict"] in (quoted.EXACT, quoted.OTHER)
    if place := told["place"]:
        source = base.store.source(place["source"])
        assert source.text[place["start"] : place["end"]] == place["quote"] and source.sha256 == place["sha256"]
        flat = quoted.plain(place["quote"])
        at = 0
        for part in quoted.parts_of(quote):
            at = flat.index(part, at) + len(part)
        assert flat.startswith(quoted.parts_of(quote)[0])


def test_most_words_have_a_place(base: Base, said: list[tuple[r.VersionRow, str]]) -> None:
    """All but those that page furniture cuts."""
    placed = [
        proved.verify(base.store, version.provision, text, date.fromisoformat(version.start or ""))["place"]
        for version, text in said
        if len(text) < 3_000
    ]
    assert sum(place is not None for place in placed) > 0.8 * len(placed)


def test_a_quotation_of_marks_only_is_none(base: Base) -> None:
    with pytest.raises(Misuse, match="needs words"):
        proved.verify(base.store, "css/D253-81", "« … »", date(1997, 5, 1))


def test_only_official_ids_have_an_address() -> None:
    assert legifrance("LEGITEXT000006073189") == "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006073189"
    assert legifrance("JORFTEXT000000193392") == "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000000193392"
    assert [legifrance(each) for each in (None, "", "SPSS9301537D")] == [None] * 3
