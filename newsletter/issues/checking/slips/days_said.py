"""Days that are said in words: a weekday that the date is not, and last year's number."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel import Locale

from newsletter.issues.checking.slips.passage import Passage, Slip
from newsletter.model.days import MONTHS, WEEKDAYS, any_of, day_of

_AHEAD = timedelta(days=120)
_BEHIND = timedelta(days=45)
_HALF_A_YEAR = timedelta(days=200)
_MONTH_AHEAD, _MONTH_BEHIND = timedelta(days=35), timedelta(days=13)  # where no month is said
_COMING = {
    "en": re.compile(
        r"\b(?:join|come|will|register|rsvp|sign up|deadline|due|by|until|upcoming|starts?|begins?|"
        r"starting|beginning|takes place|see you|save the date|opens?|closes?|next)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:ven(?:ga)?|acompáñ\w+|únete|únase|habrá|será|serán|inscr\w+|regístr\w+|hasta|antes|"
        r"plazo|fecha límite|próxim\w+|empieza|comienza|inicia|abre|cierra|participe?|asist\w+|"
        r"\w+(?:rá|rán|remos))\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """A date as a text says it; what it does not say is None."""

    match: re.Match[str]
    day: int
    weekday: int | None = None
    month: int | None = None
    year: int | None = None


@cache
def _patterns(language: str) -> Sequence[re.Pattern[str]]:
    day_names, month_names = any_of(WEEKDAYS[language]), any_of(MONTHS[language])
    weekday, month = rf"(?P<weekday>{day_names})", rf"(?P<month>{month_names})"
    number, year = r"(?P<day>[0-3]?\d)", r"(?P<year>20\d\d)"
    if language == "es":
        forms = [
            rf"(?:{weekday},?\s+)?(?:día\s+)?{number}\s+de\s+{month}(?:,?\s+(?:de|del)\s+{year})?",
            rf"{weekday},?\s+(?:día\s+)?{number}(?!\s*(?:de\b|[:.,/-]?\d|[ap]\.?\s?m\b|h\b|%))",
        ]
    else:
        ordinal = r"(?:st|nd|rd|th)?"
        forms = [
            rf"(?:{weekday}\.?,?\s+)?{month}\.?\s+{number}{ordinal}(?!\d|:)(?:,?\s+{year})?",
            rf"(?:{weekday}\.?,?\s+)?(?:the\s+)?{number}{ordinal}\s+(?:of\s+)?{month}\b\.?(?:,?\s+{year})?",
            rf"{weekday},?\s+the\s+{number}(?:st|nd|rd|th)(?!\s+(?:of|{month_names})\b)",
        ]
    return [re.compile(rf"(?<![\w/-]){form}(?![\w])", re.IGNORECASE) for form in forms]


def days_said(
    passage: Passage, language: str, near: date, *, known: Sequence[date] = ()
) -> Iterator[Slip]:
    """Yield dates that cannot be: not on that weekday, or a year ago where something is announced.

    `near` is the day to which a date without a year is nearest; `known` are the piece's own days.
    """
    seen = 0
    for said in sorted(_all_said(passage.text, language), key=lambda one: one.match.start()):
        if said.match.start() < seen:
            continue
        seen = said.match.end()
        if problem := _wrong_weekday(said, language, near):
            why, mend = problem
            yield passage.slip(said.match, why, mend)
        elif said.year and (right := _right_year(said, passage.text, language, near, known)):
            yield passage.slip(said.match, "the year is probably wrong", _with_year(said, right))


def _all_said(text: str, language: str) -> Iterator[_Said]:
    days, months = WEEKDAYS[language], MONTHS[language]
    for pattern in _patterns(language):
        for match in pattern.finditer(text):
            parts = match.groupdict()
            yield _Said(
                match=match,
                day=int(parts["day"]),
                weekday=days[parts["weekday"].lower()] if parts.get("weekday") else None,
                month=months[parts["month"].lower()] if parts.get("month") else None,
                year=int(parts["year"]) if parts.get("year") else None,
            )


def _candidates(said: _Said, near: date) -> list[date]:
    """Return the days that may be meant: of the year said, else those around `near`."""
    if said.year is not None and said.month is not None:
        made = [day_of(said.year, said.month, said.day)]
        return [day for day in made if day is not None]
    if said.month is not None:
        made = [day_of(near.year + more, said.month, said.day) for more in (-1, 0, 1)]
        return [day for day in made if day is not None and abs(day - near) <= _HALF_A_YEAR]
    months = {near - _MONTH_BEHIND, near, near + _MONTH_AHEAD}
    around = (day for one in months if (day := day_of(one.year, one.month, said.day)) is not None)
    return sorted({day for day in around if near - _MONTH_BEHIND <= day <= near + _MONTH_AHEAD})


def _wrong_weekday(said: _Said, language: str, near: date) -> tuple[str, str] | None:
    """Return why a day cannot be that weekday, and the mend; None where it can."""
    if said.weekday is None or not 1 <= said.day <= 31:
        return None
    days = _candidates(said, near)
    if not days:
        return None if said.month is None else ("there is no such day", "")
    if any(day.weekday() == said.weekday for day in days):
        return None
    if other := _other_year(said, near):
        return "weekday and year do not fit", _with_year(said, other.year)
    nearest = min(days, key=lambda one: (one < near, abs(one - near)))
    if said.year is None and said.month is not None and nearest < near - _BEHIND:
        return None  # it may tell of another year
    written = said.match["weekday"]
    name = Locale(language).days["format"]["wide"][nearest.weekday()]
    name = name.capitalize() if written[0].isupper() else name
    why = f"{nearest.isoformat()} is a {Locale('en').days['format']['wide'][nearest.weekday()]}"
    return why, said.match[0].replace(written, name, 1)


def _other_year(said: _Said, near: date) -> date | None:
    """Return the day of the year before or after, where that is the weekday and is near."""
    if said.year is None or said.month is None:
        return None
    around = (day_of(year, said.month, said.day) for year in (said.year + 1, said.year - 1))
    fitting = (day for day in around if day is not None and day.weekday() == said.weekday)
    return next((day for day in fitting if abs(day - near) <= _AHEAD), None)


def _with_year(said: _Said, year: int) -> str:
    return said.match[0].replace(str(said.year), str(year))


def _right_year(
    said: _Said, text: str, language: str, near: date, known: Sequence[date]
) -> int | None:
    """Return the year that was meant, where the one that is said is a slip."""
    if said.month is None or said.year is None:
        return None
    for day in known:
        if (day.month, day.day) == (said.month, said.day) and abs(day.year - said.year) == 1:
            return day.year
    later = day_of(said.year + 1, said.month, said.day)
    if later is None or not near <= later <= near + _AHEAD:
        return None
    start = max(text.rfind(mark, 0, said.match.start()) for mark in (". ", "! ", "\n")) + 1
    end = text.find(". ", said.match.end())
    sentence = text[start : end if end > 0 else None]
    return later.year if _COMING[language].search(sentence) else None
