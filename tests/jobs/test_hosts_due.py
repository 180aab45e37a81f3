"""What a worker knows without a closer look: that no feed's time has come."""

import sys
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.jobs.pull_host import hosts_due
from newsletter.model.organisation import Feed, FeedKind, Organisation
from newsletter.model.pulling import FeedState
from newsletter.wiring import Workspace

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
URL = "https://harbor.example/feed"
HOUR = timedelta(hours=1)


def asked(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_paused: bool = False,
    **times: datetime,
) -> tuple[list[str], bool]:
    """The hosts that are due of one feed with those times, and whether that took a closer look."""
    feed = Feed(url=URL, kind=FeedKind.NEWS, paused=is_paused)
    member = Organisation(
        id="harbor", name="Harbor", url="https://harbor.example", languages=("en",), feeds=(feed,)
    )
    workspace.__dict__["organisations"] = (member,)
    state = FeedState(url=URL, organisation_id="harbor", **times)  # type: ignore[arg-type]
    monkeypatch.setattr(workspace.feeds, "states", lambda: {URL: state} if times else {})
    monkeypatch.delitem(sys.modules, "newsletter.pulling.due_hosts", raising=False)
    hosts = list(hosts_due(workspace, NOW))
    return hosts, "newsletter.pulling.due_hosts" in sys.modules


@pytest.mark.parametrize(
    ("times", "is_due", "is_looked_at"),
    [
        ({}, True, True),
        ({"last_pulled_at": NOW - HOUR, "next_due_at": NOW + HOUR}, False, False),
        ({"last_pulled_at": NOW - HOUR, "next_due_at": NOW}, True, True),
        ({"last_pulled_at": NOW - HOUR}, True, True),
        ({"last_pulled_at": NOW + 9 * HOUR, "next_due_at": NOW + 10 * HOUR}, True, True),
        ({"last_pulled_at": NOW - HOUR, "next_due_at": NOW - HOUR, "gone_at": NOW}, False, False),
    ],
)
def test_a_host_is_due_by_its_feeds_times(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    times: dict[str, datetime],
    is_due: bool,
    is_looked_at: bool,
) -> None:
    assert asked(workspace, monkeypatch, **times) == (
        ["harbor.example"] if is_due else [],
        is_looked_at,
    )


def test_a_paused_feed_is_not_looked_at(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(workspace, monkeypatch, is_paused=True) == ([], False)
