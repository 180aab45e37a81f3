"""What is to be told of what is so: the same facts, the same reminders."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.jobs.telling.decide import (
    IssueAtWork,
    about_consents,
    about_feeds,
    about_issue,
    about_jobs,
    about_send,
    about_sources,
    about_stories,
)
from newsletter.members.health import health_of
from newsletter.model.delivery import DeliveryState, Send, SendState, Tally
from newsletter.model.issue import Approval
from newsletter.model.job import JobRun, Task
from newsletter.model.ledger import UncertainDelivery
from newsletter.model.pulling import FeedResult, FeedState
from newsletter.model.reminder import Reminder, ReminderKind
from newsletter.model.rhythm import parse_rhythm
from newsletter.sending.changed_sources import ChangedPiece
from newsletter.sending.results.audit import Audit
from tests.members.test_health import FAILING, MEMBER, NOW, URL

ZONE = ZoneInfo("America/Los_Angeles")
ISSUE = "2026-W49"
TUESDAY = datetime(2026, 12, 1, 15, tzinfo=UTC)
WEDNESDAY = datetime(2026, 12, 2, 17, tzinfo=UTC)  # 9:00 in Los Angeles
UNKNOWN = UncertainDelivery(
    delivery_id=1, subscriber_id=1, address="a@x.example", since=TUESDAY, reason="cut off"
)


def audited(
    state: SendState, *problems: str, uncertain: int = 0, waiting: int = 0
) -> dict[ReminderKind, Reminder]:
    send = Send(
        id=1,
        issue_id=ISSUE,
        state=state,
        digest="d",
        frozen_at=TUESDAY,
        candidates=9,
        audience=9,
        excluded=0,
        finished_at=WEDNESDAY if state is SendState.FINISHED else None,
    )
    states = {DeliveryState.ACCEPTED: 8, DeliveryState.REFUSED: 1, DeliveryState.WAITING: waiting}
    tally = Tally(states=states, exclusions={}, twice=0, abandoned=0)
    audit = Audit(
        send=send,
        tally=tally,
        problems=problems,
        uncertain=(UNKNOWN,) * uncertain,
        settlements=(),
    )
    since = WEDNESDAY - timedelta(hours=1)
    told = about_send(audit, still_since=since, zone=ZONE, now=WEDNESDAY)
    return {one.key.kind: one for one in told}


def test_a_send_that_is_done_and_adds_up_is_told_with_its_numbers() -> None:
    (kind,) = told = audited(SendState.FINISHED)
    assert kind is ReminderKind.SENT
    assert told[kind].said == {"issue": ISSUE, "taken": 8, "people": 9}
    assert told[kind].key.period == "2026-12-02"


@pytest.mark.parametrize(
    ("state", "what"),
    [
        (SendState.FINISHED, "sums"),
        (SendState.PAUSED, "paused"),
        (SendState.STOPPED, "stopped"),
        (SendState.RUNNING, "idle"),
    ],
)
def test_a_send_with_problems_is_told_by_what_it_is(state: SendState, what: str) -> None:
    (kind,) = told = audited(state, "2 people still wait", waiting=2)
    assert kind is ReminderKind.SEND_TROUBLE
    assert (told[kind].said["what"], told[kind].said["waiting"]) == (what, 2)
    assert told[kind].grace


def test_a_pause_after_others_got_it_is_news() -> None:
    keys = {
        audited(SendState.PAUSED, "p", waiting=n)[ReminderKind.SEND_TROUBLE].key for n in (2, 3)
    }
    assert len(keys) == 2


def test_uncertain_people_are_told_once_the_send_stands_still() -> None:
    assert set(audited(SendState.FINISHED, uncertain=2)) == {ReminderKind.UNCERTAIN}
    assert set(audited(SendState.CANCELLED, uncertain=2)) == {ReminderKind.UNCERTAIN}
    assert set(audited(SendState.RUNNING, uncertain=2)) == set()


def of_issue(
    *approved_by: tuple[str, str], drafted: datetime | None = TUESDAY, required: int = 2
) -> IssueAtWork:
    approvals = tuple(
        Approval(issue_id=ISSUE, editor=editor, digest=digest, approved_at=TUESDAY)
        for editor, digest in approved_by
    )
    return IssueAtWork(issue_id=ISSUE, drafted_at=drafted, approvals=approvals, required=required)


def told_of(issue: IssueAtWork, *, now: datetime, remind: str = "Wednesday 09:00") -> list[tuple]:
    reminders = about_issue(issue, remind=parse_rhythm(remind), zone=ZONE, now=now)
    return [(one.key.kind, sorted(one.not_to)) for one in reminders]


DRAFT, APPROVAL = (ReminderKind.DRAFT, []), (ReminderKind.APPROVAL, [])


def test_a_draft_is_ready_and_an_approval_wanted_when_it_is_time() -> None:
    assert told_of(of_issue(drafted=None), now=WEDNESDAY) == []
    assert told_of(of_issue(), now=WEDNESDAY - timedelta(seconds=1)) == [DRAFT]
    assert told_of(of_issue(), now=WEDNESDAY) == [DRAFT, APPROVAL]
    assert told_of(of_issue(), now=WEDNESDAY, remind="never") == [DRAFT]


def test_a_reminder_of_before_the_draft_or_of_another_week_says_nothing() -> None:
    late = of_issue(drafted=WEDNESDAY + timedelta(hours=1))
    assert told_of(late, now=WEDNESDAY + timedelta(days=1)) == [DRAFT]
    assert told_of(of_issue(), now=WEDNESDAY + timedelta(days=7)) == [DRAFT]


def test_the_second_approval_is_wanted_of_the_others_at_once() -> None:
    assert told_of(of_issue(("Ana", "d")), now=TUESDAY) == [(ReminderKind.APPROVAL, ["Ana"])]
    assert told_of(of_issue(("Ana", "d"), ("Bo", "d")), now=WEDNESDAY) == []
    assert told_of(of_issue(("Ana", "d"), ("Bo", "e")), now=TUESDAY) == [
        (ReminderKind.APPROVAL, ["Bo"])
    ]
    assert told_of(of_issue(("Ana", "d"), required=1), now=WEDNESDAY) == []


def test_a_piece_is_told_again_when_it_changes_once_more() -> None:
    piece = ChangedPiece(ISSUE, "k3f9", "March", "was edited at its source")
    other = piece._replace(what="was cancelled at its source")
    assert len({one.key for one in about_sources([piece, piece, other])}) == 2


def test_stories_are_told_by_the_day_and_nothing_of_them() -> None:
    days = [date(2026, 12, 1), date(2026, 11, 30), date(2026, 12, 1)]
    told = list(about_stories(days))
    assert [one.key.period for one in told] == ["2026-11-30", "2026-12-01"]
    assert all(one.said == {} and one.key.about == "" for one in told)


def test_consents_are_counted_by_the_day_on_which_they_end() -> None:
    told = list(about_consents([date(2026, 12, 24), date(2026, 12, 31), date(2026, 12, 24)]))
    assert [(one.key.period, one.said["stories"]) for one in told] == [
        ("2026-12-24", 2),
        ("2026-12-31", 1),
    ]


def hours(number: float) -> datetime:
    return NOW - timedelta(hours=number)


SILENT = replace(FAILING, last_new_at=hours(24 * 90), newest_entry_at=hours(24 * 90))


@pytest.mark.parametrize(
    ("state", "is_told"),
    [
        (replace(FAILING, failing_since=hours(24)), True),
        (replace(FAILING, failing_since=hours(6)), False),  # the same day
        (replace(FAILING, failing_since=hours(24), last_pulled_at=hours(23)), False),
        (replace(FAILING, failing_since=hours(24 * 90)), True),
        (replace(FAILING, result=FeedResult.WAITING, failing_since=hours(48)), False),
        (
            replace(FAILING, result=FeedResult.GONE, gone_at=hours(30), last_pulled_at=hours(30)),
            True,
        ),
        (replace(FAILING, result=FeedResult.UNCHANGED), False),
        (SILENT, False),
    ],
)
def test_a_feed_is_told_when_it_fails_on_a_second_day(state: FeedState, is_told: bool) -> None:
    members = [health_of(MEMBER, {URL: state}, (), now=NOW)]
    told = list(about_feeds(members, {URL: state.last_pulled_at}, zone=ZONE, now=NOW))
    assert bool(told) == is_told


def test_a_feed_that_failed_an_hour_before_midnight_has_not_failed_for_two_days() -> None:
    began = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)  # 23:30 in Los Angeles
    state = replace(FAILING, failing_since=began, last_pulled_at=began + timedelta(hours=1))
    members = [health_of(MEMBER, {URL: state}, (), now=NOW)]
    assert not list(about_feeds(members, {URL: state.last_pulled_at}, zone=ZONE, now=NOW))


def a_run(task: Task, error: str) -> JobRun:
    return JobRun(id=1, task=task, due_at=TUESDAY, error=error)


def test_a_job_is_told_once_until_it_has_gone_well() -> None:
    task = Task(name="pull", key="x.example")
    failed = [a_run(task, "no"), a_run(task, "still no")]
    keys = [one.key for last in ({}, {task: TUESDAY}) for one in about_jobs(failed, last)]
    assert len(set(keys)) == 2
    assert {key.about for key in keys} == {"pull x.example"}


def test_a_send_that_failed_is_told_as_a_send_alone() -> None:
    send = Task(name="send", key="2026-W47:1")
    assert list(about_jobs([a_run(send, "4 people may have got it")], {})) == []
