"""What is remembered of each feed and each host between pulls."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    Interval,
    String,
    Table,
    Text,
    delete,
    select,
    update,
)

from newsletter.model.ledger import Process
from newsletter.model.pulling import FeedResult, FeedState, HostClaim, PullStart
from newsletter.store import host_claims
from newsletter.store.database import UtcDateTime, metadata, read_only
from newsletter.store.inserts import upsert
from newsletter.store.item_rows import items

feed_states = Table(
    "feed_states",
    metadata,
    Column("url", Text, primary_key=True),
    Column("organisation_id", String(200), nullable=False, index=True),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("body_sha256", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("format", String(40), nullable=False),
    Column("result", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("last_pulled_at", UtcDateTime),
    Column("last_success_at", UtcDateTime),
    Column("last_new_at", UtcDateTime),
    Column("newest_entry_at", UtcDateTime),
    Column("period", Interval),
    Column("skip_hours", JSON, nullable=False),
    Column("skip_days", JSON, nullable=False),
    Column("next_due_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("gone_at", UtcDateTime),
    Column("moved_to", Text, nullable=False),
    Column("moved_since", UtcDateTime),
    Column("moved_seen", Integer, nullable=False),
    Column("move_refused", Boolean, nullable=False),
    Column("first_pulled_at", UtcDateTime),
    Column("entries", Integer, nullable=False),
)
feed_hosts = Table(
    "feed_hosts",
    metadata,
    Column("host", String(300), primary_key=True),
    Column("not_before", UtcDateTime, nullable=False),
)
NAMES = tuple(field.name for field in fields(FeedState))
LISTS = ("warnings", "skip_hours", "skip_days")


class FeedStore:
    """Feed states by address; hosts that asked us to wait."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def states(self) -> dict[str, FeedState]:
        """Return the state of every feed that was ever asked, by address."""
        with read_only(self._engine) as connection:
            return _states(connection)

    def begin(
        self,
        hosts: Collection[str],
        claim: HostClaim,
        *,
        now: datetime,
        is_gone: Callable[[Process], bool | None],
    ) -> PullStart:
        """Claim those of the hosts that no other pull is asking, and return what is known then.

        `is_gone` says whether a process of this machine has ended, and None of others.
        """
        with self._engine.begin() as connection:
            mine = host_claims.claim_hosts(connection, hosts, claim, now=now, is_gone=is_gone)
            states, blocked = _states(connection), _blocked(connection, now)
        return PullStart(states=states, blocked=blocked, held=mine)

    def renew(self, by: str, *, until: datetime) -> frozenset[str]:
        """Claim for longer what is still the pull's; return those hosts."""
        with self._engine.begin() as connection:
            return host_claims.renew(connection, by, until=until)

    def release(self, by: str) -> None:
        """Let other pulls ask its hosts."""
        with self._engine.begin() as connection:
            host_claims.release(connection, by)

    def claimed_hosts(
        self, *, now: datetime, longest: datetime, is_gone: Callable[[Process], bool | None]
    ) -> frozenset[str]:
        """Return the hosts that a pull is asking, as far as their claims say."""
        with read_only(self._engine) as connection:
            return host_claims.claimed(connection, now=now, longest=longest, is_gone=is_gone)

    def save_held(self, states: Iterable[FeedState], by: str) -> None:
        """Replace the states of those feeds whose hosts are still the pull's, in one transaction:
        of the others somebody else knows more."""
        with self._engine.begin() as connection:
            write_states(connection, host_claims.of_held(connection, states, by))

    def save(self, states: Iterable[FeedState]) -> None:
        """Replace the states of these feeds, in one transaction."""
        with self._engine.begin() as connection:
            write_states(connection, states)

    def move(self, url: str, to: str) -> None:
        """Take a feed's state and items along to its new address, in one transaction."""
        with self._engine.begin() as connection:
            connection.execute(delete(feed_states).where(feed_states.c.url == to))
            connection.execute(
                update(feed_states)
                .where(feed_states.c.url == url)
                .values(url=to, moved_to="", moved_since=None, moved_seen=0, move_refused=False)
            )
            connection.execute(update(items).where(items.c.feed_url == url).values(feed_url=to))

    def blocked_hosts(self, now: datetime) -> dict[str, datetime]:
        """Return the hosts that asked us to wait, and until when."""
        with read_only(self._engine) as connection:
            return _blocked(connection, now)

    def block_host(self, host: str, until: datetime) -> None:
        """Remember that this host is not to be asked before then."""
        with self._engine.begin() as connection:
            upsert(connection, feed_hosts, [{"host": host, "not_before": until}], ("host",))


def write_states(connection: Connection, states: Iterable[FeedState]) -> None:
    """Replace the states of these feeds, within the caller's transaction."""
    rows = [_row(state) for state in states]
    if rows:
        upsert(connection, feed_states, rows, ("url",))


def _states(connection: Connection) -> dict[str, FeedState]:
    return {row.url: _state(row) for row in connection.execute(select(feed_states))}


def _blocked(connection: Connection, now: datetime) -> dict[str, datetime]:
    query = select(feed_hosts).where(feed_hosts.c.not_before > now)
    return {row.host: row.not_before for row in connection.execute(query)}


def _row(state: FeedState) -> dict[str, Any]:
    row = {name: getattr(state, name) for name in NAMES}
    row["result"] = state.result.value
    return row | {name: list(row[name]) for name in LISTS}


def _state(row: Any) -> FeedState:
    values = {name: getattr(row, name) for name in NAMES}
    values["result"] = FeedResult(row.result)
    return FeedState(**values | {name: tuple(values[name]) for name in LISTS})
