"""One language of an issue's frame: gettext for its sentences, CLDR for dates, times and lists."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from gettext import NullTranslations

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_interval, format_time, get_timezone_name
from babel.lists import format_list

from newsletter.design.catalogues import EDITORS, languages, translations
from newsletter.model.coalition import Coalition
from newsletter.model.item import Event
from newsletter.model.language import direction, first_same


def name_in(language: str, tag: str) -> str:
    """Name the language `tag` in `language`, as a name that stands alone: `Español`.

    The tag itself where CLDR does not say.
    """
    known = _known_locale(tag)
    name = known and known.get_display_name(locale_of(language))
    return name[:1].upper() + name[1:] if name else tag


def own_name(tag: str) -> str:
    """Return what a language calls itself."""
    return name_in(tag, tag)


def locale_of(language: str, zone: tzinfo | None = None) -> Locale:
    """Return the CLDR locale of a BCP 47 tag; English where CLDR does not know the language.

    A tag without a country is written as in the zone's: `es` in Los Angeles has `6:00 p.m.`.
    """
    locale = _known_locale(language) or Locale("en")
    country = get_global("zone_territories").get(str(zone))
    if locale.territory or not country:
        return locale
    with suppress(UnknownLocaleError):
        return Locale.parse(f"{locale}_{country}")
    return locale


def _known_locale(language: str) -> Locale | None:
    for tag in (language.replace("-", "_"), language.split("-")[0]):
        with suppress(UnknownLocaleError, ValueError):
            return Locale.parse(tag)
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Localizer:
    """Writes the frame in one language. `zone` is the coalition's: what its wall clock shows."""

    language: str
    zone: tzinfo
    translations: NullTranslations = field(default_factory=NullTranslations)

    @property
    def locale(self) -> Locale:
        """The locale whose CLDR forms are used."""
        return locale_of(self.language, self.zone)

    @property
    def dir(self) -> str:
        """`ltr` or `rtl`."""
        return direction(self.language)

    def day(self, moment: date) -> str:
        """Write `12 November 2026` as the language does; a datetime is first moved to the zone."""
        return format_date(self._local(moment), format="long", locale=self.locale)

    def month(self, moment: date) -> str:
        """Write `November 2026` as the language does."""
        pattern = str(self.locale.datetime_skeletons["yMMMM"])
        return format_date(self._local(moment), format=pattern, locale=self.locale)

    def day_number(self, moment: date) -> str:
        """Write `21`."""
        return format_date(self._local(moment), format="d", locale=self.locale)

    def month_name(self, moment: date) -> str:
        """Write `Nov`."""
        return format_date(self._local(moment), format="LLL", locale=self.locale)

    def weekday(self, moment: date) -> str:
        """Write `Saturday, 21 November` as the language does."""
        patterns = self.locale.datetime_skeletons
        pattern = str(patterns["MMMMEd" if "MMMMEd" in patterns else "MMMEd"])
        for short, long in (("MMMM", "MMM"), ("LLLL", "LLL")):
            pattern = pattern.replace(short, long).replace(long, short)
        pattern = re.sub(r"\b[Ec]{1,3}\b", "EEEE", pattern)
        return format_date(self._local(moment), format=pattern, locale=self.locale)

    def time(self, moment: datetime) -> str:
        """Write `10:00 AM` or `10:00`, as the language does."""
        return format_time(moment.astimezone(self.zone), format="short", locale=self.locale)

    def period(self, first: date, last: date) -> str:
        """Write `Nov 16 – 22, 2026` or the months in full, as the language does."""
        return str(format_interval(first, last, skeleton="yMMMMd", locale=self.locale))

    def join_list(self, names: list[str]) -> str:
        """Join names as the language does: `A, B and C`."""
        return format_list(names, locale=self.locale)

    def when(self, event: Event) -> str:
        """Write when an event is: the day, and for a timed one the hours with the zone's name."""
        if not isinstance(event.starts, datetime):
            until = event.ends or event.starts
            days = [event.starts, until] if until > event.starts else [event.starts]
            return " – ".join(map(self.weekday, days))
        starts = event.starts.astimezone(self.zone)
        if not isinstance(event.ends, datetime) or event.ends <= event.starts:
            return self.at(starts, self._zoned(starts, self.time(starts)))
        ends = event.ends.astimezone(self.zone)
        if ends.date() == starts.date():
            hours = f"{self.time(starts)} – {self.time(ends)}"
            return self.at(starts, self._zoned(starts, hours))
        last = self.at(ends, self._zoned(ends, self.time(ends)))
        return f"{self.at(starts, self.time(starts))} – {last}"

    def _zoned(self, moment: datetime, hours: str) -> str:
        """Write the hours with the zone's name: in English `PST`, elsewhere in words."""
        zone = moment.tzname() or ""
        if self.locale.language != "en":
            zone = get_timezone_name(moment, zone_variant="generic", locale=self.locale)
        return self.translations.gettext("%(hours)s %(zone)s") % {"hours": hours, "zone": zone}

    def at(self, day: date, hours: str) -> str:
        """Write a day and its hours, in the language's order and with its own comma."""
        pattern = str(self.locale.datetime_formats["medium"])
        return pattern.replace("{1}", self.weekday(day)).replace("{0}", hours)

    def _local(self, moment: date) -> date:
        return moment.astimezone(self.zone) if isinstance(moment, datetime) else moment


def localizer_for(language: str, coalition: Coalition) -> Localizer:
    """Make the localizer of a BCP 47 tag, with its catalogue, on the coalition's clock."""
    catalogue = translations(language)
    return Localizer(language=language, zone=coalition.zone, translations=catalogue)


def localizer_for_editors(language: str, coalition: Coalition) -> Localizer:
    """Make it for what editors are mailed and look at; in English where their language has no
    catalogue for that."""
    known = language if first_same(language, languages(EDITORS)) else "en"
    catalogue = translations(known, EDITORS)
    return Localizer(language=known, zone=coalition.zone, translations=catalogue)
