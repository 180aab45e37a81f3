"""Words that tell who somebody is, from lists of ours: relatives, jobs, illnesses, feasts. [I/O]"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby

from babel import Locale

from newsletter.stories.scan.marks import Mark, MarkKind
from newsletter.stories.scan.vocabulary import forms, is_listed, plain

Phrase = tuple[str, ...]
Token = tuple[int, int, str]  # start, end, plain word


def telling_words(tokens: Sequence[Token], language: str) -> Iterator[Mark]:
    """Find the listed phrases, the longest at each place. `language` is `en` or `es`."""
    words = [word for *_, word in tokens]
    at = 0
    while at < len(words):
        kind, length = _listed_at(words, at, language)
        if kind is not None:
            yield Mark(start=tokens[at][0], end=tokens[at + length - 1][1], kind=kind)
        at += length


def _listed_at(words: Sequence[str], at: int, language: str) -> tuple[MarkKind | None, int]:
    """The kind of what is listed at a place, and how many words it is; none is one word."""
    phrases, longest = _phrases(language)
    for length in range(min(longest.get(words[at], 1), len(words) - at), 0, -1):
        *first, last = words[at : at + length]
        for form in (last, *_singular(last, language)):
            if (*first, form) in phrases:
                return phrases[*first, form], length
    return None, 1


def _singular(word: str, language: str) -> Iterator[str]:
    if word.endswith("s"):
        yield from (form for form in forms(word, language) if word.startswith(form[:3]))


def _phrase(words: str) -> Phrase:
    return tuple(plain(words).replace("-", " ").split())


@cache
def _phrases(language: str) -> tuple[dict[Phrase, MarkKind | None], dict[str, int]]:
    """The phrases by their words, and of each first word how many words may belong to it.

    The other language's single words count where they are no word of this one.
    """
    other = "es" if language == "en" else "en"
    known = {
        phrase: kind
        for phrase, kind in _read(other).items()
        if len(phrase) > 1 or not is_listed(phrase[0], language)
    } | _read(language)
    longest: dict[str, int] = {}
    for first, same in groupby(sorted(known), key=lambda phrase: phrase[0]):
        longest[first] = max(map(len, same))
    return known, longest


@cache
def _read(language: str) -> dict[Phrase, MarkKind | None]:
    text = files("newsletter.stories.scan").joinpath("lists", f"telling.{language}.txt")
    phrases: dict[Phrase, MarkKind | None] = {
        _phrase(name): MarkKind.NAME
        for code, name in Locale(language).territories.items()
        if code.isalpha() and len(_phrase(name)) > 1
    }
    kind: MarkKind | None = None
    for line in text.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind = None if line == "[no detail]" else MarkKind(line.strip("[]"))
        elif not line.startswith("#"):
            listed = (_phrase(phrase) for phrase in line.split(","))
            phrases.update({phrase: kind for phrase in listed if phrase})
    return phrases
