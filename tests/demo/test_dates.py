"""Date tokens of the demo's feeds."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.demo.dates import fill

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
