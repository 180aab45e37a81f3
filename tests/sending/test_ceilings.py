"""Ceilings: a send that brings too many complaints or dead addresses is paused, and says so."""

import pytest

from newsletter.model.delivery import DeliveryState
from newsletter.sending.ceilings import Ceilings, above

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
