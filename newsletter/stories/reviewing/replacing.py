"""A text after an editor's decisions: only decided words change, and the marks around a hole."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.stories.reviewing.places import Span, begins_sentence


class Choice(StrEnum):
    """What to do with a detail."""

    KEEP = "keep"
    GENERALISE = "generalise"
    REMOVE = "remove"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What an editor decided for one detail. `words` replace it, or say why it is kept."""

    choice: Choice
    words: str = field(default="", repr=False)


_PAIRS = {"(": ")", "[": "]", "«": "»", "“": "”", '"': '"', "¿": "?", "¡": "!"}
_PAUSES = ",،;؛:"
_AFTER = _PAUSES + ".!?…؟۔。、"
_BLANKS = re.compile(r"[ \t]*")


def replaced(text: str, decisions: Iterable[tuple[Span, Decision]]) -> str:
    """Return the text after the decisions, one for each span; spans do not meet."""
    left, at = "", 0
    for span, decision in sorted(decisions, key=lambda decided: decided[0]):
        left += text[at : span.start]
        at = span.end
        words = text[span.start : span.end]
        if decision.choice is Choice.KEEP:
            left += words
        elif decision.choice is Choice.GENERALISE:
            left += _fitted(decision.words, words, left)
        else:
            left, at = _closed(left, text, at, begins=_is_capital(words) and begins_sentence(left))
    return left + text[at:]


def _fitted(instead: str, words: str, left: str) -> str:
    """The new words on one line, with a capital where the old ones began a sentence with one."""
    instead = " ".join(instead.split())
    if _is_capital(words) and begins_sentence(left):
        return instead[:1].upper() + instead[1:]
    return instead


def _is_capital(words: str) -> bool:
    return words[:1].isupper()


def _closed(left: str, text: str, at: int, *, begins: bool) -> tuple[str, int]:
    """The text before a hole and where it goes on: no doubled space, lonely comma or empty pair."""
    while True:
        opener = left.rstrip(" \t")[-1:]
        after = _BLANKS.match(text, at).end()  # type: ignore[union-attr]
        follows = text[after : after + 1]
        if not opener or _PAIRS.get(opener) != follows:
            break
        left, at = left.rstrip(" \t")[:-1], after + 1
    if not follows or follows == "\n":
        return left.rstrip(" \t"), after
    if follows in _AFTER:
        before = left.rstrip(" \t")
        if begins_sentence(left):  # nothing is left of the sentence
            rest = _BLANKS.match(text, after + 1)
            return left, rest.end() if rest else after + 1
        return before.rstrip(_PAUSES + " \t") if before[-1:] in _PAUSES else before, after
    if not left or left[-1] in " \t\n" or left[-1] in _PAIRS:
        at = after
    if begins and text[at : at + 1].islower():
        return left + text[at].upper(), at + 1
    return left, at
