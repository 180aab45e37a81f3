"""Sealing to the editors' public keys (age) and opening again, in memory only.

What is sealed is JSON padded with spaces to a size bucket: age adds the same number of bytes to
everything, so an unpadded length would tell stories apart. `age -d` opens a vault as well.
"""

import json
from collections.abc import Sequence
from typing import Any

import pyrage

from newsletter.errors import AttentionError, ConfigError

BUCKETS = tuple(4_096 * 4**step for step in range(7))  # 4 KiB to 16 MiB
FEWEST_RECIPIENTS = 2


def seal(contents: dict[str, Any], recipients: Sequence[str]) -> bytes:
    """Return the contents as an age file that each recipient (`age1…`) can open.

    ConfigError with fewer than two different recipients: one lost key must not lose the stories.
    """
    if len(set(recipients)) < FEWEST_RECIPIENTS:
        raise ConfigError(
            "stories must be sealed to at least two keys",
            file="stories/recipients.txt",
            hint="add another editor's key or an offline recovery key: newsletter keys add",
        )
    return _sealed(contents, recipients)


def seal_to_code(contents: dict[str, Any], reply_key: str) -> bytes:
    """Return the contents as an age file that only the receipt code of that public key opens."""
    return _sealed(contents, [reply_key])


def _sealed(contents: dict[str, Any], recipients: Sequence[str]) -> bytes:
    return bytes(pyrage.encrypt(pad(json.dumps(contents).encode()), _recipients(recipients)))


def pad(data: bytes) -> bytes:
    """Return the data with spaces up to the next bucket. ValueError above the largest one."""
    size = next((bucket for bucket in BUCKETS if len(data) <= bucket), None)
    if size is None:
        raise ValueError(f"more than {BUCKETS[-1]} bytes to seal")
    return data.ljust(size)


def unseal(sealed: bytes, identity: str) -> dict[str, Any]:
    """Return what was sealed. AttentionError when the key does not open it, or it was altered."""
    try:
        key = pyrage.x25519.Identity.from_str(identity)
        contents = json.loads(pyrage.decrypt(sealed, [key]))
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError):
        # Without a cause: a parse error would carry what it could not parse.
        raise AttentionError(
            "this key does not open that story",
            hint="ask an editor whose key does to run newsletter keys rotate",
        ) from None
    if not isinstance(contents, dict):
        raise AttentionError("the sealed story is damaged")
    return contents


def reseal(sealed: bytes, identity: str, recipients: Sequence[str]) -> bytes:
    """Seal the same contents to other recipients; copies of the old ciphertext still open."""
    return seal(unseal(sealed, identity), recipients)


def _recipients(recipients: Sequence[str]) -> list[Any]:
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in dict.fromkeys(recipients)]
    except pyrage.RecipientError as error:
        raise ConfigError(
            "one of the public keys is damaged",
            file="stories/recipients.txt",
            hint="a public key starts with age1 and has 62 characters",
        ) from error
