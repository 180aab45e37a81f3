"""Which pull is asking a host at this moment, so that no other one does."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Integer, Row, String, Table, delete, or_, select, update

from newsletter.model.ledger import Process
from newsletter.model.pulling import FeedState, HostClaim
from newsletter.store.database import UtcDateTime, metadata
from newsletter.store.inserts import insert_new

host_claims = Table(
    "host_claims",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("claimed_by", String(32), nullable=False),
    Column("claimed_until", UtcDateTime, nullable=False),
    Column("host", String(300), nullable=False),  # these three are of the process that has it
    Column("pid", Integer, nullable=False),
    Column("started", String(40), nullable=False),
)


def claim_hosts(
    connection: Connection,
    names: Collection[str],
    claim: HostClaim,
    *,
    now: datetime,
    is_gone: Callable[[Process], bool | None],
) -> frozenset[str]:
    """Return those of the hosts that are the claim's alone until `claim.until`.

    A claim ends with its time, and at once with a process of this machine that is gone. One for
    longer than ours was made by a clock that was ahead.
    """
    wanted = sorted(names)  # in one order, so that two that claim the same ones both go on
    _end_over(connection, wanted, claim, now, is_gone)
    row = {"claimed_by": claim.by, "claimed_until": claim.until, **asdict(claim.process)}
    if wanted:
        rows = [{"name": name, **row} for name in wanted]
        connection.execute(insert_new(connection, host_claims), rows)
    return held(connection, claim.by) & frozenset(wanted)


def held(connection: Connection, by: str, names: Iterable[str] | None = None) -> frozenset[str]:
    """Return the hosts that are still claimed so; nobody else claims them before the transaction
    ends."""
    query = select(host_claims.c.name).where(host_claims.c.claimed_by == by)
    if names is not None:
        query = query.where(host_claims.c.name.in_(sorted(names)))
    query = query.order_by(host_claims.c.name).with_for_update()
    return frozenset(connection.execute(query).scalars())


def of_held(connection: Connection, states: Iterable[FeedState], by: str) -> tuple[FeedState, ...]:
    """Return the states of the feeds whose hosts are still claimed so."""
    given = tuple(states)
    mine = held(connection, by, {state.host for state in given})
    return tuple(state for state in given if state.host in mine)


def renew(connection: Connection, by: str, *, until: datetime) -> frozenset[str]:
    """Extend what is still claimed so; return those hosts."""
    mine = update(host_claims).where(host_claims.c.claimed_by == by).values(claimed_until=until)
    return frozenset(connection.execute(mine.returning(host_claims.c.name)).scalars())


def release(connection: Connection, by: str) -> None:
    """Let others have them."""
    connection.execute(delete(host_claims).where(host_claims.c.claimed_by == by))


def claimed(
    connection: Connection,
    *,
    now: datetime,
    longest: datetime,
    is_gone: Callable[[Process], bool | None],
) -> frozenset[str]:
    """Return the hosts that a pull is asking, by the same rules."""
    query = select(host_claims).where(
        host_claims.c.claimed_until > now, host_claims.c.claimed_until <= longest
    )
    rows = connection.execute(query).all()
    return frozenset(row.name for row in rows if not is_gone(_process(row)))


def _end_over(
    connection: Connection,
    wanted: Collection[str],
    claim: HostClaim,
    now: datetime,
    is_gone: Callable[[Process], bool | None],
) -> None:
    over = or_(host_claims.c.claimed_until <= now, host_claims.c.claimed_until > claim.longest)
    of_these = host_claims.c.name.in_(wanted)
    query = select(host_claims).where(of_these).order_by(host_claims.c.name).with_for_update()
    rows = connection.execute(query).all()
    processes = {row.claimed_by: _process(row) for row in rows}
    dead = [by for by, process in processes.items() if is_gone(process)]
    connection.execute(
        delete(host_claims).where(of_these, or_(over, host_claims.c.claimed_by.in_(dead)))
    )


def _process(row: Row[Any]) -> Process:
    return Process(host=row.host, pid=row.pid, started=row.started)
