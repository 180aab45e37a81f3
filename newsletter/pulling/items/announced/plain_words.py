"""The event that a post announces in plain words, in English and Spanish: precision before recall.

Only a day, an hour and a place that the text itself says make one, and only where nothing in it
says otherwise: see docs/decisions/0114-events-in-posts.md.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from newsletter.model.item import Event
from newsletter.pulling.items.announced.cues import (
    CALLED_OFF,
    CONDITION,
    DAY,
    INVITES,
    IS_ON,
    LETS_IN,
    OTHER_MATTER,
    PAST,
    RECURRING,
    WARNS,
)
from newsletter.pulling.items.announced.days import WEEKDAY, NamedDay, days_in
from newsletter.pulling.items.announced.hours import UNKNOWN_ZONE, NamedHours, hours_in
from newsletter.pulling.items.announced.places import (
    is_place,
    labelled_place,
    online_place,
    place_in,
    without_leaving,
    zones_near,
)

LONGEST = 20_000  # characters of a text that are looked at
_LONGEST_SENTENCE = 600
_SHORT = 90  # characters of a line that may be one of several: day, hour and place, each by itself
_QUOTE = 200
_LONGEST_PLACE = 150
_TITLE = 4  # words
_MOST = 20  # passages with a day: what has more is a calendar or a chronicle
_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[¡¿$\"'“(]*[A-ZÁÉÍÓÚÑ0-9])")
_ABBREVIATED = re.compile(
    r"(?:(?:^|[^A-Z\s]\S*\s)(?:St|Dr|Ft|Mt)|\b(?:Ste|Sta|Sto|Dra|Mr|Mrs|Ms|No|N[úu]m|Col|Sra?|Lic|[A-Z]"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun))\.$"
)
_GOES_ON = re.compile(rf"(?:{WEEKDAY}|[ECMP][SD]?T|Eastern|Central|Mountain|Pacific)\b")
_INLINE = re.compile(
    r"\s+(?=(?:When|Where|Date|Time|Location|Venue|Place|Address|Cu[áa]ndo|D[óo]nde|Fecha|Hora|Lugar"
    r"|Direcci[óo]n)\s?:)"
)
_LABELLED = re.compile(
    r"^\W{0,3}(?:when|date(?: (?:and|&) time)?|day|time|cu[áa]ndo|fecha(?: y hora)?|d[ií]a"
    r"|hora(?:rio)?)\s*[:\u2013\u2014-]\s*",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"\b(?:on|at|in|from|the|our|this|and|office|el|la|las|los|de|del|a|en|nuestra|oficina|este"
    r"|pr[óo]ximo)\b|[\W\d_]+",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """An event that a post announces, and the words of it that say so."""

    event: Event
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Passage:
    """A sentence or a line of a post, and the days and hours in it."""

    text: str
    days: Sequence[NamedDay]
    hours: Sequence[NamedHours]

    @property
    def times(self) -> list[tuple[int, int]]:
        return [(day.start, day.end) for day in self.days] + [
            (hours.start, hours.end) for hours in self.hours
        ]

    @property
    def rest(self) -> str:
        """Its words with a mark for each day, and without hours and label."""
        marks = [(day.start, day.end, DAY) for day in self.days]
        marks += [(hours.start, hours.end, " ") for hours in self.hours]
        text = self.text
        for start, end, mark in sorted(marks, reverse=True):
            text = text[:start] + mark + text[end:]
        return _LABELLED.sub("", text)


def announced_in(
    title: str, text: str, *, published: date | None, zone: tzinfo
) -> Announced | None:
    """Return the one event that a post announces, or None where it is not sure of one.

    `published` is the post's day, None for an undated one: then only days with their year count.
    Hours are in `zone`, the coalition's, unless the text says another.
    """
    passages = [_passage(part, published) for part in _parts(title, text[:LONGEST])]
    whole = "\n".join(one.text for one in passages)
    if not 0 < sum(bool(one.days) for one in passages) <= _MOST:
        return None
    if keeps_away(title, text):
        return None
    found: dict[datetime, Announced | None] = {}
    for at, passage in enumerate(passages):
        for starts, ends, words in _moments(passages, at, zone):
            if starts is None:
                return None
            place = _place(passages, at)
            fits = (
                0 < len(place) <= _LONGEST_PLACE
                and _is_announcement(passage, whole)
                and _is_here(starts, passage, whole)
            )
            event = Event(starts=starts, ends=ends, place=place)
            known = found.get(starts)
            found[starts] = known or (Announced(event=event, words=words) if fits else None)
    if len(found) != 1:
        return None
    (announced,) = found.values()
    day = announced and announced.event.starts
    if not isinstance(day, datetime) or (published and day.astimezone(zone).date() < published):
        return None
    return announced


def is_called_off(title: str, text: str) -> bool:
    """Return whether a post speaks of something cancelled, postponed or moved."""
    return bool(CALLED_OFF.search(title) or CALLED_OFF.search(text, 0, LONGEST))


def keeps_away(title: str, text: str) -> bool:
    """Return whether a post invites nobody: the event is called off, or people are to stay away."""
    is_warning = WARNS.search(title) or WARNS.search(text, 0, LONGEST)
    return bool(is_warning) or is_called_off(title, text)


def _parts(title: str, text: str) -> Iterator[str]:
    """Its sentences, and whole the lines that say one thing after a label."""
    yield title
    for line in filter(None, map(str.strip, re.split(r"\n", _INLINE.sub("\n", text)))):
        if _LABELLED.match(line) or labelled_place(line):
            yield line
            continue
        begun = ""
        for part in _END.split(line):
            if begun and not (_ABBREVIATED.search(begun[-40:]) or _GOES_ON.match(part)):
                yield begun
                begun = ""
            begun = f"{begun} {part}" if begun else part
        yield begun


def _passage(text: str, published: date | None) -> _Passage:
    if len(text) > _LONGEST_SENTENCE:
        return _Passage(text=text, days=(), hours=())
    hours = hours_in(text)
    masked = text
    for one in hours:
        masked = masked[: one.start] + "\x01" * (one.end - one.start) + masked[one.end :]
    return _Passage(text=text, days=days_in(masked, published), hours=hours)


def _moments(
    passages: Sequence[_Passage], at: int, zone: tzinfo
) -> Iterator[tuple[datetime | None, datetime | None, str]]:
    """Beginning, end and words of what a passage sets a day and an hour for; None: not sure."""
    passage = passages[at]
    if not passage.days:
        return
    beside = next((one for one in _beside(passages, at) if one.hours and not one.days), None)
    hours = passage.hours or (beside.hours if beside else ())
    if not hours:
        return
    words = passage.text if passage.hours or beside is None else f"{passage.text} {beside.text}"
    for day in passage.days:
        moments = {_moment(day, one, zone) for one in hours}
        starts = moments.pop() if len(moments) == 1 else None
        ends = next((_end(day, one, zone) for one in hours if one.ends), None)
        yield starts, ends, _quoted(words)


def _beside(passages: Sequence[_Passage], at: int) -> Iterator[_Passage]:
    """The lines around a short one that are nothing but hours: "Doors open at 5 pm" is more."""
    if len(passages[at].text) <= _SHORT:
        for near in (at + 1, at - 1):
            if 0 < near < len(passages) and len(_SMALL.sub(" ", passages[near].rest).split()) <= 1:
                yield passages[near]


def _moment(day: NamedDay, hours: NamedHours, zone: tzinfo) -> datetime | None:
    if day.day is None or hours.starts is None or hours.zone == UNKNOWN_ZONE:
        return None
    said = ZoneInfo(hours.zone) if hours.zone else zone
    moment = datetime.combine(day.day, hours.starts, tzinfo=said)
    if hours.season and moment.tzname() != hours.season:
        return None  # EST in July: an hour of New York, or of a clock that nobody turns
    return moment.astimezone(zone)


def _end(day: NamedDay, hours: NamedHours, zone: tzinfo) -> datetime | None:
    starts = _moment(day, hours, zone)
    if starts is None or hours.starts is None or hours.ends is None:
        return None
    length = datetime.combine(date.min, hours.ends) - datetime.combine(date.min, hours.starts)
    return starts + length if length > timedelta() else None


def _place(passages: Sequence[_Passage], at: int) -> str:
    """The place in the passage, else what is labelled as one, else a line beside that is one."""
    passage = passages[at]
    here = labelled_place(passage.text) or place_in(passage.text, passage.times)
    labelled = (labelled_place(one.text) for one in passages)
    beside = passages[at + 1 : at + 3]
    near = (without_leaving(one.text.strip(" .")) for one in beside if is_place(one.text))
    return here or next(filter(None, (*labelled, *near)), "") or online_place(passage.text)


def _is_announcement(passage: _Passage, whole: str) -> bool:
    """Whether a passage asks people to come: by its own words, or as a line among such words."""
    rest = passage.rest
    if any(pattern.search(rest) for pattern in (OTHER_MATTER, RECURRING, CONDITION)):
        return False
    invitation = INVITES.search(rest)
    if PAST.search(rest, 0, invitation.start() if invitation else len(rest)):
        return False
    if invitation or _LABELLED.match(passage.text):
        return True
    is_asked = bool(LETS_IN.search(whole) or INVITES.search(whole))
    return (is_asked and bool(IS_ON.search(rest))) or _is_line(passage)


def _is_line(passage: _Passage) -> bool:
    """Whether a passage is a day, an hour and a place, with at most a title before them."""
    place = place_in(passage.text, passage.times) or online_place(passage.text)
    before = passage.rest.partition(place)[0] if place else passage.rest
    words = _SMALL.sub(" ", before.rpartition(": ")[2]).split()
    return not words or (len(words) <= _TITLE and bool(IS_ON.search(before)))


def _is_here(starts: datetime, passage: _Passage, whole: str) -> bool:
    """Whether the hours are the coalition's: nothing in the post says another zone's place."""
    return any(one.zone for one in passage.hours) or all(
        starts.astimezone(ZoneInfo(one)).utcoffset() == starts.utcoffset()
        for one in zones_near(whole)
    )


def _quoted(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _QUOTE else f"{words[:_QUOTE].rsplit(' ', 1)[0]} …"
