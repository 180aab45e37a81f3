"""The hash chain of consent events: each link carries the hash of the one before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from newsletter.model.consent import Channel, Revocation
from newsletter.model.relinking import Replaced, is_ours
from newsletter.model.submission import CHAIN_START, Checkpoint, EventKind, StoryEvent

_CHANNELS = frozenset(Channel)


def chain_faults(
    events: Sequence[StoryEvent],
    checkpoints: Sequence[Checkpoint],
    *,
    confirmed: Checkpoint | None = None,
    key: bytes = b"",
) -> tuple[str, ...]:
    """Return what shows that events were edited, removed or put back; empty when it is whole.

    The links up to the `confirmed` one are taken as they are. The recognition `key` is needed
    where an upgrade linked the chain anew.
    """
    faults = []
    places = {event.sha256: number for number, event in enumerate(events, 1)}
    since = places.get(confirmed.sha256, 0) if confirmed else 0
    previous = CHAIN_START
    for number, event in enumerate(events, 1):
        if number > since:
            if event.previous != previous:
                faults.append(
                    f"event {number} does not follow the one before: something was removed"
                )
            elif event.after(event.previous) != event:
                faults.append(f"event {number} was edited")
            elif event.kind is EventKind.RELINKED and not is_ours(event, key):
                faults.append(
                    f"event {number} was not written by the upgrade, or the recognition key was "
                    "another one then"
                )
        previous = event.sha256
    replaced = Replaced(events, key)
    unknown = [
        one
        for one in checkpoints
        if one.length and one.sha256 not in places and one not in replaced
    ]
    if unknown:
        faults.append(_not_there(max(unknown, key=lambda one: one.length), events))
    return tuple(faults)


def _not_there(written: Checkpoint, events: Sequence[StoryEvent]) -> str:
    missing = written.length - len(events)
    if missing >= 0 and events and events[-1].kind is EventKind.RELINKED:
        return "the last events are missing: is this an older database?"
    if missing > 0:
        last = "the last event is" if missing == 1 else f"the last {missing} events are"
        return f"{last} missing: is this an older database?"
    return f"event {written.length} is not the one that was written down"


def written_faults(
    places: Mapping[str, Sequence[Checkpoint] | None], *, begun: bool
) -> tuple[str, ...]:
    """Return which places lack the file (None) though another has lines of events, or no place
    has it though the chain has `begun`."""
    lines = [line for found in places.values() for line in found or ()]
    if not any(line.length for line in lines) and (lines or not begun):
        return ()
    return tuple(
        f"{name} is missing: somebody removed it, or it was not restored"
        for name, found in places.items()
        if found is None
    )


def chain_stops(
    events: Iterable[StoryEvent], known: Iterable[Revocation]
) -> tuple[Revocation, ...]:
    """Return what the events say was taken back and no revocation known says.

    An event holds no fingerprints, so that such a stop goes by its consent's id alone.
    """
    known = tuple(known)
    withdrawn = {revocation.record_id for revocation in known if revocation.withdrawn}
    narrowed = {_limits(revocation) for revocation in known}
    stops = (_stop(event) for event in events if event.kind in _STOPS)
    return tuple(
        stop
        for stop in dict.fromkeys(stops)
        if stop.record_id not in withdrawn and _limits(stop) not in narrowed
    )


def tells(events: Iterable[StoryEvent], stop: Revocation) -> bool:
    """Return whether the events say by themselves what the revocation takes back."""
    told = [_stop(one) for one in events if one.kind in _STOPS and one.record_id == stop.record_id]
    if stop.withdrawn:
        return any(one.withdrawn for one in told)
    return _limits(stop) in map(_limits, told)


def narrowing_note(stop: Revocation) -> str:
    """Return what an event of a narrowing notes; `chain_stops` reads it."""
    words = [*sorted(stop.channels), *sorted(stop.languages)]
    words += ["picture"] * stop.picture + ["name"] * stop.name
    if stop.until:
        words.append(f"until {stop.until}")
    return ", ".join(words)


_STOPS = (EventKind.WITHDRAWN, EventKind.NARROWED)


def _stop(event: StoryEvent) -> Revocation:
    """Read the note of a narrowing; one that cannot be read takes everything back."""
    everything = Revocation(record_id=event.record_id, on=event.on, withdrawn=True)
    if event.kind is EventKind.WITHDRAWN:
        return everything
    words = event.note.split(", ")
    ends = [word.removeprefix("until ") for word in words if word.startswith("until ")]
    try:
        until = min(map(date.fromisoformat, ends), default=None)
    except ValueError:
        return everything
    others = {word for word in words if not word.startswith("until ")}
    channels = others & _CHANNELS
    languages = others - channels - {"picture", "name", ""}
    if not (others - {""} or until):
        return everything
    return Revocation(
        record_id=event.record_id,
        on=event.on,
        channels=frozenset(map(Channel, channels)),
        languages=frozenset(languages),
        picture="picture" in others,
        name="name" in others,
        until=until,
    )


def _limits(revocation: Revocation) -> tuple[object, ...]:
    return (
        revocation.record_id,
        revocation.withdrawn,
        revocation.channels,
        revocation.languages,
        revocation.picture,
        revocation.name,
        revocation.until,
    )
