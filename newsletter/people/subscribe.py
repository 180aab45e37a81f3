"""[I/O] Subscribe on the page, and confirm through the link in the mail."""

from datetime import datetime

from newsletter.model.notice import NoticeKind
from newsletter.model.subscriber import NOT_STORED, Purpose, Subscriber, SubscriberState
from newsletter.people.join_rules import (
    CONFIRM_WITHIN,
    Answer,
    AskToConfirm,
    Remind,
    StayDiscreet,
    StaySilent,
    Wish,
    answer_request,
    confirmed,
)
from newsletter.people.personal import Access, Opening, Valid, open_link
from newsletter.people.ports import NoticeQueue, SubscriberStore


def ask_to_join(wish: Wish, *, store: SubscriberStore, queue: NoticeQueue, now: datetime) -> Answer:
    """Store the request and queue the mail with the link, or do what else the rules of joining say.

    Forgets those who asked too long ago and never confirmed.
    """
    store.forget_pending(now - CONFIRM_WITHIN)
    known = store.by_address(wish.address)
    answer = answer_request(wish, known, store.suppression(wish.address), now)
    if isinstance(answer, Remind):
        # As they ask now: whoever fills in the form may have a reason that the list does not know.
        kind = NoticeKind.REMIND_DISCREETLY if wish.discreet else NoticeKind.REMIND
        queue.put(answer.person.id, kind, now=now)
    elif isinstance(answer, StayDiscreet):
        store.update(answer.person)
    elif isinstance(answer, AskToConfirm):
        person = _stored(answer.person, store)
        if person is None:
            return StaySilent(reason="left at this very moment")
        queue.put(person.id, NoticeKind.CONFIRM, now=now)
    return answer


def _stored(person: Subscriber, store: SubscriberStore) -> Subscriber | None:
    if person.id != NOT_STORED:
        return person if store.update(person) else None
    store.add([person])
    return store.by_address(person.address)


def open_confirmation(token: str, access: Access) -> Opening:
    """Find whose confirmation this is. Changes nothing: scanners open links too."""
    return open_link(token, Purpose.CONFIRM, access, max_age=CONFIRM_WITHIN)


def confirm(token: str, access: Access) -> Opening:
    """Put the person on the list. Used again, it changes nothing: `Valid` is the row as it was
    before, so that a page can say which."""
    opening = open_confirmation(token, access)
    if isinstance(opening, Valid) and opening.person.state is not SubscriberState.CONFIRMED:
        access.store.readmit(confirmed(opening.person, access.now))
    return opening
