"""Find the slips of an issue: what a feed brought, and what an editor wrote."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from newsletter.issues.checking.slips import lexicon
from newsletter.issues.checking.slips.days_said import days_said
from newsletter.issues.checking.slips.left_over import doubled, run_together, to_do
from newsletter.issues.checking.slips.misspelt import misspelt, read_passage
from newsletter.issues.checking.slips.odd_characters import odd_characters
from newsletter.issues.checking.slips.passage import Passage, Slip
from newsletter.issues.checking.slips.read_passages import Piece
from newsletter.issues.checking.slips.sentences import half_sentence, small_beginnings
from newsletter.issues.checking.slips.speller import speller
from newsletter.issues.checking.slips.wordlike import looks_like_code


@dataclass(frozen=True, kw_only=True)
class SlipFinder:
    """What is right in an issue whatever the dictionaries say.

    `right` are words in small letters: names of members, regions, topics, and those that an editor
    said are right. `texts` are each edition's words, and what each member published of late.
    """

    right: Set[str]
    texts: Sequence[str] = ()

    def slips(self, piece: Piece, *, near: date, known: Sequence[date] = ()) -> list[Slip]:
        """Return a piece's slips in reading order, each once, without what an editor said is right.

        `near` is the day from which a date without its year is understood, `known` are its own.
        """
        order = {id(passage): at for at, passage in enumerate(piece.passages)}
        found = sorted(
            (
                slip
                for slip in self._all(piece, near, known)
                if slip.found.lower() not in self.right
            ),
            key=lambda slip: (order[id(slip.passage)], slip.start),
        )
        first: dict[tuple[str, str], Slip] = {}
        places: set[tuple[int, int]] = set()
        for slip in found:
            place = order[id(slip.passage)], slip.start
            if place not in places:
                first.setdefault((slip.found.lower(), slip.why), slip)
            places.add(place)
        return list(first.values())

    def written(self, word: str) -> int:
        """Return how often the issue, or a member's own texts, have a word in small letters."""
        whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
        return max((len(whole.findall(text)) for text in self._small_texts), default=0)

    @cached_property
    def _small_texts(self) -> tuple[str, ...]:
        return tuple(text.lower().replace("’", "'") for text in self.texts)

    def _all(self, piece: Piece, near: date, known: Sequence[date]) -> Iterator[Slip]:
        language = piece.language.lower().split("-")[0]
        for passage in piece.passages:
            yield from odd_characters(passage)
            if not looks_like_code(passage.text):
                yield from to_do(passage, language)
                yield from run_together(passage)
                if language in lexicon.LANGUAGES:
                    yield from self._spoken(passage, language, near, known)

    def _spoken(
        self, passage: Passage, language: str, near: date, known: Sequence[date]
    ) -> Iterator[Slip]:
        """What can only be said of a language that is known, and is the passage's."""
        spelling, other = speller(language), "es" if language == "en" else "en"
        read = read_passage(passage, spelling, self.right)
        if read.is_other_language:
            return
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
