"""Ceilings: a send that brings too many complaints or dead addresses is paused, and says so."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from newsletter.errors import AttentionError
from newsletter.model.delivery import DeliveryState
from newsletter.sending.ceilings import Ceilings, above
from newsletter.sending.send_control import ready_to_resume, resume
from tests.sending.conftest import PEOPLE
from tests.sending.parts import ISSUE, add_people, send_all
from tests.sending.recorder import Running
from tests.sending.test_send_faults import ledger_is_right, parts_for

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

    is_in_trouble = True

    def one_in_eleven_is_gone(asked: str, recipient: str) -> bytes | None:
        number = int(recipient.removeprefix("person").partition("@")[0] or 0)
        is_gone = number % 11 == 0 or (is_in_trouble and number >= 396)
        return b"550 5.1.1 no such user\r\n" if asked == "RCPT" and is_gone else None

    server.answer = one_in_eleven_is_gone
    # One connection: with more, who is accepted on another one may be counted after a refusal.
    parts = replace(parts_for(engine, server, connections=1), clock=lambda: datetime.now(UTC))
    with pytest.raises(AttentionError, match="addresses are dead"):
        send_all(parts)
    assert server.accepted.total() < 500
    is_in_trouble = False
    ready_to_resume(parts, ISSUE)
    resume(parts, ISSUE)  # those refused at the moment of the pause are tried again, not given up
    parts = replace(parts, limits=replace(parts.limits, ceilings=Ceilings(dead=1.0)))
    send_all(parts)
    assert ledger_is_right(parts, server) == {ACCEPTED: 546, REFUSED: 54}
