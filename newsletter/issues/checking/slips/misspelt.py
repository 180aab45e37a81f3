"""Words that were mistyped: unknown, and one slip away from a word that is said often."""

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass

from newsletter.issues.checking.slips.near_words import NO_ACCENTS
from newsletter.issues.checking.slips.passage import Block, Passage, Slip
from newsletter.issues.checking.slips.speller import Speller
from newsletter.issues.checking.slips.wordlike import Word, words_in

_ENOUGH = 6  # words, to tell that a text is in another language
_FOREIGN = 0.3  # so many of them unknown, and it is; in the real feeds it is 0.05 on average
_LONG = 6  # letters
_OWN = 3  # so often it is written so, and it is no slip


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadPassage:
    """A passage's words, and which of them its language does not know."""

    passage: Passage
    words: Sequence[Word]
    unknown: Sequence[bool]

    def is_odd(self, at: int) -> bool:
        """Whether there is an unknown word in small letters at that place."""
        return 0 <= at < len(self.words) and self.unknown[at] and self.words[at].is_small

    def begins_alone(self, at: int) -> bool:
        """Whether a sentence begins with that word, and no name of several does."""
        follows = at + 1 < len(self.words) and not self.words[at + 1].is_small
        return self.words[at].begins and not follows

    @property
    def is_other_language(self) -> bool:
        """Whether it reads as another language than it is said to be in, by its small letters."""
        both = zip(self.words, self.unknown, strict=True)
        small = [is_unknown for word, is_unknown in both if word.is_small]
        return len(small) >= _ENOUGH and sum(small) > _FOREIGN * len(small)


def read_passage(passage: Passage, speller: Speller, theirs: Set[str]) -> ReadPassage:
    """Look the words of a passage up; `theirs` are right whatever the dictionary says."""
    words = list(words_in(passage.text))
    unknown = [not (word.small in theirs or speller.knows(word.small)) for word in words]
    return ReadPassage(passage=passage, words=words, unknown=unknown)


def misspelt(
    read: ReadPassage,
    speller: Speller,
    *,
    written: Callable[[str], int],
    is_foreign: Callable[[str], bool],
) -> Iterator[Slip]:
    """Yield the mistyped words of a passage.

    `written` counts how often the issue or a member's own texts have a word, `is_foreign` tells
    another language's words.
    """
    is_title = read.passage.block is Block.TITLE and _is_title_case(read.words)
    for at, (word, is_unknown) in enumerate(zip(read.words, read.unknown, strict=True)):
        small = word.small
        if not (is_unknown or speller.doubts(small)) or len(small) < 3:
            continue
        if len(small) < _LONG and any(read.is_odd(beside) for beside in (at - 1, at + 1)):
            continue  # a quotation, code
        may_begin = _is_capitalized(word) and (is_title or read.begins_alone(at))
        if not (word.is_small or may_begin) or written(small) >= _OWN:
            continue
        meant = speller.meant(small, may_be_name=not word.is_small)
        is_bare = meant.translate(NO_ACCENTS) == small  # television may be meant for televisión
        if meant and (is_bare or not is_foreign(small)) and (word.is_small or not _is_name(small)):
            mend = meant if word.is_small else meant[0].upper() + meant[1:]
            mend = mend.replace("'", "’") if "’" in word.written else mend
            yield Slip(
                passage=read.passage,
                start=word.start,
                found=word.written,
                mend=mend,
                why="misspelt",
            )


def _is_capitalized(word: Word) -> bool:
    return word.written[0].isupper() and word.written[1:].islower()


def _is_name(small: str) -> bool:
    # Only here: it reads lists of its own, and few words get so far.
    from newsletter.stories.scan.vocabulary import frequent_names, names, plain

    bare = plain(small)
    return bare in names() or bare in frequent_names()


def _is_title_case(words: Sequence[Word]) -> bool:
    long = [word for word in words if len(word.written) > 3]
    return sum(not word.is_small for word in long) > 0.7 * len(long)
