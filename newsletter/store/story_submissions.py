"""The table of submitted stories. No column holds a person's words in clear."""

from sqlalchemy import JSON, Column, Connection, Date, LargeBinary, String, Table, select

from newsletter.store.database import metadata

submissions = Table(
    "story_submissions",
    metadata,
    Column("id", String, primary_key=True),
    Column("record_id", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("language", String, nullable=False),
    Column("story_id", String, nullable=False, index=True),
    Column("receipt_hash", String, nullable=False, index=True),
    Column("consent", JSON, nullable=False),
    Column("sealed_text", LargeBinary, nullable=False),
    Column("sealed_picture", LargeBinary, nullable=False),
    Column("sealed_notes", LargeBinary, nullable=False),
    Column("reply_key", String, nullable=False, server_default=""),
)


def is_kept(connection: Connection, submission_id: str) -> bool:
    """Return whether the sealed story of a submission is still there."""
    row = (submissions.c.id == submission_id, submissions.c.sealed_text != b"")
    return connection.execute(select(submissions.c.id).where(*row)).first() is not None
