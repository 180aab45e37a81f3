"""Each yes to an issue, and the bytes it is to."""

from collections.abc import Mapping

from sqlalchemy import Engine, insert, select, update

from newsletter.model.approved import ApprovedDigest, ApprovedDraft
from newsletter.model.issue import Approval
from newsletter.model.message import InlinePicture, RenderedEdition, issue_digest
from newsletter.store.approval_rows import (
    draft_of,
    draft_values,
    edition_of,
    has_editions,
    insert_edition,
    is_edition,
    issue_approvals,
    issue_drafts,
    issue_editions,
    keep_pictures,
    pictures_of,
)
from newsletter.store.database import advisory_lock, truncate_wal


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
            advisory_lock(connection, approval.issue_id)
            if not has_editions(connection, *key):
                for edition in editions:
                    insert_edition(connection, edition, approval.digest)
                for language, draft in drafts.items():
                    connection.execute(
                        insert(issue_drafts).values(
                            issue_id=approval.issue_id,
                            issue_digest=approval.digest,
                            language=language,
                            **draft_values(draft),
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
        digest = digest or self._latest(issue_id)
        query = (
            select(issue_editions)
            .where(issue_editions.c.issue_id == issue_id, issue_editions.c.issue_digest == digest)
            .order_by(issue_editions.c.language)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            if any(not row.html for row in rows):
                return ()
            return tuple(edition_of(connection, row) for row in rows)

    def approved_drafts(self, issue_id: str, digest: str | None = None) -> dict[str, ApprovedDraft]:
        """What was written in each edition that the latest yes (or that to a digest) is to."""
        digest = digest or self._latest(issue_id)
        query = select(issue_drafts).where(
            issue_drafts.c.issue_id == issue_id, issue_drafts.c.issue_digest == digest
        )
        with self._engine.connect() as connection:
            return {row.language: draft_of(row) for row in connection.execute(query)}

    def approved_pictures(
        self, issue_id: str, language: str, digest: str | None = None
    ) -> tuple[InlinePicture, ...]:
        """The pictures of that edition, as approved, but for those that were struck."""
        digest = digest or self._latest(issue_id)
        with self._engine.connect() as connection:
            return pictures_of(connection, issue_id, digest, language)

    def approved_digests(self) -> tuple[ApprovedDigest, ...]:
        """Every issue and digest that ever got a yes."""
        query = select(issue_editions.c.issue_id, issue_editions.c.issue_digest).distinct()
        with self._engine.connect() as connection:
            return tuple(
                ApprovedDigest(row.issue_id, row.issue_digest) for row in connection.execute(query)
            )

    def redact(self, issue_id: str, digest: str, drafts: Mapping[str, ApprovedDraft]) -> None:
        """Replace what was written in those editions, by language, and empty what was rendered
        of it: its digest stays, and says what left. Any yes to it is a yes to nothing now."""
        with self._engine.begin() as connection:
            for language, draft in drafts.items():
                key = (issue_id, digest, language)
                written = update(issue_drafts).where(is_edition(issue_drafts, *key))
                rendered = update(issue_editions).where(is_edition(issue_editions, *key))
                connection.execute(written.values(**draft_values(draft)))
                connection.execute(rendered.values(subject="", preheader="", html=b"", text=b""))
                keep_pictures(connection, *key, frozenset(draft.pictures.values()))
        truncate_wal(self._engine)

    def _latest(self, issue_id: str) -> str:
        """The digest that the latest yes is to; empty where nobody said one."""
        given = self.approvals(issue_id)
        return given[-1].digest if given else ""
