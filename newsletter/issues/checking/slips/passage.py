"""A stretch of an edition's words as its readers see it, and a slip found in one."""

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from re import Match

CODE = "\ufffc"  # stands where code, a picture or a bare address was: no word, no end of anything


class Block(StrEnum):
    """What a passage is in the text: sentences are expected in a paragraph alone."""

    TITLE = "title"
    PARAGRAPH = "paragraph"
    PART = "part"  # of a list, a table, a quotation or a poem; a value of a detail


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """One block of text without its marks.

    `line` is where it begins in its file, `breaks` are the offsets at which its next lines begin.
    `goes_on` when a list, a table or code follows: then it may end without an end; `continues` when
    one stands before it: then it may begin in the middle of a sentence.
    """

    text: str
    line: int
    block: Block = Block.PARAGRAPH
    breaks: tuple[int, ...] = field(default=())
    goes_on: bool = False
    continues: bool = False

    def line_at(self, offset: int) -> int:
        """Return the line in the file on which a character stands."""
        return self.line + bisect_right(self.breaks, offset)

    def slip(self, match: Match[str], why: str, mend: str = "") -> "Slip":
        """Return what a pattern matched in the text, as a slip."""
        return Slip(passage=self, start=match.start(), found=match[0], why=why, mend=mend)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """Characters that are probably not as they were meant, and what was probably meant.

    `found` is the stretch, `mend` what should stand there; `why` says it where there is no mend.
    """

    passage: Passage
    start: int
    found: str
    why: str
    mend: str = ""

    @property
    def line(self) -> int:
        """The line in the file on which it begins."""
        return self.passage.line_at(self.start)
