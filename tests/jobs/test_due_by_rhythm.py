"""When a job is due by a rhythm: sleeps, clocks that change or are set, schedules that do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.jobs.tick import due_by_rhythm
from newsletter.model.job import Due, Schedule
from newsletter.model.rhythm import parse_rhythm

LA = ZoneInfo("America/Los_Angeles")


class Week:
    """A job's schedule as ticks move it; `fired` are the local times at which it was due."""

    def __init__(self, rhythm: str, zone: ZoneInfo = LA) -> None:
        self.rhythm, self.zone = parse_rhythm(rhythm), zone
        self.schedule: Schedule | None = None
        self.fired: list[str] = []

    def tick(self, now: datetime, *, is_changed: bool = False) -> Due | None:
        due = due_by_rhythm(
            "job", self.rhythm, self.schedule, now=now, zone=self.zone, is_changed=is_changed
        )
        if due is not None:
            assert due.moved_from == (self.schedule.last_due_at if self.schedule else None)
            self.schedule = Schedule(name="job", last_due_at=due.due_at)
            if due.keys:
                self.fired.append(f"{due.due_at.astimezone(self.zone):%m-%d %H:%M}")
        return due

    def minutes(self, begin: datetime, end: datetime) -> None:
        while begin < end:
            self.tick(begin)
            begin += timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LA).astimezone(UTC)


def test_nothing_is_due_of_the_time_before_it_was_first_looked_at() -> None:
    week = Week("Tuesday 07:00")
    week.minutes(at("2026-11-18 12:00"), at("2026-11-18 12:10"))
    assert week.fired == []
    week.minutes(at("2026-11-24 06:58"), at("2026-11-24 07:10"))
    assert week.fired == ["11-24 07:00"]


def test_a_laptop_that_slept_over_three_times_catches_up_once() -> None:
    week = Week("daily 07:00")
    week.tick(at("2026-11-20 12:00"))
    week.minutes(at("2026-11-23 18:30"), at("2026-11-23 18:40"))
    assert week.fired == ["11-23 07:00"]
    week.minutes(at("2026-11-24 06:59"), at("2026-11-24 07:03"))
    assert week.fired == ["11-23 07:00", "11-24 07:00"]


@pytest.mark.parametrize(
    ("rhythm", "day", "fired"),
    [
        ("daily 01:30", "2026-11-01", ["11-01 01:30"]),  # the clock shows it twice
        ("daily 02:30", "2026-03-08", ["03-08 03:30"]),  # and leaves it out
        ("daily 04:00", "2026-11-01", ["11-01 04:00"]),
    ],
)
def test_it_is_due_once_on_days_when_clocks_change(rhythm: str, day: str, fired: list[str]) -> None:
    week = Week(rhythm)
    begin = at(f"{day} 00:00")
    week.minutes(begin, begin + timedelta(hours=12))
    assert week.fired == fired


def test_every_hour_means_every_hour_when_clocks_change() -> None:
    for day in ("2026-11-01", "2026-03-08"):
        week = Week("hourly")
        begin = at(f"{day} 00:00")
        week.tick(begin)
        week.minutes(begin + timedelta(minutes=1), begin + timedelta(hours=5, minutes=1))
        assert len(week.fired) == 5


def test_a_clock_that_is_set_back_makes_nothing_come_twice() -> None:
    week = Week("daily 07:00")
    week.minutes(at("2026-11-20 06:50"), at("2026-11-20 07:20"))
    week.minutes(at("2026-11-20 06:40"), at("2026-11-20 08:00"))
    assert week.fired == ["11-20 07:00"]
    week.minutes(at("2026-11-21 06:50"), at("2026-11-21 07:20"))
    assert week.fired == ["11-20 07:00", "11-21 07:00"]


@pytest.mark.parametrize("rhythm", ["hourly", "daily 07:00"])
def test_a_clock_that_was_far_ahead_holds_nothing_up_for_long(rhythm: str) -> None:
    week = Week(rhythm)
    week.tick(at("2031-01-01 12:00"))
    week.tick(at("2031-01-02 12:00"))
    week.fired.clear()
    week.minutes(at("2026-11-20 06:30"), at("2026-11-20 07:30"))
    assert week.fired == ["11-20 07:00"]


def test_a_changed_rhythm_counts_from_now_on() -> None:
    week = Week("monthly 1 08:00")
    week.tick(at("2026-11-01 07:59"))
    week.tick(at("2026-11-01 08:00"))
    week.rhythm = parse_rhythm("monthly 15 08:00")
    week.tick(at("2026-11-20 12:00"), is_changed=True)
    week.minutes(at("2026-11-20 12:01"), at("2026-11-20 12:05"))
    assert week.fired == ["11-01 08:00"], "not twice in a month"
    week.tick(at("2026-12-15 08:01"))
    assert week.fired == ["11-01 08:00", "12-15 08:00"]


def test_never_is_never() -> None:
    week = Week("never")
    assert week.tick(at("2026-11-20 12:00")) is None
