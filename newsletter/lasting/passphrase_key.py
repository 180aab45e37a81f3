"""The age key that a passphrase and a salt make, in a fixed amount of memory.

`age -p` measures what a machine can do in a second and takes up to a gigabyte for it. A backup has
to be made and opened on the smallest machine of a coalition: scrypt (RFC 7914) with 64 MiB a guess,
several times over, takes about a second as well. docs/backup.md shows how to do it by hand.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass

from newsletter.errors import ServiceError
from newsletter.stories.keys.code_identity import bech32

_PREFIX = "age-secret-key-"
_MOST = 1 << 28  # bytes that scrypt may have: a file may ask for half of it
_TIMES = 4  # as much work as ours: so a file cannot take minutes


@dataclass(frozen=True, kw_only=True, slots=True)
class Scrypt:
    """How a passphrase becomes a key: the salt, and scrypt's cost."""

    salt: bytes
    n: int = 1 << 16
    r: int = 8
    p: int = 6

    def private_key(self, passphrase: str) -> str:
        """Return the private key (`AGE-SECRET-KEY-1…`)."""
        seed = hashlib.scrypt(
            passphrase.encode(),
            salt=self.salt,
            n=self.n,
            r=self.r,
            p=self.p,
            maxmem=_MOST,
            dklen=32,
        )
        return bech32(_PREFIX, seed).upper()

    @property
    def work(self) -> int:
        """Return how much it takes, in blocks that are mixed."""
        return self.n * self.r * self.p

    def written(self) -> bytes:
        """Return it as JSON."""
        salt = b64encode(self.salt).decode()
        return json.dumps(
            {"scrypt": {"salt": salt, "n": self.n, "r": self.r, "p": self.p}}
        ).encode()


def read_scrypt(data: bytes) -> Scrypt:
    """Read what `written` wrote. ServiceError when it is something else."""
    try:
        said = json.loads(data)["scrypt"]
        scrypt = Scrypt(salt=b64decode(said["salt"]), n=said["n"], r=said["r"], p=said["p"])
        cost = scrypt.n, scrypt.r, scrypt.p
        if not all(type(number) is int and number > 0 for number in cost):
            raise ValueError("no cost")
        if scrypt.n < 2 or scrypt.n & (scrypt.n - 1):
            raise ValueError("n is no power of two")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ServiceError("the backup does not say how it is locked") from error
    if 128 * scrypt.n * scrypt.r > _MOST // 2 or scrypt.work > _TIMES * Scrypt(salt=b"").work:
        raise ServiceError(
            "opening this backup asks for more work than any of ours takes",
            hint="it was changed, or another program made it: take another copy",
        )
    return scrypt
