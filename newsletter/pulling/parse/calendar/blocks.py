"""iCalendar bytes to calendars and their events' lines, whatever stands between and around them.

RFC 5545 section 3.1: lines are unfolded as bytes, for a fold may stand inside a character.
"""

import re
from dataclasses import dataclass, field

_NAMES = (
    "ATTACH|CATEGORIES|CLASS|CONFERENCE|CREATED|DESCRIPTION|DTEND|DTSTAMP|DTSTART|DURATION|EXDATE"
    "|GEO|LAST-MODIFIED|LOCATION|ORGANIZER|PRIORITY|RDATE|RECURRENCE-ID|RRULE|SEQUENCE|STATUS"
    "|SUMMARY|TRANSP|TZID|UID|URL|X-WR-CALNAME|X-WR-TIMEZONE"
)
# A blank at the beginning carries on the line above, unless what follows is plainly a line.
_FOLD = re.compile(
    rf"\r?\n[ \t](?![ \t]*\"?(?:(?:BEGIN|END):[A-Z-]+\"?[ \t]*\r?\n|(?:{_NAMES})[;:]))".encode(),
    re.IGNORECASE,
)
_EDGE = re.compile(r"\s*\"?(BEGIN|END)\s*:\s*([A-Z-]+)\s*\"?\s*", re.IGNORECASE)
_BEGINS = re.compile(r"(?im)^[ \t]*\"?BEGIN:V(?:CALENDAR|EVENT)\"?[ \t]*\r?$")
_ENDS = re.compile(r"(?im)^[ \t]*\"?END:V(?:CALENDAR|EVENT)\"?[ \t]*\r?$")
_OTHER = frozenset({"VTIMEZONE", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY"})
_DOCUMENT = re.compile(r"(?i)<(?:!doctype|html|rss|feed|rdf|body)\b")


@dataclass(slots=True)
class Block:
    """The lines of an event or a time zone, those of parts inside it left out of an event."""

    name: str
    lines: list[str] = field(default_factory=list)
    is_whole: bool = True


@dataclass(slots=True)
class CalendarBlocks:
    """One calendar: its own lines, its events and time zones, and whether it came to its end."""

    lines: list[str] = field(default_factory=list)
    events: list[Block] = field(default_factory=list)
    zones: list[Block] = field(default_factory=list)
    has_end: bool = False


def unfolded(body: bytes) -> bytes:
    """Return the bytes with each folded line as one."""
    return _FOLD.sub(b"", body)


def has_calendar(text: str) -> bool:
    """Return whether a calendar begins and ends in it, though something may stand before."""
    document = _DOCUMENT.search(text, 0, 65_536)  # of most feeds in their first lines
    begins = _BEGINS.search(text, 0, document.start() if document else 65_536)
    return begins is not None and _ENDS.search(text, begins.end()) is not None


def calendars_in(text: str) -> list[CalendarBlocks]:
    """Return the calendars; what stands before, between and after them does not count.

    An event on its own, as some sites send it, is a calendar that has its end.
    """
    reader = _Reader()
    for line in re.split(r"\r\n|\n|\r", text):
        edge = _EDGE.fullmatch(line)
        if edge is None:
            reader.line(line)
        elif edge[1].upper() == "BEGIN":
            reader.begin(edge[2].upper())
        else:
            reader.end(edge[2].upper())
    reader.close_block()
    return reader.found


class _Reader:
    """Where in a calendar the next line stands."""

    def __init__(self) -> None:
        self.found: list[CalendarBlocks] = []
        self.block: Block | None = None
        self.inner: list[str] = []  # an alarm inside an event, the halves of a time zone

    def begin(self, name: str) -> None:
        calendar = self.found[-1] if self.found else None
        if name == "VCALENDAR":
            self.close_block()
            if calendar is None or calendar.events or calendar.has_end:
                self.found.append(CalendarBlocks())
        elif name == "VEVENT" or (name in _OTHER and calendar is not None):
            self.close_block()
            if calendar is None or calendar.has_end:
                calendar = CalendarBlocks(has_end=calendar is None)
                self.found.append(calendar)
            self.block = Block(name)
            if name == "VEVENT":
                calendar.events.append(self.block)
            elif name == "VTIMEZONE":
                calendar.zones.append(self.block)
        elif self.block is not None:
            self.inner.append(name)
            self._keep(f"BEGIN:{name}")

    def end(self, name: str) -> None:
        if name == "VCALENDAR" and self.found:
            self.close_block()
            self.found[-1].has_end = True
        elif self.block is not None and name == self.block.name:
            self.block.is_whole = not self.inner
            self.block, self.inner = None, []
        elif self.block is not None and self.inner:
            self._keep(f"END:{name}")
            self.inner.pop()

    def line(self, line: str) -> None:
        if line.strip() and self.block is not None:
            self._keep(line)
        elif line.strip() and self.found and not self.found[-1].has_end:
            self.found[-1].lines.append(line)

    def close_block(self) -> None:
        """A block that has not come to its end is not whole."""
        if self.block is not None:
            self.block.is_whole = False
        self.block, self.inner = None, []

    def _keep(self, line: str) -> None:
        """Of what stands inside a block's parts, time zones need all and events nothing."""
        if self.block is not None and (self.block.name == "VTIMEZONE" or not self.inner):
            self.block.lines.append(line)
