"""[I/O] `newsletter keys`: who can open sealed stories."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.errors import AttentionError, UsageError
from newsletter.model.submission import Sealed
from newsletter.stories.keys import recipients
from newsletter.stories.keys.recipients import Recipient
from newsletter.stories.keys.vault import reseal, seal, unseal
from newsletter.stories.services import StoryServices


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotated:
    """How many submissions were sealed anew, and for whom."""

    resealed: int
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyTest:
    """Whether this key opens a probe and each stored story; `closed` lists those it does not."""

    opened: int
    closed: tuple[str, ...]


def add_recipient(desk: StoryServices, added: Recipient) -> tuple[Recipient, ...]:
    """Seal later stories to this key too. Earlier ones need `rotate`."""
    recipients.check_key(added.key)
    known = desk.recipients()
    if added.key in {one.key for one in known}:
        raise UsageError("this key is there already")
    if added.name in {one.name for one in known}:
        raise UsageError(f"there is a key named {added.name!r} already", hint="choose another name")
    return _write(desk, (*known, added))


def rotate(
    desk: StoryServices,
    identity: str,
    *,
    removed: Sequence[str] = (),
    added: Sequence[Recipient] = (),
) -> Rotated:
    """Seal every stored story anew, to the keys that remain. One submission a transaction.

    What was copied before (backups, a stolen disk) still opens with the old keys: no program can
    undo that. AttentionError when `identity` does not open a story; those done before stay done,
    and running it again goes on.
    """
    known = desk.recipients()
    if unknown := set(removed) - {one.name for one in known}:
        raise UsageError(f"there is no key named {', '.join(sorted(unknown))}")
    remaining = (*(one for one in known if one.name not in removed), *added)
    seal({}, [one.key for one in remaining])  # refused before anything is changed
    _write(desk, remaining)
    keys = [one.key for one in remaining]
    done = 0
    for row in desk.store.all():
        submission = desk.store.get(row.id)
        if submission is None or not submission.sealed.text:
            continue
        sealed = submission.sealed
        anew = Sealed(
            text=reseal(sealed.text, identity, keys),
            picture=reseal(sealed.picture, identity, keys) if sealed.picture else b"",
            notes=reseal(sealed.notes, identity, keys) if sealed.notes else b"",
        )
        desk.store.change(replace(submission, sealed=anew), expected=submission.state)
        done += 1
    return Rotated(resealed=done, recipients=remaining)


def try_key(desk: StoryServices, identity: str) -> KeyTest:
    """Open a sealed probe and every stored story, in memory."""
    keys = [one.key for one in desk.recipients()]
    probe = {"schema": "newsletter probe 1"}
    if unseal(seal(probe, keys), identity) != probe:
        raise AttentionError("the probe came back different")
    closed = []
    opened = 0
    for row in desk.store.all():
        submission = desk.store.get(row.id)
        if submission is None or not submission.sealed.text:
            continue
        try:
            unseal(submission.sealed.text, identity)
            opened += 1
        except AttentionError:
            closed.append(submission.id)
    return KeyTest(opened=opened, closed=tuple(closed))


def _write(desk: StoryServices, known: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
    desk.files.write(recipients.FILE, recipients.write(known))
    return known
