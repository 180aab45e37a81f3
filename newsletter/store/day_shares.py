"""What all senders together took of a day's share of mails, while a new sender warms up."""

from sqlalchemy import Column, Connection, Date, Engine, Integer, Table, func, select, update

from newsletter.model.delivery import DeliveryState
from newsletter.model.ledger import DayShare
from newsletter.store.database import metadata, read_only
from newsletter.store.deliveries import deliveries, sends
from newsletter.store.inserts import insert_new

day_shares = Table(
    "day_shares",
    metadata,
    Column("day", Date, primary_key=True),
    Column("taken", Integer, nullable=False),
)


class SqlDayShares:
    """What was taken, for who only looks."""

    _engine: Engine

    def is_share_spent(self, share: DayShare) -> bool:
        """Return whether nothing is left of a day's share."""
        query = select(day_shares.c.taken).where(day_shares.c.day == share.day)
        with read_only(self._engine) as connection:
            return (connection.scalar(query) or 0) >= share.mails


def lock_share(connection: Connection, share: DayShare) -> int:
    """Return how many mails of a day's share are left, and hold off all others who take of it until
    the transaction ends."""
    of_day = day_shares.c.day == share.day
    query = select(day_shares.c.taken).where(of_day).with_for_update()
    taken: int | None = connection.execute(query).scalar()
    if taken is None:  # another one may write the row meanwhile: then theirs counts
        row = {"day": share.day, "taken": _left_since(connection, share)}
        connection.execute(insert_new(connection, day_shares), row)
        taken = connection.execute(query).scalar() or 0
    return max(0, share.mails - max(taken, 0))  # who was put off may be of the day before


def take_of_share(connection: Connection, share: DayShare, count: int) -> None:
    """Take so many mails of it; fewer than none are given back."""
    if count:
        taken = day_shares.c.taken + count
        change = update(day_shares).where(day_shares.c.day == share.day).values(taken=taken)
        connection.execute(change)


def _left_since(connection: Connection, share: DayShare) -> int:
    """How many mails of all sends left on that day before it was counted, or may have."""
    lately = select(sends.c.id).where(
        sends.c.finished_at.is_(None) | (sends.c.finished_at >= share.begins)
    )
    query = select(func.count()).where(
        deliveries.c.send_id.in_(lately),
        deliveries.c.state != DeliveryState.WAITING.value,
        deliveries.c.state != DeliveryState.SKIPPED.value,
        deliveries.c.changed_at >= share.begins,
    )
    count: int = connection.execute(query).scalar_one()
    return count
