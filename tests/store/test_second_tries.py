"""Who has an edition, who never got it, and who is tried again: on SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, delete, select, update

from newsletter.model.audience import AudienceTraits, Verdict
from newsletter.model.delivery import DeliveryState, ExclusionReason
from newsletter.model.ledger import NewSend, Reached
from newsletter.model.suppression import SuppressionKeys
from newsletter.store.deliveries import deliveries
from newsletter.store.ledger import SqlLedger
from newsletter.store.subscribers import subscribers
from tests.sending.parts import KEY, add_people

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
STATES = [
    DeliveryState.ACCEPTED,
    DeliveryState.DELIVERED,
    DeliveryState.REFUSED,
    DeliveryState.UNCERTAIN,
    DeliveryState.BOUNCED,
    DeliveryState.ACCEPTED,  # and left since
]


def in_their_language(person: AudienceTraits) -> Verdict:
    return person.got or person.language


@pytest.fixture
def ledger(engine: Engine) -> SqlLedger:
    """An issue went to six people, and one of them left."""
    add_people(engine, len(STATES))
    made = SqlLedger(engine, SuppressionKeys([KEY]))
    new = NewSend(issue_id="2026-W47", digest="all", editions={"en": "wrong", "es": "fine"})
    made.freeze(new, in_their_language, now=NOW)
    with engine.begin() as connection:
        for number, state in enumerate(STATES, start=1):
            row = update(deliveries).where(deliveries.c.subscriber_id == number)
            connection.execute(row.values(state=state.value, code="5.7.1"))
        connection.execute(delete(subscribers).where(subscribers.c.id == len(STATES)))
    return made


def test_a_correction_is_for_those_who_have_the_edition(engine: Engine, ledger: SqlLedger) -> None:
    wrong = frozenset({"wrong"})
    assert ledger.reached(1) == (Reached("en", "wrong", 3),)
    expected = {"en": 2, ExclusionReason.UNCERTAIN: 1, ExclusionReason.LEFT: 1}
    assert ledger.survey(in_their_language, wrong=wrong) == expected
    assert ledger.survey(in_their_language, wrong=frozenset({"fine"})) == {}
    add_people(engine, 1, start=90)
    new = NewSend(
        issue_id="2026-W47-a",
        digest="correction",
        editions={"en": "right"},
        corrects="2026-W47",
        wrong=wrong,
    )
    made = ledger.freeze(new, in_their_language, now=NOW)
    assert (made.audience, made.candidates, made.corrects) == (2, 4, "2026-W47")
    with engine.begin() as connection:
        row = update(deliveries).where(deliveries.c.send_id == made.id)
        connection.execute(row.values(state=DeliveryState.ACCEPTED.value))
    assert ledger.finish(made.id, NOW)
    assert ledger.find("2026-W47-a").candidates == 4, "nobody joined a correction later"  # type: ignore[union-attr]
    # Who has two editions that were wrong is one person.
    assert ledger.survey(in_their_language, wrong=frozenset({"wrong", "right"})) == expected


def test_who_never_got_it_waits_again_once_and_still_counts_as_answered(
    engine: Engine, ledger: SqlLedger
) -> None:
    missed = ledger.missed(1)
    assert [one.state for one in missed] == STATES[2:5]
    answered = ledger.count_answered(1)
    chosen = {one.delivery_id: one.state for one in missed}
    assert ledger.try_again(chosen, decided_by="Ana", now=NOW) == 3
    assert ledger.try_again(chosen, decided_by="Ana", now=NOW) == 0
    assert ledger.count_answered(1) == answered
    assert [one.became for one in ledger.settlements(1)] == [DeliveryState.WAITING] * 3
    with engine.begin() as connection:
        attempts = select(deliveries.c.attempts).where(deliveries.c.state == "waiting")
        assert connection.execute(attempts).scalars().all() == [0, 0, 0]
