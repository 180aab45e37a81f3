"""no unkeyed digest of unpublished words"""

import sqlalchemy as sa
from alembic import context, op

from newsletter.model.keyed import is_unkeyed, with_keyed
from newsletter.model.relinking import has_unkeyed, relinked, relinking
from newsletter.model.submission import Actor, Checkpoint, EventKind, StoryEvent

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STOPS = sa.table("story_stops", sa.column("number"), sa.column("taken_back", sa.JSON()))
_EVENTS = sa.table(
    "story_events",
    sa.column("number"),
    sa.column("record_id"),
    sa.column("kind"),
    sa.column("on_day", sa.Date()),
    sa.column("actor"),
    sa.column("note"),
    sa.column("previous"),
    sa.column("sha256"),
)


def upgrade() -> None:
    """Put what is known of withdrawn stories and the forms agreed to under the key; forget the
    words of all the others."""
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
    _relink(connection)


def _relink(connection: sa.Connection) -> None:
    """Put the digests of agreed forms in the chain under the key, and link it anew from there."""
    if connection.dialect.name == "postgresql":  # an older program may be adding to it
        connection.execute(sa.text("LOCK TABLE story_events IN EXCLUSIVE MODE"))
    written = (
        _EVENTS.c.kind.in_([kind.value for kind in EventKind]),
        _EVENTS.c.actor.in_([actor.value for actor in Actor]),
    )
    rows = connection.execute(sa.select(_EVENTS).where(*written).order_by(_EVENTS.c.number)).all()
    before = [
        StoryEvent(
            record_id=row.record_id,
            kind=EventKind(row.kind),
            on=row.on_day,
            actor=Actor(row.actor),
            note=row.note,
            previous=row.previous,
            sha256=row.sha256,
        )
        for row in rows
    ]
    if not any(map(has_unkeyed, before)):
        return
    key = context.config.attributes["recognition_key"]()
    after = relinked(before, key)
    for row, link in zip(rows, after, strict=True):
        this = sa.update(_EVENTS).where(_EVENTS.c.number == row.number)
        values = {"note": link.note, "previous": link.previous, "sha256": link.sha256}
        connection.execute(this.values(values))
    newest = sa.select(_EVENTS).order_by(_EVENTS.c.number.desc()).limit(1)
    last = connection.execute(newest).one()
    head = Checkpoint(length=last.number, sha256=last.sha256)
    today = context.config.attributes["today"]()
    event = relinking(before, after, head=head, key=key, on=today)
    connection.execute(
        sa.insert(_EVENTS).values(
            number=head.length + 1,
            record_id=event.record_id,
            kind=event.kind.value,
            on_day=event.on,
            actor=event.actor.value,
            note=event.note,
            previous=event.previous,
            sha256=event.sha256,
        )
    )
