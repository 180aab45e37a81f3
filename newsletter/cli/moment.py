"""Reads a time as it is typed: what the coalition's clock shows then."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from newsletter.errors import UsageError


class _Typed(click.DateTime):
    """A time or a day; a wrong one is an error that shows how to type it."""

    def __init__(self, formats: Sequence[str], *, like: str) -> None:
        super().__init__(formats)
        self.like = like

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, None, None)
        except click.BadParameter:
            self.fail(f"{value!r} is not a valid date or time; write it as {self.like}", param, ctx)


MOMENT = _Typed(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%H:%M"], like="18:00, or 2026-11-21 18:00")
DAY = _Typed(["%Y-%m-%d"], like="2026-11-20")
LONG = "%A, %Y-%m-%d at %H:%M %Z"
_ONLY_A_TIME = 1900  # the year that strptime gives to "18:30"


def next_moment(typed: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the next time that a clock in that zone shows this. UsageError when it never will: the
    time has passed, or it is in the hour that the clock skips in spring."""
    today = now.astimezone(zone).date()
    days = [typed.date()]
    if typed.year == _ONLY_A_TIME:
        days = [today, today + timedelta(days=1)]
    for day in days:
        for fold in (0, 1):  # in autumn the clock shows an hour twice
            wanted = datetime.combine(day, typed.time(), zone).replace(fold=fold)
            moment = wanted.astimezone(UTC)
            if moment > now and moment.astimezone(zone).time() == typed.time():
                return wanted
    exists = moment.astimezone(zone).time() == typed.time()
    raise UsageError(
        f"{typed:%H:%M} "
        + ("has already passed" if exists else "does not exist that day (clocks change)"),
        hint="--at needs a time in the future",
    )
