"""Hours that a text names, in English and Spanish: `6-8 pm ET`, `a las 6 de la tarde`."""

import re
from dataclasses import dataclass
from datetime import time

_HALF = (
    r"(?P<{0}>[ap]\.?\s?m\b\.?|(?:de|en|por)\s+la\s+(?:mañana|tarde|noche)|in the (?:morning|"
    r"afternoon|evening)|noon|del? mediod[ií]a)"
)
_CLOCK = r"(?P<{0}>\d{{1,2}})(?:[:.](?P<{1}>[0-5]\d))?"
_ZONES = {
    "eastern": "America/New_York",
    "este": "America/New_York",
    "e": "America/New_York",
    "central": "America/Chicago",
    "centro": "America/Chicago",
    "c": "America/Chicago",
    "mountain": "America/Denver",
    "montaña": "America/Denver",
    "m": "America/Denver",
    "pacific": "America/Los_Angeles",
    "pacífico": "America/Los_Angeles",
    "pacifico": "America/Los_Angeles",
    "p": "America/Los_Angeles",
}
_ZONE = (
    r"(?:\s*,?\s*\(?(?:(?-i:(?P<letter>[ECMP])(?P<season>[SD])?T)\b|(?P<name>Eastern|Central|Mountain|Pacific)"
    r"(?:\s+(?:standard |daylight )?time\b|(?=\s*[,.)]|$))"
    r"|hora\s+(?:del?\s+)?(?P<hora>este|centro|montaña|pac[ií]fico)\b"
    r"|(?P<other>(?-i:UTC|GMT|[A-Z][a-z]+(?: [A-Z][a-z]+)? time)\b|hora\s+de\s+\w+))\)?)?"
)
_HOURS = re.compile(
    r"(?<![\d:./$#-])(?:"
    r"(?P<between>(?:between|entre(?:\s+las?)?)\s+)?"
    rf"(?:{_CLOCK.format('hour', 'minute')}\s*{_HALF.format('half')}?|(?P<from_noon>\bnoon))"
    r"\s*(?:(?(between)(?:and|y)\b|(?:[-\u2013\u2014]|(?:to|until|till|al?|hasta)\b)))\s*(?:las?\s+)?"
    rf"(?:{_CLOCK.format('until', 'until_minute')}\s*{_HALF.format('until_half')}"
    r"|(?P<to_noon>noon\b|mediod[ií]a\b))"
    rf"|{_CLOCK.format('only', 'only_minute')}\s*{_HALF.format('only_half')}"
    r"|(?P<h24>[01]?\d|2[0-3])[:.h](?P<m24>[0-5]\d)(?P<mark>\s*(?:h|hrs?|horas)\b)?"
    r"|(?P<noon>\bnoon|\bmediod[ií]a))" + _ZONE,
    re.IGNORECASE,
)
UNKNOWN_ZONE = "?"


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedHours:
    """Hours where a text names them; `zone` as the tz database has it, if it says one, and `season`
    its abbreviation where that is one of summer or winter.

    `starts` None: an hour that could be in the morning or in the evening.
    """

    start: int
    end: int
    starts: time | None
    ends: time | None = None
    zone: str = ""
    season: str = ""


def hours_in(text: str) -> list[NamedHours]:
    """Find the hours that a text names, in its order."""
    return [
        NamedHours(
            start=match.start(),
            end=match.end(),
            zone=_zone(match),
            season=f"{match['letter']}{match['season']}T" if match["season"] else "",
            **_span(match),
        )
        for match in _HOURS.finditer(text)
    ]


def _span(match: re.Match[str]) -> dict[str, time | None]:
    if match["noon"]:
        return {"starts": time(12)}
    if match["h24"]:
        hour, minute = int(match["h24"]), int(match["m24"])
        is_plain = hour > 12 or bool(match["mark"])
        return {"starts": time(hour, minute) if is_plain else None}
    if match["only"]:
        return {"starts": _time(match["only"], match["only_minute"], match["only_half"])}
    ends: time | None = time(12)
    if not match["to_noon"]:
        ends = _time(match["until"], match["until_minute"], match["until_half"])
    starts: time | None = time(12)
    if not match["from_noon"]:
        half = match["half"] or match["until_half"] or "am"  # "9 to noon"
        starts = _time(match["hour"], match["minute"], half)
    if not match["half"] and starts and ends and starts > ends:  # 10-2 pm
        starts = starts.replace(hour=starts.hour - 12) if starts.hour >= 12 else None
    return {"starts": starts, "ends": ends if starts and ends and ends > starts else None}


def _time(hour: str, minute: str | None, half: str) -> time | None:
    number, half = int(hour), half.lower()
    if not 1 <= number <= 12:
        is_24 = 12 < number < 24 and not half.startswith("a")  # 18:00 p.m.
        return time(number, int(minute or 0)) if is_24 else None
    is_late = half.startswith("p") or half.endswith(("tarde", "noche", "noon", "evening", "día"))
    if half.endswith("noche") and number == 12:
        return None
    return time(number % 12 + (12 if is_late or half.endswith("dia") else 0), int(minute or 0))


def _zone(match: re.Match[str]) -> str:
    if match["other"]:
        return UNKNOWN_ZONE
    said = match["letter"] or match["name"] or match["hora"]
    return _ZONES[said.lower()] if said else ""
