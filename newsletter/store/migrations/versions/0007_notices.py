"""mails that people asked for wait in a table until they left"""

import sqlalchemy as sa
from alembic import op

import newsletter.store.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subscriber_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("subscriber_id", "kind", name=op.f("uq_notices_subscriber_id_kind")),
    )
    op.create_index(op.f("ix_notices_due_at"), "notices", ["due_at"])
