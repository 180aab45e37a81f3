"""The ledger's contract, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, event, select, update

from newsletter.errors import AttentionError
from newsletter.model.audience import AudienceTraits, Verdict
from newsletter.model.consent import Revocation
from newsletter.model.delivery import DeliveryState, ExclusionReason, Send, SendState
from newsletter.model.ledger import (
    BatchRequest,
    BatchResult,
    ClaimedDelivery,
    NewSend,
    OpenBatch,
    Process,
    Result,
)
from newsletter.model.subscriber import Subscriber, SubscriberState, SuppressionReason
from newsletter.model.suppression import SuppressionKeys
from newsletter.store.deliveries import deliveries, senders
from newsletter.store.ledger import SqlLedger
from newsletter.store.story_events import add_revocation
from newsletter.store.subscribers import SqlSubscribers, subscribers
from tests.sending.parts import ISSUE, KEY, add_people, add_subscribers, digests

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
HERE = Process(host="here", pid=1)
EDITIONS = {"en": "e" * 64, "es": "f" * 64}
NEW = NewSend(issue_id=ISSUE, digest="d" * 64, editions=EDITIONS)
KEYS = SuppressionKeys([KEY])


def by_language(person: AudienceTraits) -> Verdict:
    if person.is_suppressed:
        return ExclusionReason.SUPPRESSED
    if person.state is not SubscriberState.CONFIRMED:
        return ExclusionReason.UNCONFIRMED
    return person.language


def nobody_barred(
    state: SubscriberState, paused_until: date | None, is_suppressed: bool
) -> ExclusionReason | None:
    return ExclusionReason.SUPPRESSED if is_suppressed else None


class Book:
    """A ledger, and shorter words for the tests."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ledger = SqlLedger(engine, KEYS)
        self.people = SqlSubscribers(engine, KEYS)

    def freeze(self) -> Send:
        return self.ledger.freeze(NEW, by_language, now=NOW)

    def join(self, send: Send) -> int:
        return self.ledger.join(send.id, HERE, now=NOW, lease=LEASE)

    def take(
        self,
        send: Send,
        sender: int,
        want: int,
        *results: Result,
        now: datetime = NOW,
        newest_stop: int = 0,
        versions: Collection[str] = (*EDITIONS.values(),),
    ) -> BatchResult:
        batch = self.begin(
            send, sender, want, results=results, now=now, newest_stop=newest_stop, versions=versions
        )
        batch.commit()
        return batch.result

    def begin(self, send: Send, sender: int, want: int, **more: Any) -> OpenBatch:
        usual = {"results": (), "now": NOW, "newest_stop": 0, "versions": EDITIONS.values()}
        request = BatchRequest(send_id=send.id, sender=sender, want=want, **{**usual, **more})
        return self.ledger.begin_batch(request, nobody_barred)

    def states(self, send: Send) -> dict[DeliveryState, int]:
        return self.ledger.tally(send.id).states


@pytest.fixture
def book(engine: Engine) -> Book:
    return Book(engine)


def accepted(person: ClaimedDelivery) -> Result:
    return Result(delivery_ids=(person.delivery_id,), state=DeliveryState.ACCEPTED, provider_id="x")


def test_the_freeze_gives_everyone_a_row_or_a_reason(book: Book) -> None:
    add_people(book.engine, 3)
    add_people(book.engine, 2, language="es", start=4)
    pending = Subscriber(
        id=6, address="p@example.org", language="en", state=SubscriberState.PENDING
    )
    add_subscribers(book.engine, [pending])

    send = book.freeze()

    assert (send.candidates, send.audience, send.excluded) == (6, 5, 1)
    tally = book.ledger.tally(send.id)
    assert tally.states == {DeliveryState.WAITING: 5}
    assert tally.exclusions == {ExclusionReason.UNCONFIRMED: 1}
    assert (tally.twice, tally.abandoned, tally.open) == (0, 0, 5)
    assert book.ledger.find(ISSUE) == send


def test_who_must_not_be_mailed_is_left_out_when_the_audience_is_frozen(book: Book) -> None:
    """An address that is kept out, and came back by some other way than asking."""
    book.people.suppress_new(["person1@example.org"], SuppressionReason.COMPLAINED, NOW)
    add_people(book.engine, 2)
    send = book.freeze()
    assert book.states(send) == {DeliveryState.WAITING: 1}
    assert book.ledger.tally(send.id).exclusions == {ExclusionReason.SUPPRESSED: 1}


def test_an_audience_is_frozen_once(book: Book) -> None:
    add_people(book.engine, 1)
    book.freeze()
    with pytest.raises(AttentionError, match="already fixed"):
        book.freeze()


def test_a_month_whose_first_issue_was_cancelled_still_owes_its_monthly_readers_one(
    book: Book,
) -> None:
    add_people(book.engine, 1)
    send = book.freeze()
    month = NOW.replace(day=1)
    assert book.ledger.weekly_since(month, apart_from="2026-W48")
    assert not book.ledger.weekly_since(month, apart_from=ISSUE)
    book.ledger.change_state(send.id, SendState.CANCELLED, only_from=(SendState.RUNNING,))
    assert not book.ledger.weekly_since(month, apart_from="2026-W48")


def test_a_survey_counts_and_writes_nothing(book: Book) -> None:
    add_people(book.engine, 3)
    assert book.ledger.survey(by_language) == {"en": 3}
    assert book.ledger.find(ISSUE) is None


def test_claims_are_in_the_persons_own_edition_and_given_once(book: Book) -> None:
    add_people(book.engine, 2)
    add_people(book.engine, 1, language="es", start=3)
    send = book.freeze()
    sender = book.join(send)

    first = book.take(send, sender, 2)
    second = book.take(send, sender, 2, *map(accepted, first.people))
    third = book.take(send, sender, 2, *map(accepted, second.people))

    taken = [person for each in (first, second, third) for person in each.people]
    assert [(p.address, p.language) for p in taken] == [
        ("person1@example.org", "en"),
        ("person2@example.org", "en"),
        ("person3@example.org", "es"),
    ]
    assert third == BatchResult(people=(), state=SendState.RUNNING, wait=None)
    assert book.states(send) == {DeliveryState.ACCEPTED: 3}


def test_two_senders_never_get_the_same_person(book: Book) -> None:
    add_people(book.engine, 10)
    send = book.freeze()
    one, other = book.join(send), book.join(send)
    ids = [
        person.delivery_id
        for sender in (one, other, one, other)
        for person in book.take(send, sender, 3).people
    ]
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 10


def test_a_dead_sender_leaves_its_claims_uncertain_and_the_rest_waiting(book: Book) -> None:
    add_people(book.engine, 5)
    send = book.freeze()
    book.take(send, book.join(send), 2)

    assert book.ledger.end_expired(send.id, now=NOW, is_gone=lambda process: False) == 0
    assert book.ledger.end_expired(send.id, now=NOW, is_gone=lambda process: process == HERE) == 2

    assert book.states(send) == {DeliveryState.UNCERTAIN: 2, DeliveryState.WAITING: 3}
    unsure = book.ledger.uncertain(send.id)
    assert [person.address for person in unsure] == ["person1@example.org", "person2@example.org"]


def test_a_sender_elsewhere_ends_with_its_lease(book: Book) -> None:
    add_people(book.engine, 1)
    send = book.freeze()
    sender = book.join(send)
    book.take(send, sender, 1)
    almost = NOW + LEASE - timedelta(seconds=1)
    assert book.ledger.end_expired(send.id, now=almost, is_gone=lambda process: None) == 0
    book.ledger.renew_lease(sender, now=almost, lease=LEASE)
    assert (
        book.ledger.end_expired(send.id, now=NOW + LEASE * 1.5, is_gone=lambda process: None) == 0
    )
    assert book.ledger.end_expired(send.id, now=NOW + LEASE * 3, is_gone=lambda process: None) == 1


def test_a_slow_sender_that_was_taken_for_dead_can_still_write_its_answer(book: Book) -> None:
    add_people(book.engine, 1)
    send = book.freeze()
    sender = book.join(send)
    (person,) = book.take(send, sender, 1).people
    book.ledger.end_expired(send.id, now=NOW, is_gone=lambda process: True)

    book.take(send, sender, 0, accepted(person))

    assert book.states(send) == {DeliveryState.ACCEPTED: 1}


def elsewhere(process: Process) -> None:
    """Nobody can say whether a process of another machine still runs: its lease has to."""


def test_who_two_senders_handed_over_is_written_down_and_costs_the_others_nothing(
    book: Book,
) -> None:
    """The first was silent for longer than its lease, and an editor chose to try again."""
    add_people(book.engine, 2)
    send = book.freeze()
    slow = book.join(send)
    both = book.take(send, slow, 2).people
    later = NOW + LEASE * 2
    assert book.ledger.end_expired(send.id, now=later, is_gone=elsewhere) == 2
    ids = [person.delivery_id for person in both]
    settle: Callable[..., int] = book.ledger.settle_uncertain
    settle(ids[:1], DeliveryState.WAITING, evidence="none", decided_by="Ana", now=later)
    book.take(send, book.join(send), 1, now=later)

    taken = book.take(send, slow, 5, *map(accepted, both), now=later)

    assert (taken.twice, taken.people) == (1, ())
    assert book.states(send) == {DeliveryState.CLAIMED: 1, DeliveryState.ACCEPTED: 1}
    settled = [(each.delivery_id, each.decided_by) for each in book.ledger.settlements(send.id)]
    assert settled == [(ids[0], "Ana"), (ids[0], "the ledger")]


@pytest.mark.parametrize("chosen", [DeliveryState.WAITING, DeliveryState.SKIPPED])
@pytest.mark.parametrize("came_to", [DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN])
def test_an_answer_after_somebody_decided_keeps_the_person_from_being_mailed_again(
    book: Book, chosen: DeliveryState, came_to: DeliveryState
) -> None:
    add_people(book.engine, 1)
    send = book.freeze()
    slow = book.join(send)
    (person,) = book.take(send, slow, 1).people
    later = NOW + LEASE * 2
    book.ledger.end_expired(send.id, now=later, is_gone=elsewhere)
    settle: Callable[..., int] = book.ledger.settle_uncertain
    settle([person.delivery_id], chosen, evidence="none", decided_by="Ana", now=later)

    answer = Result(delivery_ids=(person.delivery_id,), state=came_to)
    assert book.take(send, slow, 0, answer, now=later).twice == 0

    assert book.states(send) == {came_to: 1}
    assert book.take(send, book.join(send), 1, now=later).people == ()


def test_giving_back_what_another_sender_has_by_now_changes_nothing(book: Book) -> None:
    add_people(book.engine, 1)
    send = book.freeze()
    slow = book.join(send)
    (person,) = book.take(send, slow, 1).people
    later = NOW + LEASE * 2
    book.ledger.end_expired(send.id, now=later, is_gone=elsewhere)
    settle: Callable[..., int] = book.ledger.settle_uncertain
    settle([person.delivery_id], DeliveryState.WAITING, evidence="", decided_by="Ana", now=later)
    book.take(send, book.join(send), 1, now=later)
    back = Result(delivery_ids=(person.delivery_id,), state=DeliveryState.WAITING, counts=False)
    assert book.take(send, slow, 0, back, now=later).twice == 0
    assert book.states(send) == {DeliveryState.CLAIMED: 1}


def test_a_sender_that_was_taken_for_dead_learns_it_and_is_given_nobody(book: Book) -> None:
    add_people(book.engine, 2)
    send = book.freeze()
    sender = book.join(send)
    assert book.ledger.renew_lease(sender, now=NOW, lease=LEASE)
    book.ledger.end_expired(send.id, now=NOW + LEASE * 2, is_gone=elsewhere)
    assert book.take(send, sender, 1, now=NOW + LEASE * 2).people == ()
    assert not book.ledger.renew_lease(sender, now=NOW + LEASE * 2, lease=LEASE)


def test_a_claim_that_outlives_its_process_is_waited_for(book: Book) -> None:
    """PostgreSQL commits what a killed process had asked for, a moment after it is gone."""
    add_people(book.engine, 1)
    send = book.freeze()
    claim = book.begin(send, book.join(send), 1)
    found: list[int] = []
    reaper = threading.Thread(
        target=lambda: found.append(
            book.ledger.end_expired(send.id, now=NOW, is_gone=lambda process: True)
        )
    )
    reaper.start()
    reaper.join(0.5)
    claim.commit()
    reaper.join()
    assert found == [1]
    assert book.states(send) == {DeliveryState.UNCERTAIN: 1}


def test_claims_of_a_sender_that_was_ended_at_that_very_moment_are_not_forgotten(
    book: Book,
) -> None:
    """On PostgreSQL it can be ended between its question and its commit."""
    add_people(book.engine, 1)
    send = book.freeze()
    sender = book.join(send)
    book.take(send, sender, 1)
    with book.engine.begin() as connection:
        connection.execute(update(senders).values(ended_at=NOW))
    assert book.ledger.end_expired(send.id, now=NOW, is_gone=lambda process: True) == 1
    assert book.states(send) == {DeliveryState.UNCERTAIN: 1}


def test_nobody_is_given_to_a_sender_that_has_another_version_than_they_wait_for(
    book: Book,
) -> None:
    """The ledger would say that they got what they did not get."""
    add_people(book.engine, 2)
    send = book.freeze()
    older, newer = book.join(send), book.join(send)
    (person,) = book.take(send, older, 1).people
    fresh = {"en": "a" * 64, "es": "f" * 64}
    book.ledger.replace_version(send.id, digest="n" * 64, editions=fresh)
    back = Result(delivery_ids=(person.delivery_id,), state=DeliveryState.WAITING, counts=False)
    refused = book.take(send, older, 5, back)
    assert (refused.people, refused.outdated) == ((), {"en"})

    # The one that was put off meanwhile still waits for the older version.
    refused = book.take(send, newer, 5, versions=fresh.values())
    assert (refused.people, refused.outdated) == ((), {"en"})
    assert book.ledger.replace_version(send.id, digest="n" * 64, editions=fresh) == 1
    assert len(book.take(send, newer, 5, versions=fresh.values()).people) == 2
    assert digests(book.engine, send.id) == {"a" * 64: 2}


@pytest.mark.parametrize("answered", [[0, 1, 2], [0, 1, 3], [3, 1, 2], [2]])
def test_answers_alike_are_written_for_their_own_rows_only(book: Book, answered: list[int]) -> None:
    add_people(book.engine, 5)
    send = book.freeze()
    sender = book.join(send)
    people = book.take(send, sender, 5).people

    book.take(send, sender, 0, *(accepted(people[at]) for at in answered))

    with book.engine.connect() as connection:
        is_accepted = deliveries.c.state == DeliveryState.ACCEPTED.value
        written = connection.execute(select(deliveries.c.id).where(is_accepted)).scalars().all()
    assert sorted(written) == sorted(people[at].delivery_id for at in answered)
    others = 5 - len(answered)
    assert book.states(send)[DeliveryState.CLAIMED] == others


def test_who_left_or_was_suppressed_meanwhile_is_skipped_with_the_reason(book: Book) -> None:
    add_people(book.engine, 4)
    send = book.freeze()
    book.people.suppress("person1@example.org", SuppressionReason.LEFT, NOW)
    book.people.suppress("person2@example.org", SuppressionReason.BOUNCED, NOW)
    with book.engine.begin() as connection:
        connection.execute(delete(subscribers).where(subscribers.c.id == 3))

    taken = book.take(send, book.join(send), 10)

    assert [person.subscriber_id for person in taken.people] == [4]
    assert taken.skipped == 3
    with book.engine.begin() as connection:
        reasons = connection.execute(
            select(deliveries.c.reason)
            .where(deliveries.c.state == DeliveryState.SKIPPED.value)
            .order_by(deliveries.c.id)
        )
        assert [reason for (reason,) in reasons] == ["left", "suppressed", "left"]


def test_everyone_skipped_is_not_yet_the_end(book: Book) -> None:
    add_people(book.engine, 2)
    send = book.freeze()
    sender = book.join(send)
    book.people.suppress("person1@example.org", SuppressionReason.LEFT, NOW)
    assert book.take(send, sender, 1).wait == 0.0
    assert len(book.take(send, sender, 1).people) == 1


def test_someone_put_off_comes_back_when_due_and_after_those_never_tried(book: Book) -> None:
    add_people(book.engine, 2)
    send = book.freeze()
    sender = book.join(send)
    (person,) = book.take(send, sender, 1).people
    later = Result(
        delivery_ids=(person.delivery_id,),
        state=DeliveryState.WAITING,
        reason="greylisted",
        retry_at=NOW + timedelta(minutes=5),
    )
    (second,) = book.take(send, sender, 1, later).people
    assert second.subscriber_id == 2

    waiting = book.take(send, sender, 1, accepted(second))
    assert waiting.people == ()
    assert waiting.wait == 300.0

    (again,) = book.take(send, sender, 1, now=NOW + timedelta(minutes=5)).people
    assert again.subscriber_id == 1
    assert (again.attempts, again.first_tried_at) == (1, NOW)


def test_who_was_refused_since_the_last_acceptance_waits_again(book: Book) -> None:
    add_people(book.engine, 4)
    send = book.freeze()
    sender = book.join(send)
    first, second, third, fourth = book.take(send, sender, 4).people

    def refused(person: ClaimedDelivery) -> Result:
        ids = (person.delivery_id,)
        return Result(delivery_ids=ids, state=DeliveryState.REFUSED, code="550", reason="no")

    late = Result(
        delivery_ids=(fourth.delivery_id,),
        state=DeliveryState.WAITING,
        reason="later",
        retry_at=NOW + timedelta(hours=1),
    )
    book.take(send, sender, 0, refused(first), now=NOW + timedelta(seconds=1))
    book.take(send, sender, 0, accepted(second), now=NOW + timedelta(seconds=2))
    book.take(send, sender, 0, refused(third), late, now=NOW + timedelta(seconds=3))
    given_back: list[int] = []
    now = NOW + timedelta(minutes=1)
    book.ledger.wait_again(send.id, now=now, giving_back=given_back.append)
    assert given_back == [1]
    again = {person.subscriber_id: person for person in book.take(send, sender, 9, now=now).people}
    assert set(again) == {third.subscriber_id, fourth.subscriber_id}
    waits, put_off = again[third.subscriber_id], again[fourth.subscriber_id]
    assert (waits.was_refused, waits.attempts, waits.first_tried_at) == (True, 1, None)
    assert (put_off.was_refused, put_off.attempts, put_off.first_tried_at) == (False, 0, None)
    assert book.states(send)[DeliveryState.REFUSED] == 1


def test_a_claim_given_back_untried_leaves_no_trace(book: Book) -> None:
    add_people(book.engine, 1)
    send = book.freeze()
    sender = book.join(send)
    (person,) = book.take(send, sender, 1).people
    back = Result(delivery_ids=(person.delivery_id,), state=DeliveryState.WAITING, counts=False)
    (again,) = book.take(send, sender, 1, back).people
    assert (again.attempts, again.first_tried_at) == (0, None)


def test_claims_that_the_sender_never_heard_of_are_given_back_when_it_asks_again(
    book: Book,
) -> None:
    """The database committed, and went away before it could say so."""
    add_people(book.engine, 3)
    send = book.freeze()
    sender = book.join(send)
    (held,) = book.take(send, sender, 1).people
    book.take(send, sender, 2)  # the answer to this is lost
    book.begin(send, sender, 0, still_held=[held.delivery_id]).commit()
    assert book.states(send) == {DeliveryState.CLAIMED: 1, DeliveryState.WAITING: 2}


def test_nobody_is_claimed_over_a_withdrawal_that_was_not_asked_about(book: Book) -> None:
    add_people(book.engine, 2)
    send = book.freeze()
    sender = book.join(send)
    (person,) = book.take(send, sender, 1).people
    with book.engine.begin() as connection:
        add_revocation(connection, Revocation(record_id="r1", on=NOW.date(), withdrawn=True))

    taken = book.take(send, sender, 1, accepted(person))
    assert (taken.people, taken.newest_stop, taken.wait) == ((), 1, 0.0)
    assert book.states(send) == {DeliveryState.ACCEPTED: 1, DeliveryState.WAITING: 1}

    assert len(book.take(send, sender, 1, newest_stop=taken.newest_stop).people) == 1


def test_a_clock_set_back_does_not_keep_anyone_waiting(book: Book) -> None:
    add_people(book.engine, 1)
    send = book.freeze()
    sender = book.join(send)
    (person,) = book.take(send, sender, 1).people
    later = Result(
        delivery_ids=(person.delivery_id,),
        state=DeliveryState.WAITING,
        reason="later",
        retry_at=NOW + timedelta(minutes=5),
    )
    book.take(send, sender, 0, later)
    year_before = NOW - timedelta(days=365)
    assert book.take(send, sender, 1, now=year_before).wait == 0.0
    assert len(book.take(send, sender, 1, now=year_before).people) == 1


@pytest.mark.parametrize("state", [SendState.PAUSED, SendState.CANCELLED])
def test_a_send_that_does_not_run_gives_nobody_but_still_takes_answers(
    book: Book, state: SendState
) -> None:
    add_people(book.engine, 2)
    send = book.freeze()
    sender = book.join(send)
    (person,) = book.take(send, sender, 1).people
    assert book.ledger.change_state(send.id, state, only_from=(SendState.RUNNING,))

    taken = book.take(send, sender, 1, accepted(person))

    assert taken == BatchResult(people=(), state=state)
    assert book.states(send) == {DeliveryState.ACCEPTED: 1, DeliveryState.WAITING: 1}
    assert not book.ledger.change_state(send.id, state, only_from=(SendState.RUNNING,))


def test_a_rate_is_shared_by_all_senders(book: Book) -> None:
    add_people(book.engine, 20)
    send = book.freeze()
    book.ledger.set_rate(send.id, 2.0)
    one, other = book.join(send), book.join(send)
    taken = 0
    for tenth in range(30):
        for sender in (one, other):
            now = NOW + timedelta(seconds=tenth / 10)
            taken += len(book.take(send, sender, 5, now=now).people)
    assert taken == 6


def test_a_send_is_finished_only_when_nobody_waits_or_is_in_hand(book: Book) -> None:
    add_people(book.engine, 2)
    send = book.freeze()
    sender = book.join(send)
    one, other = book.take(send, sender, 2).people
    assert not book.ledger.finish(send.id, NOW)
    book.take(send, sender, 0, accepted(one), accepted(other))
    assert book.ledger.finish(send.id, NOW)
    found = book.ledger.find(ISSUE)
    assert found == replace(send, state=SendState.FINISHED, finished_at=NOW)


def test_who_joined_after_the_freeze_has_an_answer_too(book: Book) -> None:
    add_people(book.engine, 1)
    send = book.freeze()
    add_people(book.engine, 2, start=2)
    sender = book.join(send)
    (person,) = book.take(send, sender, 5).people
    book.take(send, sender, 0, accepted(person))
    book.ledger.finish(send.id, NOW)
    found = book.ledger.find(ISSUE)
    assert found is not None
    assert (found.candidates, found.audience, found.excluded) == (3, 1, 2)
    assert book.ledger.tally(send.id).exclusions == {ExclusionReason.JOINED_LATER: 2}


def test_a_new_approval_reaches_those_who_wait_and_the_digest_each_got_stays(book: Book) -> None:
    add_people(book.engine, 2)
    send = book.freeze()
    sender = book.join(send)
    (person,) = book.take(send, sender, 1).people
    book.take(send, sender, 0, accepted(person))
    fresh = {"en": "a" * 64, "es": "f" * 64}
    assert book.ledger.replace_version(send.id, digest="n" * 64, editions=fresh) == 1
    found = book.ledger.find(ISSUE)
    assert found is not None
    assert found.digest == "n" * 64
    assert digests(book.engine, send.id) == {"e" * 64: 1, "a" * 64: 1}


@pytest.mark.parametrize("became", [DeliveryState.ACCEPTED, DeliveryState.WAITING])
def test_settling_the_uncertain_is_written_down(book: Book, became: DeliveryState) -> None:
    add_people(book.engine, 2)
    send = book.freeze()
    book.take(send, book.join(send), 2)
    book.ledger.end_expired(send.id, now=NOW, is_gone=lambda process: True)
    ids = [person.delivery_id for person in book.ledger.uncertain(send.id)]

    settle: Callable[..., int] = book.ledger.settle_uncertain
    assert settle(ids[:1], became, evidence="server log", decided_by="Ana", now=NOW) == 1
    assert settle(ids[:1], became, evidence="again", decided_by="Bo", now=NOW) == 0

    assert book.states(send) == {became: 1, DeliveryState.UNCERTAIN: 1}
    (settlement,) = book.ledger.settlements(send.id)
    assert (settlement.evidence, settlement.decided_by) == ("server log", "Ana")


def test_an_audience_that_lost_a_row_does_not_add_up(book: Book) -> None:
    add_people(book.engine, 2)
    send = book.freeze()
    with book.engine.begin() as connection:
        connection.execute(delete(deliveries).where(deliveries.c.subscriber_id == 1))
    assert book.ledger.tally(send.id).audience == send.audience - 1


def test_a_claim_without_a_living_sender_is_seen(book: Book) -> None:
    add_people(book.engine, 1)
    send = book.freeze()
    sender = book.join(send)
    book.take(send, sender, 1)
    assert book.ledger.tally(send.id).abandoned == 0
    with book.engine.begin() as connection:
        connection.execute(update(deliveries).values(sender_id=None))
    assert book.ledger.tally(send.id).abandoned == 1


def test_what_the_ledger_says_survives_a_power_cut(sqlite: Engine) -> None:
    """SQLite's synchronous is FULL (2) wherever the ledger writes."""
    from newsletter.store.schema import migrate

    migrate(sqlite)
    add_people(sqlite, 1)
    book = Book(sqlite)
    seen: list[int] = []

    @event.listens_for(sqlite, "commit")
    def look(connection: Connection) -> None:
        raw = connection.connection.cursor()
        seen.append(raw.execute("PRAGMA synchronous").fetchone()[0])

    send = book.freeze()
    sqlite.dispose()  # each begins with a connection that nobody set
    sender = book.join(send)
    sqlite.dispose()
    book.take(send, sender, 1)
    assert seen == [2, 2, 2]
