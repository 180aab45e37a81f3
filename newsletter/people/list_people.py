"""[I/O] The verbs `subscribers list` and `export`: who is on the list, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.errors import AttentionError
from newsletter.model.subscriber import Subscriber, SubscriberState
from newsletter.people.ports import SubscriberReader

PAGE = 2000


def every_person(
    store: SubscriberReader, *, language: str | None = None, state: SubscriberState | None = None
) -> Iterator[Subscriber]:
    """All people in order of number, or those of a language or state; never all in memory."""
    after = 0
    while page := store.stream(after, PAGE):
        after = page[-1].id
        for person in page:
            if language in (None, person.language) and state in (None, person.state):
                yield person


def one_person(store: SubscriberReader, address: str) -> Subscriber:
    """The person of that address. AttentionError when there is none."""
    person = store.by_address(address.strip())
    if person is None:
        raise AttentionError("nobody of that address is on the list")
    return person


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many people of one language stand so."""

    language: str
    state: SubscriberState
    people: int


def number_of_people(
    store: SubscriberReader, *, language: str | None = None, state: SubscriberState | None = None
) -> list[Count]:
    """The counts, most people first."""
    counts = [
        Count(language=of, state=at, people=people)
        for (of, at), people in store.counts().items()
        if language in (None, of) and state in (None, at)
    ]
    return sorted(counts, key=lambda count: -count.people)
