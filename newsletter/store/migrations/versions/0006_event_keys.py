"""calendars' events are known by title, start and place too"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ITEMS = sa.table(
    "items",
    sa.column("id"),
    sa.column("organisation_id"),
    sa.column("kind"),
    sa.column("title"),
    sa.column("details", sa.JSON()),
)
_KEYS = sa.table("item_keys", sa.column("organisation_id"), sa.column("key"), sa.column("item_id"))


def upgrade() -> None:
    """Give each event that was pulled the key by which the next pull looks for it."""
    connection = op.get_bind()
    columns = (_ITEMS.c.id, _ITEMS.c.organisation_id, _ITEMS.c.title, _ITEMS.c.details)
    events = sa.select(*columns).where(_ITEMS.c.kind == "event").order_by(_ITEMS.c.id)
    rows = {(row["organisation_id"], row["key"]): row for row in _keys(connection.execute(events))}
    if rows:
        connection.execute(sa.insert(_KEYS), list(rows.values()))


def _keys(events: Iterable[Any]) -> Iterator[dict[str, str]]:
    for item_id, organisation_id, title, details in events:
        event = details["event"]
        starts = event["starts"]
        if "T" in starts:
            starts = datetime.fromisoformat(starts).astimezone(UTC).isoformat()
        told = (" ".join(title.lower().split()), starts, " ".join(event["place"].lower().split()))
        sha = hashlib.sha256()
        for part in told:
            data = part.encode("utf-8", "surrogatepass")
            sha.update(len(data).to_bytes(8, "big") + data)
        key = f"event:{sha.hexdigest()[:24]}"
        yield {"organisation_id": organisation_id, "key": key, "item_id": item_id}
