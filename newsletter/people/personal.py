"""[I/O] Opening a personal link: whose it is, or why it opens nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.model.subscriber import Subscriber
from newsletter.people.links import AgedLink, ForgedLink, Links, Purpose
from newsletter.people.ports import SubscriberStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """What opening a link needs."""

    store: SubscriberStore
    links: Links
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Valid:
    """The link is this person's."""

    person: Subscriber


@dataclass(frozen=True, kw_only=True, slots=True)
class Expired:
    """The link was this person's, and has aged; None when they are gone as well."""

    person: Subscriber | None


@dataclass(frozen=True, kw_only=True, slots=True)
class NoSubscriber:
    """The link was somebody's who is not on the list any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invalid:
    """No link that we made for this purpose; or one cut off by a mail client."""


Opening = Valid | Expired | NoSubscriber | Invalid


def open_link(
    token: str, purpose: Purpose, access: Access, *, max_age: timedelta | None = None
) -> Opening:
    """Read the token and look its person up. Changes nothing."""
    read = access.links.read(token, purpose, now=access.now, max_age=max_age)
    if isinstance(read, ForgedLink):
        return Invalid()
    person = access.store.get(read.subscriber_id)
    if isinstance(read, AgedLink):
        return Expired(person=person)
    return NoSubscriber() if person is None else Valid(person=person)
