"""Mails to editors, on SQLite and on PostgreSQL: each once, whoever asks at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from newsletter.model.reminder import ReminderKey, ReminderKind, StuckReminders, WantedMail
from newsletter.store.reminders import SqlReminders

NOW = datetime(2026, 11, 30, 17, 42, 5, tzinfo=UTC)
LEASE = timedelta(minutes=2)
DRAFT = ReminderKey(ReminderKind.DRAFT, "2026-W49")
SENT = ReminderKey(ReminderKind.SENT, "2026-W49", "2026-12-03")


@pytest.fixture
def kept(engine: Engine) -> SqlReminders:
    return SqlReminders(engine)


def add(kept: SqlReminders, *keys: ReminderKey, editor: str = "Ana") -> list[int]:
    kept.add([WantedMail(key, editor, NOW) for key in keys], now=NOW)
    return [one.id for one in kept.due(now=NOW)]


def test_the_same_thing_is_kept_once_for_an_editor(kept: SqlReminders) -> None:
    add(kept, DRAFT, DRAFT)
    add(kept, DRAFT, DRAFT._replace(period="again"))
    add(kept, DRAFT, editor="Bo")
    assert [(one.key.period, one.editor) for one in kept.due(now=NOW)] == [
        ("", "Ana"),
        ("again", "Ana"),
        ("", "Bo"),
    ]
    assert (DRAFT, "Bo") in kept.known()


def test_what_was_mailed_is_known_and_not_due(kept: SqlReminders) -> None:
    ids = add(kept, DRAFT)
    kept.mark_sent(ids, now=NOW)
    add(kept, DRAFT)
    assert kept.due(now=NOW + timedelta(days=300)) == ()
    assert kept.known() == {(DRAFT, "Ana")}


def test_a_mail_is_taken_by_one_and_is_due_again_if_that_one_died(kept: SqlReminders) -> None:
    ids = add(kept, DRAFT, SENT)
    assert kept.take(ids, now=NOW, lease=LEASE) == set(ids)
    assert kept.take(ids, now=NOW, lease=LEASE) == set()
    assert kept.due(now=NOW + LEASE - timedelta(seconds=1)) == ()
    assert [one.tries for one in kept.due(now=NOW + LEASE)] == [1, 1]


def test_of_many_that_take_at_once_each_mail_is_one_ones(kept: SqlReminders) -> None:
    keys = [DRAFT._replace(period=str(number)) for number in range(20)]
    ids = add(kept, *keys)
    begin = Barrier(6)

    def take(start: int) -> list[int]:
        begin.wait()
        mine = ids[start:] + ids[:start]  # in another order, one by one
        return [one for id_ in mine for one in kept.take([id_], now=NOW, lease=LEASE)]

    with ThreadPoolExecutor(6) as pool:
        taken = [one for some in pool.map(take, range(0, 18, 3)) for one in some]
    assert sorted(taken) == ids


def test_a_mail_that_failed_waits_and_is_given_up_in_the_end(kept: SqlReminders) -> None:
    (first, second) = add(kept, DRAFT, SENT)
    kept.put_off([first], until=NOW + timedelta(hours=1), reason="the server is away")
    kept.give_up([second], now=NOW, reason="550 no such user")
    assert kept.due(now=NOW) == ()
    assert [one.id for one in kept.due(now=NOW + timedelta(hours=1))] == [first]
    assert kept.stuck(now=NOW) == (StuckReminders("Ana", 1, 1, "550 no such user"),)
    late = NOW + timedelta(days=31)
    assert kept.stuck(now=late) == (StuckReminders("Ana", 1, 0, "the server is away"),)
    kept.mark_sent([first], now=late)
    assert kept.stuck(now=late) == ()


def test_what_is_not_so_any_more_is_forgotten_and_may_come_again(kept: SqlReminders) -> None:
    kept.drop(add(kept, DRAFT))
    assert kept.known() == frozenset()
    assert len(add(kept, DRAFT)) == 1


def test_nothing_changes_a_mail_that_left(kept: SqlReminders) -> None:
    ids = add(kept, DRAFT)
    kept.mark_sent(ids, now=NOW)
    kept.drop(ids)
    kept.give_up(ids, now=NOW, reason="late")
    kept.put_off(ids, until=NOW, reason="late")
    assert kept.known() == {(DRAFT, "Ana")}
    assert kept.stuck(now=NOW) == ()


def test_of_a_story_no_moment_finer_than_a_day_is_kept(kept: SqlReminders, engine: Engine) -> None:
    key = ReminderKey(ReminderKind.STORIES, period="2026-11-30")
    kept.add([WantedMail(key, "Ana", NOW.replace(minute=0, second=0))], now=NOW)
    ids = [one.id for one in kept.due(now=NOW)]
    kept.take(ids, now=NOW, lease=LEASE)
    kept.mark_sent(ids, now=NOW)
    columns = "made_at, due_at, sent_at"
    with engine.connect() as connection:
        row = connection.execute(text(f"SELECT {columns} FROM reminders")).one()
    assert all("00:00:00" in str(moment) for moment in row)


def test_old_mails_are_forgotten(kept: SqlReminders) -> None:
    kept.mark_sent(add(kept, DRAFT), now=NOW)
    kept.add([WantedMail(SENT, "Ana", NOW)], now=NOW + timedelta(days=1))
    kept.delete_old(now=NOW + timedelta(days=400, seconds=1))
    assert kept.known() == {(SENT, "Ana")}
