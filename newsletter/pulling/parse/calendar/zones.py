"""Names of time zones as calendars write them, to those of the tz database; never a guess."""

import re
from datetime import timedelta
from functools import cache, lru_cache
from zoneinfo import available_timezones

# Zones with the same offset all year, for offsets that are no whole hours.
_PARTS_OF_HOURS = {
    timedelta(hours=3, minutes=30): "Asia/Tehran",
    timedelta(hours=4, minutes=30): "Asia/Kabul",
    timedelta(hours=5, minutes=30): "Asia/Kolkata",
    timedelta(hours=5, minutes=45): "Asia/Kathmandu",
    timedelta(hours=6, minutes=30): "Asia/Yangon",
    timedelta(hours=9, minutes=30): "Australia/Darwin",
    -timedelta(hours=9, minutes=30): "Pacific/Marquesas",
}
# What people and mail programs of North America call theirs.
_COMMON = {
    "atlantictime": "America/Halifax",
    "easterntime": "America/New_York",
    "centraltime": "America/Chicago",
    "mountaintime": "America/Denver",
    "pacifictime": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "alaskatime": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "hawaiitime": "Pacific/Honolulu",
    "arizona": "America/Phoenix",
    "coordinateduniversaltime": "Etc/UTC",
    "greenwichmeantime": "Etc/UTC",
    "z": "Etc/UTC",
}
_OFFSET = re.compile(r"(?i)(?:UTC|GMT|UT|Z)?\s*([+\-\u2212])\s*(\d{1,2})(?::?([0-5]\d))?")
_DISPLAY = re.compile(r"(?i)\((?:UTC|GMT)\s*([^)]*)\)\s*(.*)")
_CONTINENTS = frozenset(
    {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian"}
    | {"Pacific"}
)


@lru_cache(maxsize=64)  # a calendar names few, in each of its lines
def zone_name(said: str) -> str | None:
    """Return the tz database's name of a zone, or None where nobody could say which it is.

    Windows names are CLDR's (windowsZones.xml, as icalendar carries it).
    """
    said = re.sub(r"(?i)^tzone://microsoft/", "", said.strip().strip("\"'").strip())
    known = _known()
    if _key(said) in known:
        return known[_key(said)]
    display = _DISPLAY.fullmatch(said)
    if display:
        return _of_display(display[1], display[2])
    offset = _OFFSET.fullmatch(said)
    if offset:
        return _of_offset(*offset.groups(default="0"))
    # Exchange numbers the copies that it makes: `GMT Standard Time 1`; Evolution and others put a
    # path before: `/citadel.org/20190914_1/America/New_York`.
    parts = said.split("/")
    shorter = [re.sub(r"\s+\d+$", "", said), re.sub(r"\s*\(.*\)$", "", said)]
    shorter += ["/".join(parts[start:]) for start in range(1, len(parts) - 1)]
    return next((known[_key(one)] for one in shorter if _key(one) in known), None)


def _of_display(offset: str, places: str) -> str | None:
    """`(UTC-06:00) Guadalajara, Mexico City`, as Windows and Outlook show zones."""
    known = _known()
    names = [re.sub(r"\s*\(.*\)$", "", places), *re.split(r"\s*[,/]\s*", places)]
    says = _OFFSET.fullmatch(offset.strip() or "+0")
    for name in names:
        found = known.get(_key(re.sub(r"(?i)^city of ", "", name)))
        if found:
            return found
    return _of_offset(*says.groups(default="0")) if says else None


def _of_offset(sign: str, hours: str, minutes: str) -> str | None:
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    if ahead > timedelta(hours=14):
        return None
    if not int(minutes):  # the tz database's Etc names count the other way round
        return f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}" if int(hours) else "Etc/UTC"
    return _PARTS_OF_HOURS.get(ahead if sign == "+" else -ahead)


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9+]|-(?!\d)|\+(?!\d)", "", name.lower().replace("\u2212", "-"))


@cache
def _known() -> dict[str, str]:
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    names = sorted(available_timezones() - {"localtime", "Factory"})
    cities = {
        _key(name.rsplit("/", 1)[-1]): name
        for name in reversed(names)
        if name.split("/")[0] in _CONTINENTS
    }
    windows = {_key(name): zone for name, zone in WINDOWS_TO_OLSON.items()}
    daylight = {key.replace("standardtime", "daylighttime"): zone for key, zone in windows.items()}
    short = {key.replace("standardtime", "time"): zone for key, zone in windows.items()}
    return cities | short | daylight | windows | _COMMON | {_key(name): name for name in names}
