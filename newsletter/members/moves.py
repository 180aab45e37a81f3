"""[I/O] feeds proposals: moves that were seen for days, for an editor to accept or refuse."""

from dataclasses import replace
from datetime import datetime

from newsletter.errors import UsageError
from newsletter.files import WorkspaceFiles
from newsletter.members.change import FILE, change
from newsletter.members.registry_edit import change_feed
from newsletter.model.pulling import FeedState
from newsletter.pulling.feed_state import is_move_ripe
from newsletter.pulling.ports import FeedStore


def open_proposals(memory: FeedStore, now: datetime) -> tuple[FeedState, ...]:
    """Feeds whose same all-permanent redirect was seen long enough, and not refused."""
    return tuple(
        state
        for state in sorted(memory.states().values(), key=lambda one: one.url)
        if is_move_ripe(state, now)
    )


def accept(url: str, files: WorkspaceFiles, memory: FeedStore) -> str:
    """Write the new address to feeds.yaml, and take the feed's memory along; the new address."""
    state = _moved(url, memory)
    change(files, lambda text: change_feed(text, url, file=FILE, url=state.moved_to))
    memory.move(url, state.moved_to)
    return state.moved_to


def refuse(url: str, memory: FeedStore) -> None:
    """Keep the address; the same move is not proposed again."""
    memory.save([replace(_moved(url, memory), move_refused=True)])


def _moved(url: str, memory: FeedStore) -> FeedState:
    state = memory.states().get(url)
    if state is None or not state.moved_to:
        raise UsageError(
            f"no move is known of {url}", hint="newsletter feeds proposals shows those that are"
        )
    return state
