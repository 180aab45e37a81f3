"""What of a calendar could not be read, in a few lines for the health of a feed."""

from collections import Counter
from dataclasses import dataclass, field

_NAMED = 3


@dataclass(slots=True)
class Trouble:
    """Hears of each event with trouble; says it in one line for each kind."""

    without_start: int = 0
    lost_events: list[str] = field(default_factory=list)
    odd_lines: list[str] = field(default_factory=list)
    zones: Counter[str] = field(default_factory=Counter)
    calendar_zones: list[str] = field(default_factory=list)

    def no_start(self) -> None:
        """Hear of an event whose beginning is missing or cannot be read: it is left out."""
        self.without_start += 1

    def lost(self, title: str, name: str) -> None:
        """Hear of an event that is left out for what its line `name` says."""
        self.lost_events.append(f"“{title[:60]}”" + (f" ({name})" if name else ""))

    def odd_line(self, title: str, name: str) -> None:
        """Hear of a line that is left out of an event that stays."""
        self.odd_lines.append(f"“{title[:60]}” ({name})")

    def unknown_zone(self, name: str) -> None:
        """Hear of an event in a time zone that nobody knows."""
        self.zones[name] += 1

    def own_zone(self, name: str) -> None:
        """Hear of a calendar whose own zone nobody knows: its times without a zone may be wrong."""
        self.calendar_zones.append(name)

    @property
    def warnings(self) -> list[str]:
        """Return a line for each kind of trouble, with the first few that it concerns."""
        said = []
        if self.without_start:
            said.append(f"{_count(self.without_start)} without a start time that can be read")
        if self.lost_events:
            said.append(
                f"{_count(len(self.lost_events))} could not be read: {_first(self.lost_events)}"
            )
        if self.odd_lines:
            where = _count(len(self.odd_lines))
            said.append(f"a line of {where} could not be read: {_first(self.odd_lines)}")
        said += [
            f"the time zone “{name}” of {_count(number)} is not known; the times may be wrong"
            for name, number in self.zones.items()
        ]
        said += [
            f"the calendar's own time zone “{name}” is not known"
            for name in self.calendar_zones
            if name not in self.zones
        ]
        return said


def _count(number: int) -> str:
    return "1 event" if number == 1 else f"{number} events"


def _first(named: list[str]) -> str:
    rest = len(named) - _NAMED
    return ", ".join(named[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
