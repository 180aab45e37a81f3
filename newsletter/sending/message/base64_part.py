"""A text part in base64 with places for personal values, of which all but those is encoded once.

Base64 turns three bytes into four characters, so how the words after a value are encoded depends
on its length modulo three: they are encoded for each of the three, and splicing picks one.
"""

import base64
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.model.message import PERSONAL_FIELDS

PERSONAL_FIELD = re.compile("|".join(re.escape(field) for field in PERSONAL_FIELDS))
_LINE = 57  # bytes; 76 characters, RFC 2045's most


@dataclass(frozen=True, slots=True)
class _Following:
    """What follows a value: `taken` completes its last three bytes, `left` goes with the next."""

    taken: bytes
    encoded: bytes
    left: bytes


class Base64Part:
    """The part of one edition. Line ends are CRLF within, as RFC 2045 asks of text."""

    def __init__(self, text: str, *, is_html: bool) -> None:
        self._is_html = is_html
        between = [piece.replace("\n", "\r\n").encode() for piece in PERSONAL_FIELD.split(text)]
        self._first = _following(between[0], 0)
        self._rest = [
            (field, tuple(_following(piece, need) for need in range(3)))
            for field, piece in zip(PERSONAL_FIELD.findall(text), between[1:], strict=True)
        ]

    @property
    def length(self) -> int:
        """Return its length in bytes without the personal values, to within a few."""
        return len(self._first.encoded) + sum(len(each[0].encoded) for _, each in self._rest)

    def spliced(self, personal: Mapping[str, str]) -> bytes:
        """Return the part, CRLF, with a person's values in it."""
        parts, carried = [self._first.encoded], self._first.left
        for field, followings in self._rest:
            value = personal[field]
            data = carried + (html.escape(value) if self._is_html else value).encode()
            following = followings[-len(data) % 3]
            data += following.taken
            whole = len(data) - len(data) % 3  # all, unless too little followed to complete it
            parts += [_encoded(data[:whole]), following.encoded]
            carried = data[whole:] + following.left
        parts.append(_encoded(carried))
        return b"".join(parts)


def _following(piece: bytes, need: int) -> _Following:
    taken, rest = piece[:need], piece[need:]
    whole = len(rest) - len(rest) % 3
    return _Following(taken, _encoded(rest[:whole]), rest[whole:])


def _encoded(data: bytes) -> bytes:
    """Lines of at most 76 characters, each ended; nothing for nothing."""
    return b"".join(
        base64.b64encode(data[at : at + _LINE]) + b"\r\n" for at in range(0, len(data), _LINE)
    )
