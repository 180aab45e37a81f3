"""Quiet hours: by the wall clock, over midnight, on days when clocks are changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.model.reminder import NIGHT, parse_quiet_hours

ZONE = ZoneInfo("America/Los_Angeles")


def over(hours: str, moment: str) -> str:
    local = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    free = parse_quiet_hours(hours).over(local.astimezone(UTC), ZONE)
    assert free.tzinfo is UTC
    return free.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("hours", "moment", "leaves"),
    [
        ("20:00-08:00", "2026-11-30T19:59", "2026-11-30T19:59"),
        ("20:00-08:00", "2026-11-30T20:00", "2026-12-01T08:00"),
        ("20:00-08:00", "2026-12-01T00:30", "2026-12-01T08:00"),
        ("20:00-08:00", "2026-12-01T08:00", "2026-12-01T08:00"),
        ("12:00-13:30", "2026-12-01T12:45", "2026-12-01T13:30"),
        ("12:00 – 13:30", "2026-12-01T13:30", "2026-12-01T13:30"),
        ("0:00-6:00", "2026-12-01T05:59", "2026-12-01T06:00"),
        ("20:00-08:00", "2026-03-07T23:00", "2026-03-08T08:00"),  # clocks go forward at 2
        ("20:00-02:30", "2026-03-08T01:00", "2026-03-08T03:30"),  # 2:30 is left out that night
        ("20:00-08:00", "2026-10-31T23:00", "2026-11-01T08:00"),  # and back
    ],
)
def test_what_comes_in_quiet_hours_leaves_after_them(hours: str, moment: str, leaves: str) -> None:
    assert over(hours, moment) == leaves


def test_quiet_hours_read_as_they_are_written() -> None:
    assert str(NIGHT) == "20:00-08:00"
    assert parse_quiet_hours(str(NIGHT)) == NIGHT


@pytest.mark.parametrize("text", ["", "night", "20-8", "20:00", "25:00-08:00", "08:00-08:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"quiet hours|no clock|whole day"):
        parse_quiet_hours(text)
