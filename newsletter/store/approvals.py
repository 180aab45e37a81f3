"""Each approval of an issue, and the bytes it is of."""

from collections.abc import Collection, Mapping
from dataclasses import asdict

from sqlalchemy import Engine, delete, insert, select, update

from newsletter.model.approved import (
    ApprovedCorrection,
    ApprovedDigest,
    ApprovedDraft,
    ApprovedWords,
)
from newsletter.model.issue import Approval
from newsletter.model.message import InlinePicture, RenderedEdition, issue_digest
from newsletter.store.approval_rows import (
    corrected,
    draft_of,
    draft_values,
    edition_of,
    insert_edition,
    is_edition,
    issue_approvals,
    issue_drafts,
    issue_editions,
    keep_pictures,
    pictures_of,
)
from newsletter.store.database import advisory_lock, truncate_wal
from newsletter.store.deliveries import sends
from newsletter.store.inserts import insert_new


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
        """Keep an approval, the bytes it is of, and what was written in each edition, by language.
        The same approval twice is one."""
        if issue_digest(editions) != approval.digest:
            raise ValueError("an approval of other bytes than these")
        key = {"issue_id": approval.issue_id, "issue_digest": approval.digest}
        with self._engine.begin() as connection:
            advisory_lock(connection, approval.issue_id)
            stored = select(issue_editions.c.language).filter_by(**key)
            if connection.execute(stored).first() is None:
                for edition in editions:
                    insert_edition(connection, edition, approval.digest)
                for language, draft in drafts.items():
                    values = {**key, "language": language, **draft_values(draft)}
                    connection.execute(insert(issue_drafts).values(values))
            connection.execute(insert_new(connection, issue_approvals).values(asdict(approval)))

    def approvals(self, issue_id: str) -> tuple[Approval, ...]:
        """List every approval the issue ever got, of whatever bytes, the oldest first."""
        query = (
            select(issue_approvals)
            .where(issue_approvals.c.issue_id == issue_id)
            .order_by(issue_approvals.c.approved_at, issue_approvals.c.editor)
        )
        with self._engine.connect() as connection:
            return tuple(Approval(**row._asdict()) for row in connection.execute(query))

    def approvers(self) -> frozenset[str]:
        """Return the name of everybody who approved an issue."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(issue_approvals.c.editor).distinct()))

    def pending_of(self, editor: str) -> tuple[str, ...]:
        """List the issues and bulletins that this editor approved and nobody began to send."""
        began = select(sends.c.issue_id)
        query = (
            select(issue_approvals.c.issue_id)
            .distinct()
            .where(issue_approvals.c.editor == editor, issue_approvals.c.issue_id.not_in(began))
            .order_by(issue_approvals.c.issue_id)
        )
        with self._engine.connect() as connection:
            return tuple(connection.scalars(query))

    def withdraw(self, editor: str, issue_ids: Collection[str]) -> None:
        """Take back this editor's approvals of these issues, unless somebody began to send them
        meanwhile; of a correction, also that of the issue in its right words."""
        theirs = issue_approvals.c.editor == editor
        with self._engine.begin() as connection:
            began = set(connection.scalars(select(sends.c.issue_id)))
            for issue_id in sorted(set(issue_ids) - began):
                advisory_lock(connection, issue_id)
                right = select(issue_editions.c.corrects).where(
                    issue_editions.c.issue_id == issue_id, issue_editions.c.corrects.is_not(None)
                )
                gone = [(issue_id, None), *map(corrected, connection.scalars(right.distinct()))]
                for one_id, digest in filter(None, gone):
                    where = [theirs, issue_approvals.c.issue_id == one_id]
                    if digest is not None:
                        was_sent = select(sends.c.digest).where(sends.c.issue_id == one_id)
                        where += [issue_approvals.c.digest == digest]
                        where += [issue_approvals.c.digest.not_in(was_sent)]
                    connection.execute(delete(issue_approvals).where(*where))

    def approved_editions(
        self, issue_id: str, digest: str | None = None
    ) -> tuple[RenderedEdition, ...]:
        """List the bytes of the latest approval, or of a digest, by language; none at all where a
        withdrawn story was removed from one."""
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
        """Return what was written in each edition of the latest approval, or of a digest."""
        digest = digest or self._latest(issue_id)
        query = select(issue_drafts).where(
            issue_drafts.c.issue_id == issue_id, issue_drafts.c.issue_digest == digest
        )
        with self._engine.connect() as connection:
            return {row.language: draft_of(row) for row in connection.execute(query)}

    def approved_pictures(
        self, issue_id: str, language: str, digest: str | None = None
    ) -> tuple[InlinePicture, ...]:
        """List the pictures of that edition, as approved, but for those that were removed."""
        digest = digest or self._latest(issue_id)
        with self._engine.connect() as connection:
            return pictures_of(connection, issue_id, digest, language)

    def approved_digests(self) -> tuple[ApprovedDigest, ...]:
        """List every issue and digest that was ever approved."""
        query = select(issue_editions.c.issue_id, issue_editions.c.issue_digest).distinct()
        with self._engine.connect() as connection:
            return tuple(
                ApprovedDigest(row.issue_id, row.issue_digest) for row in connection.execute(query)
            )

    def corrections(self) -> tuple[ApprovedCorrection, ...]:
        """List every correction that was ever approved, by issue."""
        columns = (
            issue_editions.c.issue_id,
            issue_editions.c.issue_digest,
            issue_editions.c.corrects,
        )
        query = select(*columns).distinct().where(issue_editions.c.corrects.is_not(None))
        with self._engine.connect() as connection:
            return tuple(
                ApprovedCorrection(row.issue_id, row.issue_digest, right)
                for row in connection.execute(query.order_by(*columns[:2]))
                if (right := corrected(row.corrects)) is not None
            )

    def approved_words(self, issue_id: str) -> tuple[ApprovedWords, ...]:
        """List what each edition of an issue says, for all digests ever approved."""
        query = (
            select(
                issue_editions.c.issue_digest,
                issue_editions.c.language,
                issue_editions.c.digest,
                issue_drafts.c.text,
            )
            .join(issue_drafts)
            .where(issue_editions.c.issue_id == issue_id)
            .order_by(issue_editions.c.issue_digest, issue_editions.c.language)
        )
        with self._engine.connect() as connection:
            return tuple(ApprovedWords(*row) for row in connection.execute(query))

    def redact(self, issue_id: str, digest: str, drafts: Mapping[str, ApprovedDraft]) -> None:
        """Replace what was written in those editions, by language, and empty what was rendered
        of it: its digest stays, and says what left. Its approvals count no more."""
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
        """The digest of the latest approval; empty where there is none."""
        approvals = self.approvals(issue_id)
        return approvals[-1].digest if approvals else ""
