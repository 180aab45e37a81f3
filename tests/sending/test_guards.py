"""What makes a person look twice."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.sending.guards import blast_radius, idle, stale

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def test_an_old_approval_is_asked_about_again() -> None:
    assert stale(NOW - timedelta(days=7), NOW, days=7) is None
    warning = stale(NOW - timedelta(days=9), NOW, days=7)
    assert warning is not None
    assert "9 days ago" in warning


def test_an_audience_like_the_last_one_is_no_surprise() -> None:
    assert blast_radius({"en": 1100, "es": 300}, {"en": 1000, "es": 290}, limit=1.5) == []


def test_an_edition_that_suddenly_reaches_everyone_is() -> None:
    (warning,) = blast_radius({"en": 1000, "es": 1300}, {"en": 1000, "es": 300}, limit=1.5)
    assert "es edition would reach 1300 people; last time 300" in warning


def test_an_edition_that_was_forgotten_is_missed() -> None:
    (warning,) = blast_radius({"en": 1000}, {"en": 1000, "es": 300}, limit=1.5)
    assert "now nobody" in warning


def test_small_lists_and_first_sends_may_change_as_they_like() -> None:
    assert blast_radius({"en": 12}, {"en": 3}, limit=1.5) == []
    assert blast_radius({"en": 100_000}, {}, limit=1.5) == []


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, None),
        (60, None),
        (61, "for an hour"),
        (60 * 30, "for 30 hours"),
        (60 * 24 * 9, "9 days"),
    ],
)
def test_a_send_that_stood_still_asks_before_it_goes_on(minutes: int, said: str | None) -> None:
    """A whole workspace that was restored from mid-send mailed 2,700 of 3,000 people twice."""
    now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    found = idle(now - timedelta(minutes=minutes), now)
    assert (said is None) if found is None else (said is not None and said in found)
