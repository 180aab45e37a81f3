"""A rendered sample as the message that somebody gets."""

from datetime import UTC, datetime
from hashlib import sha256

from newsletter.model.message import LEAVE_URL, PREFERENCES_URL, Message, RenderedEdition
from newsletter.model.notice import Notice
from newsletter.sending.message.compose import Splicer
from newsletter.sending.transports.notices import compose_notice
from tests.design import samples


def as_message(
    rendered: RenderedEdition, address: str = "reader@example.org", *, discreet: bool = False
) -> bytes:
    """One reader's copy."""
    public = samples.COALITION.public_url
    message = Message(
        delivery_id=1,
        edition=rendered,
        address=address,
        discreet=discreet,
        message_id=f"<{rendered.digest[:16]}.1@neighbors.example>",
        personal={
            LEAVE_URL: f"{public}/leave/dGhpcyBpcyBhIHRva2Vu",
            PREFERENCES_URL: f"{public}/preferences/dGhpcyBpcyBhIHRva2Vu",
        },
    )
    return Splicer(rendered, samples.SENDER, clock=lambda: datetime.now(UTC)).message(message)


def as_notice(notice: Notice) -> bytes:
    """A notice as it leaves."""
    message_id = f"<{sha256(notice.html.encode()).hexdigest()[:24]}@neighbors.example>"
    return compose_notice(notice, samples.SENDER, date=datetime.now(UTC), message_id=message_id)
