"""Refuses secret keys that are not those that the database was used with. [I/O]

With another key unsubscribe links break silently, and people who left could be imported again. So a
mark of each key stands in the database, for every machine: 32 bits, too few to find the key by.
Before 0.3 it stood in a file beside newsletter.toml, which counts for a database without marks.
"""

import hmac
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from newsletter.store.secret_key_marks import SqlSecretKeyMarks

FILE = ".secret-key-mark"


def refuse_other_keys(root: Path, keys: Sequence[str], kept: "SqlSecretKeyMarks") -> None:
    """Have the database know the keys. ConfigError when it was used with one that is not here."""
    ours, before = _marks(keys), kept.all()
    _insist(before or written_down(root), ours)
    if not ours <= before:
        with suppress(StoreError):  # only to be read: then nobody is imported either
            _insist(kept.add(ours, to=before), ours)


def give_up_other_keys(root: Path, keys: Sequence[str], kept: "SqlSecretKeyMarks") -> None:
    """Forget that the database was used with any other: they are lost or leaked."""
    kept.replace(_marks(keys))
    (root / FILE).unlink(missing_ok=True)


def _insist(known: Collection[str], ours: Collection[str]) -> None:
    missing = set(known) - set(ours)
    if not missing:
        return
    if missing == set(known):
        which = "NEWSLETTER_SECRET_KEY is not the key that this database was used with"
    else:
        which = "this database was also used with a secret key that is not set here"
    raise ConfigError(
        f"{which}: unsubscribe links would break, and people who left could be imported again",
        hint="set the keys that you kept, as on the machine where it works. If the key was changed "
        "on purpose, the old one belongs in NEWSLETTER_OLDER_SECRET_KEYS. Only if one is lost or "
        "leaked: newsletter state confirm --new-secret-key --by NAME",
    )


def written_down(root: Path) -> frozenset[str]:
    """Return the marks of the file beside newsletter.toml, as programs before 0.3 wrote them."""
    path = root / FILE
    if not path.exists():
        return frozenset()
    return frozenset(path.read_text(encoding="utf-8", errors="replace").split())


def insist_on_keys(known: Collection[str], keys: Sequence[str]) -> None:
    """Raise ConfigError when a database with these marks was used with a key that is not here."""
    _insist(known, _marks(keys))


def is_key_of(known: Collection[str], keys: Sequence[str]) -> bool:
    """Return whether one of the keys has its mark among these, or there is none yet."""
    return not known or not _marks(keys).isdisjoint(known)


def _marks(keys: Sequence[str]) -> frozenset[str]:
    return frozenset(map(_mark, keys))


def _mark(key: str) -> str:
    return hmac.digest(key.encode(), b"newsletter/key mark/1", "sha256").hex()[:8]
