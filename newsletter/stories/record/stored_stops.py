"""What the database says was taken back, asked only while it may be believed. [I/O]"""

from collections.abc import Callable, Sequence

from newsletter.errors import AttentionError, ConfigError
from newsletter.model.consent import Revocation
from newsletter.model.submission import StoryEvent
from newsletter.stories.ports import StoryStore
from newsletter.stories.record.checkpoint_file import CheckpointFile
from newsletter.stories.record.hash_chain import chain_faults, chain_stops

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
    ) -> None:
        self._open_store = open_store
        self._checkpoints = checkpoints
        self._insist = insist
        self._seen: object = None
        self._stops: tuple[Revocation, ...] = ()

    def __call__(self) -> tuple[Revocation, ...]:
        """Return them. AttentionError when the chain is older than what was written down, was
        changed, or what was written down is gone: until a person confirms nothing is answered."""
        self._insist()
        store = self._open_store()
        written = self._checkpoints.stamp()  # before the chain, which only grows
        seen = (written, store.head(), store.revocations())
        if seen != self._seen:
            events = store.events()
            faults = doubts(events, self._checkpoints)
            if faults:
                raise AttentionError(
                    f"the record of consents cannot be trusted: {faults[0]}",
                    hint=f"if a backup was restored, {CONFIRM} goes on from what is left; "
                    "newsletter state show tells what that is",
                )
            self._stops = (*seen[2], *chain_stops(events, seen[2]))
            self._seen = seen
        return self._stops


def doubts(
    events: Sequence[StoryEvent], checkpoints: CheckpointFile, *, all_of_it: bool = False
) -> tuple[str, ...]:
    """Return why the chain cannot be trusted since a person last confirmed it, or since it began
    (`all_of_it`)."""
    try:
        written = checkpoints.read()
    except ConfigError as error:
        return (str(error),)
    first = None if all_of_it else min(written, key=lambda one: one.length, default=None)
    return (
        *checkpoints.faults(begun=bool(events)),
        *chain_faults(events, written, confirmed=first),
    )
