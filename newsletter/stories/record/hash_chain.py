"""The hash chain of consent events: each link carries the hash of the one before."""

from collections.abc import Sequence

from newsletter.model.submission import CHAIN_START, Checkpoint, StoryEvent


def chain_faults(
    events: Sequence[StoryEvent], checkpoints: Sequence[Checkpoint]
) -> tuple[str, ...]:
    """Return what shows that events were edited, removed or put back; empty when it is whole."""
    faults = []
    previous = CHAIN_START
    for number, event in enumerate(events, 1):
        if event.previous != previous:
            faults.append(f"event {number} does not follow the one before: something was removed")
        elif event.after(event.previous) != event:
            faults.append(f"event {number} was edited")
        previous = event.sha256
    for checkpoint in checkpoints:
        if checkpoint.length > len(events):
            missing = checkpoint.length - len(events)
            faults.append(f"the last {missing} events are missing: is this an older database?")
            break
        if checkpoint.length and events[checkpoint.length - 1].sha256 != checkpoint.sha256:
            faults.append(f"event {checkpoint.length} is not the one that was written down")
            break
    return tuple(faults)
