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
    """Bars on an axis of years: a bound that is unknown fades out, an open end runs to the edge, a gap between two versions is
    hatched, versions that overlap stand one above the other. Empty where no version is dated."""
    dated = [v for v in versions if v["start"] or v["end"]]
    days = [date.fromisoformat(v[key]) for v in dated for key in ("start", "end") if v[key]]
    if not days:
        return Markup()
    first, last = min(days), max(days)
    room = max((last - first).days, 365) * 0.06
    low = first.toordinal() - room * (1 if all(v["start"] for v in dated) else 3)
    width = last.toordinal() - low + room * (1 if all(v["end"] for v in dated) else 2)

    def at(day: str) -> float:
        return 100 * (date.fromisoformat(day).toordinal() - low) / width

    bars: list[str] = []
    reached: str | None = None  # the day down to which bars are drawn; "" is the edge
    for v in dated:
        start, end = v["start"], v["end"]
        if reached and start and start > reached:
            bars.append(_gap(reached, start, at(reached), at(start)))
        over = reached is not None and start is not None and (reached == "" or start < reached)
        bars.append(
            _bar(
                v, at(start) if start else 0.0, at(end) if end else 100.0, bool(shown and v["id"] == shown["id"]), over
            )
        )
        reached = "" if end is None or reached == "" else max(reached or "", end)
    ticks = "".join(_tick(year, at(f"{year}-01-01")) for year in _years(first, last))
    names = "Frise des versions : " + " ; ".join(french.in_force(v) for v in dated)
    return Markup(
        f'<svg class="frise" role="img" aria-label="{escape(names)}" height="58" width="100%"><line x1="0" x2="100%" y1="36.5" y2="36.5"/>{ticks}{"".join(bars)}</svg>'
    )


def _bar(version: Json, start: float, end: float, shown: bool, over: bool) -> str:
    kinds = [
        "barre",
        *(["montree"] if shown else []),
        *([] if version["end"] else [f"fin-{version['end_is']}"]),
        *([] if version["start"] else ["debut-inconnu"]),
    ]
    return (
        f'<rect class="{" ".join(kinds)}" data-version="{escape(version["id"])}" x="{start:.2f}%" y="{4 if over else 14}" width="{max(end - start - 0.25, 0.4):.2f}%" height="{9 if over else 14}" rx="1.5">'
        f"<title>{escape(french.in_force(version))}</title></rect>"
    )


def _gap(start: str, end: str, x: float, to: float) -> str:
    said = f"Aucune version connue du {french.day(start)} au {french.day(end)} exclu"
    return f'<rect class="lacune" x="{x:.2f}%" y="19" width="{max(to - x - 0.25, 0.3):.2f}%" height="4"><title>{said}</title></rect>'


def _tick(year: int, x: float) -> str:
    return f'<line class="an" x1="{x:.2f}%" x2="{x:.2f}%" y1="36" y2="41"/><text x="{x:.2f}%" y="54" text-anchor="middle">{year}</text>'


def _years(first: date, last: date) -> list[int]:
    """At most five round years between the two days."""
    for step in _STEPS:
        years = [y for y in range(-(-first.year // step) * step, last.year + 1, step) if first <= date(y, 1, 1) <= last]
        if len(years) <= 5:
            return years
    return []
