from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.cli.moment import MOMENT, next_moment
from newsletter.errors import UsageError

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "now", "begins"),
    [
        ("18:00", "2026-11-20 09:00", "2026-11-21 02:00"),
        ("18:00", "2026-11-21 02:00", "2026-11-22 02:00"),
        ("2026-11-25 18:00", "2026-11-20 09:00", "2026-11-26 02:00"),
        ("2026-11-25T18:00", "2026-11-20 09:00", "2026-11-26 02:00"),
        # The clocks go back at 02:00 on 2026-11-01: that night has two half past one.
        ("18:00", "2026-11-01 06:00", "2026-11-02 02:00"),
        ("01:30", "2026-11-01 08:00", "2026-11-01 08:30"),
        ("01:30", "2026-11-01 08:40", "2026-11-01 09:30"),
        ("01:30", "2026-11-01 09:40", "2026-11-02 09:30"),
        # They go forward at 02:00 on 2026-03-08.
        ("08:00", "2026-03-08 08:00", "2026-03-08 15:00"),
        ("02:30", "2026-03-08 09:00", "2026-03-09 09:30"),
    ],
)
def test_a_send_begins_the_next_time_that_the_clock_shows_what_was_typed(
    typed: str, now: str, begins: str
) -> None:
    read = MOMENT.convert(typed, None, None)
    assert next_moment(read, LOS_ANGELES, utc(now)).astimezone(UTC) == utc(begins)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("2025-11-25 18:00", "18:00 has already passed"),
        ("2026-11-20 00:59", "00:59 has already passed"),
        ("2027-03-14 02:30", r"02:30 does not exist that day \(clocks change\)"),
    ],
)
def test_a_time_that_is_over_or_skipped_is_refused(typed: str, message: str) -> None:
    """A slip in the date would mail everyone at once."""
    read = MOMENT.convert(typed, None, None)
    with pytest.raises(UsageError, match=f"^{message}$"):
        next_moment(read, LOS_ANGELES, utc("2026-11-20 09:00"))
