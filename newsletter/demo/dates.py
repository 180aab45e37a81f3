"""Dates in the demo's feeds and in its editors' work stand as `{{rss -2d 09:15}}`: always fresh."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

_TOKEN = re.compile(
    r"\{\{(?P<form>rss|iso|utc|local|day|date) (?:(?P<count>[+-]\d+)(?P<unit>[dh])|saturday)"
    r"(?: (?P<hour>\d\d):(?P<minute>\d\d))?\}\}"
)
_LATER = re.compile(r"\{\{later\}\}(.*?)\{\{end\}\}", re.DOTALL)

_FORMS: dict[str, Callable[[datetime], str]] = {
    "rss": format_datetime,
    "iso": lambda moment: moment.isoformat(timespec="seconds"),
    "utc": lambda moment: moment.astimezone(ZoneInfo("UTC")).strftime("%Y%m%dT%H%M%SZ"),
    "local": lambda moment: moment.strftime("%Y%m%dT%H%M%S"),
    "date": lambda moment: moment.date().isoformat(),
    "day": lambda moment: moment.strftime("%Y%m%d"),
}


def fill(text: str, *, now: datetime, timezone: ZoneInfo, later: bool) -> str:
    """Replace every date token in the text; `{{later}}…{{end}}` parts only when `later`.

    Days count from today in `timezone`; `saturday` is the next one, tomorrow at the earliest.
    """
    here = now.astimezone(timezone)
    days_to_saturday = (4 - here.weekday()) % 7 + 1

    def date(token: re.Match[str]) -> str:
        count = int(token["count"] or days_to_saturday)
        if token["unit"] == "h":  # by the clock that never turns back
            moment = (now + timedelta(hours=count)).astimezone(timezone)
        else:
            moment = here + timedelta(days=count)
        if token["hour"]:
            moment = moment.replace(hour=int(token["hour"]), minute=int(token["minute"]))
        return _FORMS[token["form"]](moment.replace(second=0, microsecond=0))

    return _TOKEN.sub(date, _LATER.sub(r"\1" if later else "", text))
