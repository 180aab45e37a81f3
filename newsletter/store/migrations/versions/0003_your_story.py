"""letters between a storyteller and the editors"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the key that waits for a code, and the letters that are sealed to it."""
    op.create_table(
        "story_letters",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_story_letters")),
        sa.UniqueConstraint("id", name=op.f("uq_story_letters_id")),
    )
    with op.batch_alter_table("story_letters", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_story_letters_submission_id"), ["submission_id"], unique=False
        )
    op.add_column(
        "story_submissions",
        sa.Column("reply_key", sa.String(), nullable=False, server_default=""),
    )
