"""What the database says was taken back, asked only while it may be believed. [I/O]"""

from collections.abc import Callable
from dataclasses import dataclass

from newsletter.errors import AttentionError, ConfigError
from newsletter.model.consent import Revocation
from newsletter.model.relinking import Replaced
from newsletter.model.submission import EventKind, StoryEvent
from newsletter.stories.ports import StoryStore
from newsletter.stories.record.checkpoint_file import CheckpointFile
from newsletter.stories.record.hash_chain import chain_faults, chain_stops
from newsletter.stories.record.refused import refusals

CONFIRM = "newsletter state confirm --by NAME"


class StoredStops:
    """Revocations of the database, and those that only its chain of events tells of.

    Called per batch: while the chain and what was written down of it stand where they stood, it
    costs two small queries. `insist` raises where the workspace has lost what outlives a restore.
    """

    def __init__(
        self,
        open_store: Callable[[], StoryStore],
        checkpoints: CheckpointFile,
        insist: Callable[[], None],
        key: Callable[[], bytes],
    ) -> None:
        self._open_store = open_store
        self._checkpoints = checkpoints
        self._key = key
        self._insist = insist
        self._last: tuple[object, tuple[Revocation, ...]] = (None, ())  # one, for threads ask

    def __call__(self) -> tuple[Revocation, ...]:
        """Return them. AttentionError when the chain is older than what was written down, was
        changed, or what was written down is gone: until a person confirms nothing is answered."""
        self._insist()
        store = self._open_store()
        written = self._checkpoints.stamp()  # before the chain, which only grows
        seen = (written, store.head(), store.revocations())
        last = self._last
        if seen != last[0]:
            chain = read_chain(store, self._checkpoints, self._key)
            if chain.faults:
                raise AttentionError(
                    f"the record of consents cannot be trusted: {chain.faults[0]}",
                    hint=f"if a backup was restored, {CONFIRM} goes on from what is left; "
                    "newsletter state show tells what that is",
                )
            told = (*chain_stops(chain.events, seen[2]), *refusals(chain.events))
            last = self._last = (seen, (*seen[2], *told))
        return last[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """The events in order, and why they cannot be trusted (nothing, normally)."""

    events: tuple[StoryEvent, ...]
    faults: tuple[str, ...]


def read_chain(
    store: StoryStore,
    checkpoints: CheckpointFile,
    key: Callable[[], bytes],
    *,
    all_of_it: bool = False,
) -> Chain:
    """Read the chain and hold it against what was written down, since a person last confirmed it
    or (`all_of_it`) from its beginning.

    After an upgrade the recognition key is asked for, and what was written down before goes under
    it too.
    """
    try:
        written = checkpoints.read()  # before the chain, which only grows
    except ConfigError as error:
        return Chain(events=store.events(), faults=(str(error),))
    events = store.events()
    known_by = key() if any(event.kind is EventKind.RELINKED for event in events) else b""
    checkpoints.replace(Replaced(events, known_by).under_key(written))
    first = None if all_of_it else min(written, key=lambda one: one.length, default=None)
    return Chain(
        events=events,
        faults=(
            *checkpoints.faults(begun=bool(events)),
            *chain_faults(events, written, confirmed=first, key=known_by),
        ),
    )
