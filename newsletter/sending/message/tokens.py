"""A delivery's name for the outside: the same at every attempt, and it shows no internal id.

Issue and subscriber are packed into one AES block together with 48 zero bits, and enciphered under
a key derived from the secret key. So a name costs a microsecond, needs no column and no index, is
the same whatever database it is made from, and can be read back (and told from a forged one) when a
bounce or an event brings it.
"""

import hmac
import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from newsletter.model.issue import ISSUE_ID

_BLOCK = struct.Struct(">HBBHI6s")  # year, week, letter, subscriber (high, low), zeros
_CHECK = bytes(6)
_NOTICE = "0000-W00"  # no issue: a single mail to that person
_NOBODY = 0  # no subscriber has that number
_TO_EDITOR = "0000-W00-e"  # no issue, and no reader: a mail of that number to an editor


class NamedCopy(NamedTuple):
    """One person's copy of one issue."""

    issue_id: str
    subscriber_id: int

    @property
    def is_trial(self) -> bool:
        """Return whether it is a test mail: of no issue, to nobody who subscribed."""
        return self.subscriber_id == _NOBODY

    @property
    def is_to_editor(self) -> bool:
        """Return whether it is a mail to an editor instead, and the number is the mail's."""
        return self.issue_id == _TO_EDITOR


class DeliveryTokens:
    """Makes and reads tokens of 32 hexadecimal digits; the newest key makes them."""

    def __init__(self, keys: Sequence[str]) -> None:
        ciphers = [
            # One block, never two alike, as a permutation of it: what ECB is safe for.
            Cipher(algorithms.AES(_derived(key)), modes.ECB())  # noqa: S305
            for key in keys
        ]
        self._encrypt = ciphers[0].encryptor().update
        self._decrypt = [cipher.decryptor().update for cipher in ciphers]

    def token(self, issue_id: str, subscriber_id: int) -> str:
        """Return the token of this person's copy of this issue."""
        block = _BLOCK.pack(
            *_issue(issue_id), subscriber_id >> 32, subscriber_id & 0xFFFFFFFF, _CHECK
        )
        return self._encrypt(block).hex()

    def notice_token(self, subscriber_id: int) -> str:
        """Return the token of single mails to this person: their bounces end them like an issue's,
        and are of no send."""
        return self.token(_NOTICE, subscriber_id)

    def trial_token(self) -> str:
        """Return the token of test mails."""
        return self.notice_token(_NOBODY)

    def editor_token(self, mail_id: int) -> str:
        """Return the token of a mail to an editor."""
        return self.token(_TO_EDITOR, mail_id)

    def read(self, token: str) -> NamedCopy | None:
        """Return what a token names; None when we did not make it."""
        try:
            block = bytes.fromhex(token)
        except ValueError:
            return None
        if len(block) != _BLOCK.size:
            return None
        for decrypt in self._decrypt:
            year, week, letter, high, low, check = _BLOCK.unpack(decrypt(block))
            if check == _CHECK:
                issue_id = f"{year:04d}-W{week:02d}" + (f"-{chr(letter)}" if letter else "")
                return NamedCopy(issue_id, (high << 32) | low)
        return None


@lru_cache(maxsize=8)
def _issue(issue_id: str) -> tuple[int, int, int]:
    match = ISSUE_ID.fullmatch(issue_id)
    if match is None:
        raise ValueError(f"not an issue id: {issue_id!r}")
    return int(match["year"]), int(match["week"]), ord(match["letter"] or "\0")


def _derived(key: str) -> bytes:
    return hmac.digest(key.encode(), b"newsletter: names of deliveries", "sha256")[:16]
