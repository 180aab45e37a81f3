"""corrections: which issue a send corrects, and which right words were approved with it"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: nothing that was sent before was a correction."""
    op.add_column("sends", sa.Column("corrects", sa.String(), nullable=True))
    op.add_column("issue_editions", sa.Column("corrects", sa.String(length=81), nullable=True))
