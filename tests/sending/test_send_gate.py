"""When the gate asks again, and what it does when nobody can tell what was taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from newsletter.errors import AttentionError, ConfigError, NewsletterError
from newsletter.model.consent import Denied
from newsletter.model.message import RenderedEdition
from newsletter.sending.send_gate import SendGate
from tests.sending.parts import FakeConsents, edition

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass
class LostConsents(FakeConsents):
    """Cannot answer, once something was lost."""

    lost: NewsletterError | None = None

    def denials(self, edition: RenderedEdition, *, on: date) -> dict[str, Denied]:
        if self.lost is not None:
            raise self.lost
        return {}


@pytest.mark.parametrize("error", [AttentionError, ConfigError])
def test_a_send_is_paused_when_nobody_can_tell_what_was_taken_back(
    error: type[NewsletterError],
) -> None:
    consents = LostConsents()
    gate = SendGate([edition()], consents, lambda moment: moment.date())
    assert gate.reason_to_stop(NOW) is None
    consents.lost = error("the state folder is missing", hint="confirm")
    reason = gate.reason_to_stop(NOW)
    assert reason is not None
    assert reason.message == "the state folder is missing. The send is paused"
    assert reason.hint == "confirm"


@dataclass
class StampedConsents(FakeConsents):
    """Allows everything; its files change when a test, or `meanwhile` during an answer, says so."""

    seen: str = ""
    meanwhile: str = ""
    stamped: list[Sequence[str]] = field(default_factory=list)

    def stamp(self, story_ids: Sequence[str]) -> object:
        self.stamped.append(story_ids)
        return self.seen

    def denials(self, edition: RenderedEdition, *, on: date) -> dict[str, Denied]:
        self.asked += 1
        self.seen += self.meanwhile
        return {}


def test_it_asks_again_when_a_file_a_withdrawal_or_the_day_changed_and_only_then() -> None:
    consents = StampedConsents()
    editions = [edition(story_ids=("one", "two")), edition("es", story_ids=("two", "three"))]
    gate = SendGate(editions, consents, lambda moment: moment.date())

    def asked(now: datetime = NOW) -> int:
        before = consents.asked
        assert gate.reason_to_stop(now) is None
        return consents.asked - before

    assert asked() == 2
    assert asked() == 0
    consents.seen = "another file"
    assert (asked(), asked()) == (2, 0)
    gate.newest_stop = 1
    assert (asked(), asked()) == (2, 0)
    assert asked(NOW + timedelta(1)) == 2
    assert set(consents.stamped) == {("one", "two", "three")}


def test_what_changes_while_it_asks_is_seen_the_next_time() -> None:
    consents = StampedConsents(meanwhile="x")
    gate = SendGate([edition()], consents, lambda moment: moment.date())
    for _ in range(2):
        assert gate.reason_to_stop(NOW) is None
    assert consents.asked == 2


def test_a_lapsed_edition_is_mailed_to_nobody_more() -> None:
    gate = SendGate([edition(lapses_at=NOW)], FakeConsents(), lambda moment: moment.date())
    assert gate.reason_to_stop(NOW - timedelta(seconds=1)) is None
    reason = gate.reason_to_stop(NOW)
    assert reason is not None
    assert "lapsed" in reason.message
