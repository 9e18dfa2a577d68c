"""Why a date is what it is: words of a source, or an external fact, and who says so (promise 4)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple, NotRequired, TypedDict

from kb.ground.span import Span


class ProofAnswer(TypedDict):
    """A proof in an answer: words at a place (``source``, ``start``, ``end``, ``quote``), or the id of a ``fact``."""

    said_by: list[str]
    fact: NotRequired[str]
    source: NotRequired[str]
    start: NotRequired[int]
    end: NotRequired[int]
    quote: NotRequired[str]


class Proof(NamedTuple):
    """Words of a source at ``span``, which are ``quote``, or the id of an external ``fact``; ``said_by`` is never empty."""

    said_by: tuple[str, ...]
    fact: str | None = None
    span: Span | None = None
    quote: str = ""

    def to_json(self) -> ProofAnswer:
        if self.span is None:
            return {"fact": self.fact or "", "said_by": list(self.said_by)}
        source, start, end = self.span
        return {"source": source, "start": start, "end": end, "quote": self.quote, "said_by": list(self.said_by)}


def from_json(proof: ProofAnswer) -> Proof:
    """The inverse of ``Proof.to_json``."""
    said_by = tuple(proof["said_by"])
    if "fact" in proof:
        return Proof(said_by, fact=proof["fact"])
    return Proof(said_by, span=Span(proof["source"], proof["start"], proof["end"]), quote=proof["quote"])


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def written(proofs: Iterable[Proof]) -> str:
    """Proofs as a column keeps them."""
    return _encode([proof.to_json() for proof in proofs])


def read(column: str) -> tuple[Proof, ...]:
    """The inverse of ``written``."""
    return tuple(from_json(proof) for proof in json.loads(column))


def add(proofs: list[Proof], more: Iterable[Proof]) -> None:
    """Add those that are not there yet."""
    proofs += [proof for proof in more if proof not in proofs]
