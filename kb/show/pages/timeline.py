"""The timeline of a provision: one bar per version, drawn as SVG when the page is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from markupsafe import Markup

from kb.ask.answers import Json
from kb.show.pages import french

_STEPS = (1, 2, 5, 10, 20, 50, 100)


def drawn(versions: Sequence[Json], shown: Json | None) -> Markup:
    """Bars on an axis of years; an end that is open or unknown runs to the edge. Empty where no version is dated."""
    dated = [v for v in versions if v["start"]]
    days = [date.fromisoformat(v[key]) for v in dated for key in ("start", "end") if v[key]]
    if not days:
        return Markup()
    first, last = min(days), max(days)
    room = max((last - first).days, 365) * 0.06
    low, width = first.toordinal() - room, (last - first).days + room * (2 if all(v["end"] for v in dated) else 3)

    def at(day: str | None) -> float:
        return 100.0 if day is None else 100 * (date.fromisoformat(day).toordinal() - low) / width

    bars = "".join(_bar(v, at(v["start"]), at(v["end"]), v is shown) for v in dated)
    ticks = "".join(_tick(year, at(f"{year}-01-01")) for year in _years(first, last))
    names = "Frise des versions : " + " ; ".join(french.in_force(v) for v in dated)
    return Markup(
        f'<svg class="frise" role="img" aria-label="{escape(names)}" height="58" width="100%"><line x1="0" x2="100%" y1="36.5" y2="36.5"/>{ticks}{bars}</svg>'
    )


def _bar(version: Json, start: float, end: float, shown: bool) -> str:
    kinds = ["barre", *(["montree"] if shown else []), *([] if version["end"] else [version["end_is"]])]
    return (
        f'<rect class="{" ".join(kinds)}" x="{start:.2f}%" y="14" width="{max(end - start - 0.25, 0.4):.2f}%" height="14" rx="1.5">'
        f"<title>{escape(french.in_force(version))}</title></rect>"
    )


def _tick(year: int, x: float) -> str:
    return f'<line class="an" x1="{x:.2f}%" x2="{x:.2f}%" y1="36" y2="41"/><text x="{x:.2f}%" y="54" text-anchor="middle">{year}</text>'


def _years(first: date, last: date) -> list[int]:
    """At most five round years between the two days."""
    for step in _STEPS:
        years = [y for y in range(-(-first.year // step) * step, last.year + 1, step) if first <= date(y, 1, 1) <= last]
        if len(years) <= 5:
            return years
    return []
