"""what the story pages hold between a POST and its GET, and how often a visitor asked"""

import sqlalchemy as sa
from alembic import op

import newsletter.store.database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables."""
    moment = newsletter.store.database.UtcDateTime(timezone=True)
    op.create_table(
        "sealed_pages",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_pages")),
    )
    op.create_index(op.f("ix_sealed_pages_expires_at"), "sealed_pages", ["expires_at"])
    op.create_table(
        "visits",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_until"), "visits", ["until"])
