"""The verb leave: one press, and the address is gone."""

from newsletter.model.subscriber import SuppressionReason
from newsletter.people.links import Purpose
from newsletter.people.personal import Access, Opening, Valid, open_link


def open_leaving(token: str, access: Access) -> Opening:
    """Whose link this is. Changes nothing: a mail scanner's GET must not unsubscribe anybody."""
    return open_link(token, Purpose.LEAVE, access)


def leave(token: str, access: Access) -> Opening:
    """Take the person off the list at once (RFC 8058): the row goes, the keyed hash stays."""
    opening = open_leaving(token, access)
    if isinstance(opening, Valid):
        access.store.suppress(opening.person.address, SuppressionReason.LEFT, access.now)
    return opening
