"""When something is due again and again, by a wall clock: `hourly`, `Tuesday 07:00`, `monthly`."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

EXAMPLES = '"hourly", "daily 04:30", "Tuesday 07:00", "monthly", "monthly 15 08:00" or "never"'
EARLY = time(8)  # where no time is said
DAYS = tuple(name.lower() for name in calendar.day_name)
_WORDS = re.compile(
    r"(?P<every>[a-z]+)(?: (?P<day>\d{1,2}))?(?: (?P<hour>\d{1,2}):(?P<minute>\d\d))?"
)


class Every(StrEnum):
    """How often."""

    NEVER = "never"
    HOUR = "hourly"
    DAY = "daily"
    WEEK = "weekly"
    MONTH = "monthly"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """`at` is a time of the wall clock; `day` counts from Monday 0 in a week, from 1 in a month.

    A time that the clock leaves out in spring is an hour later on that day; one that it shows twice
    in autumn counts once, the first time. A day that a month lacks is its last one.
    """

    every: Every
    at: time = EARLY
    day: int = 0

    def next_after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the first time that it is due after that moment, in UTC; None for never."""
        if self.every is Every.NEVER:
            return None
        if self.every is Every.HOUR:
            return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _HOUR
        day = moment.astimezone(zone).date() - _DAY
        while (due := self._on(day, zone)) is None or due <= moment:
            day += _DAY
        return due

    def last_until(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the last time that it was due, at that moment or before; None for never."""
        if self.every is Every.NEVER:
            return None
        if self.every is Every.HOUR:
            return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        day = moment.astimezone(zone).date() + _DAY
        while (due := self._on(day, zone)) is None or due > moment:
            day -= _DAY
        return due

    def _on(self, day: date, zone: ZoneInfo) -> datetime | None:
        """When it is due on that day, if it is."""
        if self.every is Every.WEEK and day.weekday() != self.day:
            return None
        if self.every is Every.MONTH:
            last = calendar.monthrange(day.year, day.month)[1]
            if day.day != min(self.day, last):
                return None
        return datetime.combine(day, self.at, zone).astimezone(UTC)


_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def parse_rhythm(text: str) -> Rhythm:
    """Return what the words say. ValueError, in words for people, where they say nothing."""
    words = _WORDS.fullmatch(" ".join(text.lower().split()))
    if words is None:
        raise ValueError(f"{text!r} is no rhythm")
    every, day, hour, minute = words["every"], words["day"], words["hour"], words["minute"]
    if every in DAYS:
        kind, number = Every.WEEK, DAYS.index(every)
    elif every in (Every.NEVER, Every.HOUR, Every.DAY, Every.MONTH):
        kind, number = Every(every), int(day or 1) if every == Every.MONTH else 0
    else:
        raise ValueError(f"{text!r} is no rhythm")
    if day is not None and kind is not Every.MONTH:
        raise ValueError(f"{text!r} has a day of the month, which only monthly can")
    if kind is Every.MONTH and not 1 <= number <= 31:
        raise ValueError(f"no month has a day {number}")
    if hour is None:
        return Rhythm(every=kind, day=number)
    if kind in (Every.NEVER, Every.HOUR):
        raise ValueError(f"{text!r} cannot have a time")
    if int(hour) > 23 or int(minute) > 59:
        raise ValueError(f"there is no time {hour}:{minute}")
    return Rhythm(every=kind, day=number, at=time(int(hour), int(minute)))
