"""What went wrong, as a value.

Readers, resolvers and checks return their result *and* their faults (promise 7); exceptions are
kept for misuse. A fault's sentence is in French: it speaks of a legal text and stands on a page.
"""

from __future__ import annotations

from typing import NamedTuple

from kb.ground.span import Span, line_bounds, line_column


class Fault(NamedTuple):
    """One thing wrong, with its place.

    ``code`` is a stable slug (``empreinte``, ``citation-non-lue``); ``span`` is ``None`` only where the
    fault has no place in a source; ``grave`` faults stop a build.
    """

    code: str
    sentence: str
    span: Span | None = None
    hint: str = ""
    grave: bool = False


def render(fault: Fault, text: str | None = None, path: str | None = None) -> str:
    """``file:line:column: sentence`` with the line and a caret, then the hint.

    *text* is the decoded text of the fault's source and *path* its file, as the reader of the
    message would open it; without them only what is known is printed.
    """
    hint = f"\n  aide : {fault.hint}" if fault.hint else ""
    if fault.span is None or text is None:
        where = path or (fault.span.source if fault.span else "")
        return f"{where}: {fault.sentence}{hint}" if where else f"{fault.sentence}{hint}"
    line, column = line_column(text, fault.span.start)
    start, end = line_bounds(text, fault.span.start)
    width = max(1, min(fault.span.end, end) - fault.span.start)
    shown = text[start:end].replace("\t", " ")
    caret = " " * (fault.span.start - start) + "^" * width
    return f"{path or fault.span.source}:{line}:{column}: {fault.sentence}\n  {shown}\n  {caret}{hint}"


class Misuse(ValueError):
    """A question or an input that cannot be taken: one clear sentence, exit status 2."""


class Unknown(Misuse):
    """A question about something that is not here: a reference, a rule, a citation."""
