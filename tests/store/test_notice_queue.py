"""The queue of notices, on SQLite and on PostgreSQL: numbers, and when each is due."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from newsletter.model.notice import NoticeKind, StuckNotices
from newsletter.store.notice_queue import SqlNoticeQueue

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=10)


@pytest.fixture
def queue(engine: Engine) -> SqlNoticeQueue:
    return SqlNoticeQueue(engine)


def test_what_is_due_is_taken_once_and_again_when_nothing_was_heard_of_it(
    queue: SqlNoticeQueue,
) -> None:
    queue.put(7, NoticeKind.CONFIRM, now=NOW)
    queue.put(7, NoticeKind.LINKS, now=NOW + timedelta(minutes=1))
    first = queue.take(now=NOW, lease=LEASE)
    assert first is not None
    assert (first.subscriber_id, first.kind, first.tries) == (7, NoticeKind.CONFIRM, 1)
    assert queue.take(now=NOW, lease=LEASE) is None
    again = queue.take(now=NOW + LEASE, lease=LEASE)
    assert again is not None
    assert again.kind is NoticeKind.LINKS  # due earlier
    third = queue.take(now=NOW + LEASE, lease=LEASE)
    assert third is not None
    assert (third.id, third.tries) == (first.id, 2)
    queue.put_off(third, until=NOW + timedelta(hours=3), reason="the relay is away")
    queue.drop(again)
    assert queue.take(now=NOW + timedelta(hours=2), lease=LEASE) is None
    stuck = StuckNotices(waiting=1, given_up=0, reason="the relay is away")
    assert queue.stuck(now=NOW) == stuck


def test_asking_again_makes_it_due_and_is_not_undone_by_the_try_before(
    queue: SqlNoticeQueue,
) -> None:
    queue.put(7, NoticeKind.CONFIRM, now=NOW)
    slow = queue.take(now=NOW, lease=LEASE)
    assert slow is not None
    queue.put(7, NoticeKind.CONFIRM, now=NOW + timedelta(seconds=5))
    queue.put_off(slow, until=NOW + timedelta(days=1), reason="the relay is away")
    queue.give_up(slow, now=NOW + timedelta(days=1), reason="the relay is away")
    queue.drop(slow)
    again = queue.take(now=NOW + timedelta(seconds=5), lease=LEASE)
    assert again is not None
    assert again.tries == 1
    assert queue.stuck(now=NOW) == StuckNotices(waiting=0, given_up=0, reason="")


def test_what_was_given_up_is_known_for_a_month_and_comes_back_when_asked_for(
    queue: SqlNoticeQueue,
) -> None:
    for number in (7, 8):
        queue.put(number, NoticeKind.CONFIRM, now=NOW)
        notice = queue.take(now=NOW, lease=LEASE)
        assert notice is not None
        queue.give_up(notice, now=NOW, reason="TypeError")
    month = NOW + timedelta(days=31)
    assert queue.take(now=month, lease=LEASE) is None
    assert queue.stuck(now=NOW) == StuckNotices(waiting=0, given_up=2, reason="TypeError")
    assert queue.stuck(now=month).given_up == 0
    queue.put(7, NoticeKind.CONFIRM, now=month)
    fresh = queue.take(now=month, lease=LEASE)
    assert fresh is not None
    assert fresh.tries == 1


def test_a_number_is_never_given_twice(queue: SqlNoticeQueue) -> None:
    """The log names a mail that was given up by its number alone."""
    numbers = []
    for subscriber in (7, 8):
        queue.put(subscriber, NoticeKind.CONFIRM, now=NOW)
        taken = queue.take(now=NOW, lease=LEASE)
        assert taken is not None
        numbers.append(taken.id)
        queue.drop(taken)
    assert len(set(numbers)) == 2


def test_what_is_asked_for_again_after_it_was_given_up_is_another_mail(
    queue: SqlNoticeQueue,
) -> None:
    numbers = []
    for _ in range(2):
        queue.put(7, NoticeKind.CONFIRM, now=NOW)
        taken = queue.take(now=NOW, lease=LEASE)
        assert taken is not None
        numbers.append(taken.id)
        queue.give_up(taken, now=NOW, reason="the relay is away")
    assert len(set(numbers)) == 2
