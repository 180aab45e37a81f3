"""Notes to oneself and marks between words: what was to be done, doubled, or run together."""

import re
from collections.abc import Iterator

from newsletter.issues.checking.slips.lexicon import listed
from newsletter.issues.checking.slips.passage import Passage, Slip

_TO_DO = re.compile(
    r"(?<![\w-])(?:X{3,}(?![\w-])|TODO\b|TBD\b|TBC\b|FIXME\b|\?{3,}|TK(?:TK)*\b"
    r"|[Ll]orem ipsum\b|_{4,}(?!\w)|\.\.\.\.{5,}"
    r"|\[(?:insert|add|link|name|date|your|insertar|nombre|fecha|enlace|agregar)\b[^\]\n]{0,40}\])",
)
_NUMBERED = re.compile(r"\s+(?-i:[A-ZÁÉÍÓÚÑ])")  # XXX Congreso, Super Bowl XXX.
_TODO_THING = re.compile(r"\s+(?:list|item|comment|app|note)s?\b", re.IGNORECASE)
_RUN_TOGETHER = re.compile(
    r"(?<![\w@/.=&?#%+-])([^\W\d_]{2,}|\d+%?)([,;])([^\W\d_]{2,})(?![\w@/=({\[-]|\.\w|,\S)"
)
_SENTENCES = re.compile(r"(?<![\w@/.=&?#%+-])([^\W\d_]{3,})([.!?])([^\W\d_]+)(?![\w@/=(.{\[])")
_DOUBLE = re.compile(r"(?<![\w'’-])([^\W\d_]+)[ \n\u00a0]+(\1)(?![\w'’-])", re.IGNORECASE)


def to_do(passage: Passage, language: str) -> Iterator[Slip]:
    """Yield what somebody meant to fill in; in Spanish TODO is a word, and XXX a number."""
    text = passage.text
    for match in _TO_DO.finditer(text):
        mark, after = match[0], text[match.end() :]
        if mark == "TODO" and language == "es" and not after.startswith(":"):
            continue
        if mark == "TODO" and _TODO_THING.match(after):
            continue
        is_number = language != "en" and _NUMBERED.match(after)
        if mark == "XXX" and (is_number or text[: match.start()].endswith("Bowl ")):
            continue
        yield passage.slip(match, "something is to be added")


def run_together(passage: Passage) -> Iterator[Slip]:
    """Yield marks that lack the blank after them, as far as words stand on both sides."""
    text = passage.text
    for match in _RUN_TOGETHER.finditer(text):
        if match[1].isupper() and match[3].isupper():
            continue  # TL;DR
        mend = f"{match[1]}{match[2]} {match[3]}"
        yield passage.slip(match, "a blank is missing", mend)
    for match in _SENTENCES.finditer(text):
        first, mark, second = match.groups()
        is_sentence = (
            first[1:].islower() and second[0].isupper() and second[1:] == second[1:].lower()
        )
        if is_sentence and (len(second) > 1 or second in "AIYO"):
            mend = f"{first}{mark} {second}"
            yield passage.slip(match, "a blank is missing", mend)


def doubled(passage: Passage, language: str) -> Iterator[Slip]:
    """Yield words that stand there twice, but for those that are said so, and names."""
    never, on_purpose = listed(language, "never twice"), listed(language, "twice")
    for match in _DOUBLE.finditer(passage.text):
        word, again = match[1].lower(), match[2]
        is_name = again[0].isupper() or len(word) == 1
        if word in on_purpose or (is_name and word not in never):
            continue
        yield passage.slip(match, "written twice", match[1])
