"""Whose a key is, and which keys were added and removed, as events that carry their names.

A name is the one beside the public key in `stories/recipients.txt`.
"""

from collections.abc import Iterable
from datetime import date

from newsletter.model.submission import Actor, EventKind, StoryEvent
from newsletter.stories.keys.identity import public_of
from newsletter.stories.keys.recipients import Recipient

NOT_LISTED = "a key that is not listed"


def key_name(recipients: Iterable[Recipient], identity: str) -> str:
    """Return whose private key this is: the name beside its public half, or NOT_LISTED."""
    public = public_of(identity)
    return next((one.name for one in recipients if one.key == public and one.name), NOT_LISTED)


def key_changed(recipient: Recipient, kind: EventKind, today: date) -> StoryEvent:
    """Return the event that a key was added or removed; its `record_id` is the public key."""
    return StoryEvent(
        record_id=recipient.key, kind=kind, on=today, actor=Actor.EDITOR, note=recipient.name
    )


def keys_of(events: Iterable[StoryEvent]) -> dict[str, str]:
    """Return the keys there are by the chain: names by public key."""
    keys: dict[str, str] = {}
    for event in events:
        if event.kind is EventKind.KEY_ADDED:
            keys[event.record_id] = event.note
        elif event.kind is EventKind.KEY_REMOVED:
            keys.pop(event.record_id, None)
    return keys


def key_faults(events: Iterable[StoryEvent], recipients: Iterable[Recipient]) -> tuple[str, ...]:
    """Return where `recipients.txt` has other keys than the chain: it was edited by hand."""
    known = keys_of(events)
    listed = {one.key: one.name for one in recipients}
    added = [
        f"the key {name!r} in stories/recipients.txt was not added by newsletter keys add: if you "
        "do not know whose it is, take it out and ask the other editors; if you do, add it again "
        "with keys add"
        for key, name in listed.items()
        if known.get(key) != name
    ]
    missing = [
        f"the key {name!r} is no longer in stories/recipients.txt and nobody removed it by "
        "newsletter keys rotate --remove: put it back, or remove it so"
        for key, name in known.items()
        if key not in listed
    ]
    return (*added, *missing)
