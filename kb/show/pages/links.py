"""Links of one page: relative, so that the site works under any address; and the cards that its citations open."""

from __future__ import annotations

from datetime import date
from html import escape
from urllib.parse import quote

from markupsafe import Markup

from kb.ask import told
from kb.ask.answers import Json
from kb.ground.names import parse_ref, slug
from kb.show.pages import french
from kb.show.pages.library import Library


def path_of(name: str) -> str:
    """The path of the page of an id, as its IRI says it: ``@date`` is a step."""
    return name.replace("@", "/")


class Links:
    """Where the page at *path* finds the others. *citing* is the provision whose day dates the cards."""

    def __init__(self, library: Library, path: str, citing: str | None = None) -> None:
        self.library, self.path, self.citing = library, path, citing
        self.root = "../" * (path.count("/") + 1) if path else ""
        self.cards: dict[tuple[str, str | None], str] = {}

    def __call__(self, name: str) -> str:
        """The address of an id, as its IRI says it: ``@date`` is a path step, the fragment an anchor."""
        head, hash_, fragment = name.partition("#")
        path = quote(path_of(head))
        here = f"{self.root}{path}/" if path else (self.root or "./")
        return here + hash_ + quote(fragment, safe=",")

    def has(self, name: str | None) -> bool:
        return bool(name) and str(name).partition("#")[0].partition("@")[0] in self.library.provisions

    def line(self, source: str, start: int) -> str:
        return self(f"sources/{source}#L{self.library.line(source, start)}")

    def source(self, place: Json, words: str = "") -> Markup:
        """A link to the line of the file where *place* (``source``, ``start``, ``end``) stands; a pane opens it in the page."""
        number = self.library.line(place["source"], place["start"])
        last = self.library.line(place["source"], max(place["start"], place["end"] - 1))
        said = words or (f"lignes {number}-{last}" if last > number else f"ligne {number}")
        href, source = self(f"sources/{place['source']}#L{number}"), escape(place["source"])
        return Markup(
            f'<a class="src" href="{href}" data-source="{source}" data-debut="{place["start"]}" data-fin="{place["end"]}" title="Voir la source, {escape(said)}">{escape(said)}</a>'
        )

    def fact(self, name: str) -> str:
        return self(f"faits#{fact_anchor(name)}")

    def name(self, name: str, long: bool = True) -> str:
        """What a jurist calls *name*: "Article D. 133-1, 1er alinéa — Code de la sécurité sociale"."""
        if not self.has(name):
            return name
        ref = parse_ref(name)
        row = self.library.provisions[ref.provision]
        piece = f", {french.fragment(','.join(ref.fragment))}" if ref.fragment else ""
        if row["kind"] == "texte":
            return french.short(row) + piece
        num = french.printed(row["num"])
        head = (
            french.number(row["title"])
            if row["kind"] == "article"
            else f"{self._numbers(row)}{row['title']}"
            if num
            else row["title"]
        )
        text = self.library.provisions.get(ref.text)
        return f"{head}{piece}" + (f" — {french.short(text)}" if long and text else "")

    def _numbers(self, row: Json) -> str:
        """The printed numbers down to a division: "II, 2.4. "."""
        chain = [*self.library.ancestors(row["id"]), row]
        numbers = [french.printed(step["num"]) for step in chain if step["kind"] == "division"]
        inner = numbers[-1]
        outer = [n for n in numbers[:-1] if n and not inner.startswith(f"{n}.")]
        return ", ".join([*outer, inner]) + ". "

    def citation(self, citation: Json, words: Markup, marked: bool = False) -> Markup:
        """The words of a citation as a link to what they name, with the key of the card they open."""
        name = citation["target"]
        classes = f"renvoi {citation['status']}" + (" ici" if marked else "")
        if not self.has(name):
            candidates = [c for c in citation["candidates"] if self.has(c)]
            said = french.CITED[citation["status"]] + (
                " : " + " ; ".join(self.name(c) for c in candidates) if candidates else ""
            )
            return Markup(f'<span class="{classes}" tabindex="0" title="{escape(said)}">{words}</span>')
        place = (
            f'data-source="{escape(citation["source"])}" data-debut="{citation["start"]}" data-fin="{citation["end"]}"'
        )
        line = self.line(citation["source"], citation["start"])
        return Markup(
            f'<a class="{classes}" href="{self(name)}" data-carte="{self.card(name)}" data-ligne="{line}" {place}>{words}</a>'
        )

    def card(self, target: str) -> str:
        """The key of the card of *target* on this page."""
        key = (target, self.citing)
        return self.cards.setdefault(key, f"carte{len(self.cards) + 1}")

    def card_of(self, target: str, citing: str | None) -> Json:
        """What a card says: title, status on the citing day, bounds, first words or that the text is not here."""
        day = self.library.citing_day(citing) if citing else None
        key = (target, day)
        if key not in self.library.cards:
            self.library.cards[key] = self._card(target, day)
        return self.library.cards[key]

    def _card(self, target: str, day: date | None) -> Json:
        library, ref = self.library, parse_ref(target)
        row = library.provisions[ref.provision]
        then = library.on(row["id"], day) if day else None
        status = then.status if then else ""
        version = library.version_shown(row["id"])
        held = [
            p
            for p in library.said(row["id"], version)
            if p["kind"] == "alinea" and (not ref.fragment or ref.fragment[0] in (p["label"], p["mark"]))
        ]
        words = (
            " ".join((held[0]["words"] or library.words(held[0]["source"], held[0]["start"], held[0]["end"])).split())
            if held
            else ""
        )
        bounds = dict(told.version(then.version)) if then and then.version else version
        return {
            "title": self.name(target), "status": status, "said": french.STATUS.get(status, ""), "day": french.day(day.isoformat()) if day else "",
            "bounds": french.in_force(bounds) if bounds else "", "words": words[:220] + ("…" if len(words) > 220 else ""),
            "held": row["source"] is not None, "notes": [each.sentence for each in then.reasons[:1]] if then and status == "inconnu" else [],
        }  # fmt: skip


def fact_anchor(name: str) -> str:
    """The anchor of a fact on the page of facts."""
    return "fait-" + slug(name)
