"""no unkeyed digest of unpublished words"""

import sqlalchemy as sa
from alembic import context, op

from newsletter.model.keyed import is_unkeyed, with_keyed

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STOPS = sa.table("story_stops", sa.column("number"), sa.column("taken_back", sa.JSON()))


def upgrade() -> None:
    """Put what is known of withdrawn stories under the key; forget the words of all the others."""
    connection = op.get_bind()
    stops = connection.execute(sa.select(_STOPS)).all()
    for number, taken_back in stops:
        if is_unkeyed(taken_back):
            key = context.config.attributes["recognition_key"]()
            row = sa.update(_STOPS).where(_STOPS.c.number == number)
            connection.execute(row.values(taken_back=with_keyed(taken_back, key)))
    with op.batch_alter_table("story_submissions", schema=None) as batch_op:
        batch_op.drop_column("text_hash")
    with op.batch_alter_table("issue_approvals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("compared", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("overruled", sa.Text(), nullable=False, server_default=""))
