"""The chain of consent events: each link carries the hash of the one before."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.model.submission import CHAIN_START, StoryEvent


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """That the chain had `length` links and ended in `sha256`, written down elsewhere."""

    length: int
    sha256: str


def faults(events: Sequence[StoryEvent], anchors: Sequence[Anchor]) -> tuple[str, ...]:
    """What shows that events were edited, removed or put back; empty when the chain is whole."""
    found = []
    previous = CHAIN_START
    for number, event in enumerate(events, 1):
        if event.previous != previous:
            found.append(f"event {number} does not follow the one before: something was removed")
        elif event.after(event.previous) != event:
            found.append(f"event {number} was edited")
        previous = event.sha256
    for anchor in anchors:
        if anchor.length > len(events):
            missing = anchor.length - len(events)
            found.append(f"the last {missing} events are missing: is this an older database?")
            break
        if anchor.length and events[anchor.length - 1].sha256 != anchor.sha256:
            found.append(f"event {anchor.length} is not the one that was written down")
            break
    return tuple(found)
