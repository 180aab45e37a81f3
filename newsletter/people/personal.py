"""[I/O] What a person does through a personal link: leave, choose, see or erase their data."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

from newsletter.model.notice import NoticeKind
from newsletter.model.subscriber import (
    Frequency,
    Purpose,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from newsletter.people.links import AgedLink, ForgedLink, Links
from newsletter.people.ports import NoticeQueue, SubscriberStore

OPEN_FOR = timedelta(hours=1)  # a link to one's data


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What a person may choose. Empty `topics` or `regions` mean all."""

    language: str
    frequency: Frequency
    topics: frozenset[str]
    regions: frozenset[str]
    discreet: bool
    paused_until: date | None


def open_link(
    token: str, purpose: Purpose, access: Access, *, max_age: timedelta | None = None
) -> Opening:
    """Read the token and look its person up. Changes nothing: mail scanners open every link."""
    read = access.links.read(token, purpose, now=access.now, max_age=max_age)
    if isinstance(read, ForgedLink):
        return Invalid()
    person = access.store.get(read.subscriber_id)
    if isinstance(read, AgedLink):
        return Expired(person=person)
    return NoSubscriber() if person is None else Valid(person=person)


def leave(token: str, access: Access) -> Opening:
    """Take the person off the list at once (RFC 8058): the row goes, the keyed hash stays."""
    opening = open_link(token, Purpose.LEAVE, access)
    if isinstance(opening, Valid):
        access.store.suppress(opening.person.address, SuppressionReason.LEFT, access.now)
    return opening


def open_preferences(token: str, access: Access) -> Opening:
    """Find whose choices these are. NoSubscriber for those who have not confirmed yet."""
    opening = open_link(token, Purpose.PREFERENCES, access)
    if isinstance(opening, Valid) and opening.person.state is SubscriberState.PENDING:
        return NoSubscriber()
    return opening


def choose(token: str, choices: Choices, access: Access) -> Opening:
    """Store the choices; `Valid` is the person with them."""
    opening = open_preferences(token, access)
    if not isinstance(opening, Valid):
        return opening
    person = replace(opening.person, **asdict(choices))
    return Valid(person=person) if access.store.update(person) else NoSubscriber()


def ask_for_links(
    address: str, *, store: SubscriberStore, queue: NoticeQueue, now: datetime
) -> None:
    """Queue a mail for the person, if on the list, fresh links to their choices and data."""
    person = store.by_address(address)
    if person is not None and person.state is SubscriberState.CONFIRMED:
        queue.put(person.id, NoticeKind.LINKS, now=now)


def open_data(token: str, access: Access) -> Opening:
    """Find whose data this is; the link lives for OPEN_FOR."""
    return open_link(token, Purpose.DATA, access, max_age=OPEN_FOR)


def erase_data(token: str, access: Access) -> Opening:
    """Erase the row at once; the keyed hash stays."""
    opening = open_data(token, access)
    if isinstance(opening, Valid):
        access.store.suppress(opening.person.address, SuppressionReason.ERASED, access.now)
    return opening
