"""Ceilings: a send that brings too many complaints or dead addresses is paused, and says so."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from newsletter.errors import AttentionError
from newsletter.model.delivery import DeliveryState
from newsletter.sending.ceilings import Ceilings, above
from tests.sending.conftest import PEOPLE
from tests.sending.parts import add_people, send_all
from tests.sending.recorder import Running
from tests.sending.test_send_faults import parts_for

ACCEPTED, WAITING = DeliveryState.ACCEPTED, DeliveryState.WAITING
COMPLAINED, BOUNCED = DeliveryState.COMPLAINED, DeliveryState.BOUNCED
REFUSED = DeliveryState.REFUSED


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ({ACCEPTED: 300, COMPLAINED: 1}, ""),  # one of a few hundred is nothing yet
        ({ACCEPTED: 2997, COMPLAINED: 3}, ""),  # 0.1% exactly
        ({ACCEPTED: 2990, COMPLAINED: 3}, "3 of 2,993 people complained"),
        ({ACCEPTED: 100, BOUNCED: 19}, ""),
        ({ACCEPTED: 300, BOUNCED: 10, REFUSED: 10}, "20 of 320 addresses are dead"),
        ({ACCEPTED: 380, BOUNCED: 20}, ""),  # 5% exactly
        ({ACCEPTED: 10, WAITING: 100_000, REFUSED: 20}, "20 of 30 addresses"),
    ],
)
def test_a_share_of_enough_people_is_above_the_ceiling(
    states: dict[DeliveryState, int], said: str
) -> None:
    found = above(states, Ceilings())
    assert found.startswith(said)
    assert bool(found) is bool(said)


def test_an_old_list_is_paused_though_a_fast_relay_takes_it_in_seconds(
    engine: Engine, server: Running
) -> None:
    add_people(engine, 600 - PEOPLE, start=PEOPLE + 1)

    def one_in_ten_is_gone(asked: str, recipient: str) -> bytes | None:
        is_gone = asked == "RCPT" and recipient.endswith("0@example.org")
        return b"550 5.1.1 no such user\r\n" if is_gone else None

    server.answer = one_in_ten_is_gone
    parts = replace(parts_for(engine, server), clock=lambda: datetime.now(UTC))
    with pytest.raises(AttentionError, match="addresses are dead"):
        send_all(parts)
    assert server.accepted.total() < 400
