"""A time as it is typed: what the coalition's clock shows then."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from newsletter.errors import UsageError

MOMENT = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%H:%M"])
_ONLY_A_TIME = 1900  # the year that strptime gives to "18:30"


def next_moment(typed: datetime, zone: ZoneInfo, now: datetime) -> datetime:
    """The next time that a clock in that zone shows this. UsageError when it never will: the time
    is over, or it is in the hour that the clock skips in spring."""
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
    raise UsageError(
        f"no clock in {zone.key} will show {typed:%H:%M} on {days[-1]}",
        hint="--at takes a time to come; without it the send begins at once",
    )
