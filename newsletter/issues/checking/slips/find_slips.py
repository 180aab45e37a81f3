"""Find the slips of an issue: what a feed brought, and what an editor wrote."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from newsletter.issues.checking.slips import lexicon
from newsletter.issues.checking.slips.days_said import days_said
from newsletter.issues.checking.slips.left_over import doubled, run_together, to_do
from newsletter.issues.checking.slips.misspelt import misspelt, read_passage
from newsletter.issues.checking.slips.odd_characters import odd_characters
from newsletter.issues.checking.slips.passage import Slip
from newsletter.issues.checking.slips.read_passages import Piece
from newsletter.issues.checking.slips.sentences import half_sentence, small_beginnings
from newsletter.issues.checking.slips.speller import speller


@dataclass(frozen=True, kw_only=True)
class SlipFinder:
    """What is right in an issue whatever the dictionaries say.

    `right` are words in small letters: names of members, regions, topics, and those that an editor
    said are right. `written` counts how often the issue and what its members published has a word.
    """

    right: Set[str]
    written: Counter[str]

    def slips(self, piece: Piece, *, near: date, known: Sequence[date] = ()) -> list[Slip]:
        """Return a piece's slips in reading order, without those that an editor said are right.

        `near` is the day from which a date without its year is understood, `known` are its own.
        """
        found = [
            slip
            for slip in self._all(piece, near, known)
            if slip.found.lower() not in self.right
        ]
        first: dict[tuple[int, int], Slip] = {}
        for slip in found:
            first.setdefault((id(slip.passage), slip.start), slip)
        order = {id(passage): at for at, passage in enumerate(piece.passages)}
        return sorted(first.values(), key=lambda one: (order[id(one.passage)], one.start))

    def _all(self, piece: Piece, near: date, known: Sequence[date]) -> Iterator[Slip]:
        language = piece.language.lower().split("-")[0]
        for passage in piece.passages:
            yield from odd_characters(passage)
            yield from to_do(passage, language)
            yield from run_together(passage)
        if language not in lexicon.LANGUAGES:
            return
        spelling, other = speller(language), "es" if language == "en" else "en"
        for passage in piece.passages:
            read = read_passage(passage, spelling, self.right)
            if read.is_other_language:
                continue
            yield from doubled(passage, language)
            yield from small_beginnings(passage, spelling.knows)
            yield from half_sentence(passage, language)
            yield from days_said(passage, language, near, known=known)
            yield from misspelt(
                read,
                spelling,
                written=self.written,
                is_foreign=lambda word: speller(other).is_common(word),
            )
