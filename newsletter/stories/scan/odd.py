"""Words that stand out: capitals inside a sentence, rare words, known names, any number."""

import re
from collections.abc import Iterator

from newsletter.stories.scan.marks import Mark, MarkKind
from newsletter.stories.scan.vocabulary import (
    frequent_names,
    is_ordinary,
    is_rare,
    names,
    ordinary_words,
    plain,
    word_list,
)

TOKEN = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*|\d+(?:[.,:/\-]\d+)*")
_SENTENCE = re.compile(r"[^\n.!?]+(?:[.!?](?!\s|$)[^\n.!?]*)*[.!?]*\n?")
_START = re.compile(r"(?:^|[.!?…\n\"“«(¿¡•\-]|\.\s*[\"”»)])\s*$")


def odd_words(text: str, language: str | None, measured: set[int]) -> Iterator[Mark]:
    """Find words and numbers that stand out. `measured` are the offsets where measures start.

    Of a language that is not known (None), only capitals inside a sentence, names, and numbers.
    """
    for sentence in _SENTENCE.finditer(text):
        tokens = list(TOKEN.finditer(text, sentence.start(), sentence.end()))
        words = [token[0] for token in tokens if token[0][0].isalpha()]
        is_small = not any(word[0].isupper() for word in words if word not in ("I", "A"))
        capitals = sum(word[0].isupper() for word in words)
        # Where most words have capitals they say nothing: German has them on all nouns.
        is_telling = capitals <= max(3, len(words) / 3)
        for number, token in enumerate(tokens):
            word = token[0]
            if word[0].isdigit():
                if token.start() not in measured:
                    yield Mark(start=token.start(), end=token.end(), kind=MarkKind.NUMBER)
                continue
            after = tokens[number + 1][0] if number + 1 < len(tokens) else ""
            begins = bool(_START.search(text[max(0, token.start() - 4) : token.start()]))
            if language is None:
                is_name = is_telling and word[0].isupper() and not begins
                kind = MarkKind.NAME if is_name else None
            else:
                kind = _why(word, after, language, begins=begins, is_small=is_small)
            if kind is not None:
                yield Mark(start=token.start(), end=token.end(), kind=kind)


def _why(word: str, after: str, language: str, *, begins: bool, is_small: bool) -> MarkKind | None:
    bare = plain(word)
    if bare in word_list("everybodys.txt"):
        return None
    if word[0].isupper():
        if not begins:
            return None if _is_acronym(word, language) else MarkKind.NAME
        if _is_name(bare, language):
            return MarkKind.NAME
        if after[:1].isupper() and after != "I" and bare not in word_list("leading.txt"):
            return MarkKind.NAME
        return None if is_ordinary(bare, language) else MarkKind.ODD
    if _is_name(bare, language) and (is_small or bare in names()):
        return MarkKind.NAME
    if len(bare) <= (3 if language == "es" else 2):
        return None
    is_odd = not is_ordinary(bare, language) if is_small else is_rare(bare, language)
    return MarkKind.ODD if is_odd else None


def _is_name(bare: str, language: str) -> bool:
    if bare not in names() and bare not in frequent_names():
        return False
    like = {bare}  # a name may be a word as well: "flores", "blanca"; "ana" is none for "ano"
    if language == "es" or bare not in names():
        like.add(bare.removesuffix("s"))
    if language == "es" and len(bare) > 4:
        like |= {bare.removesuffix("es"), bare[:-1] + "o", bare[:-2] + "o"}
    return not ordinary_words(language) & like


def _is_acronym(word: str, language: str) -> bool:
    """Abbreviations of a few capitals are laboratory values more often than people."""
    return language == "es" and word.isupper() and 1 < len(word) <= 5
