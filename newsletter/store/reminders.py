"""Mails to editors: what about, and whether they left; each once."""

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint

from newsletter.store.database import UtcDateTime, metadata

reminders = Table(
    "reminders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("about", String(300), nullable=False),
    Column("period", String(40), nullable=False),
    Column("editor", String(200), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("given_up_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    UniqueConstraint("kind", "about", "period", "editor"),
    sqlite_autoincrement=True,  # a mail that was given up is logged by its number
)
