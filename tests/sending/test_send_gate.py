"""What the gate does when nobody can tell what was taken back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

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
