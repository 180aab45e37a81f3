"""[I/O] The verb `subscribers add`: one person, put on the list by an editor who can say why."""

from dataclasses import replace
from datetime import datetime

from newsletter.errors import AttentionError, UsageError
from newsletter.model.subscriber import Subscriber, SubscriberState, SuppressionReason
from newsletter.people.addresses import BadAddress, read_address
from newsletter.people.language_names import language_tag
from newsletter.people.ports import SubscriberStore


def add_person(
    person: Subscriber, *, store: SubscriberStore, now: datetime, again: bool = False
) -> Subscriber:
    """The stored row. `again` takes back someone who left or bounced and has asked anew.

    UsageError for a bad address or language; AttentionError when the address is on the list or
    kept out.
    """
    address = read_address(person.address)
    if isinstance(address, BadAddress):
        raise UsageError(f"this is not an address: {address.reason}")
    language = language_tag(person.language)
    if language is None:
        raise UsageError(
            f"no language is called {person.language!r}",
            hint="write a tag such as es, or the name in English: Spanish",
        )
    reason = store.suppression(address)
    if reason is not None and not again:
        raise AttentionError(
            f"this address is kept out: {_WHY[reason]} before",
            hint="did they ask for mail anew? Say so with --again, and how in --proof",
        )
    wanted = replace(person, address=address, language=language, joined_at=now)
    added = store.add([replace(wanted, state=SubscriberState.PENDING)])
    if added.known and reason is None:
        raise AttentionError("this address is on the list already; nothing was changed")
    stored = store.by_address(address)
    if stored is None:
        raise AttentionError("this address left the list at this very moment")
    confirmed = replace(wanted, id=stored.id, state=SubscriberState.CONFIRMED, confirmed_at=now)
    store.readmit(confirmed)
    return confirmed


_WHY = {
    SuppressionReason.LEFT: "its owner left",
    SuppressionReason.BOUNCED: "its mail was returned",
    SuppressionReason.COMPLAINED: "its owner complained of unwanted mail",
    SuppressionReason.ERASED: "its owner asked to be forgotten",
}
