"""which jobs a worker takes on"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: whoever is at work so far takes on all."""
    op.add_column("workers", sa.Column("only", sa.Text(), nullable=False, server_default=""))
