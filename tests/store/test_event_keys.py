"""The upgrade: events of a calendar that were pulled before are the same ones afterwards."""

import json

import pytest
from alembic import command
from sqlalchemy import Engine, text

from newsletter.pulling.items.identity import IdentityFields, identity_keys
from newsletter.store.items import ItemStore
from newsletter.store.schema import alembic_settings, migrate

EVENT = {
    "starts": "2026-12-05T19:00:00-05:00",
    "ends": None,
    "place": "Library",
    "cancelled": False,
}


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_an_event_pulled_before_is_known_after_the_upgrade(
    request: pytest.FixtureRequest, database: str
) -> None:
    engine: Engine = request.getfixturevalue(database)
    with engine.begin() as connection:
        command.upgrade(alembic_settings(connection), "0005")
        for item_id, title in (("a", "Legal  Clinic"), ("b", "Legal clinic"), ("c", "Choir")):
            connection.execute(
                text(
                    "INSERT INTO items (id, kind, title, first_seen_at, organisation_id, identity,"
                    " text, html, language, content_sha256, is_backlog, hidden, details) VALUES"
                    " (:id, 'event', :title, '2026-11-20 00:00:00', 'harbor', '', '', '', 'en',"
                    " '', false, false, :details)"
                ),
                {"id": item_id, "title": title, "details": json.dumps({"event": EVENT})},
            )
    migrate(engine, lambda: bytes(32))
    (keys,) = identity_keys(
        [
            IdentityFields(
                guid="new",
                title="legal clinic",
                starts="2026-12-06T00:00:00+00:00",
                place="Library",
            )
        ]
    )
    known = ItemStore(engine).known("harbor", keys)
    assert {one.item_id for one in known.values()} == {"b"}
