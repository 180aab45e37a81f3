"""An event's lines made such that icalendar reads them, and what of them could not be read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from newsletter.pulling.parse.calendar.zones import zone_name

_DATES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE", "CREATED"})
_LINE = re.compile(
    r"([A-Za-z][A-Za-z0-9-]*)[ \t]*(;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?:(.*)", re.DOTALL
)
# Where the value begins: some zones' names have colons of their own, `tzone://…`.
_DATE = re.compile(r":(?=[\s\"]{0,9}\d{4}-?\d\d)")
_ZONE = re.compile(r"(?i);\s*TZID\s*=\s*(\"[^\"]*\"|[^;]*)")
_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_UNTIL_DAY = re.compile(r"(?i)(UNTIL=)(\d{4})-?(\d\d)-?(\d\d)(?=;|$)")


@dataclass(slots=True)
class Mended:
    """The lines, the names of those left out as `odd`, and a zone's name that nobody knows."""

    lines: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    unknown_zone: str = ""
    is_timed: bool = True

    def value(self, name: str) -> str:
        """Return what the first line of this name says, or nothing."""
        begins = (f"{name}:", f"{name};")
        line = next((line for line in self.lines if line.startswith(begins)), ":")
        return line.rpartition(":")[2] if name in _DATES else line.partition(":")[2]

    def has(self, *names: str) -> bool:
        """Return whether there is a line of one of these names."""
        begins = tuple(f"{name}{mark}" for name in names for mark in ":;")
        return any(line.startswith(begins) for line in self.lines)


def mended(
    lines: Sequence[str], *, zones: Mapping[str, str], floating: str, unknown_zone: str = ""
) -> Mended:
    """Mend the lines of one event. `zones` are those that its calendar defines itself, by
    `bare_zone`, `floating` is the zone of times that name none (RFC 5545, section 3.3.5), and
    `unknown_zone` what the calendar calls it where nobody knows which that is."""
    result = Mended()
    for line in lines:
        line = line.strip()
        if len(line) > 1 and line[0] == line[-1] == '"':
            line = line[1:-1].strip()
        name = re.split(r"[\s:;]", line, maxsplit=1)[0].upper()
        if name in _DATES:
            date_at = _DATE.search(line)
            colon = date_at.start() if date_at else line.rfind(":")
            parameters, value = line[len(name) : colon].strip(), line[colon + 1 :].strip(' \t"')
            parameters, value = _dated(result, parameters, value, zones, floating, unknown_zone)
            if name == "DTSTART":
                result.is_timed = "T" in value
        elif match := _LINE.fullmatch(line):
            parameters, value = match[2] or "", match[3]
            if name in ("RRULE", "DURATION", "STATUS", "CLASS"):
                value = value.strip().strip('"').strip()
        else:
            result.odd.append(name[:40])
            continue
        result.lines.append(f"{name}{parameters}:{value}")
    result.lines = [_with_its_last_day(result, line) for line in result.lines]
    return result


def bare_zone(name: str) -> str:
    """Return a zone's name without quotes, blanks around it and case."""
    return name.strip().strip('"').strip().casefold()


def _dated(
    result: Mended,
    parameters: str,
    value: str,
    zones: Mapping[str, str],
    floating: str,
    own_zone: str,
) -> tuple[str, str]:
    value = ",".join(_plain(one.strip()) for one in value.split(","))
    said = _ZONE.search(parameters)
    parameters = _ZONE.sub("", parameters)
    if value[-1:] == "Z" or "T" not in value:  # Z is UTC, whatever a zone beside it says
        return parameters, value
    named = said[1].strip().strip('"').strip() if said else ""
    zone = zone_name(named) or zones.get(bare_zone(named), "")
    if not zone and (named or own_zone):
        result.unknown_zone = (named or own_zone)[:100]
    return f'{parameters};TZID="{zone or floating}"', value


def _plain(value: str) -> str:
    """`2026-12-05T19:00:00-08:00`, as some sites write it, in the form of RFC 5545."""
    match = _MOMENT.fullmatch(value)
    if match is None:
        return value
    day, (hour, minute, second, offset) = "".join(match.groups()[:3]), match.groups()[3:]
    if hour is None:
        return day
    local = f"{day}T{hour}{minute}{second or '00'}"
    if not offset or offset in "Zz":
        return local + ("Z" if offset else "")
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    try:
        moment = datetime.strptime(local, "%Y%m%dT%H%M%S").replace(
            tzinfo=timezone(-ahead if offset[0] == "-" else ahead)
        )
        return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    except (ValueError, OverflowError):
        return value


def _with_its_last_day(result: Mended, line: str) -> str:
    """A rule that ends on a day has that day's occurrence too."""
    if not line.startswith(("RRULE:", "RRULE;")) or not result.is_timed:
        return line
    match = _UNTIL_DAY.search(line)
    if match is None:
        return line
    try:
        day = date(int(match[2]), int(match[3]), int(match[4]))
    except ValueError:
        return line
    zone = _ZONE.search(next((line for line in result.lines if line.startswith("DTSTART")), ""))
    try:
        here = ZoneInfo(zone[1].strip('"')) if zone else UTC
    except (KeyError, ValueError, OSError):  # one that the calendar defines
        here = UTC
    last = datetime.combine(day, time(23, 59, 59), tzinfo=here).astimezone(UTC)
    until = f"{last:%Y%m%dT%H%M%SZ}"
    return f"{line[: match.start()]}{match[1]}{until}{line[match.end() :]}"
