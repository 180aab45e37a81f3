"""[I/O] What editors do with the list: `subscribers list`, `export`, `add` and `erase`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from newsletter.errors import AttentionError, UsageError
from newsletter.model.subscriber import Subscriber, SubscriberState, SuppressionReason
from newsletter.people.addresses import BadAddress, read_address
from newsletter.people.join_rules import proven
from newsletter.people.language_names import language_tag
from newsletter.people.ports import SubscriberStore

PAGE = 2000
_WHY = {
    SuppressionReason.LEFT: "its owner unsubscribed",
    SuppressionReason.BOUNCED: "mail to it bounced",
    SuppressionReason.COMPLAINED: "its owner reported unwanted mail",
    SuppressionReason.ERASED: "its owner asked to be forgotten",
}


def every_person(
    store: SubscriberStore, *, language: str | None = None, state: SubscriberState | None = None
) -> Iterator[Subscriber]:
    """Read all people in order of number, or those of a language or state; never all in memory."""
    after = 0
    while page := store.stream(after, PAGE):
        after = page[-1].id
        for person in page:
            if language in (None, person.language) and state in (None, person.state):
                yield person


def one_person(store: SubscriberStore, address: str) -> Subscriber:
    """Find the person of that address. AttentionError when there is none."""
    person = store.by_address(address.strip())
    if person is None:
        raise AttentionError("this address is not on the list")
    return person


def add_person(
    person: Subscriber, *, store: SubscriberStore, now: datetime, again: bool = False
) -> Subscriber:
    """Put one person on the list and return the stored row. `again` takes back someone who left
    or bounced and has asked again.

    Who asked and has not confirmed is confirmed: an editor has the proof. UsageError for a bad
    address or language; AttentionError when the address is on the list or kept out.
    """
    address = _valid_address(person.address)
    language = language_tag(person.language)
    if language is None:
        raise UsageError(
            f"no language is called {person.language!r}",
            hint="write a tag such as es, or the name in English: Spanish",
        )
    reason = store.suppression(address)
    if reason is not None and not again:
        raise AttentionError(
            f"this address is blocked: {_WHY[reason]} before",
            hint="If they asked again, add --again and say how in --proof.",
        )
    wanted = replace(person, address=address, language=language, joined_at=now)
    store.add([replace(wanted, state=SubscriberState.PENDING)])
    stored = store.by_address(address)
    if stored is None:
        raise AttentionError("this address has just been removed from the list")
    asked = proven(stored, reason, proof=person.proof, at=now)
    if asked is not None:
        confirmed = replace(
            asked,
            language=language,
            topics=person.topics or stored.topics,
            regions=person.regions or stored.regions,
            discreet=person.discreet or stored.discreet,
        )
    elif reason is None:
        raise AttentionError("this address is already on the list; nothing was changed")
    else:
        state = SubscriberState.CONFIRMED
        confirmed = replace(wanted, id=stored.id, state=state, confirmed_at=now)
    store.readmit(confirmed)
    return confirmed


def erase_person(address: str, *, store: SubscriberStore, now: datetime) -> bool:
    """Forget one person and keep them out of every import; return whether there was a row.

    UsageError for a bad address.
    """
    return store.suppress(_valid_address(address), SuppressionReason.ERASED, now)


def _valid_address(text: str) -> str:
    address = read_address(text)
    if isinstance(address, BadAddress):
        raise UsageError(f"this is not an address: {address.reason}")
    return address
