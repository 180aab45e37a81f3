"""Date tokens of the demo's feeds."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.demo.dates import fill
from newsletter.model.item import beginning
from newsletter.pulling.parse.calendar.read_calendar import read_calendar
from newsletter.shipped import shipped

NOW = datetime(2026, 11, 20, 17, 30, 15, tzinfo=UTC)  # 09:30 in Los Angeles
HERE = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("token", "filled"),
    [
        ("{{rss -2d 09:15}}", "Wed, 18 Nov 2026 09:15:00 -0800"),
        ("{{iso -1d 11:00}}", "2026-11-19T11:00:00-08:00"),
        ("{{utc +9d 17:00}}", "20261130T010000Z"),
        ("{{local +3d 10:00}}", "20261123T100000"),
        ("{{day +4d}}", "20261124"),
        ("{{local saturday 10:00}}", "20261121T100000"),
        ("{{rss -1h}}", "Fri, 20 Nov 2026 08:30:00 -0800"),
        ("{{no token}}", "{{no token}}"),
    ],
)
def test_a_token_becomes_a_date_counted_from_now(token: str, filled: str) -> None:
    assert fill(token, now=NOW, timezone=HERE, later=False) == filled


def test_later_parts_appear_only_later() -> None:
    text = "a{{later}}b{{end}}c"
    assert fill(text, now=NOW, timezone=HERE, later=False) == "ac"
    assert fill(text, now=NOW, timezone=HERE, later=True) == "abc"


@pytest.mark.parametrize("day", range(20, 28))
def test_saturday_is_always_ahead(day: int) -> None:
    now = NOW.replace(day=day)
    filled = fill("{{local saturday 10:00}}", now=now, timezone=HERE, later=False)
    moment = datetime.strptime(filled, "%Y%m%dT%H%M%S").replace(tzinfo=HERE)
    assert moment.weekday() == 5
    assert 0 < (moment.date() - now.date()).days <= 7


@pytest.mark.parametrize(
    "now",
    ["2026-11-01 08:30", "2026-11-01 09:30", "2027-03-14 10:00", "2027-03-14 10:30"],
)
def test_an_hour_ago_is_an_hour_ago_in_a_night_when_the_clocks_change(now: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    filled = fill("{{iso -1h}}", now=moment, timezone=HERE, later=False)
    assert moment - datetime.fromisoformat(filled) == timedelta(hours=1)


@pytest.mark.parametrize("hour", [8, 20])  # 0:30 and 12:30 in Los Angeles
@pytest.mark.parametrize("day", range(20, 28))
def test_the_calendars_tell_the_same_week_on_each_day(day: int, hour: int) -> None:
    """Members have places for few events: whose is the soonest decides what readers see."""
    now = NOW.replace(day=day, hour=hour)
    entries = []
    for path in (shipped("demo") / "site").glob("*/*.ics"):
        text = fill(path.read_text(encoding="utf-8"), now=now, timezone=HERE, later=False)
        read = read_calendar(text, url="https://x.example/", now=now, zone=HERE)
        entries += [one for one in read.entries if one.event and not one.event.cancelled]
    entries.sort(key=lambda one: beginning(one.event.starts))
    assert [one.title for one in entries] == [
        "Free legal clinic",
        "Soup day: the last pumpkins",
        "How to walk with someone: accompaniment training",
        "Workshop: renewing a work permit, step by step",
        "Song circle of six languages",
    ]
