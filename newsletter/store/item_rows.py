"""The tables of items, and an item as a row of them."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, String, Table, Text

from newsletter.model.item import Event, Item, ItemKind, MailedPage, Media, Picture
from newsletter.store.database import UtcDateTime, metadata

items = Table(
    "items",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("organisation_id", String(200)),
    Column("feed_url", Text),
    Column("kind", String(20), nullable=False),
    Column("identity", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("link", Text),
    Column("canonical_link", Text),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("language", String(40), nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False, index=True),
    Column("published_at", UtcDateTime),
    Column("updated_at", UtcDateTime),
    Column("content_sha256", String(64), nullable=False),
    Column("is_backlog", Boolean, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("details", JSON, nullable=False),
)
# For what a calendar no longer has; of news nobody asks so, and there is much more of it.
Index(
    "ix_items_events",
    items.c.feed_url,
    sqlite_where=items.c.kind == ItemKind.EVENT.value,
    postgresql_where=items.c.kind == ItemKind.EVENT.value,
)
item_keys = Table(
    "item_keys",
    metadata,
    Column("organisation_id", String(200), primary_key=True),
    Column("key", String(60), primary_key=True),
    Column("item_id", String(20), ForeignKey("items.id", ondelete="CASCADE"), nullable=False),
    sqlite_with_rowid=False,
)
item_edits = Table(
    "item_edits",
    metadata,
    Column("item_id", String(20), ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("edited_at", UtcDateTime, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
)
PLAIN = tuple(column.name for column in items.columns if column.name not in ("kind", "details"))
LISTS = ("authors", "topics", "regions")


def item_row(item: Item) -> dict[str, Any]:
    """Return the item as columns."""
    row = {name: getattr(item, name) for name in PLAIN}
    row["kind"] = item.kind.value
    first = item.first_published_at
    row["details"] = {
        **{name: list(getattr(item, name)) for name in LISTS},
        "source_name": item.source_name,
        "source_url": item.source_url,
        "unreadable_date": item.unreadable_date,
        "first_published_at": first.isoformat() if first else None,
        **{name: plain(getattr(item, name)) for name in ("picture", "media", "event", "announced")},
    }
    if item.mailed_page is not None:  # few ever are
        row["details"]["mailed_page"] = plain(item.mailed_page)
    return row


def item_of(row: Any) -> Item:
    """Return the item in a row of `items`."""
    details = row.details
    first = details.get("first_published_at")
    values = {name: getattr(row, name) for name in PLAIN}
    return Item(
        **values | {name: tuple(details[name]) for name in LISTS},
        kind=ItemKind(row.kind),
        source_name=details["source_name"],
        source_url=details["source_url"],
        unreadable_date=details.get("unreadable_date", ""),  # absent before 0.3.0
        first_published_at=datetime.fromisoformat(first) if first else None,
        picture=Picture(**details["picture"]) if details["picture"] else None,
        media=Media(**details["media"]) if details["media"] else None,
        event=_event(details["event"]),
        announced=_event(details.get("announced")),
        mailed_page=_mailed_page(details.get("mailed_page")),
    )


def plain(part: Picture | Media | Event | MailedPage | None) -> dict[str, Any] | None:
    """Return a part of an item as JSON takes it."""
    if part is None:
        return None
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _event(data: dict[str, Any] | None) -> Event | None:
    if data is None:
        return None
    ends = moment_of(data["ends"]) if data["ends"] else None
    return Event(**data | {"starts": moment_of(data["starts"]), "ends": ends})


def _mailed_page(data: dict[str, Any] | None) -> MailedPage | None:
    if data is None:
        return None
    moments = {
        name: datetime.fromisoformat(data[name]) if data[name] else None
        for name in ("asked_at", "lost_since")
    }
    return MailedPage(is_listed=data["is_listed"], **moments)


def moment_of(text: str) -> datetime | date:
    """Return the moment (aware) or the day that `details` keeps as ISO 8601."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
