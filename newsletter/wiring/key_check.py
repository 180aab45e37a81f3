"""Refuses a secret key that the workspace was not used with. [I/O]

With another key unsubscribe links break silently, and people who left could be imported again. So a
mark of each key stands beside newsletter.toml: 32 bits, too few to find the key by.
"""

import hmac
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from newsletter.errors import ConfigError

FILE = ".secret-key-mark"


def refuse_another_key(root: Path, keys: Sequence[str]) -> None:
    """Write down the newest key's mark. ConfigError when none of the keys was used here before."""
    path = root / FILE
    known = path.read_text(encoding="utf-8", errors="replace").split() if path.exists() else []
    marks = [_mark(key) for key in keys]
    if known and not set(known) & set(marks):
        raise ConfigError(
            "NEWSLETTER_SECRET_KEY is not the key that this workspace was used with: unsubscribe "
            "links would break, and people who left could be imported again",
            hint="set the key that you kept. If you changed it on purpose, put the old one in "
            f"NEWSLETTER_OLDER_SECRET_KEYS. If the old one is lost or leaked, delete {FILE}",
        )
    if marks[0] not in known:
        with suppress(OSError), path.open("a", encoding="utf-8") as file:  # read-only: no mark
            file.write(f"{marks[0]}\n")


def is_key_of(marks: str, keys: Sequence[str]) -> bool:
    """Return whether one of the keys has its mark among these, or there is none yet."""
    known = marks.split()
    return not known or not {_mark(key) for key in keys}.isdisjoint(known)


def _mark(key: str) -> str:
    return hmac.digest(key.encode(), b"newsletter/key mark/1", "sha256").hex()[:8]
