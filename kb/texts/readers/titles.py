"""Whether a block reads as a title, as an item of a list, or as words of the text: told by its words and by its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.ground.names import fold
from kb.texts.files.layout import ROW, STRONG
from kb.texts.readers.blocks import Block
from kb.texts.readers.marks import Mark

_TITLE = 140  # characters of the longest title without a sign of its own
_UNNUMBERED = re.compile(
    r"(?:preambule|introduction|conclusion|expose des motifs|expose du litige|faits(?: et procedure)?|moyens.*|motifs(?: de la decision)?|par ces motifs|discussion|procedure|dispositif)\s*:?"
)


class Titles:
    """The blocks of a body, of which those in *said* have words of the text."""

    def __init__(self, blocks: Sequence[Block], said: Sequence[int]) -> None:
        self.blocks, self.said = blocks, said
        self.place = {i: k for k, i in enumerate(said)}

    def reads(self, i: int, mark: Mark) -> bool:
        return self.says(self.blocks[i].words[mark.rest :]) and not self.goes_on(i)

    def goes_on(self, i: int) -> bool:
        """Whether the next block is the rest of a sentence that a page broke."""
        following = self.next(i)
        return (
            following is not None and self.blocks[following].mark is None and self.blocks[following].words[:1].islower()
        )

    @staticmethod
    def says(rest: str) -> bool:
        words = " ".join(rest.split()).strip("*_ ")
        if not words or len(words) > _TITLE or rest.count("\n") > 2 or not any(c.isalpha() for c in words):
            return False
        if words.endswith((".", ";", ",")):
            return (
                words.endswith(".")
                and len(words) <= 60
                and len(words.split()) <= 6
                and not re.search(r"\b(?:est|sont|doit|peut|peuvent)\b", words)
            )
        return not words.endswith(":") or len(words) <= 60

    def lists(self, i: int, mark: Mark) -> bool:
        """Whether the next block is the next number of the same scheme: nothing stands between, so these are items."""
        if self.blocks[i].level or self.blocks[i].role == STRONG:
            return False
        following = self.next(i)
        after = self.blocks[following].mark if following is not None else None
        before_ = self.previous(i)
        before = self.blocks[before_].mark if before_ is not None else None
        return any(
            each is not None and each.kind == mark.kind and len(each.value) == len(mark.value) and each.value[:-1] == mark.value[:-1]
            and each.value[-1:] == (mark.value[-1] + step,)
            for each, step in ((after, 1), (before, -1))
            if mark.value
        )  # fmt: skip

    def bare(self, i: int) -> bool:
        """Whether a block without a number is a heading: the file says so, its words do, or it is a line in capitals in the body."""
        block = self.blocks[i]
        words = block.folded
        if block.level:
            return True
        following = self.next(i)
        if (
            following is None
            or len(words) > _TITLE
            or words.endswith((".", ";", ","))
            or self.blocks[following].role == ROW
        ):
            return False
        if _UNNUMBERED.fullmatch(fold(words)):
            return True
        runs = self.speaks(following)
        if block.role == STRONG:
            return runs or (self.blocks[following].mark is not None)
        return words.isupper() and len(words) > 4 and runs and not re.search(r"\d{3}", words)

    def speaks(self, i: int) -> bool:
        """Whether a block is words of the text and not one more line of a letterhead."""
        words = self.blocks[i].folded
        return len(words.split()) >= 8 or (self.blocks[i].mark is not None and words.endswith((";", ".")))

    def belongs(self, i: int, *, article: bool) -> bool:
        """Whether a block is the title of the number printed above it, of an article or of a division."""
        block = self.blocks[i]
        if (
            block.mark is not None
            or block.role == ROW
            or len(block.folded) > 200
            or re.search(r"[.;,:]\s*$", block.words)
        ):
            return False
        if article:
            following = self.next(i)
            return (
                (block.role == STRONG or bool(block.level) or len(block.folded) < 100)
                and following is not None
                and self.speaks(following)
            )
        return not re.match(r"(?:vu|considérant)\b", block.words, re.I)

    def next(self, i: int) -> int | None:
        k = self.place[i] + 1
        return self.said[k] if k < len(self.said) else None

    def previous(self, i: int) -> int | None:
        k = self.place[i] - 1
        return self.said[k] if k >= 0 else None
