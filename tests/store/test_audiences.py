"""Verdicts on people are remembered by what a rule can see of them, and by nothing less."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from newsletter.model.audience import AudienceTraits, Verdict
from newsletter.model.subscriber import Frequency, Subscriber, SubscriberState, SuppressionReason
from newsletter.model.suppression import SuppressionKeys
from newsletter.store.ledger import SqlLedger
from newsletter.store.subscribers import SqlSubscribers
from tests.sending.parts import KEY, add_subscribers

KEYS = SuppressionKeys([KEY])
PERSON = Subscriber(
    id=1,
    address="one@example.org",
    language="en",
    state=SubscriberState.CONFIRMED,
    topics=frozenset({"work", "housing"}),
)
OTHERS = {
    "language": "es",
    "state": SubscriberState.PENDING,
    "frequency": Frequency.MONTHLY,
    "topics": frozenset({"work"}),
    "regions": frozenset({"fresno"}),
    "paused_until": date(2026, 12, 1),
    "is_suppressed": True,
}


def judged(engine: Engine, *others: Subscriber) -> list[AudienceTraits]:
    """What a rule is asked about the first person and the others."""
    add_subscribers(engine, [PERSON, *others])
    asked: list[AudienceTraits] = []

    def judge(person: AudienceTraits) -> Verdict:
        asked.append(person)
        return "en"

    counts = SqlLedger(engine, KEYS).survey(judge)
    assert counts == {"en": 1 + len(others)}
    return asked


@pytest.mark.parametrize("field", AudienceTraits._fields[:-1])  # `got` is a correction's alone
def test_people_who_differ_in_what_a_rule_sees_are_judged_apart(engine: Engine, field: str) -> None:
    other = replace(PERSON, id=2, address="two@example.org")
    if field == "is_suppressed":
        people = SqlSubscribers(engine, KEYS)
        people.suppress_new(
            [other.address], SuppressionReason.COMPLAINED, datetime(2026, 11, 20, tzinfo=UTC)
        )
    else:
        other = replace(other, **{field: OTHERS[field]})
    first, second = judged(engine, other)
    assert second == first._replace(**{field: OTHERS[field]})
    assert (first.topics, first.regions) == (PERSON.topics, PERSON.regions)


def test_people_whom_a_rule_cannot_tell_apart_are_judged_once(engine: Engine) -> None:
    """What else is known of them is out of its reach: it could not be remembered."""
    other = replace(PERSON, id=2, address="two@example.org", discreet=True, proof="a form")
    (traits,) = judged(engine, other)
    assert not hasattr(traits, "discreet")
