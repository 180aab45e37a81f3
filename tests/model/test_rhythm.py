"""When something is due by a wall clock, also where the clock is changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.model.rhythm import parse_rhythm

NEW_YORK, SANTIAGO = ZoneInfo("America/New_York"), ZoneInfo("America/Santiago")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(words: str, first: str, count: int, zone: ZoneInfo = NEW_YORK) -> list[str]:
    """The next times, by the wall clock and by UTC."""
    rhythm, moment, seen = parse_rhythm(words), utc(first), []
    for _ in range(count):
        following = rhythm.next_after(moment, zone)
        assert following is not None
        assert rhythm.last_until(following, zone) == following
        moment = following
        seen.append(f"{moment.astimezone(zone):%a %d %H:%M} {moment:%H:%M}")
    return seen


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("hourly", ["Tue 24 03:00 08:00", "Tue 24 04:00 09:00"]),
        ("daily 04:30", ["Tue 24 04:30 09:30", "Wed 25 04:30 09:30"]),
        ("daily 02:29", ["Wed 25 02:29 07:29", "Thu 26 02:29 07:29"]),
        ("TUESDAY  7:00", ["Tue 24 07:00 12:00", "Tue 01 07:00 12:00"]),
        ("monday", ["Mon 30 08:00 13:00", "Mon 07 08:00 13:00"]),
        ("monthly", ["Tue 01 08:00 13:00", "Fri 01 08:00 13:00"]),
        ("monthly 31 09:00", ["Mon 30 09:00 14:00", "Thu 31 09:00 14:00"]),
    ],
)
def test_it_is_due_again_and_again(words: str, seen: list[str]) -> None:
    assert due(words, "2026-11-24 07:30", 2) == seen


def test_a_time_that_the_clock_shows_twice_counts_once() -> None:
    assert due("daily 01:30", "2026-10-31 12:00", 2) == ["Sun 01 01:30 05:30", "Mon 02 01:30 06:30"]


def test_a_time_that_the_clock_leaves_out_is_an_hour_later() -> None:
    assert due("daily 02:30", "2026-03-07 12:00", 2) == ["Sun 08 03:30 07:30", "Mon 09 02:30 06:30"]


def test_a_day_that_begins_at_one_o_clock() -> None:
    """Chile changes its clock at midnight."""
    seen = due("daily 00:00", "2026-09-05 12:00", 2, SANTIAGO)
    assert seen == ["Sun 06 01:00 04:00", "Mon 07 00:00 03:00"]


def test_each_hour_is_an_hour_whatever_the_clock_shows() -> None:
    assert [one[-5:] for one in due("hourly", "2026-11-01 04:10", 3)] == ["05:00", "06:00", "07:00"]


def test_after_a_long_sleep_only_the_last_time_counts() -> None:
    rhythm = parse_rhythm("daily 04:30")
    assert rhythm.last_until(utc("2026-11-24 09:29"), NEW_YORK) == utc("2026-11-23 09:30")


def test_never() -> None:
    rhythm = parse_rhythm("never")
    assert rhythm.next_after(utc("2026-11-24 07:30"), NEW_YORK) is None
    assert rhythm.last_until(utc("2026-11-24 07:30"), NEW_YORK) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "'' is no rhythm"),
        ("sometimes", "'sometimes' is no rhythm"),
        ("weekly", "'weekly' is no rhythm"),
        ("daily 25:00", "there is no time 25:00"),
        ("daily 7", "'daily 7' has a day of the month, which only monthly can"),
        ("hourly 07:00", "'hourly 07:00' cannot have a time"),
        ("monthly 32", "no month has a day 32"),
        ("monthly 0", "no month has a day 0"),
        ("Martes 07:00", "'Martes 07:00' is no rhythm"),
    ],
)
def test_other_words_are_refused(words: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        parse_rhythm(words)
    assert str(raised.value) == said
