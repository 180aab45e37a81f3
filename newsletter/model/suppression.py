"""The keyed hash that remains of someone who left: it stops a re-import and names nobody."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.model.subscriber import SuppressionReason, folded


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptOut:
    """A keyed hash that is to be kept out since then; no `reason`: its owner asked again. `mark` is
    that of the secret key which it is under, where that was written down."""

    key: bytes
    reason: SuppressionReason | None
    at: datetime
    mark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caught:
    """How many hashes a list learnt, how many people it lost (or marked as bounced) with them, and
    the hashes of those who have asked for mail again since."""

    hashes: int = 0
    people: int = 0
    again: tuple[bytes, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Untestable:
    """Hashes of people who left that are under secret keys which are not at hand: how many, and the
    marks of those keys. Nobody can tell whose they are."""

    count: int = 0
    marks: frozenset[str] = frozenset()


def secret_key_mark(key: str) -> str:
    """Return what tells one secret key from another: 32 bits, too few to find the key by."""
    return hmac.digest(key.encode(), b"newsletter/key mark/1", "sha256").hex()[:8]


class SuppressionKeys:
    """HMAC-SHA-256 over the folded address. The first key writes; every key is looked up, for a
    hash of an address that is gone cannot be made again under a new key."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._keys = tuple(
            hmac.digest(key.encode(), b"newsletter/suppressions/1", "sha256") for key in secret_keys
        )

    def hash_of(self, address: str) -> bytes:
        """Return what is stored: 32 bytes."""
        return hmac.digest(self._keys[0], folded(address).encode(), "sha256")

    def hashes_of(self, address: str) -> tuple[bytes, ...]:
        """Return what may have been stored, under this key or an older one."""
        text = folded(address).encode()
        return tuple(hmac.digest(key, text, "sha256") for key in self._keys)
