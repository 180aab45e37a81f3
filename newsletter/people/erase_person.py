"""[I/O] The verb `subscribers erase`: forget one person, and keep them out of every import."""

from datetime import datetime

from newsletter.errors import UsageError
from newsletter.people.addresses import BadAddress, read_address
from newsletter.people.ports import SubscriberStore


def erase_person(address: str, *, store: SubscriberStore, now: datetime) -> bool:
    """Whether there was anything to forget. UsageError when this is no address."""
    wanted = read_address(address)
    if isinstance(wanted, BadAddress):
        raise UsageError(f"this is not an address: {wanted.reason}")
    return store.erase(wanted, now)
