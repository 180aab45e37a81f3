"""Dates as members' sites write them: standard forms, and those of people in their languages."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache

from newsletter.model.language import same_language

LONGEST = 120  # characters: more is no date
# Languages whose names of months are known, by Babel's (CLDR's) names. Arabic has three sets.
LOCALES = (
    "en",
    "es",
    "es_MX",
    "fr",
    "pt",
    "de",
    "it",
    "nl",
    "el",
    "hu",
    "ar",
    "ar_SY",
    "ar_DZ",
    "ar_MA",
)
# What English-speaking computers add, and spellings of people that CLDR does not have.
MORE_MONTHS = {"sept": 9, "setiembre": 9, "mrz": 3}
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹−،", "01234567890123456789-,")
# RFC 5322 4.3 and the names of members' own clocks, in hours; an unknown name is UTC there too.
ZONES = {
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "brt": -3, "art": -3,
    "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "bst": 1, "eet": 2, "eest": 3, "west": 1,
    "et": -5, "ct": -6, "mt": -7, "pt": -8,
}  # fmt: skip

_WORD = r"[^\W\d_]+"
# Arab news sites give the month twice: تشرين الثاني/نوفمبر.
_NAME = rf"(?P<month>{_WORD}(?:(?:\.? | ?/ ?){_WORD}){{0,4}})"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?!\d)"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"
_NAMED = (
    re.compile(
        rf"{_DAY}(?:\.|[ao°]|er|st|nd|rd|th)?[ ,/-]*{_NAME}[ .,/-]*"
        rf"(?:{_YEAR}|(?P<short>\d\d)(?![\d:]))"
    ),
    re.compile(rf"{_NAME}[. ]+{_DAY}(?:st|nd|rd|th)?[ ,]+(?:del? )?{_YEAR}"),
    re.compile(rf"{_NAME} +{_DAY} +(?P<clock>{_CLOCK}(?: [a-z+-][\w:+-]*)?) +{_YEAR}"),
    re.compile(rf"(?<!\d)(?P<year>\d{{4}})[-. ]+{_NAME}[-. ]+{_DAY}"),
)  # fmt: skip
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?: ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})(?!\d)日?"
    r"|(?P<m>\d\d)(?P<d>\d\d)(?=t|$))"
)
_YEAR_LAST = re.compile(r"(?<!\d)(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?P=mark)" + _YEAR)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_TIME = re.compile(
    r"(?<![\d+:-])(?P<hour>\d{1,2})(?: ?[:h] ?|\.)(?P<minute>\d\d)"
    r"(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?(?!\d) ?(?P<half>[ap]\.? ?m\b|[صم](?!\w))?"
    r"|t(?P<hour2>\d\d)(?P<minute2>\d\d)(?P<second2>\d\d)?"
    r"|(?<![\d+:-])(?P<hour3>\d{1,2}) ?(?:(?P<half3>[ap]\.? ?m\b)|h(?:rs?)?\b|uhr\b)"
)
_OFFSET = re.compile(r"(?<![\d])(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?(?!\d)")
# What nearly all feeds write, read at once: RFC 5322 3.3 and RFC 3339 5.6, in lower case.
_MAIL = re.compile(
    r"(?:[a-z]{3}, )?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:([+-])(\d\d)(\d\d)|gmt)"
)
_INTERNET = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d(?:z|[+-]\d\d:[0-5]\d)")
_ZONE = re.compile(r"\b([a-z]{1,5})\b")
_NOT_ZONES = frozenset({"t", "uhr", "h", "hs", "hrs", "o", "clock", "am", "pm", "m", "p", "a"})


@dataclass(frozen=True, kw_only=True, slots=True)
class DateReader:
    """Reads the dates of one document.

    `zone` is that of times that name none; `day_first` says what `05/11/2026` means, None that
    nobody knows.
    """

    zone: tzinfo = UTC
    day_first: bool | None = None

    def read(self, text: str) -> datetime | None:
        """Return the moment in UTC, a day at its midnight; None when it cannot be read.

        A date that is none (31 November) is not read as another one.
        """
        try:
            moment = self._moment(_folded(text)) if text else None
        except (ValueError, OverflowError):
            return None
        return moment if moment is not None and moment.year > 1970 else None

    def _moment(self, text: str) -> datetime | None:
        if not text or len(text) > LONGEST:
            return None
        if usual := _usual(text):
            return usual
        if _EPOCH.fullmatch(text):
            seconds = float(text) / (1000 if len(text.partition(".")[0]) > 10 else 1)
            moment = datetime.fromtimestamp(seconds, UTC)
            return moment if 1990 <= moment.year < 2100 else None
        day, rest = self._day(text)
        if day is None:
            return None
        time = _TIME.search(rest)
        return _at(day, time, rest[time.end() :] if time else rest, self.zone).astimezone(UTC)

    def _day(self, text: str) -> tuple[date | None, str]:
        """The day, and the text without it."""
        match = _YEAR_FIRST.search(text)
        if match:
            month, day = match["month"] or match["m"], match["day"] or match["d"]
            return date(int(match["year"]), int(month), int(day)), _without(text, match)
        match = _YEAR_LAST.search(text)
        if match:
            one, two = int(match["one"]), int(match["two"])
            day_first = one > 12 or match["mark"] == "." or (two <= 12 and self.day_first)
            if not day_first and two <= 12 and one != two and self.day_first is None:
                return None, ""
            month, day = (two, one) if day_first else (one, two)
            return date(int(match["year"]), month, day), _without(text, match)
        for pattern in _NAMED:
            for match in pattern.finditer(text):
                number = _month(match["month"])
                if number:
                    groups = match.groupdict()
                    year = int(groups["year"] or _century(groups["short"]))
                    rest = groups.get("clock") or _without(text, match)
                    return date(year, number, int(match["day"])), rest
        return None, ""


def reader_of(texts: Iterable[str], language: str, zone: tzinfo) -> DateReader:
    """Return what reads a document's dates: one of them that is clear says the order of all.

    Where none is, people of the United States put the month first, and all others the day; for a
    document that names no language nobody knows.
    """
    orders = set()
    for text in texts:
        is_numbers = not text.isascii() or "/" in text or "-" in text
        match = _YEAR_LAST.search(_folded(text)) if is_numbers else None
        if match and match["mark"] != ".":
            one, two = int(match["one"]), int(match["two"])
            orders |= {one > 12} if (one > 12) != (two > 12) else set()
    if len(orders) == 1:
        return DateReader(zone=zone, day_first=orders.pop())
    if not language or language.lower() == "en":
        return DateReader(zone=zone)
    is_american = same_language(language, "en") and language.lower().endswith("us")
    return DateReader(zone=zone, day_first=not is_american)


def _usual(text: str) -> datetime | None:
    """A moment in one of the two standard forms; None for all others, and for a leap second."""
    if _INTERNET.fullmatch(text) and text[17:19] < "60" and text[11:13] < "24":
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    match = _MAIL.fullmatch(text)
    month = match and _ENGLISH.get(match[2])
    if not match or not month or match[6] > "59" or match[4] > "23":
        return None
    offset = timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0))
    day, hour, minute, second = int(match[1]), int(match[4]), int(match[5]), int(match[6])
    zone = timezone(-offset if match[7] == "-" else offset)
    moment = datetime(int(match[3]), month, day, hour, minute, second, tzinfo=zone)
    return moment.astimezone(UTC)


def _at(day: date, time: "re.Match[str] | None", rest: str, zone: tzinfo) -> datetime:
    hour = minute = second = 0
    if time is not None:
        hour = int(time["hour"] or time["hour2"] or time["hour3"])
        half = (time["half"] or time["half3"] or " ")[0]
        if half != " ":
            if not 1 <= hour <= 12:
                raise ValueError(hour)
            hour = hour % 12 + (12 if half in "pم" else 0)
        minute = int(time["minute"] or time["minute2"] or 0)
        second = int(time["second"] or time["second2"] or 0)
        second -= second == 60  # RFC 3339 5.6: a leap second
    is_end = (hour, minute, second) == (24, 0, 0)  # ISO 8601: the next day's midnight
    moment = datetime(
        day.year,
        day.month,
        day.day,
        0 if is_end else hour,
        minute,
        second,
        tzinfo=_zone(rest, zone),
    )
    return moment + timedelta(days=is_end)


def _zone(text: str, zone: tzinfo) -> tzinfo:
    offset = _OFFSET.search(text)
    if offset:
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        return timezone(timedelta(minutes=minutes if offset["sign"] == "+" else -minutes))
    names = [name for name in _ZONE.findall(text) if name not in _NOT_ZONES]
    return timezone(timedelta(hours=ZONES.get(names[0], 0))) if names else zone


def _without(text: str, match: "re.Match[str]") -> str:
    before, after = text[: match.start()], text[match.end() :]
    return f"{after} {before}" if _TIME.search(before) else after


def _century(short: str) -> int:
    return int(short) + (1900 if int(short) >= 70 else 2000)


def _folded(text: str) -> str:
    """In lower case, without accents, with digits as they are here."""
    text = " ".join(text[: LONGEST * 2].split()).lower()
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text.translate(DIGITS))
    return "".join(char for char in parts if not unicodedata.combining(char) and char != "\u200f")


def _month(words: str) -> int | None:
    numbers = {_one_month(name) for name in words.split("/")}
    return numbers.pop() if len(numbers) == 1 else None


def _one_month(words: str) -> int | None:
    names = [word for word in words.replace(".", " ").split() if word not in ("de", "del", "of")]
    known = _ENGLISH.get(names[0]) if len(names) == 1 else None
    if known or not names:
        return known
    return _months().get(" ".join(names)) or _months().get(names[-1])


_ENGLISH = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip


@cache
def _months() -> dict[str, int]:
    """The names of months, and their first letters where these mean one month everywhere."""
    from babel import Locale  # only for dates that are not in English: a tenth of a second

    meanings: dict[str, set[int]] = {}
    for locale in LOCALES:
        months = Locale.parse(locale).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form][width].items():
                    folded = _folded(str(name)).replace(".", "")
                    short = {folded[:3], folded[:4]} if not locale.startswith("ar") else set()
                    for spelling in {folded} | short:
                        meanings.setdefault(spelling, set()).add(int(number))
    return {name: next(iter(number)) for name, number in meanings.items() if len(number) == 1} | {
        _folded(name): number for name, number in MORE_MONTHS.items()
    }
