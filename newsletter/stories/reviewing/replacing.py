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


_BOTH = "\"'*_"  # these open and close
_CLOSERS = ")]»”“’" + _BOTH
_PAIRS = dict(zip("([«“„‘" + _BOTH + "¿¡", _CLOSERS + "?!", strict=True))
_DASHES = "–—"
_PAUSES, _ENDS = ",،、;؛:" + _DASHES, ".!?…؟۔。"
# Of the marks before and after a hole the stronger one stays.
_MOST = 4
_STRENGTH = dict(zip(_PAUSES, (1, 1, 1, 2, 2, 3, 3, 3), strict=True)) | dict.fromkeys(_ENDS, _MOST)
_SPACES = " \t\u00a0\u202f"
_BLANKS = re.compile(f"[{_SPACES}]*")
_MARKS = re.compile(f"[{_SPACES}]*[{_PAUSES}{_ENDS}]*")
_POSSESSIVE = re.compile(r"['’][sS]\b|(?<=[sS])['’](?=\s)")


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
    """The text before a hole and where it goes on: no doubled space or mark, no empty pair."""
    possessive = _POSSESSIVE.match(text, at)
    if possessive and (possessive[0][1:] or left[-1:] not in ("'", "‘")):
        at = possessive.end()
    left, at = _without_empty_pairs(left, text, at)
    before, after = left.rstrip(_SPACES), _end(_BLANKS, text, at)
    follows, is_inside = text[after : after + 1], before == left and left[-1:] in _PAIRS
    if not follows.strip() or (after == at and follows in _CLOSERS):
        return before.rstrip(_PAUSES + _SPACES), after
    if follows in _STRENGTH:
        if not (is_inside or begins_sentence(left)):
            if _STRENGTH.get(before[-1:], 0) < _STRENGTH[follows]:
                return before.rstrip(_PAUSES + _SPACES), at if follows in _DASHES else after
            marked = _end(_MARKS, text, at)
            return before, marked if before != left else _end(_BLANKS, text, marked)
        at = _end(_BLANKS, text, _end(_MARKS, text, at))  # nothing is left that it would end
    elif not left or left[-1] in _SPACES + "\n" or is_inside:
        at = after
    if begins and text[at : at + 1].islower():
        return left + text[at].upper(), at + 1
    return left, at


def _without_empty_pairs(left: str, text: str, at: int) -> tuple[str, int]:
    """A hole without the pairs that have nothing but marks in them.

    A sentence that was over inside of one is still over.
    """
    while opener := left.rstrip(_SPACES)[-1:]:
        after = _end(_BLANKS, text, at)
        end = after if opener in "¿¡" else _end(_MARKS, text, at)
        closes = _PAIRS.get(opener) == text[end : end + 1]
        if not closes or (opener in _BOTH and left[-1] != opener):
            break
        left, at, mark = left.rstrip(_SPACES)[:-1], end + 1, text[after:end][:1]
        goes_on = text[_end(_BLANKS, text, at) :][:1]
        is_over = _STRENGTH.get(mark) == _MOST and not (goes_on.islower() or goes_on in _STRENGTH)
        if is_over and not begins_sentence(left):
            return left.rstrip(_PAUSES + _SPACES) + mark, at
    return left, at


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what matches there ends; `at` when nothing does."""
    match = pattern.match(text, at)
    return match.end() if match else at
