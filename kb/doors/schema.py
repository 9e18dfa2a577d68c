"""JSON Schema (2020-12) of the answers, from their types: a field has the name, the type and the words that the code gives it."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

Schema = dict[str, object]
_PLAIN: dict[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    typing.Any: {},
    object: {},
}


def schema(kind: object, known: dict[str, Schema], at: str) -> Schema:
    """The schema of the type *kind*; what has a name is put into *known* and referred to as ``at`` + its name."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema(each, known, at) for each in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (list, Sequence):
        return {"type": "array", "items": schema(inner[0], known, at)}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": schema(inner[1], known, at)}
    if isinstance(kind, type) and (is_typeddict(kind) or hasattr(kind, "_fields")):
        name = _name(kind)
        if name not in known:
            known[name] = {}  # named before its fields are looked at: they may name it
            known[name] = _record(kind, known, at)
        return {"$ref": at + name}
    raise TypeError(f"no schema for {kind!r}")


def _name(kind: type) -> str:
    """The name of a type; with that of its room where it is no answer of ``kb.ask``: two rooms may have the same."""
    room = kind.__module__.split(".")[1]
    return kind.__name__ if room == "ask" else room.capitalize() + kind.__name__


def _record(kind: type, known: dict[str, Schema], at: str) -> Schema:
    hints = get_type_hints(kind, include_extras=True)
    fields: dict[str, object] = {}
    required = []
    for name, hint in hints.items():
        if get_origin(hint) is NotRequired:
            hint = get_args(hint)[0]
        else:
            required.append(name)
        fields[name] = schema(hint, known, at)
    made: Schema = {"type": "object", "properties": fields, "required": required, "additionalProperties": False}
    words = inspect.getdoc(kind) if not hasattr(kind, "_fields") else None
    return {"description": " ".join(words.split()), **made} if words and kind.__doc__ else made
