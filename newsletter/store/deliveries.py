"""The tables of the ledger. No address is in them: people are numbers, and forgotten as such."""

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)

from newsletter.model.delivery import DeliveryState
from newsletter.store.database import UtcDateTime, metadata

_Id = BigInteger().with_variant(Integer, "sqlite")

sends = Table(
    "sends",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("rate", Float),
    Column("next_at", UtcDateTime),
    Column(
        "batch", String, key="hold_id"
    ),  # the provider's name under which held mail can be recalled
    Column("candidates", Integer, nullable=False),
    Column("audience", Integer, nullable=False),
    Column("excluded", Integer, nullable=False),
    Column("last_subscriber_id", _Id, nullable=False),
    Column("corrects", String),  # the issue whose readers this is for
)

# What each person got, or is to get: the digest of the approved bytes of one language.
send_editions = Table(
    "send_editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False),
    Column("language", String, nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("send_id", "language", "digest"),
)

# A running `newsletter send`. What is claimed by one that is gone is uncertain.
senders = Table(
    "senders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False, index=True),
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", String, nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("send_id", ForeignKey("sends.id"), nullable=False),
    Column("subscriber_id", _Id, nullable=False),
    Column("edition_id", ForeignKey("send_editions.id"), nullable=False),
    Column("state", String, nullable=False),
    Column("available_at", UtcDateTime, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("sender_id", ForeignKey("senders.id")),
    Column("changed_at", UtcDateTime),
    Column("first_tried_at", UtcDateTime),
    Column("provider_id", String),
    Column("code", String),
    Column("reason", String),
    UniqueConstraint("send_id", "subscriber_id"),
)
_WAITING = deliveries.c.state == DeliveryState.WAITING.value
_CLAIMED = deliveries.c.state == DeliveryState.CLAIMED.value
Index(
    "ix_deliveries_waiting",
    deliveries.c.send_id,
    deliveries.c.available_at,
    deliveries.c.id,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
Index(
    "ix_deliveries_claimed",
    deliveries.c.send_id,
    deliveries.c.sender_id,
    sqlite_where=_CLAIMED,
    postgresql_where=_CLAIMED,
)

exclusions = Table(
    "exclusions",
    metadata,
    Column("send_id", ForeignKey("sends.id"), primary_key=True),
    Column("subscriber_id", _Id, primary_key=True),
    Column("reason", String, nullable=False),
)

# Each uncertain person that was settled later: by what evidence, or by whose choice.
settlements = Table(
    "settlements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("became", String, nullable=False),
    Column("evidence", String, nullable=False),
    Column("decided_by", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


def in_state(state: DeliveryState) -> ColumnElement[bool]:
    """Match rows in that state, which stands in the statement itself: as a parameter, SQLite would
    plan the statement each time, to see whether it is the one of a partial index."""
    return deliveries.c.state == literal_column(f"'{state.value}'", String)
