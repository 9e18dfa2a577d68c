"""From paths to what is written: lists are spread out, each member with its own span."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kb.cite.find.shapes import DEPTH, Articles, Listed, Number, Path, Places, Portion, Portions
from kb.cite.find.written import Holder, Written

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
        if len(chain) > 1 and not _inverted(chain[0]):
            path = _apart(path, split)
            chain = path.chain
        for i, (each, after) in enumerate(pairwise(chain)):
            if not isinstance(each, Portions) or len(each.members) < 2 or not isinstance(after, Portions):
                continue
            first, *others = each.members
            cut = next((j for j, other in enumerate(others, 1) if DEPTH[other.kind] > DEPTH[first.kind]), 0)
            if cut and i > 0:
                split.append(Path([*chain[:i], Portions(each.members[:cut])], []))
                path = path._replace(chain=[Portions(each.members[cut:]), *chain[i + 1 :]])
                break
        split.append(path)
    done: list[Path] = []
    for path in reversed(split):
        if path.chain and not path.holders and done and _only_portions(path):
            after_it = done[-1]
            rest = [each for each in after_it.chain if not isinstance(each, Portions)]
            if (
                rest
                and isinstance(rest[0], Articles)
                and len(rest[0].members) <= _SHARED
                and isinstance(after_it.chain[0], Portions)
            ):
                path = path._replace(chain=[*path.chain, *rest], holders=after_it.holders)
        done.append(path)
    done.reverse()
    return done


def _inverted(listed: Listed) -> bool:
    return isinstance(listed, Articles) and listed.how == "inverted"


def _only_portions(path: Path) -> bool:
    """Whether the path names portions by their marks, of an article still to come."""
    return all(
        isinstance(each, Portions) and all(p.kind not in ("near", *_POINTS) for p in each.members)
        for each in path.chain
    )


def _apart(path: Path, split: list[Path]) -> Path:
    """ "3° de l'article 14 et 7° de l'article 18": what follows "et" opens a path of its own."""
    chain = path.chain
    for i, (each, after) in enumerate(pairwise(chain)):
        if not isinstance(each, Articles) or not isinstance(after, Articles) or not each.members[-1].short:
            continue
        last = each.members[-1]
        before = [p for p in last.posts[-1] if p.end <= last.short]
        posts = [*last.posts[:-1], before] if before else last.posts[:-1]
        kept = last._replace(posts=posts, end=last.short, loose=last.loose if posts else "")
        split.append(Path([*chain[:i], Articles([*each.members[:-1], kept])], []))
        own = last.posts[-1][len(before) :]
        return path._replace(chain=[Portions(own), *chain[i + 1 :]])
    return path


def _product(lists: Sequence[Portions]) -> list[tuple[Portion, ...]]:
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
            return
        first = chain[0]
        if isinstance(first, Articles) and first.how == "inverted":
            self._holders(self.path.holders[:-1])
            self.holder = self.path.holders[-1]
            self._articles(first.members, [], self.holder.start)
            return
        portions = [each for each in chain if isinstance(each, Portions)]
        at, articles = next(((i, each) for i, each in enumerate(chain) if isinstance(each, Articles)), (0, None))
        if articles is not None:
            leading = [each for each in chain[:at] if isinstance(each, Portions)]
            outer = tuple(_place(each) for each in chain if isinstance(each, Places) and _annexes(each))
            self._articles(articles.members, leading, first.members[0].start, outer)
        elif isinstance(chain[-1], Places):
            self._divisions(chain, [each for each in chain if isinstance(each, Places)], portions)
        else:
            self._portions(portions)

    def _one(
        self,
        start: int,
        end: int,
        kind: str,
        fragment: tuple[str, ...] = (),
        divisions: tuple[tuple[str, str], ...] = (),
        num_end: str | None = None,
        closes_range: bool = False,
    ) -> None:
        self.out.append(
            Written(
                start, end, kind, self.holder, None, num_end, fragment, divisions, self.group, self.rank,
                closes_range=closes_range,
            )
        )  # fmt: skip

    def _holders(self, holders: list[Holder]) -> None:
        published, effective = self.path.days
        for holder in holders:
            kind = _HELD.get(holder.kind, holder.kind)
            self.out.append(
                Written(
                    holder.start, holder.end, kind, holder, None, None, (), (), self.group, self.rank,
                    published=published, effective=effective,
                )
            )  # fmt: skip

    def _articles(
        self,
        numbers: list[Number],
        leading: list[Portions],
        start: int,
        divisions: tuple[tuple[str, str], ...] = (),
    ) -> None:
        ways = _product(leading) if leading else [()]
        if len(numbers) > 1:
            ways = ways[:_CAP]
        # members of a long list keep to their own words, or their quotes would grow as the square of its length
        short = len(ways) > _CAP
        out, last = self.out, len(numbers) - 1
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
                            *self.path.days,
                        )
                    )  # fmt: skip

    def _divisions(self, chain: Sequence[Listed], places: list[Places], portions: list[Portions]) -> None:
        """Divisions or annexes; those that hold the innermost list are single: "chapitres 2 à 4 du titre IV"."""
        inner = places[0]
        outer = tuple(map(_place, reversed(places[1:])))
        fragment = tuple(p.label for p in _product(portions)[0])
        kind = "annex" if _annexes(inner) else "division"
        last = len(inner.members) - 1
        for i, member in enumerate(inner.members):
            self._one(
                chain[0].members[0].start if i == 0 else member.start,
                max(self.stop, chain[-1].members[-1].end) if i == last else member.end,
                kind,
                fragment,
                (*outer, (member.level, member.num)),
                inner.members[i + 1].num if i < last and inner.members[i + 1].ranged else None,
                member.ranged,
            )

    def _portions(self, chain: list[Portions]) -> None:
        end = max(self.stop, chain[-1].members[-1].end)
        ways = _product(chain)
        for w, way in enumerate(ways):
            fragment = tuple(p.label for p in way)
            if len(ways) > _CAP and w < len(ways) - 1:
                self._one(way[-1].start, way[-1].end, "portion", fragment)
                continue
            self._one(way[-1].start, end, "point" if any(p.kind in _POINTS for p in way) else "portion", fragment)


def _annexes(places: Places) -> bool:
    return places.members[0].level == "annexe"


def _place(places: Places) -> tuple[str, str]:
    """The level and number of what holds a list: a single division or annex."""
    only = places.members[0]
    return only.level, only.num
