"""What a pull remembers of each feed, and what came of asking it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from newsletter.model.item import Item
from newsletter.model.ledger import Process


class FeedResult(StrEnum):
    """What asking one feed came to: one for each feed of a pull."""

    NEW = "new"  # it had something that we did not have
    UNCHANGED = "unchanged"  # 304, the same bytes, or nothing new in them
    NO_ENTRIES = "no entries"  # a feed, but with nothing in it
    GONE = "gone"  # 410: polling stops, items stay
    MISSING = "missing"  # 404
    REFUSED = "refused"  # our guard said no
    DENIED = "denied"  # the server wants a login or forbids it
    BUSY = "busy"  # it asked us to come back later
    NOT_A_FEED = "not a feed"  # an HTML page or other data
    LOGIN_PAGE = "login page"
    CHALLENGE_PAGE = "challenge page"
    COOKIE_WALL = "cookie wall"
    EMPTY = "empty"  # no byte at all
    CUT_SHORT = "cut short"
    BROKEN = "broken"  # cannot be read
    TOO_LARGE = "too large"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    CERTIFICATE_EXPIRED = "certificate expired"
    CHAIN_INCOMPLETE = "certificate chain incomplete"
    WRONG_NAME = "certificate for another name"
    SELF_SIGNED = "self-signed certificate"
    OLD_TLS = "old TLS"
    ERROR = "error"  # any other answer, a redirect loop
    WAITING = "not due"  # its time has not come
    PAUSED = "paused"

    @property
    def is_success(self) -> bool:
        """Return whether the feed answered as a feed."""
        return self in _SUCCESS

    @property
    def was_asked(self) -> bool:
        """Return whether the feed was asked at all."""
        return self not in (FeedResult.WAITING, FeedResult.PAUSED)


_SUCCESS = frozenset({FeedResult.NEW, FeedResult.UNCHANGED, FeedResult.NO_ENTRIES})


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedState:
    """What we remember of a feed between pulls. Validators are kept exactly as received.

    `moved_to` is where an all-permanent redirect led, since `moved_since`; `failing_since` is the
    first of `failures` failures in a row; `newest_entry_at` the newest date its entries carry.
    `period` (its ttl or update period), `skip_hours` and `skip_days` (UTC) are what it asks for.
    """

    url: str
    organisation_id: str
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    title: str = ""
    link: str = ""
    format: str = ""
    result: FeedResult = FeedResult.WAITING
    detail: str = ""
    warnings: tuple[str, ...] = ()
    last_pulled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    newest_entry_at: datetime | None = None
    period: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    next_due_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    gone_at: datetime | None = None
    moved_to: str = ""
    moved_since: datetime | None = None
    moved_seen: int = 0
    move_refused: bool = False
    first_pulled_at: datetime | None = None
    entries: int = 0

    @property
    def host(self) -> str:
        """Return the host that is asked for it."""
        return host_of_feed(self.url)

    def is_move_ripe(self, now: datetime) -> bool:
        """Return whether the same permanent redirect was seen long enough to propose the address:
        three times, over three days."""
        return (
            bool(self.moved_to)
            and not self.move_refused
            and self.moved_seen >= 3
            and self.moved_since is not None
            and now - self.moved_since >= timedelta(days=3)
        )


def host_of_feed(url: str) -> str:
    """Return the host of an address that is asked, as what takes turns and is claimed."""
    return urlsplit(url).hostname or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostClaim:
    """What a pull says of hosts that it alone is asking: `by` is its name, never given again.

    Claims for a time after `longest` were made by a clock that was ahead, and do not count.
    """

    by: str
    process: Process
    until: datetime
    longest: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PullStart:
    """What a pull begins with: the states of all feeds, by address; the hosts that asked us to
    wait, until when; and the hosts that are its own."""

    states: Mapping[str, FeedState]
    blocked: Mapping[str, datetime]
    held: frozenset[str]


class KnownItem(NamedTuple):
    """What the store knows an item by: its id, the hash of its words, its link and its date."""

    item_id: str
    content_sha256: str
    canonical_link: str | None = None
    published_at: datetime | None = None
    is_backlog: bool = False


class KeyedItem(NamedTuple):
    """An item of a feed, and the keys that recognise it when it is pulled again."""

    item: Item
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """What one feed's answer changes: written whole or not at all.

    `keys` are new ones, each with its item's id; `present` the ids of all that the feed has now. A
    calendar tells all its events before `until`; `withdrawn` are those the store found missing.
    `mailed` are pieces that were mailed lately: whether the feed lists them is kept.
    """

    state: FeedState
    new: tuple[Item, ...] = ()
    edited: tuple[Item, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    until: datetime | None = None
    mailed: frozenset[str] = frozenset()
    withdrawn: tuple[str, ...] = ()


# Says what to record, from what the feed's keys are known as and which of its ids are taken.
Decide = Callable[[Mapping[str, KnownItem], frozenset[str]], Recording]


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedOutcome:
    """What came of one feed in one pull; `detail` is plain language for editors.

    `pages` are entries' own pages that were read, `pages_without` those that gave no article,
    `pages_left_out` the addresses of those for which there was no time.
    """

    organisation_id: str
    feed_url: str
    result: FeedResult
    detail: str = ""
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    pages: int = 0
    pages_without: int = 0
    pages_left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    moved_to: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class PullReport:
    """A whole pull: one outcome per feed, in the registry's order."""

    outcomes: tuple[FeedOutcome, ...] = ()
    started_at: datetime
    finished_at: datetime

    @property
    def new(self) -> int:
        """Count the items that came in."""
        return sum(outcome.new for outcome in self.outcomes)

    @property
    def failed(self) -> tuple[FeedOutcome, ...]:
        """Return the feeds that were asked and did not answer as feeds."""
        return tuple(
            outcome
            for outcome in self.outcomes
            if outcome.result.was_asked and not outcome.result.is_success
        )
