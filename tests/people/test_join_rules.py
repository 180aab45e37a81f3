"""The rules of joining, one case each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model.subscriber import (
    NOT_STORED,
    Frequency,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from newsletter.people.join_rules import (
    ASK_AGAIN_AFTER,
    AskToConfirm,
    Remind,
    StayDiscreet,
    StaySilent,
    Wish,
    answer_request,
    confirmed,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WISH = Wish(
    address="ana@x.example", language="es", frequency=Frequency.URGENT, discreet=True, wording="w"
)
ANA = Subscriber(
    id=7,
    address="ana@x.example",
    language="en",
    state=SubscriberState.PENDING,
    joined_at=NOW,
    proof="asked",
)


def test_a_new_address_is_asked_to_confirm_what_it_wished() -> None:
    answer = answer_request(WISH, None, None, NOW)
    assert isinstance(answer, AskToConfirm)
    asked = answer.person
    assert (asked.id, asked.state, asked.joined_at) == (NOT_STORED, SubscriberState.PENDING, NOW)
    assert (asked.language, asked.frequency, asked.discreet) == ("es", Frequency.URGENT, True)
    assert asked.proof == "asked on the public page (es, wording w)"


def test_who_is_on_the_list_is_reminded_even_when_complaints_came() -> None:
    here = replace(ANA, state=SubscriberState.CONFIRMED)
    assert answer_request(WISH, here, SuppressionReason.COMPLAINED, NOW) == Remind(person=here)


@pytest.mark.parametrize(
    ("passed", "expected"), [(timedelta(0), StaySilent), (ASK_AGAIN_AFTER, AskToConfirm)]
)
def test_who_asked_a_moment_ago_is_not_mailed_again(
    passed: timedelta, expected: type[object]
) -> None:
    usual = replace(WISH, discreet=False)
    assert isinstance(answer_request(usual, ANA, None, NOW + passed), expected)


def test_a_neutral_sender_that_is_asked_for_at_the_second_look_holds_at_once() -> None:
    usual = replace(WISH, discreet=False)
    assert answer_request(WISH, ANA, None, NOW) == StayDiscreet(person=replace(ANA, discreet=True))
    assert isinstance(answer_request(usual, ANA, None, NOW), StaySilent)
    private = replace(ANA, discreet=True)
    for wish in (WISH, usual):  # and nobody else takes it away
        assert isinstance(answer_request(wish, private, None, NOW), StaySilent)


def test_who_asks_again_keeps_the_row_and_gets_the_new_wish() -> None:
    answer = answer_request(WISH, ANA, None, NOW + timedelta(hours=1))
    assert isinstance(answer, AskToConfirm)
    assert (answer.person.id, answer.person.language) == (7, "es")


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (SuppressionReason.LEFT, AskToConfirm),
        (SuppressionReason.ERASED, AskToConfirm),
        (SuppressionReason.BOUNCED, AskToConfirm),
        (SuppressionReason.COMPLAINED, StaySilent),
    ],
)
def test_who_was_kept_out_may_ask_anew_unless_they_complained(
    reason: SuppressionReason, expected: type[object]
) -> None:
    assert isinstance(answer_request(WISH, None, reason, NOW), expected)


def test_a_mailbox_that_bounced_may_prove_that_it_works() -> None:
    bounced = replace(ANA, state=SubscriberState.BOUNCED)
    answer = answer_request(WISH, bounced, SuppressionReason.BOUNCED, NOW)
    assert isinstance(answer, AskToConfirm)
    assert answer.person.id == 7


def test_confirming_is_recorded_with_its_time() -> None:
    person = confirmed(ANA, NOW + timedelta(days=1))
    assert person.state is SubscriberState.CONFIRMED
    assert person.confirmed_at == NOW + timedelta(days=1)
    assert person.proof == "asked; confirmed by the mailed link"
