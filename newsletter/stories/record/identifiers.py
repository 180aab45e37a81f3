"""Random names and the receipt code. Nothing here is ever derived from a person."""

import hashlib
import secrets
import unicodedata

# Crockford's base 32: no I, L, O or U, so that a code survives handwriting and a bad phone line.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})
CODE_LENGTH = 17  # 16 random characters (80 bits) and one that catches a slip of the pen


def new_id(length: int = 10, *, seed: bytes = b"") -> str:
    """Make a random id in lower case (50 bits by default), safe in file names and drafts.

    The same secret `seed` makes the same id.
    """
    return _drawn(length, seed, b"id").lower()


def new_code(*, seed: bytes = b"") -> str:
    """Make a receipt code as it is shown: `7GQK-2M9X-0TRV-3H8DW`; the same from the same seed."""
    body = _drawn(CODE_LENGTH - 1, seed, b"receipt code")
    return shown(body + _check(body))


def _drawn(length: int, seed: bytes, use: bytes) -> str:
    drawn = hashlib.shake_256(use + b"\0" + (seed or secrets.token_bytes(32))).digest(length)
    return "".join(ALPHABET[byte % 32] for byte in drawn)


def shown(code: str) -> str:
    """Return the code in groups that can be copied by hand."""
    return "-".join((code[0:4], code[4:8], code[8:12], code[12:]))


def read_code(typed: str) -> str | None:
    """Return the typed code without its spaces and hyphens; None when it cannot be a code."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    digits = (str(unicodedata.decimal(char, char)) for char in plain)  # ٣ and ۳ are 3
    code = "".join(char for char in digits if char.isalnum()).translate(_MISREAD)
    if len(code) != CODE_LENGTH or any(char not in ALPHABET for char in code):
        return None
    return code if _check(code[:-1]) == code[-1] else None


def code_hash(code: str) -> str:
    """Return the memory-hard hash that is kept instead of the code (16 MiB a guess).

    The salt is a constant: with 80 random bits no table can be made in advance, and the same code
    must be found again without the database (a story file carries the hash too).
    """
    raw = hashlib.scrypt(
        code.encode(), salt=b"newsletter receipt code 1", n=2**14, r=8, p=1, dklen=24
    )
    return raw.hex()


def _check(body: str) -> str:
    # Weights 1..16 modulo 31: nearly every slip and every swap of neighbours changes it.
    total = sum((place + 1) * ALPHABET.index(char) for place, char in enumerate(body))
    return ALPHABET[total % 31]
