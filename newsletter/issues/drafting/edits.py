"""How much a source changed since an editor chose it."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from newsletter.design.catalogues import languages
from newsletter.design.localizer import locale_of
from newsletter.model.item import ItemWords

NOTICED = 50  # characters: Feedbin's threshold between a corrected typo and an edit
_HOUR = re.compile(r"\b\d{1,2}(?:[:.h]\d{2}\b|\s?[ap]\.?m\b)")
_PHONE = re.compile(r"\d[\d ().-]{5,}\d")
_WORD = re.compile(r"\w+")
_LITTLE = frozenset({"de", "of", "the"})  # between a day and its month


def changed_characters(before: str, after: str) -> int:
    """Return the length of what differs between two texts, white space aside."""
    old, new = " ".join(before.split()), " ".join(after.split())
    same = min(len(old), len(new))
    start = next((at for at in range(same) if old[at] != new[at]), same)
    rest = same - start
    end = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return max(len(old), len(new)) - start - end


def is_edited(before: ItemWords, after: ItemWords) -> bool:
    """Return whether an item's words changed enough to look at again: many of them, or one that
    sends people there on another day, at another hour, or has them call another number."""
    is_renamed = before.title.split() != after.title.split()
    return (
        is_renamed
        or changed_characters(before.text, after.text) > NOTICED
        or _appointments(before.text) != _appointments(after.text)
    )


def _appointments(text: str) -> Counter[str]:
    """The days, hours and phone numbers that a text names, in the languages that we know."""
    text = text.casefold()
    found = Counter("".join(hour.split()) for hour in _HOUR.findall(text))
    found.update("".join(filter(str.isdigit, phone)) for phone in _PHONE.findall(text))
    found.update(_days(text))
    return found


def _days(text: str) -> Iterator[str]:
    """Weekdays, and months with the day beside them: "may" alone is no month."""
    weekdays, months = _names()
    words = [word for word in _WORD.findall(text) if word not in _LITTLE]
    yield from (word for word in words if word in weekdays)
    for first, second in pairwise(words):
        for month, day in ((first, second), (second, first)):
            if month in months and day.rstrip("sthnrd").isdecimal() and len(day) <= len("31st"):
                yield f"{month} {day}"


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    locales = [locale_of(language) for language in languages()]
    return (
        frozenset(
            name.casefold() for one in locales for name in one.days["format"]["wide"].values()
        ),
        frozenset(
            name.casefold() for one in locales for name in one.months["format"]["wide"].values()
        ),
    )
