"""A day's share is one for all senders of all sends, on SQLite and on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from newsletter.model.delivery import DeliveryState
from newsletter.model.ledger import BatchRequest, DayShare, OpenBatch, Result
from tests.sending.parts import add_people
from tests.store.test_ledger import EDITIONS, NEW, NOW, Book, accepted, by_language, nobody_barred

SHARE = DayShare(day=NOW.date(), begins=NOW - timedelta(hours=9), mails=5)
TOMORROW = DayShare(day=NOW.date() + timedelta(days=1), begins=NOW + timedelta(hours=15), mails=10)


@pytest.fixture
def book(engine: Engine) -> Book:
    add_people(engine, 20)
    return Book(engine)


def put_off(batch: OpenBatch) -> list[Result]:
    ids = tuple(person.delivery_id for person in batch.result.people)
    return [Result(delivery_ids=ids, state=DeliveryState.WAITING, retry_at=NOW)]


def test_two_senders_get_one_share_together_and_it_is_said_when_it_is_spent(book: Book) -> None:
    send = book.freeze()
    one, other = book.join(send), book.join(send)
    took = []
    for sender in (one, other):
        batch = book.begin(send, sender, 3, share=SHARE)
        batch.commit()
        took.append(len(batch.result.people))
    assert took == [3, 2]
    spent = book.begin(send, one, 3, share=SHARE)
    spent.commit()
    assert spent.result.share_is_spent
    tomorrow = book.begin(send, one, 20, share=TOMORROW, now=NOW + timedelta(days=1))
    tomorrow.commit()
    assert len(tomorrow.result.people) == 10


def test_another_send_takes_of_the_same_share(book: Book) -> None:
    send = book.freeze()
    bulletin = book.ledger.freeze(replace(NEW, issue_id="2026-W47-a"), by_language, now=NOW)
    book.begin(send, book.join(send), 4, share=SHARE).commit()
    batch = book.begin(bulletin, book.join(bulletin), 4, share=SHARE)
    batch.commit()
    assert len(batch.result.people) == 1


def test_what_was_put_off_or_never_claimed_is_given_back(book: Book) -> None:
    send = book.freeze()
    sender = book.join(send)
    first = book.begin(send, sender, 5, share=SHARE)
    first.commit()
    again = book.begin(send, sender, 9, share=SHARE, results=put_off(first))
    again.commit()
    assert len(again.result.people) == 5
    # Its answer was lost on the way: nobody knows of these claims.
    unheard = book.begin(send, sender, 9, share=SHARE, still_held=())
    unheard.commit()
    assert len(unheard.result.people) == 5
    results = [accepted(person) for person in unheard.result.people]
    spent = book.begin(send, sender, 9, share=SHARE, results=results)
    spent.commit()
    assert spent.result.share_is_spent


def test_a_day_that_has_begun_without_a_share_counts(book: Book) -> None:
    send = book.freeze()
    sender = book.join(send)
    book.begin(send, sender, 4).commit()
    batch = book.begin(send, sender, 4, share=SHARE)
    batch.commit()
    assert len(batch.result.people) == 1


def test_a_share_is_not_said_to_be_spent_when_nobody_waits(book: Book) -> None:
    send = book.freeze()
    sender = book.join(send)
    book.begin(send, sender, 20, share=SHARE._replace(mails=20)).commit()
    last = book.begin(send, sender, 20, share=SHARE._replace(mails=20))
    last.commit()
    assert (last.result.people, last.result.share_is_spent) == ((), False)


def test_senders_that_ask_at_one_moment_wait_for_each_other(book: Book) -> None:
    """Each of eight threads, as on eight machines, takes what it can get."""
    send = book.freeze()
    senders = [book.join(send) for _ in range(8)]
    begin = threading.Barrier(len(senders))

    def take(sender: int) -> int:
        begin.wait()
        taken = 0
        for _ in range(3):
            request = BatchRequest(
                send_id=send.id,
                sender=sender,
                results=(),
                want=2,
                now=NOW,
                newest_stop=0,
                versions=EDITIONS.values(),
                share=SHARE,
            )
            batch = book.ledger.begin_batch(request, nobody_barred)
            batch.commit()
            taken += len(batch.result.people)
        return taken

    with ThreadPoolExecutor(len(senders)) as machines:
        assert sum(machines.map(take, senders)) == 5
    assert book.states(send) == {DeliveryState.CLAIMED: 5, DeliveryState.WAITING: 15}
