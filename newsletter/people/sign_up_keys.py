"""Keys for a place where many people subscribe on one device, such as a clinic's tablet."""

import secrets
from datetime import datetime, timedelta

from newsletter.model.subscriber import Purpose
from newsletter.people.links import Links, Opened

LASTS = timedelta(days=31)


def sign_up_page(links: Links, *, now: datetime) -> str:
    """Make the address of a sign-up page for such a place; it works for LASTS."""
    return links.url(Purpose.SIGN_UP, secrets.randbits(32), now=now)


def is_sign_up_key(key: str, *, links: Links, now: datetime) -> bool:
    """Return whether we made the key, and not too long ago."""
    return isinstance(links.read(key, Purpose.SIGN_UP, now=now, max_age=LASTS), Opened)
