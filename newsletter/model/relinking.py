"""The upgrade from 0.2: agreed forms' digests go under the key, and the links after them anew.

A link's hash covers the digest, and every hash after it covers that one: who has an old hash can
try words against it as well. So the old ones are kept under the key too, in the event that ends
the upgrade.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from newsletter.model.keyed import keyed
from newsletter.model.submission import CHAIN_START, Actor, Checkpoint, EventKind, StoryEvent

_UNKEYED = re.compile(r"\b[0-9a-f]{64}\b")
_WIDTH = 16  # hexadecimal digits: without the key nobody finds a hash that has the same


def has_unkeyed(event: StoryEvent) -> bool:
    """Return whether an event of 0.2 notes a digest of words that needs no key."""
    return bool(_UNKEYED.search(event.note))


def relinked(events: Iterable[StoryEvent], key: bytes) -> tuple[StoryEvent, ...]:
    """Return the chain with each such digest under the key, linked anew.

    A link that does not hold holds nowhere afterwards: what was edited or removed shows at the
    same place.
    """
    links = []
    old = new = CHAIN_START
    for event in events:
        follows, is_whole = event.previous == old, event.after(event.previous) == event
        note = _UNKEYED.sub(lambda digest: keyed(key, digest[0]), event.note)
        link = replace(event, note=note).after(new if follows else keyed(key, event.previous))
        if not is_whole:
            link = replace(link, sha256=keyed(key, event.sha256))
        links.append(link)
        old, new = event.sha256, link.sha256
    return tuple(links)


def relinking(
    before: Sequence[StoryEvent],
    after: Sequence[StoryEvent],
    *,
    head: Checkpoint,
    key: bytes,
    on: date,
) -> StoryEvent:
    """Return the event that says so, linked to `head`, where the new chain ends.

    Its note: how many events there were, a digest under the key of each hash that was replaced,
    and a seal over the event and, with `previous`, all links before it.
    """
    pairs = zip(before, after, strict=True)
    digests = (_digest(key, old.sha256) for old, new in pairs if old.sha256 != new.sha256)
    replaced = "".join(digest[:_WIDTH] for digest in digests)
    event = StoryEvent(
        record_id="",
        kind=EventKind.RELINKED,
        on=on,
        actor=Actor.PROGRAM,
        note=f"{head.length} {replaced}",
        previous=head.sha256,
    )
    note = f"{head.length} {replaced} {_seal(event, key)}"
    return replace(event, note=note).after(head.sha256)


def is_ours(event: StoryEvent, key: bytes) -> bool:
    """Return whether a RELINKED event was written by the upgrade, after these very links."""
    note, _, seal = event.note.rpartition(" ")
    return seal == _seal(replace(event, note=note), key)


class Replaced:
    """The hashes that the upgrade replaced, for what was written down of the chain before it."""

    def __init__(self, events: Iterable[StoryEvent], key: bytes) -> None:
        ours = (one for one in events if one.kind is EventKind.RELINKED and is_ours(one, key))
        rows = [event.note.split(" ")[1] for event in ours]
        self._key = key
        self._digests = {row[at : at + _WIDTH] for row in rows for at in range(0, len(row), _WIDTH)}

    def __contains__(self, written: Checkpoint) -> bool:
        return self._is_old(written) or written.sha256[:_WIDTH] in self._digests

    def under_key(self, written: Iterable[Checkpoint]) -> dict[Checkpoint, Checkpoint]:
        """Return what may stand in the place of those that still need no key."""
        return {
            one: replace(one, sha256=_digest(self._key, one.sha256))
            for one in written
            if self._is_old(one)
        }

    def _is_old(self, written: Checkpoint) -> bool:
        return _digest(self._key, written.sha256)[:_WIDTH] in self._digests


def _digest(key: bytes, sha256: str) -> str:
    return keyed(key, f"newsletter replaced link 1 {sha256}")


def _seal(event: StoryEvent, key: bytes) -> str:
    return keyed(key, f"newsletter relinked 1 {event.after(event.previous).sha256}")
