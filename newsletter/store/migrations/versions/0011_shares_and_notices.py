"""what all senders took of a day's share of mails; why a mail that was asked for did not leave"""

import sqlalchemy as sa
from alembic import op

import newsletter.store.database

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them: a day that has begun is counted when the first of it is taken."""
    op.create_table(
        "day_shares",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_shares")),
    )
    op.add_column("notices", sa.Column("reason", sa.String(), nullable=True))
    op.add_column(
        "notices",
        sa.Column(
            "given_up_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
    )
