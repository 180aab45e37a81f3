"""databases of 0.1 get the columns, tables and indexes that 0.2 had

While 0.1 was written, 0001 was edited eight times: its databases are called 0001 too.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is missing, and drop the two indexes that 0.2 no longer has."""
    real = sa.inspect(op.get_bind())
    if not real.has_table("issue_drafts"):
        _make_drafts()
    wanted: dict[str, tuple[sa.Column[Any], ...]] = {
        "feed_states": (
            sa.Column("period", sa.Interval(), nullable=True),
            sa.Column("skip_hours", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("skip_days", sa.JSON(), nullable=False, server_default="[]"),
        ),
        "sends": (sa.Column("batch", sa.String(), nullable=True),),
        "issue_drafts": (
            sa.Column("names", sa.JSON(), nullable=False, server_default="{}"),
            sa.Column("pictures", sa.JSON(), nullable=False, server_default="{}"),
        ),
    }
    real.clear_cache()
    for table, columns in wanted.items():
        there = {column["name"] for column in real.get_columns(table)}
        for column in columns:
            if column.name not in there:
                op.add_column(table, column)
    indexes = {index["name"] for index in real.get_indexes("items")}
    for name in ("ix_items_feed_url", "ix_items_organisation_id"):
        if name in indexes:
            op.drop_index(name, "items")
    if "ix_items_events" not in indexes:
        of_events = sa.text("kind = 'event'")
        op.create_index(
            "ix_items_events",
            "items",
            ["feed_url"],
            sqlite_where=of_events,
            postgresql_where=of_events,
        )


def _make_drafts() -> None:
    edition = ["issue_id", "issue_digest", "language"]
    op.create_table(
        "issue_drafts",
        sa.Column("issue_id", sa.String(length=16), nullable=False),
        sa.Column("issue_digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            edition,
            [f"issue_editions.{name}" for name in edition],
            name=op.f("fk_issue_drafts_issue_id_issue_digest_language"),
        ),
        sa.PrimaryKeyConstraint(*edition, name=op.f("pk_issue_drafts")),
    )
