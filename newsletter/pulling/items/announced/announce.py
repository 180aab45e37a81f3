"""Entries with the event that they describe beside their text: by markup, or by a feed's fields."""

from dataclasses import replace
from datetime import datetime, tzinfo

from newsletter.model.entry import Entry, EventWords
from newsletter.model.item import Event
from newsletter.pulling.items.announced.days import days_in
from newsletter.pulling.items.announced.hours import hours_in
from newsletter.pulling.items.announced.markup import event_in_markup


def with_announced(entry: Entry, *, now: datetime, zone: tzinfo) -> Entry:
    """Return the entry with the event that it describes, if it is not an event itself.

    `zone` is the coalition's: that of hours that name none.
    """
    if entry.event is not None:
        return entry
    announced = event_in_markup(entry.html, entry.link, zone)
    if announced is None and entry.event_words is not None:
        announced = _of_fields(entry.event_words, now.astimezone(zone), zone)
    return replace(entry, announced=announced) if announced else entry


def _of_fields(fields: EventWords, now: datetime, zone: tzinfo) -> Event | None:
    """`December 5 @ 6:00 pm`: The Events Calendar leaves out the year when it is this year."""
    starts = _moment(fields.starts, now, zone)
    ends = _moment(fields.ends, now, zone)
    if starts is None or starts < now:
        return None
    return Event(starts=starts, ends=ends if ends and ends > starts else None, place=fields.place)


def _moment(words: str, now: datetime, zone: tzinfo) -> datetime | None:
    days, hours = days_in(words, now.date()), hours_in(words)
    if len(days) != 1 or len(hours) != 1 or days[0].day is None or hours[0].starts is None:
        return None
    return datetime.combine(days[0].day, hours[0].starts, tzinfo=zone)
