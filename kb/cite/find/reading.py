"""The values of the grammar's rules over one text: one method a rule, called at each reduction.

Rules of ``grammar/cite.lark`` become ``Path``: a chain of lists from the inside out (portions, articles, divisions) and
the holders at its end. ``kb.cite.find.paths`` turns paths into what is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.cite.find.holders import Holders
from kb.cite.find.shapes import (
    After,
    Articles,
    Chain,
    Day,
    Division,
    Listed,
    Number,
    Path,
    Places,
    Portion,
    Published,
    all_are,
)
from kb.cite.find.values import act_number, folded
from kb.cite.find.written import NAMED, SAID, Holder
from kb.ground import parse
from kb.ground.parse import Token

_COMMA_OF = re.compile(r",\s*(?:d(?:u|es)|de\s+l)(?!\w*dit)", re.I).match

# what a path is made of, by what comes first
_OfWord = (
    tuple[Token]
    | tuple[Token, Token]
    | tuple[Token, Day]
    | tuple[Token, list[Number]]
    | tuple[Token, Token, list[Holder] | list[Number]]
    | tuple[Token, Token, Day, *tuple[Token, ...]]
)
_OfChain = (
    tuple[Chain]
    | tuple[Chain, Holder]
    | tuple[Chain, Token, Token | Holder | list[Token] | list[Holder]]
    | tuple[Chain, Token, list[Division], Token, list[Holder]]
)
_OfAnnexes = tuple[list[Division], Token, list[Holder]]
_OfCode = tuple[tuple[Holder, list[Number]]]
_OfHolder = (
    tuple[Holder]
    | tuple[list[Holder]]
    | tuple[list[Holder], list[Number] | Published]
    | tuple[list[Holder], list[Number], Published]
    | tuple[list[Holder], Token, list[Number], Token]
)


class Reading(Holders):
    """The rules that join what is cited in one breath."""

    # -- paths

    def inverted(
        self,
        c: tuple[Token, Number] | tuple[list[Number], Token] | tuple[list[Number], Token, Number | list[Portion]],
    ) -> list[Number]:
        match c:
            case (Token(), Number() as number):
                return [number]
            case (list() as known, Token()):
                return known
            case (list() as known, Token() as joint, more):
                return self._more(known, joint, more)

    def coded(
        self,
        c: tuple[Holder, Token, *tuple[After, ...]]
        | tuple[Holder, Token, Token, *tuple[After, ...]]
        | tuple[tuple[Holder, list[Number]], Token, Number],
    ) -> tuple[Holder, list[Number]]:
        match c:
            case (Holder() as code, Token(), Token() as num, *afters) | (Holder() as code, Token() as num, *afters):
                return code, [self.number((num, *afters))]
            case ((_, list() as known) as coded, Token() as joint, Number() as number):
                known.append(number._replace(ranged=joint.type == "TO"))
                return coded

    def published(self, c: Sequence[Token | Day]) -> Published:
        days = Published()
        for token, day in zip(c[::2], c[1::2], strict=True):
            assert isinstance(token, Token) and isinstance(day, Day)
            on = (day.on, day.start, day.end) if day.on is not None else None
            days = days._replace(effective=on) if token.type == "EFFECTIVE" else days._replace(published=on)
        return days

    def bare(self, c: tuple[list[Number], Token, list[Holder]]) -> Path:
        return Path([Articles(c[0])], c[-1])

    def path(self, c: _OfWord | _OfChain | _OfAnnexes | _OfCode | _OfHolder) -> Path:
        """Told apart by what comes first: a word, a chain of lists, a numbered code, annexes, or holders."""
        match c:
            case (Token(), *_):
                return self._path_of_word(c)
            case (Chain(), *_):
                return self._path_of_chain(c)
            case (Holder() as holder,):
                return Path([], [holder])
            case (tuple() as coded,):
                code, numbers = coded
                return Path([Articles(numbers, "inverted")], [code])
            case (list() as first, Token(), list() as holders) if all_are(first, Division) and all_are(holders, Holder):
                return Path([Places(first)], holders)
            case (list() as holders, *rest) if all_are(holders, Holder):
                chain: list[Listed] = [Articles(each, "inverted") for each in rest if all_are(each, Number)]
                days = next((each for each in rest if isinstance(each, Published)), Published())
                return Path(chain, holders, days)
        raise AssertionError(c)

    def _path_of_word(self, c: _OfWord) -> Path:
        first = c[0]
        match c:
            case (_,):
                return Path([], [self.identifier(first)])
            case (_, list() as numbers) if all_are(numbers, Number):
                # "IDCC 1486, article 13", "ann. II, art. 231"
                words = f"annexe {folded(self.words(first)).split()[-1]}"
                annex_of = Holder("code", SAID, first.start, first.end, words)
                holder = annex_of if first.type == "TAX_ANNEX" else self.identifier(first)
                return Path([Articles(numbers, "inverted")], [holder])
            case (_, Day() as day):  # "réponse ministérielle du 14 décembre 2017"
                return Path([], [Holder("question", NAMED, first.start, day.end, self.words(first), signed=day.on)])
            case (_, Token() as noun):
                # "du" belongs to the sentence, "dit" to the citation; they are one word
                return Path([], [self._pointed(SAID, first.start, noun)])
            case (_, Token() as number, Day() as day, *_):
                num = act_number(self.words(number))
                return Path([], [Holder("act", NAMED, first.start, day.end, "", "", num, day.on)])
            case (_, _, list() as last):
                annex = Places([Division("annexe", "", first.start, first.end)])
                if all_are(last, Number):
                    return Path([annex, Articles(last)], [])
                if all_are(last, Holder):
                    return Path([annex], last)
        raise AssertionError(c)

    def _path_of_chain(self, c: _OfChain) -> Path:
        chain = c[0]
        first = chain[0]
        his = isinstance(first, Articles) and first.how == "his"
        if isinstance(first, Articles):
            chain[0] = first._replace(how="")
        match c:
            case (_,):
                start = chain[0].members[0].start
                return Path(chain, [Holder("last", SAID, start, start)] if his else [])
            case (_, Holder() as holder):
                return Path(chain, [holder])
            case (_, _, list() as annexes, _, holders):
                return Path([*chain, Places(annexes)], holders)
            case (_, Token(type="IN_CODE"), Holder() as code):
                return Path(chain, [code])
            case (_, annex, Holder() as code):
                number = folded(self.words(annex)).split()[-1].removeprefix("ann.")
                return Path([*chain, Places([Division("annexe", number, annex.start, annex.end)])], [code])
            case (_, of, Token() as noun):
                if noun.type == "DOCUMENT":
                    return Path(chain, [Holder("document", NAMED, noun.start, noun.end)])
                return Path(chain, [self._pointed(SAID, of.start, noun)])
            case (_, _, list() as last):
                if all_are(last, Holder):
                    return Path(chain, last)
                if all_are(last, Token):
                    return Path(chain, [self.bare_act(last)])
        raise AssertionError(c)

    def group(self, c: tuple[Path] | tuple[list[Path], Token, Path]) -> list[Path]:
        if len(c) == 1:
            return [c[0]]
        known, token, path = c
        # "articles L. 3 et L. 4, 1er alinéa, du code du travail": a comma, then the holder of what comes before it
        of = not path.chain and _COMMA_OF(self.text, token.start)
        last = known[-1]
        if of and last.chain and not last.holders and not (_prefixed(last) and path.holders[0].kind == "act"):
            known[-1] = last._replace(holders=path.holders)
        elif of and last.aside and known[-2].chain and not known[-2].holders:
            known[-2] = known[-2]._replace(holders=path.holders, apart=True)
        else:
            known.append(path._replace(aside=token.type == "WORDING"))
        return known

    start = staticmethod(parse.PASS)


def _prefixed(path: Path) -> bool:
    """Whether the last article of *path* has a letter, as those of codes have: "L. 133-2"."""
    listed = path.chain[-1]
    return isinstance(listed, Articles) and listed.members[-1].prefixed
