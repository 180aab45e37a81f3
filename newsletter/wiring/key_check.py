"""Refuses secret keys that are not those that the database was used with. [I/O]

With another key unsubscribe links break silently, and people who left could be imported again. So a
mark of each key stands in the database, for every machine: 32 bits, too few to find the key by.
Before 0.3 it stood in a file beside newsletter.toml, which counts for a database without marks.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import ConfigError, StoreError
from newsletter.model.suppression import Untestable, secret_key_mark

if TYPE_CHECKING:
    from newsletter.store.secret_key_marks import SqlSecretKeyMarks

FILE = ".secret-key-mark"
_HINT = (
    "set the keys that you kept, as on the machine where it works. If the key was changed on "
    "purpose, the old one belongs in NEWSLETTER_OLDER_SECRET_KEYS. Only if one is lost or leaked: "
    "newsletter state confirm --new-secret-key --by NAME"
)


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
        hint=_HINT,
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


def insist_on_testable(untestable: Untestable) -> None:
    """Raise ConfigError when people left under a key that is not here."""
    if untestable.count:
        raise ConfigError(cannot_be_tested(untestable), hint=_HINT)


def cannot_be_tested(untestable: Untestable) -> str:
    """Return in words how many people left that nobody can find."""
    people = "1 person" if untestable.count == 1 else f"{untestable.count:,} people"
    return f"{people} left under a secret key that is not set here: nobody can tell who they are"


def what_keys_lack(known: Collection[str], keys: Sequence[str], untestable: Untestable) -> str:
    """Return what to do about keys that are not here; empty where all of them are."""
    if untestable.count:
        return f"{cannot_be_tested(untestable)}. {_HINT[0].upper()}{_HINT[1:]}"
    if set(known) <= _marks(keys):
        return ""
    return (
        "the backup was also used with a secret key that is not set here: commands will stop. "
        f"{_HINT[0].upper()}{_HINT[1:]}"
    )


def is_key_of(known: Collection[str], keys: Sequence[str]) -> bool:
    """Return whether one of the keys has its mark among these, or there is none yet."""
    return not known or not _marks(keys).isdisjoint(known)


def _marks(keys: Sequence[str]) -> frozenset[str]:
    return frozenset(map(secret_key_mark, keys))
