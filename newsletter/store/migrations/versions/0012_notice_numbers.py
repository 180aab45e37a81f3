"""a notice's number, which the log names it by, is never given twice"""

import sqlalchemy as sa
from alembic import op

import newsletter.store.database

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OLD = "notices_before_0012"
_COLUMNS = "id, subscriber_id, kind, asked_at, due_at, tries, reason, given_up_at"


def upgrade() -> None:
    """Move the rows, with their numbers. PostgreSQL counts on by itself."""
    if op.get_bind().dialect.name != "sqlite":
        return
    moment = newsletter.store.database.UtcDateTime(timezone=True)
    op.rename_table("notices", _OLD)
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("given_up_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("subscriber_id", "kind", name=op.f("uq_notices_subscriber_id_kind")),
        sqlite_autoincrement=True,
    )
    op.execute(f"INSERT INTO notices ({_COLUMNS}) SELECT {_COLUMNS} FROM {_OLD}")  # noqa: S608
    op.drop_table(_OLD)
    op.create_index(op.f("ix_notices_due_at"), "notices", ["due_at"])
