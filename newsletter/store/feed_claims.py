"""Who is asking a feed at this moment, so that nobody else does."""

from sqlalchemy import Column, String, Table, Text

from newsletter.store.database import UtcDateTime, metadata

feed_claims = Table(
    "feed_claims",
    metadata,
    Column("url", Text, primary_key=True),
    Column("claimed_by", String(32), nullable=False),
    Column("claimed_until", UtcDateTime, nullable=False),
)
