"""When a feed is due again: the sums, without a server."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from newsletter.pulling.schedule import after_failure, freshness, next_due, retry_after, skipping

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)  # a Friday
HOUR = timedelta(hours=1)


def http(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "hours"),
    [
        ({"cache-control": "public, max-age=7200"}, 2),
        ({"cache-control": 'max-age="7200"'}, 2),
        ({"cache-control": "max-age=7200", "age": "3600"}, 1),
        ({"cache-control": "max-age=7200", "age": "9000"}, 0),
        ({"cache-control": "s-maxage=7200"}, None),
        ({"cache-control": "no-cache, max-age=7200"}, None),
        ({"cache-control": "no-store", "expires": http(NOW + HOUR)}, None),
        ({"cache-control": "max-age=7200", "expires": http(NOW)}, 2),
        ({"expires": http(NOW + 3 * HOUR), "date": http(NOW + HOUR)}, 2),
        ({"expires": http(NOW + HOUR)}, 1),
        ({"expires": http(NOW - HOUR)}, 0),
        ({"expires": "0"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_stays_fresh(headers: Mapping[str, str], hours: int | None) -> None:
    assert freshness(headers, NOW) == (None if hours is None else hours * HOUR)


@pytest.mark.parametrize(
    ("asked", "least"),
    [
        ({}, HOUR),
        ({"has_validators": False}, 24 * HOUR),
        ({"has_validators": False, "period": 2 * HOUR}, 24 * HOUR),
        ({"period": timedelta(minutes=5)}, HOUR),
        ({"period": 5 * HOUR}, 5 * HOUR),
        ({"period": 5 * HOUR, "headers": {"cache-control": "max-age=25200"}}, 7 * HOUR),
        ({"headers": {"cache-control": "max-age=99999999"}}, timedelta(days=7)),
    ],
)
def test_an_hour_or_a_day_or_as_long_as_is_asked_for_up_to_a_week(
    asked: dict[str, object], least: timedelta
) -> None:
    waits = [
        next_due(**{"headers": {}, **asked}, url=f"https://{n}.example", now=NOW) - NOW  # type: ignore[arg-type]
        for n in range(50)
    ]
    assert least <= min(waits) < max(waits) < least * 1.1, "and a little, each its own"


@pytest.mark.parametrize(
    ("hours", "days", "due"),
    [
        (set(), set(), NOW),
        ({12}, set(), NOW.replace(hour=13, minute=0)),
        ({12, 13, 14}, set(), NOW.replace(hour=15, minute=0)),
        ({23}, set(), NOW),
        (set(), {4}, NOW.replace(day=21, hour=0, minute=0)),
        ({0, 1}, {4, 5, 6}, NOW.replace(day=23, hour=2, minute=0)),
        (set(range(24)), set(), NOW),
        (set(), set(range(7)), NOW),
    ],
)
def test_hours_and_days_that_a_feed_skips(hours: set[int], days: set[int], due: datetime) -> None:
    assert skipping(NOW, frozenset(hours), frozenset(days)) == due


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 0 ", timedelta()),
        ("999999999", 24 * HOUR),
        (http(NOW + 2 * HOUR), 2 * HOUR),
        (http(NOW + 48 * HOUR), 24 * HOUR),
        (http(NOW - HOUR), None),
        ("-5", None),
        ("soon", None),
        ("9999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_up_to_a_day(value: str, wait: timedelta | None) -> None:
    assert retry_after(value, NOW) == (None if wait is None else NOW + wait)


def test_failures_wait_twice_as_long_each_time_up_to_a_day() -> None:
    waits = [after_failure(url="x", now=NOW, failures=number) - NOW for number in range(1, 2000)]
    shares = [wait / least for wait, least in zip(waits, (HOUR, 2 * HOUR, 4 * HOUR), strict=False)]
    assert max(shares) - min(shares) < 1e-6
    assert 24 * HOUR <= waits[-1] < 26.4 * HOUR
