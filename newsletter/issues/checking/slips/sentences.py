"""Where sentences begin and end: one in small letters, one that stops halfway."""

import re
from collections.abc import Callable, Iterator

from newsletter.issues.checking.slips.lexicon import listed
from newsletter.issues.checking.slips.passage import CODE, Block, Passage, Slip

_NEXT = re.compile(r"(?<![.!?…])\.[ \n\u00a0]+(?P<word>[^\W\d_]+)(?![\w@/=(:_-]|\.\w)")
_LAST_WORD = re.compile(r"(?P<word>[^\W_]+)\.$")
_FIRST = re.compile(r"[\"“‘«¿¡]*(?P<word>[^\W\d_]+)(?![\w@/=(:_-]|\.\w)")
_ENDS = re.compile(r"[.!?…:。！？؟۔।][\"”’»)\]*_]*$")
_INNER_END = re.compile(r"[^\W\d_]{2,}[.!?][\"”’»)]* +[\"“‘«(¿¡]*[A-ZÁÉÍÓÚÑ]")
_LONG = 9  # words; fewer may be a caption, a heading, a line of an address


def small_beginnings(passage: Passage, is_word: Callable[[str], bool]) -> Iterator[Slip]:
    """Yield sentences that begin with a small letter, where it is a word that can have a capital.

    `is_word` tells what the language knows: `iPhone`, `npm` and names are written as they are.
    """
    text = passage.text
    first = _FIRST.match(text)
    if (
        first is not None
        and passage.block is Block.PARAGRAPH
        and not passage.continues
        and text.count(" ") > _LONG
        and _ENDS.search(text.rstrip())
    ):
        yield from _small(passage, first, is_word)
    for match in _NEXT.finditer(text):
        before = _LAST_WORD.search(text[: match.start() + 1])
        if before is None or not _can_end(before["word"], text, before.start()):
            continue
        yield from _small(passage, match, is_word)


def _can_end(word: str, text: str, start: int) -> bool:
    """Whether a full stop after a word ends a sentence: no short form, initial or number."""
    is_part = start > 0 and text[start - 1] in ".@/"
    return (
        len(word) > 1
        and word.lower() not in listed("en", "short")
        and not word.isdigit()
        and not is_part
    )


def _small(
    passage: Passage, match: re.Match[str], is_word: Callable[[str], bool]
) -> Iterator[Slip]:
    word = match["word"]
    if word.islower() and is_word(word):
        yield Slip(
            passage=passage,
            start=match.start("word"),
            found=word,
            mend=word[0].upper() + word[1:],
            why="a sentence begins with a small letter",
        )


def half_sentence(passage: Passage, language: str) -> Iterator[Slip]:
    """Yield the end of a paragraph that stops halfway: on a small word or a comma, or without a
    mark where its other sentences have one."""
    text = passage.text.rstrip()
    if passage.block is not Block.PARAGRAPH or passage.goes_on or not text or text.endswith(CODE):
        return
    if _ENDS.search(text) or text[-1] in "-–—|>]/;" or text.count(" ") < 3:
        return
    last = text.rsplit(maxsplit=1)[-1]
    if re.search(r"[/@]|\w\.\w", last):
        return  # an address needs no mark behind it
    is_long = text.count(" ") > _LONG
    word = last.strip("\"'“”‘’«»(),;*_")
    is_cut = word.islower() and word in listed(language, "half")
    is_cut |= is_long and text[-1] in ",("
    rest = text[_last_end(text) :]
    is_open = text[-1].isalpha() and rest.count(" ") > 2 and _INNER_END.search(text) is not None
    if is_cut or (is_open and is_long):
        start = [match.start() for match in re.finditer(r"\S+", text)][-4]
        yield Slip(passage=passage, start=start, found=text[start:], why="this sentence has no end")


def _last_end(text: str) -> int:
    ends = [match.end() for match in re.finditer(r"[.!?][\"”’»)]* ", text)]
    return ends[-1] if ends else 0
