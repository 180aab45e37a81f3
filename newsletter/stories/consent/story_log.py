"""[I/O] `stories log`: the chain of consent events, and whether anything was edited or removed."""

from dataclasses import dataclass

from newsletter.model.submission import StoryEvent
from newsletter.stories.keys.key_log import key_faults
from newsletter.stories.record.stored_stops import read_chain
from newsletter.stories.services import StoryServices


@dataclass(frozen=True, kw_only=True, slots=True)
class LogReport:
    """The events in order, and what is wrong with the chain (nothing, normally)."""

    events: tuple[StoryEvent, ...]
    faults: tuple[str, ...]


def read_log(services: StoryServices) -> LogReport:
    """Return the chain, checked against the checkpoints, withdrawals and keys in files."""
    chain = read_chain(
        services.store, services.checkpoints, services.recognition_key, all_of_it=True
    )
    faults = chain.faults
    missing = len(services.missing_stops())
    if missing:
        fault = f"{missing} withdrawals are not in the database: run newsletter stories purge"
        faults = (*faults, fault)
    faults = (*faults, *key_faults(chain.events, services.recipients()))
    return LogReport(events=chain.events, faults=faults)
