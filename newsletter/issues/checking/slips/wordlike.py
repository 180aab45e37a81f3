"""What of a text is words: without addresses, code, names of files, hashtags and figures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CHUNK = re.compile(r"[^\s—–…]+")
_NO_WORDS = re.compile(r"[\d@/\\_#=<>{}|~$^*+\u2010\u2011-]|[^\W_][.:&][^\W_]|\ufffc")
_SENTENCE_END = ".!?…:"


_CODE = re.compile(
    r"[{}<>=|\\_$^`~#]|\w\(\w*\)|[\w)]\.\w+\(|;(?=\s|$)|\ufffc|--\w|\w::?\w|(?<!\S)[+*/&](?!\S)"
)


def looks_like_code(text: str) -> bool:
    """Return whether a text is full of signs that sentences do not have."""
    signs = sum(1 for _ in _CODE.finditer(text))
    return signs > 1 and signs * 40 > len(text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A word as it is written, where, and whether a sentence may begin with it."""

    written: str
    start: int
    begins: bool

    @property
    def small(self) -> str:
        """The word in small letters, with a plain apostrophe."""
        return self.written.lower().replace("’", "'")

    @property
    def is_small(self) -> bool:
        """Whether it is in small letters."""
        return self.written == self.written.lower()


def words_in(text: str) -> Iterator[Word]:
    """Yield the words of a text; what stands in one row with signs of code or figures is none."""
    begins = True
    for chunk in _CHUNK.finditer(text):
        said = chunk[0]
        inner = said.strip("*_")
        if _NO_WORDS.search(inner.rstrip('.,;:!?)”’"»')):
            begins = said.rstrip("\"'”’»)").endswith(tuple(_SENTENCE_END))
            continue
        for at, word in enumerate(WORD.finditer(said)):
            yield Word(
                written=word[0],
                start=chunk.start() + word.start(),
                begins=begins if not at else said[word.start() - 1] in ".!?",
            )
        begins = said.rstrip("\"'”’»)").endswith(tuple(_SENTENCE_END))
