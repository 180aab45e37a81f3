"""Months and weekdays as people write them in English and Spanish; a day from its numbers."""

from datetime import date


def _numbered(names: tuple[str, ...], *, first: int) -> dict[str, int]:
    return {name: number for number, same in enumerate(names, first) for name in same.split()}


# Whole and short, in lower case, without dots. January is 1, Monday 0.
MONTHS = {
    "en": _numbered(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sept sep", "october oct", "november nov",
            "december dec",
        ),
        first=1,
    ),
    "es": _numbered(
        (
            "enero ene", "febrero feb", "marzo mar", "abril abr", "mayo may", "junio jun",
            "julio jul", "agosto ago", "septiembre setiembre sept sep", "octubre oct",
            "noviembre nov", "diciembre dic",
        ),
        first=1,
    ),
}  # fmt: skip
# Not the short ones in Spanish: "mar" and "vie" are words.
WEEKDAYS = {
    "en": _numbered(
        (
            "monday mon", "tuesday tues tue", "wednesday wed", "thursday thurs thur thu",
            "friday fri", "saturday sat", "sunday sun",
        ),
        first=0,
    ),
    "es": _numbered(
        (
            "lunes", "martes", "miércoles miercoles", "jueves", "viernes", "sábado sabado",
            "domingo",
        ),
        first=0,
    ),
}  # fmt: skip


def any_of(names: dict[str, int]) -> str:
    """Return a pattern that matches any of the names, the longest first."""
    return "|".join(sorted(names, key=len, reverse=True))


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the day; None where there is none, as on 31 November."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
