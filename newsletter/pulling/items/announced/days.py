"""Days that a text names, in English and Spanish: `Saturday, December 5`, `5 de diciembre`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from newsletter.model.days import MONTHS, WEEKDAYS, any_of, day_of

_MONTHS = MONTHS["en"] | MONTHS["es"]
_WEEKDAYS = WEEKDAYS["en"] | WEEKDAYS["es"]
WEEKDAY, MONTH = f"(?:{any_of(_WEEKDAYS)})", f"(?:{any_of(_MONTHS)})"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DATE = re.compile(
    rf"(?<![\w/])(?:(?:(?P<before>{WEEKDAY})\b\.?,?\s+(?:the\s+|(?:d[ií]a|el)\s+)?)?"
    rf"(?:(?P<month>{MONTH})\b\.?\s+(?P<day>{_DAY})(?:st|nd|rd|th)?\b(?![:/])"
    rf"|(?P<day2>{_DAY})(?:st|nd|rd|th|º|ro)?\s+(?:of\s+|de\s+)?(?P<month2>{MONTH})\b\.?"
    r"|(?P<year3>20\d\d)-(?P<month3>\d\d)-(?P<day3>\d\d)"
    r"|(?!24/7\b)(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?P<year2>20\d\d|\d\d))?(?![\d/]))"
    r"(?:(?:\s*,?\s*(?:del?\s+)?(?:año\s+)?)(?P<year>20\d\d)\b)?"
    rf"(?:\s*[,(]\s*(?P<after>{WEEKDAY})\b\)?)?)",
    re.IGNORECASE,
)
# What makes of a day a row or a range of them. Times were taken out of the text before.
_MORE_BEFORE = re.compile(
    r"\d(?:st|nd|rd|th)?\s*(?:,|[-\u2013\u2014]|\by|\be|\bal?|\band|&)\s*$", re.IGNORECASE
)
_MORE_AFTER = re.compile(
    r"\s*(?:,|[-\u2013\u2014]|to\b|through\b|thru\b|and\b|&|y\b|al?\b)\s*\d{1,2}(?:st|nd|rd|th)?\b(?!/)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*(?:[-\u2013\u2014]|to|through|thru|until|till|al?|hasta(?: el)?)\s*(?:the|el)?\s*",
    re.IGNORECASE,
)
_FARTHEST = timedelta(days=400)
_SURE = timedelta(days=60)  # a day without year and weekday that is farther off may be last year's


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedDay:
    """A day where a text names it. `day` None: it names one, and cannot be taken at its word."""

    start: int
    end: int
    day: date | None


def days_in(text: str, published: date | None) -> list[NamedDay]:
    """Find the days that a text names, in its order.

    Without a year it is the one nearest to the day of publication. A day is None where its weekday
    is another one, where `03/04` could be two days, or where it is one of a row or a range.
    """
    found = list(_DATE.finditer(text))
    ranged = {
        at
        for first, (one, other) in enumerate(pairwise(found))
        if _BETWEEN.fullmatch(text, one.end(), other.start())
        for at in (first, first + 1)
    }
    days = []
    for at, match in enumerate(found):
        readings = set(_readings(match, published))
        if not readings and match["one"]:
            continue  # 50/50
        is_one = (
            at not in ranged
            and not _MORE_BEFORE.search(text[max(0, match.start() - 12) : match.start()])
            and not _MORE_AFTER.match(text, match.end())
        )
        day = readings.pop() if is_one and len(readings) == 1 else None
        if day is not None and not _is_sure(day, match, published):
            day = None
        days.append(NamedDay(start=match.start(), end=match.end(), day=day))
    return days


def _readings(match: re.Match[str], published: date | None) -> Iterator[date]:
    """The days that a match can mean."""
    weekday = (match["before"] or match["after"] or "").lower()
    year = match["year"] or match["year2"] or match["year3"] or ""
    if match["one"]:
        numbers = [(match["one"], match["other"]), (match["other"], match["one"])]
    else:
        name = match["month"] or match["month2"]
        month = str(_MONTHS[name.lower()]) if name else match["month3"]
        numbers = [(month, match["day"] or match["day2"] or match["day3"])]
    for month, day in numbers:
        reading = _nearest(int(month), int(day), year, weekday, published)
        if reading is not None:
            yield reading


def _nearest(month: int, day: int, year: str, weekday: str, published: date | None) -> date | None:
    if year:
        years = [int(year) + (2000 if len(year) == 2 else 0)]
    elif published is not None:
        years = [published.year - 1, published.year, published.year + 1]
    else:
        return None
    possible = [one for number in years if (one := day_of(number, month, day)) is not None]
    if not possible:
        return None
    nearest = min(possible, key=lambda one: abs(one - (published or one)))
    if weekday and nearest.weekday() != _WEEKDAYS[weekday]:
        return None
    return nearest


def _is_sure(day: date, match: re.Match[str], published: date | None) -> bool:
    is_told = any(match[name] for name in ("year", "year2", "year3", "before", "after"))
    return day - (published or day) <= (_FARTHEST if is_told else _SURE)
