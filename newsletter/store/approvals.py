"""Each yes to an issue, and the bytes it is to."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Engine,
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
    update,
)

from newsletter.model.approved import ApprovedDraft
from newsletter.model.issue import Approval
from newsletter.model.message import InlinePicture, RenderedEdition, issue_digest
from newsletter.store.database import UtcDateTime, alone, forget_traces, metadata

issue_approvals = Table(
    "issue_approvals",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("editor", String(200), primary_key=True),
    Column("approved_at", UtcDateTime, nullable=False),
)

issue_editions = Table(
    "issue_editions",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("issue_digest", String(64), primary_key=True),
    Column("language", String(35), primary_key=True),
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
)

issue_pictures = Table(
    "issue_pictures",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("issue_digest", String(64), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("facts", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["issue_id", "issue_digest", "language"],
        ["issue_editions.issue_id", "issue_editions.issue_digest", "issue_editions.language"],
    ),
)

# What was written in each edition and what it stood for, for the archive: the yes was to that.
issue_drafts = Table(
    "issue_drafts",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("issue_digest", String(64), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("text", Text, nullable=False),
    Column("names", JSON, nullable=False),
    Column("pictures", JSON, nullable=False),
    ForeignKeyConstraint(
        ["issue_id", "issue_digest", "language"],
        ["issue_editions.issue_id", "issue_editions.issue_digest", "issue_editions.language"],
    ),
)


class SqlApprovals:
    """Approvals and approved editions. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def approve(
        self,
        approval: Approval,
        editions: tuple[RenderedEdition, ...],
        drafts: Mapping[str, ApprovedDraft],
    ) -> None:
        """Keep an editor's yes, the bytes it is to, and what was written in each edition,
        by language. The same yes twice is one."""
        if issue_digest(editions) != approval.digest:
            raise ValueError("an approval of other bytes than these")
        key = (approval.issue_id, approval.digest)
        with self._engine.begin() as connection:
            alone(connection, approval.issue_id)
            if not _has_editions(connection, *key):
                for edition in editions:
                    _insert_edition(connection, edition, approval.digest)
                for language, draft in drafts.items():
                    connection.execute(
                        insert(issue_drafts).values(
                            issue_id=approval.issue_id,
                            issue_digest=approval.digest,
                            language=language,
                            text=draft.text,
                            names={key: list(said) for key, said in draft.names.items()},
                            pictures=dict(draft.pictures),
                        )
                    )
            given = select(issue_approvals.c.editor).where(
                issue_approvals.c.issue_id == approval.issue_id,
                issue_approvals.c.digest == approval.digest,
                issue_approvals.c.editor == approval.editor,
            )
            if connection.execute(given).first() is None:
                connection.execute(
                    insert(issue_approvals).values(
                        issue_id=approval.issue_id,
                        digest=approval.digest,
                        editor=approval.editor,
                        approved_at=approval.approved_at,
                    )
                )

    def approvals(self, issue_id: str) -> tuple[Approval, ...]:
        """Every yes the issue ever got, the oldest first, whatever bytes it was to."""
        query = (
            select(issue_approvals)
            .where(issue_approvals.c.issue_id == issue_id)
            .order_by(issue_approvals.c.approved_at, issue_approvals.c.editor)
        )
        with self._engine.connect() as connection:
            return tuple(
                Approval(
                    issue_id=row.issue_id,
                    editor=row.editor,
                    digest=row.digest,
                    approved_at=row.approved_at,
                )
                for row in connection.execute(query)
            )

    def approved_editions(
        self, issue_id: str, digest: str | None = None
    ) -> tuple[RenderedEdition, ...]:
        """The bytes that the latest yes is to (or those of a digest), by language. None at all
        where one was struck."""
        if digest is None:
            given = self.approvals(issue_id)
            if not given:
                return ()
            digest = given[-1].digest
        query = (
            select(issue_editions)
            .where(issue_editions.c.issue_id == issue_id, issue_editions.c.issue_digest == digest)
            .order_by(issue_editions.c.language)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            if any(not row.html for row in rows):
                return ()
            return tuple(_edition(connection, row) for row in rows)

    def approved_drafts(self, issue_id: str, digest: str | None = None) -> dict[str, ApprovedDraft]:
        """What was written in each edition that the latest yes (or that to a digest) is to."""
        if digest is None:
            given = self.approvals(issue_id)
            if not given:
                return {}
            digest = given[-1].digest
        query = select(issue_drafts).where(
            issue_drafts.c.issue_id == issue_id, issue_drafts.c.issue_digest == digest
        )
        with self._engine.connect() as connection:
            return {
                row.language: ApprovedDraft(
                    text=row.text,
                    names={key: (name, url) for key, (name, url) in row.names.items()},
                    pictures=row.pictures,
                )
                for row in connection.execute(query)
            }

    def approved_digests(self) -> tuple[tuple[str, str], ...]:
        """Every issue and digest that ever got a yes."""
        query = select(issue_editions.c.issue_id, issue_editions.c.issue_digest).distinct()
        with self._engine.connect() as connection:
            return tuple((row.issue_id, row.issue_digest) for row in connection.execute(query))

    def strike(self, issue_id: str, digest: str, drafts: Mapping[str, str]) -> None:
        """Replace what was written in those editions, by language, and empty what was rendered
        of it: its digest stays, and says what left. Any yes to it is a yes to nothing now."""
        with self._engine.begin() as connection:
            for language, text in drafts.items():
                key = (issue_id, digest, language)
                written = update(issue_drafts).where(_is(issue_drafts, *key))
                rendered = update(issue_editions).where(_is(issue_editions, *key))
                connection.execute(written.values(text=text))
                connection.execute(rendered.values(subject="", preheader="", html=b"", text=b""))
                connection.execute(delete(issue_pictures).where(_is(issue_pictures, *key)))
        forget_traces(self._engine)


def _is(table: Table, issue_id: str, digest: str, language: str) -> ColumnElement[bool]:
    columns = table.c
    return and_(
        columns.issue_id == issue_id,
        columns.issue_digest == digest,
        columns.language == language,
    )


def _has_editions(connection: Connection, issue_id: str, digest: str) -> bool:
    query = select(issue_editions.c.language).where(
        issue_editions.c.issue_id == issue_id, issue_editions.c.issue_digest == digest
    )
    return connection.execute(query.limit(1)).first() is not None


def _insert_edition(connection: Connection, edition: RenderedEdition, digest: str) -> None:
    key = {
        "issue_id": edition.issue_id,
        "issue_digest": digest,
        "language": edition.language,
    }
    connection.execute(
        insert(issue_editions).values(
            **key,
            digest=edition.digest,
            subject=edition.subject,
            preheader=edition.preheader,
            html=edition.html.encode(),
            text=edition.text.encode(),
            story_ids=json.dumps(edition.story_ids),
            item_ids=json.dumps(edition.item_ids),
            regions=json.dumps(edition.regions),
            topics=json.dumps(edition.topics),
            lapses_at=edition.lapses_at,
        )
    )
    for position, picture in enumerate(edition.pictures):
        facts = {
            "cid": picture.cid,
            "media_type": picture.media_type,
            "width": picture.width,
            "height": picture.height,
            "alt": picture.alt,
            "credit": picture.credit,
        }
        connection.execute(
            insert(issue_pictures).values(
                **key, position=position, facts=json.dumps(facts), data=picture.data
            )
        )


def _edition(connection: Connection, row: Row[Any]) -> RenderedEdition:
    pictures = connection.execute(
        select(issue_pictures)
        .where(
            issue_pictures.c.issue_id == row.issue_id,
            issue_pictures.c.issue_digest == row.issue_digest,
            issue_pictures.c.language == row.language,
        )
        .order_by(issue_pictures.c.position)
    )
    edition = RenderedEdition(
        issue_id=row.issue_id,
        language=row.language,
        subject=row.subject,
        preheader=row.preheader,
        html=row.html.decode(),
        text=row.text.decode(),
        pictures=tuple(
            InlinePicture(data=picture.data, **json.loads(picture.facts)) for picture in pictures
        ),
        story_ids=tuple(json.loads(row.story_ids)),
        item_ids=tuple(json.loads(row.item_ids)),
        regions=tuple(json.loads(row.regions)),
        topics=tuple(json.loads(row.topics)),
        lapses_at=row.lapses_at,
    )
    if edition.digest != row.digest:
        raise ValueError(f"the stored edition {row.language} of {row.issue_id} was altered")
    return edition
