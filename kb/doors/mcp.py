"""The assistants' door: the questions of the contract as tools over standard input and output (Model Context Protocol).

A tool answers ``{"answer", "quotes"}``: the answer of every other door, and the words it speaks of, each with file, sha256, offsets,
version and Légifrance address. A refusal is a sentence.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

from kb import __version__
from kb.ask.proved import Quote, quotes
from kb.base import Base
from kb.doors.contract import OPERATIONS, Operation
from kb.doors.openapi import parameters
from kb.doors.opened import Opened
from kb.doors.schema import Schema, schema
from kb.ground.fault import Misuse, Unknown

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel import Server
    from mcp.types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams, Tool

TOOLS = ("show", "cite", "check", "verify_quote", "follow", "rules", "apply", "search", "impact")
LARGEST = 500_000  # characters of an answer: more is no answer to an assistant
_AT = "#/$defs/"
_ABOUT = (
    "French law with traceable citations: which rule applied on a day, and where exactly it says so. Ids look like css/D253-81 or "
    "decret/1996-03-21/96-251; any official id, Légifrance address or citation in French is understood. Days are YYYY-MM-DD. Quote "
    "only words that verify_quote finds 'exacte' on the day, and say where a status is inconnu."
)


def server(opened: Opened) -> Server[dict[str, object]]:
    """The tools over a knowledge base, for any transport of the SDK."""
    from mcp.server.lowlevel import Server
    from mcp.types import ListToolsResult

    async def listed(
        context: ServerRequestContext[dict[str, object]], asked: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=[_tool(OPERATIONS[name]) for name in TOOLS])

    async def called(context: ServerRequestContext[dict[str, object]], asked: CallToolRequestParams) -> CallToolResult:
        return await asyncio.to_thread(_called, opened(), asked.name, asked.arguments or {})

    return Server("renvoi", version=__version__, instructions=_ABOUT, on_list_tools=listed, on_call_tool=called)


def serve(path: Path) -> int:
    """Answer for the knowledge base at *path* on standard input and output until they close. Raises ``Misuse`` without the SDK."""
    try:
        from mcp.server.stdio import stdio_server
    except ImportError:
        raise Misuse("mcp needs the SDK, which is not installed: pip install 'renvoi[mcp]'") from None
    tools = server(Opened(path))

    async def run() -> None:
        async with stdio_server() as (incoming, outgoing):
            await tools.run(incoming, outgoing, tools.create_initialization_options())

    asyncio.run(run())
    return 0


def _tool(operation: Operation) -> Tool:
    from mcp.types import Tool, ToolAnnotations

    return Tool(
        name=operation.name,
        description=operation.about,
        input_schema=parameters(operation) | {"examples": [dict(operation.example)]},
        output_schema=answered(operation),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def answered(operation: Operation) -> Schema:
    """The schema of what a tool answers."""
    known: dict[str, Schema] = {}
    fields = {"answer": schema(operation.answer, known, _AT), "quotes": schema(list[Quote], known, _AT)}
    return {"type": "object", "properties": fields, "required": [*fields], "$defs": known}


def _called(base: Base, name: str, given: dict[str, object]) -> CallToolResult:
    from mcp.types import CallToolResult, TextContent

    try:
        if name not in TOOLS:
            raise Unknown(f"no tool '{name[:60]}': there are {', '.join(TOOLS)}")
        operation = OPERATIONS[name]
        answer = operation.ask(base, operation.read(given))
        told: dict[str, object] = {"answer": answer, "quotes": quotes(base.store, answer)}
        words = json.dumps(told, ensure_ascii=False)  # in words too, for clients that do not read structure
        if len(words) > LARGEST:
            raise Misuse(
                f"the answer has {len(words)} characters, {LARGEST} at most are given: ask for a part, or for fewer steps"
            )
    except Misuse as error:
        refused = {"kind": "unknown" if isinstance(error, Unknown) else "misuse", "sentence": str(error)}
        return CallToolResult(
            content=[TextContent(type="text", text=str(error))], structured_content=refused, is_error=True
        )
    return CallToolResult(content=[TextContent(type="text", text=words)], structured_content=told)
