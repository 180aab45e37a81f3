"""What a pull says of one feed: why it was not asked, or how it went. Pure."""

from datetime import datetime

from newsletter.model.organisation import Feed
from newsletter.model.pulling import FeedOutcome, FeedResult, FeedState
from newsletter.pulling import feed_state


def skipped(
    feed: Feed,
    state: FeedState,
    blocked_until: datetime | None,
    now: datetime,
    *,
    even_if_not_due: bool,
) -> FeedOutcome | None:
    """Return why the feed is not asked now; None when it is."""
    if feed.paused:
        return outcome_of(state, FeedResult.PAUSED, "paused in feeds.yaml")
    if feed_state.is_host_blocked(blocked_until, now):
        return outcome_of(
            state,
            FeedResult.WAITING,
            f"its host asked us to wait until {blocked_until:%Y-%m-%d %H:%M} UTC",
        )
    if even_if_not_due:
        return None
    if state.gone_at is not None:
        return outcome_of(
            state, FeedResult.GONE, f"gone since {state.gone_at:%Y-%m-%d}; no longer checked"
        )
    if feed_state.is_due(state, now):
        return None
    return outcome_of(state, FeedResult.WAITING, f"due {state.next_due_at:%Y-%m-%d %H:%M} UTC")


def outcome_of(
    state: FeedState, result: FeedResult, detail: str, *, now: datetime | None = None
) -> FeedOutcome:
    """Return what the feed's line in the pull's table says."""
    is_ripe = now is not None and state.is_move_ripe(now)
    return FeedOutcome(
        organisation_id=state.organisation_id,
        feed_url=state.url,
        result=result,
        detail=detail,
        warnings=state.warnings if result.is_success else (),
        moved_to=state.moved_to if is_ripe else "",
    )
