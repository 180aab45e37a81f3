"""Personal links: short tokens that say who and what for, and show neither.

A token is AES-SIV (RFC 5297) over the subscriber's number and the minute it was made, with the
purpose as associated data: it cannot be read, altered or used for something else. See
docs/decisions/0501-personal-links.md.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from newsletter.model.message import LEAVE_URL, PREFERENCES_URL
from newsletter.model.subscriber import Purpose

_PAYLOAD = struct.Struct(">QI")  # the number's two high bytes are always zero and are left out
_TOKEN_LENGTH = 35
_NEVER = 0  # the minute of a link that does not age


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A link of ours, for that purpose and still young enough."""

    subscriber_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AgedLink:
    """A link of ours that is too old."""

    subscriber_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ForgedLink:
    """Not a link of ours, or made for another purpose, or cut off by a mail client."""


class Links:
    """Makes and reads the links of one workspace. The first key makes; every key reads."""

    def __init__(self, secret_keys: Sequence[str], public_url: str) -> None:
        self._ciphers = tuple(AESSIV(derived_key(key, "links")) for key in secret_keys)
        self._encrypt = self._ciphers[0].encrypt
        self._base = public_url.rstrip("/")
        self._leave = f"{self._base}/{Purpose.LEAVE}/"
        self._preferences = f"{self._base}/{Purpose.PREFERENCES}/"

    def personal(self, subscriber_id: int) -> dict[str, str]:
        """Make the value of each of PERSONAL_FIELDS, always the same for the same person and key.

        These links do not age: someone who opens an old issue to leave must be able to."""
        payload = _PAYLOAD.pack(subscriber_id, _NEVER)[2:]
        sealed = self._encrypt(payload, _LEAVE), self._encrypt(payload, _PREFERENCES), b""
        # Both at once, this being done for a million people: the zero byte behind each lets the
        # next one begin with a character of its own.
        tokens = urlsafe_b64encode(b"\0".join(sealed)).decode()
        return {
            LEAVE_URL: self._leave + tokens[:_TOKEN_LENGTH],
            PREFERENCES_URL: self._preferences + tokens[_TOKEN_LENGTH + 1 : -1],
        }

    def make(self, purpose: Purpose, subscriber_id: int, *, now: datetime | None = None) -> str:
        """Make a token; with `now` it ages."""
        minute = _NEVER if now is None else int(now.timestamp()) // 60
        sealed = self._encrypt(_PAYLOAD.pack(subscriber_id, minute)[2:], [purpose.encode()])
        return urlsafe_b64encode(sealed)[:_TOKEN_LENGTH].decode()

    def url(self, purpose: Purpose, subscriber_id: int, *, now: datetime | None = None) -> str:
        """Make the whole address of such a link."""
        return f"{self._base}/{purpose}/{self.make(purpose, subscriber_id, now=now)}"

    def read(
        self, token: str, purpose: Purpose, *, now: datetime, max_age: timedelta | None = None
    ) -> Opened | AgedLink | ForgedLink:
        """Read the token. With `max_age`, a link that does not age is not accepted."""
        payload = self._open(token, purpose)
        if payload is None:
            return ForgedLink()
        subscriber_id, minute = _PAYLOAD.unpack(b"\0\0" + payload)
        age = now - datetime.fromtimestamp(minute * 60, UTC)
        if max_age is not None and (minute == _NEVER or age > max_age):
            return AgedLink(subscriber_id=subscriber_id)
        return Opened(subscriber_id=subscriber_id)

    def _open(self, token: str, purpose: Purpose) -> bytes | None:
        if len(token) != _TOKEN_LENGTH or not token.isascii():
            return None
        try:
            sealed = urlsafe_b64decode(token + "=")
        except ValueError:
            return None
        if urlsafe_b64encode(sealed)[:_TOKEN_LENGTH] != token.encode():
            return None  # base64 would read some altered last characters as the same bytes
        for cipher in self._ciphers:
            try:
                payload = cipher.decrypt(sealed, [purpose.encode()])
            except InvalidTag:
                continue
            return payload if len(payload) == _PAYLOAD.size - 2 else None
        return None


_LEAVE = [Purpose.LEAVE.encode()]
_PREFERENCES = [Purpose.PREFERENCES.encode()]


def derived_key(secret_key: str, use: str) -> bytes:
    """Derive the key for one use of the secret (RFC 5869), so that no other use weakens it."""
    info = f"newsletter/{use}/1".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret_key.encode())
