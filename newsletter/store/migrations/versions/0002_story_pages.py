"""what the story pages hold between a POST and its GET"""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Not yet."""
