"""The tables of approvals and approved editions, and their rows as the model's types."""

import json
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    and_,
    delete,
    insert,
    select,
)

from newsletter.model.approved import ApprovedDigest, ApprovedDraft, OrganisationName
from newsletter.model.message import InlinePicture, RenderedEdition
from newsletter.store.database import UtcDateTime, metadata

_KEY = {"issue_id": 16, "issue_digest": 64, "language": 35}  # an approved edition's, with lengths
_WORDS = ("html", "text")  # kept as bytes
_LISTS = ("story_ids", "item_ids", "regions", "topics")  # kept as JSON


def _edition_key() -> list[Column[str]]:
    return [Column(name, String(length), primary_key=True) for name, length in _KEY.items()]


def _of_an_edition() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(list(_KEY), [f"issue_editions.{name}" for name in _KEY])


issue_approvals = Table(
    "issue_approvals",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("editor", String(200), primary_key=True),
    Column("approved_at", UtcDateTime, nullable=False),
    Column("compared", Text, nullable=False, server_default=""),
    Column("overruled", Text, nullable=False, server_default=""),
)

issue_editions = Table(
    "issue_editions",
    metadata,
    *_edition_key(),
    Column("digest", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("preheader", Text, nullable=False),
    Column("html", LargeBinary, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("story_ids", Text, nullable=False),
    Column("item_ids", Text, nullable=False),
    Column("regions", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("lapses_at", UtcDateTime),
    Column("corrects", String(81)),  # an issue and its right words: `2026-W47 <digest>`
)

issue_pictures = Table(
    "issue_pictures",
    metadata,
    *_edition_key(),
    Column("position", Integer, primary_key=True),
    Column("facts", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    _of_an_edition(),
)

# What was written in each edition and what it stood for, for the archive: that was approved, too.
issue_drafts = Table(
    "issue_drafts",
    metadata,
    *_edition_key(),
    Column("text", Text, nullable=False),
    Column("names", JSON, nullable=False),
    Column("pictures", JSON, nullable=False),
    _of_an_edition(),
)


def is_edition(table: Table, issue_id: str, digest: str, language: str) -> ColumnElement[bool]:
    """Match the rows of that edition, in any of these tables."""
    columns = table.c
    return and_(
        columns.issue_id == issue_id,
        columns.issue_digest == digest,
        columns.language == language,
    )


def insert_edition(connection: Connection, edition: RenderedEdition, digest: str) -> None:
    """Store an edition of the issue that has that digest, with its pictures."""
    key = {"issue_id": edition.issue_id, "issue_digest": digest, "language": edition.language}
    connection.execute(
        insert(issue_editions).values(
            **key,
            digest=edition.digest,
            subject=edition.subject,
            preheader=edition.preheader,
            lapses_at=edition.lapses_at,
            corrects=" ".join(edition.corrects) if edition.corrects else None,
            **{name: getattr(edition, name).encode() for name in _WORDS},
            **{name: json.dumps(getattr(edition, name)) for name in _LISTS},
        )
    )
    for position, picture in enumerate(edition.pictures):
        facts = asdict(picture)
        data = facts.pop("data")
        row = {**key, "position": position, "facts": json.dumps(facts), "data": data}
        connection.execute(insert(issue_pictures).values(row))


def edition_of(connection: Connection, row: Row[Any]) -> RenderedEdition:
    """Return the edition as it was approved. ValueError when somebody altered what is stored."""
    stored: dict[str, Any] = {name: getattr(row, name).decode() for name in _WORDS}
    stored |= {name: tuple(json.loads(getattr(row, name))) for name in _LISTS}
    edition = RenderedEdition(
        issue_id=row.issue_id,
        language=row.language,
        subject=row.subject,
        preheader=row.preheader,
        lapses_at=row.lapses_at,
        corrects=corrected(row.corrects),
        pictures=pictures_of(connection, row.issue_id, row.issue_digest, row.language),
        **stored,
    )
    if edition.digest != row.digest:
        raise ValueError(f"the stored edition {row.language} of {row.issue_id} was altered")
    return edition


def corrected(stored: str | None) -> ApprovedDigest | None:
    """Return which words of which issue a stored edition corrects."""
    return ApprovedDigest(*stored.split()) if stored else None


def draft_values(draft: ApprovedDraft) -> dict[str, Any]:
    """Return a draft as the columns of `issue_drafts`."""
    return {
        "text": draft.text,
        "names": {key: list(name) for key, name in draft.names.items()},
        "pictures": dict(draft.pictures),
    }


def draft_of(row: Row[Any]) -> ApprovedDraft:
    """Return what was written in an edition."""
    return ApprovedDraft(
        text=row.text,
        names={key: OrganisationName(name, url) for key, (name, url) in row.names.items()},
        pictures=row.pictures,
    )


def pictures_of(
    connection: Connection, issue_id: str, digest: str, language: str
) -> tuple[InlinePicture, ...]:
    """List an approved edition's pictures, in order."""
    rows = connection.execute(
        select(issue_pictures)
        .where(is_edition(issue_pictures, issue_id, digest, language))
        .order_by(issue_pictures.c.position)
    )
    return tuple(InlinePicture(data=row.data, **json.loads(row.facts)) for row in rows)


def keep_pictures(
    connection: Connection, issue_id: str, digest: str, language: str, cids: Collection[str]
) -> None:
    """Delete an approved edition's other pictures."""
    edition = is_edition(issue_pictures, issue_id, digest, language)
    query = select(issue_pictures.c.position, issue_pictures.c.facts).where(edition)
    rows = connection.execute(query).all()
    others = [row.position for row in rows if json.loads(row.facts)["cid"] not in cids]
    connection.execute(delete(issue_pictures).where(edition, issue_pictures.c.position.in_(others)))
