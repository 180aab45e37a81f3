"""[I/O] The verb own data: see, take along and erase what is stored of oneself."""

from datetime import datetime, timedelta

from newsletter.model.subscriber import Subscriber, SubscriberState
from newsletter.people.links import Purpose
from newsletter.people.notices import Notices
from newsletter.people.people_csv import exported
from newsletter.people.personal import Access, Opening, Valid, open_link
from newsletter.people.ports import SubscriberReader

OPEN_FOR = timedelta(hours=1)


def ask_for_links(
    address: str, *, store: SubscriberReader, notices: Notices, now: datetime
) -> bool:
    """Mail the person fresh links to their choices and data; False when nobody is to be mailed."""
    person = store.by_address(address)
    if person is None or person.state is not SubscriberState.CONFIRMED:
        return False
    notices.send_links(person, now=now)
    return True


def open_data(token: str, access: Access) -> Opening:
    """Whose data this is; the link lives for OPEN_FOR."""
    return open_link(token, Purpose.DATA, access, max_age=OPEN_FOR)


def data_of(person: Subscriber) -> dict[str, str]:
    """Everything that is stored of the person, as it is."""
    return exported(person)


def erase_own_data(token: str, access: Access) -> Opening:
    """Erase the row at once; the keyed hash stays."""
    opening = open_data(token, access)
    if isinstance(opening, Valid):
        access.store.erase(opening.person.address, access.now)
    return opening
