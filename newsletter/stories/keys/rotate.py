"""[I/O] `newsletter keys`: who can open sealed stories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from newsletter.errors import AttentionError, UsageError
from newsletter.files import WorkspaceFiles
from newsletter.model.submission import EventKind, Sealed, Submission
from newsletter.stories.keys.key_log import key_changed, key_name, keys_of
from newsletter.stories.keys.recipients import (
    Recipient,
    check_key,
    read_recipients,
    write_recipients,
)
from newsletter.stories.keys.vault import reseal, seal, unseal
from newsletter.stories.ports import StoryStore
from newsletter.stories.record.openings import opened


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


def add_key(
    files: WorkspaceFiles, store: StoryStore, added: Recipient, *, today: date
) -> tuple[Recipient, ...]:
    """Seal later stories to this key too; return all keys. Earlier stories need `rotate`.

    The log says so first. A key that is listed and not in the log (somebody edited the file, or
    the log is younger) is only logged. ConfigError when it is no public key, UsageError when the
    key or its name is there already.
    """
    check_key(added.key)
    known = read_recipients(files)
    same = {one.key for one in known if one.name == added.name}
    is_logged = keys_of(store.events()).get(added.key) == added.name
    if added.key in {one.key for one in known} and (is_logged or added.key not in same):
        raise UsageError("this key is already in the list")
    if same - {added.key}:
        raise UsageError(f"there is already a key named {added.name!r}", hint="choose another name")
    if not is_logged:
        store.append_events([key_changed(added, EventKind.KEY_ADDED, today)])
    return known if same else write_recipients(files, (*known, added))


def rotate(
    files: WorkspaceFiles,
    store: StoryStore,
    identity: str,
    *,
    removed: Sequence[str] = (),
    today: date,
) -> Rotated:
    """Encrypt every stored story again for the keys that remain, one submission a transaction.

    What was copied before (backups, a stolen disk) still opens with the old keys: no program can
    undo that. Each opening and each removed key stands in the log before it happens; a key that is
    in the log only is removed there. AttentionError when `identity` does not open a story; those
    done before stay done, and running it again goes on.
    """
    known = read_recipients(files)
    logged = keys_of(store.events())
    gone = [
        *(recipient for recipient in known if recipient.name in removed),
        *(
            Recipient(key=key, name=name)
            for key, name in logged.items()
            if name in removed and key not in {recipient.key for recipient in known}
        ),
    ]
    if unknown := set(removed) - {recipient.name for recipient in gone}:
        raise UsageError(f"there is no key named {', '.join(sorted(unknown))}")
    remaining = tuple(recipient for recipient in known if recipient not in gone)
    keys = [recipient.key for recipient in remaining]
    seal({}, keys)  # refused before anything is changed
    store.append_events([key_changed(one, EventKind.KEY_REMOVED, today) for one in gone])
    write_recipients(files, remaining)
    done = 0
    name = key_name(known, identity)
    for submission in _stored(store):
        store.append_events([opened(submission.consent.record_id, name, today)])
        sealed = submission.sealed
        resealed = Sealed(
            text=reseal(sealed.text, identity, keys),
            picture=reseal(sealed.picture, identity, keys) if sealed.picture else b"",
            notes=reseal(sealed.notes, identity, keys) if sealed.notes else b"",
        )
        store.change(replace(submission, sealed=resealed), expected=submission.state)
        done += 1
    _reseal_letters(store, identity, keys)
    return Rotated(resealed=done, recipients=remaining)


def _reseal_letters(store: StoryStore, identity: str, keys: Sequence[str]) -> None:
    """Do the same for what storytellers wrote. A letter that does not open stops no other one."""
    closed = 0
    for letter in store.letters_to_editors():
        try:
            store.reseal_letter(letter.id, reseal(letter.sealed, identity, keys))
        except AttentionError:
            closed += 1
    if closed:
        raise AttentionError(
            f"letters of storytellers that this key does not open: {closed}; the rest is done",
            hint="ask an editor whose key does to run newsletter keys rotate",
        )


def try_key(files: WorkspaceFiles, store: StoryStore, identity: str, *, today: date) -> KeyTest:
    """Open a sealed sample and every stored story, in memory; the log says so before.

    AttentionError when the sample does not open.
    """
    sample = {"schema": "newsletter probe 1"}
    known = read_recipients(files)
    if unseal(seal(sample, [recipient.key for recipient in known]), identity) != sample:
        raise AttentionError("Key test failed: the sample did not open correctly.")
    closed = []
    tried = 0
    name = key_name(known, identity)
    for submission in _stored(store):
        store.append_events([opened(submission.consent.record_id, name, today)])
        tried += 1
        try:
            unseal(submission.sealed.text, identity)
        except AttentionError:
            closed.append(submission.id)
    return KeyTest(opened=tried - len(closed), closed=tuple(closed))


def _stored(store: StoryStore) -> Iterator[Submission]:
    """Find the submissions that still hold a story, one in memory at a time."""
    for row in store.all():
        submission = store.get(row.id)
        if submission is not None and submission.sealed.text:
            yield submission
