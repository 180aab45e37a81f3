"""what runs by itself, claims of feeds, mails to editors"""

import sqlalchemy as sa
from alembic import op

import newsletter.store.database

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "host_claims",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=False),
        sa.Column(
            "claimed_until", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host_claims")),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("due_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=32), nullable=False),
        sa.Column("machine", sa.String(length=300), nullable=False),
        sa.Column(
            "started_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("ended_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column(
            "next_try_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_job_runs_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(
            "uq_job_runs_open",
            ["name", "key"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("editor", sa.String(length=200), nullable=False),
        sa.Column("made_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "given_up_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "kind", "about", "period", "editor", name=op.f("uq_reminders_kind_about_period_editor")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_reminders_due_at"), ["due_at"], unique=False)

    op.create_table(
        "schedules",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "last_due_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "last_ok_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("paused_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedules")),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("machine", sa.String(length=300), nullable=False),
        sa.Column(
            "started_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("seen_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
