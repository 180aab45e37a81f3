"""The age identity that a receipt code is: what waits for a storyteller is sealed to it.

Nothing keeps it. It is made from the code when somebody types the code, and only its public half is
stored. How, and vectors to check it by, are in docs/decisions/0606-your-story.md.
"""

import hashlib
from collections.abc import Iterable, Iterator

SALT = b"newsletter reply key 1"
_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PREFIX = "age-secret-key-"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def code_identity(code: str) -> str:
    """Return the private key (`AGE-SECRET-KEY-1…`) of a code as `read_code` returns it.

    Memory-hard (16 MiB a guess) under a salt of its own: the hash that is kept of the code says
    nothing of the key. The 80 random bits of a code are what a thief has to guess.
    """
    seed = hashlib.scrypt(code.encode(), salt=SALT, n=2**14, r=8, p=1, dklen=32)
    return bech32(_PREFIX, seed).upper()


def bech32(prefix: str, data: bytes) -> str:
    """Return the data in Bech32 (BIP 173, without its limit of 90 characters, as age uses it)."""
    values = list(_groups_of_five(data))
    head = [*(ord(char) >> 5 for char in prefix), 0, *(ord(char) & 31 for char in prefix)]
    check = _polymod((*head, *values, *[0] * 6)) ^ 1
    values += (check >> 5 * (5 - place) & 31 for place in range(6))
    return f"{prefix}1{''.join(_LETTERS[value] for value in values)}"


def _groups_of_five(data: bytes) -> Iterator[int]:
    bits = len(data) * 8
    padding = -bits % 5
    number = int.from_bytes(data) << padding
    for place in range(bits + padding - 5, -1, -5):
        yield number >> place & 31


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, part in enumerate(_GENERATOR):
            if top >> bit & 1:
                check ^= part
    return check
