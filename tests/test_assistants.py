"""``renvoi mcp``, asked over standard input and output by the SDK's own client, which checks answers against their schemas."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from served import assistant

from kb.base import Base
from kb.doors.contract import OPERATIONS
from kb.doors.mcp import TOOLS
from kb.store.records import SOURCE

pytest.importorskip("mcp", reason="an extra")
DAY = "1997-05-01"


def over(base_file: Path, ask: Callable[[Any], Awaitable[None]]) -> None:
    async def run() -> None:
        async with assistant(base_file) as client:
            await ask(client)

    asyncio.run(run())


def test_every_tool_answers_as_every_door_does_and_proves_its_words(base_file: Path, base: Base) -> None:
    texts = {source.id: source for source in base.store.stream(SOURCE)}

    async def ask(client: Any) -> None:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == list(TOOLS)
        assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
        quoted = 0
        for name in TOOLS:
            operation = OPERATIONS[name]
            told = await client.call_tool(name, dict(operation.example))
            assert not told.is_error, told.content
            assert json.loads(told.content[0].text) == told.structured_content
            assert told.structured_content["answer"] == json.loads(
                json.dumps(operation.ask(base, operation.read(operation.example)))
            )
            for quote in told.structured_content["quotes"]:
                source = texts[quote["source"]]
                assert source.text[quote["start"] : quote["end"]] == quote["quote"]
                assert source.sha256 == quote["sha256"]
                quoted += 1
        assert quoted > 20
        shown = (await client.call_tool("show", {"ref": "css/D253-81#al1", "at": DAY})).structured_content
        first = next(q for q in shown["quotes"] if q["quote"] == shown["answer"]["text"])
        assert first["version"] == "css/D253-81@1993-09-01"
        assert first["legifrance"] == "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000006735962"

    over(base_file, ask)


def test_a_quote_leads_to_the_file_on_disk(base_file: Path, corpus: Path) -> None:
    """With what a tool gives and the file, a stranger needs nothing else."""

    async def ask(client: Any) -> None:
        told = await client.call_tool(
            "verify_quote", {"ref": "css/D253-81", "quote": "couvert de ses deniers", "at": DAY}
        )
        place = told.structured_content["answer"]["place"]
        files = {hashlib.sha256(p.read_bytes()).hexdigest(): p for p in (corpus / "sources").rglob("*") if p.is_file()}
        text = files[place["sha256"]].read_bytes().decode()
        assert text[place["start"] : place["end"]] == place["quote"] == "couvert de ses deniers"

    over(base_file, ask)


QUOTES = [
    ("css/D253-81", "a couvert de ses deniers le montant du déficit", DAY, "exacte"),
    ("css/D253-81", "A COUVERT de ses « deniers »\nle montant", DAY, "exacte"),
    ("css/D253-81", "L'agent comptable […] est en droit de poursuivre", DAY, "exacte"),
    ("article D. 253-81 du code de la sécurité sociale", "couvert de ses deniers", DAY, "exacte"),
    ("css/D253-81", "a couvert de ses propres deniers le montant du déficit", DAY, "proche"),
    ("css/D253-81", "couvert de ses deniers", "2010-01-01", "autre_version"),
    ("css/D253-81", "le directeur peut accorder des délais de paiement", DAY, "perdue"),
    ("css/L133-3", "couvert de ses deniers", DAY, "non_couvert"),
]


def test_what_became_of_a_quotation(base_file: Path) -> None:
    async def ask(client: Any) -> None:
        for ref, quote, day, verdict in QUOTES:
            told = await client.call_tool("verify_quote", {"ref": ref, "quote": quote, "at": day})
            answer = told.structured_content["answer"]
            assert answer["verdict"] == verdict, answer
            assert (answer["place"] is not None) == (verdict in ("exacte", "autre_version"))
            assert bool(answer["note"]) == (verdict != "exacte")

    over(base_file, ask)


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("show", {"ref": "css/D253-8"}, "unknown"),
    ("show", {}, "misuse"),
    ("show", {"ref": ["css"]}, "misuse"),
    ("show", {"ref": "css/D253-81", "at": "hier"}, "misuse"),
    ("show", {"ref": "css/D253-81", "day": DAY}, "misuse"),
    ("apply", {"rule": "indu-rmi", "facts": {"montant": "beaucoup"}}, "misuse"),
    ("follow", {"ref": "css/D133-1", "depth": 10**30}, "misuse"),
    ("check", {"text": "mots", "name": "a.pdf"}, "misuse"),
    ("verify_quote", {"ref": "css/D253-81", "quote": "…"}, "misuse"),
    ("cite", {"text": "x" * 1_100_000}, "misuse"),
    ("rm", {}, "unknown"),
]


def test_a_refusal_is_a_sentence_and_the_next_question_is_answered(base_file: Path) -> None:
    async def ask(client: Any) -> None:
        for name, given, kind in REFUSED:
            told = await client.call_tool(name, given)
            assert told.is_error and told.structured_content["kind"] == kind, (name, told.content)
            words = told.content[0].text
            assert 10 < len(words) < 1_000 and "Traceback" not in words
            assert words == told.structured_content["sentence"]
        assert not (await client.call_tool("show", {"ref": "css/D253-81"})).is_error

    over(base_file, ask)


def test_an_answer_that_no_assistant_could_read_is_refused(base_file: Path) -> None:
    async def ask(client: Any) -> None:
        told = await client.call_tool("cite", {"text": "l'article L. 133-3 " * 5_000})
        assert told.is_error and "characters" in told.content[0].text

    over(base_file, ask)
