"""[I/O] `newsletter keys`: who can open sealed stories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newsletter.errors import AttentionError, UsageError
from newsletter.files import WorkspaceFiles
from newsletter.model.submission import Sealed, Submission
from newsletter.stories.keys.recipients import (
    Recipient,
    check_key,
    read_recipients,
    write_recipients,
)
from newsletter.stories.keys.vault import reseal, seal, unseal
from newsletter.stories.ports import StoryStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotated:
    """How many submissions were encrypted again, and for whom."""

    resealed: int
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyTest:
    """How many stored stories a key opens; `closed` are the submissions it does not."""

    opened: int
    closed: tuple[str, ...]


def add_recipient(files: WorkspaceFiles, added: Recipient) -> tuple[Recipient, ...]:
    """Seal later stories to this key too; return all keys. Earlier stories need `rotate`.

    ConfigError when it is no public key, UsageError when the key or its name is there already.
    """
    check_key(added.key)
    known = read_recipients(files)
    if added.key in {recipient.key for recipient in known}:
        raise UsageError("this key is already in the list")
    if added.name in {recipient.name for recipient in known}:
        raise UsageError(f"there is already a key named {added.name!r}", hint="choose another name")
    return write_recipients(files, (*known, added))


def rotate(
    files: WorkspaceFiles, store: StoryStore, identity: str, *, removed: Sequence[str] = ()
) -> Rotated:
    """Encrypt every stored story again for the keys that remain, one submission a transaction.

    What was copied before (backups, a stolen disk) still opens with the old keys: no program can
    undo that. AttentionError when `identity` does not open a story; those done before stay done,
    and running it again goes on.
    """
    known = read_recipients(files)
    if unknown := set(removed) - {recipient.name for recipient in known}:
        raise UsageError(f"there is no key named {', '.join(sorted(unknown))}")
    remaining = tuple(recipient for recipient in known if recipient.name not in removed)
    keys = [recipient.key for recipient in remaining]
    seal({}, keys)  # refused before anything is changed
    write_recipients(files, remaining)
    done = 0
    for submission in _stored(store):
        sealed = submission.sealed
        resealed = Sealed(
            text=reseal(sealed.text, identity, keys),
            picture=reseal(sealed.picture, identity, keys) if sealed.picture else b"",
            notes=reseal(sealed.notes, identity, keys) if sealed.notes else b"",
        )
        store.change(replace(submission, sealed=resealed), expected=submission.state)
        done += 1
    return Rotated(resealed=done, recipients=remaining)


def try_key(files: WorkspaceFiles, store: StoryStore, identity: str) -> KeyTest:
    """Open a sealed sample and every stored story, in memory.

    AttentionError when the sample does not open.
    """
    sample = {"schema": "newsletter probe 1"}
    keys = [recipient.key for recipient in read_recipients(files)]
    if unseal(seal(sample, keys), identity) != sample:
        raise AttentionError("Key test failed: the sample did not open correctly.")
    closed = []
    opened = 0
    for submission in _stored(store):
        try:
            unseal(submission.sealed.text, identity)
            opened += 1
        except AttentionError:
            closed.append(submission.id)
    return KeyTest(opened=opened, closed=tuple(closed))


def _stored(store: StoryStore) -> Iterator[Submission]:
    """Find the submissions that still hold a story, one in memory at a time."""
    for row in store.all():
        submission = store.get(row.id)
        if submission is not None and submission.sealed.text:
            yield submission
