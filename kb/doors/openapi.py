"""The OpenAPI document of the HTTP door, made from the contract: parameters, answers, an example each, and what is refused."""

from __future__ import annotations

from kb import __version__
from kb.doors.contract import OPERATIONS, Operation
from kb.doors.schema import Schema, schema

PROBLEM = "application/problem+json"
#: what a draft may be sent as, beside JSON
DRAFTS = (
    "text/plain", "text/markdown", "text/html", "message/rfc822", "application/pdf", "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.oasis.opendocument.text",
)  # fmt: skip
_REFUSALS = {
    "400": "a question that cannot be taken: an impossible day, a parameter that is none",
    "404": "nothing of that name is here",
    "408": "the body did not come in time",
    "413": "the body is too large",
    "415": "another kind of body is wanted",
    "422": "a draft that cannot be read",
    "503": "too much is asked at once, or the answer takes too long",
}
_WITH_BODY = ("408", "413", "415")


def document() -> dict[str, object]:
    """OpenAPI 3.1."""
    known: dict[str, Schema] = {}
    paths: dict[str, object] = {}
    for operation in OPERATIONS.values():
        paths[f"/api/{operation.name}"] = {"post" if operation.posted else "get": _operation(operation, known)}
    paths["/api/health"] = {"get": _simple("health", "That the server answers, and of which knowledge base.", known)}
    paths["/id/{id}"] = {
        "get": {
            **_simple("id", "What an IRI names: the answer of show as JSON, or the page of the site.", known),
            "parameters": [
                {
                    "name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1},
                    "description": "an id, its day as a path step: css/D253-81/1993-09-01", "example": "css/D253-81",
                }
            ],
        }
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Renvoi",
            "version": __version__,
            "description": "Which rule applied on that day, and where exactly does it say so?",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {"schemas": {**dict(sorted(known.items())), "Problem": _PROBLEM}},
    }


_PROBLEM: Schema = {
    "type": "object",
    "description": "Why a question got no answer, in one sentence (RFC 9457).",
    "properties": {
        "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"},
    },
    "required": ["title", "status", "detail"],
}  # fmt: skip


def _operation(operation: Operation, known: dict[str, Schema]) -> dict[str, object]:
    made: dict[str, object] = {
        "operationId": operation.name,
        "summary": operation.about,
        "responses": _responses(schema(operation.answer, known, "#/components/schemas/"), operation.posted),
    }
    if not operation.posted:
        made["parameters"] = [
            {
                "name": p.name, "in": "query", "required": p.required, "description": p.about, "schema": p.schema(),
                **({"example": operation.example[p.name]} if p.name in operation.example else {}),
            }
            for p in operation.parameters
        ]  # fmt: skip
        return made
    content: dict[str, object] = {
        "application/json": {"schema": parameters(operation), "example": dict(operation.example)}
    }
    if operation.name == "check":
        content |= {kind: {"schema": {"type": "string", "format": "binary"}} for kind in DRAFTS}
        made["parameters"] = [
            {"name": p.name, "in": "query", "required": False, "description": p.about, "schema": p.schema()}
            for p in operation.parameters
            if p.name != "text"
        ]
    made["requestBody"] = {"required": True, "content": content}
    return made


def parameters(operation: Operation) -> Schema:
    """The parameters of an operation, as one JSON object."""
    return {
        "type": "object",
        "properties": {p.name: p.schema() for p in operation.parameters},
        "required": [p.name for p in operation.parameters if p.required],
        "additionalProperties": False,
    }


def _simple(name: str, about: str, known: dict[str, Schema]) -> dict[str, object]:
    shown: Schema = (
        schema(OPERATIONS["show"].answer, known, "#/components/schemas/") if name == "id" else {"type": "object"}
    )
    responses = _responses(shown, False)
    if name == "id":
        responses["303"] = {"description": "the page of the site"}
        responses["406"] = _refusal("only JSON and HTML are given")
    return {"operationId": name, "summary": about, "responses": responses}


def _responses(answer: Schema, posted: bool) -> dict[str, object]:
    refused = {
        status: _refusal(why) for status, why in _REFUSALS.items() if posted or status not in (*_WITH_BODY, "422")
    }
    answered: Schema = {"description": "the answer", "content": {"application/json": {"schema": answer}}}
    same: Schema = {} if posted else {"304": {"description": "what If-None-Match names is still so"}}
    return {"200": answered, **same, **refused}


def _refusal(why: str) -> dict[str, object]:
    return {"description": why, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
