"""What an issue may be made of."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.issues.choosing.history import IssueHistory, PastIssue
from newsletter.issues.choosing.pool import Window, eligible
from newsletter.model.item import Event, Item, ItemKind
from tests.issues.choosing.samples import NOW, item

ZONE = ZoneInfo("America/Los_Angeles")
SENDS_ON = date(2026, 11, 20)


def why(one: Item, since: datetime | None = None, offered: frozenset[str] = frozenset()) -> str:
    window = Window(since=lambda _: since, sends_on=SENDS_ON, zone=ZONE, offered=offered)
    chosen, refused = eligible([one], window)
    assert bool(chosen) is not bool(refused)
    return refused.get(one.id, "")


def event(starts: datetime | date, **changes: object) -> Item:
    when = Event(starts=starts, **changes)  # type: ignore[arg-type]
    return item("e1", kind=ItemKind.EVENT, event=when, is_backlog=True)


def test_news_since_the_last_issue_is_eligible() -> None:
    assert why(item("n1", first_seen_at=NOW), NOW - timedelta(seconds=1)) == ""
    assert why(item("n1", first_seen_at=NOW), NOW).startswith("seen before the last issue")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"hidden": True}, "hidden by an editor"),
        ({"withdrawn_at": NOW}, "withdrawn at its source"),
        ({"is_backlog": True}, "was already in the feed when it was first pulled, undated"),
        (
            {"is_backlog": True, "unreadable_date": "1 Foo 2020"},
            "was already in the feed when it was first pulled, date unreadable",
        ),
        (
            {"is_backlog": True, "published_at": NOW - timedelta(days=90, hours=2)},
            "dated 2026-08-22, 90 days before it was first seen: an archive",
        ),
        (
            {"is_backlog": True, "published_at": NOW, "first_published_at": NOW},
            "was taken for an archive when it was first seen",
        ),
    ],
)
def test_each_refusal_says_why(changes: dict[str, object], reason: str) -> None:
    assert why(item("n1", **{"first_seen_at": NOW} | changes)) == reason


def test_what_was_offered_before_is_not_offered_again() -> None:
    assert why(item("n1"), offered=frozenset({"n1"})) == "offered in an earlier issue"


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (event(datetime(2026, 11, 21, 18, tzinfo=UTC)), ""),
        (event(datetime(2026, 11, 20, 7, tzinfo=UTC)), "over before the issue is sent"),
        (event(datetime(2026, 11, 20, 8, tzinfo=UTC)), ""),
        (event(date(2026, 11, 19)), "over before the issue is sent"),
        (event(date(2026, 11, 18), ends=date(2026, 11, 20)), "over before the issue is sent"),
        (event(date(2026, 11, 18), ends=date(2026, 11, 21)), ""),
        (event(date(2026, 12, 25)), ""),
        (event(date(2026, 12, 26)), "more than 35 days ahead"),
        (event(date(2026, 11, 21), cancelled=True), "cancelled"),
    ],
)
def test_events_count_by_their_own_dates_on_the_coalitions_calendar(one: Item, reason: str) -> None:
    assert why(one, NOW) == reason


def past(week: int, *used: str) -> PastIssue:
    return PastIssue(
        issue_id=f"2026-W{week}", drafted_at=NOW + timedelta(weeks=week), used=frozenset(used)
    )


def test_who_could_not_be_placed_has_its_earlier_pieces_count_again() -> None:
    history = IssueHistory(issues=(past(3, "a"), past(2, "a", "b"), past(1, "c")))
    assert history.since("a", at_most=4) == NOW + timedelta(weeks=3)
    assert history.since("b", at_most=4) == NOW + timedelta(weeks=2)
    assert history.since("b", at_most=0) == NOW + timedelta(weeks=3)
    assert history.since("c", at_most=4) == NOW + timedelta(weeks=1)
    assert history.since("c", at_most=1) == NOW + timedelta(weeks=2)
    assert history.since("d", at_most=4) is None
    assert history.since(None, at_most=4) == NOW + timedelta(weeks=3)


def test_waiting_counts_the_issues_in_a_row_that_one_could_have_been_in() -> None:
    def could(*eligible: str, used: tuple[str, ...] = ()) -> PastIssue:
        return PastIssue(
            issue_id="x", drafted_at=NOW, used=frozenset(used), eligible=frozenset(eligible)
        )

    history = IssueHistory(issues=(could("a", "b"), could("a"), could("a", "b", used=("a",))))
    assert [history.waited(one) for one in "abc"] == [2, 1, 0]
