"""What an item said once is read back: its name, and whether its calendar called it off."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter.model.item import Event, Item, ItemKind

STARTS = datetime(2026, 12, 5, 18, tzinfo=UTC)
DINNER = Item(
    id="e1",
    kind=ItemKind.EVENT,
    title="Dinner · Music · cancelled",
    first_seen_at=STARTS,
    event=Event(starts=STARTS, place="Hall · Room 2"),
)


@pytest.mark.parametrize("title", ["Dinner", "Dinner · Music", "Dinner · Music · cancelled"])
@pytest.mark.parametrize("is_off", [True, False])
def test_an_event_is_read_back_whatever_stands_in_its_title(title: str, is_off: bool) -> None:
    event = Event(starts=STARTS, place="Hall · Room 2", cancelled=is_off)
    told = replace(DINNER, title=title, event=event).told
    assert (told.name, told.is_cancelled) == (title, is_off)


def test_news_says_nothing_of_a_calendar() -> None:
    told = replace(DINNER, event=None).told
    assert (told.name, told.is_cancelled) == ("Dinner · Music · cancelled", False)
