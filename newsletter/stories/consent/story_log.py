"""[I/O] `stories log`: the chain of consent events, and whether anything was edited or removed."""

from dataclasses import dataclass

from newsletter.model.submission import StoryEvent
from newsletter.stories.record.chain import faults
from newsletter.stories.services import StoryServices


@dataclass(frozen=True, kw_only=True, slots=True)
class LogReport:
    """The events in order, and what is wrong with the chain (nothing, normally)."""

    events: tuple[StoryEvent, ...]
    faults: tuple[str, ...]


def read_log(desk: StoryServices) -> LogReport:
    """The chain, checked against what was written down beside the stories."""
    events = desk.store.events()
    found = list(faults(events, desk.anchors.read()))
    stored = {stop.record_id for stop in desk.store.stops() if stop.withdrawn}
    missing = {stop.record_id for stop in desk.tombstones.read() if stop.withdrawn} - stored
    if missing:
        found.append(
            f"{len(missing)} withdrawals are not in the database: run newsletter stories purge"
        )
    return LogReport(events=events, faults=tuple(found))
