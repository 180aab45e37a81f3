"""[I/O] feeds proposals: moves that were seen for days, for an editor to accept or refuse."""

from dataclasses import replace
from datetime import datetime

from newsletter.errors import UsageError
from newsletter.files import WorkspaceFiles
from newsletter.members.change import change
from newsletter.members.registry_edit import change_feed
from newsletter.model.pulling import FeedState
from newsletter.pulling.ports import FeedStore


def open_proposals(feeds: FeedStore, now: datetime) -> tuple[FeedState, ...]:
    """Return the feeds whose same all-permanent redirect was seen long enough, and not refused."""
    states = sorted(feeds.states().values(), key=lambda state: state.url)
    return tuple(state for state in states if state.is_move_ripe(now))


def accept(url: str, files: WorkspaceFiles, feeds: FeedStore) -> str:
    """Write the new address to feeds.yaml, take the feed's state along; return the new address."""
    state = _moved(url, feeds)
    change(files, lambda text: change_feed(text, url, url=state.moved_to))
    feeds.move(url, state.moved_to)
    return state.moved_to


def refuse(url: str, feeds: FeedStore) -> None:
    """Keep the address; the same move is not proposed again."""
    feeds.save([replace(_moved(url, feeds), move_refused=True)])


def _moved(url: str, feeds: FeedStore) -> FeedState:
    state = feeds.states().get(url)
    if state is None or not state.moved_to:
        raise UsageError(
            f"{url} has not moved", hint="newsletter feeds proposals lists the feeds that have"
        )
    return state
