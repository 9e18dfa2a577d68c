"""From paths to what is written: lists are spread out, each member with its own span."""

from __future__ import annotations

from typing import Any

from kb.cite.find.shapes import Listed, Number, Path, Portion
from kb.cite.find.written import Holder, Written

# portions from the outside in, to tell "I et 3° du II" (two branches) from "2° et 3°" (one)
DEPTH = {
    "roman": 1,
    "upper": 2,
    "digit": 3,
    "degree": 4,
    "letter": 5,
    "al": 6,
    "ph": 7,
    "ti": 7,
    "paragraph": 2,
    "point": 3,
    "near": 6,
}
_POINTS = ("point", "paragraph")
# ways that a product of several lists may open: "premiers alinéas des I à X des articles …"
_CAP = 64
# steps that a fragment may have
_DEEP = 12
# articles that portions named before them may be shared with: "au 1° et au 2° des articles A et B"
_SHARED = 8
_NO_PORTION: list[tuple[Portion, ...]] = [()]
# how a holder cited alone is written; places of the text being read are only pointed at
_HELD = {
    "article": "here",
    "portion": "here",
    "division": "here",
    "annex": "here",
    "constitution": "code",
    "text": "act",
    "ilo": "act",
    "document": "here",
}


def write(paths: list[Path], group: int, out: list[Written]) -> None:
    for rank, path in enumerate(_branches(paths), 1):
        _Scribe(path, group, rank, out).write()


def _branches(paths: list[Path]) -> list[Path]:
    """Give each path what it shares with the next: "2° du I et 3° du II de l'article 5", "1er alinéa et au 2° de l'article 5"."""
    split: list[Path] = []
    for path in paths:
        chain = path.chain
        if len(chain) > 1 and chain[0].kind != "inverted":
            path = _apart(path, split)
            chain = path.chain
        for i, each in enumerate(chain[:-1]):
            if each.kind != "portions" or len(each.members) < 2 or chain[i + 1].kind != "portions":
                continue
            cut = next(
                (j for j in range(1, len(each.members)) if DEPTH[each.members[j].kind] > DEPTH[each.members[0].kind]), 0
            )
            if cut and i > 0:
                split.append(Path([*chain[:i], Listed("portions", each.members[:cut])], []))
                path = path._replace(chain=[Listed("portions", each.members[cut:]), *chain[i + 1 :]])
                break
        split.append(path)
    done: list[Path] = []
    for path in reversed(split):
        if path.chain and not path.holders and done and _only_portions(path):
            after = done[-1]
            rest = [each for each in after.chain if each.kind != "portions"]
            if (
                rest
                and rest[0].kind == "articles"
                and len(rest[0].members) <= _SHARED
                and after.chain[0].kind == "portions"
            ):
                path = path._replace(chain=[*path.chain, *rest], holders=after.holders)
        done.append(path)
    done.reverse()
    return done


def _only_portions(path: Path) -> bool:
    """Whether the path names portions by their marks, of an article still to come."""
    return all(
        each.kind == "portions" and all(p.kind not in ("near", *_POINTS) for p in each.members) for each in path.chain
    )


def _apart(path: Path, split: list[Path]) -> Path:
    """ "3° de l'article 14 et 7° de l'article 18": what follows "et" opens a path of its own."""
    chain = path.chain
    for i, each in enumerate(chain[:-1]):
        last = each.members[-1]
        if each.kind == "articles" and chain[i + 1].kind == "articles" and last.short:
            before = [p for p in last.posts[-1] if p.end <= last.short]
            posts = [*last.posts[:-1], before] if before else last.posts[:-1]
            kept = last._replace(posts=posts, end=last.short, loose=last.loose and bool(posts))
            split.append(Path([*chain[:i], Listed("articles", [*each.members[:-1], kept])], []))
            own = last.posts[-1][len(before) :]
            return path._replace(chain=[Listed("portions", own), *chain[i + 1 :]])
    return path


def _product(lists: list[Listed]) -> list[tuple[Portion, ...]]:
    """Every way down *lists* (inner to outer), each from the outside in, in the order of the text."""
    ways: list[tuple[Portion, ...]] = [()]
    for each in lists:
        if len(ways) * len(each.members) > max(_CAP, len(each.members)):
            ways = ways[:_CAP]
        ways = [(member, *way) for way in ways for member in each.members]
    if len(lists) > 1:
        ways.sort(key=lambda way: [p.start for p in reversed(way)])
    return ways


def _ways_after(posts: list[list[Portion]]) -> list[tuple[Portion, ...]]:
    """The portions written behind a number: "article 5 (1er et 2° alinéas)"."""
    ways: list[tuple[Portion, ...]] = [()]
    for each in posts[:_DEEP]:
        ways = [(*way, p) for way in ways[:_CAP] for p in each]
    return ways


class _Scribe:
    """Writes one path: what its citations share is kept here."""

    def __init__(self, path: Path, group: int, rank: int, out: list[Written]) -> None:
        self.path, self.group, self.rank, self.out = path, group, rank, out
        self.holder = path.holders[0] if path.holders else None
        last = path.holders[-1].end if path.holders else 0
        #: where the last member ends when the holder closes the list
        self.stop = last if path.chain and last > path.chain[0].members[-1].end and not path.apart else 0

    def write(self) -> None:
        chain = self.path.chain
        if not chain:
            self._holders(self.path.holders)
        elif chain[0].kind == "inverted":
            self._holders(self.path.holders[:-1])
            self.holder = self.path.holders[-1]
            self._articles(chain[0].members, [], self.holder.start)
        else:
            kinds = [each.kind for each in chain]
            if "articles" in kinds:
                at = kinds.index("articles")
                leading = [each for each in chain[:at] if each.kind == "portions"]
                outer = tuple((each.members[0].level, each.members[0].num) for each in chain if each.kind == "annexes")
                self._articles(chain[at].members, leading, chain[0].members[0].start, outer)
            elif kinds[-1] in ("divisions", "annexes"):
                self._divisions(chain)
            else:
                self._portions(chain)

    def _one(self, start: int, end: int, kind: str, holder: Holder | None, **more: Any) -> None:
        self.out.append(
            Written(start, end, kind, holder, more.pop("num", None), more.pop("num_end", None), more.pop("fragment", ()),
                    more.pop("divisions", ()), self.group, self.rank, **more)
        )  # fmt: skip

    def _holders(self, holders: list[Holder]) -> None:
        for holder in holders:
            kind = _HELD.get(holder.kind, holder.kind)
            self._one(
                holder.start, holder.end, kind, holder, published=self.path.published, effective=self.path.effective
            )

    def _articles(
        self,
        numbers: list[Number],
        leading: list[Listed],
        start: int,
        divisions: tuple[tuple[str, str], ...] = (),
    ) -> None:
        ways = _product(leading) if leading else [()]
        if len(numbers) > 1:
            ways = ways[:_CAP]
        # members of a long list keep to their own words, or their quotes would grow as the square of its length
        short = len(ways) > _CAP
        path, out, last = self.path, self.out, len(numbers) - 1
        for i, number in enumerate(numbers):
            end = max(self.stop, number.end) if i == last else number.end
            num_end = numbers[i + 1].num if i < last and numbers[i + 1].ranged else None
            afters = _ways_after(number.posts) if number.posts else _NO_PORTION
            if len(ways) > 1:
                afters = afters[:_CAP]
            long = len(afters) > _CAP
            for w, way in enumerate(ways):
                before = tuple([p.label for p in way])
                # the first member opens where the path does; the others of a product at their own innermost portion
                begin = number.start if i else (start if w == 0 else min(way[-1].start, number.start))
                stop = way[-1].end if short and w < len(ways) - 1 else end
                for a, after in enumerate(afters):
                    if long:
                        begin = after[-1].start if a else begin
                        stop = end if a == len(afters) - 1 else after[-1].end
                    fragment = (*[p.label for p in after], *before) if after else before
                    out.append(
                        Written(
                            begin, stop, "article", self.holder, number.num, num_end, fragment, divisions, self.group,
                            self.rank, number.prefixed, number.loose, number.ranged, number.following, number.cited,
                            path.published, path.effective,
                        )
                    )  # fmt: skip

    def _divisions(self, chain: list[Listed]) -> None:
        """Divisions or annexes; those that hold the innermost list are single: "chapitres 2 à 4 du titre IV"."""
        places = [each for each in chain if each.kind != "portions"]
        inner = places[0]
        outer = tuple((each.members[0].level, each.members[0].num) for each in reversed(places[1:]))
        fragment = tuple(p.label for p in _product([each for each in chain if each.kind == "portions"])[0])
        kind = "annex" if inner.kind == "annexes" else "division"
        last = len(inner.members) - 1
        for i, member in enumerate(inner.members):
            self._one(
                chain[0].members[0].start if i == 0 else member.start,
                max(self.stop, chain[-1].members[-1].end) if i == last else member.end,
                kind,
                self.holder,
                num_end=inner.members[i + 1].num if i < last and inner.members[i + 1].ranged else None,
                fragment=fragment,
                divisions=(*outer, (member.level, member.num)),
                closes_range=member.ranged,
            )

    def _portions(self, chain: list[Listed]) -> None:
        end = max(self.stop, chain[-1].members[-1].end)
        ways = _product(chain)
        for w, way in enumerate(ways):
            if len(ways) > _CAP and w < len(ways) - 1:
                self._one(way[-1].start, way[-1].end, "portion", self.holder, fragment=tuple(p.label for p in way))
                continue
            kind = "point" if any(p.kind in _POINTS for p in way) else "portion"
            self._one(way[-1].start, end, kind, self.holder, fragment=tuple(p.label for p in way))
